"""The volumes of the law at one place: which accounts a shipment there could draw on, and what is left of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from licet.decisions import Query, ask
from licet.decisions.facts import Facts
from licet.desk.state import SYSTEM
from licet.errors import BadValue, LawError
from licet.ledger.law import account_for

if TYPE_CHECKING:
    import datetime as dt

    from licet.statutes import Clause, Statutes

ITEM = "h100-sxm"
"""The chip by which a volume is asked for and told in units."""


class VolumeThere(NamedTuple):
    """A clause that gives a volume at a place.

    ``limit`` is in TPP; ``units``: how many of :data:`ITEM` that is; ``account``: its name in a ledger, empty where
    the place alone does not say whose it is; ``open``: the clause wants facts beside the place.
    """

    clause: Clause
    limit: Decimal
    units: int | None
    account: str
    open: bool


def volumes(statutes: Statutes, day: dt.date, code: str) -> list[VolumeThere]:
    """Return the volumes that a shipment of controlled chips to a place could draw on, as the code prints them."""
    law = statutes.law(Query(day, SYSTEM, "written"))
    asked = {"chip": ITEM, "quantity": 1, "destination": code}
    verdict = ask(statutes, asked, on=day, basis="written", headquarters_taken=True)
    if not verdict.controlled:
        return []
    facts = Facts(law, dict(verdict.facts))
    found = []
    for clause in law.of_kind("allocation", "exception", "authorization"):
        truth = verdict.trace.get(clause.id, False)
        if clause.form.draws is None or truth is False:
            continue
        limit = facts.oracle.value(law.limits[clause.id])
        if isinstance(limit, Decimal):
            units = int(limit // verdict.total_tpp) if verdict.total_tpp else None
            try:
                account = account_for(law, clause, verdict.facts, day).name
            except (BadValue, LawError):
                account = ""
            found.append(VolumeThere(clause, limit, units, account, truth is None))
    return found
