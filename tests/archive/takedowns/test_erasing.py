from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from licet.archive import Archive
from licet.archive.takedowns import erasing, files
from licet.errors import ArchiveError, NotInThatState, TakenDown
from licet.journal import Journal
from tools.peers import peer
from tools.takedowns import DUE, LATER, NAMED, REVISED


def everything(home):
    """Every byte under the data folder, WARC files unpacked."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".jsonl":
            data = path.read_bytes()
            yield path, gzip.decompress(data) if path.name.endswith(".warc.gz") else data


def holding(home, text):
    return [path.name for path, data in everything(home) if text.encode() in data]


def records(home):
    found = []
    for path in sorted((home / "archive" / "warc").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                known = record.rec_headers.get_header("WARC-Record-ID")
                found.append((record.rec_type, uri, known, record.content_stream().read()))
    return found


def test_what_is_due_is_erased_and_everything_else_is_as_it_was(opened, granted, home):
    before = records(home)
    case = granted(opened.first.id)
    assert opened.takedowns.erase(LATER + timedelta(days=1)).erased == ()
    done = opened.takedowns.erase(DUE)
    assert (done.erased, done.waiting) == ((opened.first.id,), ())
    assert opened.takedowns.case(case.reference).status == "erased"
    after = records(home)
    stones = [record for record in after if record[1].startswith("urn:sha256:")]
    assert len(stones) == 2  # the page and the picture that only it needed
    assert [record for record in after if record not in stones] == [record for record in before if record in after]
    gone = [record for record in before if record not in after]
    assert {uri for _, uri, *_ in gone} == {"https://news.example/a", "https://news.example/portrait.png"}
    assert [kind for kind, uri, *_ in gone if uri.endswith("/a")].count("revisit") == 1
    assert opened.archive.verify() == []
    assert opened.archive.raw(opened.other.id)
    assert opened.archive.raw(opened.second.id)
    assert opened.archive.captures_of("https://news.example/portrait.png") == []
    assert len(opened.archive.captures_of("https://news.example/logo.png")) == 1


def test_no_byte_of_the_text_is_left_in_the_data_folder(opened, granted, home):
    opened.archive.story(opened.second.id)
    opened.archive.search(REVISED)
    granted("https://news.example/a", scope="item")
    words = (NAMED, REVISED, REVISED[:4], "portrait of one")
    assert all(holding(home, word) for word in words)
    opened.takedowns.erase(DUE)
    opened.archive.close()
    assert [name for word in words for name in holding(home, word)] == []


def test_what_stays_is_the_tombstone(opened, granted):
    case = granted(opened.first.id, blocker="https://court.example/order/7")
    opened.takedowns.erase(DUE)
    with pytest.raises(TakenDown) as caught:
        opened.archive.snapshot(opened.first.id)
    assert (caught.value.ground, caught.value.digest) == ("privacy", opened.first.digest)
    stones = opened.takedowns.tombstones(opened.first.id)
    assert {stone.digest for stone in stones} >= {opened.first.digest}
    assert {(stone.erased_at, stone.reference) for stone in stones} == {(DUE, case.reference)}
    assert opened.takedowns.blocker(opened.first.id) == "https://court.example/order/7"
    with pytest.raises(NotInThatState):
        opened.takedowns.undo(case.reference, by="editor", at=LATER, reason="too late")


def test_others_find_the_rewritten_file_sound(opened, granted, home):
    granted(opened.first.id)
    opened.takedowns.erase(DUE)
    (made,) = (home / "archive" / "warc").glob("*.warc.gz")
    assert files.is_rewritten(made.name)
    subprocess.run([peer("warcio"), "check", made], check=True, capture_output=True)


def test_a_hold_keeps_it_from_being_erased_until_it_is_released(opened, granted, home):
    case = granted(opened.first.id)
    hold = opened.takedowns.hold("https://news.example/a", scope="item", by="counsel", at=LATER, reason="proceedings")
    done = opened.takedowns.erase(DUE)
    assert (done.erased, done.waiting) == ((), ((opened.first.id, "hold"),))
    assert opened.takedowns.case(case.reference).waiting == "hold"
    assert holding(home, NAMED)
    opened.takedowns.release(hold.number, by="counsel", at=DUE, reason="settled")
    assert opened.takedowns.erase(DUE).erased == (opened.first.id,)
    assert opened.takedowns.case(case.reference).waiting == ""


def test_it_can_be_erased_twice_over_in_turn(opened, granted, home, pages):
    granted(opened.first.id)
    opened.takedowns.erase(DUE)
    granted(opened.second.id)
    done = opened.takedowns.erase(DUE + timedelta(days=60))
    assert done.erased == (opened.second.id,)
    assert done.files[0].endswith("-erased-0002.warc.gz")
    assert opened.archive.verify() == []
    assert opened.archive.raw(opened.other.id)
    taken = opened.archive.add_file  # the same day's next file has a number of its own
    path = home.parent / "new.html"
    path.write_bytes(pages.chinese("丙仓库完成盘点", pages.paragraphs))
    taken(path, at=opened.first.captured_at)
    names = sorted(one.name for one in (home / "archive" / "warc").glob("*.warc.gz"))
    assert names == ["licet-20250228-00001-erased-0002.warc.gz", "licet-20250228-00002.warc.gz"]
    assert opened.archive.verify() == []


def test_what_was_left_aside_by_a_broken_write_goes_too(opened, granted, home):
    warc = home / "archive" / "warc"
    (old,) = warc.glob("*.warc.gz")
    whole = old.read_bytes()
    start = opened.archive.capture(1).place.offset
    with old.open("ab") as stream:
        stream.write(whole[start : start + 400])
    granted(opened.first.id)
    opened.takedowns.erase(DUE)
    assert list((warc / "torn").iterdir()) == []
    assert opened.archive.verify() == []


BROKEN_OFF = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from licet.archive import Archive
from licet.archive.takedowns import erasing

def reached(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

erasing.reached = reached
with Archive.open(Path(sys.argv[1])) as archive:
    archive.takedowns.erase(datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("step", erasing.STEPS)
def test_killed_at_any_step_it_is_the_old_or_the_new(opened, granted, home, step):
    granted(opened.first.id)
    opened.archive.close()
    killed = subprocess.run(
        [sys.executable, "-c", BROKEN_OFF, str(home), step, DUE.isoformat()], env=os.environ.copy(), check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with Archive.open(home) as archive:
        assert archive.verify() == []
        committed = erasing.STEPS.index(step) >= erasing.STEPS.index("committed")
        assert bool(archive.takedowns.tombstones(opened.first.id)) == committed
        assert archive.raw(opened.other.id)
        assert archive.takedowns.erase(DUE).erased == (() if committed else (opened.first.id,))
        assert archive.verify() == []
    assert holding(home, NAMED) == []
    assert len(list((home / "archive" / "warc").glob("*.warc.gz"))) == 1
    kinds = [entry.kind for entry in Journal.open(home).entries()]
    assert kinds.count("erased") == 1


def test_a_full_disk_leaves_the_old(opened, granted, home, monkeypatch):
    granted(opened.first.id)
    before = records(home)
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left on device")))
        with pytest.raises(ArchiveError, match="nothing was erased"):
            opened.takedowns.erase(DUE)
    assert records(home) == before
    assert opened.archive.verify() == []
    assert opened.takedowns.erase(DUE).erased == (opened.first.id,)


def test_a_damaged_file_makes_it_wait_and_says_so(opened, granted, home):
    granted(opened.first.id)
    (path,) = (home / "archive" / "warc").glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[-200] ^= 0xFF
    path.write_bytes(bytes(data))
    done = opened.takedowns.erase(DUE)
    assert done.erased == ()
    assert "broken" in dict(done.waiting)[opened.first.id]
    assert path.read_bytes() == bytes(data)


def test_verify_names_what_does_not_fit(opened, granted, home):
    warc = home / "archive" / "warc"
    (old,) = warc.glob("*.warc.gz")
    kept = home.parent / "backup.warc.gz"
    shutil.copyfile(old, kept)
    granted(opened.first.id)
    opened.takedowns.erase(DUE)
    shutil.copyfile(kept, warc / "restored.warc.gz")
    assert any("still there" in one.message for one in opened.archive.verify())
    (warc / "restored.warc.gz").unlink()
    database = opened.archive._catalogue
    with database.writing():
        database.execute("UPDATE takedown_tombstones SET digest = 'sha256:00' WHERE digest = ?", (opened.first.digest,))
    messages = [one.message for one in opened.archive.verify()]
    assert "the tombstone has no entry in the journal" in messages
    assert "the journal has it as erased, but there is no tombstone" in messages
    with database.writing():
        database.execute("UPDATE takedown_tombstones SET digest = ? WHERE digest = 'sha256:00'", (opened.first.digest,))
    assert opened.archive.verify() == []
    (new,) = warc.glob("*.warc.gz")
    with new.open("ab") as stream:
        stream.write(b"\0")
    assert [one.where for one in opened.archive.verify()] == [new.name]
