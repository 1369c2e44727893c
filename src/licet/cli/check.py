"""``licet check`` and ``licet explain``: one question, or a file of them."""

from __future__ import annotations

import io
import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console

from licet import statutes
from licet.catalog.own_names import here
from licet.catalog.places import place
from licet.cli.answer import render
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
    pairs,
    readings_of,
)
from licet.decisions import ask as decide_facts
from licet.decisions import verdict_line
from licet.errors import BadFile, BadInput, LicetError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from licet.decisions import Verdict

LONGEST_LINE = 100_000

Chip = Annotated[str | None, typer.Option("--chip", help="A chip or system of the catalog, by id, name or alias.")]
Quantity = Annotated[str | None, typer.Option("--quantity", help="How many units.")]
To = Annotated[str | None, typer.Option("--to", metavar="PLACE", help="The destination.")]
Hq = Annotated[str | None, typer.Option("--hq", metavar="PLACE", help="Headquarters; default: the destination.")]
Parent = Annotated[
    str | None, typer.Option("--parent", metavar="PLACE", help="The ultimate parent's; default: the destination.")
]
From = Annotated[str | None, typer.Option("--from", metavar="PLACE", help="Where it ships from.")]
Exporter = Annotated[str | None, typer.Option("--exporter", help="The exporter, for letters that bind only one.")]
FactOption = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="Any fact of the vocabulary.")
]
Jsonl = Annotated[str | None, typer.Option("--jsonl", metavar="FILE|-", help="A case a line in, a verdict a line out.")]


def ask(  # noqa: PLR0913 - the flags of the command
    *,
    chip: str | None = None,
    quantity: str | int | None = None,
    to: str | None = None,
    hq: str | None = None,
    parent: str | None = None,
    origin: str | None = None,
    on: str | None = None,
    basis: str = "enforced",
    known: str | None = None,
    proposals: Sequence[str] = (),
    reading: Sequence[str] = (),
    exporter: str | None = None,
    system: str = "us-ear",
    fact: Sequence[str] = (),
) -> Verdict:
    """Decide one question given as the flags of ``licet check``, places by code or name.

    Raises :class:`BadInput` with the fix.
    """
    places = {"destination": to, "headquarters": hq, "parent_headquarters": parent, "origin": origin}
    facts: dict[str, Any] = {name: place(value, here()).code for name, value in places.items() if value is not None}
    named = {"chip": chip, "quantity": quantity, "exporter": exporter}
    facts |= {name: value for name, value in named.items() if value is not None}
    for name, value in pairs(fact, "--fact").items():
        if facts.get(name) not in (None, value):
            raise BadInput(f"{name} is given by two options", fix="give it once")
        facts[name] = value
    return decide_facts(
        statutes.load(),
        facts,
        on=day(on) if on or "date" not in facts else None,
        system=system,
        basis=chosen(basis),
        known=day(known) if known else None,
        readings=readings_of(reading),
        proposals=proposals,
        headquarters_taken=True,
        readings_weighed=True,
    )


def register(app: typer.Typer) -> None:
    """Add the two commands to ``app``."""
    app.command()(check)
    app.command()(explain)


