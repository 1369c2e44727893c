"""Cuts the files of a book into parts of bounded size, all of them Parquet in the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from licet import storage
from licet.errors import BadFile
from licet.orders import reading
from licet.orders.book import FILE, LINE, Book, Column, connect, named, quoted, quoted_text
from licet.orders.parts import taking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.cluster import Cluster, Told

ROWS = 500_000
"""A part has so many rows at most: the machines decide how many parts are done at once, never where they are cut."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a Parquet file: ``rows`` from the row ``first`` (0 is the first one) of ``path``.

    ``file``: the number of the file of the book; ``taken``: a text file or spreadsheet that was made Parquet, with
    ``offset`` to be added to the lines that stand in it.
    """

    number: int
    file: int
    path: str
    first: int
    rows: int
    taken: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A book in parts: its columns, the names of its files, and the parts in the order of the book."""

    columns: tuple[Column, ...]
    files: tuple[str, ...]
    parts: tuple[Part, ...]


def plan(cluster: Cluster, inputs: Sequence[str], work: str, told: Told = None, rows: int = ROWS) -> Plan:
    """Find the files that are named and cut them into parts. Raises :class:`BadFile` with the fix.

    Text files and spreadsheets are made Parquet in the folder ``work``, which all machines share.
    """
    files = _files(inputs)
    kinds = {reading.kind_of(Path(name)) for name in files}
    if len(kinds) > 1:
        raise BadFile("the files are of different kinds", fix="screen those of one kind at a time")
    if kinds == {"parquet"}:
        columns, found = _parquet(cluster, files, told, rows)
    else:
        columns, found = _taken(cluster, files, work, told, rows)
    parts = tuple(Part(number, *part) for number, part in enumerate(found))
    return Plan(columns, tuple(files), parts)


def _files(inputs: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in inputs:
        if storage.local(text) is not None:
            found |= dict.fromkeys(str(path) for path in reading.expand([text.removeprefix("file://")]))
        else:
            found |= dict.fromkeys(storage.names(text))
    if not found:
        raise BadFile("no file is named", fix="name the order book")
    if len(found) > reading.MOST_FILES:
        raise BadFile(f"{len(found)} files are named", fix=f"join them into at most {reading.MOST_FILES}")
    return list(found)


def _parquet(
    cluster: Cluster, files: list[str], told: Told, rows: int
) -> tuple[tuple[Column, ...], list[tuple[Any, ...]]]:
    looked = cluster.each(looked_at, files, told=told)
    described = looked[0][0]
    if any(other != described for other, _ in looked):
        described = _united(files)
    named([name for name, _ in described], files[0] if len(files) == 1 else "the book")
    columns = tuple(Column(name, f"c{number}", kind) for number, (name, kind) in enumerate(described))
    parts = [
        (file, path, first, count)
        for file, (path, (_, groups)) in enumerate(zip(files, looked, strict=True))
        for first, count in ranges(groups, rows)
    ]
    return columns, parts


def looked_at(name: str) -> tuple[list[tuple[str, str]], list[int]]:
    """Return the columns of a Parquet file with their types, and how many rows its groups have."""
    with connect() as base:
        try:
            path = scanned(base, name)
            described = base.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()
            groups = base.execute(
                f"SELECT any_value(row_group_num_rows) FROM parquet_metadata({path}) "
                "GROUP BY row_group_id ORDER BY row_group_id"
            ).fetchall()
        except duckdb.Error as error:
            raise BadFile(
                f"{Path(name).name}: no Parquet that can be read: {reading.said(error)}", fix="write the file again"
            ) from error
    return [(row[0], row[1]) for row in described], [row[0] for row in groups]


def _united(files: list[str]) -> list[tuple[str, str]]:
    """Return the columns of files that differ, as the engine unites them."""
    with connect() as base:
        listed = ", ".join(scanned(base, name) for name in files)
        try:
            found = base.execute(f"DESCRIBE SELECT * FROM read_parquet([{listed}], union_by_name = true)").fetchall()
        except duckdb.Error as error:
            raise BadFile(f"the files do not fit together: {reading.said(error)}", fix="screen them apart") from error
    return [(row[0], row[1]) for row in found]


def ranges(groups: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Yield row ranges (first, count) of at most ``most`` rows: whole row groups, and pieces of those that are larger.

    A file without rows is one empty range.
    """
    first = count = 0
    for size in groups:
        if count and count + size > most:
            yield first, count
            first, count = first + count, 0
        count += size
        while count > most:
            yield first, most
            first, count = first + most, count - most
    if count or not first:
        yield first, count


def _taken(
    cluster: Cluster, files: list[str], work: str, told: Told, rows: int
) -> tuple[tuple[Column, ...], list[tuple[Any, ...]]]:
    heads = cluster.each(taking.headed, files, told=told)
    places = taking.united([head.names for head in heads])
    cuts = [
        cut for file, (name, head) in enumerate(zip(files, heads, strict=True)) for cut in taking.cut(file, name, head)
    ]
    counts: list[int | None] = cluster.each(taking.taken, cuts, heads, places, work, told=told)
    unclean = {cut.file for cut, count in zip(cuts, counts, strict=True) if count is None}
    again = [taking.Cut(file, files[file], 0, 0, whole=True) for file in sorted(unclean)]
    whole = dict(zip(sorted(unclean), cluster.each(taking.taken, again, heads, places, work, told=told), strict=True))
    columns = tuple(Column(name, f"c{number}", "VARCHAR") for number, name in enumerate(places))
    parts: list[tuple[Any, ...]] = []
    for file in range(len(files)):
        own = [(cut, count or 0) for cut, count in zip(cuts, counts, strict=True) if cut.file == file]
        if file in unclean:
            own = [(again[sorted(unclean).index(file)], whole[file])]
        offsets = accumulate((count for _, count in own), initial=0)
        for (cut, count), offset in zip(own, offsets, strict=False):
            parts += [(file, cut.written(work), first, size, True, offset) for first, size in ranges([count], rows)]
    return columns, parts


def scanned(base: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return a file for a query, with the file system of its storage at hand."""
    path = storage.local(name)
    if path is None:
        base.register_filesystem(storage.filesystem(name)[0])
    return quoted_text(str(path if path is not None else name))


def load(base: duckdb.DuckDBPyConnection, made: Plan, part: Part) -> Book:
    """Read a part into the table ``book`` of an engine, as a book with the columns and files of all."""
    path = scanned(base, part.path)
    present = {
        row[0].casefold(): row[0] for row in base.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()
    }
    stored = [column.sql if part.taken else column.name for column in made.columns]
    found = [quoted(present[name.casefold()]) if name.casefold() in present else "NULL" for name in stored]
    shown = [f"CAST({text} AS {column.type}) AS {column.sql}" for text, column in zip(found, made.columns, strict=True)]
    line = f"{LINE} + {part.offset}" if part.taken else "file_row_number + 1"
    shown += [f"{line} AS {LINE}", f"CAST({part.file} AS INTEGER) AS {FILE}"]
    where = f"file_row_number >= {part.first} AND file_row_number < {part.first + part.rows}"
    fit = f"{where} AND {taking.REASON} IS NULL" if part.taken else where
    base.execute(f"CREATE TABLE book AS SELECT {', '.join(shown)} FROM read_parquet({path}) WHERE {fit}")
    if part.taken:
        base.execute(taking.broken(path, f"{where} AND {taking.REASON} IS NOT NULL", part.file, line))
    return Book(base, "SELECT * FROM book", made.columns, made.files)
