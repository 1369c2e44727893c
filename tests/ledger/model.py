"""A ledger so simple that it can be seen to be right: it keeps a list of changes and adds them up for every day."""

from __future__ import annotations

from dataclasses import dataclass, field

DAYS = 10


@dataclass
class Change:
    account: str
    day: int
    reserved: int
    posted: int


@dataclass
class Held:
    account: str
    day: int
    amount: int
    expires: int | None
    state: str = "reserved"
    posted: int = 0


@dataclass
class Model:
    """Days are 0 to 9, amounts whole. Each method returns ``None`` for done, else the name of the error."""

    stock: dict[str, bool] = field(default_factory=dict)
    limits: dict[str, dict[int, int]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)

    def limit(self, account: str, day: int) -> int:
        steps = self.limits[account]
        return steps[max(step for step in steps if step <= day)]

    def at(self, account: str, day: int) -> tuple[int, int]:
        counted = [change for change in self.changes if change.account == account and change.day <= day]
        return sum(change.reserved for change in counted), sum(change.posted for change in counted)

    def free(self, account: str, day: int) -> int:
        return min(self.limit(account, later) - sum(self.at(account, later)) for later in range(day, DAYS))

    def removable(self, account: str, day: int) -> int:
        return min(self.at(account, later)[1] for later in range(day, DAYS))

    def reserve(self, account: str, amount: int, key: str, day: int, expires: int | None) -> str | None:
        if amount > self.free(account, day):
            return "LimitExceeded"
        self.changes.append(Change(account, day, amount, 0))
        self.held[key] = Held(account, day, amount, expires)
        return None

    def add(self, account: str, amount: int, key: str, day: int) -> str | None:
        if amount > self.free(account, day):
            return "LimitExceeded"
        self.changes.append(Change(account, day, 0, amount))
        self.held[key] = Held(account, day, amount, None, "added", amount)
        return None

    def end(self, key: str, state: str, posted: int) -> str | None:
        held = self.held.get(key)
        if held is None or held.state == "added":
            return "NoSuchReservation"
        if posted > held.amount:
            return "LimitExceeded"
        if held.state != "reserved":
            return "Settled"
        self.changes.append(Change(held.account, held.day, -held.amount, posted))
        held.state, held.posted = state, posted
        return None

    def expire(self, day: int) -> list[str]:
        due = [key for key, held in self.held.items() if held.state == "reserved" and held.expires is not None]
        due = [key for key in due if (self.held[key].expires or 0) < day]
        for key in due:
            self.end(key, "expired", 0)
        return due

    def remove(self, account: str, amount: int, day: int) -> str | None:
        if not self.stock[account]:
            return "BadValue"
        if amount > self.removable(account, day):
            return "LimitExceeded"
        self.changes.append(Change(account, day, 0, -amount))
        return None

    def correct(self, key: str, amount: int) -> str | None:
        held = self.held.get(key)
        if held is None:
            return "NoSuchReservation"
        if amount > held.posted or amount > self.removable(held.account, held.day):
            return "LimitExceeded"
        self.changes.append(Change(held.account, held.day, 0, -amount))
        held.posted -= amount
        return None

    def transfer(self, source: str, target: str, amount: int, day: int) -> str | None:
        if amount > self.free(target, day) or amount > self.removable(source, day):
            return "LimitExceeded"
        self.changes += [Change(source, day, 0, -amount), Change(target, day, 0, amount)]
        return None

    def set_limit(self, account: str, limit: int, day: int) -> str | None:
        self.limits[account][day] = limit
        return None
