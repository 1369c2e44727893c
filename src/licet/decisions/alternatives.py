"""The values that a fact may have, parted as the law parts them: each part is one to every clause.

Numbers lie in stretches between thresholds, places in classes by the sets that a clause names, texts in those that a
clause names and all others.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from licet.catalog.places import places
from licet.clauses import expression as e
from licet.clauses.vocabulary import FactValue  # noqa: TC001 - msgspec reads the annotations
from licet.decisions.facts import CHARTED, Facts
from licet.decisions.thresholds import Thresholds
from licet.decisions.trials import Result  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.decisions.trials import Trials
    from licet.statutes.law import Law

MOST_ALONG = 1000
"""How many decisions a walk along the values of one fact may try."""
MOST_EXCEPT = 3
"""How many places a set may have beside those that it names; as few places need no name at all."""
UNNAMED = "another"
"""Stands for every text that no clause names."""


class Naming(msgspec.Struct, frozen=True):
    """A set of the law, by id, that places are ``inside``, or all outside it."""

    set: str
    inside: bool


class Values(msgspec.Struct, frozen=True):
    """Some of the values that a fact may have.

    ``first``, ``last``: of a number, both among them; ``values``: of other facts, place codes as the country chart
    counts them; ``others``: also every text that no clause names. ``named``: sets of the law that together name just
    these places, but for the places ``but``; empty where none do.
    """

    first: Decimal | None = None
    last: Decimal | None = None
    values: tuple[str | bool, ...] = ()
    others: bool = False
    named: tuple[Naming, ...] = ()
    but: tuple[str, ...] = ()

    def holds(self, value: FactValue | None) -> bool:
        """Whether a value is among them; an unknown one never is."""
        if isinstance(value, Decimal):
            return self.first is not None and self.last is not None and self.first <= value <= self.last
        if isinstance(value, tuple):
            return value == self.values
        return value in self.values

    def nearest(self, value: FactValue | None) -> Decimal:
        """Return the number among them that is nearest to ``value``, the first where that is unknown."""
        assert self.first is not None  # noqa: S101 - asked of numbers only
        assert self.last is not None  # noqa: S101
        return self.last if isinstance(value, Decimal) and value > self.last else self.first


class Branch(msgspec.Struct, frozen=True):
    """What the law answers to some values of a fact; ``typical`` is one of them, ``wants`` what it would ask then."""

    values: Values
    typical: FactValue
    result: Result
    wants: tuple[str, ...] = ()


class Alternatives:
    """The parts of every fact's values under one law."""

    def __init__(self, law: Law, trials: Trials, linked: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.law = law
        self.trials = trials
        self.linked = dict(linked or {})
        self.thresholds = Thresholds(law)
        self.facts_read = law.program.facts()
        charted = law.system == CHARTED
        self.places = tuple(code for code, place in places().items() if not charted or place.row == code)
        self._leaves = tuple(dict.fromkeys(law.program.leaves()))
        self._held: dict[str, tuple[tuple[frozenset[str], ...], tuple[e.Term, ...]]] = {}
        self._classes_by_tests: dict[tuple[str, tuple[frozenset[str], ...]], list[tuple[str, ...]]] = {}
        self._names: dict[frozenset[str], Values] = {}

    def setting(self, name: str, value: FactValue) -> dict[str, FactValue]:
        """Return a fact with the facts that were taken from it and follow it."""
        return dict.fromkeys((name, *self.linked.get(name, ())), value)

    def parts(self, name: str, facts: Mapping[str, FactValue]) -> Iterator[tuple[Values, FactValue]]:
        """Yield each part of the values of a fact, with one that stands for it; ``facts`` are all the others."""
        fact = self.law.vocabulary[name]
        if fact.type == "number":
            yield from ((Values(first, last), first) for first, last in self.thresholds.stretches(name, facts))
        elif fact.type == "boolean":
            yield Values(values=(True,)), True
            yield Values(values=(False,)), False
        elif fact.many:
            yield Values(), ()
            yield from ((Values(values=(value,)), (value,)) for value in fact.values)
        elif fact.type in ("place", "text"):
            yield from self._classes(name, facts)

    def _classes(self, name: str, facts: Mapping[str, FactValue]) -> Iterator[tuple[Values, FactValue]]:
        tests = self._tests(name, facts)
        key = name, tests
        if key not in self._classes_by_tests:
            self._classes_by_tests[key] = self._grouped(name, tests)
        for values in self._classes_by_tests[key]:
            yield Values(values=values), values[0]
        fact = self.law.vocabulary[name]
        if fact.type == "text" and not fact.values:
            yield Values(others=True), self._unnamed(name, facts, frozenset().union(*tests))

    def _grouped(self, name: str, tests: tuple[frozenset[str], ...]) -> list[tuple[str, ...]]:
        """Return the values of a fact in groups that no test tells apart."""
        fact = self.law.vocabulary[name]
        universe = self.places if fact.type == "place" else fact.values or sorted(frozenset().union(*tests))
        groups: dict[tuple[bool, ...], list[str]] = {}
        for value in universe:
            groups.setdefault(tuple(value in test for test in tests), []).append(value)
        return [tuple(values) for values in groups.values()]

    def _tests(self, name: str, facts: Mapping[str, FactValue]) -> tuple[frozenset[str], ...]:
        """Return all that a fact, and those that follow it, are held against: sets, listed values, values of facts."""
        found: dict[frozenset[str], None] = {}
        others = {key: value for key, value in facts.items() if key != name and key not in self.linked.get(name, ())}
        for one in (name, *self.linked.get(name, ())):
            fixed, terms = self._held_against(one)
            oracle = Facts(self.law, others).oracle if terms else None
            found |= dict.fromkeys(fixed)
            values = [oracle.value(term) for term in terms] if oracle else []
            found |= {frozenset({str(value)}): None for value in values if value is not None}
        return tuple(found)

    def _held_against(self, name: str) -> tuple[tuple[frozenset[str], ...], tuple[e.Term, ...]]:
        if name not in self._held:
            fixed, terms = [], []
            for leaf in self._leaves:
                match leaf:
                    case e.Member(e.FactTerm(fact), values, among) if fact == name:
                        fixed.append(self.law.sets[among] if among else frozenset(values))
                    case e.Compare(_, e.FactTerm(fact), term) if fact == name:
                        terms.append(term)
                    case e.Compare(_, term, e.FactTerm(fact)) if fact == name:
                        terms.append(term)
            self._held[name] = tuple(dict.fromkeys(fixed)), tuple(dict.fromkeys(terms))
        return self._held[name]

    @staticmethod
    def _unnamed(name: str, facts: Mapping[str, FactValue], named: frozenset[str]) -> FactValue:
        given = facts.get(name)
        if given is not None and given not in named:
            return given
        return next(text for text in (UNNAMED, *map(str, range(len(named) + 1))) if text not in named)

    def along(self, name: str, facts: Mapping[str, FactValue], *, asking: bool = False) -> list[Branch]:
        """Return what the law answers along the values of one fact: parts of one result joined, numbers in a row.

        ``asking``: with what it would ask for then. Ends early where the trials are spent.
        """
        fact = self.law.vocabulary[name]
        found: list[Branch] = []
        for values, typical in self.parts(name, facts):
            if self.trials.spent:
                break
            tried = {**facts, **self.setting(name, typical)}
            result = self.trials.result(tried)
            wants = self.trials.case(tried).wanted_facts if asking else ()
            alike = [i for i, b in enumerate(found) if (b.result, b.wants) == (result, wants) and not fact.many]
            alike = [i for i in alike if fact.type != "number" or i == len(found) - 1]
            if alike:
                found[alike[0]] = _joined(found[alike[0]], values)
            else:
                found.append(Branch(values, typical, result, wants))
        return found

    def named(self, name: str, values: Values) -> Values:
        """Return values with the sets of the law that name them, where they are places and sets do but for a few.

        The fewest exceptions are best, and then one set rather than two.
        """
        if self.law.vocabulary[name].type != "place":
            return values
        wanted, every = frozenset(str(code) for code in values.values), frozenset(self.places)
        if wanted not in self._names:
            self._names[wanted] = self._named(wanted, every)
        return self._names[wanted]

    def _named(self, wanted: frozenset[str], every: frozenset[str]) -> Values:
        titled = [name for name, state in self.law.set_states.items() if state.form.title]
        sets = {Naming(name, inside=True): self.law.sets[name] & every for name in titled}
        sets |= {Naming(naming.set, inside=False): every - members for naming, members in sets.items()}
        around = {naming: members for naming, members in sets.items() if wanted <= members != every}
        best, fewest = Values(values=tuple(sorted(wanted))), MOST_EXCEPT + 1
        if len(wanted) <= MOST_EXCEPT:
            return best
        alone = [((naming,), members) for naming, members in around.items()]
        for names, members in [*alone, *_both(around)]:
            if len(members - wanted) < fewest:
                fewest = len(members - wanted)
                best = Values(values=best.values, named=names, but=tuple(sorted(members - wanted)))
            if fewest == 0:
                break
        return best


def _both(
    around: Mapping[Naming, frozenset[str]],
) -> Iterator[tuple[tuple[Naming, Naming], frozenset[str]]]:
    for (one, these), (other, those) in combinations(around.items(), 2):
        yield (one, other), these & those


def _joined(branch: Branch, values: Values) -> Branch:
    """Return a branch with more values of the same result."""
    if values.first is not None:
        return msgspec.structs.replace(branch, values=Values(branch.values.first, values.last))
    together = Values(values=branch.values.values + values.values, others=branch.values.others or values.others)
    return msgspec.structs.replace(branch, values=together)
