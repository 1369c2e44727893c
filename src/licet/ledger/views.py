"""What is read from the ledger: balances, reservations, statements. Each runs inside one view of one moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import BadValue
from licet.ledger import accounts, ceilings, shares
from licet.ledger.book import Book
from licet.ledger.chain import COLUMNS, Row
from licet.ledger.model import Balance, Held, Line, Part, Reservation, Statement, Stretch
from licet.ledger.values import a_day, units
from licet.ledger.writing import Memory, Writing

if TYPE_CHECKING:
    from licet.ledger.database import Database
    from licet.ledger.model import Account

_ENTRIES = f"SELECT {COLUMNS} FROM ledger_entries WHERE account = ?"  # noqa: S608 - our names
_DAYS = """
SELECT on_day, SUM(reserved), SUM(posted) FROM ledger_entries WHERE account = ? AND on_day IS NOT NULL
GROUP BY on_day ORDER BY on_day
"""
_LAST = 2**62
_STATES = {"post": "posted", "void": "voided", "expire": "expired"}
_CEILINGS = (
    "SELECT ceiling, reserved, posted FROM ledger_ceilings WHERE account = ? AND last_day >= ? ORDER BY last_day"
)


def balance(database: Database, name: str, on: dt.date | None, place: str | None) -> Balance:
    """Return how an account stands for a day, or at a place of an account of shares."""
    account = accounts.read(database, name)
    if account.kind == "shares":
        return _of_shares(database, account, place)
    if place is not None:
        raise BadValue(f"{name} is not counted by place", fix="leave the place out")
    return _of_limits(database, account, on)


def _of_limits(database: Database, account: Account, on: dt.date | None) -> Balance:
    day = a_day(on, "the day") if on is not None else account.first.isoformat()
    if not account.first.isoformat() <= day <= account.last.isoformat():
        fix = f"its days are {account.first} to {account.last}"
        raise BadValue(f"{day} is outside the period of {account.name}", fix=fix)
    rows = database.rows(_CEILINGS, (account.id, day))
    if on is None and len({row[0] for row in rows}) > 1:
        raise BadValue(f"the limit of {account.name} depends on the day", fix="give the day")
    ceiling, reserved, posted = rows[0] if on is not None else rows[-1]
    free = max(ceilings.free(database, account.id, day), 0)
    return _balance(account, on=on, limit=ceiling, reserved=reserved, posted=posted, available=free)


def _of_shares(database: Database, account: Account, place: str | None) -> Balance:
    if place is None:
        whole = shares.standing(database, account.id)[0]
        return _balance(account, reserved=whole.reserved, posted=whole.posted)
    rows = [row for row in shares.standing(database, account.id) if row.part == shares.part_at(place)]
    reserved, posted = sum(row.reserved for row in rows), sum(row.posted for row in rows)
    free = shares.free(database, account, place)
    limit = reserved + posted + free
    return _balance(account, place=place, limit=limit, reserved=reserved, posted=posted, available=free)


def _balance(account: Account, **found: Any) -> Balance:
    amounts = ("limit", "reserved", "posted", "available")
    facts = {"on": None, "place": None, "limit": None, "available": None} | found
    facts |= {name: units(facts[name]) for name in amounts if facts[name] is not None}
    return Balance(account=account.name, kind=account.kind, unit=account.unit, **facts)


def stretches(database: Database, name: str) -> list[Stretch]:
    """Return the stretches of days of an account with limits, each with what is held on its fullest day."""
    account = accounts.read(database, name)
    query = "SELECT first_day, last_day, ceiling, reserved, posted FROM ledger_ceilings WHERE account = ?"
    rows = database.rows(f"{query} ORDER BY last_day", (account.id,))
    return [
        Stretch(
            dt.date.fromisoformat(first), dt.date.fromisoformat(last), units(ceiling), units(reserved), units(posted)
        )
        for first, last, ceiling, reserved, posted in rows
    ]


def parts(database: Database, name: str) -> list[Part]:
    """Return the parts of an account of shares, the whole first."""
    rows = shares.standing(database, accounts.read(database, name).id)
    return [Part(row.part, row.percent, units(row.reserved), units(row.posted)) for row in rows]


def reservation(database: Database, key: str) -> Reservation:
    """Return a reservation and what became of it."""
    writing = Writing(database, Memory(), "")
    row = writing.reservation(key)
    ended = writing.settling(row.sequence)
    facts = {
        "key": key,
        "account": writing.account_of(row).name,
        "amount": units(row.amount),
        "on": row.on_day,
        "expires": row.expires,
        "place": row.place,
        "state": _STATES[ended.kind] if ended else "reserved",
        "posted": units(writing.posted_of(row)),
    }
    return msgspec.convert(facts, Reservation)


def days(database: Database, name: str) -> list[Held]:
    """Return what is held from each day on which that changes, in order."""
    account = accounts.read(database, name)
    reserved = posted = 0
    found = []
    for day, more_reserved, more_posted in database.rows(_DAYS, (account.id,)):
        reserved, posted = reserved + int(more_reserved), posted + int(more_posted)
        found.append(Held(dt.date.fromisoformat(day), units(reserved), units(posted)))
    return found


def entries(database: Database, name: str, before: int | None, count: int) -> list[Line]:
    """Return entries of an account, the last one first: at most ``count`` before the sequence ``before``."""
    account = accounts.read(database, name)
    query = f"{_ENTRIES} AND sequence < ? ORDER BY sequence DESC LIMIT ?"
    values = (account.id, _LAST if before is None else before, count)
    return [_line(Row(*row)) for row in database.rows(query, values)]


def statement(database: Database, name: str, at: str | None, on: dt.date | None) -> Statement:
    """Return an account as it was known at a moment (None: now), of what counts through a day (None: all days)."""
    account = accounts.read(database, name)
    query, values = (_ENTRIES, [account.id]) if at is None else (f"{_ENTRIES} AND time <= ?", [account.id, at])
    rows = [Row(*row) for row in database.rows(f"{query} ORDER BY sequence", values)]
    book = Book(account)
    for row in rows:
        book.take(row)
    day = a_day(on, "the day") if on is not None else None
    held = book.total if day is None else book.through(day)
    limit = book.limit(day) if day is not None else book.only_limit
    return Statement(
        account=account.name,
        unit=account.unit,
        at=at,
        on=on,
        limit=None if limit is None else units(limit),
        reserved=units(held.reserved),
        posted=units(held.posted),
        available=None if limit is None else units(max(limit - held.all, 0)),
        lines=tuple(_line(row) for row in rows if day is None or row.on_day is None or row.on_day <= day),
    )


def _line(row: Row) -> Line:
    facts = row._asdict() | {name: units(getattr(row, name)) for name in ("amount", "reserved", "posted")}
    return msgspec.convert(facts | {"on": row.on_day}, Line)
