"""The cache: only a copy, bound to what it was made of, and never trusted when it is not sound."""

from __future__ import annotations

import os
import stat
import threading
import time

import pytest

from licet import cache
from licet.home import cache_folder

KEY = cache.key(b"one")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def keep(payload=b"payload", key=KEY):
    cache.save("thing", key, lambda: payload)


def entry(folder):
    return next(folder.glob("thing-*"))


def test_what_is_kept_is_found_under_its_key_and_kind_alone(folder):
    assert cache.load("thing", KEY) is None
    keep()
    assert cache.load("thing", KEY) == b"payload"
    assert cache.load("thing", cache.key(b"another")) is None
    assert cache.load("other", KEY) is None


def test_a_key_tells_its_parts_apart():
    assert len({cache.key(b"ab", b"c"), cache.key(b"a", b"bc"), cache.key(b"abc"), cache.key()}) == 4


def test_only_this_user_can_read_and_write_an_entry(folder):
    keep()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:40] + bytes([data[-1] ^ 1]),
    ],
)
def test_a_damaged_entry_counts_as_absent_and_is_written_anew(folder, damage):
    keep(b"x" * 100)
    entry(folder).write_bytes(damage(entry(folder).read_bytes()))
    assert cache.load("thing", KEY) is None
    keep(b"anew")
    assert cache.load("thing", KEY) == b"anew"


def test_an_entry_under_the_name_of_another_counts_as_absent(folder):
    other = cache.key(b"two")
    keep(b"first")
    first = entry(folder)
    keep(b"second", other)
    second = next(path for path in folder.glob("thing-*") if path != first)
    second.replace(first)
    assert cache.load("thing", KEY) is None


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_an_entry_that_others_can_write_is_not_read(folder, mode):
    keep()
    entry(folder).chmod(mode)
    assert cache.load("thing", KEY) is None


def test_a_folder_that_others_can_write_is_not_used(folder):
    keep()
    folder.chmod(0o777)
    assert cache.load("thing", KEY) is None
    called = []
    cache.save("thing", cache.key(b"two"), lambda: called.append(1) or b"")
    assert (called, len(list(folder.iterdir()))) == ([], 1)


def test_an_entry_of_somebody_else_is_not_read(folder, monkeypatch):
    keep()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.load("thing", KEY) is None


def test_a_link_is_not_followed(folder, tmp_path):
    keep()
    moved = entry(folder).rename(tmp_path / "elsewhere")
    (folder / cache._name("thing", KEY)).symlink_to(moved)
    assert cache.load("thing", KEY) is None


def test_a_folder_in_the_place_of_an_entry_is_no_error(folder):
    folder.mkdir(mode=0o700)
    (folder / cache._name("thing", KEY)).mkdir()
    assert cache.load("thing", KEY) is None
    keep()
    assert [path.name for path in folder.iterdir()] == [cache._name("thing", KEY)]


def test_a_file_in_the_place_of_the_folder_is_no_error(folder):
    folder.write_text("a file")
    assert cache.load("thing", KEY) is None
    keep()
    assert folder.read_text() == "a file"


def test_what_cannot_be_written_is_not_worked_out_for_it(folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    called = []
    cache.save("thing", KEY, lambda: called.append(1) or b"")
    assert called == []


def test_a_full_disk_is_no_error_and_leaves_nothing(folder, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    keep()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_it_can_be_off(monkeypatch, word):
    monkeypatch.setenv("LICET_CACHE", word)
    assert cache_folder() is None
    keep()
    assert cache.load("thing", KEY) is None


def test_without_a_name_it_is_in_the_users_cache_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LICET_CACHE")
    assert cache_folder().name == "licet"


def test_a_few_entries_of_a_kind_are_kept_the_last_written(folder):
    for number in range(cache.MOST_ENTRIES + 3):
        key = cache.key(bytes([number]))
        keep(b"%d" % number, key)
        os.utime(folder / cache._name("thing", key), (number, number))
    cache.save("other", KEY, lambda: b"stays")
    found = [cache.load("thing", cache.key(bytes([number]))) for number in range(cache.MOST_ENTRIES + 3)]
    # The last was written, and the oldest thrown away, before its time was set.
    assert found[:3] == [None, None, None]
    assert None not in found[3:]
    assert cache.load("other", KEY) == b"stays"


def test_what_is_too_large_is_not_kept(folder, monkeypatch):
    monkeypatch.setattr(cache, "LARGEST_ENTRY", 10)
    keep(b"x" * 11)
    assert list(folder.iterdir()) == []


def test_half_written_entries_that_nobody_finishes_are_thrown_away(folder):
    folder.mkdir(mode=0o700)
    old, new = folder / ".thing-old", folder / ".thing-new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    keep()
    assert (old.exists(), new.exists()) == (False, True)


def test_many_writers_at_once_leave_one_whole_entry(folder):
    wrong = []

    def work():
        for _ in range(30):
            keep(b"x" * 50_000)
            if cache.load("thing", KEY) != b"x" * 50_000:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(list(folder.iterdir())) == 1


def test_code_is_the_text_of_its_modules(tmp_path):
    (tmp_path / "a.py").write_text("a = 1")
    before = cache.code(tmp_path)
    assert before == cache.code(tmp_path)
    (tmp_path / "a.py").write_text("a = 2")
    assert before != cache.code(tmp_path)
    with pytest.raises(OSError, match="empty"):
        cache.code(tmp_path / "empty")


def test_a_library_is_told_by_its_version_and_one_that_is_not_there_is_an_error():
    assert cache.library("yaml") != cache.library("sqlglot")
    with pytest.raises(OSError, match="no_such_library"):
        cache.library("no_such_library")


def test_what_is_remembered_is_made_once_and_again_when_its_source_changes(folder, tmp_path):
    source = tmp_path / "data.txt"
    made = []

    def make():
        made.append(1)
        return {"text": source.read_text()}

    def ask():
        return cache.remembered("data", dict[str, str], make, source, "yaml", "1.0")

    source.write_text("first")
    assert [ask(), ask()] == [{"text": "first"}] * 2
    source.write_text("second")
    assert ask() == {"text": "second"}
    assert len(made) == 2
    # Sound, but not of the form that is asked for: made anew.
    assert cache.remembered("data", dict[str, int], lambda: {"n": 1}, source, "yaml", "1.0") == {"n": 1}
    # What it follows from cannot be read: made each time.
    assert cache.remembered("data", int, lambda: 7, tmp_path / "absent") == 7


def test_what_the_format_cannot_hold_is_no_error(folder):
    assert cache.remembered("data", str, lambda: "\ud800", "1.0") == "\ud800"
    assert cache.remembered("data", int, lambda: 2**70, "1.1") == 2**70
    assert list(folder.iterdir()) == []
