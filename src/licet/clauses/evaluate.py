"""The oracle: a plain interpreter of conditions with three truth values. Slow, short, and what others must equal."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, localcontext
from typing import TYPE_CHECKING, Any, Protocol

from licet.clauses import expression as e

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue

Verity = bool | None
"""True, false, or None for unknown."""

# Wide enough for every number that the vocabulary lets in; a rounding would be a wrong verdict, so it is an error.
EXACT = Context(prec=120, traps=[Inexact])

_COMPARE = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """One row of a table: ``first`` and ``last`` belong to it; None is open."""

    first: dt.date | Decimal | None
    last: dt.date | Decimal | None
    value: Decimal


@dataclass(frozen=True, slots=True)
class Table:
    """Values by interval; ``outside`` holds elsewhere, None for unknown."""

    rows: tuple[Interval, ...]
    outside: Decimal | None = None

    def at(self, key: Any) -> Decimal | None:
        """Return the value at ``key``."""
        for row in self.rows:
            if (row.first is None or row.first <= key) and (row.last is None or key <= row.last):
                return row.value
        return self.outside


class Reader(Protocol):
    """Where the value of a fact comes from."""

    def value(self, name: str) -> FactValue | None:
        """Return the value of a fact, None where it is unknown."""


@dataclass
class Oracle:
    """Evaluates conditions against facts, sets, tables and the other clauses of one law; remembers each clause."""

    facts: Reader
    conditions: Mapping[str, e.Condition]
    sets: Mapping[str, frozenset[str]]
    tables: Mapping[str, Table]
    truths: dict[str, Verity] = field(default_factory=dict)
    _found: dict[int, tuple[e.Condition, Verity]] = field(default_factory=dict)

    def clause(self, name: str) -> Verity:
        """Return the truth of a clause."""
        if name not in self.truths:
            self.truths[name] = self.truth(self.conditions[name])
        return self.truths[name]

    def truth(self, node: e.Condition) -> Verity:
        """Return the truth of a condition; that of one condition is worked out once."""
        key = id(node)
        try:
            return self._found[key][1]
        except KeyError:
            pass
        truth = self._truth(node)
        # The node is kept beside its truth, so that no other can come to have its identity.
        self._found[key] = (node, truth)
        return truth

    def _truth(self, node: e.Condition) -> Verity:  # noqa: C901, PLR0911 - one branch a kind of node
        match node:
            case e.And(parts):
                return _all(self.truth(part) for part in parts)
            case e.Or(parts):
                inverse = _all(_not(self.truth(part)) for part in parts)
                return _not(inverse)
            case e.Not(part):
                return _not(self.truth(part))
            case e.Refer(clause):
                return self.clause(clause)
            case e.Truth(fact):
                value = self.facts.value(fact)
                return None if value is None else bool(value)
            case e.Known(fact):
                return self.facts.value(fact) is not None
            case e.Always(value):
                return value
            case e.Member():
                return self.member(node)
            case e.Compare(sign, left, right):
                return compared(sign, self.value(left), self.value(right))
            case e.CompareRatio():
                return self.ratio(node)

    def member(self, node: e.Member) -> Verity:
        """Membership of a known value, of any of several; unknown otherwise."""
        value = self.value(node.term)
        if value is None:
            return None
        among = self.sets[node.set] if node.set else node.values
        return any(item in among for item in value) if isinstance(value, tuple) else value in among

    def ratio(self, node: e.CompareRatio) -> Verity:
        """Compare the ratio without a division."""
        of, over = self.value(node.of), self.value(node.over)
        if over is None:
            return compared(node.operator, self.value(node.stated), self.value(node.bound))
        if over == 0:
            return False
        bound = self.value(node.bound)
        return compared(node.operator, of, None if bound is None else _exact("*", bound, over))

    def value(self, term: e.Term) -> Any:
        """Return the value of a term, None where it is unknown."""
        match term:
            case e.Constant(value):
                return value
            case e.FactTerm(name):
                return self.facts.value(name)
            case e.Lookup(table, key):
                at = self.value(key)
                return None if at is None else self.tables[table].at(at)
            case e.Arithmetic(sign, left, right):
                first, second = self.value(left), self.value(right)
                return None if first is None or second is None else _exact(sign, first, second)

    def wanted(self, node: e.Condition) -> tuple[str, ...]:
        """Return the facts whose want leaves ``node`` unknown, in order; none when it is not unknown."""
        return tuple(dict.fromkeys(self._wanted(node, set())))

    def grounds(self, node: e.Condition) -> frozenset[str]:
        """Return the facts on which the truth of ``node`` rests: those of the parts that settle it.

        One false part settles an AND, one true part an OR; the first that does is taken.
        """
        match node:
            case e.And(parts) | e.Or(parts):
                settles = isinstance(node, e.Or)
                deciding = next((part for part in parts if self.truth(part) is settles), None)
                return frozenset().union(*(self.grounds(part) for part in ((deciding,) if deciding else parts)))
            case e.Not(part):
                return self.grounds(part)
            case e.Refer(clause):
                return self.grounds(self.conditions[clause])
        return frozenset(e.facts_in(node))

    def _wanted(self, node: e.Node, seen: set[str]) -> list[str]:  # noqa: PLR0911 - one branch a kind of node
        match node:
            case e.FactTerm(name) | e.Truth(name):
                return [name] if self.facts.value(name) is None else []
            case e.Refer(clause):
                if clause in seen or self.clause(clause) is not None:
                    return []
                seen.add(clause)
                return self._wanted(self.conditions[clause], seen)
            case e.CompareRatio(_, stated, of, over):
                if self.truth(node) is not None:
                    return []
                return self._wanted(of, seen) if self.value(over) is not None else self._wanted(stated, seen)
            case e.And() | e.Or() | e.Not() | e.Compare() | e.Member():
                if self.truth(node) is not None:
                    return []
        return [name for child in e.children(node) for name in self._wanted(child, seen)]


def _exact(sign: str, left: Decimal, right: Decimal) -> Decimal:
    with localcontext(EXACT):
        if sign == "+":
            return left + right
        return left - right if sign == "-" else left * right


def compared(sign: str, left: Any, right: Any) -> Verity:
    """Return the truth of a comparison; unknown where a side is (None)."""
    return None if left is None or right is None else bool(_COMPARE[sign](left, right))


def _not(truth: Verity) -> Verity:
    return None if truth is None else not truth


def _all(truths: Any) -> Verity:
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True
