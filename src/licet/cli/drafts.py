"""``licet drafts``: the papers that an answer asks for, filled as far as the facts go."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licet import statutes
from licet.cli.check import Chip, Exporter, From, Hq, Parent, Quantity, To, ask
from licet.cli.options import AsJson, Basis, Known, Language, On, Readings, System, With, language_of, pairs
from licet.decisions import drafts as filling
from licet.desk import papers
from licet.desk.tongue import tongue
from licet.errors import BadFile
from licet.i18n import LANGUAGES, N_
from licet.statutes import drafts as templates_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from licet.decisions import Verdict
    from licet.decisions.drafts import Draft
    from licet.statutes.law import Law

# What a question may say beside the facts of the vocabulary.
_ASKED = frozenset({"chip", "id"})

FactOption = Annotated[
    list[str] | None,
    typer.Option("--fact", metavar="NAME=VALUE", help="Any fact of the vocabulary, or a blank of a paper."),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FOLDER", help="Write a file for each paper and language; none is replaced."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(drafts)


def drafts(  # noqa: PLR0913, PLR0917 - the flags of check
    chip: Chip = None,
    quantity: Quantity = None,
    to: To = None,
    hq: Hq = None,
    parent: Parent = None,
    origin: From = None,
    on: On = None,
    basis: Basis = "enforced",
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    exporter: Exporter = None,
    system: System = "us-ear",
    fact: FactOption = None,
    folder: Folder = None,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Draft the certificates, notices and reports that the answer asks for; what nobody stated stays a blank."""
    language = language_of(language)
    facts, more = _parted(fact or (), system)
    verdict = ask(
        chip=chip,
        quantity=quantity,
        to=to,
        hq=hq,
        parent=parent,
        origin=origin,
        on=on,
        basis=basis,
        known=known,
        proposals=proposals or (),
        reading=reading or (),
        exporter=exporter,
        system=system,
        fact=facts,
    )
    more |= {"exporter": exporter} if exporter else {}
    law = _law(verdict)
    drawn = filling.drafts(law, verdict, more)
    files = _write(folder, drawn, law) if folder else {}
    if as_json:
        # Half a surrogate pair, which an argument may carry, goes out as an escape.
        text = json.dumps(_data(verdict, drawn, law, language, files), ensure_ascii=False)
        typer.echo(text.encode("utf-8", "backslashreplace").decode())
    elif not drawn:
        typer.echo(tongue(language).text(N_("Nothing in this answer asks for a paper.")))
    elif folder:
        _told(drawn, files, language)
    else:
        typer.echo("\n".join(papers.paper(item, law, language) for item in drawn), nl=False)


def _parted(given: Sequence[str], system: str) -> tuple[list[str], dict[str, str]]:
    """Part what the question needs from what only a paper wants. Raises :class:`UnknownName` for what nothing wants."""
    loaded = statutes.load()
    facts: list[str] = []
    more: dict[str, str] = {}
    for name, value in pairs(given, "--fact").items():
        if name in loaded.vocabulary or name in _ASKED:
            facts.append(f"{name}={value}")
            more |= {name: value} if name == "exporter" else {}
        else:
            templates_of.check_name(name, templates_of.load(system, loaded.vocabulary))
            more[name] = value
    return facts, more


def _law(verdict: Verdict) -> Law:
    asked = verdict.law
    return statutes.load().law(
        statutes.Query(
            on=asked.on,
            system=asked.system,
            basis=asked.basis,
            known=asked.known,
            readings=tuple(sorted(asked.readings.items())),
            proposals=asked.proposals,
        )
    )


def _write(folder: Path, drawn: Sequence[Draft], law: Law) -> dict[str, list[str]]:
    """Write each paper in each language; return the names by obligation.

    A file that is there with the same text stays as it is; one with another text, perhaps filled in since, is never
    replaced: then nothing is written. Raises :class:`BadFile`.
    """
    texts = {
        item.obligation: {_name(item, code): papers.paper(item, law, code).encode() for code in LANGUAGES}
        for item in drawn
    }
    named = {name: text for found in texts.values() for name, text in found.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {name: (folder / name).read_bytes() for name in named if (folder / name).exists()}
        if other := [name for name, text in there.items() if text != named[name]]:
            raise BadFile(
                f"{other[0]} is there already with another text", fix="name another folder, or move the file away"
            )
        for name in named.keys() - there.keys():
            with (folder / name).open("xb") as stream:
                stream.write(named[name])
    except OSError as error:
        raise BadFile(f"{folder} cannot be written: {error.strerror}", fix="name a folder of your own") from error
    return {obligation: list(found) for obligation, found in texts.items()}


def _name(draft: Draft, language: str) -> str:
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', draft.obligation)[:80]}.{language}.md"


def _told(drawn: Sequence[Draft], files: Mapping[str, list[str]], language: str) -> None:
    speech = tongue(language)
    for item in drawn:
        left = speech.ngettext("{count} blank", "{count} blanks", len(item.blanks)).format(count=len(item.blanks))
        parts = [", ".join(files[item.obligation]), speech.pick(item.title), papers.due_words(item, speech), left]
        typer.echo(" · ".join(parts))
    typer.echo(speech.text(papers.WARNINGS["draft"]))


def _data(
    verdict: Verdict, drawn: Sequence[Draft], law: Law, language: str, files: Mapping[str, list[str]]
) -> dict[str, Any]:
    items = [papers.as_data(item, law, language) | {"files": files.get(item.obligation, [])} for item in drawn]
    return {
        "outcome": verdict.outcome,
        "exception": verdict.exception,
        "law": {"system": verdict.law.system, "on": verdict.law.on.isoformat(), "digest": verdict.law.digest},
        "drafts": items,
    }
