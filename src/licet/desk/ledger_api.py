"""The ledger for programs. Every write has the ledger's own key: sent again, it is not done again."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from licet.decisions.line import plain
from licet.desk.forms import day as day_of
from licet.desk.once import IdempotencyKey, key_needed, links, pages
from licet.desk.people.guards import needs, who
from licet.desk.problems import RESPONSES
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.errors import BadValue, NoSuchAccount, NoSuchReservation

if TYPE_CHECKING:
    from licet.ledger import Account, Ledger, Receipt

READS = needs("reader", "ledger:read")
WRITES = needs("officer", "ledger:write")
_MOST = 500
Amount = (
    Annotated[int, msgspec.Meta(ge=1, le=10**15)]
    | Annotated[str, msgspec.Meta(pattern="^[0-9]{1,15}([.][0-9]{1,3})?$", max_length=20)]
)
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Opening(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An account: ``limit`` in its unit for all days of ``first`` to ``last``, both included."""

    name: Name
    limit: Amount
    kind: Annotated[str, msgspec.Meta(pattern="^(flow|stock)$")] = "flow"
    unit: Annotated[str, msgspec.Meta(pattern="^(TPP|unit)$")] = "TPP"
    first: dt.date | None = None
    last: dt.date | None = None


class Drawing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An amount of an account for the day ``on``; ``expires``: the last day on which a reservation holds."""

    account: Name
    amount: Amount
    on: dt.date
    expires: dt.date | None = None
    place: Place | None = None


class Adding(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An amount that is posted at once."""

    account: Name
    amount: Amount
    on: dt.date
    place: Place | None = None


