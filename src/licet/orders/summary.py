"""What a book came to: by outcome, place, chip and account; what was warned of; which columns were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.decisions.line import plain
from licet.orders.screening import TPP, Screened
from licet.orders.together import PARTIES, warnings

if TYPE_CHECKING:
    from licet.orders.together import Warned

MOST_GROUPS = 1_000
"""So many groups of a kind are told, those with most lines first."""


def summarize(screened: Screened) -> dict[str, Any]:
    """Return the summary as plain JSON values; amounts are TPP.

    ``lines`` = ``answered`` + ``rejected``. ``drawn_tpp``: what the lines of a group draw on an account with a limit,
    under an exception or, if a license is granted, under it. Nobody was screened: ``not_examined`` says so.
    """
    facts = screened.sorted.facts
    party = next((name for name in PARTIES if name in facts), None)
    groups = {"outcome": "a.outcome"}
    made = screened.made
    shown = {"place": made.columns.get("destination"), "chip": made.chip}
    for name, place in shown.items():
        groups |= {name: f"x.{made.dimensions[place].column('shown', list)}"} if place is not None else {}
    groups |= {"account": f"trim(x.{facts[party].sql})"} if party else {}
    return {
        "lines": screened.lines,
        "answered": screened.lines - screened.rejected,
        "rejected": screened.rejected,
        "files": list(screened.book.files),
        "columns": {
            "read": [
                column.name for column in screened.book.columns if column.name not in dict(screened.sorted.unread)
            ],
            "not_read": [{"name": name, "near": near or None} for name, near in screened.sorted.unread],
        },
        **{f"by_{name}": rows for name, rows in _groups(screened, groups).items()},
        "account": party,
        "warnings": [_warned(item) for item in warnings(screened)],
        "laws": _laws(screened),
        "patterns": screened.answers.patterns,
        "not_examined": ["parties"],
    }


def _groups(screened: Screened, groups: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the groups of each kind; one reading of the book makes them all."""
    base = screened.book.base
    numbers = ", ".join(f"{text} AS g{n}" for n, text in enumerate(groups.values()))
    sets = ", ".join(f"(g{n})" for n in range(len(groups)))
    kinds = ", ".join(f"g{n}" for n in range(len(groups)))
    rows = base.execute(
        f"SELECT grouping({kinds}) AS kind, {kinds}, count(*) AS lines, sum(drawn) AS drawn, "
        f"sum(allocation) AS allocation "
        f"FROM (SELECT {numbers}, CASE WHEN a.draws IS NOT NULL THEN CAST(x.total AS {TPP}) END AS drawn, "
        f"{screened.drawn()} AS allocation {screened.joined()}) "
        f"GROUP BY GROUPING SETS ({sets}) "
        f"QUALIFY row_number() OVER (PARTITION BY kind ORDER BY lines DESC, {kinds}) <= {MOST_GROUPS} "
        f"ORDER BY kind, lines DESC, {kinds}"
    ).fetchall()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in groups}
    names = list(groups)
    for kind, *values, lines, drawn, allocation in rows:
        # Each bit of ``kind`` says that a column is not grouped by, the first column's the highest.
        place = next(n for n in range(len(names)) if not kind >> (len(names) - 1 - n) & 1)
        found[names[place]].append(
            {
                names[place]: values[place],
                "lines": lines,
                "drawn_tpp": plain(drawn) or 0,
                "allocation_tpp": plain(allocation) or 0,
            }
        )
    return found


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
