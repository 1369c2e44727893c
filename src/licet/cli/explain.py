"""What ``licet explain`` shows beside the answer: why other ways are closed, what would be otherwise, every clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses.words import sql
from licet.cli.answer import law_of, listed, put, render, speech_of
from licet.decisions.explained import Explanation, explain, explained_line
from licet.decisions.line import verdict_line
from licet.desk.analysis import CAUTION, Analysis
from licet.i18n import N_

if TYPE_CHECKING:
    from typing import Any

    from rich.console import Console

    from licet.decisions import Verdict
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law

MOST_SHOWN = 10
"""How many changes of each kind are printed; ``--json`` has all."""
_TRUTH = {True: "✓", False: "✗", None: "?"}


def whole_line(verdict: Verdict, language: str) -> dict[str, Any]:
    """Return the verdict's line with its trace and all that explains it."""
    explanation = explain(law_of(verdict), verdict)
    return verdict_line(verdict, language) | explained_line(explanation) | {"trace": verdict.trace}


def render_whole(verdict: Verdict, language: str, console: Console, *, chip: str = "") -> None:
    """Print a verdict, what explains it, and every clause with its truth."""
    law, speech = law_of(verdict), speech_of(language)
    explanation = explain(law, verdict)
    render(verdict, language, console, chip=chip)
    told = Analysis(law, speech)
    _closed(console, explanation, told, speech)
    listed(console, speech.text(N_("By quantity")), told.quantities(explanation.quantities))
    _changes(console, explanation, told, speech)
    _answers(console, explanation, told, speech)
    _tree(console, verdict, law, speech)


def _closed(console: Console, explanation: Explanation, told: Analysis, speech: Tongue) -> None:
    missed = [told.near_miss(*item) for item in explanation.near_misses]
    listed(console, speech.text(N_("Closed")), ["\n      ".join(lines) for lines in missed])


def _changes(console: Console, explanation: Explanation, told: Analysis, speech: Tongue) -> None:
    changes = explanation.changes
    kinds = (
        (N_("It would be decided better if:"), changes.better),
        (N_("It would be decided worse if:"), changes.worse),
    )
    for heading, found in kinds:
        lines = [told.change(change) for change in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            more = speech.text(N_("and %(number)s more changes of facts, shown by --json"))
            lines.append(more % {"number": len(found) - MOST_SHOWN})
        listed(console, speech.text(heading), lines)
    if changes.better or changes.worse:
        put(console, f"  {speech.text(CAUTION)}", style="dim")
    if not changes.complete:
        ended = speech.text(N_("The search for changes ended after %(tried)s decisions; there may be others."))
        put(console, f"  {ended % {'tried': speech.number(changes.tried)}}", style="dim")


def _answers(console: Console, explanation: Explanation, told: Analysis, speech: Tongue) -> None:
    for found in explanation.answers:
        question = speech.pick(told.law.vocabulary[found.fact].question)
        listed(console, question, told.answers(found))


def _tree(console: Console, verdict: Verdict, law: Law, speech: Tongue) -> None:
    put(console, speech.text(N_("Every clause")), style="bold dim")
    for clause in law.clauses.values():
        truth = verdict.trace[clause.id]
        put(console, f"{_TRUTH[truth]} {clause.id}  {speech.pick(clause.form.title)}", style="" if truth else "dim")
        put(console, f"    {sql(clause.condition)}", style="dim")
