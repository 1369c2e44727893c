"""What the ledger has left of the accounts that an answer speaks of, for people who have signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.desk.people.guards import session_of
from licet.desk.render import address
from licet.errors import BadValue, LicetError, NoSuchAccount
from licet.i18n import N_
from licet.ledger.law import account_of

if TYPE_CHECKING:
    from litestar import Request

    from licet.decisions.verdict import Volume
    from licet.desk.seals import Asked
    from licet.desk.state import Desk
    from licet.desk.tongue import Tongue
    from licet.ledger import Ledger


def held_of(request: Request[Any, Any, Any], desk: Desk, found: Asked, tongue: Tongue) -> list[dict[str, Any]]:
    """Return a row for each account of an answer, none for a reader who has not signed in or without a ledger.

    ``balance`` on the day of the shipment, None where no such account is open; ``note`` says why then.
    """
    if session_of(request) is None or not found.verdict.volumes:
        return []
    ledger = desk.ledger()
    if ledger is None:
        return []
    return [_row(ledger, found, volume, tongue) for volume in found.verdict.volumes]


def _row(ledger: Ledger, found: Asked, volume: Volume, tongue: Tongue) -> dict[str, Any]:
    law = found.statutes.law(found.verdict.law.query())
    title = tongue.pick(law.clauses[volume.clause].form.title)
    try:
        name = account_of(law, found.verdict, volume).account.name
    except BadValue:
        note = tongue.text(N_("whose account it is depends on facts that are not stated"))
        return {"name": title, "href": "", "balance": None, "note": note, "fits": ""}
    try:
        balance = ledger.balance(name, on=found.verdict.law.on)
    except NoSuchAccount:
        return {"name": name, "href": "", "balance": None, "note": tongue.text(N_("not opened")), "fits": ""}
    except LicetError as error:
        return {"name": name, "href": "", "balance": None, "note": error.message, "fits": ""}
    left = balance.available
    fits = "" if volume.amount is None or left is None else N_("fits") if volume.amount <= left else N_("does not fit")
    href = address("/ledger/account", {"name": name})
    return {"name": name, "href": href, "balance": balance, "note": "", "fits": tongue.text(fits) if fits else ""}
