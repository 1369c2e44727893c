"""Why a way is not open, and how much of it is left."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.words import sql
from licet.decisions import verdict as v
from licet.decisions.facts import Facts

if TYPE_CHECKING:
    from licet.clauses.evaluate import Oracle
    from licet.statutes.law import Clause, Law


def failure(law: Law, oracle: Oracle, clause: Clause, bar: Clause | None) -> v.Failure:
    """Return why an exception or authorization is closed: the parts of its condition that are false, or its bar."""
    condition = law.conditions[clause.id]
    parts = condition.parts if isinstance(condition, e.And) else (condition,)
    false = [part for part in parts if oracle.truth(part) is False]
    barred = bar.id if bar is not None and oracle.clause(bar.id) else ""
    facts = dict.fromkeys(name for part in false for name in _facts(law, part))
    texts = tuple(sql(part) for part in false)
    return v.Failure(clause.form.yields, clause.id, clause.form.title, texts, tuple(facts), barred)


def _facts(law: Law, node: e.Condition) -> list[str]:
    """Return the facts that a condition reads, through the clauses that it names."""
    names = list(e.facts_in(node))
    for other in e.clauses_in(node):
        names += _facts(law, law.conditions[other])
    return list(dict.fromkeys(names))


def volume(law: Law, facts: Facts, clause: Clause) -> v.Volume | None:
    """Return the account of a clause that draws on one, where its limit is known.

    None where the clause would not be open to any quantity: then there is no volume to speak of.
    """
    draws = clause.form.draws
    assert draws is not None  # noqa: S101 - callers ask for clauses that draw
    limit = facts.oracle.value(law.limits[clause.id])
    used = facts.value(draws.used)
    if not isinstance(limit, Decimal) or not isinstance(used, Decimal):
        return None
    available = max(limit - used, Decimal(0))
    each = facts.value("unit_tpp")
    units = None
    if isinstance(each, Decimal) and each > 0:
        units = int((available / each).to_integral_value(ROUND_FLOOR))
        if not _open_to(law, facts, clause, max(units, 1)) and available:
            return None
    draws_now = facts.oracle.clause(clause.id) is True
    total = facts.value("total_tpp")
    amount = total if draws_now and isinstance(total, Decimal) else None
    return v.Volume(clause.id, draws.account, draws.holder, draws.period, limit, used, available, amount, units)


def _open_to(law: Law, facts: Facts, clause: Clause, quantity: int) -> bool:
    """Whether ``clause`` would be true for another quantity of the same item."""
    if facts.oracle.clause(clause.id) is True:
        return True
    other = Facts(law, {**facts.given, "quantity": Decimal(quantity)})
    return other.oracle.clause(clause.id) is True
