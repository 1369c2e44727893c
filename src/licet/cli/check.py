"""``licet check`` and ``licet explain``: one question, or a file of them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from licet.cli.answer import render
from licet.cli.lines import answer_lines, echo
from licet.cli.options import AsJson, Language, chosen, day, language_of, readings_of
from licet.cli.question import Question, asking
from licet.decisions import verdict_line
from licet.decisions.batch import Terms
from licet.errors import BadInput

Jsonl = Annotated[str | None, typer.Option("--jsonl", metavar="FILE|-", help="A case a line in, a verdict a line out.")]
_ONE_QUESTION = {
    "chip": "chip",
    "quantity": "quantity",
    "to": "to",
    "hq": "hq",
    "parent": "parent",
    "origin": "from",
    "exporter": "exporter",
    "fact": "fact",
}
"""The flags that describe one transaction, by their fields: a file of cases would not be read by them."""


def register(app: typer.Typer) -> None:
    """Add the two commands to ``app``."""
    app.command()(check)
    app.command()(explain)


@asking()
def check(
    question: Question,
    jsonl: Jsonl = None,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Answer whether an item may go: one verdict, or a verdict a line for a file of cases."""
    language = language_of(language)
    if jsonl is not None:
        raise typer.Exit(answer_lines(jsonl, _terms(question), language))
    verdict = question.ask()
    if as_json:
        echo(verdict_line(verdict, language))
    else:
        render(verdict, language, Console(), chip=question.chip or "")


@asking()
def explain(
    question: Question,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Answer as check does, with why each other way is closed, what would be decided otherwise, and every clause.

    What would be decided otherwise: along the quantity, with the fewest facts changed, and with each answer to what is
    not known.
    """
    from licet.cli.explain import render_whole, whole_line  # noqa: PLC0415 - check does not need it

    language = language_of(language)
    verdict = question.ask()
    if as_json:
        echo(whole_line(verdict, language))
    else:
        render_whole(verdict, language, Console(), chip=question.chip or "")


def _terms(question: Question) -> Terms:
    """Return which law a file is asked of. Raises :class:`BadInput` for a flag that describes one transaction."""
    given = [flag for field, flag in _ONE_QUESTION.items() if getattr(question, field)]
    if given:
        raise BadInput(f"--{given[0]} does not go with --jsonl", fix="say it in each line of the file")
    return Terms(
        on=day(question.on).isoformat() if question.on else None,
        basis=chosen(question.basis),
        system=question.system,
        known=day(question.known) if question.known else None,
        proposals=tuple(question.proposals or ()),
        readings=readings_of(question.reading),
    )
