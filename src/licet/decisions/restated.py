"""A transaction said again with other facts, and what must follow when one of them changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from licet.decisions.facts import PLACE_FACTS, Facts, Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue
    from licet.decisions.alternatives import Alternatives
    from licet.decisions.verdict import Verdict
    from licet.statutes.law import Query


def asked(verdict: Verdict) -> tuple[Transaction, Query]:
    """Return the transaction and the query that a verdict answers."""
    taken = frozenset(name for name in verdict.assumed if name in verdict.facts)
    transaction = Transaction(verdict.facts, verdict.id, verdict.stated_places, taken, verdict.chip)
    return transaction, verdict.law.query()


def with_facts(transaction: Transaction, facts: Mapping[str, FactValue]) -> Transaction:
    """Return the transaction with other facts, places as the country chart counts them."""
    stated = {name: code for name, code in transaction.stated_places.items() if name not in facts}
    stated |= {name: str(facts[name]) for name in PLACE_FACTS if name in facts}
    together = {**transaction.facts, **facts}
    return replace(transaction, facts=together, stated_places=stated, taken=transaction.taken - set(facts))


def linked(transaction: Transaction) -> dict[str, tuple[str, ...]]:
    """Return which facts follow which: headquarters that nobody stated go where the destination goes."""
    taken = tuple(name for name in PLACE_FACTS if name in transaction.taken)
    return {"destination": taken} if taken else {}


def set_free(
    alternatives: Alternatives, transaction: Transaction, name: str
) -> tuple[dict[str, FactValue], tuple[str, ...]]:
    """Return the facts without stated amounts that follow from ``name`` anyway, and those that say something else."""
    law = alternatives.law
    facts = dict(transaction.under(law.system).facts)
    stated = [other for other in law.derived if other in facts and name in alternatives.thresholds.rests_on(other)]
    free = {key: value for key, value in facts.items() if key not in stated}
    following = Facts(law, free)
    fixed = tuple(other for other in stated if other != name and following.value(other) != facts[other])
    return (facts, fixed) if fixed else (free, ())
