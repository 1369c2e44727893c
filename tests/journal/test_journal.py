import json
import multiprocessing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet.errors import JournalError
from licet.journal import START, Journal
from licet.journal.record import canonical, holds, make, parse

TIME = "2025-02-28T09:45:05Z"
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=6,
)
PAYLOADS = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), PLAIN, max_size=4)


def filled(home, count=5):
    journal = Journal.open(home)
    for number in range(count):
        journal.append("captured", {"snapshot": f"s{number}", "注": "港口"}, time=TIME)
    return journal


def test_entries_follow_one_another(tmp_path):
    entries = list(filled(tmp_path).entries())
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].previous == START
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert all(holds(entry) for entry in entries)


def test_head_is_the_last_entry_also_after_opening_again(tmp_path):
    entries = list(filled(tmp_path).entries())
    assert Journal.open(tmp_path).head() == (5, entries[-1].digest)
    assert Journal.open(tmp_path).append("more", {}, time=TIME).previous == entries[-1].digest


def test_an_empty_journal(tmp_path):
    journal = Journal.open(tmp_path)
    assert (journal.head(), list(journal.entries()), journal.verify(), journal.tail(3)) == ((0, START), [], [], [])


def test_entries_of_one_moment_are_chained_too(tmp_path):
    journal = Journal.open(tmp_path)
    first, second = journal.append_all([("a", {}), ("b", {"n": 1})], time=TIME)
    assert second.previous == first.digest
    assert journal.verify() == []


def test_long_entries_are_found_from_the_end(tmp_path):
    journal = Journal.open(tmp_path)
    for number in range(3):
        journal.append("long", {"text": "港" * 60_000, "n": number}, time=TIME)
    assert [entry.payload["n"] for entry in journal.tail(2)] == [1, 2]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_found(tmp_path, data):
    path = tmp_path / "journal" / "journal.jsonl"
    if not path.exists():
        filled(tmp_path)
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[place]))
    journal = Journal(path)
    try:
        path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
        assert journal.verify() != []
    finally:
        path.write_bytes(whole)


def test_a_cut_chain_is_found_against_an_earlier_head(tmp_path):
    journal = filled(tmp_path)
    head = journal.head()
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(lines[:-1]))
    assert journal.verify() == []
    assert [finding.message for finding in journal.verify(anchor=head)] == [
        f"entry 5 with the digest {head[1]} is not in the chain"
    ]


def test_a_removed_entry_is_found(tmp_path):
    journal = filled(tmp_path)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert {finding.line for finding in journal.verify()} == {3}


@pytest.mark.parametrize("cut", [1, 2, 30, 150])
def test_a_torn_last_line_is_cut_off_and_kept_aside(tmp_path, cut):
    journal = filled(tmp_path)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-cut])
    again = Journal.open(tmp_path)
    assert again.verify() == []
    assert [entry.sequence for entry in again.entries()] == [1, 2, 3, 4]
    torn = again.path.with_suffix(".torn").read_bytes()
    assert whole.splitlines()[-1].startswith(torn.rstrip(b"\n"))
    assert again.append("after", {}, time=TIME).sequence == 5
    assert again.verify() == []


def test_a_reader_passes_over_a_torn_line_and_verify_names_it(tmp_path):
    journal = filled(tmp_path)
    with journal.path.open("ab") as stream:
        stream.write(b'{"torn')
    assert len(list(journal.entries())) == 5
    assert [finding.message for finding in journal.verify()] == ["the last line is torn"]


def test_reading_a_damaged_line_says_which(tmp_path):
    journal = filled(tmp_path)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"".join([*lines[:2], b"{}\n", *lines[3:]]))
    with pytest.raises(JournalError, match="line 3 of the journal"):
        list(journal.entries())


@given(PAYLOADS)
@settings(max_examples=80, deadline=None)
def test_an_entry_survives_writing_and_reading(payload):
    entry = make(1, TIME, "kind", payload, START)
    assert holds(entry)
    stored = canonical(json.loads(canonical(payload)))
    assert stored == canonical(payload)


@pytest.mark.parametrize("payload", [{"x": float("nan")}, {"x": object()}, {"x": "\ud800"}, {"x": float("inf")}])
def test_what_is_not_plain_json_is_refused(tmp_path, payload):
    journal = Journal.open(tmp_path)
    with pytest.raises(JournalError):
        journal.append("bad", payload, time=TIME)
    assert journal.head()[0] == 0


@pytest.mark.parametrize("line", [b"", b"[]\n", b'{"sequence":1}\n', b"\xff\n"])
def test_other_lines_are_no_entries(line):
    with pytest.raises(JournalError):
        parse(line)


def append_many(home, name, count):
    journal = Journal.open(home)
    for number in range(count):
        journal.append(name, {"n": number}, time=TIME)


def test_two_writers_do_not_lose_or_tear_entries(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(tmp_path, name, 25)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    journal = Journal.open(tmp_path)
    assert journal.verify() == []
    for name in ("one", "two"):
        assert [entry.payload["n"] for entry in journal.entries() if entry.kind == name] == list(range(25))


def test_entries_from_one_position_to_another(tmp_path):
    journal = Journal.open(tmp_path)
    assert journal.position() == 0
    positions = [0]
    for number in range(4):
        journal.append("kind", {"n": number}, time=TIME)
        positions.append(journal.position())

    def numbers(*bounds):
        return [entry.payload["n"] for entry in journal.entries(*bounds)]

    assert numbers() == [0, 1, 2, 3]
    assert numbers(positions[2]) == [2, 3]
    assert numbers(positions[1], positions[3]) == [1, 2]
    assert numbers(0, positions[1] - 1) == []
    assert numbers(positions[-1]) == []
    for never in (positions[1] + 3, positions[-1] + 100, -5):
        assert numbers(never) == [0, 1, 2, 3]


def test_entries_of_different_times_in_one_write(tmp_path):
    journal = Journal.open(tmp_path)
    journal.append_each([("one", {}, "2025-01-01T00:00:00Z"), ("two", {"a": 1}, "2025-01-02T00:00:00Z")])
    assert [(entry.kind, entry.time) for entry in journal.entries()] == [
        ("one", "2025-01-01T00:00:00Z"),
        ("two", "2025-01-02T00:00:00Z"),
    ]
    assert journal.verify() == []
