"""Every place under one law: its tier, and what a transaction would meet there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.catalog.places import places
from licet.decisions.decide import decide
from licet.decisions.facts import CHARTED, Facts, read_transaction, take_headquarters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.decisions.verdict import Verdict
    from licet.statutes.law import Law, Query


def tier(law: Law, code: str) -> int | None:
    """Return the tier of a party that is located, headquartered and parented in a place.

    None where the law has no tiers (before 2025-01-13), and for a place that the country chart gives no row.
    """
    row = places()[code].row
    if row is None:
        return None
    facts = Facts(law, {"destination": row, "headquarters": row, "parent_headquarters": row})
    return next((int(c.form.yields) for c in law.of_kind("tier") if facts.oracle.clause(c.id)), None)


def tiers(law: Law) -> dict[str, int | None]:
    """Return the tier of every place, by code; see :func:`tier`."""
    by_row: dict[str | None, int | None] = {None: None}
    for code, place in places().items():
        if place.row not in by_row:
            by_row[place.row] = tier(law, code)
    return {code: by_row[place.row] for code, place in places().items()}


def everywhere(law: Law, query: Query, facts: Mapping[str, Any]) -> dict[str, Verdict]:
    """Return the verdict on the same transaction to every place, its headquarters there too, by code.

    ``facts`` as :func:`read_transaction` takes them, without places. Places that no set and no clause of the law tells
    apart share one verdict, whose own facts name the first of them.
    """
    decided: dict[frozenset[str], Verdict] = {}
    found = {}
    for code, place in places().items():
        alike = told_apart(law, place.row if law.system == CHARTED else code)
        if alike not in decided:
            transaction = read_transaction({**facts, "destination": code, "date": query.on}, law.vocabulary)
            decided[alike] = decide(law, take_headquarters(transaction), query)
        found[code] = decided[alike]
    return found


def told_apart(law: Law, code: str | None) -> frozenset[str]:
    """Return all that a law can say of a place: the sets that it is in, and its code where a clause names it."""
    if code is None:
        return frozenset({"no row"})
    return frozenset({name for name, members in law.sets.items() if code in members} | ({code} & law.places_named))
