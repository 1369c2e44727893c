"""One answer as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licet.catalog import items
from licet.catalog.places import places
from licet.desk import labels
from licet.desk.forms import LONG, SHORT
from licet.desk.otherwise import Otherwise, changes_of
from licet.desk.render import address
from licet.desk.seals import PARAMETER
from licet.desk.trace import Group, Tracing
from licet.desk.words import Telling
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.clauses.vocabulary import Fact
    from licet.decisions import Verdict
    from licet.desk.forms import Form
    from licet.desk.seals import Asked
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact to ask the reader for: the parameter, its question, and what the field takes."""

    name: str
    question: str
    type: str
    unit: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page of an answer shows beside the verdict itself."""

    verdict: Verdict
    law: Law
    question: str
    sentences: list[str]
    rests: list[str]
    badge: str
    tone: str
    ways: list[str]
    volumes: list[dict[str, Any]]
    missing: list[Wanted]
    off_chart: list[str]
    could_use: list[dict[str, Any]]
    assumed: list[dict[str, str]]
    misses: list[dict[str, Any]]
    facts: list[tuple[str, str]]
    trace: list[Group]
    other: dict[str, str]
    family: items.Match | None
    sealed: list[tuple[str, str]]
    changes: Otherwise
    then: dict[str, str] | None
    change: dict[str, Any]


class Answering:
    """Builds the answer to one form."""

    def __init__(self, asked: Asked, form: Form, tongue: Tongue) -> None:
        self.form = form
        self.tongue = tongue
        self.asked = asked
        self.statutes = asked.statutes
        self.verdict = asked.verdict
        self.law = self.statutes.law(form.query())
        self.telling = Telling(self.verdict, self.law, tongue, form.values.get("to", ""))
        self.tracing = Tracing(self.law, self.verdict, tongue)

    def answer(self) -> Answer:
        """Return all of it."""
        verdict = self.verdict
        return Answer(
            verdict=verdict,
            law=self.law,
            question=self.telling.question(),
            sentences=self.telling.sentences(),
            rests=self.telling.rests(),
            badge=self.tongue.text(labels.OUTCOMES[verdict.outcome]),
            tone=labels.OUTCOME_TONES[verdict.outcome],
            ways=[self.telling.way_name(name) for name in verdict.exceptions],
            volumes=[self.volume(index) for index in range(len(verdict.volumes))],
            missing=[self.wanted(item.fact) for item in verdict.missing],
            off_chart=self.off_chart(),
            could_use=self.could_use(),
            assumed=self.assumed(),
            misses=self.misses(),
            facts=self.facts(),
            trace=self.tracing.groups(),
            other=self.other_basis(),
            family=self.family(),
            sealed=self.sealed(),
            changes=changes_of(self.law, self.verdict, self.form, self.tongue),
            then=self.then(),
            change=self.change(),
        )

    def sealed(self) -> list[tuple[str, str]]:
        """Return the parameters of this question with its seal: those of the address that keeps this answer."""
        return [*self.form.parameters(), (PARAMETER, str(self.asked.seal))]

    def then(self) -> dict[str, str] | None:
        """Return what to say of an address that was made for another law or another answer; None for the usual case."""
        if self.asked.state == "same":
            return None
        today = self.asked.today
        sentences: list[str] = []
        if today is not None:
            law = self.asked.current.law(today.law.query())
            sentences = Telling(today, law, self.tongue, self.form.values.get("to", "")).sentences()
        return {
            "state": self.asked.state,
            "sentence": self.tongue.sentences(sentences),
            "href": address("/", self.form.parameters()),
        }

    def volume(self, index: int) -> dict[str, Any]:
        """Return one account as a row."""
        item = self.verdict.volumes[index]
        clause = self.law.clauses[item.clause]
        way = self.telling.way_name(clause.form.yields) if clause.form.yields and clause.kind != "allocation" else ""
        name = labels.ACCOUNTS.get(item.account)
        return {
            "name": way or (self.tongue.text(name) if name else self.tongue.pick(clause.form.title)),
            "item": item,
        }

    def off_chart(self) -> list[str]:
        """Return the names of places that were given and that the country chart gives no row."""
        codes = (self.form.values.get(name, "") for name in SHORT)
        return [labels.place_words(self.tongue, code) for code in codes if code and places()[code].row is None]

    def wanted(self, name: str) -> Wanted:
        """Return the field that asks for a fact."""
        fact = self.law.vocabulary[name]
        choices = tuple((value, labels.choice_words(self.tongue, value)) for value in fact.values)
        if fact.type == "boolean":
            choices = (("true", self.tongue.text(N_("yes"))), ("false", self.tongue.text(N_("no"))))
        unit = labels.unit_words(self.tongue, fact.unit)
        gives = self.tongue.pick(fact.title)
        question = self.tongue.pick(fact.question)
        return Wanted(LONG.get(name, name), question or gives, fact.type, unit, choices)

    def could_use(self) -> list[dict[str, Any]]:
        """Return the ways that might be open, each with the facts that it wants."""
        return [
            {
                "name": self.telling.way_name(usable.id),
                "title": self.tongue.pick(self.law.clauses[usable.clause].form.title),
                "wanted": [self.wanted(name) for name in usable.missing],
            }
            for usable in self.verdict.could_use
        ]

    def assumed(self) -> list[dict[str, str]]:
        """Return every assumption that was used, with its value and why it may be made."""
        rows = []
        for name, value in self.verdict.assumed.items():
            fact: Fact = self.law.vocabulary[name]
            because = (
                self.tongue.pick(fact.assume.because)
                if fact.assume
                else self.tongue.text(N_("not stated, taken to be the same"))
            )
            title = self.tongue.pick(fact.title)
            rows.append({"title": title, "value": labels.value_words(self.tongue, fact, value), "because": because})
        return rows

    def misses(self) -> list[dict[str, Any]]:
        """Return why each other way is not open."""
        rows = []
        for miss in self.verdict.near_misses:
            step = self.tracing.step(self.law.clauses[miss.clause])
            bar = self.law.clauses.get(miss.barred_by)
            rows.append(
                {
                    "name": self.telling.way_name(miss.id),
                    "clause": miss.clause,
                    "title": self.tongue.pick(miss.title),
                    "failed": [part.words for part in step.parts if part.truth is False],
                    "bar": self.tongue.pick(bar.form.title) if bar else "",
                    "cite": step.cite,
                }
            )
        return rows

    def facts(self) -> list[tuple[str, str]]:
        """Return the facts that were given or come from the catalog, in words."""
        rows = []
        for name, value in self.verdict.facts.items():
            fact = self.law.vocabulary[name]
            if name not in self.verdict.assumed and name != "date":
                rows.append((self.tongue.pick(fact.title), labels.value_words(self.tongue, fact, value)))
        return rows

    def other_basis(self) -> dict[str, str]:
        """Return the answer under the other basis as one line with its address."""
        basis = "written" if self.form.basis == "enforced" else "enforced"
        verdict = self.form.verdict(self.statutes, basis=basis)  # type: ignore[arg-type]  # one of the two literals
        same = (verdict.outcome, verdict.exception, verdict.review_policy) == (
            self.verdict.outcome,
            self.verdict.exception,
            self.verdict.review_policy,
        )
        outcome = self.tongue.text(labels.OUTCOMES[verdict.outcome])
        detail = verdict.exception or ""
        if verdict.outcome == "license_required" and verdict.review_policy:
            detail = self.tongue.text(labels.POLICIES[verdict.review_policy])
        return {
            "basis": basis,
            "same": "true" if same else "",
            "outcome": outcome,
            "detail": detail,
            "tone": labels.OUTCOME_TONES[verdict.outcome],
            "href": address("/", self.form.parameters(basis=basis)),
        }

    def family(self) -> items.Match | None:
        """Return what a family's name was taken for."""
        name = self.form.values.get("chip", "")
        match = items.look_up(name) if name else None
        return match if match and match.family and match.others else None

    def change(self) -> dict[str, Any]:
        """Return the days before and after on which the law changes, with the addresses of this question there."""
        day = self.verdict.law.on
        days = self.statutes.days_of_change()
        before = max((change for change in days if change < self.law.first), default=None)
        after = min((change for change in days if change > day), default=None)
        return {
            "since": self.law.first,
            "before": before,
            "before_href": address("/", self.form.parameters(on=before.isoformat())) if before else "",
            "after": after,
            "after_href": address("/", self.form.parameters(on=after.isoformat())) if after else "",
        }
