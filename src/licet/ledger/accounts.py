"""Accounts: opened once, read by name."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from licet.errors import BadValue, NoSuchAccount
from licet.ledger.model import FIRST_DAY, LAST_DAY, Account, Limit, Share
from licet.ledger.shares import AT, SEPARATOR, TOTAL
from licet.ledger.values import LONGEST_NAME, LONGEST_NOTE, MOST, a_day, text, thousandths, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.ledger.database import Database
    from licet.ledger.model import Open

_MOST_LIMITS = 1_000
_MOST_SHARES = 20
_MOST_PLACES = 300
_SELECT = "SELECT id, name, kind, unit, first_day, last_day, facts FROM ledger_accounts"


class Facts(msgspec.Struct, frozen=True):
    """What an account was opened with, as it is stored: limits in thousandths by first day."""

    limits: list[tuple[str, int]]
    shares: list[Share]
    details: dict[str, str]


class Draft(msgspec.Struct, frozen=True):
    """A checked request to open an account, as it is stored."""

    name: str
    kind: str
    unit: str
    first_day: str
    last_day: str
    facts: str

    @property
    def note(self) -> str:
        """All of it as one text, for the entry that opens the account."""
        return msgspec.json.encode(msgspec.structs.astuple(self)).decode()


def draft(request: Open) -> Draft:
    """Check a request to open an account. Raises :class:`BadValue`."""
    name = text(request.name, "the name of the account", LONGEST_NAME)
    first = a_day(request.first, "the first day") if request.first else FIRST_DAY
    last = a_day(request.last, "the last day") if request.last else LAST_DAY
    if first > last:
        raise BadValue(f"the period of {name} ends before it begins", fix="give the first day, then the last")
    if request.kind not in ("flow", "stock", "shares") or request.unit not in ("TPP", "unit"):
        raise BadValue(f"no account is a {request.kind} of {request.unit}", fix="flow, stock or shares of TPP or unit")
    limits = [] if request.kind == "shares" else _limits(request, first, last)
    facts = Facts(limits, _shares(request), _details(request.details))
    return Draft(name, request.kind, request.unit, first, last, msgspec.json.encode(facts, order="sorted").decode())


def _limits(request: Open, first: str, last: str) -> list[tuple[str, int]]:
    if not all(isinstance(one, Limit) for one in request.limits):
        raise BadValue(f"the limits of {request.name} are no limits by day", fix="give Limit(day, amount) for each")
    limits = sorted((a_day(one.start, "the first day of a limit"), one.amount) for one in request.limits)
    if not limits or request.shares:
        raise BadValue(f"{request.name} needs a limit and no shares", fix="give one, zero if nothing may be drawn")
    if len(limits) > _MOST_LIMITS:
        raise BadValue(f"{request.name} has {len(limits)} limits", fix=f"at most {_MOST_LIMITS}")
    days = [max(day, first) for day, _ in limits]
    if days[0] != first or len(set(days)) != len(days) or days[-1] > last:
        raise BadValue(
            f"the limits of {request.name} do not cover its period once", fix="let the first begin on its first day"
        )
    return [
        (day, whole(request.unit, amount, "a limit", zero=True)) for day, (_, amount) in zip(days, limits, strict=True)
    ]


def _shares(request: Open) -> list[Share]:
    if bool(request.shares) != (request.kind == "shares"):
        raise BadValue(f"{request.name}: shares are for an account of shares", fix="give kind='shares' and its shares")
    if len(request.shares) > _MOST_SHARES or len({share.name for share in request.shares}) != len(request.shares):
        raise BadValue(
            f"the shares of {request.name} are too many, or two have one name", fix=f"at most {_MOST_SHARES}"
        )
    for share in request.shares:
        text(share.name, "the name of a share", LONGEST_NAME)
        if share.name in (TOTAL, AT) or SEPARATOR in share.name or not 0 <= share.percent <= 100:
            raise BadValue(f"{share.name!r} of {share.percent} % is no share", fix="a name, and 0 to 100 whole percent")
        if len(share.within) > _MOST_PLACES:
            raise BadValue(f"{share.name} leaves out {len(share.within)} places", fix=f"at most {_MOST_PLACES}")
    return [msgspec.structs.replace(share, within=tuple(sorted(share.within))) for share in request.shares]


def _details(details: dict[str, str]) -> dict[str, str]:
    for name, value in details.items():
        text(name, "the name of a detail", LONGEST_NAME)
        text(value, f"the detail {name}", LONGEST_NOTE)
    return details


def whole(unit: str, amount: object, what: str = "the amount", *, zero: bool = False, most: int = MOST) -> int:
    """Return an amount in thousandths; one of units must be whole."""
    found = thousandths(amount, what, zero=zero, most=most)  # type: ignore[arg-type]  # checked there
    if unit == "unit" and found % 1000:
        raise BadValue(f"{what} is no whole number of units", fix="units are not divided")
    return found


def read(database: Database, name: str) -> Account:
    """Return the account of a name; :class:`NoSuchAccount` if there is none."""
    found = database.rows(f"{_SELECT} WHERE name = ?", (text(name, "the name of the account", LONGEST_NAME),))
    if not found:
        raise NoSuchAccount(
            f"there is no account {name[:LONGEST_NAME]!r}", fix="licet ledger balance lists the accounts"
        )
    return account(found[0])


def read_all(database: Database) -> list[Account]:
    """Return every account, in the order in which they were opened."""
    return [account(row) for row in database.rows(f"{_SELECT} ORDER BY id")]


def account(row: Sequence[object]) -> Account:
    """Return the account of a row."""
    number, name, kind, unit, first, last, stored = row
    facts = msgspec.json.decode(str(stored), type=Facts)
    return msgspec.convert(
        {
            "id": number,
            "name": name,
            "kind": kind,
            "unit": unit,
            "first": dt.date.fromisoformat(str(first)),
            "last": dt.date.fromisoformat(str(last)),
            "limits": tuple(Limit(dt.date.fromisoformat(day), units(amount)) for day, amount in facts.limits),
            "shares": tuple(facts.shares),
            "details": facts.details,
        },
        Account,
    )
