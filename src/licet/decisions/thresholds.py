"""Where a number changes the law's mind: the stretches of one fact's values on which every comparison stays as it is.

Each comparison in which the fact takes part, through what is derived from it too, is the sign of a polynomial in the
fact. On whole numbers the changes of its sign are found exactly: a polynomial is monotone between the changes of sign
of its differences, whose degree is one less, and there a bisection finds the one place. No list of accounts is needed,
and nothing is rounded.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.evaluate import EXACT
from licet.clauses.program import Step
from licet.decisions.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Law

MOST_STRETCHES = 1000
"""How many stretches of one fact are made."""
Polynomial = tuple[Fraction, ...]
"""Coefficients, the constant first; the last is not zero unless it is alone."""


def starts_of_signs(polynomial: Polynomial, first: int, last: int) -> list[int]:
    """Return the whole numbers of ``first`` to ``last`` at which a run of one sign begins; ``first`` is the first."""
    starts = [first]
    if len(polynomial) == 1 or first == last:
        return starts
    if len(polynomial) == 2:  # a line, the usual case, needs no search
        root = -polynomial[0] / polynomial[1]
        # The first number at or past the root, and the first past it: one and the same where the root is not whole.
        return starts + [at for at in sorted({math.ceil(root), math.floor(root) + 1}) if first < at <= last]
    turns = starts_of_signs(_difference(polynomial), first, last - 1)
    for low, high in zip(turns, [*turns[1:], last], strict=True):
        starts += _crossings(polynomial, low, high)
    return starts


def _crossings(polynomial: Polynomial, low: int, high: int) -> Iterator[int]:
    """Yield where the sign changes above ``low``, up to ``high``; from one to the other the polynomial is monotone."""
    while (sign := _sign(polynomial, low)) != _sign(polynomial, high):
        same, other = low, high
        while other - same > 1:
            middle = (same + other) // 2
            if _sign(polynomial, middle) == sign:
                same = middle
            else:
                other = middle
        yield other
        low = other


def _sign(polynomial: Polynomial, at: int) -> int:
    total = Fraction(0)
    for coefficient in reversed(polynomial):
        total = total * at + coefficient
    return (total > 0) - (total < 0)


def _difference(polynomial: Polynomial) -> Polynomial:
    """Return p(x + 1) - p(x)."""
    following: Polynomial = (Fraction(0),)
    for coefficient in reversed(polynomial):
        following = _add(_multiply(following, (Fraction(1), Fraction(1))), (coefficient,))
    return _add(following, polynomial, -1)


def _add(one: Polynomial, other: Polynomial, times: int = 1) -> Polynomial:
    length = max(len(one), len(other))
    padded = [(*p, *(Fraction(0),) * (length - len(p))) for p in (one, other)]
    return _trimmed([a + times * b for a, b in zip(*padded, strict=True)])


def _multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    found = [Fraction(0)] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    return _trimmed(found)


def _trimmed(coefficients: list[Fraction]) -> Polynomial:
    while len(coefficients) > 1 and not coefficients[-1]:
        coefficients.pop()
    return tuple(coefficients)


class Thresholds:
    """Finds the stretches of the number facts of one law."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._rests_on: dict[Step, frozenset[str]] = {}
        self._comparing: dict[str, tuple[e.Node, ...]] = {}
        self._found: dict[tuple[str, tuple[tuple[str, FactValue], ...]], list[tuple[Decimal, Decimal]]] = {}

    def rests_on(self, name: str) -> frozenset[str]:
        """Return the facts that a fact follows from or is assumed by, itself among them."""
        return self._reach(Step("fact", name))

    def _reach(self, step: Step) -> frozenset[str]:
        if step not in self._rests_on:
            own = {step.name} if step.kind == "fact" else set()
            self._rests_on[step] = frozenset(own).union(*(self._reach(s) for s in self.law.program.needs(step)))
        return self._rests_on[step]

    @cached_property
    def _numbers(self) -> tuple[e.Node, ...]:
        """Every place of the law where a number is compared or looked up."""
        program = self.law.program
        leaves = dict.fromkeys(leaf for leaf in program.leaves() if _compares_numbers(leaf))
        lookups = [node for term in program.limits.values() for node in e.walk(term) if isinstance(node, e.Lookup)]
        return (*leaves, *dict.fromkeys(lookups))

    def comparing(self, name: str) -> tuple[e.Node, ...]:
        """Return the comparisons, and limits, in which a fact takes part, directly or through another."""
        if name not in self._comparing:
            found = [n for n in self._numbers if any(name in self.rests_on(fact) for fact in e.facts_in(n))]
            self._comparing[name] = tuple(found)
        return self._comparing[name]

    def stretches(self, name: str, given: Mapping[str, FactValue]) -> list[tuple[Decimal, Decimal]]:
        """Return, in order and without gaps, the stretches of a number fact on which each comparison keeps its truth.

        From the least to the greatest value that the vocabulary takes, at its scale, unless there are more than
        :data:`MOST_STRETCHES`; ``given`` holds the other facts.
        """
        read = {other for node in self.comparing(name) for fact in e.facts_in(node) for other in self.rests_on(fact)}
        key = name, tuple((other, given[other]) for other in sorted(read - {name}) if other in given)
        if key not in self._found:
            self._found[key] = list(islice(self._stretches(name, given), MOST_STRETCHES))
        return self._found[key]

    def _stretches(self, name: str, given: Mapping[str, FactValue]) -> Iterator[tuple[Decimal, Decimal]]:
        # A stretch is made with what is assumed at its beginning: an assumption changes only with a comparison, at
        # which the stretch ends.
        fact = self.law.vocabulary[name]
        low, last = _whole(fact.least, fact.scale), _whole(fact.most, fact.scale)
        while low <= last:
            first = _scaled(low, fact.scale)
            reading = _Reading(self.law, Facts(self.law, {**given, name: first}), name, 10**fact.scale)
            polynomials = dict.fromkeys(reading.of(self.comparing(name)))
            ends = [starts[1] for p in polynomials if len(starts := starts_of_signs(p, low, last)) > 1]
            following = min(ends, default=last + 1)
            yield first, _scaled(following - 1, fact.scale)
            low = following


