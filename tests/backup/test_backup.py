"""A copy of a data folder while others write in it, back into an empty one, and damaged copies."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from licet import backup
from licet.archive import Archive
from licet.backup.manifest import MARK, NAME
from licet.desk.people import People, people_file
from licet.errors import BackupFailed, BadFile
from licet.journal import Journal
from licet.ledger import Ledger, audit_file
from licet.ledger.home import ledger_file

AT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
WRITER = """
import datetime as dt, itertools, pathlib, sys
from licet.archive import Archive
from licet.desk.people import People, people_file
from licet.journal import Journal
from licet.ledger import Ledger
from licet.ledger.home import ledger_file
from tools.desk_pages import EN, html_of

home = pathlib.Path(sys.argv[1])
start = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
with Archive.open(home) as archive, Ledger.open(ledger_file(home), journal=Journal.open(home)) as ledger:
    people = People(people_file(home))
    ledger.open_account("cap", 10**9)
    for number in itertools.count(1):
        at = start + dt.timedelta(seconds=number)
        page = home.parent / f"{home.name}.html"
        words = {"title": f"Report {number}", "paragraphs": [f"Words of report {number}. " * 30]}
        page.write_bytes(html_of({**EN, **words}))
        taken = archive.add_file(page, at=at, url=f"https://news.example/{number}")
        ledger.reserve("cap", 10, key=f"r{number}", on="2026-11-22")
        ledger.post(f"r{number}")
        if number % 4 == 0:
            case = archive.takedowns.request(
                taken.id, ground="rights", text="ours", name="Harbor Ledger", contact="desk@licet.example", at=at
            )
            archive.takedowns.grant(
                case.reference, by="desk", at=at, reason="theirs", ground="rights", retention=dt.timedelta(0)
            )
            archive.takedowns.erase(at + dt.timedelta(seconds=1))
        if number % 5 == 0:
            folder = home / "desk" / "orders" / f".{number:012d}"
            folder.mkdir(parents=True)
            (folder / "state.json").write_text("{}", encoding="utf-8")
            folder.rename(home / "desk" / "orders" / f"{number:012d}")
        print(number, flush=True)