class Posting(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The reservation of ``key`` made final; with a smaller ``amount`` the rest becomes free."""

    key: Key
    amount: Amount | None = None


class Voiding(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The reservation of ``key`` given up."""

    key: Key


@get("/api/v1/ledger/accounts", tags=["ledger"], responses=RESPONSES, guards=[READS])
@threaded
def list_accounts(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(description="part of a name")] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = 100,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> Response[dict[str, Any]]:
    """List the accounts in the order in which they were opened; ``Link`` leads to the next of them."""
    ledger, wanted = desk.ledger(), q.strip()[:100].casefold()
    found = [one for one in (ledger.accounts() if ledger else []) if wanted in one.name.casefold()]
    items = [_account(one) for one in found[offset : offset + limit]]
    return Response({"total": len(found), "items": items}, headers=pages(request, limit, offset, len(found)))


@post("/api/v1/ledger/accounts", tags=["ledger"], status_code=201, responses=RESPONSES, guards=[WRITES])
@threaded
def open_account(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: JSONBody[Opening]
) -> Response[dict[str, Any]]:
    """Open an account; the same again changes nothing."""
    ledger = desk.ledger_to_write()
    kind: Any = data.kind
    unit: Any = data.unit
    receipt = ledger.open_account(
        data.name, _amount(data.limit), kind=kind, unit=unit, first=data.first, last=data.last
    )
    return _entered(request, desk, receipt, 201)


@get("/api/v1/ledger/account", tags=["ledger"], responses=RESPONSES, guards=[READS])
@threaded
def show_account(
    desk: NamedDependency[Desk],
    name: Annotated[str, QueryParameter(description="the account's name, as the list has it")],
    on: Annotated[
        str, QueryParameter(description="the day; default: today, or the day of its period nearest to it")
    ] = "",
) -> Response[dict[str, Any]]:
    """Show how an account stands on a day."""
    ledger = _ledger(desk, name)
    account = ledger.account(name)
    if on and day_of(on) is None:
        raise BadValue("on is a day from 2000 to 2100", fix="write on=2025-06-02")
    day = min(max(day_of(on) or desk.today(), account.first), account.last)
    balance = ledger.balance(name, on=None if account.kind == "shares" else day)
    return Response({**_account(account), "balance": _plain(balance)})


@get("/api/v1/ledger/entries", tags=["ledger"], responses=RESPONSES, guards=[READS])
@threaded
def list_entries(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    name: Annotated[str, QueryParameter(description="the account's name")],
    before: Annotated[
        int | None, QueryParameter(ge=1, le=2**62, description="only entries before this sequence")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = 100,
) -> Response[dict[str, Any]]:
    """List the entries of an account, the last one first; ``Link`` leads to those before them."""
    found = _ledger(desk, name).entries(name, before=before, count=limit + 1)
    older = {"before": found[limit - 1].sequence} if len(found) > limit else None
    return Response({"items": [_plain(one) for one in found[:limit]]}, headers=links(request, next=older))


@get("/api/v1/ledger/reservation", tags=["ledger"], responses=RESPONSES, guards=[READS])
@threaded
def show_reservation(
    desk: NamedDependency[Desk], key: Annotated[str, QueryParameter(description="the key it was made with")]
) -> Response[dict[str, Any]]:
    """Show a reservation and what became of it."""
    ledger = desk.ledger()
    if ledger is None:
        raise NoSuchReservation("nothing was reserved yet", fix="reserve first")
    return Response(_plain(ledger.reservation(key)))


@post("/api/v1/ledger/reserve", tags=["ledger"], status_code=201, responses=RESPONSES, guards=[WRITES])
@threaded
def reserve(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: JSONBody[Drawing], key: IdempotencyKey = None
) -> Response[dict[str, Any]]:
    """Hold an amount for a day. The ``Idempotency-Key`` is the reservation's key, and must be there."""
    held, ledger = key_needed(key), _ledger(desk, data.account)
    amount = _amount(data.amount)
    receipt = ledger.reserve(data.account, amount, key=held, on=data.on, expires=data.expires, place=data.place)
    return _entered(request, desk, receipt, 201)


@post("/api/v1/ledger/add", tags=["ledger"], status_code=201, responses=RESPONSES, guards=[WRITES])
@threaded
def add(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: JSONBody[Adding], key: IdempotencyKey = None
) -> Response[dict[str, Any]]:
    """Post an amount at once. The ``Idempotency-Key`` is the entry's key, and must be there."""
    held, ledger = key_needed(key), _ledger(desk, data.account)
    receipt = ledger.add(data.account, _amount(data.amount), key=held, on=data.on, place=data.place)
    return _entered(request, desk, receipt, 201)


@post("/api/v1/ledger/post", tags=["ledger"], status_code=200, responses=RESPONSES, guards=[WRITES])
@threaded
def post_reservation(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: JSONBody[Posting]
) -> Response[dict[str, Any]]:
    """Make a reservation final; the same again changes nothing."""
    amount = _amount(data.amount) if data.amount is not None else None
    return _entered(request, desk, _reserved(desk, data.key).post(data.key, amount), 200)


@post("/api/v1/ledger/void", tags=["ledger"], status_code=200, responses=RESPONSES, guards=[WRITES])
@threaded
def void_reservation(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: JSONBody[Voiding]
) -> Response[dict[str, Any]]:
    """Give a reservation up; the same again changes nothing."""
    return _entered(request, desk, _reserved(desk, data.key).void(data.key), 200)


def _entered(request: Request[Any, Any, Any], desk: Desk, receipt: Receipt, status: int) -> Response[dict[str, Any]]:
    """Note who has written what, and return the receipt."""
    told = {"person": who(request).name, "sequence": receipt.sequence, "what": receipt.kind}
    desk.noted("ledger written", **told)
    return Response(_plain(receipt), status_code=status)


def _ledger(desk: Desk, account: str) -> Ledger:
    ledger = desk.ledger()
    if ledger is None:
        raise NoSuchAccount(f"there is no account {account[:100]!r}", fix="open it first")
    return ledger


def _reserved(desk: Desk, key: str) -> Ledger:
    ledger = desk.ledger()
    if ledger is None:
        raise NoSuchReservation(f"nothing was reserved under {key[:100]!r}", fix="reserve first")
    return ledger


def _amount(given: int | str) -> Decimal | int:
    return Decimal(given) if isinstance(given, str) else given


def _account(account: Account) -> dict[str, Any]:
    told = _plain(account)
    del told["id"]
    return told


def _plain(value: Any) -> dict[str, Any]:
    """Return a struct of the ledger as JSON values: amounts as exact numbers, days as text."""
    found: dict[str, Any] = _values(msgspec.to_builtins(value, builtin_types=(Decimal,)))
    return found


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _values(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_values(one) for one in value]
    return plain(value) if isinstance(value, Decimal) else value


HANDLERS = (
    list_accounts,
    open_account,
    show_account,
    list_entries,
    show_reservation,
    reserve,
    add,
    post_reservation,
    void_reservation,
)
