"""Decisions at speed: the law as generated Python, and each pattern of facts worked out once.

The same answers as :func:`licet.decisions.decide`, which asks the oracle and tells the whole story; here are the
outcome with its trace and what decided. See :mod:`licet.clauses.pattern` for why a pattern may be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from licet.clauses import expression as e
from licet.clauses import pattern, python
from licet.decisions import verdict as v  # noqa: TC001 - msgspec reads the annotations
from licet.decisions.decide import Case
from licet.decisions.facts import Transaction
from licet.statutes.forms import Seen  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from licet.clauses.evaluate import Verity
    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Clause, Law, Query

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

    def case(self, transaction: Transaction) -> Case:
        """Return the case of a transaction, with the truth of every clause worked out."""
        case = Case(self.law, transaction, self.query)
        case.oracle.truths.update(zip(self.law.clauses, self.truths(case.facts.given), strict=True))
        return case

    def key(self, transaction: Transaction) -> Hashable:
        """Return the pattern of a transaction, equal where the law cannot tell two apart."""
        return self._pattern(transaction.under(self.law.system).facts.get)[0]

    def _learn(self, key: Hashable, transaction: Transaction) -> Pattern:
        case = self.case(transaction)
        if len(self._known) >= MOST_PATTERNS:
            self._known.clear()
        found = self._known[key] = pattern_of(case)
        return found


_LEFT_OUT = ("obligation", "warning")
"""Kinds of clauses that have no say in an outcome."""


@dataclass
class _Remembered(Case):
    """A case that looks up what its clauses want: two whose facts are alike to a clause have one answer there.

    ``alike``: of a clause's id, a key of all that the clause can tell of the facts (None: look nothing up).
    """

    alike: Callable[[str], Hashable] | None = None
    known: dict[Hashable, list[str]] = field(default_factory=dict)

    def wanted(self, clause: Clause) -> list[str]:
        if self.alike is None:
            return super().wanted(clause)
        key = (clause.id, self.alike(clause.id))
        if key not in self.known:
            if len(self.known) >= MOST_PATTERNS:
                self.known.clear()
            self.known[key] = super().wanted(clause)
        return self.known[key]


class Briefs:
    """Decides facts under one law to a :class:`Pattern` without its trace and what could be used: for order books.

    Answers are remembered by the truth of the clauses that have a say, which settles nearly all of them; where an
    answer also names facts, a part of it is worked out for each.
    """

    def __init__(self, law: Law, query: Query) -> None:
        self.law = law
        self.query = query
        self.names = telling(law)
        self._truths = python.values(law.program, [e.Refer(name) for name in self.names])
        self._masked = any(clause.masks for clause in law.of_kind("requirement"))
        self._plain: dict[tuple[Verity, ...], Pattern | None] = {}
        self._special: dict[Hashable, Pattern] = {}
        self._wanted: dict[Hashable, list[str]] = {}

    def decide(self, facts: dict[str, FactValue], alike: Callable[[str], Hashable] | None = None) -> Pattern:
        """Return the answer to facts as given, places as the law reads them; ``alike`` as in :class:`_Remembered`."""
        truths = self._truths(facts.get)
        try:
            found = self._plain[truths]
        except KeyError:
            case = self._case(facts, truths, alike)
            found = self._plain[truths] = brief_of(case) if self._settled(case) else None
        return self._worked_out(facts, truths, alike) if found is None else found

    def _worked_out(
        self, facts: dict[str, FactValue], truths: tuple[Verity, ...], alike: Callable[[str], Hashable] | None
    ) -> Pattern:
        case = self._case(facts, truths, alike)
        masked = tuple(clause.id for clause in case.deciding) if self._masked else ()
        key = (truths, case.eccn, case.allocates, case.wanted_facts, masked)
        if key not in self._special:
            if len(self._special) >= MOST_PATTERNS:
                self._special.clear()
            self._special[key] = brief_of(case)
        return self._special[key]

    def _case(
        self, facts: dict[str, FactValue], truths: tuple[Verity, ...], alike: Callable[[str], Hashable] | None
    ) -> Case:
        if len(self._plain) >= MOST_PATTERNS:
            self._plain.clear()
        case = _Remembered(self.law, Transaction(facts), self.query, alike, self._wanted)
        case.oracle.truths.update(zip(self.names, truths, strict=True))
        return case

    def _settled(self, case: Case) -> bool:
        """Whether the truth of the clauses settles the answer: it names no fact, and rests on no other condition."""
        named = case.classification is not None and case.classification.form.by
        masked = self._masked and case.outcome == "no_license_required"
        doubt = case.doubtful_review or case.doubtful_duty or (case.outcome == "undecided" and case.doubtful)
        return not (named or masked or doubt or case.allocation)


def telling(law: Law) -> tuple[str, ...]:
    """Return the clauses that have a say in an answer, in order."""
    reached: set[str] = set()
    for clause in law.clauses.values():
        if clause.kind not in _LEFT_OUT:
            steps = law.program.reached(clause.condition)
            reached |= {clause.id} | {step.name for step in steps if step.kind == "clause"}
    return tuple(name for name in law.clauses if name in reached)


def brief_of(case: Case) -> Pattern:
    """Return what a case answers, without its trace and what could be used."""
    available = case.available if case.outcome == "license_exception" else []
    return Pattern(
        outcome=case.outcome,
        classification=case.eccn,
        tier=case.tier_number,
        controlled=case.controlled,
        exceptions=tuple(dict.fromkeys(clause.form.yields for clause in available)),
        could_use=(),
        review_policy=case.review_policy,
        allocates=case.allocates,
        duty_pct=case.duty_pct,
        band=case.duty.form.band if case.duty else None,
        missing=case.wanted_facts,
        clauses=tuple(clause.id for clause in case.deciding),
        confidence=case.confidence,
        trace=(),
    )


def pattern_of(case: Case) -> Pattern:
    """Return what a case answers; the truths that its oracle does not have yet are worked out."""
    return msgspec.structs.replace(
        brief_of(case),
        could_use=case.could_use if case.outcome != "undecided" else (),
        trace=tuple(case.oracle.clause(name) for name in case.law.clauses),
    )
