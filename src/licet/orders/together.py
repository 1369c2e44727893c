"""Lines that pass a limit only together: each may go alone, and all of them draw on one account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.decisions.facts import Facts
from licet.orders.book import FILE, IN_A_FILE, LINE, quoted_text
from licet.orders.screening import TPP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from licet.orders.patterns import Patterns
    from licet.orders.screening import Screened
    from licet.statutes.forms import Draw
    from licet.statutes.law import Clause, Law

MOST_WARNINGS = 1_000
MOST_IDS = 10
POSITION = f"x.{FILE} * {IN_A_FILE} + x.{LINE}"
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
    base, made = screened.book.base, screened.made
    found: list[Warned] = []
    for name, number in drawing(screened):
        law = made.laws[number]
        clause = law.clauses[name]
        if rows := drawn(screened, clause, ids(screened)):
            found += judged(
                law, clause, base.execute(f"SELECT * FROM ({rows}) {passing(made, law, clause)}").fetchall()
            )
    return most(found)


def most(found: Iterable[Warned]) -> tuple[Warned, ...]:
    """Return the accounts that pass their limit most, in that order."""
    return tuple(sorted(found, key=lambda w: (w.limit - w.total - w.used, w.account, w.holder))[:MOST_WARNINGS])


def drawing(screened: Screened) -> list[tuple[str, int]]:
    """Return each clause on whose account a line draws, and the number of the last of the laws that have it."""
    return screened.book.base.execute(
        "SELECT draws, max(law) FROM answers WHERE draws IS NOT NULL GROUP BY draws ORDER BY draws"
    ).fetchall()


def ids(screened: Screened) -> str:
    """Return the first names of some lines, in SQL: their ids, else where they stand."""
    return f"arg_min({called(screened)}, {POSITION}, {MOST_IDS})"


def called(screened: Screened) -> str:
    """Return what a line is called, in SQL."""
    return f"CAST({screened.sorted.id.sql if screened.sorted.id else f'x.{LINE}'} AS VARCHAR)"


def drawn(screened: Screened, clause: Clause, told: str) -> str:
    """Return the query of what lines draw on the accounts of a clause; empty where the book does not say whose.

    Columns: ``holder, period, total`` (TPP), ``lines, last`` (day), ``used`` and ``ids`` (the aggregate ``told``).
    """
    draws = clause.form.draws
    assert draws is not None  # noqa: S101 - only such clauses are drawn on
    holder = _holder(screened, draws)
    if not holder:
        return ""
    period, last = _period(screened, draws), _day(screened)
    used = f'max(x."n_{draws.used}")' if draws.used in screened.sorted.facts else "CAST(NULL AS DECIMAL(38, 3))"
    return (
        f"SELECT {holder} AS holder, {period} AS period, sum(CAST(x.total AS {TPP})) AS total, count(*) AS lines, "
        f"max({last}) AS last, {used} AS used, {told} AS ids "
        f"{screened.drawing()} WHERE a.draws = {quoted_text(clause.id)} AND {holder} IS NOT NULL GROUP BY 1, 2"
    )


def passing(made: Patterns, law: Law, clause: Clause) -> str:
    """Return which of the rows of :func:`drawn` may pass a limit, in SQL, and in which order they are read."""
    least = _least(made, clause, law)
    return (
        f"WHERE lines > 1 AND total + COALESCE(used, 0) > {least} "
        f"ORDER BY total DESC, holder, period LIMIT {MOST_WARNINGS}"
    )


def judged(law: Law, clause: Clause, rows: Iterable[tuple[Any, ...]]) -> Iterator[Warned]:
    """Yield which of the rows of :func:`drawn` pass the limit of their day."""
    draws = clause.form.draws
    assert draws is not None  # noqa: S101 - only such clauses are drawn on
    for holder, period, total, lines, day, before, found in rows:
        limit = _limit(law, clause, day)
        used = before or Decimal(0)
        if limit is not None and total + used > limit:
            yield Warned(draws.account, clause.id, holder, period, limit, used, total, lines, tuple(found or ()))


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


def _least(made: Patterns, clause: Clause, law: Law) -> Decimal:
    """Return the smallest limit of any day of the book: below it no lines can pass it."""
    days = {entry.facts["date"] for entry in made.dimensions[made.dated].entries}
    limits = [limit for day in days if isinstance(day, dt.date) and (limit := _limit(law, clause, day)) is not None]
    return min(limits, default=Decimal(0))
