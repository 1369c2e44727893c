"""Requests, decisions, holds and erasing in any order, against a model of what should come of it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from licet.archive import Archive
from licet.errors import NotInThatState, TakenDown
from tools.takedowns import AT, ask, capture

ITEMS = ("https://news.example/a", "https://news.example/b")


def page_of(number):
    return (
        f"<html><head><meta charset='utf-8'><title>第{number}号仓库完成盘点</title></head><body>"
        f"<h1>第{number}号仓库完成盘点</h1><p>第{number}号仓库本周完成了盘点,账面与实物相符,用时比去年缩短一半。</p></body></html>"
    ).encode()


@dataclass
class Case:
    """A case as it should be: what it covers, where it stands, when its period ends."""

    scope: str
    snapshots: set[str]
    status: str = "open"
    until: int = 0


@dataclass
class World:
    """What the machine believes: days since the beginning, cases by reference, holds by number, what is erased."""

    day: int = 1
    cases: dict[str, Case] = field(default_factory=dict)
    holds: dict[int, set[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def covering(self, snapshot, *statuses):
        return [c for c in self.cases.values() if snapshot in c.snapshots and c.status in statuses]

    def state(self, snapshot):
        if snapshot in self.erased:
            return "erased"
        return "hidden" if self.covering(snapshot, "granted", "erased") else "public"

    def due(self):
        hidden = {one for c in self.cases.values() if c.status == "granted" for one in c.snapshots} - self.erased
        over = {one for one in hidden if all(c.until <= self.day for c in self.covering(one, "granted"))}
        held = {one for one in over if any(one in covered for covered in self.holds.values())}
        return over - held, held


class Takedowns(RuleBasedStateMachine):
    references = Bundle("references")
    numbers = Bundle("numbers")

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="licet-takedowns-"))
        self.archive = Archive.open(self.home)
        self.items = {url: [self._take(url, 10 * at + n) for n in range(2)] for at, url in enumerate(ITEMS)}
        self.world = World()

    def _take(self, url, number):
        return self.archive.take(capture(url, page_of(number)), at=AT + timedelta(minutes=number)).snapshot.id

    @property
    def now(self):
        return AT + timedelta(days=self.world.day)

    def _covered(self, snapshot, scope):
        return next({*ids} if scope == "item" else {snapshot} for ids in self.items.values() if snapshot in ids)

    @rule(
        target=references,
        item=st.sampled_from(ITEMS),
        version=st.integers(0, 1),
        scope=st.sampled_from(("snapshot", "item")),
    )
    def request(self, item, version, scope):
        snapshot = self.items[item][version]
        case = ask(self.archive.takedowns, snapshot, scope=scope, at=self.now, name=f"day {self.world.day}")
        known = self.world.cases.get(case.reference)
        wide = ("item",) if scope == "item" else ("snapshot", "item")
        joined = [c for c in self.world.covering(snapshot, "open", "granted", "erased") if c.scope in wide]
        assert (known is not None) == bool(joined)
        if known:
            assert known in joined
            return multiple()
        self.world.cases[case.reference] = Case(scope, self._covered(snapshot, scope))
        return case.reference

    @rule(reference=references, days=st.integers(0, 4))
    def grant(self, reference, days):
        case = self.world.cases[reference]
        decide = lambda: self.archive.takedowns.grant(  # noqa: E731 - once tried, once expected to fail
            reference, by="editor", at=self.now, retention=timedelta(days=days)
        )
        if case.status == "open":
            decide()
            case.status, case.until = "granted", self.world.day + days
        elif case.status == "granted":
            assert decide().status == "granted"
        else:
            with pytest.raises(NotInThatState):
                decide()

    @rule(reference=references)
    def refuse(self, reference):
        case = self.world.cases[reference]
        if case.status in ("open", "refused"):
            self.archive.takedowns.refuse(reference, by="editor", at=self.now, reason="it is right")
            case.status = "refused"
        else:
            with pytest.raises(NotInThatState):
                self.archive.takedowns.refuse(reference, by="editor", at=self.now, reason="it is right")

    @rule(reference=references)
    def undo(self, reference):
        case = self.world.cases[reference]
        possible = case.status == "undone" or (
            case.status == "granted" and self.world.day <= case.until and not case.snapshots & self.world.erased
        )
        if possible:
            self.archive.takedowns.undo(reference, by="editor", at=self.now, reason="a mistake")
            case.status = "undone"
        else:
            with pytest.raises(NotInThatState):
                self.archive.takedowns.undo(reference, by="editor", at=self.now, reason="a mistake")

    @rule(target=numbers, item=st.sampled_from(ITEMS), version=st.integers(0, 1))
    def hold(self, item, version):
        snapshot = self.items[item][version]
        made = self.archive.takedowns.hold(snapshot, by="counsel", at=self.now, reason=f"day {self.world.day}")
        known = made.number in self.world.holds
        self.world.holds[made.number] = {snapshot}
        return multiple() if known else made.number

    @rule(number=consumes(numbers))
    def release(self, number):
        self.archive.takedowns.release(number, by="counsel", at=self.now, reason="settled")
        del self.world.holds[number]

    @rule(days=st.integers(0, 3))
    def erase(self, days):
        self.world.day += days
        ready, held = self.world.due()
        done = self.archive.takedowns.erase(self.now)
        assert set(done.erased) == ready
        assert {snapshot for snapshot, _ in done.waiting} == held
        self.world.erased |= ready
        for case in self.world.cases.values():
            if case.status == "granted" and case.snapshots <= self.world.erased:
                case.status = "erased"

    @rule()
    def reopen(self):
        self.archive.close()
        self.archive = Archive.open(self.home)

    @invariant()
    def what_is_shown_is_what_should_be(self):
        for ids in self.items.values():
            for snapshot in ids:
                found = "public"
                try:
                    self.archive.snapshot(snapshot)
                except TakenDown:
                    found = "erased" if self.archive.takedowns.tombstones(snapshot) else "hidden"
                assert found == self.world.state(snapshot)
        assert {c.reference: c.status for c in self.archive.takedowns.cases()} == {
            reference: case.status for reference, case in self.world.cases.items()
        }

    def teardown(self):
        with suppress(AttributeError):
            assert self.archive.verify() == []
            self.archive.rebuild()
            self.what_is_shown_is_what_should_be()
            assert self.archive.verify() == []
            self.archive.close()
        shutil.rmtree(self.home, ignore_errors=True)


TestTakedowns = Takedowns.TestCase
TestTakedowns.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
