"""What the ledger is asked and what it answers. Amounts are in the unit of the account: TPP, or units of a license."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import Literal

import msgspec

Kind = Literal["flow", "stock", "shares"]
"""``flow``: used up in its period; ``stock``: what is there, with removals; ``shares``: parts of one's own whole."""

Unit = Literal["TPP", "unit"]

EntryKind = Literal[
    "begin",
    "open",
    "limit",
    "reserve",
    "post",
    "void",
    "expire",
    "add",
    "remove",
    "loss",
    "correct",
    "transfer_out",
    "transfer_in",
]
State = Literal["reserved", "posted", "voided", "expired"]

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A limit on a part of the whole: at most ``percent`` of it outside ``within``.

    ``each_place``: in any one place outside ``within``, instead of in all of them together.
    """

    name: str
    percent: int
    within: tuple[str, ...]
    each_place: bool = False


class Limit(msgspec.Struct, frozen=True):
    """A limit from a day on, until the next one."""

    start: dt.date
    amount: Decimal


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it was opened: days included in its period, limits by day or shares, ``details`` for people."""

    id: int
    name: str
    kind: Kind
    unit: Unit
    first: dt.date
    last: dt.date
    limits: tuple[Limit, ...]
    shares: tuple[Share, ...]
    details: dict[str, str]


class Receipt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was entered: the same again for the same request. ``time`` is when, ``on`` the day for which it counts."""

    sequence: int
    time: str
    kind: EntryKind
    account: str
    key: str
    amount: Decimal
    on: dt.date | None
    expires: dt.date | None
    place: str | None
    digest: str


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation and what became of it; ``posted`` is what was posted of it, less what was corrected."""

    key: str
    account: str
    amount: Decimal
    on: dt.date
    expires: dt.date | None
    place: str | None
    state: State
    posted: Decimal


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """How an account stands. ``on``: the day whose limit this is.

    ``available`` is what can still be had for that day: not more than the later days leave. ``limit`` and ``available``
    are None for the whole of an account of shares; for a ``place`` of it, the limit is what it could hold now.
    """

    account: str
    kind: Kind
    unit: Unit
    on: dt.date | None
    place: str | None
    limit: Decimal | None
    reserved: Decimal
    posted: Decimal
    available: Decimal | None


class Stretch(msgspec.Struct, frozen=True):
    """Days of one limit, ``first`` and ``last`` among them, with what is held on the fullest of them."""

    first: dt.date
    last: dt.date
    limit: Decimal
    reserved: Decimal
    posted: Decimal


class Held(msgspec.Struct, frozen=True):
    """What is held from a day on, until the next one."""

    day: dt.date
    reserved: Decimal
    posted: Decimal


class Part(msgspec.Struct, frozen=True):
    """A part of an account of shares: its limit in percent of the whole (None: it is the whole, or one place)."""

    name: str
    percent: int | None
    reserved: Decimal
    posted: Decimal


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in a statement; ``reserved`` and ``posted`` are what it changed."""

    sequence: int
    time: str
    kind: EntryKind
    key: str | None
    amount: Decimal
    on: dt.date | None
    expires: dt.date | None
    place: str | None
    reserved: Decimal
    posted: Decimal
    note: str | None
    digest: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the ledger knew it ``at`` a moment, of what counts through the day ``on`` (None: all of it)."""

    account: str
    unit: Unit
    at: str | None
    on: dt.date | None
    limit: Decimal | None
    reserved: Decimal
    posted: Decimal
    available: Decimal | None
    lines: tuple[Line, ...]


class Finding(msgspec.Struct, frozen=True):
    """Something that does not hold, and where."""

    where: str
    message: str


# Requests, for a batch; each method of the ledger makes one of them.


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """Open an account. ``limits``: one at least, or ``shares`` and no limit."""

    name: str
    limits: tuple[Limit, ...] = ()
    shares: tuple[Share, ...] = ()
    kind: Kind = "flow"
    unit: Unit = "TPP"
    first: dt.date | None = None
    last: dt.date | None = None
    details: dict[str, str] = {}


class SetLimit(msgspec.Struct, frozen=True, kw_only=True):
    """Give an account another limit from the day ``start`` on, until the next day that has its own."""

    account: str
    limit: Decimal | int
    start: dt.date
    key: str


class Reserve(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold an amount until it is posted, voided or has expired; ``expires`` is the last day on which it holds."""

    account: str
    amount: Decimal | int
    key: str
    on: dt.date
    expires: dt.date | None = None
    place: str | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """Make a reservation final; with a smaller ``amount`` the rest becomes free."""

    key: str
    amount: Decimal | int | None = None


class Void(msgspec.Struct, frozen=True, kw_only=True):
    """Give a reservation up."""

    key: str


class Expire(msgspec.Struct, frozen=True, kw_only=True):
    """End one reservation whose last day is before ``day``."""

    key: str
    day: dt.date


class Add(msgspec.Struct, frozen=True, kw_only=True):
    """Post an amount at once, within the limit as a reservation is."""

    account: str
    amount: Decimal | int
    key: str
    on: dt.date
    place: str | None = None


class Remove(msgspec.Struct, frozen=True, kw_only=True):
    """Take out of a stock what is no longer there.

    ``lost``: it is gone in fact, so that it is entered even where the shares of what stays pass their limits.
    """

    account: str
    amount: Decimal | int
    key: str
    on: dt.date
    place: str | None = None
    lost: bool = False


class Correct(msgspec.Struct, frozen=True, kw_only=True):
    """Take back, by a counter-entry of the same day, what was posted in error under the key ``of``."""

    of: str
    amount: Decimal | int
    key: str
    reason: str


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Move what is posted to another account, or between places of one account of shares."""

    source: str
    target: str
    amount: Decimal | int
    key: str
    on: dt.date
    source_place: str | None = None
    target_place: str | None = None


Request = Open | SetLimit | Reserve | Post | Void | Expire | Add | Remove | Correct | Transfer
