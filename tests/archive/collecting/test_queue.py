import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.archive.collecting.queue import FILE, Choice, New, Queue, Result
from licet.archive.collecting.robots import Robots, Rules, from_answer
from licet.errors import ArchiveError, FetchFailed, FetchRefused


def choice(**values):
    return Choice(**{"mode": "once", "run": 1, "active": ("a", "b"), **values})


def new(url, source="a", **values):
    return New(source, "page", url, 3600.0, **values)


def test_an_address_stands_once_however_it_is_written(queue):
    assert queue.put([new("https://n.example/?b=1&a=2"), new("https://N.example/?a=2&b=1#x", "b")], at=0) == 1
    assert queue.knows("https://n.example/?a=2&b=1&utm_source=y")


def test_what_is_leased_is_not_leased_again_and_comes_back_after_a_crash(tmp_path):
    with Queue(tmp_path) as queue:
        queue.put([new("https://n.example/1")], at=0)
        entry = queue.lease(choice(), 5)
        assert entry.url == "https://n.example/1"
        assert queue.lease(choice(), 5) is None
    with Queue(tmp_path) as queue:
        (orphan,) = queue.orphans()
        assert orphan.leased_at == 5
        queue.release(orphan)
        assert queue.lease(choice(run=2), 6).url == "https://n.example/1"


def test_links_and_outcome_are_written_together_or_not_at_all(queue):
    queue.put([new("https://n.example/1")], at=0)
    entry = queue.lease(choice(), 0)

    def broken():
        yield new("https://n.example/2")
        raise KeyError

    with pytest.raises(KeyError):
        queue.done(entry, Result("read"), at=1, found=broken(), most=10)
    assert not queue.knows("https://n.example/2")
    assert len(queue.orphans()) == 1


def test_hosts_take_turns_and_busy_ones_wait(queue):
    queue.put([new(f"https://{host}.example/{n}") for host in "xy" for n in range(2)], at=0)
    queue.set_next("x.example", 10)
    assert queue.lease(choice(), 5).host == "y.example"
    assert queue.lease(choice(busy=("y.example",)), 5) is None
    assert queue.next_time(choice(busy=("y.example",)), 5) == 10
    assert queue.lease(choice(busy=("y.example",)), 10).host == "x.example"


def test_a_modified_entry_is_due_again(queue):
    queue.put([new("https://n.example/1")], at=0)
    queue.done(queue.lease(choice(), 0), Result("new", due_at=5000.0, interval=5000.0), at=100)
    queue.put([new("https://n.example/1", modified=50.0)], at=200)
    assert queue.lease(choice(run=2), 200) is None
    queue.put([new("https://n.example/1", modified=9999.0)], at=200)  # a time to come
    assert queue.lease(choice(run=2), 200) is None
    queue.put([new("https://n.example/1", modified=150.0)], at=200)
    assert queue.lease(choice(run=2), 200) is not None


def test_modes(queue):
    queue.put([new("https://n.example/1")], at=0)
    queue.done(queue.lease(choice(), 0), Result("failed", due_at=60.0, failures=1), at=0)
    assert queue.lease(choice(), 60) is None
    assert queue.next_time(choice(), 0) is None
    assert queue.next_time(choice(mode="idle"), 0) == 60
    assert queue.lease(choice(mode="idle"), 60) is not None


def test_a_damaged_file_is_told(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database at all" * 1000)
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Queue(tmp_path)


def test_a_newer_file_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveError, match="newer Licet"):
        Queue(tmp_path)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=30))
def test_every_entry_is_taken_once_in_a_run_and_none_is_lost(tmp_path_factory, given_entries):
    with Queue(tmp_path_factory.mktemp("queue")) as queue:
        urls = [f"https://h{host}.example/{page}" for host, page in given_entries]
        queue.put([new(url) for url in urls], at=0)
        taken = []
        while entry := queue.lease(choice(), 0):
            taken.append(entry.url)
            queue.done(entry, Result("new", due_at=0.0), at=0)
        assert sorted(taken) == sorted(set(urls))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"User-agent: *\nDisallow: /x", FetchRefused),
        (200, b"User-agent: licet\nDisallow: /\n\nUser-agent: *\nAllow: /", FetchRefused),
        (200, b"User-agent: *\nDisallow: /*.html$", None),
        (200, b"\xff\xfe\x00 nonsense", None),
        (200, b"", None),
        (404, b"Disallow: /", None),
        (401, b"", None),
        (429, b"", FetchFailed),
        (500, b"", FetchFailed),
        (503, b"", FetchFailed),
        (301, b"", FetchFailed),
    ],
)
def test_what_a_robots_txt_says(status, body, error):
    rules = Rules(from_answer(status, body, at=0), "n.example")
    if error:
        with pytest.raises(error):
            rules.ask("https://n.example/x")
    else:
        rules.ask("https://n.example/x")


def test_a_robots_txt_is_kept_for_a_day_and_a_refusal_for_an_hour(queue):
    queue.keep_robots("https://n.example", Robots(0.0, "x"))
    kept = queue.robots("https://n.example")
    assert not kept.stale(86399)
    assert kept.stale(86400)
    assert Robots(0.0, None).stale(3600)
    assert Robots(100.0, "").stale(99)  # a clock that was set back
