"""Decisions at speed: the law as generated Python, and each pattern of facts worked out once.

The same answers as :func:`licet.decisions.decide`, which asks the oracle and tells the whole story; here are the
outcome with its trace and what decided. See :mod:`licet.clauses.pattern` for why a pattern may be remembered.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from licet.clauses import pattern, python
from licet.decisions import verdict as v  # noqa: TC001 - msgspec reads the annotations
from licet.decisions.decide import Case
from licet.statutes.forms import Seen  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from licet.clauses.evaluate import Verity
    from licet.clauses.vocabulary import FactValue
    from licet.decisions.facts import Transaction
    from licet.statutes.law import Law, Query

_ZERO = Decimal(0)
MOST_PATTERNS = 20_000
"""How many patterns are remembered for one law; at about 2 kB each, some 40 MB. Past it, remembering begins anew."""


class Pattern(msgspec.Struct, frozen=True):
    """What a law answers to every transaction of one pattern; the fields are those of :class:`v.Verdict`.

    ``missing``: the names of the facts to ask for; ``clauses``: ids of those that decided; ``trace``: the truth of each
    clause, in the order of ``law.clauses``; ``allocates``: whether a granted license would draw on an allocation (None:
    it cannot be said).
    """

    outcome: v.Outcome
    classification: str | None
    tier: int | None
    controlled: bool | None
    exceptions: tuple[str, ...]
    could_use: tuple[v.Usable, ...]
    review_policy: v.ReviewPolicy | None
    allocates: bool | None
    duty_pct: Decimal | None
    band: int | None
    missing: tuple[str, ...]
    clauses: tuple[str, ...]
    confidence: Seen | None
    trace: tuple[bool | None, ...]

    @property
    def exception(self) -> str | None:
        """The exception or authorization to use."""
        return self.exceptions[0] if self.exceptions else None


class Decision(NamedTuple):
    """One decision: its pattern, and the amounts that are the transaction's own, in TPP (None: unknown)."""

    pattern: Pattern
    total_tpp: Decimal | None
    allocation_tpp: Decimal | None


class Decider:
    """Decides transactions under one law. Not shared between threads that decide at the same time."""

    def __init__(self, law: Law, query: Query) -> None:
        self.law = law
        self.query = query
        self._truths = python.truths(law.program)
        self._pattern = pattern.pattern(law.program, "total_tpp")
        self._known: dict[Hashable, Pattern] = {}

    def decide(self, transaction: Transaction) -> Decision:
        """Return the decision on a transaction (see :func:`licet.decisions.read_transaction`)."""
        facts = transaction.under(self.law.system).facts
        key, total = self._pattern(facts.get)
        found = self._known.get(key)
        if found is None:
            found = self._learn(key, transaction)
        return Decision(found, total, total if found.allocates else _ZERO if found.allocates is False else None)

    def truths(self, facts: Mapping[str, FactValue]) -> tuple[Verity, ...]:
        """Return the truth of every clause, in the order of ``law.clauses``, from facts as given."""
        return self._truths(facts.get)

    @property
    def patterns(self) -> int:
        """How many patterns are remembered."""
        return len(self._known)

    def _learn(self, key: Hashable, transaction: Transaction) -> Pattern:
        case = Case(self.law, transaction, self.query)
        case.oracle.truths.update(zip(self.law.clauses, self.truths(case.facts.given), strict=True))
        if len(self._known) >= MOST_PATTERNS:
            self._known.clear()
        found = self._known[key] = pattern_of(case)
        return found


def pattern_of(case: Case) -> Pattern:
    """Return what a case answers; the truths that its oracle does not have yet are worked out."""
    outcome = case.outcome
    available = case.available if outcome == "license_exception" else []
    return Pattern(
        outcome=outcome,
        classification=case.eccn,
        tier=case.tier_number,
        controlled=case.controlled,
        exceptions=tuple(dict.fromkeys(clause.form.yields for clause in available)),
        could_use=case.could_use if outcome != "undecided" else (),
        review_policy=case.review_policy,
        allocates=case.allocates,
        duty_pct=case.duty_pct,
        band=case.duty.form.band if case.duty else None,
        missing=case.wanted_facts,
        clauses=tuple(clause.id for clause in case.deciding),
        confidence=case.confidence,
        trace=tuple(case.oracle.clause(name) for name in case.law.clauses),
    )
