"""Text files and spreadsheets are made Parquet, in ranges of bounded size, so that any machine can read any rows."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licet import storage
from licet.orders import delimited, reading, sheets
from licet.orders.book import BROKEN, LINE, connect, one, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RANGE = 64 * 2**20
"""Bytes of a text file that are read at once."""
REASON, FIX = '"#reason"', '"#fix"'
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a file, its delimiter (empty: a spreadsheet), and its bytes."""

    names: tuple[str, ...]
    delimiter: str
    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A range of bytes of a text file, from the line that begins in it to the last that does; or the ``whole`` file."""

    file: int
    name: str
    start: int
    stop: int
    whole: bool = False

    def written(self, work: str) -> str:
        """Return where its rows are written."""
        return storage.joined(work, f"taken-{self.file:05}-{'whole' if self.whole else f'{self.start:015}'}.parquet")


def headed(name: str) -> Head:
    """Return the head of a file. Raises :class:`BadFile`."""
    if reading.kind_of(Path(name)) == "sheet":
        with storage.here(name) as path, connect() as base:
            return Head(tuple(column.name for column in sheets.read(base, [path]).columns), "", 0)
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as folder:
        path = Path(folder) / Path(name).name
        with storage.opened(name) as stream:
            path.write_bytes(stream.read(delimited.HEAD))
        names, delimiter = delimited.header(path)
    return Head(names, delimiter, storage.size(name))


def united(headers: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the columns of all files, in the order in which they are first met."""
    found: dict[str, str] = {}
    for names in headers:
        for name in names:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def cut(file: int, name: str, head: Head) -> Iterator[Cut]:
    """Yield the ranges of a file; a spreadsheet, and a file that is compressed, is one whole."""
    if not head.delimiter or name.lower().endswith(".gz") or head.size <= RANGE:
        yield Cut(file, name, 0, head.size, whole=True)
        return
    for start in range(0, head.size, RANGE):
        yield Cut(file, name, start, min(start + RANGE, head.size))


def taken(part: Cut, heads: Sequence[Head], places: Sequence[str], work: str) -> int | None:
    """Write the rows of a range as Parquet, with the line of each; return how many.

    None where something in the range wants a closer look than a range allows: then the file is read as a whole, line
    by line, and lines that cannot be read stand among its rows with the reason.
    """
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled)) as base:
        base.execute("SET threads = 1")
        if part.whole:
            with storage.here(part.name) as path:
                kind = sheets if not heads[part.file].delimiter else delimited
                book = kind.read(base, [path])
                where = {column.name.casefold(): column.sql for column in book.columns}
                return _written(base, f"({book.source})", [where.get(name.casefold()) for name in places], part, work)
        head = heads[part.file]
        table = delimited.Table(base, [places])
        with tempfile.TemporaryDirectory(prefix="licet-orders-") as folder:
            path = Path(folder) / "range.csv"
            _fetch(part, path)
            if not delimited.at_once(table, path, 0, head.names, head.delimiter):
                return None
        return _written(base, "book", [f"c{number}" for number in range(len(places))], part, work)


def _written(base: Any, rows: str, columns: Sequence[str | None], part: Cut, work: str) -> int:
    named = [f"CAST({column or 'NULL'} AS VARCHAR) AS c{number}" for number, column in enumerate(columns)]
    none = f"CAST(NULL AS VARCHAR) AS {REASON}, CAST(NULL AS VARCHAR) AS {FIX}"
    query = f"SELECT {', '.join(named)}, {LINE}, {none} FROM {rows}"
    if one(base, f"SELECT count(*) FROM {BROKEN}"):
        empty = ", ".join(f"NULL AS c{number}" for number in range(len(columns)))
        query += f" UNION ALL SELECT {empty}, line, reason, fix FROM {BROKEN} ORDER BY {LINE}"
    with storage.written(part.written(work)) as draft:
        return one(base, f"COPY ({query}) TO {quoted_text(str(draft))} (FORMAT parquet)")


def broken(path: str, where: str, file: int, line: str) -> str:
    """Return the statement that notes the lines of a file that could not be read."""
    return f"INSERT INTO {BROKEN} SELECT {file}, {line}, {REASON}, {FIX} FROM read_parquet({path}) WHERE {where}"


def _fetch(part: Cut, path: Path) -> None:
    """Copy the header and the lines that begin in a range to a local file."""
    with storage.opened(part.name) as stream, path.open("wb") as copy:
        if part.start:
            copy.write(stream.readline(delimited.HEAD))
            # The line before the range is the range's before: it ends at the first break from the byte before on.
            stream.seek(part.start - 1)
            _to_break(stream)
        while (left := part.stop - stream.tell()) > 0 and (block := stream.read(min(left, _BLOCK))):
            copy.write(block)
        if part.stop > part.start and stream.tell() == part.stop:
            stream.seek(part.stop - 1)
            for block in _to_break(stream, skip=1):
                copy.write(block)


def _to_break(stream: Any, skip: int = 0) -> list[bytes]:
    """Read to the end of a line; return what was read, without its first ``skip`` bytes."""
    blocks = []
    while block := stream.readline(_BLOCK):
        blocks.append(block[skip:])
        skip = 0
        if block.endswith(b"\n"):
            break
    return blocks
