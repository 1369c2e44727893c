"""What a book came to: by outcome, place, chip and account; what was warned of; which columns were read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.decisions.line import plain
from licet.orders.book import ANSWER, TAKES, TOTAL
from licet.orders.deciding import ALLOCATES, DRAWS
from licet.orders.together import PARTIES, warnings

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.orders.screening import Screened
    from licet.orders.together import Warned

MOST_GROUPS = 1_000
"""So many groups of a kind are told, those with most lines first."""


def summarize(screened: Screened) -> dict[str, Any]:
    """Return the summary as plain JSON values; amounts are TPP.

    ``lines`` = ``answered`` + ``rejected``. ``drawn_tpp``: what the lines of a group draw on an account with a limit,
    under an exception or, if a license is granted, under it. Nobody was screened: ``not_examined`` says so.
    """
    found, values = screened.sorted, screened.made.values
    party = next((name for name in PARTIES if name in found.facts), None)
    beside = f"SELECT answer AS {ANSWER}, takes AS {TAKES}, total AS {TOTAL} FROM byrow"
    groups = {"by_outcome": _groups(screened, "outcome", screened.answers.lookup("outcome"), str, source=beside)}
    if (place := found.facts.get("destination")) is not None:
        groups["by_place"] = _groups(screened, "place", place.sql, lambda raw: values.read("destination", raw))
    if found.chip is not None:
        groups["by_chip"] = _groups(screened, "chip", found.chip.sql, values.chip_id)
    if party:
        groups["by_account"] = _groups(screened, "account", f"trim({found.facts[party].sql})", str, most=MOST_GROUPS)
    not_read = dict(found.unread)
    return {
        "lines": screened.lines,
        "answered": screened.lines - screened.rejected,
        "rejected": screened.rejected,
        "files": list(screened.book.files),
        "columns": {
            "read": [column.name for column in screened.book.columns if column.name not in not_read],
            "not_read": [{"name": name, "near": near or None} for name, near in found.unread],
        },
        **groups,
        "account": party,
        "warnings": [_warned(item) for item in warnings(screened)],
        "laws": _laws(screened),
        "patterns": screened.answers.patterns,
        "not_examined": ["parties"],
    }


def _groups(  # noqa: PLR0913, PLR0917 - what is grouped, by what, and how it is shown
    screened: Screened, name: str, by: str, shown: Callable[[Any], Any], most: int = 0, source: str = ""
) -> list[dict[str, Any]]:
    """Return lines and amounts by a column, spellings of one thing joined; ``most``: only so many groups are read."""
    rows = screened.book.base.execute(
        f"SELECT {by} AS of, count(*) AS lines, sum({TOTAL}) FILTER ({TAKES} & {DRAWS} = {DRAWS}) AS drawn, "
        f"sum({TOTAL}) FILTER ({TAKES} & {ALLOCATES} = {ALLOCATES}) AS allocation "
        f"FROM ({source or screened.beside()}) WHERE {ANSWER} IS NOT NULL GROUP BY of "
        f"ORDER BY lines DESC, of {f'LIMIT {most}' if most else ''}"
    ).fetchall()
    joined: dict[Any, list[Any]] = {}
    for raw, lines, drawn, allocation in rows:
        sums = joined.setdefault(None if raw is None or not str(raw).strip() else shown(raw), [0, 0, 0])
        for place, more in enumerate((lines, drawn or 0, allocation or 0)):
            sums[place] += more
    found = sorted(joined.items(), key=lambda item: (-item[1][0], str(item[0])))
    return [
        {name: key, "lines": lines, "drawn_tpp": plain(Decimal(drawn)), "allocation_tpp": plain(Decimal(allocation))}
        for key, (lines, drawn, allocation) in found[:MOST_GROUPS]
    ]


def _warned(item: Warned) -> dict[str, Any]:
    return {
        "account": item.account,
        "clause": item.clause,
        "holder": item.holder,
        "period": item.period,
        "limit_tpp": plain(item.limit),
        "used_tpp": plain(item.used),
        "total_tpp": plain(item.total),
        "lines": item.lines,
        "ids": list(item.ids),
    }


def _laws(screened: Screened) -> list[dict[str, Any]]:
    queries = zip(screened.made.laws, screened.made.queries, strict=True)
    return [
        {"digest": law.digest, "basis": query.basis, "first_day": query.on.isoformat(), "readings": dict(law.readings)}
        for law, query in queries
    ]
