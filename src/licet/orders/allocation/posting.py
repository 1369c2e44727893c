"""Carries a plan out in the ledger, or gives it up; each draw has a key of its own, so that both may be asked again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import BadInput, KeyReused, LicetError, LimitExceeded, NoSuchAccount, NoSuchReservation, Settled
from licet.ledger.model import Open, Post, Receipt, Reserve, SetLimit, Void

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from licet.ledger import Ledger
    from licet.ledger.model import Request
    from licet.orders.allocation.plan import Line, Plan

_TOGETHER = 5_000
_MOST_NAMED = 5


class Posted(msgspec.Struct, frozen=True):
    """What was done: draws carried out, and those for which the ledger had no room any more (keys)."""

    done: int
    refused: tuple[str, ...] = ()


def reserve(plan: Plan, ledger: Ledger, *, what_fits: bool = False) -> Posted:
    """Reserve every draw of a plan.

    Where others have taken the room since, nothing stays reserved and :class:`BadInput` says so; with ``what_fits``
    the rest is reserved. :class:`Settled` for a plan that was discarded.
    """
    _ready(plan, ledger)
    refused: list[str] = []
    done = 0
    for requests in _chunks(_reservations(plan)):
        outcomes = ledger.batch(requests)
        done += sum(isinstance(outcome, Receipt) for outcome in outcomes)
        refused += _refused(requests, outcomes)
        if refused and not what_fits:
            discard(plan, ledger)
            named = ", ".join(refused[:_MOST_NAMED])
            raise BadInput(
                f"the ledger has no room any more for {len(refused)} draws or more ({named})",
                fix="make the plan anew, or post what fits with --what-fits",
            )
    return Posted(done, tuple(refused))


def post(plan: Plan, ledger: Ledger, *, what_fits: bool = False) -> Posted:
    """Reserve every draw of a plan, where that was not done before, and make it final. See :func:`reserve`."""
    held = reserve(plan, ledger, what_fits=what_fits)
    without = set(held.refused)
    done = 0
    keys = (key for line in _drawing(plan) if (key := plan.key(line)) not in without)
    for requests in _chunks(Post(key=key) for key in keys):
        for outcome in ledger.batch(requests):
            if isinstance(outcome, Settled):
                raise Settled(f"the plan was discarded: {outcome.message}", fix="make the plan anew")
            if isinstance(outcome, LicetError):
                raise outcome
            done += 1
    return Posted(done, held.refused)


def discard(plan: Plan, ledger: Ledger) -> Posted:
    """Give up what a plan has reserved; what was posted of it stays, and is corrected by counter-entry only."""
    done = 0
    for requests in _chunks(Void(key=plan.key(line)) for line in _drawing(plan)):
        for outcome in ledger.batch(requests):
            if isinstance(outcome, LicetError) and not isinstance(outcome, NoSuchReservation | Settled):
                raise outcome
            done += isinstance(outcome, Receipt)
    return Posted(done)


def _ready(plan: Plan, ledger: Ledger) -> None:
    """Check that it is the plan's ledger, and open the accounts that it lacks."""
    known = plan.head.ledger
    if known is not None and known["identity"] != ledger.identity:
        raise BadInput("the plan was made for another ledger", fix="name its ledger with --store, or make it anew")
    for account in plan.head.accounts:
        try:
            ledger.account(account.name)
        except NoSuchAccount:
            if account.open is None:
                raise
            _one(ledger, msgspec.convert(account.open, Open))
        for limit in account.raised:
            start, amount = dt.date.fromisoformat(limit.start), Decimal(limit.amount)
            if ledger.balance(account.name, on=start).limit != amount:
                key = f"limit of {account.name} from {start}: {amount:f}"
                _one(ledger, SetLimit(account=account.name, limit=amount, start=start, key=key))


def _one(ledger: Ledger, request: Request) -> None:
    outcome = ledger.batch([request])[0]
    if isinstance(outcome, LicetError):
        raise outcome


def _drawing(plan: Plan) -> Iterator[Line]:
    return (line for line in plan.lines() if line.status == "planned" and line.account)


def _reservations(plan: Plan) -> Iterator[Reserve]:
    expires = dt.date.fromisoformat(plan.head.expires) if plan.head.expires else None
    for line in _drawing(plan):
        yield Reserve(
            account=line.account or "",
            amount=Decimal(line.amount or 0),
            key=plan.key(line),
            on=dt.date.fromisoformat(line.date),
            expires=expires,
            place=line.place,
        )


def _refused(requests: Sequence[Any], outcomes: Sequence[Receipt | LicetError]) -> list[str]:
    found = []
    for request, outcome in zip(requests, outcomes, strict=True):
        if isinstance(outcome, LimitExceeded):
            found.append(request.key)
        elif isinstance(outcome, KeyReused):
            raise BadInput(f"the key {request.key} was used before with other facts", fix="make the plan anew")
        elif isinstance(outcome, LicetError):
            raise outcome
    return found


def _chunks(requests: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(requests)
    while chunk := list(islice(waiting, _TOGETHER)):
        yield chunk
