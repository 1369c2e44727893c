"""What would be decided otherwise: each change of facts with the address that asks the question so changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.decisions import counterfactuals as c
from licet.decisions.explained import Explanation, explain
from licet.desk import labels
from licet.desk.analysis import CAUTION, Analysis
from licet.desk.decided.questions import key_of
from licet.desk.forms import LONG, read_form
from licet.desk.recent import Recent
from licet.desk.render import address, page
from licet.desk.seals import asked
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.desk.words import Telling
from licet.errors import BadInput

if TYPE_CHECKING:
    from licet.clauses.vocabulary import FactValue
    from licet.decisions import Verdict
    from licet.decisions.changes import Change, Changes
    from licet.desk.forms import Form
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law

MOST_TRIES = 300
"""Decisions that an answer's own page spends on changes: all of one fact, as a rule; the page of its own goes on."""
MOST_SHOWN = 8
_changes: Recent[Changes] = Recent(256)
_explained: Recent[Explanation] = Recent(64)


@dataclass(frozen=True, slots=True)
class Other:
    """Something that would be decided otherwise, in words, and the address that asks it."""

    words: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Changes for the better and for the worse; ``complete``: none was left out."""

    better: list[Other]
    worse: list[Other]
    complete: bool
    caution: str


def changes_of(law: Law, verdict: Verdict, form: Form, tongue: Tongue) -> Otherwise:
    """Return the changes of one fact that an answer's page shows."""
    found = _changes.get((law.digest, key_of(verdict)), lambda: c.smallest_changes(law, *c.asked(verdict), MOST_TRIES))
    told = _Told(law, form, tongue)
    return Otherwise(
        told.changes(found.better[:MOST_SHOWN]),
        told.changes(found.worse[:MOST_SHOWN]),
        found.complete and max(len(found.better), len(found.worse)) <= MOST_SHOWN,
        tongue.text(CAUTION),
    )


class _Told:
    """Tells changes of one question, each with its address."""

    def __init__(self, law: Law, form: Form, tongue: Tongue) -> None:
        self.form = form
        self.analysis = Analysis(law, tongue)

    def changes(self, changes: tuple[Change, ...]) -> list[Other]:
        return [
            Other(self.analysis.change(change), self.again(change.given), labels.OUTCOME_TONES[change.result.outcome])
            for change in changes
        ]

    def again(self, given: dict[str, FactValue]) -> str:
        """Return the address of the question with other facts."""
        return address("/", self.form.parameters(**{LONG.get(name, name): _text(v) for name, v in given.items()}))

    def whole(self, explanation: Explanation) -> dict[str, Any]:
        """Return all that an explanation has, for its page."""
        found = explanation.changes
        stretches = explanation.quantities.stretches
        return {
            "better": self.changes(found.better),
            "worse": self.changes(found.worse),
            "complete": found.complete,
            "tried": found.tried,
            "stretches": [
                Other(
                    self.analysis.stretch(item),
                    self.again({"quantity": Decimal(item.first)}),
                    labels.OUTCOME_TONES[item.result.outcome],
                )
                for item in stretches
            ],
            "quantities": self.analysis.quantities(explanation.quantities) if not stretches else [],
            "largest": self.analysis.largest(explanation.quantities) if len(stretches) > 1 else [],
            "answers": [self.answers(item) for item in explanation.answers],
            "misses": [self.analysis.near_miss(*item) for item in explanation.near_misses],
        }

    def answers(self, found: c.Answers) -> dict[str, Any]:
        """Return what each answer to one question leads to."""
        fact = self.analysis.law.vocabulary[found.fact]
        branches = [
            Other(
                self.analysis.told(self.analysis.answer(found.fact, branch), self.analysis.led_to(branch)),
                self.again({found.fact: branch.typical}) if branch.typical is not None else "",
                labels.OUTCOME_TONES[branch.result.outcome],
            )
            for branch in found.branches
        ]
        return {"question": self.analysis.tongue.pick(fact.question), "branches": branches}


def _text(value: FactValue) -> str:
    """Return a value as a form sends it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@get("/otherwise", include_in_schema=False)
@threaded
def otherwise_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show what would be decided otherwise. Raises :class:`BadInput` for what is no question."""
    tongue = tongue_of(request)
    form = read_form(request.query_params.multi_items(), desk.statutes, tongue)
    whole(form)
    verdict = asked(desk, form).verdict
    law = desk.statutes.law(form.query())
    explained = _explained.get((law.digest, key_of(verdict)), lambda: explain(law, verdict))
    told = _Told(law, form, tongue).whole(explained)
    telling = Telling(verdict, law, tongue, form.values.get("to", ""))
    return page(
        request,
        desk,
        "otherwise.html",
        told=told,
        verdict=verdict,
        question=telling.question(),
        sentence=tongue.sentences(telling.sentences()),
        tone=labels.OUTCOME_TONES[verdict.outcome],
        caution=tongue.text(CAUTION),
        back=address("/", form.parameters()),
    )


def whole(form: Form) -> None:
    """Raise :class:`BadInput` for a form that does not ask of a day, or that has something wrong."""
    for name, trouble in form.trouble.items():
        raise BadInput(f"{name}: {trouble.message}", fix=trouble.fix)
    if not form.asks or form.on is None:
        raise BadInput("this address has no question", fix="begin at /, and follow the links of an answer")


HANDLERS = (otherwise_page,)
