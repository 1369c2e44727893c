"""The typed expression that a clause's text becomes: the one source of every back end.

A *term* has a value (a number, text, place or date); a *condition* has a truth: true, false or unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from decimal import Decimal

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
TermType = Literal["number", "text", "place", "date"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal number, text, place code or date."""

    value: Decimal | str | dt.date
    type: TermType


@dataclass(frozen=True, slots=True)
class FactTerm:
    """The value of a fact."""

    name: str
    type: TermType


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers added, subtracted or multiplied, exactly."""

    operator: Literal["+", "-", "*"]
    left: Term
    right: Term
    type: TermType = "number"


@dataclass(frozen=True, slots=True)
class Lookup:
    """The value of a table at a key: its interval that holds the key, or what holds outside it."""

    table: str
    key: Term
    type: TermType = "number"


Term = Constant | FactTerm | Arithmetic | Lookup


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms of one type compared."""

    operator: Operator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class CompareRatio:
    """A ratio fact against a bound: ``of`` against ``bound`` × ``over`` where ``over`` is known, else the stated ratio.

    Where ``over`` is zero (no such area at all) the ratio is undefined and every comparison false.
    """

    operator: Operator
    stated: FactTerm
    of: FactTerm
    over: FactTerm
    bound: Term


@dataclass(frozen=True, slots=True)
class Member:
    """A term among listed constants, or in a named set; of a fact with many values, any of them."""

    term: Term
    values: tuple[str, ...] = ()
    set: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """A fact of type boolean."""

    fact: str


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a fact is known; itself never unknown."""

    fact: str


@dataclass(frozen=True, slots=True)
class Refer:
    """The truth of another clause."""

    clause: str


@dataclass(frozen=True, slots=True)
class Always:
    """True, false or (None) unknown, whatever the facts: unknown where nobody knows whether a clause is in force."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Not:
    """Negation: unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    """True when all are, false when one is, else unknown (Kleene)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one is, false when all are, else unknown (Kleene)."""

    parts: tuple[Condition, ...]


Condition = Compare | CompareRatio | Member | Truth | Known | Refer | Always | Not | And | Or
Node = Condition | Term


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case CompareRatio(_, stated, of, over, bound):
            return (stated, of, over, bound)
        case Member(term) | Lookup(_, term):
            return (term,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything below it, depth first."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_in(node: Node) -> tuple[str, ...]:
    """Return the names of the facts that ``node`` itself reads, once each, in order of first use."""
    names = (
        n.name if isinstance(n, FactTerm) else n.fact for n in walk(node) if isinstance(n, FactTerm | Truth | Known)
    )
    return tuple(dict.fromkeys(names))


def clauses_in(node: Node) -> tuple[str, ...]:
    """Return the ids of the clauses that ``node`` refers to, once each."""
    return tuple(dict.fromkeys(n.clause for n in walk(node) if isinstance(n, Refer)))
