"""Why an amount is refused, and how much there is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.errors import LimitExceeded
from licet.ledger import ceilings, shares
from licet.ledger.values import shown, units

if TYPE_CHECKING:
    from licet.ledger.database import Database
    from licet.ledger.model import Account


def exceeded(database: Database, account: Account, amount: int, day: str, place: str | None) -> LimitExceeded:
    """Return the refusal of an amount that has no room."""
    if place is not None:
        left, at = shares.free(database, account, place), f" at {place}"
    else:
        left, at = max(ceilings.free(database, account.id, day), 0), ""
    return short(account, amount, left, f"{account.name} has {shown(units(left))} {account.unit} left for {day}{at}")


def too_little(database: Database, account: Account, amount: int, day: str, place: str | None) -> LimitExceeded:
    """Return the refusal of taking out more than is there."""
    if place is None:
        left = max(ceilings.removable(database, account.id, day), 0)
        return short(account, amount, left, f"{account.name} has {shown(units(left))} posted from {day} on")
    left = shares.posted_at(database, account, place)
    what = f"{account.name} has {shown(units(left))} posted at {place}"
    if left >= amount:
        left, what = 0, f"with less at {place} other shares of {account.name} would pass their limits"
    return short(account, amount, left, what)


def short(account: Account, amount: int, left: int, what: str) -> LimitExceeded:
    """Return a refusal in these words."""
    asked = units(amount)
    fix = "ask for less, or wait until some is free"
    message = f"{what}; {shown(asked)} was asked for"
    return LimitExceeded(message, account=account.name, requested=asked, available=units(left), fix=fix)
