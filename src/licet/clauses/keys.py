"""The pattern of each row of a table as SQL: whole numbers that are equal exactly where the patterns are.

A table of a billion lines has some thousands of patterns. With these columns an engine finds them, they alone are
decided, and the answers are joined back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from licet.clauses import parts as p
from licet.clauses.sql import Columns, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from licet.clauses.program import Program

MOST_IN_A_KEY = 2**62
"""Parts are packed into one signed 64-bit number as long as their combinations stay below this."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One part as an expression between 0 and ``size`` - 1."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What is added to a table to find its patterns: ``layers`` of columns, then the expressions of the keys."""

    layers: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]


def keys(program: Program, given: Collection[str], amount: str = "") -> Keys:
    """Return the keys of a table with the columns ``given``, named and typed as facts (:mod:`licet.clauses.sql`).

    The layers complete the facts that the keys read; the value of the fact ``amount`` is then in the column that
    :meth:`Columns.fact` names.
    """
    columns = Columns(program, given)
    found = p.parts(program)
    reached = frozenset(p.completed(program, found, amount))
    layers = [
        tuple(column for step in layer if step in reached and (column := columns.column(step)))
        for layer in program.levels()
    ]
    digits = [digit for part in found for digit in Digits(program, columns).of(part) if digit.size > 1]
    return Keys(tuple(layer for layer in layers if layer), tuple(packed(digits)))


def packed(digits: Iterable[Digit]) -> list[str]:
    """Pack digits into as few 64-bit numbers as hold them, in mixed radix."""
    return [_number(group) for group in grouped(digits)]


def grouped(digits: Iterable[Digit]) -> list[list[Digit]]:
    """Return the digits of each key, the lowest first."""
    groups: list[list[Digit]] = [[]]
    for digit in digits:
        if prod(other.size for other in groups[-1]) * digit.size > MOST_IN_A_KEY:
            groups.append([])
        groups[-1].append(digit)
    return groups


def _number(digits: list[Digit]) -> str:
    terms, radix = [], 1
    for digit in digits:
        terms.append(f"CAST({digit.text} AS BIGINT) * {radix}" if radix > 1 else f"CAST({digit.text} AS BIGINT)")
        radix *= digit.size
    return " + ".join(terms) or "CAST(0 AS BIGINT)"


class Digits:
    """Writes parts as digits, over the columns that :class:`Columns` names."""

    def __init__(self, program: Program, columns: Columns) -> None:
        self.program = program
        self.columns = columns

    def of(self, part: p.Part) -> list[Digit]:
        """Return the digits of a part; none for a fact of which the table says nothing."""
        match part:
            case p.Alone():
                return self.alone(part)
            case p.Sides():
                return [self.sides(part)]
            case p.Held(leaf):
                return [_truth(self.columns.truth(leaf))]
            case p.Limited(term):
                return [Digit(f"CASE WHEN {self.columns.value(term)} IS NULL THEN 0 ELSE 1 END", 2)]

    def alone(self, part: p.Alone) -> list[Digit]:
        """Return the class of a fact by itself, and of one that may be derived whether it was given."""
        if part.fact not in self.columns.given and not part.derived:
            return []
        stated = self.columns.stated(part.fact)
        if not part.derived:
            return [self.class_of(part, stated)]
        was_given = Digit(f"CASE WHEN {stated} IS NULL THEN 0 ELSE 1 END", 2)
        value = self.class_of(part, self.columns.fact(part.fact))
        return [was_given, value] if part.fact in self.columns.given else [value]

    def class_of(self, part: p.Alone, value: str) -> Digit:
        """Return the class in which a value lies."""
        fact = self.program.vocabulary[part.fact]
        if fact.type == "boolean":
            return _truth(value)
        if fact.type in ("number", "date"):
            sides = " + ".join(
                f"{_int(f'{value} >= {literal(b)}')} + {_int(f'{value} > {literal(b)}')}" for b in part.bounds
            )
            return Digit(
                f"CASE WHEN {value} IS NULL THEN 0 ELSE {f'1 + {sides}' if sides else '1'} END",
                2 + 2 * len(part.bounds),
            )
        return self.many(part, value) if fact.many else self.text(part, value)

    @staticmethod
    def text(part: p.Alone, value: str) -> Digit:
        """Unknown, of class 0, then each class that is told apart."""
        members = _members(part)
        cases = [
            f"WHEN {value} IN ({', '.join(map(literal, texts))}) THEN {kind + 1}" for kind, texts in members.items()
        ]
        return Digit(f"CASE WHEN {value} IS NULL THEN 0 {' '.join(cases)} ELSE 1 END", 2 + max(members, default=0))

    @staticmethod
    def many(part: p.Alone, value: str) -> Digit:
        """Unknown, then a bit for each class of which a member is there; class 0 is told from an empty list by none."""
        members = _members(part)
        bits = [
            f"{_int(f'list_has_any({value}, [{chr(44).join(map(literal, texts))}])')} * {2**place}"
            for place, texts in enumerate(members.values())
        ]
        return Digit(f"CASE WHEN {value} IS NULL THEN 0 ELSE 1 + {' + '.join(bits) or '0'} END", 1 + 2 ** len(members))

    def sides(self, part: p.Sides) -> Digit:
        """Return on which side of each bound a ratio lies."""
        stated, of, over = (self.columns.fact(name) for name in (part.stated, part.of, part.over))
        as_stated = " + ".join(_side(stated, literal(bound)) for bound in part.bounds) or "0"
        by_product = " + ".join(_side(of, f"{literal(bound)} * {over}") for bound in part.bounds) or "0"
        text = (
            f"CASE WHEN {over} IS NULL THEN CASE WHEN {stated} IS NULL THEN 0 ELSE 2 + {as_stated} END "
            f"WHEN {over} = 0 THEN 1 WHEN {of} IS NULL THEN 0 ELSE 2 + {by_product} END"
        )
        return Digit(text, 3 + 2 * len(part.bounds))


def _members(part: p.Alone) -> dict[int, list[str]]:
    members: dict[int, list[str]] = {}
    for text, kind in part.classes:
        if kind:
            members.setdefault(kind, []).append(text)
    return dict(sorted(members.items()))


def _side(value: str, bound: str) -> str:
    """Return 0 below a bound, 1 on it, 2 above."""
    return f"{_int(f'{value} >= {bound}')} + {_int(f'{value} > {bound}')}"


def _int(condition: str) -> str:
    return f"CAST({condition} AS INTEGER)"


def _truth(text: str) -> Digit:
    return Digit(f"COALESCE(CAST({text} AS INTEGER) + 1, 0)", 3)
