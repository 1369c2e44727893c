"""What accounts hold while a plan is made: what the ledger says, and what the plan has taken so far.

The same guards as the ledger's own (:mod:`licet.ledger.ceilings`, :mod:`licet.ledger.shares`), in memory and for
amounts that only grow, so that what fits here fits there. Amounts are in thousandths of the account's unit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from licet.ledger.shares import AT, TOTAL, part_at
from licet.ledger.values import thousandths, units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.ledger import Ledger
    from licet.ledger.model import Account, Open, Share, Stretch

_DAY = dt.timedelta(days=1)
_SIX_DECIMALS = Decimal("0.000001")


@dataclass(slots=True)
class Days:
    """Days of one limit, to ``last``: the limit, and what is held on the fullest of them."""

    last: dt.date
    ceiling: int
    held: int


@dataclass(slots=True)
class Room:
    """An account with limits by day. ``raised``: the limits that the plan gives it, by the day they begin."""

    name: str
    first: dt.date
    days: list[Days]
    opened: Open | None = None
    raised: list[tuple[dt.date, int]] = field(default_factory=list)
    before: int = 0
    planned: int = 0

    @property
    def last(self) -> dt.date:
        """The last day of its period."""
        return self.days[-1].last

    def covers(self, on: dt.date) -> bool:
        """Say whether a day is in its period."""
        return self.first <= on <= self.last

    def held(self, on: dt.date) -> int:
        """Return what is held for a day."""
        return self._days(on).held

    def most(self, on: dt.date) -> int:
        """Return the highest limit of a day and those after it."""
        return max(days.ceiling for days in self.days if days.last >= on)

    def free(self, on: dt.date) -> int:
        """Return how much more fits for a day: not more than every later day leaves."""
        return min(days.ceiling - days.held for days in self.days if days.last >= on)

    def take(self, on: dt.date, amount: int) -> bool:
        """Take an amount for a day; False, and nothing taken, where it does not fit."""
        if self.free(on) < amount:
            return False
        for days in self.days:
            if days.last >= on:
                days.held += amount
        self.planned += amount
        return True

    def raise_to(self, on: dt.date, ceiling: int) -> None:
        """Give the days from ``on`` a higher limit, until the day that has its own; a lower one changes nothing."""
        days = self._days(on)
        if ceiling <= days.ceiling:
            return
        place = self.days.index(days)
        begins = self.days[place - 1].last + _DAY if place else self.first
        if begins < on:
            self.days.insert(place, Days(on - _DAY, days.ceiling, days.held))
        days.ceiling = ceiling
        self.raised.append((on, ceiling))

    def opens(self, on: dt.date, amount: int) -> dt.date | None:
        """Return the first day after ``on`` for which an amount fits, None where there is none in its period."""
        begins = [days.last + _DAY for days in self.days[:-1] if days.last >= on]
        return next((day for day in begins if self.free(day) >= amount), None)

    def _days(self, on: dt.date) -> Days:
        return next(days for days in self.days if days.last >= on)


@dataclass(slots=True)
class Portions:
    """An account of shares: what of the whole is posted, what each part holds. The plan counts as reservations do."""

    name: str
    shares: tuple[Share, ...]
    whole: int
    held: dict[str, int]
    posted: dict[str, int]
    before: int = 0
    planned: int = 0

    def take(self, place: str, amount: int) -> bool:
        """Take an amount at a place; False, and nothing taken, where a share forbids it."""
        parts = self._parts(place)
        if any(self._over(part, percent, amount) for part, percent in parts.items() if percent is not None):
            return False
        for part in parts:
            self.held[part] = self.held.get(part, 0) + amount
        self.planned += amount
        return True

    def share(self, share: Share, place: str, amount: int) -> Decimal:
        """Return the part of the whole that a share would have with an amount at a place, six decimals, rounded up.

        A limit of six decimals or fewer is passed by the rounded part exactly where it is passed by the part itself.
        """
        reserved, held = self._reserved(share, place), self.held.get(_part(share, place), 0)
        grows = 0 if place in share.within else amount
        whole = self.whole + reserved + grows
        if whole == 0:
            return Decimal(0)
        return (Decimal(held + grows) / whole).quantize(_SIX_DECIMALS, rounding=ROUND_CEILING)

    def _reserved(self, share: Share, place: str) -> int:
        part = _part(share, place)
        return self.held.get(part, 0) - self.posted.get(part, 0)

    def _over(self, part: str, percent: int, amount: int) -> bool:
        held = self.held.get(part, 0) + amount
        return 100 * held > percent * (self.whole + held - self.posted.get(part, 0))

    def _parts(self, place: str) -> dict[str, int | None]:
        """Return the parts that a place belongs to with their limits in percent."""
        found: dict[str, int | None] = {part_at(place): None}
        found |= {_part(share, place): share.percent for share in self.shares if place not in share.within}
        return found


def _part(share: Share, place: str) -> str:
    return part_at(place, share.name) if share.each_place else share.name


class Rooms:
    """The accounts that a plan has asked for, each read from the ledger once; ``ledger`` None: there is none yet."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self._accounts = {one.name: one for one in ledger.accounts()} if ledger else {}
        self.rooms: dict[str, Room] = {}
        self.portions: dict[str, Portions] = {}

    def of(self, opened: Open) -> Room:
        """Return the account of the law ``opened``: as the ledger has it, else as it is to be opened."""
        return self.rooms.get(opened.name) or self.known(opened.name) or self._fresh(opened)

    def known(self, name: str) -> Room | None:
        """Return an account with limits that the ledger has, None where it has none of that name."""
        if name in self.rooms:
            return self.rooms[name]
        account = self._accounts.get(name)
        if self._ledger is None or account is None or account.kind == "shares":
            return None
        days = [_days(one) for one in self._ledger.stretches(name)]
        room = self.rooms[name] = Room(name, account.first, days, before=days[-1].held)
        return room

    def shares(self, name: str) -> Portions | None:
        """Return an account of shares that the ledger has."""
        if name in self.portions:
            return self.portions[name]
        account = self._accounts.get(name)
        if self._ledger is None or account is None or account.kind != "shares":
            return None
        self.portions[name] = _portions(account, self._ledger)
        return self.portions[name]

    def _fresh(self, opened: Open) -> Room:
        first, last = opened.first or dt.date.min, opened.last or dt.date.max
        starts = [limit.start for limit in opened.limits]
        ends = [start - _DAY for start in starts[1:]] + [last]
        days = [Days(end, _whole(limit.amount), 0) for end, limit in zip(ends, opened.limits, strict=True)]
        room = self.rooms[opened.name] = Room(opened.name, first, days, opened)
        return room

    def used(self) -> Iterable[Room | Portions]:
        """Return the accounts from which the plan takes something, by name."""
        both: list[Room | Portions] = [*self.rooms.values(), *self.portions.values()]
        return sorted((one for one in both if one.planned), key=lambda one: one.name)


def _portions(account: Account, ledger: Ledger) -> Portions:
    parts = {part.name: part for part in ledger.parts(account.name)}
    held = {name: _whole(part.reserved) + _whole(part.posted) for name, part in parts.items() if name != TOTAL}
    posted = {name: _whole(part.posted) for name, part in parts.items() if name != TOTAL}
    whole = _whole(parts[TOTAL].posted)
    before = sum(amount for name, amount in held.items() if name.startswith(AT))
    return Portions(account.name, account.shares, whole, held, posted, before)


def _days(stretch: Stretch) -> Days:
    return Days(stretch.last, _whole(stretch.limit), _whole(stretch.reserved) + _whole(stretch.posted))


def _whole(amount: Decimal | int) -> int:
    return thousandths(amount, zero=True)


def shown(amount: int) -> Decimal:
    """Return an amount in the unit of its account."""
    return units(amount)
