"""The classification of an item by itself, whoever gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from licet.decisions.facts import Facts, read_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.statutes.law import Clause, Law


class Classified(NamedTuple):
    """The ECCN and its clause, None where the law has none for the item; ``known`` is false where a fact is wanting."""

    eccn: str | None
    clause: Clause | None
    known: bool


def classify(law: Law, item: Mapping[str, Any]) -> Classified:
    """Return the classification of an item (facts as :func:`read_transaction` takes them) under a law."""
    facts = Facts(law, read_transaction(item, law.vocabulary).facts)
    for clause in law.of_kind("classification"):
        truth = facts.oracle.clause(clause.id)
        if truth is None:
            return Classified(None, clause, known=False)
        if truth:
            by = clause.form.by
            return Classified(clause.eccn(facts.value(by) if by else None), clause, known=True)
    return Classified(None, None, known=True)
