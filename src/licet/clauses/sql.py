"""Conditions to SQL: one common table expression for each layer of a law, in DuckDB's dialect.

SQL's NULL is the third truth value: its AND, OR and NOT are Kleene's. Numbers are DECIMAL of the scale that the
vocabulary keeps, so that nothing is rounded. For other engines the text is translated with sqlglot.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from licet.clauses.program import Program, Step
    from licet.clauses.vocabulary import Fact, FactValue

MOST_DECIMALS = 38
"""The widest DECIMAL that DuckDB has."""
SETTINGS = ("SET disabled_optimizers = 'in_clause'",)
"""For DuckDB, before such a query: its rule for IN walks the whole law for each list, which takes it many seconds."""
NOTHING = "CAST(NULL AS BOOLEAN)"


class Columns:
    """Writes the conditions of one program as SQL over columns.

    A fact as given stands in a column of its own name, a fact that may follow from others in ``f_name``, the truth of a
    clause in ``c_id``. ``given``: the columns that the input has; the others are NULL.
    """

    def __init__(self, program: Program, given: Collection[str]) -> None:
        self.program = program
        self.given = frozenset(given)

    def fact(self, name: str) -> str:
        """Return the column of a fact as it counts: as given, derived or assumed."""
        follows = name in self.program.derived or name in self.program.assumed
        return _quoted(f"f_{name}") if follows else self.stated(name)

    def stated(self, name: str) -> str:
        """Return a fact as it was given."""
        return _quoted(name) if name in self.given else f"CAST(NULL AS {column_type(self.program.vocabulary[name])})"

    @staticmethod
    def clause(name: str) -> str:
        """Return the column of a clause's truth."""
        return _quoted(f"c_{name}")

    def layers(self) -> list[list[str]]:
        """Return the columns to be added, layer by layer, each as ``expression AS name``."""
        found = [[column for step in layer if (column := self.column(step))] for layer in self.program.levels()]
        return [layer for layer in found if layer]

    def column(self, step: Step) -> str:
        """Return the column that a step adds, as ``expression AS name``; empty where a fact stands as it was given."""
        if step.kind == "clause":
            return f"{self.truth(self.program.conditions[step.name])} AS {self.clause(step.name)}"
        value = self._completed(step.name)
        return f"{value} AS {_quoted('f_' + step.name)}" if value else ""

    def _completed(self, name: str) -> str:
        stated = self.stated(name)
        if name in self.program.derived:
            return f"COALESCE({stated}, {self.value(self.program.derived[name])})"
        may = self.program.assumed.get(name)
        if may is None:
            return ""
        taken = literal(may.value)
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
                return {True: "TRUE", False: "FALSE", None: NOTHING}[value]
            case e.Member():
                return self._member(node)
            case e.Compare(sign, left, right):
                return f"({self.value(left)} {sign} {self.value(right)})"
            case e.CompareRatio():
                return self._ratio(node)

    def _member(self, node: e.Member) -> str:
        value = self.value(node.term)
        among = sorted(self.program.sets[node.set] if node.set else node.values)
        if not among:
            return f"CASE WHEN {value} IS NOT NULL THEN FALSE END"
        listed = ", ".join(literal(item) for item in among)
        if isinstance(node.term, e.FactTerm) and self.program.vocabulary[node.term.name].many:
            return f"list_has_any({value}, [{listed}])"
        return f"({value} IN ({listed}))"

    def _ratio(self, node: e.CompareRatio) -> str:
        stated, of, over = self.value(node.stated), self.value(node.of), self.value(node.over)
        bound, sign = self.value(node.bound), node.operator
        return (
            f"CASE WHEN {over} IS NULL THEN {stated} {sign} {bound} "
            f"WHEN {over} = 0 THEN FALSE ELSE {of} {sign} {bound} * {over} END"
        )

    def value(self, node: e.Term) -> str:
        """Return a term as an expression, NULL where it is unknown."""
        match node:
            case e.Constant(value):
                return literal(value)
            case e.FactTerm(name):
                return self.fact(name)
            case e.Arithmetic(sign, left, right):
                return f"({self.value(left)} {sign} {self.value(right)})"
            case e.Lookup():
                return self._lookup(node)

    def _lookup(self, node: e.Lookup) -> str:
        table, key = self.program.tables[node.table], self.value(node.key)
        rows = []
        for row in table.rows:
            ends = [f"{key} >= {literal(row.first)}"] if row.first is not None else []
            ends += [f"{key} <= {literal(row.last)}"] if row.last is not None else []
            rows.append(f"WHEN {' AND '.join(ends) or 'TRUE'} THEN {literal(row.value)}")
        outside = "NULL" if table.outside is None else literal(table.outside)
        if not rows:
            return f"CASE WHEN {key} IS NOT NULL THEN CAST({outside} AS DECIMAL(18, 3)) END"
        return f"CASE WHEN {key} IS NULL THEN NULL {' '.join(rows)} ELSE {outside} END"


def column_type(fact: Fact) -> str:
    """Return the type of the column of a fact. Raises :class:`LawError` where no DECIMAL is wide enough for it."""
    if fact.type == "number":
        digits = len(f"{int(fact.most)}") + fact.scale
        if digits > MOST_DECIMALS:
            raise LawError(
                f"{digits} digits are more than a column keeps", fix=f"give 'most' below {MOST_DECIMALS} digits"
            )
        return f"DECIMAL({digits}, {fact.scale})"
    if fact.many:
        return "VARCHAR[]"
    return {"boolean": "BOOLEAN", "date": "DATE"}.get(fact.type, "VARCHAR")


def literal(value: FactValue) -> str:
    """Return a constant in SQL; a number as exactly as it is written."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        whole, _, part = text.lstrip("-").partition(".")
        return f"CAST({text} AS DECIMAL({len(whole) + len(part)}, {len(part)}))"
    if isinstance(value, dt.date):
        return f"DATE '{value}'"
    if isinstance(value, tuple):
        return f"CAST([{', '.join(literal(item) for item in value)}] AS VARCHAR[])"
    return "'" + value.replace("'", "''") + "'"


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


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
