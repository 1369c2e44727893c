"""A file of cases, a line each: ``licet check --jsonl``."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from licet import statutes
from licet.decisions.batch import LONGEST_LINE, Terms, answer_line, written
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator


def echo(line: dict[str, Any]) -> None:
    """Print one line of JSON."""
    typer.echo(written(line))


def answer_lines(name: str, terms: Terms, language: str) -> int:
    """Answer a file of cases, a line each and in order; 1 when some line could not be answered."""
    loaded = statutes.load()
    failed = False
    with _opened(name) as stream:
        for number, line in enumerate(_lines(stream), start=1):
            if not line.strip():
                continue
            answer = answer_line(loaded, line, number, terms, language)
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
