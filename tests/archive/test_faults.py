"""What a crash, a second writer and a full disk leave behind."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from licet.archive import Archive, warc
from licet.archive.keeping.outbox import Outbox
from licet.errors import ArchiveError
from licet.journal import Journal

ADDING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from licet.archive import Archive

home, folder, first, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with Archive.open(home) as archive:
    for number in range(first, first + count):
        path = folder / f"{number}.html"
        text = f"<p>第{number}号仓库本周完成了盘点,账面与实物相符。</p>" * 3
        path.write_text(f"<html><body><h1>第{number}号仓库盘点完成</h1>{text}", "utf-8")
        archive.add_file(path, at=datetime(2025, 2, 28, tzinfo=UTC))
        print(number, flush=True)
"""


def start(home, folder, first, count):
    command = [sys.executable, "-c", ADDING, str(home), str(folder), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path, after):
    writer = start(tmp_path / "home", tmp_path, 0, 400)
    seen = [int(writer.stdout.readline()) for _ in range(after)]
    time.sleep(0.003 * after)
    writer.kill()
    seen += [int(line) for line in writer.stdout.read().split()]
    writer.wait()
    writer.stdout.close()
    with Archive.open(tmp_path / "home") as archive:
        assert archive.verify() == []
        stored = {snapshot.title: snapshot for snapshot in archive.recent(1000)}
        assert {f"第{number}号仓库盘点完成" for number in seen} <= set(stored)
        path = tmp_path / "new.html"
        path.write_text("<h1>后来的仓库盘点完成</h1>" + "<p>后来的仓库也完成了盘点,账面与实物相符。</p>", "utf-8")
        archive.add_file(path, at=datetime(2025, 2, 28, tzinfo=UTC))
        assert archive.search("盘点", limit=1).total == len(stored) + 1
        assert archive.verify() == []
    captured = [e.payload["snapshot"] for e in Journal.open(tmp_path / "home").entries() if e.kind == "captured"]
    assert len(captured) == len(set(captured)) == len(stored) + 1


def test_two_writers_at_once(tmp_path):
    writers = [start(tmp_path / "home", tmp_path, first, 15) for first in (0, 100)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    with Archive.open(tmp_path / "home") as archive:
        assert archive.count() == 30
        assert archive.verify() == []
        assert archive.search("盘点", limit=1).total == 30


def test_an_entry_that_reached_the_journal_before_the_crash_is_not_written_twice(tmp_path, pages, at, monkeypatch):
    path = tmp_path / "page.html"
    path.write_bytes(pages.model())
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "reached", lambda *_: (_ for _ in ()).throw(OSError("power is out")))
        with pytest.raises(OSError, match="power is out"), Archive.open(tmp_path / "home") as archive:
            archive.add_file(path, at=at)
    with Archive.open(tmp_path / "home") as archive:
        assert archive.count() == 1
    assert [entry.kind for entry in Journal.open(tmp_path / "home").entries()] == ["captured", "extracted"]


def test_a_write_that_fails_stores_nothing(archive, add, pages, monkeypatch):
    first = add("a.html", pages.model())
    with monkeypatch.context() as patched:
        patched.setattr(warc.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left on device")))
        with pytest.raises(ArchiveError, match="no space"):
            add("b.html", pages.chinese("乙仓库盘点", pages.paragraphs))
    assert (archive.count(), archive.verify()) == (1, [])
    second = add("b.html", pages.chinese("乙仓库盘点", pages.paragraphs))
    assert archive.verify() == []
    assert [len(archive.raw(s.id)[1]) > 0 for s in (first, second)] == [True, True]


def test_threads_take_turns(archive, pages, at, tmp_path):
    def add(number):
        path = tmp_path / f"{number}.html"
        path.write_bytes(pages.chinese(f"第{number}号仓库盘点完成", pages.paragraphs))
        archive.add_file(path, at=at)
        return archive.search("盘点", limit=5).total

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(add, range(12)))
    assert archive.count() == 12
    assert archive.verify() == []
    assert archive.search("盘点").total == 12
