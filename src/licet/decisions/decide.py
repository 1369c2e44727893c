"""Decides one transaction under one law."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, cast

from licet.decisions import verdict as v
from licet.decisions.facts import Facts
from licet.decisions.reasons import failure, volume
from licet.statutes.forms import SEEN_ORDER

if TYPE_CHECKING:
    from licet.clauses.evaluate import Verity
    from licet.clauses.vocabulary import FactValue
    from licet.decisions.facts import Transaction
    from licet.statutes import forms
    from licet.statutes.law import Clause, Law, Query

_GATES: tuple[forms.ClauseKind, ...] = ("prohibition", "requirement")
_FREE: frozenset[v.Outcome] = frozenset({"not_subject", "not_an_export"})


def decide(law: Law, transaction: Transaction, query: Query) -> v.Verdict:
    """Return the verdict on ``transaction`` under ``law``; ``query`` says how the law was asked for.

    The order is the regulation's: is it subject at all, is it prohibited, is a license required, is an exception or
    authorization available, and how would an application be reviewed.
    """
    return Case(law, transaction, query).verdict()


def essence(
    law: Law, transaction: Transaction, query: Query
) -> tuple[v.Outcome, int | None, str | None, v.ReviewPolicy | None]:
    """Return the outcome, tier, exception and review policy of :func:`decide`, without the rest of the verdict."""
    case = Case(law, transaction, query)
    exception = case.available[0].form.yields if case.outcome == "license_exception" else None
    return case.outcome, case.tier_number, exception, case.review_policy


def due_day(due: forms.Due, day: dt.date) -> dt.date | None:
    """Return the day on which what a shipment on ``day`` asks for is due, None where it has no day of its own."""
    if due.days:
        return day + dt.timedelta(days=due.days if due.side == "after" else -due.days)
    start = day + dt.timedelta(days=due.lag)
    listed = (dt.date(year, *map(int, text.split("-"))) for year in (start.year, start.year + 1) for text in due.each)
    return min((found for found in listed if found >= start), default=None)


@dataclass
class Case:
    """One transaction under one law, worked out as far as it is asked for."""

    law: Law
    transaction: Transaction
    query: Query

    def __post_init__(self) -> None:
        self.transaction = self.transaction.under(self.law.system)
        self.facts = Facts(self.law, self.transaction.facts)
        self.oracle = self.facts.oracle

    def truth(self, clause: Clause) -> Verity:
        return self.oracle.clause(clause.id)

    def first(self, *kinds: str) -> Clause | None:
        """Return the first clause of a kind that is true, unless one before it is unknown."""
        for clause in self.law.of_kind(*kinds):  # type: ignore[arg-type]  # kinds are literals where this is called
            truth = self.truth(clause)
            if truth is not False:
                return clause if truth else None
        return None

    @cached_property
    def jurisdiction(self) -> Clause | None:
        return self.first("jurisdiction")

    @cached_property
    def classification(self) -> Clause | None:
        return self.first("classification")

    @property
    def eccn(self) -> str | None:
        """The ECCN of the item, None where no classification of the law is true."""
        found = self.classification
        return found.eccn(self.facts.value(found.form.by) if found.form.by else None) if found else None

    @cached_property
    def tier(self) -> Clause | None:
        return None if self.outcome in _FREE else self.first("tier")

    @cached_property
    def requirements(self) -> list[Clause]:
        return [clause for clause in self.law.of_kind("requirement") if self.truth(clause)]

    @cached_property
    def prohibitions(self) -> list[Clause]:
        return [clause for clause in self.law.of_kind("prohibition") if self.truth(clause)]

    @cached_property
    def doubtful(self) -> list[Clause]:
        """Unknown clauses that could change the outcome."""
        unsure = [clause for clause in self.law.of_kind("jurisdiction") if self.truth(clause) is None]
        unsure += [clause for clause in self.law.of_kind("prohibition") if self.truth(clause) is None]
        if not self.requirements:
            unsure += [clause for clause in self.law.of_kind("requirement") if self.truth(clause) is None]
        return unsure

    @cached_property
    def controlled(self) -> bool | None:
        if self.jurisdiction:
            return False
        if self.requirements:
            return True
        if not self.law.acts:
            return None
        return None if any(clause.kind == "requirement" for clause in self.doubtful) else False

    @cached_property
    def outcome(self) -> v.Outcome:
        if self.jurisdiction:
            return cast("v.Outcome", self.jurisdiction.form.yields)
        if self.prohibitions:
            return "prohibited"
        if self.doubtful or not self.law.acts:
            return "undecided"
        if not self.requirements:
            return "no_license_required"
        return "license_exception" if self.available else "license_required"

    @cached_property
    def ways(self) -> tuple[Clause, ...]:
        """Exceptions and authorizations in the order of use; none where no license is required."""
        return self.law.of_kind("exception", "authorization") if self.controlled is not False else ()

    def wanted(self, clause: Clause) -> list[str]:
        """Return the facts that a clause wants to be decided, for a derived one those that it is made of."""
        found = []
        for name in self.oracle.wanted(self.law.conditions[clause.id]):
            found += [part for part in self.law.stated_for(name) if self.facts.value(part) is None]
        return found

    def bar(self, clause: Clause) -> Clause | None:
        """Return the bar that keeps ``clause`` from being used: one that is true, or that might be."""
        for bar in self.law.of_kind("bar"):
            reaches = clause.kind == "exception" or bar.form.yields == "everything"
            if reaches and clause.id not in (bar.form.allows or ()) and self.truth(bar) is not False:
                return bar
        return None

    @cached_property
    def available(self) -> list[Clause]:
        return [clause for clause in self.ways if self.truth(clause) and not self.bar(clause)]

    @cached_property
    def could_use(self) -> tuple[v.Usable, ...]:
        found = []
        for clause in self.ways:
            bar = self.bar(clause)
            doubts = [c for c in (clause, bar) if c is not None and self.truth(c) is None]
            blocked = self.truth(clause) is False or (bar is not None and self.truth(bar))
            if doubts and not blocked:
                facts = [name for c in doubts for name in self.wanted(c)]
                if not facts:
                    continue  # no fact would open it: its table says nothing of this day
                found.append(v.Usable(clause.form.yields, clause.id, tuple(dict.fromkeys(facts))))
        return tuple(found)

    @cached_property
    def review(self) -> Clause | None:
        return self.first("review") if self.outcome == "license_required" else None

    @cached_property
    def allocation(self) -> Clause | None:
        return self.first("allocation") if self.outcome == "license_required" else None

    @cached_property
    def duty(self) -> Clause | None:
        return None if self.jurisdiction else self.first("duty")

    @cached_property
    def doubtful_duty(self) -> Clause | None:
        """The duty that an unknown fact leaves open."""
        if self.jurisdiction or self.duty:
            return None
        return next((clause for clause in self.law.of_kind("duty") if self.truth(clause) is None), None)

    @cached_property
    def total_tpp(self) -> Decimal | None:
        value = self.facts.value("total_tpp")
        return value if isinstance(value, Decimal) else None

    @property
    def allocation_tpp(self) -> Decimal | None:
        if self.allocates is None:
            return None
        return self.total_tpp if self.allocates else Decimal(0)

    @property
    def allocates(self) -> bool | None:
        """Whether a granted license would draw on an allocation; None where it cannot be said."""
        if self.outcome == "undecided":
            return None
        if not self.allocation:
            return False
        # An allocation whose table says nothing of this day has no limit to draw on.
        return True if self.oracle.value(self.law.limits[self.allocation.id]) is not None else None

    @property
    def duty_pct(self) -> Decimal | None:
        return Decimal(self.duty.form.yields) if self.duty else None

    @property
    def volumes(self) -> tuple[v.Volume, ...]:
        """Accounts: of the way that is used or the license wanted, and of each way that a smaller quantity has."""
        if self.outcome not in ("license_required", "license_exception"):
            return ()
        drawing = [clause for clause in self.ways if clause.form.draws and not self.bar(clause)]
        drawing += [self.allocation] if self.allocation else []
        return tuple(found for clause in drawing if (found := volume(self.law, self.facts, clause)) is not None)

    @cached_property
    def deciding(self) -> list[Clause]:
        """The clauses on which the outcome rests, each once."""
        if self.jurisdiction:
            return [self.jurisdiction]
        named = [self.tier, self.classification, *self.prohibitions, *self.requirements]
        if self.outcome == "no_license_required":
            named += [clause for clause in self.law.of_kind("requirement") if self.masked_by(clause)]
        if self.outcome == "license_exception":
            named += self.available[:1]
        named += [self.review or self.unsettled_review, self.allocation, self.duty]
        if self.outcome == "undecided":
            named += self.doubtful
        return list({clause.id: clause for clause in named if clause}.values())

    def masked_by(self, clause: Clause) -> str:
        """Return the citation of the act that keeps a printed clause from being enforced here."""
        if not clause.masks or self.oracle.truth(clause.printed) is not True:
            return ""
        return next((mask.cite for mask in clause.masks if self.oracle.truth(mask.where)), "")

    @property
    def near_misses(self) -> tuple[v.Failure, ...]:
        if not self.controlled:
            return ()
        missed = [clause for clause in self.ways if clause not in self.available]
        return tuple(
            failure(self.law, self.oracle, clause, bar)
            for clause in missed
            for bar in [self.bar(clause)]
            if self.truth(clause) is False or (bar is not None and self.truth(bar))
        )

    @property
    def obligations(self) -> tuple[v.Obligation, ...]:
        attended = {clause.id for clause in self.available[:1]}
        attended |= {"license"} if self.outcome == "license_required" else set()
        return tuple(
            self.obligation(clause)
            for clause in self.law.of_kind("obligation")
            if attended & set(clause.form.attends) and self.truth(clause) is not False
        )

    def obligation(self, clause: Clause) -> v.Obligation:
        due = clause.form.due
        assert due is not None  # noqa: S101 - the form of an obligation
        day = self.facts.value("date")
        when = due_day(due, day) if isinstance(day, dt.date) else None
        return v.Obligation(clause.id, clause.form.text, due.side, due.days, when, clause.form.cite)

    @cached_property
    def doubtful_review(self) -> Clause | None:
        """The review policy that an unknown fact leaves open, where one before all that are true is unknown."""
        if self.outcome != "license_required" or self.review:
            return None
        return next((clause for clause in self.law.of_kind("review") if self.truth(clause) is None), None)

    @property
    def unsettled_review(self) -> Clause | None:
        """The review policy of which nobody could tell whether it is in force: no fact would settle it."""
        clause = self.doubtful_review
        return clause if clause and not self.wanted(clause) else None

    @property
    def missing(self) -> tuple[v.Missing, ...]:
        """What to ask, in words."""
        return tuple(v.Missing(name, self.law.vocabulary[name].question) for name in self.wanted_facts)

    @property
    def wanted_facts(self) -> tuple[str, ...]:
        """What to ask: what leaves the outcome open, or the review policy of a license that is required, or a duty."""
        unsure = (
            self.doubtful if self.outcome == "undecided" else [self.doubtful_review] if self.doubtful_review else []
        )
        unsure = [*unsure, *([self.doubtful_duty] if self.doubtful_duty else [])]
        return tuple(dict.fromkeys(name for clause in unsure for name in self.wanted(clause)))

    @property
    def not_examined(self) -> tuple[str, ...]:
        names = ["parties"] if self.law.acts else ["parties", "no_act_in_force"]
        names += ["end_use"] if "end_use" not in self.transaction.facts else []
        names += ["exporter_letters"] if self.letters_to_others else []
        names += ["after_checked_through"] if self.law.acts and self.query.on > self.law.checked_through else []
        return tuple(names)

    @property
    def letters_to_others(self) -> bool:
        """Whether letters are in force, and the exporter is not named or is none of those whom they bind."""
        bound = {clause.form.binds for clause in self.law.clauses.values() if clause.form.binds}
        return bool(bound) and self.transaction.facts.get("exporter") not in bound

    @property
    def confidence(self) -> forms.Seen | None:
        seen = [clause.form.seen for clause in self.deciding]
        return max(seen, key=SEEN_ORDER.index, default=None)

    def citations(self) -> tuple[v.Citation, ...]:
        return tuple(
            v.Citation(c.id, c.form.cite, c.form.seen, c.act.id, c.form.title, self.masked_by(c)) for c in self.deciding
        )

    def verdict(self) -> v.Verdict:
        # Read every clause first: the trace is whole, and every assumption that any of them used is known.
        trace = {name: self.oracle.clause(name) for name in self.law.clauses}
        available = self.available if self.outcome == "license_exception" else []
        return v.Verdict(
            id=self.transaction.id,
            chip=self.transaction.chip,
            outcome=self.outcome,
            classification=self.eccn,
            tier=self.tier_number,
            controlled=self.controlled,
            exception=available[0].form.yields if available else None,
            exceptions=tuple(dict.fromkeys(clause.form.yields for clause in available)),
            could_use=self.could_use if self.outcome != "undecided" else (),
            review_policy=self.review_policy,
            allocation_tpp=self.allocation_tpp,
            total_tpp=self.total_tpp,
            duty_pct=self.duty_pct,
            band=self.duty.form.band if self.duty else None,
            volumes=self.volumes,
            obligations=self.obligations,
            aes=available[0].form.aes if available else "",
            missing=self.missing,
            assumed=self.assumed(),
            citations=self.citations(),
            near_misses=self.near_misses,
            warnings=tuple(
                v.Warning(c.id, c.form.text)
                for c in self.law.of_kind("warning")
                if self.truth(c) and not self.jurisdiction
            ),
            not_examined=self.not_examined,
            confidence=self.confidence,
            facts=dict(self.transaction.facts),
            stated_places=dict(self.transaction.stated_places),
            dutiable=bool(self.law.of_kind("duty")),
            trace=trace,
            law=self.basics(),
        )

    @property
    def tier_number(self) -> int | None:
        return int(self.tier.form.yields) if self.tier else None

    @property
    def review_policy(self) -> v.ReviewPolicy | None:
        """The policy; for a license that is required, none is "not stated" unless an unknown fact leaves it open."""
        if self.review:
            return cast("v.ReviewPolicy", self.review.form.yields)
        stated_nowhere = self.outcome == "license_required" and self.doubtful_review is None
        return "not_stated" if stated_nowhere else None

    def assumed(self) -> dict[str, FactValue]:
        """Return what was taken without being stated, and counts: what a clause with a say in the outcome rests on."""
        gates = self.law.of_kind("jurisdiction", *_GATES)
        weighed = [*self.deciding, *gates, *self.ways, *self.law.of_kind("bar" if self.ways else "jurisdiction")]
        weighed += () if self.jurisdiction else self.law.of_kind("duty")
        weighed += self.law.of_kind("review", "allocation") if self.outcome == "license_required" else ()
        read = frozenset().union(*(self.oracle.grounds(self.law.conditions[clause.id]) for clause in weighed))
        read |= {fact for name in read for fact in self.law.stated_for(name)}
        taken = {name: self.transaction.facts[name] for name in sorted(self.transaction.taken)}
        return taken | {name: value for name, value in sorted(self.facts.assumed.items()) if name in read}

    def basics(self) -> v.Basics:
        return v.Basics(
            system=self.law.system,
            on=self.query.on,
            basis=self.law.basis,
            known=self.query.known,
            readings=dict(self.law.readings),
            proposals=self.law.proposals,
            digest=self.law.digest,
            checked_through=self.law.checked_through,
            acts=tuple(act.id for act in self.law.acts),
        )
