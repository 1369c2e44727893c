"""In which ways a transaction may go under a law, the first one first: exceptions, LPP volume, VEU, a license."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.clauses import expression as e
from licet.clauses import python
from licet.decisions.compiled import telling
from licet.decisions.decide import Case
from licet.decisions.facts import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.evaluate import Verity
    from licet.clauses.vocabulary import FactValue
    from licet.decisions.verdict import Outcome, ReviewPolicy
    from licet.statutes.law import Clause, Law, Query

MOST_REMEMBERED = 20_000


class Answer(NamedTuple):
    """What the law says of a transaction: the clauses that let it go, in the order in which a plan uses them.

    ``allocation``: the clause on whose account a granted license would draw.
    """

    outcome: Outcome
    clauses: tuple[str, ...]
    review_policy: ReviewPolicy | None
    allocation: str | None


class Ways:
    """Answers transactions under one law; those that no clause tells apart are answered once."""

    def __init__(self, law: Law, query: Query) -> None:
        self.law = law
        self._query = query
        self._names = telling(law)
        self._truths = python.values(law.program, [e.Refer(name) for name in self._names])
        self._known: dict[tuple[Verity, ...], Answer] = {}
        self.drawing = tuple(clause for clause in law.clauses.values() if clause.form.draws)

    def answer(self, facts: Mapping[str, FactValue]) -> Answer:
        """Return the answer to facts as given, places as the law reads them."""
        truths = self._truths(facts.get)
        found = self._known.get(truths)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[truths] = self._fresh(facts, truths)
        return found

    def _fresh(self, facts: Mapping[str, FactValue], truths: tuple[Verity, ...]) -> Answer:
        case = Case(self.law, Transaction(dict(facts)), self._query)
        case.oracle.truths.update(zip(self._names, truths, strict=True))
        if case.outcome == "license_exception":
            ordered = sorted(case.available, key=_rank)
            return Answer(case.outcome, tuple(clause.id for clause in ordered), None, None)
        allocation = case.allocation.id if case.allocation and case.allocates else None
        return Answer(case.outcome, (), case.review_policy, allocation)


def _rank(clause: Clause) -> int:
    """Exceptions without a limited volume come first, then those with one, then authorizations."""
    return 2 if clause.kind == "authorization" else 1 if clause.form.draws else 0
