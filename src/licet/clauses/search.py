"""Whether conditions can be true, false or unknown together: a search over the classes of facts.

What is refuted here is refuted for all facts: every step only leaves out what cannot be. What is found is an assignment
of classes; where a condition on several facts takes part, whether facts fit it must still be tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from licet.clauses import expression as e

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from licet.clauses.classes import Classes, Key

TRUE, FALSE, UNKNOWN = 1, 2, 4
ANY = TRUE | FALSE | UNKNOWN
MOST_STEPS = 1_500

_Branch = tuple[int, int]
Goal = tuple[e.Condition, int]
"""A condition, and the truths that it may have."""
Model = dict["Key", Any]
Refuted = Literal["refuted"]
Unsettled = Literal["unsettled"]


def leaves_of(goals: Sequence[e.Condition], conditions: Mapping[str, e.Condition]) -> tuple[e.Condition, ...]:
    """Return the elementary conditions that ``goals`` reach, once each."""
    found: dict[e.Condition, None] = {}
    queue, seen = list(goals), set()
    while queue:
        for node in e.walk(queue.pop()):
            if isinstance(node, e.Refer) and node.clause not in seen:
                seen.add(node.clause)
                queue.append(conditions[node.clause])
            elif isinstance(node, e.Compare | e.CompareRatio | e.Member | e.Truth | e.Known):
                found[node] = None
    return tuple(found)


class _Stop(Exception):
    """The end of a search that took too long."""


def _swap(mask: int) -> int:
    return (mask & UNKNOWN) | (TRUE if mask & FALSE else 0) | (FALSE if mask & TRUE else 0)


@dataclass(slots=True, eq=False)
class _Always:
    mask: int

    def possible(self, _: list[int]) -> int:
        return self.mask

    def narrow(self, want: int, _: list[int]) -> bool:
        return bool(self.mask & want)

    def open(self, _: int, __: list[int]) -> _Branch | None:
        return None


@dataclass(slots=True, eq=False)
class _Leaf:
    """One elementary condition: the bits of the classes of variable ``at`` for which it is true, false, unknown."""

    at: int
    true: int
    false: int
    unknown: int

    def possible(self, domains: list[int]) -> int:
        left = domains[self.at]
        return (
            (TRUE if left & self.true else 0)
            | (FALSE if left & self.false else 0)
            | (UNKNOWN if left & self.unknown else 0)
        )

    def fitting(self, want: int) -> int:
        return (
            (self.true if want & TRUE else 0)
            | (self.false if want & FALSE else 0)
            | (self.unknown if want & UNKNOWN else 0)
        )

    def narrow(self, want: int, domains: list[int]) -> bool:
        domains[self.at] &= self.fitting(want)
        return bool(domains[self.at])

    def open(self, want: int, domains: list[int]) -> _Branch | None:
        possible = self.possible(domains)
        return (self.at, domains[self.at] & self.fitting(want)) if possible & want and possible & ~want else None


@dataclass(slots=True, eq=False)
class _Not:
    part: _Node

    def possible(self, domains: list[int]) -> int:
        return _swap(self.part.possible(domains))

    def narrow(self, want: int, domains: list[int]) -> bool:
        return self.part.narrow(_swap(want), domains)

    def open(self, want: int, domains: list[int]) -> _Branch | None:
        return self.part.open(_swap(want), domains)


@dataclass(slots=True, eq=False)
class _And:
    parts: tuple[_Node, ...]

    def possible(self, domains: list[int]) -> int:
        every, some = TRUE | UNKNOWN, 0
        might = TRUE
        for part in self.parts:
            mask = part.possible(domains)
            some |= mask
            might &= mask
            every = every if mask & (TRUE | UNKNOWN) else 0
        return (some & FALSE) | might | (some & UNKNOWN if every else 0)

    def narrow(self, want: int, domains: list[int]) -> bool:
        if not want & FALSE:
            each = TRUE if want == TRUE else TRUE | UNKNOWN
            if not all(part.narrow(each, domains) for part in self.parts):
                return False
        if want & TRUE:
            return True
        able = [part for part in self.parts if part.possible(domains) & want]
        return bool(able) and (len(able) > 1 or able[0].narrow(want, domains))

    def open(self, want: int, domains: list[int]) -> _Branch | None:
        """Return what to try: of each part where all must do, of one that can where one would."""
        if not want & FALSE:
            each = TRUE if want == TRUE else TRUE | UNKNOWN
            found = self._first(each, domains, self.parts)
            if found or want & TRUE:
                return found
        if want & TRUE or any(not part.possible(domains) & ~want for part in self.parts):
            return None
        return self._first(want, domains, self.parts)

    @staticmethod
    def _first(want: int, domains: list[int], parts: tuple[_Node, ...]) -> _Branch | None:
        for part in parts:
            possible = part.possible(domains)
            if possible & want and possible & ~want and (found := part.open(want, domains)):
                return found
        return None


@dataclass(slots=True, eq=False)
class _Named:
    """A clause that others refer to: a variable too, so that its truth can be settled before that of its facts."""

    at: int
    part: _Node
    variables: tuple[int, ...]
    known: dict[tuple[int, ...], int] = field(default_factory=dict)

    def possible(self, domains: list[int]) -> int:
        key = tuple([domains[at] for at in self.variables])
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.part.possible(domains)
        return found & domains[self.at]

    def narrow(self, want: int, domains: list[int]) -> bool:
        possible = self.possible(domains)
        if not possible & want:
            return False
        domains[self.at] = possible & want
        return self.part.narrow(possible & want, domains)

    def open(self, want: int, domains: list[int]) -> _Branch | None:
        possible = self.possible(domains)
        return (self.at, possible & want) if possible & want and possible & ~want else None


_Node = _Always | _Leaf | _Not | _And | _Named


class Search:
    """Searches the classes of facts of one law; what it works out of a clause is kept for the next question."""

    def __init__(self, conditions: Mapping[str, e.Condition], classes: Classes) -> None:
        self.conditions = conditions
        self.classes = classes
        self.steps = 0
        self.keys: dict[Key, int] = {}
        self.sizes: list[int] = []
        self.written: dict[str, _Named] = {}

    def satisfy(self, goals: Sequence[Goal], steps: int = MOST_STEPS) -> Model | Refuted | Unsettled:
        """Return classes under which every goal is met, or that there are none; "unsettled" after ``steps`` tries.

        A clause of which nobody knows whether it is in force is taken as one that may be: it is true or unknown where
        its own condition is true.
        """
        wanted = [(self.node(condition), want) for condition, want in goals]
        self.steps = steps
        try:
            found = self.search(wanted, [(1 << size) - 1 for size in self.sizes])
        except _Stop:
            return "unsettled"
        if found is None:
            return "refuted"
        touched = set().union(*(_variables(node) for node, _ in wanted))
        return {key: self.value(key, found[at]) for key, at in self.keys.items() if at in touched}

    def value(self, key: Key, left: int) -> Any:
        """Return the first value of the classes that are left."""
        return self.classes.values(key)[(left & -left).bit_length() - 1]

    def search(self, goals: list[tuple[_Node, int]], domains: list[int]) -> list[int] | None:
        """Return the classes that are left to each variable when every goal is met; None where none can be."""
        self.steps -= 1
        if self.steps < 0:
            raise _Stop
        if not self.settle(goals, domains):
            return None
        branch = self.undecided(goals, domains)
        if branch is None:
            return domains
        at, side = branch
        for left in (side, domains[at] & ~side):
            tried = list(domains)
            tried[at] = left
            found = self.search(goals, tried) if left else None
            if found is not None:
                return found
        return None

    def undecided(self, goals: list[tuple[_Node, int]], domains: list[int]) -> _Branch | None:
        """Return a variable and the classes of it that would help a goal which is not yet met."""
        for node, want in (*goals, *self.decided(domains)):
            if node.possible(domains) & ~want and (branch := node.open(want, domains)):
                return branch
        return None

    def decided(self, domains: list[int]) -> list[tuple[_Node, int]]:
        """Return the clauses whose truth was settled before their facts, as goals."""
        return [(named.part, domains[named.at]) for named in self.written.values() if domains[named.at] != ANY]

    def settle(self, goals: list[tuple[_Node, int]], domains: list[int]) -> bool:
        """Leave out what no goal lets be, until nothing changes; return whether anything is left."""
        before: list[int] = []
        while before != domains:
            before = list(domains)
            for node, want in (*goals, *self.decided(domains)):
                if not node.narrow(want, domains) or not node.possible(domains) & want:
                    return False
        return True

    def node(self, condition: e.Condition) -> _Node:
        """Return a condition as the search sees it."""
        match condition:
            case e.And(parts):
                return _And(tuple(self.node(part) for part in parts))
            case e.Or(parts):
                return _Not(_And(tuple(_Not(self.node(part)) for part in parts)))
            case e.Not(part):
                return _Not(self.node(part))
            case e.Refer(name):
                return self.named(name)
            case e.Always(value):
                return _Always(TRUE | UNKNOWN if value is None else TRUE if value else FALSE)
            case _:
                return self.leaf(condition)

    def named(self, name: str) -> _Named:
        """Return the node of a clause."""
        if name not in self.written:
            part = self.node(self.conditions[name])
            self.written[name] = _Named(self.variable(ANY.bit_length()), part, tuple(sorted(_variables(part))))
        return self.written[name]

    def leaf(self, condition: e.Condition) -> _Leaf:
        """Return the node of an elementary condition."""
        key = self.classes.key(condition)
        values = self.classes.values(key)
        if key not in self.keys:
            self.keys[key] = self.variable(len(values))
        bits = {True: 0, False: 0, None: 0}
        for number, value in enumerate(values):
            bits[self.classes.truth(condition, value)] |= 1 << number
        return _Leaf(self.keys[key], bits[True], bits[False], bits[None])

    def variable(self, size: int) -> int:
        """Return a new variable of so many classes."""
        self.sizes.append(size)
        return len(self.sizes) - 1


def _variables(node: _Node) -> set[int]:
    match node:
        case _Leaf(at):
            return {at}
        case _Not(part):
            return _variables(part)
        case _Named(at, _, variables):
            return {at, *variables}
        case _And(parts):
            return {at for part in parts for at in _variables(part)}
    return set()
