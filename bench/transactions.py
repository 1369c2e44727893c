"""Random transactions for the benches and the differential tests: hostile to a back end, and the same for one seed.

A number lies on a threshold of the law, just below or above it, or anywhere; a place or a text is one that a condition
names, or another; each fact may be unknown.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.decisions import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.clauses.vocabulary import Fact, FactValue
    from licet.statutes import Law

KNOWN = 0.55
"""The share of facts that are known, for most transactions; some know nearly all, some nearly nothing."""


class Dice:
    """Draws transactions under one law."""

    def __init__(self, law: Law, seed: int) -> None:
        self.law = law
        self.random = random.Random(seed)
        self.names = law.program.facts()
        self.bounds = _bounds(law)
        self.said = _said(law)
        self.places = sorted(law.vocabulary.places)

    def transactions(self, count: int) -> Iterator[Transaction]:
        """Yield ``count`` transactions on days on which the law holds."""
        last = self.law.last or self.law.first + dt.timedelta(days=900)
        first = max(self.law.first, dt.date(1900, 1, 1))
        for _ in range(count):
            known = self.random.choice((KNOWN, KNOWN, 0.95, 0.15))
            facts = {name: self.value(name) for name in self.names if self.random.random() < known}
            day = first + dt.timedelta(days=self.random.randint(0, max((last - first).days, 0)))
            yield Transaction({**facts, "date": day})

    def value(self, name: str) -> FactValue:
        """Return a value that the vocabulary lets in."""
        fact = self.law.vocabulary[name]
        if fact.type == "boolean":
            return self.random.random() < 0.5
        if fact.type == "number":
            return self.number(name, fact)
        if fact.type == "date":
            return self.random.choice(self.bounds.get(name) or [dt.date(2025, 1, 1)]) + dt.timedelta(
                days=self.random.choice((-1, 0, 1, 400))
            )
        if fact.type == "place":
            return self.random.choice(self.said.get(name) or self.places if self.random.random() < 0.5 else self.places)
        words = list(fact.values) or [*self.said.get(name, []), "another"]
        if fact.many:
            return tuple(sorted(self.random.sample(words, self.random.randint(0, min(2, len(words))))))
        return self.random.choice(words)

    def number(self, name: str, fact: Fact) -> Decimal:
        """Return a number on a threshold, one step beside it, or anywhere."""
        step = Decimal(1).scaleb(-fact.scale)
        bounds = self.bounds.get(name) or [Decimal(4800)]
        found = self.random.choice(bounds) + self.random.choice((-1, 0, 1)) * step
        if self.random.random() < 0.4:
            found = Decimal(self.random.randint(0, 10 ** self.random.randint(1, 9))).scaleb(-min(fact.scale, 3))
        return min(max(found.quantize(step), fact.least), fact.most)


def _nodes(law: Law) -> Iterator[e.Node]:
    for condition in law.conditions.values():
        yield from e.walk(condition)


def _bounds(law: Law) -> dict[str, list[FactValue]]:
    """Return the constants against which each number and date is held."""
    found: dict[str, set[FactValue]] = {}
    for node in _nodes(law):
        if isinstance(node, e.Compare):
            constants = [t.value for t in (node.left, node.right) if isinstance(t, e.Constant) and t.type != "text"]
            for name in e.facts_in(node):
                found.setdefault(name, set()).update(
                    value for value in constants if (law.vocabulary[name].type == "date") == isinstance(value, dt.date)
                )
        if isinstance(node, e.CompareRatio) and isinstance(node.bound, e.Constant):
            found.setdefault(node.stated.name, set()).add(node.bound.value)
            # The product of a round area and a bound puts the figure itself on the line.
            found.setdefault(node.of.name, set()).add(node.bound.value * 800)
            found.setdefault(node.over.name, set()).add(Decimal(800))
    return {name: sorted(values) for name, values in found.items()}


def _said(law: Law) -> dict[str, list[str]]:
    """Return the texts and places that conditions hold each fact against."""
    found: dict[str, set[str]] = {}
    for node in _nodes(law):
        if isinstance(node, e.Member) and isinstance(node.term, e.FactTerm):
            found.setdefault(node.term.name, set()).update(law.sets[node.set] if node.set else node.values)
        if isinstance(node, e.Compare):
            texts = {t.value for t in (node.left, node.right) if isinstance(t, e.Constant) and isinstance(t.value, str)}
            for name in e.facts_in(node):
                found.setdefault(name, set()).update(texts)
    return {name: sorted(values) for name, values in found.items() if values}
