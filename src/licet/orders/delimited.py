"""Reads CSV: by DuckDB where the file is clean, else line by line, so that each broken line is told with its reason."""

from __future__ import annotations

import csv
import gzip
import io
from typing import IO, TYPE_CHECKING, cast

import duckdb
import pyarrow as pa

from licet.errors import BadFile
from licet.orders.book import BROKEN, FILE, LINE, Book, Column, named, one, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

LONGEST_LINE = 4_000_000
LONGEST_CELL = 1_000_000
_CHUNK = 20_000
HEAD = 1_000_000
_DELIMITERS = (",", ";", "\t", "|")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
Row = "tuple[int, list[str | None]]"


def read(base: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Book:
    """Read text files as one book, all columns as text. A column that a file lacks is empty there.

    Raises :class:`BadFile` for a file without a fit header; other lines that cannot be read are noted as broken.
    """
    heads = [header(path) for path in files]
    table = Table(base, [names for names, _ in heads])
    for number, (path, (names, delimiter)) in enumerate(zip(files, heads, strict=True)):
        if not at_once(table, path, number, names, delimiter):
            table.add(number, names, _slowly(table, path, number, len(names), delimiter))
    return table.book(files)


class Table:
    """The table of a book whose cells are texts, filled file by file."""

    def __init__(self, base: duckdb.DuckDBPyConnection, headers: Iterable[Sequence[str]]) -> None:
        self.base = base
        places: dict[str, str] = {}
        for names in headers:
            for name in names:
                places.setdefault(name.casefold(), name)
        self.names = tuple(places.values())
        self.place = {key: f"c{number}" for number, key in enumerate(places)}
        cells = ", ".join(f"c{number} VARCHAR" for number in range(len(self.names)))
        base.execute(f"CREATE TABLE book({cells}, {LINE} BIGINT, {FILE} INTEGER)")

    def columns(self, names: Sequence[str]) -> list[str]:
        """Return where the columns of a file stand."""
        return [self.place[name.casefold()] for name in names]

    def add(self, file: int, names: Sequence[str], rows: Iterator[tuple[int, list[str | None]]]) -> None:
        """Add rows, each with its line."""
        chunk: list[tuple[int, list[str | None]]] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) >= _CHUNK:
                self._insert(file, names, chunk)
                chunk = []
        if chunk:
            self._insert(file, names, chunk)

    def _insert(self, file: int, names: Sequence[str], chunk: list[tuple[int, list[str | None]]]) -> None:
        cells = zip(*(row for _, row in chunk), strict=True)
        arrays = [pa.array(column, pa.large_string()) for column in cells]
        arrays += [pa.array([line for line, _ in chunk], pa.int64())]
        where = [*self.columns(names), LINE]
        self.base.register("chunk", pa.table(arrays, names=[name.strip('"') for name in where]))
        listed = ", ".join(where)
        self.base.execute(f"INSERT INTO book({listed}, {FILE}) SELECT {listed}, {file} FROM chunk")
        self.base.unregister("chunk")

    def broken(self, file: int, line: int, reason: str, fix: str) -> None:
        """Note a line that cannot be read."""
        self.base.execute(f"INSERT INTO {BROKEN} VALUES (?, ?, ?, ?)", [file, line, reason, fix])

    def book(self, files: Sequence[Path]) -> Book:
        """Return the book when all files are in."""
        columns = tuple(Column(name, self.place[name.casefold()], "VARCHAR") for name in self.names)
        return Book(self.base, "SELECT * FROM book", columns, tuple(str(path) for path in files))


def opened(path: Path) -> IO[bytes]:
    """Open a file, unpacked where it is compressed."""
    try:
        if path.name.lower().endswith(".gz"):
            return cast("IO[bytes]", gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}", fix="check the file") from error


def header(path: Path) -> tuple[tuple[str, ...], str]:
    """Return the names in the first line and the delimiter: the one that parts it into most cells."""
    try:
        with opened(path) as stream:
            head = stream.read(HEAD)
    except (OSError, EOFError) as error:
        raise BadFile(f"{path.name} cannot be unpacked", fix="write the file again") from error
    if head.startswith(_UTF_16):
        raise BadFile(f"{path.name} is UTF-16", fix="save it as CSV UTF-8")
    first = head.removeprefix(_UTF_8_MARK).partition(b"\n")[0].partition(b"\r")[0]
    if not first.strip():
        raise BadFile(f"{path.name} has no header", fix="name the columns in the first line")
    if b"\0" in first or len(first) >= HEAD - 1:
        raise BadFile(f"{path.name} is no text file", fix="save it as CSV UTF-8")
    try:
        text = first.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(f"the header of {path.name} is not UTF-8", fix="save it as CSV UTF-8") from error
    cells = {sign: _cells(text, sign) for sign in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda sign: len(cells[sign]))
    return named(cells[delimiter], path.name), delimiter


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter), [])


