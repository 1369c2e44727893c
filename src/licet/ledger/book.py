"""An account worked out from its entries alone, day by day: what statements are made of, and what verify compares with.

It shares nothing with the statements that decide: it adds up, and says where an entry could not have been made.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, NamedTuple

from licet.ledger.values import thousandths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.ledger.chain import Row
    from licet.ledger.model import Account, Share

_GROWING = {"reserve", "add", "transfer_in"}
_ENDING = {"post", "void", "expire"}


class Held(NamedTuple):
    """Thousandths that are reserved and posted."""

    reserved: int = 0
    posted: int = 0

    def plus(self, row: Row) -> Held:
        """Return what is held after an entry."""
        return Held(self.reserved + row.reserved, self.posted + row.posted)

    @property
    def all(self) -> int:
        """Both together."""
        return self.reserved + self.posted


class Book:
    """The entries of one account, taken in the order of the chain."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.total = Held()
        self.limits = [(limit.start.isoformat(), thousandths(limit.amount, zero=True)) for limit in account.limits]
        self._days: list[str] = []
        self._by_day: dict[str, Held] = {}
        self._open: dict[int, Row] = {}
        self._posted: dict[int, int] = {}
        self._parts = Parts(account.shares) if account.kind == "shares" else None
        self._only_grows = True

    @property
    def places(self) -> Parts | None:
        """What is held by place, for an account of shares."""
        return self._parts

    @property
    def only_limit(self) -> int | None:
        """The limit, where all days have the same."""
        amounts = {amount for _, amount in self.limits}
        return amounts.pop() if len(amounts) == 1 else None

    def take(self, row: Row) -> list[str]:
        """Add an entry; return what is wrong with it."""
        if row.kind == "limit":
            self._limit(row)
        wrong = [] if self._in_form(row) else [f"entry {row.sequence} does not change what a {row.kind} changes"]
        wrong += self._linked(row)
        if not (row.reserved or row.posted) or row.on_day is None:
            return wrong
        self._count(row)
        if self._parts:
            return wrong + self._parts.take(row)
        if row.reserved + row.posted > 0 and self._over(row.on_day):
            wrong.append(f"entry {row.sequence} goes over the limit of {self.account.name}")
        if row.posted < 0 and self._short(row.on_day):
            wrong.append(f"entry {row.sequence} takes more from {self.account.name} than was posted")
        return wrong

    def limit(self, day: str) -> int | None:
        """Return the limit of a day."""
        found = bisect_right(self.limits, day, key=lambda step: step[0])
        return self.limits[found - 1][1] if found else None

    def through(self, day: str) -> Held:
        """Return what is held at the end of a day."""
        found = Held()
        for earlier in self._days[: bisect_right(self._days, day)]:
            held = self._by_day[earlier]
            found = Held(found.reserved + held.reserved, found.posted + held.posted)
        return found

    def _limit(self, row: Row) -> None:
        day = str(row.on_day)
        self.limits = sorted([step for step in self.limits if step[0] != day] + [(day, row.amount)])

    def _count(self, row: Row) -> None:
        day = str(row.on_day)
        if day not in self._by_day:
            insort(self._days, day)
        self._by_day[day] = self._by_day.get(day, Held()).plus(row)
        self.total = self.total.plus(row)
        self._only_grows = self._only_grows and row.kind not in ("remove", "loss", "transfer_out")

    def _levels(self, day: str) -> Iterator[tuple[str, Held]]:
        """Yield each day from ``day`` on at which something changes, with what is held at its end."""
        days = self._days[bisect_left(self._days, day) :]
        starts = [step for step, _ in self.limits if step > day]
        held = self.through(day)
        yield day, held
        for later in sorted({*days, *starts} - {day}):
            change = self._by_day.get(later, Held())
            held = Held(held.reserved + change.reserved, held.posted + change.posted)
            yield later, held

    def _over(self, day: str) -> bool:
        if len(self.limits) == 1 and self._only_grows:
            return self.total.all > self.limits[0][1]
        return any(held.all > (self.limit(later) or 0) for later, held in self._levels(day))

    def _short(self, day: str) -> bool:
        return any(held.posted < 0 for _, held in self._levels(day))

    def _in_form(self, row: Row) -> bool:
        """Say whether an entry changes what its kind changes."""
        change = (row.reserved, row.posted)
        if row.kind == "reserve":
            return change == (row.amount, 0)
        if row.kind in _GROWING:
            return change == (0, row.amount)
        if row.kind in ("remove", "loss", "correct", "transfer_out"):
            return change == (0, -row.amount)
        if row.kind in _ENDING:
            held = self._open.get(row.settles or 0)
            posted = row.amount if row.kind == "post" else 0
            return held is not None and change == (-held.amount, posted) and posted <= held.amount
        return change == (0, 0)

    def _linked(self, row: Row) -> list[str]:
        """Follow reservations to their ends, and corrections to what they correct."""
        if row.kind == "reserve":
            self._open[row.sequence] = row
        elif row.kind == "add":
            self._posted[row.sequence] = row.amount
        elif row.kind in _ENDING:
            held = self._open.pop(row.settles or 0, None)
            if held is None:
                return [f"entry {row.sequence} ends a reservation that is not open"]
            self._posted[held.sequence] = row.posted
            if (row.on_day, row.place) != (held.on_day, held.place):
                return [f"entry {row.sequence} ends a reservation of another day or place"]
            if row.kind == "expire" and not (held.expires and row.expires and held.expires < row.expires):
                return [f"entry {row.sequence} ends a reservation that had not expired"]
        elif row.kind == "correct":
            left = self._posted.get(row.refers or 0, 0) - row.amount
            self._posted[row.refers or 0] = left
            if left < 0:
                return [f"entry {row.sequence} takes back more than was posted"]
        return []


