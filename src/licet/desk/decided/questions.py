"""A question apart from how it was spelled: what makes two addresses the same question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.decisions.line import plain
from licet.evidence.records import Question, digest_of

if TYPE_CHECKING:
    from licet.decisions import Verdict
    from licet.desk.forms import Form


def key_of(verdict: Verdict) -> str:
    """Return the digest of the facts of a question and of which law was asked, whatever the law data answers."""
    basics = verdict.law
    law = [basics.system, basics.on, basics.basis, basics.known, sorted(basics.readings.items()), basics.proposals]
    facts = {name: plain(value) for name, value in verdict.facts.items()}
    return digest_of([facts, verdict.stated_places, msgspec.to_builtins(law)])


def question_of(form: Form) -> Question:
    """Return the question of a form, for its record."""
    return Question.of(form.facts, form.query())