"""


def findings(home: Path) -> list[object]:
    with Archive.open(home) as archive:
        found = list(archive.verify())
    return found + audit_file(ledger_file(home), Journal.open(home))


@pytest.fixture
def writer(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "desk.toml").write_text('site = "Test desk"\n', encoding="utf-8")
    tests = Path(__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests.parent / "src"), str(tests)])}
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, env=environment)
    yield home, process
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def until(process: subprocess.Popen[bytes], number: int) -> None:
    while int(process.stdout.readline() or -1) < number:
        assert process.poll() is None, "the writer must go on"


def test_copies_made_while_others_write_are_whole_and_of_one_moment(writer, tmp_path):
    home, process = writer
    counts = []
    for copy in range(3):
        until(process, 8 * (copy + 1))
        done = backup.back_up(home, tmp_path / f"copy{copy}.licet", at=AT)
        assert process.poll() is None
        assert done.manifest.missing == []
        assert done.manifest.elsewhere == []
        restored = tmp_path / f"restored{copy}"
        manifest = backup.restore(tmp_path / f"copy{copy}.licet", restored)
        assert Journal.open(restored).head() == tuple(manifest.journal)
        assert findings(restored) == []
        with Archive.open(restored) as archive, Ledger.open(ledger_file(restored)) as ledger:
            counts.append(archive.count())
            assert archive.search("report").total == archive.count(), "the index is made anew"
            assert ledger.balance("cap").posted > 0
    assert counts == sorted(set(counts))
    assert (restored / "desk.toml").read_text(encoding="utf-8") == 'site = "Test desk"\n'
    assert people_file(restored).stat().st_mode & 0o077 == 0
    assert not [path for path in home.iterdir() if path.name.startswith(".backup")]


def test_the_commands_copy_and_restore_and_verify_is_clean(writer, tmp_path):
    home, process = writer
    until(process, 5)
    licet = [sys.executable, "-m", "licet"]
    here = {**os.environ, "LICET_HOME": str(home)}
    there = {**os.environ, "LICET_HOME": str(tmp_path / "new")}
    copy = str(tmp_path / "copy.licet")
    told = json.loads(
        subprocess.run([*licet, "backup", copy, "--json"], env=here, check=True, capture_output=True).stdout
    )
    assert told["digest"].startswith("sha256:")
    assert told["missing"] == []
    words = subprocess.run([*licet, "restore", copy, "--lang", "zh"], env=there, check=True, capture_output=True)
    assert f"共 {told['files']} 个文件" in words.stdout.decode()
    verified = subprocess.run([*licet, "verify"], env=there, check=False, capture_output=True)
    assert (verified.returncode, verified.stdout) == (0, b"0 findings\n")
    again = subprocess.run([*licet, "restore", copy], env=there, check=False, capture_output=True)
    assert again.returncode == 1
    assert b"not empty" in again.stderr


@pytest.fixture
def small(tmp_path) -> Path:
    """A data folder with a little of everything, and its copy ``small.licet`` beside it."""
    home = tmp_path / "small"
    with Archive.open(home):
        pass
    People(people_file(home)).close()
    journal = Journal.open(home)
    with Ledger.open(ledger_file(home), journal=journal) as ledger:
        ledger.open_account("cap", 1000)
        ledger.add("cap", 10, key="a", on="2026-11-22")
    journal.append(
        "ledger", {"ledger": "x", "store": "postgresql://db.example/licet", "sequence": 1, "digest": "d"}, time="t"
    )
    (home / "law").mkdir()
    (home / "law" / "letter.yaml").write_text("# ours\n" * 500, encoding="utf-8")
    backup.back_up(home, tmp_path / "small.licet", at=AT)
    return home


def test_a_ledger_elsewhere_is_named(small, tmp_path):
    manifest = backup.restore(tmp_path / "small.licet", tmp_path / "new")
    assert manifest.elsewhere == ["postgresql://db.example/licet"]
    assert manifest.at == "2026-11-22T09:00:00+00:00"


def test_a_copy_with_any_byte_changed_is_refused_and_nothing_is_written(small, tmp_path):
    whole = (tmp_path / "small.licet").read_bytes()
    with zipfile.ZipFile(tmp_path / "small.licet") as archive:
        starts = [member.header_offset for member in archive.infolist()]
    damaged = tmp_path / "damaged.licet"
    spots = [start + 60 + 20 * step for start in starts for step in range(2)] + [len(whole) - 30, len(whole) - 1]
    for spot in spots:
        damaged.write_bytes(whole[:spot] + bytes([whole[spot] ^ 0x20]) + whole[spot + 1 :])
        try:
            backup.restore(damaged, tmp_path / "new")
        except BadFile:
            assert not (tmp_path / "new").exists()
        else:  # a byte that says nothing, as the time of a member
            assert {
                p.relative_to(tmp_path / "new"): p.read_bytes() for p in (tmp_path / "new").rglob("*") if p.is_file()
            }
            assert findings_of_files(small, tmp_path / "new") == []
            shutil.rmtree(tmp_path / "new")
    for end in (0, 10, len(whole) // 2, len(whole) - 5):
        damaged.write_bytes(whole[:end])
        with pytest.raises(BadFile, match="damaged"):
            backup.restore(damaged, tmp_path / "new")


def findings_of_files(home: Path, restored: Path) -> list[str]:
    """Files that differ, of those whose bytes a copy keeps as they are."""
    same = ("law/letter.yaml", "journal/journal.jsonl")
    return [name for name in same if (home / name).read_bytes() != (restored / name).read_bytes()]


@pytest.mark.parametrize(
    "name", ["../out", "/abs", "a/../../out", "a\\..\\out", "c:out", "a//b", ".restoring/x", "a/\x01"]
)
def test_a_copy_that_leads_out_of_the_folder_is_refused(name, tmp_path):
    content = b"not ours"
    entry = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest = {"form": "licet-backup", "version": 1, "licet": "0", "at": "", "journal": [0, ""], "files": [entry]}
    told = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "evil.licet", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
        archive.writestr(NAME, told)
        archive.comment = MARK + hashlib.sha256(told).hexdigest().encode()
    with pytest.raises(BadFile):
        backup.restore(tmp_path / "evil.licet", tmp_path / "new")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "new").exists()


def test_a_file_that_holds_more_than_it_says_is_cut_short(tmp_path):
    entry = {"name": "bomb", "size": 10, "sha256": "0" * 64}
    manifest = {"form": "licet-backup", "version": 1, "licet": "0", "at": "", "journal": [0, ""], "files": [entry]}
    told = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "evil.licet", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 50_000_000)
        archive.writestr(NAME, told)
        archive.comment = MARK + hashlib.sha256(told).hexdigest().encode()
    with pytest.raises(BadFile, match="1 of 1 files"):
        backup.restore(tmp_path / "evil.licet", tmp_path / "new")


def test_where_a_copy_may_go(small, tmp_path):
    with pytest.raises(BadFile, match="already"):
        backup.back_up(small, tmp_path / "small.licet", at=AT)
    with pytest.raises(BadFile, match="lost with it"):
        backup.back_up(small, small / "copy.licet", at=AT)
    with pytest.raises(BadFile, match="no folder"):
        backup.back_up(small, tmp_path / "none" / "copy.licet", at=AT)
    with pytest.raises(BadFile, match="no data folder"):
        backup.back_up(tmp_path / "none", tmp_path / "copy.licet", at=AT)
    assert (tmp_path / "small.licet").stat().st_mode & 0o077 == 0


def test_what_an_interrupted_copy_left_is_swept_after_a_day(small, tmp_path):
    old, new = small / ".backup-old", small / ".backup-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "x").write_text("x", encoding="utf-8")
    now = time.time()
    os.utime(old, (now - 2 * 86400, now - 2 * 86400))
    done = backup.back_up(small, tmp_path / "copy.licet", at=dt.datetime.fromtimestamp(now, dt.UTC))
    assert not old.exists()
    assert new.exists()
    assert not [entry.name for entry in done.manifest.files if entry.name.startswith(".backup")]


def test_warc_files_that_are_gone_are_named(writer, tmp_path):
    home, process = writer
    until(process, 3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (file,) = (home / "archive" / "warc").glob("*.warc.gz")
    file.unlink()
    assert backup.back_up(home, tmp_path / "copy.licet", at=AT).manifest.missing == [file.name]


def test_a_database_that_is_none_is_an_error_of_ours(small, tmp_path):
    ledger_file(small).write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    for extra in ("-wal", "-shm"):
        Path(f"{ledger_file(small)}{extra}").unlink(missing_ok=True)
    with pytest.raises(BackupFailed, match="could not be copied"):
        backup.back_up(small, tmp_path / "copy.licet", at=AT)
    assert not (tmp_path / "copy.licet").exists()
