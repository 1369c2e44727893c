"""Lines that cannot be read: where each stands, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from licet.errors import BadInput
from licet.orders.book import ANSWER, BROKEN, FILE, LINE
from licet.orders.columns import base_type
from licet.orders.values import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.orders.book import Column
    from licet.orders.screening import Screened

TABLE = "rejects"
"""Columns ``file``, ``line``, ``id``, ``reason``, ``fix``."""
_FETCHED = 10_000
_LONGEST_ID = 200


def collect(screened: Screened) -> None:
    """Write the table of rejects, in the order of files and lines."""
    base = screened.book.base
    base.execute("CREATE TABLE refused(file INTEGER, line BIGINT, id VARCHAR, reason VARCHAR, fix VARCHAR)")
    base.execute(f"INSERT INTO refused SELECT file, line, NULL, reason, fix FROM {BROKEN}")
    for chunk in _refused(screened):
        names = ("file", "line", "id", "reason", "fix")
        kinds = (pa.int32(), pa.int64(), pa.string(), pa.string(), pa.string())
        arrays = [pa.array(column, kind) for column, kind in zip(zip(*chunk, strict=True), kinds, strict=True)]
        base.register("chunk", pa.table(arrays, names=list(names)))
        base.execute("INSERT INTO refused SELECT * FROM chunk")
        base.unregister("chunk")
    files = ", ".join("'" + name.replace("'", "''") + "'" for name in screened.book.files)
    base.execute(
        f"CREATE TABLE {TABLE} AS SELECT list_extract([{files}], file + 1) AS file, line, id, reason, fix "
        "FROM refused ORDER BY refused.file, line"
    )


def _refused(screened: Screened) -> Iterator[list[tuple[Any, ...]]]:
    found = screened.sorted
    columns: dict[str, Column] = dict(found.facts)
    columns |= {f"={n}": c for n, c in (("chip", found.chip), ("basis", found.basis), ("id", found.id)) if c}
    texts = [
        column.sql if base_type(column) == "VARCHAR[]" else f"CAST({column.sql} AS VARCHAR)"
        for column in columns.values()
    ]
    query = f"SELECT {', '.join([FILE, LINE, *texts])} FROM ({screened.beside()}) WHERE {ANSWER} IS NULL"
    cursor = screened.book.base.cursor().execute(query)
    while rows := cursor.fetchmany(_FETCHED):
        chunk = []
        for file, line, *cells in rows:
            raw = dict(zip(columns, cells, strict=True))
            name = raw.pop("=id", None)
            reason, fix = _reason(screened, raw)
            chunk.append((file, line, None if name is None else name[:_LONGEST_ID], reason, fix))
        yield chunk


def _reason(screened: Screened, raw: dict[str, Any]) -> tuple[str, str]:
    """Return why a line cannot be read, and the fix: the first thing that :func:`read_transaction` would refuse."""
    values, terms = screened.made.values, screened.made.terms
    chip, basis = raw.pop("=chip", None), raw.pop("=basis", None)
    try:
        facts = {name: value for name, cell in raw.items() if (value := values.read(name, cell)) is not None}
        if chip and chip.strip():
            joined(values.chip(chip, facts.get("kind")), facts, chip)
        values.day(raw.get("date"), terms.day)
        values.basis(basis or "", terms.basis)
    except BadInput as error:
        return error.message, error.fix
    raise AssertionError(f"a line was refused that can be read: {raw}")
