"""Conditions back to text: the clause language itself, the same for every reader."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import assert_never

from licet.clauses import expression as e


def sql(node: e.Node) -> str:  # noqa: C901, PLR0911, PLR0912 - one branch a kind of node
    """Return ``node`` as text of the clause language; parsing it again gives an equal node."""
    match node:
        case e.And(parts):
            return " AND ".join(_inner(part) for part in parts)
        case e.Or(parts):
            return " OR ".join(_inner(part) for part in parts)
        case e.Not(e.Known(fact)):
            return f"{fact} IS NULL"
        case e.Not(e.Member() as member):
            return sql(member).replace(" IN ", " NOT IN ", 1)
        case e.Not(part):
            return f"NOT {_inner(part)}"
        case e.Compare(operator, left, right):
            return f"{sql(left)} {operator} {sql(right)}"
        case e.CompareRatio(operator, stated, _, _, bound):
            return f"{sql(stated)} {operator} {sql(bound)}"
        case e.Member(term, values, name):
            return f"{sql(term)} IN {name or '(' + ', '.join(_literal(value) for value in values) + ')'}"
        case e.Truth(fact):
            return fact
        case e.Known(fact):
            return f"{fact} IS NOT NULL"
        case e.Refer(clause):
            return clause
        case e.Always(value):
            return {True: "TRUE", False: "FALSE", None: "NULL"}[value]
        case e.Constant(value):
            return _literal(value)
        case e.FactTerm(name):
            return name
        case e.Lookup(table, key):
            return f"{table}({sql(key)})"
        case e.Arithmetic(operator, left, right):
            return f"{_term(left)} {operator} {_term(right)}"
    assert_never(node)


def _inner(node: e.Condition) -> str:
    text = sql(node)
    return f"({text})" if isinstance(node, e.And | e.Or) else text


def _term(node: e.Term) -> str:
    text = sql(node)
    return f"({text})" if isinstance(node, e.Arithmetic) else text


def _literal(value: Decimal | str | dt.date) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return f"DATE '{value}'"
    return "'" + value.replace("'", "''") + "'"
