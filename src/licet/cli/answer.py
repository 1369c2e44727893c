"""One verdict on the terminal, in the words that the desk uses too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from licet import statutes
from licet.catalog import items
from licet.catalog.own_names import here
from licet.desk import labels
from licet.desk.tongue import tongue
from licet.desk.words import Telling
from licet.i18n import N_

if TYPE_CHECKING:
    from rich.console import Console

    from licet.decisions import Verdict
    from licet.decisions.verdict import Obligation
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law


def render(verdict: Verdict, language: str, console: Console, *, chip: str = "") -> None:
    """Print a verdict; ``chip`` is the name as asked."""
    speech = speech_of(language)
    law = law_of(verdict)
    brief(verdict, language, console)
    _family(console, chip, speech)
    console.print(_facts(verdict, law, speech))
    rests = Telling(verdict, law, speech).rests()
    listed(console, speech.text(N_("This rests on a reading of an unclear text:")), rests)
    listed(console, speech.text(N_("To do")), [_duty(item, speech) for item in verdict.obligations])
    listed(
        console, speech.text(N_("To be answered")), [f"{m.fact}: {speech.pick(m.question)}" for m in verdict.missing]
    )
    listed(console, speech.text(N_("Caution")), [speech.pick(warning.text) for warning in verdict.warnings])
    listed(
        console, speech.text(N_("Not examined")), [speech.text(labels.NOT_EXAMINED[n]) for n in verdict.not_examined]
    )
    listed(
        console,
        speech.text(N_("Decided by")),
        [_citation(verdict, number, speech) for number in range(len(verdict.citations))],
    )


def _family(console: Console, chip: str, speech: Tongue) -> None:
    """Say what a family's name was taken for."""
    match = items.look_up(chip) if chip else None
    if match and match.family and match.others:
        others = ", ".join(match.others)
        told = speech.text(N_("“{name}” was taken for {chip}; others of the family: {others}."))
        put(console, told.format(name=chip, chip=match.item.id, others=others))


def brief(verdict: Verdict, language: str, console: Console) -> None:
    """Print the question and its answer in sentences, without the facts and the clauses."""
    speech = speech_of(language)
    telling = Telling(verdict, law_of(verdict), speech)
    put(console, telling.question(), style="bold")
    put(console, speech.sentences(telling.sentences()))


def speech_of(language: str) -> Tongue:
    """Return a language with the names of places that ``LICET_HOME/names.yaml`` gives."""
    return tongue(language, here())


def law_of(verdict: Verdict) -> Law:
    """Return the law that a verdict was made with."""
    return statutes.load().law(verdict.law.query())


def put(console: Console, text: str, style: str = "") -> None:
    """Print a text as it is."""
    console.print(text, style=style, markup=False, highlight=False)


def _facts(verdict: Verdict, law: Law, speech: Tongue) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    asked = verdict.law
    rows = [
        (N_("Outcome"), speech.text(labels.OUTCOMES[verdict.outcome])),
        (N_("Classification"), verdict.classification or "–"),
        (N_("Tier"), str(verdict.tier or "–")),
        (N_("Exceptions"), ", ".join(verdict.exceptions)),
        (N_("Filing code"), verdict.aes),
        (N_("Review"), speech.text(labels.POLICIES[verdict.review_policy]) if verdict.review_policy else ""),
        (N_("Duty"), f"{speech.number(verdict.duty_pct)} %" if verdict.duty_pct is not None else ""),
        (N_("Band"), str(verdict.band or "")),
        (N_("TPP in all"), speech.number(verdict.total_tpp)),
        (
            N_("Draws on the allocation"),
            f"{speech.number(verdict.allocation_tpp)} TPP" if verdict.allocation_tpp else "",
        ),
        (
            N_("Taken, not stated"),
            ", ".join(f"{name}={labels_value(law, speech, verdict, name)}" for name in verdict.assumed),
        ),
        (N_("Law"), f"{asked.system} {asked.on} {speech.text(labels.BASES[asked.basis])}"),
        (N_("Checked through"), f"{asked.checked_through if asked.acts else '–'}  sha256:{asked.digest[:16]}"),
    ]
    for name, value in rows:
        if value:
            table.add_row(speech.text(name), value)
    return table


def labels_value(law: Law, speech: Tongue, verdict: Verdict, name: str) -> str:
    """Return an assumed fact's value in words."""
    return labels.value_words(speech, law.vocabulary[name], verdict.assumed[name])


def listed(console: Console, heading: str, items: list[str]) -> None:
    """Print a heading and its items, nothing where there are none."""
    if items:
        put(console, heading, style="bold dim")
        for item in items:
            put(console, f"  · {item}")


def _duty(item: Obligation, speech: Tongue) -> str:
    due = f"{speech.date(item.due)}: " if item.due else ""
    return f"{due}{speech.pick(item.text)} [{item.cite}]"


def _citation(verdict: Verdict, number: int, speech: Tongue) -> str:
    item = verdict.citations[number]
    unenforced = speech.text(N_("not enforced here"))  # outside the f-string below, where no extractor looks
    masked = f"; {unenforced}: {item.masked}" if item.masked else ""
    return f"{speech.pick(item.title)} [{item.cite}; {speech.text(labels.SEEN[item.seen])}{masked}]"
