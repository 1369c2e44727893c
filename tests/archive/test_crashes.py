"""Killed at any point, on a full disk, with another writer: nothing acknowledged is lost, nothing is stored twice."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from licet.archive import Archive
from licet.journal import Journal
from tools.captures import AT, URL, later, page, picture, state

TESTS = Path(__file__).resolve().parent.parent
WORK = """
import resource, sys
from pathlib import Path
from licet.archive import Archive, Take
from licet.errors import ArchiveError
from tools.captures import URL, exchange, later, page, picture

home, first, count, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def take(number, text):
    url = f"{URL}/{number % 7}"
    return Take(capture=page(text, url=url), at=later(number), category="港口", requisites=(picture(),))


with Archive.open(home) as archive:
    for number in range(first, first + count):
        text = f"第{number // 7 % 3}次盘点:第{number % 7}号仓库完成了年度盘点"
        try:
            if number % 5 == 4:
                taken = archive.take_many([take(number, text), take(number + 1000, text + "(附表)")])
                if any(isinstance(one, Exception) for one in taken):
                    raise SystemExit(f"{taken}")
            else:
                taken = [archive.take_many([take(number, text)])[0]]
            if number % 4 == 3:
                same = exchange("304 Not Modified")
                archive.not_modified(f"{URL}/{number % 7}", at=later(number + 0.5), exchange=same)
        except ArchiveError as error:
            print("refused", error.message, flush=True)
            break
        print(number, *(one.snapshot.id for one in taken), flush=True)
"""


def start(home, first, count, limit=0):
    command = [sys.executable, "-c", WORK, str(home), str(first), str(count), str(limit)]
    environment = {**os.environ, "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}{os.pathsep}{TESTS}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def known(archive):
    return {row[0] for row in archive._catalogue.rows("SELECT id FROM snapshots")}


def assert_stored_once(archive, home):
    records = [row[0] for row in archive._catalogue.rows("SELECT record FROM visits")]
    assert len(records) == len(set(records))
    told = [
        one.payload["record"]
        for one in Journal.open(home).entries()
        if one.kind in {"captured", "revisited"} and "record" in one.payload
    ]
    assert len(told) == len(set(told))


def test_killed_twenty_times_at_any_point(tmp_path):
    home, chance = tmp_path / "home", random.Random(20250228)  # noqa: S311 - a seed, so that it can be run again
    acknowledged: set[str] = set()
    number = 0
    for _ in range(20):
        writer = start(home, number, 400)
        for _ in range(chance.randrange(1, 5)):
            said = writer.stdout.readline().split()
            acknowledged.update(said[1:])
            number = int(said[0]) + 1
        time.sleep(chance.random() * 0.05)
        writer.kill()
        for line in writer.stdout.read().splitlines():
            whole = line.split()
            acknowledged.update(whole[1:])
            number = int(whole[0]) + 1
        writer.wait()
        writer.stdout.close()
    with Archive.open(home) as archive:
        assert archive.verify() == []
        assert acknowledged <= known(archive)
        assert_stored_once(archive, home)
        archive.take(page("最后一则:仓库完成了年度盘点", url=URL + "/last"), at=later(5000))
        before = state(archive)
        archive.rebuild()
        assert state(archive) == before
        assert archive.verify() == []


@pytest.mark.parametrize("limit", [200_000, 420_000])
def test_a_disk_that_takes_no_more(tmp_path, limit):
    home = tmp_path / "home"
    Archive.open(home).close()
    writer = start(home, 0, 2000, limit)
    said, _ = writer.communicate(timeout=120)
    lines = said.splitlines()
    assert lines[-1].startswith("refused"), said[-500:]
    acknowledged = {identity for line in lines[:-1] for identity in line.split()[1:]}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    with Archive.open(home) as archive:
        assert archive.verify() == []
        assert acknowledged <= known(archive)
        assert_stored_once(archive, home)
        archive.take(page("后来的一则:仓库完成了年度盘点", url=URL + "/last"), at=later(5000))
        assert archive.verify() == []


def test_two_writers_of_the_same_addresses(tmp_path):
    home = tmp_path / "home"
    writers = [start(home, first, 20) for first in (0, 10)]
    said = [writer.communicate(timeout=120)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    with Archive.open(home) as archive:
        assert archive.verify() == []
        assert {identity for text in said for line in text.splitlines() for identity in line.split()[1:]} <= known(
            archive
        )
        assert_stored_once(archive, home)
        visits = archive.captures_of(f"{URL}/3")
        assert [v.at for v in visits] == sorted({v.at for v in visits})


def test_a_batch_is_stored_whole_or_not_at_all(archive, monkeypatch):
    archive.take(page("东港仓库完成了年度盘点"), at=AT)
    before = state(archive)
    with monkeypatch.context() as patched:
        patched.setattr("licet.archive.warc.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space left")))
        with pytest.raises(Exception, match="no space"):
            archive.take(page("西港仓库完成了年度盘点", url=URL + "2"), at=later(1), requisites=[picture()])
    assert state(archive) == before
    assert archive.verify() == []
