"""``licet law``: show the law on a date, check the law data; ``licet law diff`` stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, assert_never

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from licet import statutes
from licet.cli.law_check import check
from licet.cli.options import (
    AsJson,
    Basis,
    Known,
    Language,
    On,
    Readings,
    System,
    With,
    chosen,
    day,
    language_of,
    readings_of,
)
from licet.errors import UnknownName
from licet.i18n import N_, gettext, pick
from licet.statutes import forms

if TYPE_CHECKING:
    import datetime as dt

    from licet.statutes.law import Clause, Law
    from licet.statutes.library import Act

law = typer.Typer(no_args_is_help=True, help="Read the law, and check the law data.")


def register(app: typer.Typer) -> None:
    """Add the group to ``app``, with the command that stands in a file of its own."""
    from licet.cli import law_diff  # noqa: F401, PLC0415 - it adds itself to the group

    app.add_typer(law, name="law")


@law.command()
def show(  # noqa: PLR0913, PLR0917 - the parameters of the law
    name: Annotated[
        str | None, typer.Argument(help="A clause or an act; left out: the acts and clauses in force.")
    ] = None,
    on: On = None,
    basis: Basis = "enforced",
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    system: System = "us-ear",
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Show the law on a date, one of its clauses, or one act."""
    language = language_of(language)
    loaded = statutes.load()
    query = statutes.Query(
        on=day(on),
        system=system,
        basis=chosen(basis),
        known=day(known) if known else None,
        readings=tuple(sorted(readings_of(reading).items())),
        proposals=tuple(proposals or ()),
    )
    folded = loaded.law(query)
    console = Console()
    if name is None:
        _show_law(console, folded, query.on, language, as_json=as_json)
    elif name in folded.clauses:
        _show_clause(console, folded, folded.clauses[name], language, as_json=as_json)
    elif any(act.id == name for act in loaded.acts(system)):
        _show_act(console, loaded.act(name, system), query.on, language, as_json=as_json)
    else:
        near = [other for other in (*folded.clauses, *(act.id for act in loaded.acts(system))) if name.lower() in other]
        fix = "" if near else f"'licet law show --on {query.on}' lists them"
        raise UnknownName(
            f"no clause in force on {query.on} and no act is called '{name[:80]}'", near=near[:5], fix=fix
        )


law.command("check")(check)


