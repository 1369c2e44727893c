"""Where a book is cut, and files in object storage."""

import csv
import io

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import storage
from licet.orders.book import Column, connect
from licet.orders.parts import taking
from licet.orders.parts.plan import Part, Plan, load, looked_at, ranges
from licet.orders.parts.survey import answers


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 60))
def test_ranges_cover_every_row_once_and_none_is_too_large(groups, most):
    found = list(ranges(groups, most))
    assert [row for first, count in found for row in range(first, first + count)] == list(range(sum(groups)))
    assert all(count <= most for _, count in found)
    assert len(found) <= sum(groups) // most * 2 + 1


@pytest.fixture
def memory():
    """Object storage of this process alone."""
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def test_parquet_in_object_storage_is_read_by_rows(memory):
    table = pa.table({"chip": [f"c{number}" for number in range(100)], "quantity": range(100)})
    with memory.open("/books/a.parquet", "wb") as stream:
        pq.write_table(table, stream, row_group_size=30)
    assert storage.names("memory://books/*.parquet") == ["memory:///books/a.parquet"]
    described, groups = looked_at("memory:///books/a.parquet")
    assert (described, groups) == ([("chip", "VARCHAR"), ("quantity", "BIGINT")], [30, 30, 30, 10])
    columns = tuple(_column(name, place, kind) for place, (name, kind) in enumerate(described))
    made = Plan(columns, ("memory:///books/a.parquet",), ())
    part = Part(1, 0, "memory:///books/a.parquet", 25, 40)
    with connect() as base:
        book = load(base, made, part)
        assert base.execute('SELECT min(c0), max(c1), min("#line"), count(*) FROM book').fetchall() == [
            ("c25", 64, 26, 40)
        ]
        assert book.files == made.files
    questions = [("distinct", "c1 > 62", "c0"), ("filled", "c0"), ("largest", "c1")]
    assert answers(part, made, questions) == [[("c63",), ("c64",)], 40, 64]


def _column(name, place, kind):

    return Column(name, f"c{place}", kind)


@given(st.lists(st.text('ab," 中\r', max_size=6), min_size=1, max_size=25), st.integers(12, 90), st.booleans())
def test_ranges_of_text_hold_the_rows_of_the_whole_or_say_that_they_cannot(tmp_path_factory, cells, size, unended):
    folder = tmp_path_factory.mktemp("ranges")
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["id", "note"])
    writer.writerows([f"L{number}", cell] for number, cell in enumerate(cells))
    path = folder / "a.csv"
    path.write_bytes(stream.getvalue().encode()[: -1 if unended else None])
    head = taking.headed(str(path))
    whole = _rows(folder, [taking.Cut(0, str(path), 0, 0, whole=True)], head)
    cuts = [taking.Cut(0, str(path), start, min(start + size, head.size)) for start in range(0, head.size, size)]
    found = _rows(folder, cuts, head)
    assert found is None or found == whole
    if not any(sign in "".join(cells) for sign in '"\r'):
        assert found == whole


def _rows(folder, cuts, head):
    found = []
    for cut in cuts:
        if taking.taken(cut, [head], ("id", "note"), str(folder)) is None:
            return None
        found += [(row["c0"], row["c1"]) for row in pq.read_table(cut.written(str(folder))).to_pylist()]
    return found
