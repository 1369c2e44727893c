"""``licet orders screen``: files in, a file of answers and a file of rejects out; a table in, a table out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from licet import statutes as law_data
from licet.errors import BadInput
from licet.orders import reading, rejects, results
from licet.orders.book import FILE, LINE, Book, Column, connect, named, quoted
from licet.orders.screening import Asked, at_once, failed, screened
from licet.orders.summary import summarize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from licet.statutes import Statutes
    from licet.statutes.forms import Basis


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of a table that cannot be read: its number from 1, its ``id`` if it has one, why, and what to do."""

    line: int
    id: str | None
    reason: str
    fix: str


def screen_files(  # noqa: PLR0913 - where from, where to, and how it is asked
    inputs: Sequence[str],
    output: Path,
    refused: Path,
    statutes: Statutes,
    asked: Asked,
    *,
    memory: str = "",
    told: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """Screen files as one book and return the summary (:func:`licet.orders.summary.summarize`).

    ``output`` gets the answered lines, ``refused`` the rejects; both are written whole or not at all. ``memory``: what
    the engine may use before it spills to temporary files; ``told``: see :func:`screened`.
    Raises :class:`BadInput` with the fix.
    """
    results.checked(output, inputs)
    results.checked(refused, inputs)
    if output.resolve() == refused.resolve():
        raise BadInput("answers and rejects are written to one file", fix="name another file with --rejects")
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled), memory) as base:
        _tell(told, "reading")
        try:
            book = reading.read(base, inputs)
        except duckdb.Error as error:
            raise failed(error) from error
        _tell(told, "deciding")
        found = screened(book, statutes, asked, told)
        with results.whole(output, refused) as (draft, draft_refused):
            try:
                _tell(told, "writing")
                besides: dict[str, Any] = {}

                def write(other: duckdb.DuckDBPyConnection) -> int:
                    found.answers.share(other)
                    listed = results.columnar(output)
                    return results.copy(other, found.answered(listed=listed), draft, output)

                def rest() -> None:
                    rejects.collect(found)
                    query = f"SELECT * FROM {rejects.TABLE}"
                    besides["refused"] = results.copy(base, query, draft_refused, refused)
                    besides["summary"] = summarize(found)

                written = at_once(base, write, rest, told)
            except duckdb.Error as error:
                raise failed(error) from error
            assert written + besides["refused"] == found.lines  # noqa: S101 - rows in = rows out + rejects
    return {**besides["summary"], "output": str(output), "rejects": str(refused)}


def _tell(told: Callable[[str, float], None] | None, what: str) -> None:
    if told is not None:
        told(what, -1)


def screen(  # noqa: PLR0913 - the parameters of the law that is asked, each by name
    table: Any,
    *,
    on: dt.date | None = None,
    basis: Basis = "enforced",
    system: str = "us-ear",
    known: dt.date | None = None,
    readings: Mapping[str, str] | None = None,
    proposals: Sequence[str] = (),
    take_headquarters: bool = False,
    rejects_to: list[Reject] | None = None,
    statutes: Statutes | None = None,
    memory: str = "",
) -> pa.Table:
    """Screen a table and return it with the answers as further columns, the rows in their order.

    ``table``: a pandas, Polars or Arrow table, a DuckDB relation, or anything else that hands out Arrow data. ``on``:
    the day of rows without a ``date``; ``basis``: of rows without one. Rows that cannot be read are left out and
    appended to ``rejects_to``; without it, the first of them raises :class:`BadInput`.
    """
    asked = Asked(on, basis, system, known, readings, proposals, headquarters_taken=take_headquarters)
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled), memory) as base:
        book = _staged(base, _arrow(table))
        try:
            found = screened(book, statutes or law_data.load(), asked)
            rejects.collect(found)
            refused = base.execute(f"SELECT line, id, reason, fix FROM {rejects.TABLE}").fetchall()
            if refused and rejects_to is None:
                line, _, reason, fix = refused[0]
                more = f", and {len(refused) - 1} more rows cannot be read" if len(refused) > 1 else ""
                raise BadInput(f"row {line}: {reason}{more}", fix=f"{fix}; or give rejects_to=[] to have them apart")
            if rejects_to is not None:
                rejects_to += [Reject(*row) for row in refused]
            answered: pa.Table = base.sql(found.answered()).to_arrow_table()
        except duckdb.Error as error:
            raise failed(error) from error
    assert len(answered) + len(refused) == found.lines  # noqa: S101 - rows in = rows out + rejects
    return answered


def _arrow(table: Any) -> pa.RecordBatchReader:
    if not hasattr(table, "__arrow_c_stream__"):
        raise BadInput(f"a {type(table).__name__} hands out no Arrow data", fix="give a pandas, Polars or Arrow table")
    return pa.RecordBatchReader.from_stream(table)


def _staged(base: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Book:
    """Take a table over into the engine, where it can be read more than once."""
    names = named(reader.schema.names, "the table")
    places = [f"c{number}" for number in range(len(names))]
    base.register("given", reader)
    columns = ", ".join(f"{quoted(name)} AS {place}" for name, place in zip(reader.schema.names, places, strict=True))
    base.execute(f"CREATE TABLE book AS SELECT {columns} FROM given")
    base.unregister("given")
    types = base.execute("DESCRIBE book").fetchall()
    found = tuple(Column(name, place, row[1]) for name, place, row in zip(names, places, types, strict=True))
    return Book(base, f"SELECT *, rowid + 1 AS {LINE}, 0 AS {FILE} FROM book", found, ("table",))
