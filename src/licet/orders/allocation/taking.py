"""One line at a time through law and ledger: which way it goes, what it draws, what it waits for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from licet.decisions.line import plain
from licet.errors import BadValue
from licet.ledger.law import UVEU_SHARES, account_for, holders, license_name, limit_of, uveu_name
from licet.ledger.values import thousandths
from licet.orders.allocation.rooms import Portions, Room, Rooms, shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue
    from licet.orders.allocation.ways import Answer, Ways
    from licet.statutes.law import Clause

_DENIED = frozenset({"presumption_of_denial", "policy_of_denial"})
_ZERO = Decimal(0)
_NOTHING = Decimal(-(10**24))
"""So little has been used that any amount fits: what is left of a condition is not about room."""
MOST_REMEMBERED = 200_000


class Asked(NamedTuple):
    """A line whose way depends on what has been used: its facts, its day, its amount (thousandths of TPP)."""

    facts: Mapping[str, FactValue]
    on: dt.date
    amount: int | None
    license: str | None
    item: str | None


class Wait(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line waits for.

    ``what``: ``account`` (room: ``available`` of the ``needed``, the first day ``opens`` on which it fits, the
    ``last`` day of the account), ``facts`` (that are not stated), ``license`` (with its ``review_policy``), ``clause``
    (another clause that gives more of the same account).
    """

    what: str
    account: str | None = None
    available: str | None = None
    needed: str | None = None
    opens: str | None = None
    last: str | None = None
    facts: tuple[str, ...] = ()
    review_policy: str | None = None
    clause: str | None = None


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a line: ``status`` is ``planned`` or ``waits``; ``way``: an exception, authorization, license.

    ``amount``: what it draws from ``account``, in thousandths of its unit.
    """

    status: str
    outcome: str
    way: str | None = None
    clause: str | None = None
    review_policy: str | None = None
    account: str | None = None
    amount: int = 0
    unit: str = "TPP"
    place: str | None = None
    waits_for: tuple[Wait, ...] = ()


class Taking:
    """Takes lines one after another; what one takes is gone for the next."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._named: dict[tuple[Any, ...], Room | None] = {}

    def take(self, ways: Ways, asked: Asked) -> Way:
        """Return the first way in which a line can go, and take what it draws; else what it waits for."""
        if asked.license:
            return self._licensed(asked)
        used = self._used(ways, asked)
        while True:
            answer = ways.answer({**asked.facts, **used})
            for name in answer.clauses:
                way = self._try(ways, asked, answer, ways.law.clauses[name])
                if way is not None:
                    return way
            closed = self._closed(ways, answer, asked, used)
            if closed is None:
                return self._license(ways, asked, answer)
            used |= closed

    def _used(self, ways: Ways, asked: Asked) -> dict[str, FactValue]:
        """Return the facts that say what has been used, as ledger and plan have it."""
        used: dict[str, FactValue] = {}
        for clause in ways.drawing:
            room = self._room(ways, clause, asked)
            draws = clause.form.draws
            if room is not None and draws is not None and room.covers(asked.on):
                used[draws.used] = shown(max(room.held(asked.on), 0))
        portions = self._portions(asked)
        if portions is not None and asked.amount is not None:
            by_name = {share.name: share for share in portions.shares}
            place = str(asked.facts.get("destination"))
            for fact, name in UVEU_SHARES.items():
                used[fact] = portions.share(by_name[name], place, asked.amount) if name in by_name else _ZERO
        return used

    def _room(self, ways: Ways, clause: Clause, asked: Asked) -> Room | None:
        """Return the account of a clause, None where the line does not say whose it is."""
        key = (id(ways), clause.id, asked.on, *(asked.facts.get(name) for name in holders(clause)))
        if key not in self._named:
            if len(self._named) >= MOST_REMEMBERED:
                self._named.clear()
            try:
                opened = account_for(ways.law, clause, asked.facts, asked.on)
            except BadValue:
                self._named[key] = None
            else:
                self._named[key] = self._rooms.of(opened)
        return self._named[key]

    def _portions(self, asked: Asked) -> Portions | None:
        entity = asked.facts.get("ultimate_consignee")
        if asked.facts.get("uveu") is not True or not isinstance(entity, str):
            return None
        return self._rooms.shares(uveu_name(entity))

    def _try(self, ways: Ways, asked: Asked, answer: Answer, clause: Clause) -> Way | None:
        """Take what a way draws; None where its account has no room for it."""
        way = Way(status="planned", outcome=answer.outcome, way=clause.form.yields, clause=clause.id)
        if clause.id == "uveu" and (portions := self._portions(asked)) is not None:
            place, amount = str(asked.facts["destination"]), asked.amount or 0
            taken = portions.take(place, amount)
            return _drawing(way, portions.name, amount, place) if taken else None
        if clause.form.draws is None:
            return way
        room = self._room(ways, clause, asked)
        if room is None or asked.amount is None or not self._taken(ways, clause, room, asked):
            return None
        return _drawing(way, room.name, asked.amount)

    def _taken(self, ways: Ways, clause: Clause, room: Room, asked: Asked) -> bool:
        if not room.covers(asked.on) or asked.amount is None:
            return False
        room.raise_to(asked.on, thousandths(limit_of(ways.law, clause, asked.on), zero=True))
        return room.take(asked.on, asked.amount)

    def _closed(
        self, ways: Ways, answer: Answer, asked: Asked, used: Mapping[str, FactValue]
    ) -> dict[str, FactValue] | None:
        """Return facts under which the law sees what the ledger has no room for as used up; None where it does."""
        closed: dict[str, FactValue] = {}
        for name in answer.clauses:
            clause = ways.law.clauses[name]
            if clause.form.draws is not None:
                closed[clause.form.draws.used] = limit_of(ways.law, clause, asked.on)
            elif name == "uveu":
                closed |= dict.fromkeys(UVEU_SHARES, Decimal(1))
        return closed if any(used.get(name) != value for name, value in closed.items()) else None

    def _license(self, ways: Ways, asked: Asked, answer: Answer) -> Way:
        """Return the way of a line that needs a license: within the allocation, or what it waits for."""
        way = Way(status="planned", outcome=answer.outcome, way="license", review_policy=answer.review_policy)
        if answer.allocation and answer.review_policy not in _DENIED:
            clause = ways.law.clauses[answer.allocation]
            room = self._room(ways, clause, asked)
            if room is not None and self._taken(ways, clause, room, asked):
                return _drawing(msgspec.structs.replace(way, clause=clause.id), room.name, asked.amount or 0)
        waits = self._waits(ways, asked, answer)
        return msgspec.structs.replace(way, status="waits", way=None, waits_for=waits)

    def _waits(self, ways: Ways, asked: Asked, answer: Answer) -> tuple[Wait, ...]:
        """Return what would let a line go: the accounts that had room for it when they were empty, else a license."""
        empty: dict[str, FactValue] = {clause.form.draws.used: _NOTHING for clause in ways.drawing if clause.form.draws}
        empty |= dict.fromkeys(UVEU_SHARES, _ZERO) if asked.facts.get("uveu") is True else {}
        best = ways.answer({**asked.facts, **empty})
        names = [*best.clauses, *([best.allocation] if best.allocation else [])]
        if best.clauses and best.allocation is None:
            # Beside an exception the law names no license: what it would draw is told with every volume used up.
            names += [answer.allocation] if answer.allocation else []
        found = [wait for name in names if (wait := self._wait(ways, ways.law.clauses[name], asked)) is not None]
        more = [Wait("clause", clause=name) for name in self._doubling(ways, answer, asked)]
        if found and answer.review_policy != "presumption_of_denial":
            return (*found, *more)
        return (Wait("license", review_policy=answer.review_policy), *found, *more)

    def _wait(self, ways: Ways, clause: Clause, asked: Asked) -> Wait | None:
        if asked.amount is None:
            return Wait("facts", facts=("total_tpp",))
        if clause.id == "uveu":
            portions = self._portions(asked)
            return Wait("account", account=portions.name, needed=_text(asked.amount)) if portions else None
        if clause.form.draws is None:
            return None
        room = self._room(ways, clause, asked)
        if room is None:
            return Wait("facts", facts=tuple(name for name in holders(clause) if asked.facts.get(name) is None))
        if not room.covers(asked.on) or asked.amount > room.most(asked.on):
            return None
        opens = room.opens(asked.on, asked.amount)
        return Wait(
            "account",
            account=room.name,
            available=_text(max(room.free(asked.on), 0)),
            needed=_text(asked.amount),
            opens=opens.isoformat() if opens else None,
            last=room.last.isoformat(),
        )

    def _doubling(self, ways: Ways, answer: Answer, asked: Asked) -> list[str]:
        """Return the clauses that give more of the account of a license than the one under which it stands."""
        if answer.allocation is None:
            return []
        own = ways.law.clauses[answer.allocation]
        limit, draws = limit_of(ways.law, own, asked.on), own.form.draws
        return [
            clause.id
            for clause in ways.drawing
            if clause.form.draws and draws and clause.form.draws.account == draws.account
            if clause.form.draws.holder == draws.holder
            if (more := limit_of(ways.law, clause, asked.on)) > limit and more >= shown(asked.amount or 0)
        ]

    def _licensed(self, asked: Asked) -> Way:
        """Return the way of a line that names a license: units of it, if the ledger has it and it is in force."""
        way = Way(status="waits", outcome="license_required")
        quantity = asked.facts.get("quantity")
        if asked.item is None or not isinstance(quantity, Decimal):
            missing = ("chip",) if asked.item is None else ("quantity",)
            return msgspec.structs.replace(way, waits_for=(Wait("facts", facts=missing),))
        name = license_name(str(asked.license), asked.item)
        room, amount = self._rooms.known(name), thousandths(quantity)
        if room is not None and room.covers(asked.on) and room.take(asked.on, amount):
            return Way(status="planned", outcome=way.outcome, way="license", account=name, amount=amount, unit="unit")
        wait = Wait("account", account=name, needed=_text(amount))
        if room is not None:
            free = max(room.free(asked.on), 0) if room.covers(asked.on) else 0
            wait = msgspec.structs.replace(wait, available=_text(free), last=room.last.isoformat())
        return msgspec.structs.replace(way, waits_for=(wait,))


def _drawing(way: Way, account: str, amount: int, place: str | None = None) -> Way:
    return msgspec.structs.replace(way, account=account, amount=amount, place=place)


def _text(amount: int) -> str:
    return str(plain(shown(amount)))