def at_once(table: Table, path: Path, file: int, names: Sequence[str], delimiter: str) -> bool:
    """Read a file by DuckDB; False where something in it wants a closer look."""
    given = ", ".join(f"'{name}': 'VARCHAR'" for name in table.columns(names))
    scan = (
        f"read_csv({quoted_text(str(path))}, delim = {quoted_text(delimiter)}, columns = {{{given}}}, header = true, "
        "auto_detect = false, quote = '\"', escape = '\"', strict_mode = true, null_padding = false, "
        f"ignore_errors = false, max_line_size = {LONGEST_CELL}, compression = "
        f"'{'gzip' if path.name.lower().endswith('.gz') else 'none'}')"
    )
    lines = _line_ends(path)
    if lines is None:
        return False
    listed = ", ".join(table.columns(names))
    base = table.base
    before = _rows(base)
    base.execute("BEGIN")
    try:
        base.execute(
            f"INSERT INTO book({listed}, {LINE}, {FILE}) SELECT {listed}, row_number() OVER () + 1, {file} FROM {scan}"
        )
        # A record on each line, and no cell with a break in it: then the number of a row tells its line.
        clean = _rows(base) - before == lines - 1
    except duckdb.Error:
        clean = False
    base.execute("COMMIT" if clean else "ROLLBACK")
    return clean


def _rows(base: duckdb.DuckDBPyConnection) -> int:
    return one(base, "SELECT count(*) FROM book")


def _line_ends(path: Path) -> int | None:
    """Return how many lines a file has; None for one with bytes that DuckDB might read otherwise than we."""
    count, last = 0, b""
    try:
        with opened(path) as stream:
            while block := stream.read(1 << 20):
                if b"\0" in block or (
                    b"\r" in block and block.count(b"\r") != block.count(b"\r\n") + block.endswith(b"\r")
                ):
                    return None
                count += block.count(b"\n")
                last = block[-1:]
    except (OSError, EOFError):
        return None
    return count + (last != b"\n")


class _Lines:
    """The lines of a stream; of one that is too long only the break is handed on, and ``long`` set."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.long = False

    def __iter__(self) -> Iterator[str]:
        while line := self.stream.readline(LONGEST_LINE):
            if len(line) < LONGEST_LINE or line.endswith("\n"):
                yield line
                continue
            self.long = True
            while (more := self.stream.readline(LONGEST_LINE)) and not more.endswith("\n"):
                pass
            yield "\n"


def _slowly(table: Table, path: Path, file: int, width: int, delimiter: str) -> Iterator[tuple[int, list[str | None]]]:
    """Yield the rows of a file with their lines, and note the lines that are broken."""
    csv.field_size_limit(LONGEST_CELL)
    with opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        before = 0
        while True:
            row: list[str] | None = None
            reason, fix = "", ""
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason, fix = f"the line cannot be parted into cells: {error}", "check its quotation marks"
            except (OSError, EOFError) as error:
                raise BadFile(f"{path.name} cannot be unpacked", fix="write the file again") from error
            line, before = before + 1, reader.line_num
            if lines.long:
                row, lines.long = None, False
                reason, fix = f"the line is longer than {LONGEST_LINE} characters", "shorten it"
            if line == 1:
                continue
            if row is not None:
                if not row:
                    continue
                reason, fix = _wrong(row, width)
            if reason:
                table.broken(file, line, reason, fix)
            else:
                yield line, [cell or None for cell in row or ()]


def _wrong(row: list[str], width: int) -> tuple[str, str]:
    """Return why a row cannot be read, and the fix; empty where it can."""
    if len(row) != width:
        return f"the line has {len(row)} cells, the header {width}", "quote a cell that holds the delimiter"
    joined = "".join(row)
    if "\0" in joined:
        return "the line has a zero byte", "save the file as CSV UTF-8"
    if not joined.isascii():
        try:
            joined.encode()
        except UnicodeEncodeError:
            return "the line is not UTF-8", "save the file as CSV UTF-8"
    return "", ""
