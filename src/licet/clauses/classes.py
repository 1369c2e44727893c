"""The classes of facts that a few conditions can tell apart, each with one value that stands for it.

A condition sees a number only by the side of each threshold on which it lies, a place only by the sets that hold it.
The classes here are exact for conditions on one fact (and on one ratio against fixed bounds); a condition on several
facts together is a class of its own: true, false or unknown, as if it hung on nothing else.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from licet.clauses import expression as e
from licet.clauses.evaluate import compared
from licet.clauses.vocabulary import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from licet.clauses.vocabulary import Fact, Vocabulary

UNDEFINED = "undefined"
"""Stands for a ratio over nothing: every comparison with it is false."""
MOST_KINDS = 7
"""Kinds of texts that a fact of many values is told apart by; past it each condition on it stands alone."""
ANOTHER = "another"
_DAY = dt.timedelta(days=1)
# A number that follows from others may have more decimals than are kept of one that is stated.
_FINE = Decimal("1e-12")
_WIDE = Context(prec=200)

Key = tuple[str, Any]
"""What has classes: ``("fact", name)``, ``("ratio", (stated, of, over))`` or ``("leaf", condition)``."""


@dataclass
class Classes:
    """The values that stand for the classes of each fact, as far as ``leaves`` tell them apart; None is unknown.

    ``ranges``: the first and last value of a date or number where it is narrower than the vocabulary's;
    ``places``: all codes of places, the one that is taken to stand for a class first.
    """

    vocabulary: Vocabulary
    sets: Mapping[str, frozenset[str]]
    leaves: Sequence[e.Condition]
    places: Sequence[str]
    derived: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key: dict[Key, list[e.Condition]] = {}
        for leaf in self.leaves:
            self._by_key.setdefault(self._simple_key(leaf), []).append(leaf)
        self._values: dict[Key, tuple[Any, ...]] = {}
        self._kinds_of: dict[str, tuple[str, ...]] = {}

    def key(self, leaf: e.Condition) -> Key:
        """Return what the truth of ``leaf`` hangs on."""
        found = self._simple_key(leaf)
        if found[0] == "fact" and self.vocabulary[found[1]].many and len(self._kinds(found[1])) > MOST_KINDS:
            return ("leaf", leaf)
        return found

    def values(self, key: Key) -> tuple[Any, ...]:
        """Return one value of each class, known ones first."""
        if key not in self._values:
            self._values[key] = (*dict.fromkeys(self._known_values(key)), None)
        return self._values[key]

    def truth(self, leaf: e.Condition, value: Any) -> bool | None:  # noqa: PLR0911 - one branch a kind of leaf
        """Return the truth of ``leaf`` where its key has ``value``."""
        if self.key(leaf)[0] == "leaf":
            return None if value is None else bool(value)
        match leaf:
            case e.Known():
                return value is not None
            case e.Truth():
                return None if value is None else bool(value)
            case e.CompareRatio(sign, _, _, _, e.Constant(bound)):
                return False if value == UNDEFINED else compared(sign, value, bound)
            case e.Compare(sign, e.FactTerm(), e.Constant(bound)):
                return compared(sign, value, bound)
            case e.Compare(sign, e.Constant(bound), e.FactTerm()):
                return compared(sign, bound, value)
            case e.Member(_, among, name):
                return self._member(self.sets[name] if name else frozenset(among), value)
        raise AssertionError(leaf)

    def _member(self, among: frozenset[str], value: Any) -> bool | None:
        if value is None:
            return None
        return any(item in among for item in value) if isinstance(value, tuple) else value in among

    def _simple_key(self, leaf: e.Condition) -> Key:
        match leaf:
            case e.Known(name) | e.Truth(name) | e.Member(e.FactTerm(name)):
                return ("fact", name)
            case e.Compare(_, e.FactTerm(name), e.Constant()) | e.Compare(_, e.Constant(), e.FactTerm(name)):
                return ("fact", name)
            case e.CompareRatio(_, stated, of, over, e.Constant()):
                return ("ratio", (stated.name, of.name, over.name))
        return ("leaf", leaf)

    def _known_values(self, key: Key) -> Iterable[Any]:
        kind, name = key
        if kind == "leaf":
            return (True, False)
        bounds = sorted({bound for leaf in self._by_key.get(key, ()) for bound in _bounds(leaf)})
        if kind == "ratio":
            return (*_between(bounds, (None, None), _FINE), UNDEFINED)
        fact = self.vocabulary[name]
        if fact.type == "boolean":
            return (True, False)
        if fact.type in ("number", "date"):
            return self._ordered(name, fact, bounds)
        kinds = self._kinds(name)
        if not fact.many:
            return kinds
        return (each for size in range(len(kinds) + 1) for each in itertools.combinations(sorted(kinds), size))

    def _ordered(self, name: str, fact: Fact, bounds: list[Any]) -> list[Any]:
        if fact.type == "date":
            return _between(bounds, self.ranges.get(name, (EARLIEST, LATEST)), _DAY)
        if name in self.derived:
            return _between(bounds, (None, None), _FINE)
        return _between(bounds, (fact.least, fact.most), Decimal(1).scaleb(-fact.scale))

    def _kinds(self, name: str) -> tuple[str, ...]:
        if name not in self._kinds_of:
            self._kinds_of[name] = self._parted(name)
        return self._kinds_of[name]

    def _parted(self, name: str) -> tuple[str, ...]:
        """Return a text or place of each kind that the leaves tell apart, and one of those that they do not name."""
        tests = [
            frozenset({bound for bound in _bounds(leaf) if isinstance(bound, str)})
            if isinstance(leaf, e.Compare)
            else self.sets[leaf.set] if leaf.set else frozenset(leaf.values)
            for leaf in self._by_key.get(("fact", name), ())
            if isinstance(leaf, e.Compare | e.Member)
        ]  # fmt: skip
        fact = self.vocabulary[name]
        named: frozenset[str] = frozenset().union(*tests)
        possible: Iterable[str] = fact.values or (*sorted(named), _other(named))
        if fact.type == "place":
            possible = self.places
        kinds: dict[tuple[bool, ...], str] = {}
        for value in possible:
            kinds.setdefault(tuple(value in test for test in tests), value)
        return tuple(kinds.values())


def _other(named: frozenset[str]) -> str:
    found = ANOTHER
    while found in named:
        found += "-"
    return found


def _bounds(leaf: e.Condition) -> tuple[Any, ...]:
    """Return the constants against which a leaf holds its one fact or ratio."""
    match leaf:
        case e.Compare(_, e.FactTerm(), e.Constant(value)) | e.Compare(_, e.Constant(value), e.FactTerm()):
            return (value,)
        case e.CompareRatio(bound=e.Constant(value)):
            return (value,)
    return ()


def _between(bounds: list[Any], ends: tuple[Any, Any], step: Any) -> list[Any]:
    """Return each bound and a value in each gap between bounds, within ``ends`` (None is open) and on the grid."""
    with localcontext(_WIDE):
        return _placed(bounds, ends, step)


def _placed(bounds: list[Any], ends: tuple[Any, Any], step: Any) -> list[Any]:
    least, most = ends
    inside = [bound for bound in bounds if (least is None or least <= bound) and (most is None or bound <= most)]
    found: list[Any] = [bound for bound in inside if isinstance(bound, dt.date) or bound % step == 0]
    if not inside:
        return [least if least is not None else most if most is not None else Decimal(1)]
    for low, high in itertools.pairwise(inside):
        middle = _middle(low, high, step)
        if low < middle < high:
            found.append(middle)
    below, above = _down(inside[0], step), _up(inside[-1], step)
    found += [below] if least is None or below >= least else []
    found += [above] if most is None or above <= most else []
    return sorted(found)


def _middle(low: Any, high: Any, step: Any) -> Any:
    if isinstance(low, dt.date):
        return low + (high - low) // 2
    middle = (low + high) / 2
    on_grid = middle - middle % step
    return on_grid if on_grid > low else on_grid + step


def _down(bound: Any, step: Any) -> Any:
    """Return the value of the grid just below ``bound``."""
    if isinstance(bound, dt.date):
        return bound - _DAY
    return bound - (bound % step or step)


def _up(bound: Any, step: Any) -> Any:
    if isinstance(bound, dt.date):
        return bound + _DAY
    return bound - bound % step + step
