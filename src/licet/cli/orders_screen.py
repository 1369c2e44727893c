"""``licet orders screen``: an order book through the law."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from licet import statutes
from licet.cli.options import (
    AsJson,
    Known,
    Language,
    Readings,
    System,
    With,
    chosen,
    day,
    language_of,
    readings_of,
)
from licet.cli.orders import orders
from licet.cli.orders_words import render, step
from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Inputs = Annotated[
    list[str], typer.Argument(metavar="IN…", help="The book: CSV, Parquet or spreadsheets, by path or glob.")
]
Output = Annotated[
    Path, typer.Option("-o", "--output", metavar="OUT", help="Where answers go: .parquet, .csv, .csv.gz or .jsonl.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where lines go that cannot be read; default: OUT with .rejects.csv."),
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of lines that name none.")]
BasisOfLines = Annotated[
    str, typer.Option("--basis", metavar="written|enforced", help="The basis of lines that name none.")
]
Engine = Annotated[str, typer.Option(metavar="duckdb", help="What the book is run through.")]
Taken = Annotated[
    bool, typer.Option("--take-headquarters", help="Take an omitted headquarters or parent to be at the destination.")
]
Memory = Annotated[
    str, typer.Option(metavar="SIZE", help="What the engine may use before it spills to temporary files, as 4GB.")
]


@orders.command()
def screen(  # noqa: PLR0913, PLR0917 - the contract's flags
    inputs: Inputs,
    output: Output,
    on: On = None,
    basis: BasisOfLines = "enforced",
    system: System = "us-ear",
    rejects: Rejects = None,
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    engine: Engine = "duckdb",
    take_headquarters: Taken = False,  # noqa: FBT002 - a flag of the command line
    memory: Memory = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
    language: Language = "en",
) -> None:
    """Answer every line of an order book: its columns with those of the verdict, and a summary.

    Each line is asked of the law on its own date and basis. Exit status 1 when some line could not be read: the others
    are answered, and the rejects say why.
    """
    from licet.orders import Asked, screen_files  # noqa: PLC0415 - loads the engine, which other commands do without

    language = language_of(language)
    if engine != "duckdb":
        raise BadValue(f"no engine is called '{engine[:40]}'", fix="duckdb")
    asked = Asked(
        day=day(on) if on else None,
        basis=chosen(basis),
        system=system,
        known=day(known) if known else None,
        readings=readings_of(reading),
        proposals=tuple(proposals or ()),
        headquarters_taken=take_headquarters,
    )
    refused = rejects or output.with_name(f"{output.name.partition('.')[0]}.rejects.csv")
    with progress(language) as told:
        summary = screen_files(inputs, output, refused, statutes.load(), asked, memory=memory, told=told)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        render(summary, language, Console())
    if summary["rejected"]:
        raise typer.Exit(1)


@contextmanager
def progress(language: str) -> Iterator[Callable[[str, float], None] | None]:
    """Show what is being done and how far it is, on a terminal; else nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, percent: float) -> None:
            if what:
                bar.update(task, description=step(what, language))
            bar.update(task, total=100 if percent >= 0 else None, completed=max(percent, 0))

        yield told