def _show_law(console: Console, folded: Law, on: dt.date, language: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(_law_data(folded, on)).decode())
        return
    console.print(f"{folded.system}  {on}  {folded.basis}  sha256:{folded.digest[:16]}", style="bold", highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("clause", "kind", "cite", "seen", "title"):
        table.add_column(heading, overflow="fold")
    for clause in folded.clauses.values():
        masked = " †" if clause.masks else ""
        title = pick(language, clause.form.title)
        table.add_row(clause.id + masked, clause.kind, clause.form.cite, clause.form.seen, title)
    console.print(table)
    if any(clause.masks for clause in folded.clauses.values()):
        console.print(gettext(language, "† printed, but masked for some transactions on this basis"))


def _show_clause(console: Console, folded: Law, clause: Clause, language: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(_clause_data(clause)).decode())
        return
    console.print(f"{clause.id}  {pick(language, clause.form.title)}", style="bold", highlight=False)
    console.print(f"{clause.kind}, {clause.form.cite}, {clause.form.seen}, {clause.act.id}", highlight=False)
    console.print(f"  when {clause.form.when}", highlight=False, markup=False)
    for mask in clause.masks:
        console.print(f"  not enforced where {mask.text} ({mask.cite})", highlight=False, markup=False)
    for text in (clause.form.yields, pick(language, clause.form.text or {"en": ""}), clause.form.note):
        if text:
            console.print(f"  {text}", highlight=False, markup=False)
    for name in sorted({n for n in folded.sets if n in clause.form.when.split()}):
        console.print(f"  {name}: {' '.join(sorted(folded.sets[name]))}", highlight=False, markup=False)


def _show_act(console: Console, act: Act, on: dt.date, language: str, *, as_json: bool) -> None:
    head = act.head
    if as_json:
        state = head.consultation.on(on) if head.consultation else None
        typer.echo(msgspec.json.encode({**msgspec.to_builtins(head), "consultation_state": state}).decode())
        return
    console.print(f"{act.id}  {pick(language, head.titles)}", style="bold", highlight=False)
    console.print(f"{head.kind}, {head.citation}, {head.issuer}", highlight=False)
    dates = {name: getattr(head.dates, name) for name in ("released", "published", "effective", "compliance")}
    console.print("  " + ", ".join(f"{name} {value}" for name, value in dates.items() if value), highlight=False)
    if head.consultation:
        console.print(f"  {_consultation(head.consultation, on, language)}", highlight=False, markup=False)
    if head.summary:
        console.print(f"  {pick(language, head.summary)}", highlight=False, markup=False)
    for voice in head.said:
        for line in _voice(voice, language):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    for source in head.sources:
        console.print(f"  {source.url} ({source.seen})", highlight=False, markup=False, soft_wrap=True)
    for name, reading in head.readings.items():
        console.print(
            f"  {name} = {reading.default}: {pick(language, reading.question)}", highlight=False, markup=False
        )
    for amendment in act.amendments:
        console.print(f"  {_amendment(amendment)}", highlight=False, markup=False)


_STATES: dict[forms.ConsultationState, str] = {
    "not_yet_open": N_("comments from {opens} to {closes}: not yet open on {on}"),
    "open": N_("comments from {opens} to {closes}: open on {on}"),
    "closed": N_("comments from {opens} to {closes}: closed on {on}"),
}
_POSITIONS = {"for": N_("for"), "against": N_("against"), "concern": N_("concern")}


def _consultation(consultation: forms.Consultation, on: dt.date, language: str) -> str:
    """Return the comment period of an act, and whether comments are taken on the day asked."""
    told = gettext(language, _STATES[consultation.on(on)])
    return told.format(opens=consultation.opens, closes=consultation.closes, on=on)


def _voice(voice: forms.Voice, language: str) -> tuple[str, str]:
    """Return two lines: who said it, when and to which side; and what, in our own words, with the address."""
    position = gettext(language, _POSITIONS[voice.position])
    head = f"  {voice.date} {voice.who}, {pick(language, voice.role)} [{position}]"
    return head, f"    {pick(language, voice.words)} ({voice.source})"


def _amendment(amendment: forms.AnyAmendment) -> str:
    """Return the verb of an amendment and what it is about, as the law file has it."""
    match amendment:
        case forms.ClauseForm():
            return f"{'replace' if amendment.replacing else 'clause'} {amendment.id}"
        case forms.RepealForm():
            return f"repeal {amendment.repeal}"
        case forms.SetForm():
            return f"set {amendment.set}"
        case forms.TableForm():
            return f"table {amendment.table}"
        case forms.MaskForm():
            return f"mask {amendment.mask}"
        case forms.SettleForm():
            return f"settles {amendment.settles} = {amendment.choice}"
    assert_never(amendment)


def _law_data(folded: Law, on: dt.date) -> dict[str, Any]:
    return {
        "system": folded.system,
        "on": on,
        "basis": folded.basis,
        "readings": dict(folded.readings),
        "proposals": folded.proposals,
        "checked_through": folded.checked_through,
        "digest": folded.digest,
        "acts": [act.id for act in folded.acts],
        "sets": {name: sorted(members) for name, members in folded.sets.items()},
        "clauses": [_clause_data(clause) for clause in folded.clauses.values()],
    }


def _clause_data(clause: Clause) -> dict[str, Any]:
    form = clause.form
    return {
        "clause": form.id,
        "kind": form.kind,
        "cite": form.cite,
        "seen": form.seen,
        "title": form.title,
        "when": form.when,
        "yields": form.yields or None,
        "act": clause.act.id,
        "masked": [{"where": mask.text, "cite": mask.cite, "act": mask.act} for mask in clause.masks],
    }
