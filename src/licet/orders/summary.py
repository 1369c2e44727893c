"""What a book came to: by outcome, place, chip and account; what was warned of; which columns were read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from licet.decisions.line import plain
from licet.orders.book import ANSWER, TAKES, TOTAL
from licet.orders.deciding import ALLOCATES, DRAWS
from licet.orders.together import PARTIES, warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from licet.orders.patterns import Patterns
    from licet.orders.screening import Screened
    from licet.orders.together import Warned

MOST_GROUPS = 1_000
"""So many groups of a kind are told, those with most lines first."""


Rows: TypeAlias = "list[tuple[Any, int, Any, Any]]"
"""Of each value of a column as it stands in the book: lines, TPP drawn on accounts, TPP that licenses would draw."""


@dataclass(frozen=True)
class Totals:
    """What the lines of a book came to, before it is put in words: :data:`Rows` by kind, warnings, counts."""

    lines: int
    rejected: int
    patterns: int
    groups: Mapping[str, Rows]
    warnings: tuple[Warned, ...]


def summarize(screened: Screened) -> dict[str, Any]:
    """Return the summary of a book (:func:`summary`)."""
    groups = {
        name: screened.book.base.execute(grouped(screened, name) + ordered(name)).fetchall()
        for name in grouping(screened.made)
    }
    totals = Totals(screened.lines, screened.rejected, screened.answers.patterns, groups, warnings(screened))
    return summary(screened.made, totals)


def summary(made: Patterns, totals: Totals) -> dict[str, Any]:
    """Return the summary as plain JSON values; amounts are TPP.

    ``lines`` = ``answered`` + ``rejected``. ``drawn_tpp``: what the lines of a group draw on an account with a limit,
    under an exception or, if a license is granted, under it. Nobody was screened: ``not_examined`` says so.
    """
    values = made.values
    shown: dict[str, Callable[[Any], Any]] = {
        "outcome": str,
        "place": lambda raw: values.read("destination", raw),
        "chip": values.chip_id,
        "account": str,
    }
    not_read = dict(made.sorted.unread)
    return {
        "lines": totals.lines,
        "answered": totals.lines - totals.rejected,
        "rejected": totals.rejected,
        "files": list(made.book.files),
        "columns": {
            "read": [column.name for column in made.book.columns if column.name not in not_read],
            "not_read": [{"name": name, "near": near or None} for name, near in made.sorted.unread],
        },
        **{f"by_{name}": _joined(totals.groups[name], name, shown[name]) for name in grouping(made)},
        "account": party(made),
        "warnings": [_warned(item) for item in totals.warnings],
        "laws": _laws(made),
        "patterns": totals.patterns,
        "not_examined": ["parties"],
    }


def party(made: Patterns) -> str | None:
    """Return the column by which lines to one party are told."""
    return next((name for name in PARTIES if name in made.sorted.facts), None)


def grouping(made: Patterns) -> dict[str, str]:
    """Return by what lines are grouped: the kind of group, and its expression over a row of the book."""
    found = {"outcome": ""}
    if (place := made.sorted.facts.get("destination")) is not None:
        found["place"] = place.sql
    if made.sorted.chip is not None:
        found["chip"] = made.sorted.chip.sql
    if name := party(made):
        found["account"] = f"trim({made.sorted.facts[name].sql})"
    return found


def grouped(screened: Screened, name: str) -> str:
    """Return the query of lines and amounts by a kind of :func:`grouping`: ``of, lines, drawn, allocation``."""
    beside = f"SELECT answer AS {ANSWER}, takes AS {TAKES}, total AS {TOTAL} FROM byrow"
    source = beside if name == "outcome" else screened.beside()
    by = screened.answers.lookup("outcome") if name == "outcome" else grouping(screened.made)[name]
    return (
        f"SELECT {by} AS of, count(*) AS lines, sum({TOTAL}) FILTER ({TAKES} & {DRAWS} = {DRAWS}) AS drawn, "
        f"sum({TOTAL}) FILTER ({TAKES} & {ALLOCATES} = {ALLOCATES}) AS allocation "
        f"FROM ({source}) WHERE {ANSWER} IS NOT NULL GROUP BY of"
    )


def ordered(name: str) -> str:
    """Return in which order the groups of a kind are read, and how many of them."""
    return f" ORDER BY lines DESC, of {f'LIMIT {MOST_GROUPS}' if name == 'account' else ''}"


def _joined(rows: Rows, name: str, shown: Callable[[Any], Any]) -> list[dict[str, Any]]:
    """Return groups as they are told, spellings of one thing joined."""
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


def _laws(made: Patterns) -> list[dict[str, Any]]:
    queries = zip(made.laws, made.queries, strict=True)
    return [
        {"digest": law.digest, "basis": query.basis, "first_day": query.on.isoformat(), "readings": dict(law.readings)}
        for law, query in queries
    ]
