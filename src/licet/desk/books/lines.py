"""The answered lines of a book: filtered, a page at a time, each with the address that asks its question again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from licet.decisions.line import plain
from licet.desk.forms import LONG
from licet.desk.render import address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from licet.desk.books.store import Asked
    from licet.statutes import Statutes

PAGE = 50
DEEPEST = 2_000
FILTERS = ("outcome", "exception", "classification", "review_policy", "tier")
SHOWN = (
    "line",
    "id",
    "chip",
    "quantity",
    "destination",
    "outcome",
    "exception",
    "review_policy",
    "total_tpp",
    "allocation_tpp",
    "missing",
)


class Found(NamedTuple):
    """How many lines fit a filter, and a page of them: each with its columns by name, and ``href``."""

    total: int
    rows: list[dict[str, Any]]


def lines(answers: Path, wanted: Mapping[str, str], number: int, asked: Asked, statutes: Statutes) -> Found:
    """Return a page of the lines that have every value of ``wanted`` (by the names of :data:`FILTERS`)."""
    import duckdb  # noqa: PLC0415 - most desks are only asked

    chosen = {name: value for name, value in wanted.items() if name in FILTERS and value}
    where = " AND ".join(f'CAST("{name}" AS VARCHAR) = ?' for name in chosen) or "TRUE"
    with duckdb.connect() as base:
        values = [str(answers), *chosen.values()]
        total = base.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {where}", values).fetchall()[0][0]  # noqa: S608 - our names
        offset = (min(max(number, 1), DEEPEST) - 1) * PAGE
        query = f"SELECT * FROM read_parquet(?) WHERE {where} ORDER BY line LIMIT {PAGE} OFFSET {offset}"  # noqa: S608
        cursor = base.execute(query, values)
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Found(total, [_row(row, asked, statutes) for row in rows])


def _row(row: dict[str, Any], asked: Asked, statutes: Statutes) -> dict[str, Any]:
    by_name = {name.casefold(): value for name, value in row.items()}
    shown = {name: _text(by_name.get(name)) for name in SHOWN}
    return {**shown, "href": _question(by_name, asked, statutes)}


def _question(row: Mapping[str, Any], asked: Asked, statutes: Statutes) -> str:
    """Return the address that asks the question of a line, with what the book took for granted."""
    facts = {name: row[name] for name in row if (name in statutes.vocabulary or name == "chip") and name != "total_tpp"}
    given = {LONG.get(name, name): _text(value) for name, value in facts.items() if value not in (None, "")}
    given |= {name: _text(row[name]) for name in LONG.values() if row.get(name) not in (None, "")}
    given.setdefault("on", asked.on)
    given["basis"] = _text(row.get("basis")) or asked.basis
    return address("/", given)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(plain(value)).removesuffix(" 00:00:00")
