"""A file of cases, a line each: ``licet check --jsonl``."""

from __future__ import annotations

import io
import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from licet import statutes
from licet.cli.options import chosen
from licet.decisions import ask, verdict_line
from licet.errors import BadFile, BadInput, LicetError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

LONGEST_LINE = 100_000


@dataclass(frozen=True)
class Terms:
    """Which law the lines of a file are asked of, where a line does not say."""

    on: str | None
    basis: str
    system: str
    known: dt.date | None
    proposals: tuple[str, ...]
    readings: dict[str, str]


def echo(line: dict[str, Any]) -> None:
    """Print one line of JSON."""
    # Half a surrogate pair, which JSON may carry as an escape, goes out as the same escape.
    text = json.dumps(line, ensure_ascii=False)
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


def answer_lines(name: str, terms: Terms, language: str) -> int:
    """Answer a file of cases, a line each and in order; 1 when some line could not be answered."""
    loaded = statutes.load()
    failed = False
    with _opened(name) as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if not line.strip():
                continue
            answer = _answer_line(loaded, line, number, terms, language)
            failed = failed or "error" in answer
            echo(answer)
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


def _answer_line(loaded: statutes.Statutes, line: str, number: int, terms: Terms, language: str) -> dict[str, Any]:
    name: Any = None
    try:
        case = _parsed(line)
        name = case.get("id")
        system, basis = str(case.pop("law", None) or terms.system), str(case.pop("basis", None) or terms.basis)
        case.pop("expect", None)
        if terms.on and case.get("date") is None:
            case["date"] = terms.on
        verdict = ask(
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
