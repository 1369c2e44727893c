"""The typed expression that a clause's text becomes: the one source of every back end.

A *term* has a value (a number, text, place or date); a *condition* has a truth: true, false or unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from decimal import Decimal

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
TermType = Literal["number", "text", "place", "date"]


class Constant(msgspec.Struct, frozen=True):
    """A literal number, text, place code or date."""

    value: Decimal | str | dt.date
    type: TermType


class FactTerm(msgspec.Struct, frozen=True):
    """The value of a fact."""

    name: str
    type: TermType


class Arithmetic(msgspec.Struct, frozen=True):
    """Two numbers added, subtracted or multiplied, exactly."""

    operator: Literal["+", "-", "*"]
    left: Term
    right: Term
    type: TermType = "number"


class Lookup(msgspec.Struct, frozen=True):
    """The value of a table at a key: its interval that holds the key, or what holds outside it."""

    table: str
    key: Term
    type: TermType = "number"


Term = Constant | FactTerm | Arithmetic | Lookup


class Compare(msgspec.Struct, frozen=True):
    """Two terms of one type compared."""

    operator: Operator
    left: Term
    right: Term


class CompareRatio(msgspec.Struct, frozen=True):
    """A ratio fact against a bound: ``of`` against ``bound`` × ``over`` where ``over`` is known, else the stated ratio.

    Where ``over`` is zero (no such area at all) the ratio is undefined and every comparison false.
    """

    operator: Operator
    stated: FactTerm
    of: FactTerm
    over: FactTerm
    bound: Term


class Member(msgspec.Struct, frozen=True):
    """A term among listed constants, or in a named set; of a fact with many values, any of them."""

    term: Term
    values: tuple[str, ...] = ()
    set: str = ""


class Truth(msgspec.Struct, frozen=True):
    """A fact of type boolean."""

    fact: str


class Known(msgspec.Struct, frozen=True):
    """Whether a fact is known; itself never unknown."""

    fact: str


class Refer(msgspec.Struct, frozen=True):
    """The truth of another clause."""

    clause: str


class Always(msgspec.Struct, frozen=True):
    """True, false or (None) unknown, whatever the facts: unknown where nobody knows whether a clause is in force."""

    value: bool | None


class Not(msgspec.Struct, frozen=True):
    """Negation: unknown stays unknown."""

    part: Condition


class And(msgspec.Struct, frozen=True):
    """True when all are, false when one is, else unknown (Kleene)."""

    parts: tuple[Condition, ...]


class Or(msgspec.Struct, frozen=True):
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
