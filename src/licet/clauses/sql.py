"""Conditions to SQL: columns that are added to a table layer by layer, in DuckDB's dialect unless another is asked for.

SQL's NULL is the third truth value: its AND, OR and NOT are Kleene's. Numbers are DECIMAL of the scale that the
vocabulary keeps, and how wide each may become is worked out here: what an engine would round is an error.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.dialects import DUCKDB, MOST_DECIMALS, Dialect, Width, either, too_wide, width_of, width_of_fact
from licet.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from licet.clauses.program import Program, Step
    from licet.clauses.vocabulary import Fact, FactValue

__all__ = ["MOST_DECIMALS", "SETTINGS", "Columns", "column_type", "literal", "nested"]

SETTINGS = ("SET disabled_optimizers = 'in_clause'",)
"""For DuckDB, before such a query: its rule for IN walks the whole query for each list."""
_LONGEST_NAME = 63
_EMPTY_TABLE = Width(15, 3)


class Columns:
    """Writes the conditions of one program as SQL over columns.

    A fact as given stands in a column of its own name, a fact that may follow from others in ``f_name``, the truth of a
    clause in ``c_id``. ``given``: the columns that the input has; the others are NULL. ``named_sets``: whether a fact
    is among the members of a set is a column of its own, ``m_fact_set``, in the first of :meth:`layers`.
    """

    def __init__(
        self, program: Program, given: Collection[str], dialect: Dialect = DUCKDB, *, named_sets: bool = False
    ) -> None:
        self.program = program
        self.given = frozenset(given)
        self.dialect = dialect
        self.named_sets = named_sets
        self._widths: dict[str, Width] = {}

    def fact(self, name: str) -> str:
        """Return the column of a fact as it counts: as given, derived or assumed."""
        return self.internal(f"f_{name}") if self.follows(name) else self.stated(name)

    def follows(self, name: str) -> bool:
        """Return whether a fact may follow from others or be assumed."""
        return name in self.program.derived or name in self.program.assumed

    def stated(self, name: str) -> str:
        """Return a fact as it was given."""
        if name in self.given:
            return self.dialect.quoted(name)
        return f"CAST(NULL AS {self.dialect.column(self.program.vocabulary[name])})"

    def clause(self, name: str) -> str:
        """Return the column of a clause's truth."""
        return self.internal(f"c_{name}")

    def internal(self, name: str) -> str:
        """Return the name of a column that the query itself makes; PostgreSQL cuts names of more than 63 bytes."""
        if len(name.encode()) > _LONGEST_NAME:
            name = f"{name[:40]}_{sha256(name.encode()).hexdigest()[:16]}"
        return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else self.dialect.quoted(name)

    def layers(self) -> list[list[str]]:
        """Return the columns to be added, layer by layer, each as ``expression AS name``."""
        found = [[column for step in layer if (column := self.column(step))] for layer in self.program.levels()]
        if found:
            found[0] = [*(f"{text} AS {name}" for name, text in self._memberships.values()), *found[0]]
        return [layer for layer in found if layer]

    def column(self, step: Step) -> str:
        """Return the column that a step adds, as ``expression AS name``; empty where a fact stands as it was given."""
        if step.kind == "clause":
            return f"{self.truth(self.program.conditions[step.name])} AS {self.clause(step.name)}"
        value = self._completed(step.name)
        return f"{value} AS {self.internal(f'f_{step.name}')}" if value else ""

    def _completed(self, name: str) -> str:
        stated = self.stated(name)
        if name in self.program.derived:
            self._fitting(self.width(e.FactTerm(name, "number")))
            return f"COALESCE({stated}, {self.value(self.program.derived[name])})"
        may = self.program.assumed.get(name)
        if may is None:
            return ""
        taken = self.dialect.literal(may.value)
        if may.when is not None:
            taken = f"CASE WHEN {self.truth(may.when)} THEN {taken} END"
        return f"COALESCE({stated}, {taken})"

    def truth(self, node: e.Condition) -> str:  # noqa: C901, PLR0911 - one branch a kind of node
        """Return a condition as a boolean expression, NULL where it is unknown."""
        match node:
            case e.And(parts):
                return _joined("AND", [self.truth(part) for part in parts], "TRUE")
            case e.Or(parts):
                return _joined("OR", [self.truth(part) for part in parts], "FALSE")
            case e.Not(part):
                return f"(NOT {self.truth(part)})"
            case e.Refer(clause):
                return self.clause(clause)
            case e.Truth(fact):
                return self.fact(fact)
            case e.Known(fact):
                return f"({self.fact(fact)} IS NOT NULL)"
            case e.Always(value):
                return {True: "TRUE", False: "FALSE", None: f"CAST(NULL AS {self.dialect.boolean})"}[value]
            case e.Member():
                return self._member(node)
            case e.Compare(sign, left, right):
                return self._compared(sign, left, right)
            case e.CompareRatio():
                return self._ratio(node)

    def _member(self, node: e.Member) -> str:
        name = node.term.name if isinstance(node.term, e.FactTerm) else ""
        if (name, node.set) in self._memberships:
            return self._memberships[name, node.set][0]
        return self._among(node)

    def _among(self, node: e.Member) -> str:
        value = self.value(node.term)
        among = sorted(self.program.sets[node.set] if node.set else node.values)
        if not among:
            return f"CASE WHEN {value} IS NOT NULL THEN FALSE END"
        if isinstance(node.term, e.FactTerm) and self.program.vocabulary[node.term.name].many:
            return self.dialect.has_any(value, among)
        return f"({value} IN ({', '.join(map(self.dialect.string, among))}))"

    @cached_property
    def _memberships(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Columns of membership in named sets, by fact and set: name and expression; only of facts as given."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for node in self.program.leaves() if self.named_sets else ():
            if isinstance(node, e.Member) and node.set and isinstance(node.term, e.FactTerm):
                fact = node.term.name
                if fact in self.given and not self.follows(fact):
                    found[fact, node.set] = (self.internal(f"m_{fact}_{node.set}"), self._among(node))
        return found

    def _compared(self, sign: str, left: e.Term, right: e.Term) -> str:
        if left.type == "number":
            self._fitting(either(self.width(left), self.width(right)))
        return f"({self._side(left)} {sign} {self._side(right)})"

    def _side(self, node: e.Term) -> str:
        """Return a term that stands alone on its side of a comparison."""
        if isinstance(node, e.Constant):
            return self._plain(node.value)
        return self._lookup(node) if isinstance(node, e.Lookup) else self.value(node)

    def _plain(self, value: FactValue) -> str:
        return self.dialect.plain(value) if isinstance(value, Decimal) else self.dialect.literal(value)

    def _ratio(self, node: e.CompareRatio) -> str:
        over, product = self.value(node.over), e.Arithmetic("*", node.bound, node.over)
        return (
            f"CASE WHEN {over} IS NULL THEN {self._compared(node.operator, node.stated, node.bound)} "
            f"WHEN {over} = 0 THEN FALSE ELSE {self._compared(node.operator, node.of, product)} END"
        )

    def value(self, node: e.Term) -> str:
        """Return a term as an expression, NULL where it is unknown; a number of the type DECIMAL."""
        match node:
            case e.Constant(value):
                return self.dialect.literal(value)
            case e.FactTerm(name):
                return self.fact(name)
            case e.Arithmetic(sign, left, right):
                self._fitting(self.width(node))
                return f"({self.value(left)} {sign} {self.value(right)})"
            case e.Lookup():
                return f"CAST({self._lookup(node)} AS {self.dialect.decimal(self.width(node))})"

    def _lookup(self, node: e.Lookup) -> str:
        table, key = self.program.tables[node.table], self.value(node.key)
        rows = []
        for row in table.rows:
            ends = [f"{key} >= {self._plain(row.first)}"] if row.first is not None else []
            ends += [f"{key} <= {self._plain(row.last)}"] if row.last is not None else []
            # An open interval holds every day, but not a day that is unknown.
            rows.append(f"WHEN {' AND '.join(ends) or f'{key} IS NOT NULL'} THEN {self._plain(row.value)}")
        if table.outside is not None:
            rows.append(f"WHEN {key} IS NOT NULL THEN {self._plain(table.outside)}")
        return f"CASE {' '.join(rows)} END" if rows else f"CAST(NULL AS {self.dialect.decimal(_EMPTY_TABLE)})"

    def width(self, node: e.Term) -> Width:
        """Return how wide a number may be. Raises :class:`licet.errors.BadValue` where the engine would round it."""
        match node:
            case e.Constant(value):
                return width_of(value)  # type: ignore[arg-type]  # of numbers only
            case e.FactTerm(name):
                return self._width_of(name)
            case e.Lookup(name):
                table = self.program.tables[name]
                values = [*(row.value for row in table.rows), *([table.outside] if table.outside is not None else [])]
                widest = _EMPTY_TABLE if not values else width_of(values[0])
                for value in values:
                    widest = either(widest, width_of(value))
                return widest
            case e.Arithmetic(sign, left, right):
                rule = self.dialect.product if sign == "*" else self.dialect.sum
                return rule(self.width(left), self.width(right))

    def _width_of(self, name: str) -> Width:
        if name not in self._widths:
            found = width_of_fact(self.program.vocabulary[name])
            if name in self.program.derived:
                found = either(found, self.width(self.program.derived[name]))
            self._widths[name] = found
        return self._widths[name]

    def _fitting(self, width: Width) -> None:
        if not self.dialect.fits(width):
            raise too_wide(self.dialect, width)


def column_type(fact: Fact) -> str:
    """Return the type of the column of a fact. Raises :class:`LawError` where no DECIMAL is wide enough for it."""
    if fact.type == "number" and (digits := sum(width_of_fact(fact))) > MOST_DECIMALS:
        raise LawError(f"{digits} digits are more than a column keeps", fix=f"give 'most' below {MOST_DECIMALS} digits")
    return DUCKDB.column(fact)


def literal(value: FactValue) -> str:
    """Return a constant in SQL; a number as exactly as it is written."""
    return DUCKDB.literal(value)


def nested(layers: Iterable[list[str]], table: str) -> str:
    """Return ``WITH`` clauses that add each layer's columns to those before; the last is named by the last number."""
    parts, source = [], table
    for number, layer in enumerate(layers):
        # The text is written here from parsed expressions; what a law file or a user wrote stands in literals only.
        parts.append(f"l{number} AS (SELECT *, {', '.join(layer)} FROM {source})")  # noqa: S608
        source = f"l{number}"
    return ",\n".join(parts)


def _joined(word: str, parts: list[str], neutral: str) -> str:
    return f"({f' {word} '.join(parts)})" if parts else neutral