def _whole(value: Decimal, scale: int) -> int:
    with localcontext(EXACT):
        return int(value.scaleb(scale))


def _scaled(number: int, scale: int) -> Decimal:
    """Return a whole number of units of a scale as the vocabulary writes it: plain, without zeros at its end."""
    with localcontext(EXACT):
        value = Decimal(number).scaleb(-scale)
        return Decimal(f"{value.normalize():f}")


def _compares_numbers(leaf: e.Condition) -> bool:
    return isinstance(leaf, e.CompareRatio) or (isinstance(leaf, e.Compare) and leaf.left.type == "number")


class _Reading:
    """Reads terms as polynomials in one fact, in units of its scale, where the other facts stand."""

    def __init__(self, law: Law, facts: Facts, name: str, scale: int) -> None:
        self.law = law
        self.facts = facts
        self.name = name
        self.unit: Polynomial = (Fraction(0), Fraction(1, scale))
        self.found: list[Polynomial] = []

    def of(self, nodes: tuple[e.Node, ...]) -> list[Polynomial]:
        """Return the polynomials whose signs settle all that ``nodes`` say of the fact."""
        for node in nodes:
            match node:
                case e.Compare(_, left, right):
                    self._between(left, right)
                case e.CompareRatio(_, stated, of, over, bound):
                    self._note(self.term(over))
                    self._between(stated, bound)
                    self._between(of, e.Arithmetic("*", bound, over))
                case e.Lookup():
                    self.term(node)
        return self.found

    def _between(self, left: e.Term, right: e.Term) -> None:
        one, other = self.term(left), self.term(right)
        if one is not None and other is not None:
            self._note(_add(one, other, -1))

    def _note(self, polynomial: Polynomial | None) -> None:
        if polynomial is not None and len(polynomial) > 1:
            self.found.append(polynomial)

    def term(self, node: e.Term) -> Polynomial | None:
        """Return a number term as a polynomial, None where its value is unknown."""
        match node:
            case e.Arithmetic(sign, left, right):
                one, other = self.term(left), self.term(right)
                if one is None or other is None:
                    return None
                return _multiply(one, other) if sign == "*" else _add(one, other, 1 if sign == "+" else -1)
            case e.FactTerm(name) if name == self.name:
                return self.unit
            case e.FactTerm(name) if name in self.law.derived and self.facts.given.get(name) is None:
                return self.term(self.law.derived[name])
            case e.Lookup(table, key) if key.type == "number":
                self._rows(table, key)
        value = self.facts.oracle.value(node)
        return (Fraction(value),) if isinstance(value, Decimal) else None

    def _rows(self, table: str, key: e.Term) -> None:
        """Note the ends of a table's rows: between them its value stands still."""
        at = self.term(key)
        for row in self.law.tables[table].rows:
            for bound in (row.first, row.last):
                if at is not None and isinstance(bound, Decimal):
                    self._note(_add(at, (Fraction(bound),), -1))
