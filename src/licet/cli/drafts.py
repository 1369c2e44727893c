"""``licet drafts``: the papers that an answer asks for, filled as far as the facts go."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licet import statutes
from licet.cli.answer import law_of
from licet.cli.lines import echo
from licet.cli.options import AsJson, Language, language_of, pairs
from licet.cli.question import Question, asking
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


@asking(fact=FactOption)
def drafts(
    question: Question,
    folder: Folder = None,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Draft the certificates, notices and reports that the answer asks for; what nobody stated stays a blank."""
    language = language_of(language)
    facts, more = _parted(question.fact or (), question.system)
    verdict = replace(question, fact=facts).ask()
    more |= {"exporter": question.exporter} if question.exporter else {}
    law = law_of(verdict)
    drawn = filling.drafts(law, verdict, more)
    files = _write(folder, drawn, law) if folder else {}
    if as_json:
        echo(_data(verdict, drawn, law, language, files))
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
