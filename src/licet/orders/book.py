"""An order book as it was read: a table in DuckDB whose columns stand as ``c0``, ``c1``, … beside their own names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from licet.clauses.sql import SETTINGS
from licet.errors import BadFile, BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_COLUMNS = 2_000
_FETCHED = 20_000
LONGEST_NAME = 300
LINE, FILE = '"#line"', '"#file"'
"""Where a row stood: its line (the header of a text file is 1; in Parquet and tables the first row is 1), its file."""
ANSWER, TAKES, TOTAL = '"#answer"', '"#takes"', '"#total"'
"""What stands beside a row when it has been decided: its answer's number, what it takes, its amount in TPP."""
IN_A_FILE = 2**40
"""More lines than a file has: with the number of its file, a line has a number of its own."""
BROKEN = '"#broken"'
_SETTINGS = (
    *SETTINGS,
    # Rows stay in order only where the book is what is looked up from, never what is looked up in.
    "SET disabled_optimizers = 'in_clause,join_order,build_side_probe_side'",
    "SET preserve_insertion_order = true",
    "SET enable_progress_bar = false",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the book, where it stands (``c0``), its type in DuckDB's words."""

    name: str
    sql: str
    type: str


@dataclass(frozen=True)
class Book:
    """The rows: ``source`` is a query that yields each column of ``columns``, :data:`LINE` and :data:`FILE`.

    ``files``: their names, by the number in :data:`FILE`. Lines that could not be read at all are in the table
    :data:`BROKEN`.
    """

    base: duckdb.DuckDBPyConnection
    source: str
    columns: tuple[Column, ...]
    files: tuple[str, ...]

    def count(self) -> int:
        """Return how many rows there are, those that could not be read left out."""
        return int(one(self.base, f"SELECT count(*) FROM ({self.source})"))

    def broken(self) -> int:
        """Return how many lines could not be read at all."""
        return int(one(self.base, f"SELECT count(*) FROM {BROKEN}"))

    def distinct(self, texts: Sequence[str], where: str = "TRUE") -> Iterator[tuple[str | None, ...]]:
        """Yield the different values of some expressions as text, in order (an empty one last)."""
        shown = ", ".join(f"CAST({text} AS VARCHAR) AS k{n}" for n, text in enumerate(texts))
        order = ", ".join(f"k{n}" for n in range(len(texts)))
        # A cursor of its own: the caller writes tables between two rows.
        found = self.base.cursor().execute(
            f"SELECT DISTINCT {shown} FROM ({self.source}) WHERE {where} ORDER BY {order}"
        )
        while rows := found.fetchmany(_FETCHED):
            yield from rows

    def filled(self, column: str) -> int:
        """Return in how many rows a column says something."""
        return one(self.base, f"SELECT count({column}) FROM ({self.source})")

    def largest(self, column: str) -> int:
        """Return the largest of a column of whole numbers; 0 where it is empty."""
        return one(self.base, f"SELECT max({column}) FROM ({self.source})")


def one(base: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the whole number that a query gives."""
    # All rows are fetched: a result that is not at its end keeps the connection.
    ((found,),) = base.execute(query).fetchall()
    return int(found or 0)


def connect(folder: Path | None = None, memory: str = "") -> duckdb.DuckDBPyConnection:
    """Return a DuckDB in memory that spills to ``folder``; ``memory`` is its limit, such as ``4GB``.

    Raises :class:`BadInput` for a limit that is none.
    """
    base = duckdb.connect()
    for setting in _SETTINGS:
        base.execute(setting)
    if folder is not None:
        base.execute(f"SET temp_directory = {quoted_text(str(folder))}")
    if memory:
        try:
            base.execute(f"SET memory_limit = {quoted_text(memory)}")
        except duckdb.Error as error:
            raise BadInput(f"'{memory[:40]}' is no amount of memory", fix="write it as 4GB or 500MB") from error
    base.execute(f"CREATE TABLE {BROKEN}(file INTEGER, line BIGINT, reason VARCHAR, fix VARCHAR)")
    return base


def named(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the names of columns, trimmed, one without a name by its number.

    Raises :class:`BadFile` where two share one, or there are too many.
    """
    if len(names) > MOST_COLUMNS:
        raise BadFile(f"{where} has {len(names)} columns", fix=f"keep at most {MOST_COLUMNS}")
    found: dict[str, str] = {}
    for number, raw in enumerate(names, start=1):
        name = raw.strip() or f"column_{number}"
        if len(name) > LONGEST_NAME or "\0" in name:
            raise BadFile(f"column {number} of {where} has no fit name", fix="name the columns in the first line")
        if name.casefold() in found:
            raise BadFile(f"{where} has two columns called '{name[:60]}'", fix="rename or drop one of them")
        found[name.casefold()] = name
    return tuple(found.values())


def quoted(name: str) -> str:
    """Return a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return a text for SQL."""
    return "'" + text.replace("'", "''") + "'"
