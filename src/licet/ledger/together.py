"""Reservations that follow one another in one commit are decided together, one guarded statement an account and day.

Where all of them fit, the order among them does not matter and one statement may add up what each would have added.
Where they do not, those of that account are decided one by one in their order: the answers are the same either way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.errors import LicetError
from licet.ledger import accounts, ceilings, refusals
from licet.ledger.model import Reserve
from licet.ledger.values import MOST, a_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.ledger.model import Account, Receipt, Request
    from licet.ledger.writing import Writing


_PLAIN = MOST // 1000


class Asked(NamedTuple):
    """A reservation on an account with limits, checked, whose key was not used before."""

    key: str
    account: Account
    amount: int
    day: str
    expires: str | None
    request: Reserve


def run_of(writing: Writing, requests: Sequence[Request], start: int) -> list[Asked]:
    """Return the plain reservations from ``start`` on; they end at the first request that needs more care."""
    run: list[Asked] = []
    keys: set[str] = set()
    for index in range(start, len(requests)):
        request = requests[index]
        if type(request) is not Reserve or request.place is not None or request.key in keys:
            break
        asked = _asked(writing, request)
        if asked is None:
            break
        run.append(asked)
        keys.add(asked.key)
    return run


def _asked(writing: Writing, request: Reserve) -> Asked | None:
    """Return a request checked; None where it has its answer already, or is to be refused with a reason."""
    try:
        if not writing.is_new(request.key):
            return None
        account = writing.account(request.account)
        if account.kind == "shares" or not account.first <= request.on <= account.last:
            return None
        if type(request.amount) is int and 0 < request.amount <= _PLAIN:
            amount = request.amount * 1000
        else:
            amount = accounts.whole(account.unit, request.amount)
        expires = a_day(request.expires, "the day of expiry") if request.expires is not None else None
        return Asked(request.key, account, amount, a_day(request.on, "the day"), expires, request)
    except (LicetError, TypeError):  # decided alone, it is refused with its reason
        return None


def reserve(writing: Writing, run: Sequence[Asked]) -> Iterable[Receipt | LicetError]:
    """Decide a run; yield what came of each, in order."""
    sums: dict[int, dict[str, int]] = {}
    for asked in run:
        days = sums.setdefault(asked.account.id, {})
        days[asked.day] = days.get(asked.day, 0) + asked.amount
    fits = {account for account, days in sums.items() if _all_fit(writing, account, days)}
    for asked in run:
        account, amount, day = asked.account, asked.amount, asked.day
        if account.id in fits or ceilings.change(writing.database, account.id, day, amount, 0):
            yield writing.reserved(asked)
        elif writing.trusting and (first := _first(writing, asked)) is not None:
            yield first
        else:
            yield refusals.exceeded(writing.database, account, amount, day, None)


def _first(writing: Writing, asked: Asked) -> Receipt | LicetError | None:
    """Return what the key of a refused request was answered before, which had only been taken to be new."""
    facts = {"kind": "reserve", "amount": asked.amount, "on_day": asked.day, "expires": asked.expires, "place": None}
    try:
        return writing.before(asked.key, asked.account, **facts)
    except LicetError as error:
        return error


def _all_fit(writing: Writing, account: int, days: dict[str, int]) -> bool:
    """Reserve the sum of each day; False, and nothing reserved, where one of them does not fit."""
    if sum(days.values()) > MOST:  # more than the databases count to
        return False
    done: list[str] = []
    for day, amount in days.items():
        if not ceilings.change(writing.database, account, day, amount, 0):
            for other in done:
                ceilings.change(writing.database, account, other, -days[other], 0)
            return False
        done.append(day)
    return True
