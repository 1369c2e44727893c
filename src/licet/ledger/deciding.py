"""What each request does: one guarded statement decides, then an entry says what was done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.errors import BadValue, KeyReused, LicetError, NoSuchReservation, NotWritten
from licet.ledger import accounts, ceilings, refusals, shares, together
from licet.ledger.database import Clashed
from licet.ledger.model import Add, Correct, Expire, Open, Post, Remove, Request, Reserve, SetLimit, Transfer, Void
from licet.ledger.values import LONGEST_NAME, LONGEST_NOTE, MOST, MOST_SHARED, a_day, shown, text, thousandths, units
from licet.ledger.writing import Memory, Writing, receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from licet.ledger.chain import Row
    from licet.ledger.database import Database
    from licet.ledger.model import Account, Receipt

_OPEN = (
    "INSERT INTO ledger_accounts (id, name, kind, unit, first_day, last_day, facts) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO ledger_ceilings (account, first_day, last_day, ceiling, reserved, posted) VALUES (?, ?, ?, ?, 0, 0)",
)
_NEXT_LIMIT = "SELECT MIN(on_day) FROM ledger_entries WHERE account = ? AND kind = 'limit' AND on_day > ?"
_LATEST = "SELECT MAX(on_day) FROM ledger_entries WHERE account = ?"


class _Drawn(NamedTuple):
    """An amount of an account on a day, at a place where the account is counted by place; checked."""

    account: Account
    amount: int
    day: str
    place: str | None


def run(
    database: Database, memory: Memory, requests: Sequence[Request], clock: Callable[[], str]
) -> list[Receipt | LicetError]:
    """Carry out requests in one transaction, each whole or not at all; return what came of each, once it is kept."""
    if memory.may_trust():
        try:
            return _run(database, memory, requests, clock, trusting=True)
        except Clashed:
            memory.forget()
    return _run(database, memory, requests, clock, trusting=False)


def _run(
    database: Database, memory: Memory, requests: Sequence[Request], clock: Callable[[], str], *, trusting: bool
) -> list[Receipt | LicetError]:
    outcomes: list[Receipt | LicetError] = []
    with database.writing():
        writing = Writing(database, memory, clock(), trusting=trusting)
        writing.look_up(requests)
        while len(outcomes) < len(requests):
            plain = together.run_of(writing, requests, len(outcomes))
            outcomes += together.reserve(writing, plain)
            if len(outcomes) < len(requests):
                outcomes.append(_one(writing, requests[len(outcomes)]))
        writing.flush()
    memory.accounts.update(writing.opened)
    memory.end = writing.end
    return outcomes


def _one(writing: Writing, request: Request) -> Receipt | LicetError:
    try:
        return _WAYS[type(request)](writing, request)
    except NotWritten:
        raise
    except LicetError as error:
        return error


def _open(writing: Writing, request: Open) -> Receipt:
    draft = accounts.draft(request)
    there = writing.database.rows("SELECT id FROM ledger_accounts WHERE name = ?", (draft.name,))
    if there:
        opening = writing.opening(there[0][0])
        if opening.note != draft.note:
            raise KeyReused(f"there is another account {draft.name!r}", fix="choose another name")
        return receipt(opening, draft.name)
    number = int(writing.database.rows("SELECT COALESCE(MAX(id), 0) FROM ledger_accounts")[0][0]) + 1
    row = (number, draft.name, draft.kind, draft.unit, draft.first_day, draft.last_day, draft.facts)
    writing.database.insert(_OPEN[0], [row])
    account = writing.opened[draft.name] = accounts.account(row)
    if account.kind == "shares":
        shares.opened(writing.database, number, account.shares)
    else:
        starts = [limit.start for limit in account.limits]
        ends = [*(start - dt.timedelta(days=1) for start in starts[1:]), account.last]
        rows = [
            (number, limit.start.isoformat(), end.isoformat(), thousandths(limit.amount, zero=True))
            for limit, end in zip(account.limits, ends, strict=True)
        ]
        writing.database.insert(_OPEN[1], rows)
    return writing.enter(account, "open", note=draft.note)


def _set_limit(writing: Writing, request: SetLimit) -> Receipt:
    account = writing.account(request.account)
    if account.kind == "shares":
        raise BadValue(f"{account.name} has shares and no limit", fix="open another account with other shares")
    limit = accounts.whole(account.unit, request.limit, "the limit", zero=True)
    day = _within(account, request.start)
    if before := writing.before(request.key, account, kind="limit", amount=limit, on_day=day):
        return before
    _cut(writing, account, day)
    later = [one.start.isoformat() for one in account.limits if one.start.isoformat() > day]
    stated = writing.database.rows(_NEXT_LIMIT, (account.id, day))[0][0]
    following = min([*later, *([stated] if stated else [])], default=None)
    last = _day_before(following) if following else account.last.isoformat()
    ceilings.set_limit(writing.database, account.id, day, last, limit)
    return writing.enter(account, "limit", request.key, limit, on_day=day)


def _reserve(writing: Writing, request: Reserve) -> Receipt:
    drawn = _drawn(writing, request.account, request.amount, request.on, request.place)
    account, amount, day, place = drawn
    expires = a_day(request.expires, "the day of expiry") if request.expires else None
    facts: dict[str, Any] = {"amount": amount, "on_day": day, "expires": expires, "place": place}
    if before := writing.before(request.key, account, kind="reserve", **facts):
        return before
    if place is not None:
        _in_order(writing, account, day)
        fits = shares.reserve(writing.database, account, place, amount)
    else:
        fits = ceilings.change(writing.database, account.id, day, amount, 0)
    if not fits:
        raise refusals.exceeded(writing.database, *drawn)
    return writing.enter(account, "reserve", request.key, reserved=amount, **facts)


def _add(writing: Writing, request: Add) -> Receipt:
    drawn = _drawn(writing, request.account, request.amount, request.on, request.place)
    account, amount, day, place = drawn
    facts: dict[str, Any] = {"amount": amount, "on_day": day, "place": place}
    if before := writing.before(request.key, account, kind="add", **facts):
        return before
    _grow(writing, drawn)
    return writing.enter(account, "add", request.key, posted=amount, **facts)


def _post(writing: Writing, request: Post) -> Receipt:
    reservation = writing.reservation(request.key)
    account = writing.account_of(reservation)
    amount = reservation.amount if request.amount is None else accounts.whole(account.unit, request.amount)
    if amount > reservation.amount:
        what = f"only {shown(units(reservation.amount))} is reserved under {request.key!r}"
        raise refusals.short(account, amount, reservation.amount, what)
    if ended := writing.ended(reservation, "post", amount):
        return ended
    return _settle(writing, reservation, account, "post", amount, posted=amount)


def _void(writing: Writing, request: Void) -> Receipt:
    reservation = writing.reservation(request.key)
    if ended := writing.ended(reservation, "void", reservation.amount):
        return ended
    return _settle(writing, reservation, writing.account_of(reservation), "void", reservation.amount)


def _expire(writing: Writing, request: Expire) -> Receipt:
    reservation = writing.reservation(request.key)
    if ended := writing.ended(reservation, "expire", reservation.amount):
        return ended
    day = a_day(request.day, "the day")
    if reservation.expires is None or reservation.expires >= day:
        raise BadValue(f"the reservation {request.key!r} holds on {day}", fix="void it to give it up before")
    return _settle(writing, reservation, writing.account_of(reservation), "expire", reservation.amount, expires=day)


def _remove(writing: Writing, request: Remove) -> Receipt:
    drawn = _drawn(writing, request.account, request.amount, request.on, request.place)
    account, amount, day, place = drawn
    kind = "loss" if request.lost else "remove"
    facts: dict[str, Any] = {"amount": amount, "on_day": day, "place": place}
    if before := writing.before(request.key, account, kind=kind, **facts):
        return before
    if account.kind == "flow":
        raise BadValue(f"what {account.name} has used up does not come back", fix="correct what was entered in error")
    if request.lost and place is not None:
        _in_order(writing, account, day)
        if not shares.lose(writing.database, account, place, amount):
            raise refusals.too_little(writing.database, *drawn)
    else:
        _shrink(writing, drawn)
    return writing.enter(account, kind, request.key, posted=-amount, **facts)


def _correct(writing: Writing, request: Correct) -> Receipt:
    first = writing.found(request.of)
    if first is None or first.kind not in ("reserve", "add"):
        raise NoSuchReservation(f"nothing was posted under {request.of!r}", fix="give the key of what was posted")
    account = writing.account_of(first)
    amount = accounts.whole(account.unit, request.amount)
    reason = text(request.reason, "the reason", LONGEST_NOTE)
    facts: dict[str, Any] = {"amount": amount, "on_day": first.on_day, "place": first.place}
    facts |= {"refers": first.sequence, "note": reason}
    if before := writing.before(request.key, account, kind="correct", **facts):
        return before
    left = writing.posted_of(first)
    if amount > left:
        what = f"{shown(units(left))} is left of what was posted under {request.of!r}"
        raise refusals.short(account, amount, left, what)
    _shrink(writing, _Drawn(account, amount, str(first.on_day), first.place), own_day=True)
    return writing.enter(account, "correct", request.key, posted=-amount, **facts)


def _transfer(writing: Writing, request: Transfer) -> Receipt:
    source = _drawn(writing, request.source, request.amount, request.on, request.source_place)
    target = _drawn(writing, request.target, request.amount, request.on, request.target_place)
    one = source.account.id == target.account.id
    if source.account.unit != target.account.unit or (one and source.place == target.place):
        raise BadValue("nothing moves between these accounts", fix="name two accounts of one unit")
    facts: dict[str, Any] = {"amount": source.amount, "on_day": source.day, "place": source.place}
    facts |= {"other": target.account.id, "note": target.place}
    if before := writing.before(request.key, source.account, kind="transfer_out", **facts):
        return before
    if one:
        _move_within(writing, source, target)
    else:
        _move(writing, source, target)
    out = writing.enter(source.account, "transfer_out", request.key, posted=-source.amount, **facts)
    into = {"on_day": target.day, "place": target.place, "other": source.account.id, "refers": out.sequence}
    writing.enter(target.account, "transfer_in", None, target.amount, posted=target.amount, **into)  # type: ignore[arg-type]
    return out


def _move(writing: Writing, source: _Drawn, target: _Drawn) -> None:
    """Put the amount into one account and take it out of the other; undo the first where the second has too little."""
    _grow(writing, target)
    try:
        _shrink(writing, source)
    except LicetError:
        if target.place is not None:
            shares.settle(writing.database, target.account, target.place, 0, -target.amount)
        else:
            _expected(
                ceilings.change(writing.database, target.account.id, target.day, 0, -target.amount), target.account
            )
        raise


def _move_within(writing: Writing, source: _Drawn, target: _Drawn) -> None:
    """Move between two places of one account of shares: the whole stays as it is."""
    account, amount, day, _ = source
    _in_order(writing, account, day)
    if not shares.change(writing.database, account, target.place, source.place, amount):
        if shares.posted_at(writing.database, account, str(source.place)) < amount:
            raise refusals.too_little(writing.database, *source)
        raise refusals.exceeded(writing.database, *target)


def _grow(writing: Writing, drawn: _Drawn) -> None:
    """Post an amount, or refuse it."""
    account, amount, day, place = drawn
    if place is not None:
        _in_order(writing, account, day)
        fits = shares.change(writing.database, account, place, None, amount)
    else:
        fits = ceilings.change(writing.database, account.id, day, 0, amount)
    if not fits:
        raise refusals.exceeded(writing.database, *drawn)


def _shrink(writing: Writing, drawn: _Drawn, *, own_day: bool = False) -> None:
    """Take a posted amount out, or refuse it. ``own_day``: it was posted on that day, so that no day gets emptier."""
    account, amount, day, place = drawn
    writing.flush()
    if place is not None:
        if not own_day:
            _in_order(writing, account, day)
        done = shares.change(writing.database, account, None, place, amount)
    elif done := ceilings.removable(writing.database, account.id, day) >= amount:
        if not own_day:
            _cut(writing, account, day)
        done = ceilings.change(writing.database, account.id, day, 0, -amount)
    if not done:
        raise refusals.too_little(writing.database, *drawn)


def _settle(  # noqa: PLR0913 - what ends a reservation, each by name
    writing: Writing,
    reservation: Row,
    account: Account,
    kind: str,
    amount: int,
    *,
    posted: int = 0,
    expires: str | None = None,
) -> Receipt:
    held, place = reservation.amount, reservation.place
    if place is not None:
        shares.settle(writing.database, account, place, held, posted)
    else:
        changed = ceilings.change(writing.database, account.id, str(reservation.on_day), -held, posted)
        _expected(changed, account)
    return writing.enter(
        account,
        kind,
        None,
        amount,
        reserved=-held,
        posted=posted,
        on_day=reservation.on_day,
        expires=expires,
        place=place,
        settles=reservation.sequence,
        answers=reservation.key,
    )


def _drawn(writing: Writing, name: str, asked: object, on: dt.date, place: str | None) -> _Drawn:
    account = writing.account(name)
    by_place = account.kind == "shares"
    amount = accounts.whole(account.unit, asked, most=MOST_SHARED if by_place else MOST)
    if by_place and place is None:
        raise BadValue(f"{account.name} is counted by place", fix="give the place")
    if not by_place and place is not None:
        raise BadValue(f"{account.name} is not counted by place", fix="leave the place out")
    if place is not None:
        text(place, "the place", LONGEST_NAME)
    return _Drawn(account, amount, _within(account, on), place)


def _within(account: Account, on: dt.date) -> str:
    day = a_day(on, "the day")
    if not account.first.isoformat() <= day <= account.last.isoformat():
        fix = f"its days are {account.first} to {account.last}"
        raise BadValue(f"{day} is outside the period of {account.name}", fix=fix)
    return day


def _in_order(writing: Writing, account: Account, day: str) -> None:
    """Shares hold on every day because each entry found them so: no entry of a day goes before one of a later day."""
    writing.flush()
    latest = writing.database.rows(_LATEST, (account.id,))[0][0]
    if latest and day < latest:
        fix = "enter an account of shares in the order of its days; take back an error by a correction"
        raise BadValue(f"{account.name} has an entry of {latest} already", fix=fix)


def _cut(writing: Writing, account: Account, day: str) -> None:
    writing.flush()
    if day > account.first.isoformat():
        ceilings.cut(writing.database, account.id, day, _day_before(day))


def _expected(done: bool, account: Account) -> None:  # noqa: FBT001 - the answer of a guarded statement
    if not done:
        what = f"the guarded rows of {account.name} are not what its entries say"
        raise NotWritten(what, fix="run licet ledger verify, and restore the ledger from a copy")


def _day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


_WAYS: dict[type[Request], Callable[[Writing, Any], Receipt]] = {
    Open: _open,
    SetLimit: _set_limit,
    Reserve: _reserve,
    Add: _add,
    Post: _post,
    Void: _void,
    Expire: _expire,
    Remove: _remove,
    Correct: _correct,
    Transfer: _transfer,
}
