"""Lines that pass a limit only together: each may go alone, and all of them draw on one account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.decisions.facts import Facts
from licet.orders.book import FILE, IN_A_FILE, LINE
from licet.orders.screening import TPP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.orders.screening import Screened
    from licet.statutes.forms import Draw
    from licet.statutes.law import Clause, Law

MOST_WARNINGS = 1_000
MOST_IDS = 10
PARTIES = ("ultimate_parent", "ultimate_consignee", "end_user")
"""The columns by which lines to one party are told, the first that the book has."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Lines that draw more on an account than its limit: who holds it, in which period, and some of the lines.

    ``used``: what the lines themselves say has been used before, the most that one says; amounts in TPP.
    """

    account: str
    clause: str
    holder: str
    period: str
    limit: Decimal
    used: Decimal
    total: Decimal
    lines: int
    ids: tuple[str, ...]


def warnings(screened: Screened) -> tuple[Warned, ...]:
    """Return the accounts whose limit the answered lines pass together, those that pass it most first."""
    found = [warned for clause, law in _drawing(screened) for warned in _over(screened, clause, law)]
    return tuple(sorted(found, key=lambda w: (w.limit - w.total - w.used, w.account, w.holder))[:MOST_WARNINGS])


def _drawing(screened: Screened) -> Iterator[tuple[Clause, Law]]:
    """Yield each clause on whose account a line draws, under the last of the laws that have it."""
    rows = screened.book.base.execute(
        "SELECT draws, max(law) FROM answers WHERE draws IS NOT NULL GROUP BY draws ORDER BY draws"
    ).fetchall()
    for name, number in rows:
        law = screened.made.laws[number]
        yield law.clauses[name], law


def _over(screened: Screened, clause: Clause, law: Law) -> Iterator[Warned]:
    draws = clause.form.draws
    assert draws is not None  # noqa: S101 - only such clauses are drawn on
    holder = _holder(screened, draws)
    if not holder:
        return
    facts = screened.sorted.facts
    period, last = _period(screened, draws), _day(screened)
    used = f'max(x."n_{draws.used}")' if draws.used in facts else "NULL"
    name = screened.sorted.id.sql if screened.sorted.id else f"x.{LINE}"
    rows = screened.book.base.execute(
        f"SELECT {holder} AS holder, {period} AS period, sum(CAST(x.total AS {TPP})) AS total, count(*) AS lines, "
        f"max({last}) AS last, {used} AS used, "
        f"arg_min(CAST({name} AS VARCHAR), x.{FILE} * {IN_A_FILE} + x.{LINE}, {MOST_IDS}) "
        f"{screened.drawing()} WHERE a.draws = ? AND {holder} IS NOT NULL GROUP BY 1, 2 "
        f"HAVING count(*) > 1 AND total + COALESCE(used, 0) > ? ORDER BY 3 DESC, 1, 2 LIMIT {MOST_WARNINGS}",
        [clause.id, _least(screened, clause, law)],
    ).fetchall()
    for holder_name, period_name, total, lines, day, before, ids in rows:
        limit = _limit(law, clause, day)
        if limit is not None and total + (before or 0) > limit:
            yield Warned(
                draws.account,
                clause.id,
                holder_name,
                period_name,
                limit,
                before or Decimal(0),
                total,
                lines,
                tuple(ids),
            )


def _holder(screened: Screened, draws: Draw) -> str:
    """Return by what the holder of an account is told, in SQL; empty where the book does not say."""
    facts = screened.sorted.facts
    party = next((f"NULLIF(trim(x.{facts[name].sql}), '')" for name in PARTIES if name in facts), "")
    places = screened.made.columns
    place = ""
    if "destination" in places:
        place = f"x.{screened.made.dimensions[places['destination']].column(('stated', 'destination'), list)}"
    if draws.holder == "destination":
        return place
    return f"{party} || ', ' || {place}" if party and place and "place" in draws.holder else party


def _day(screened: Screened) -> str:
    dimension = screened.made.dimensions[screened.made.dated]
    return "x." + dimension.column(("stated", "date"), list)


def _period(screened: Screened, draws: Draw) -> str:
    if draws.period == "calendar year":
        return f"CAST(year({_day(screened)}) AS VARCHAR)"
    if draws.period == "quarter":
        return f"year({_day(screened)}) || '-Q' || quarter({_day(screened)})"
    return f"'{draws.period}'"


def _limit(law: Law, clause: Clause, day: dt.date) -> Decimal | None:
    value = Facts(law, {"date": day}).oracle.value(law.limits[clause.id])
    return value if isinstance(value, Decimal) else None


def _least(screened: Screened, clause: Clause, law: Law) -> Decimal:
    """Return the smallest limit of any day of the book: below it no lines can pass it."""
    days = {entry.facts["date"] for entry in screened.made.dimensions[screened.made.dated].entries}
    limits = [limit for day in days if isinstance(day, dt.date) and (limit := _limit(law, clause, day)) is not None]
    return min(limits, default=Decimal(0))