class Parts:
    """What an account of shares holds, place by place; the parts are summed from the places each time."""

    def __init__(self, shares: tuple[Share, ...]) -> None:
        self.shares = shares
        self.by_place: dict[str, Held] = {}

    def take(self, row: Row) -> list[str]:
        """Add an entry; return what is wrong with it."""
        place = row.place or ""
        self.by_place[place] = self.by_place.get(place, Held()).plus(row)
        if min(self.by_place[place]) < 0:
            return [f"entry {row.sequence} takes more from {place} than was posted"]
        if row.kind in ("loss", "transfer_out", *_ENDING):  # the other half of a transfer follows it
            return []
        over = [
            name for name, percent, held in self.parts() if self._tightened(row, name) and self._over(percent, held)
        ]
        return [f"entry {row.sequence} takes {name} over its share" for name in over]

    def parts(self) -> list[tuple[str, int, Held]]:
        """Return each share that has something, with its limit in percent and what is held in it."""
        found = []
        for share in self.shares:
            outside = {place: held for place, held in self.by_place.items() if place not in share.within}
            if share.each_place:
                found += [(f"{share.name}: {place}", share.percent, held) for place, held in outside.items()]
            else:
                sums = Held(sum(h.reserved for h in outside.values()), sum(h.posted for h in outside.values()))
                found.append((share.name, share.percent, sums))
        return found

    @property
    def posted(self) -> int:
        """All that is posted."""
        return sum(held.posted for held in self.by_place.values())

    def _tightened(self, row: Row, name: str) -> bool:
        """Say whether an entry brought a part nearer to its limit: it grew, or the whole shrank around it."""
        own = any(
            name == (f"{share.name}: {row.place}" if share.each_place else share.name)
            for share in self.shares
            if row.place not in share.within
        )
        return own == (row.reserved + row.posted > 0)

    def _over(self, percent: int, held: Held) -> bool:
        # The worst case: of the open reservations, those of the part are posted and all others are given up.
        return 100 * held.all > percent * (self.posted + held.reserved)