def check(  # noqa: PLR0913, PLR0917 - the contract's flags
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
    jsonl: Jsonl = None,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Answer whether an item may go: one verdict, or a verdict a line for a file of cases."""
    language = language_of(language)
    if jsonl is not None:
        _alone(
            {
                "chip": chip,
                "quantity": quantity,
                "to": to,
                "hq": hq,
                "parent": parent,
                "from": origin,
                "exporter": exporter,
                "fact": fact,
            }
        )
        terms = _Terms(
            on=day(on).isoformat() if on else None,
            basis=chosen(basis),
            system=system,
            known=day(known) if known else None,
            proposals=tuple(proposals or ()),
            readings=readings_of(reading),
        )
        raise typer.Exit(_check_lines(jsonl, terms, language))
    verdict = _asked(
        chip, quantity, to, hq, parent, origin, on, basis, known, proposals, reading, exporter, system, fact
    )
    if as_json:
        _echo(verdict_line(verdict, language))
    else:
        render(verdict, language, Console(), chip=chip or "")


def explain(  # noqa: PLR0913, PLR0917 - as check
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
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Answer as check does, with why each other way is closed, what would be decided otherwise, and every clause.

    What would be decided otherwise: along the quantity, with the fewest facts changed, and with each answer to what is
    not known.
    """
    from licet.cli.explain import render_whole, whole_line  # noqa: PLC0415 - check does not need it

    language = language_of(language)
    verdict = _asked(
        chip, quantity, to, hq, parent, origin, on, basis, known, proposals, reading, exporter, system, fact
    )
    if as_json:
        _echo(whole_line(verdict, language))
    else:
        render_whole(verdict, language, Console(), chip=chip or "")


def _asked(  # noqa: PLR0913, PLR0917 - the flags, as typer hands them over
    chip: str | None,
    quantity: str | None,
    to: str | None,
    hq: str | None,
    parent: str | None,
    origin: str | None,
    on: str | None,
    basis: str,
    known: str | None,
    proposals: list[str] | None,
    reading: list[str] | None,
    exporter: str | None,
    system: str,
    fact: list[str] | None,
) -> Verdict:
    return ask(
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
        fact=fact or (),
    )


@dataclass(frozen=True)
class _Terms:
    """Which law the lines of a file are asked of, where a line does not say."""

    on: str | None
    basis: str
    system: str
    known: dt.date | None
    proposals: tuple[str, ...]
    readings: dict[str, str]


def _alone(options: Mapping[str, object]) -> None:
    """Refuse options that describe one transaction: a file of cases would not be read by them."""
    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise BadInput(f"{given[0]} does not go with --jsonl", fix="say it in each line of the file")


def _echo(line: dict[str, Any]) -> None:
    # Half a surrogate pair, which JSON may carry as an escape, goes out as the same escape.
    text = json.dumps(line, ensure_ascii=False)
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


def _check_lines(name: str, terms: _Terms, language: str) -> int:
    """Answer a file of cases, a line each and in order; 1 when some line could not be answered."""
    loaded = statutes.load()
    failed = False
    with _opened(name) as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if not line.strip():
                continue
            answer = _answer_line(loaded, line, number, terms, language)
            failed = failed or "error" in answer
            _echo(answer)
    return 1 if failed else 0


def _opened(name: str) -> Any:
    if name == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        return nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadFile(
            f"{name} cannot be read: {error.strerror}", fix="name a file of JSON lines, or - for standard input"
        ) from error


def _lines(stream: TextIO) -> Iterator[str]:
    """Yield lines of at most :data:`LONGEST_LINE` characters.

    The rest of a longer one is dropped, so that junk stays one line.
    """
    while line := stream.readline(LONGEST_LINE):
        yield line
        while not line.endswith("\n") and (line := stream.readline(LONGEST_LINE)):
            pass


def _answer_line(loaded: statutes.Statutes, line: str, number: int, terms: _Terms, language: str) -> dict[str, Any]:
    name: Any = None
    try:
        case = _parsed(line)
        name = case.get("id")
        system, basis = str(case.pop("law", None) or terms.system), str(case.pop("basis", None) or terms.basis)
        case.pop("expect", None)
        if terms.on and case.get("date") is None:
            case["date"] = terms.on
        verdict = decide_facts(
            loaded,
            case,
            system=system,
            basis=chosen(basis),
            known=terms.known,
            readings=terms.readings,
            proposals=terms.proposals,
        )
    except LicetError as error:
        shown = None if name is None else str(name)[:200]
        return {"id": shown, "line": number, "error": {"message": error.message, "fix": error.fix}}
    return verdict_line(verdict, language)


def _parsed(line: str) -> dict[str, Any]:
    if len(line) >= LONGEST_LINE:
        raise BadInput(f"the line is longer than {LONGEST_LINE} characters", fix="one case a line")
    try:
        case = json.loads(line, parse_float=_number, parse_int=_number, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"the line is not JSON: {str(error)[:80]}", fix='write it as {"destination": "CH", …}'
        ) from error
    if not isinstance(case, dict):
        raise BadInput("a case is an object", fix='write it as {"destination": "CH", …}')
    return case


def _number(text: str) -> Decimal:
    # Exact, and without Python's limit of 4,300 digits; the range is the vocabulary's to check.
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadInput(f"{text[:40]} is out of every range", fix="leave out what is not known") from error


def _constant(text: str) -> float:
    raise BadInput(f"{text[:20]} is no number", fix="leave out what is not known")
