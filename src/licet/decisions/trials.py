"""One transaction tried with other facts: what the law would answer, in short, and whether that is better or worse."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from licet.clauses import python
from licet.decisions import verdict as v
from licet.decisions.decide import Case
from licet.decisions.facts import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.evaluate import Verity
    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Law, Query

_FREE = frozenset({"not_subject", "not_an_export", "no_license_required"})
_POLICIES = {
    "presumption_of_approval": 2,
    "case_by_case": 3,
    "presumption_of_denial": 4,
    "policy_of_denial": 5,
}
_PROHIBITED = 6


class Result(msgspec.Struct, frozen=True):
    """A verdict in short; the fields are those of :class:`licet.decisions.verdict.Verdict`."""

    outcome: v.Outcome
    exception: str | None = None
    review_policy: v.ReviewPolicy | None = None
    duty_pct: Decimal | None = None

    @property
    def free(self) -> bool:
        """Whether no license is required, and no exception is used."""
        return self.outcome in _FREE

    @property
    def could_be_better(self) -> bool:
        """Whether any result is better."""
        return _standing(self)[0] > 0 or bool(self.duty_pct)

    @property
    def could_be_worse(self) -> bool:
        """Whether any result is worse."""
        return _standing(self)[1] < _PROHIBITED

    def better_than(self, other: Result) -> bool:
        """Whether this is surely better for who would ship: freer, or reviewed more kindly, or at a lower duty.

        What is not known, or not stated by the law, is neither better nor worse than what it might be.
        """
        (_, worst), (best, _) = _standing(self), _standing(other)
        if worst == best and _standing(self) == _standing(other) and self.duty_pct is not None:
            return other.duty_pct is not None and self.duty_pct < other.duty_pct
        return worst < best


def _standing(result: Result) -> tuple[int, int]:
    """Return the best and the worst that a result may stand for, 0 the freest."""
    if result.outcome == "undecided":
        return 0, _PROHIBITED
    if result.outcome == "license_required":
        policy = _POLICIES.get(result.review_policy or "")
        return (policy, policy) if policy else (min(_POLICIES.values()), max(_POLICIES.values()))
    at = 0 if result.free else 1 if result.outcome == "license_exception" else _PROHIBITED
    return at, at


class Trials:
    """Decides one transaction with other facts, at most ``most`` times.

    What is asked of a verdict here follows from the truth of the clauses alone, so that it is worked out once for each
    set of truths.
    """

    def __init__(self, law: Law, query: Query, most: int) -> None:
        self.law = law
        self.query = query
        self.most = most
        self.tried = 0
        self._truths = python.truths(law.program)
        self._known: dict[tuple[Verity, ...], Result] = {}

    @property
    def spent(self) -> bool:
        """Whether no more may be tried."""
        return self.tried >= self.most

    def case(self, facts: Mapping[str, FactValue]) -> Case:
        """Return the case of the facts as the law reads them; its truths are worked out by generated code."""
        case = Case(self.law, Transaction(facts), self.query)
        case.oracle.truths.update(zip(self.law.clauses, self._truths(facts.get), strict=True))
        return case

    def result(self, facts: Mapping[str, FactValue]) -> Result:
        """Return what :func:`licet.decisions.decide` answers to the facts as the law reads them, in short."""
        self.tried += 1
        truths = self._truths(facts.get)
        if truths not in self._known:
            self._known[truths] = result_of(self.case(facts))
        return self._known[truths]


def result_of(case: Case | v.Verdict) -> Result:
    """Return a verdict, or a case that becomes one, in short."""
    if isinstance(case, v.Verdict):
        return Result(case.outcome, case.exception, case.review_policy, case.duty_pct)
    exception = case.available[0].form.yields if case.outcome == "license_exception" else None
    return Result(case.outcome, exception, case.review_policy, case.duty_pct)
