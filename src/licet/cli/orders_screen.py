"""``licet orders screen``: an order book through the law."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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

    from licet.cluster import Told
    from licet.orders import Asked

Inputs = Annotated[
    list[str], typer.Argument(metavar="IN…", help="The book: CSV, Parquet or spreadsheets, by path or glob.")
]
Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="OUT",
        help="Where answers go: .parquet, .csv, .csv.gz or .jsonl; with ray also a folder of parts, FOLDER/.",
    ),
]
_OF_REJECTS = "Where lines go that cannot be read; default: OUT with .rejects.csv."
Rejects = Annotated[Path | None, typer.Option(metavar="FILE", help=_OF_REJECTS)]
RejectsAnywhere = Annotated[str | None, typer.Option("--rejects", metavar="FILE", help=_OF_REJECTS)]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of lines that name none.")]
BasisOfLines = Annotated[
    str, typer.Option("--basis", metavar="written|enforced", help="The basis of lines that name none.")
]
Engine = Annotated[
    str,
    typer.Option(metavar="duckdb|ray", help="What the book is run through: this machine alone, or a Ray cluster."),
]
Address = Annotated[
    str,
    typer.Option(
        "--ray", metavar="ADDRESS", help="The cluster, as HOST:6379 or auto; without it one is started on this machine."
    ),
]
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
    rejects: RejectsAnywhere = None,
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    engine: Engine = "duckdb",
    address: Address = "",
    take_headquarters: Taken = False,  # noqa: FBT002 - a flag of the command line
    memory: Memory = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
    language: Language = "en",
) -> None:
    """Answer every line of an order book: its columns with those of the verdict, and a summary.

    Each line is asked of the law on its own date and basis. Exit status 1 when some line could not be read: the others
    are answered, and the rejects say why.
    """
    from licet.orders import Asked  # noqa: PLC0415 - loads the engine, which other commands do without

    language = language_of(language)
    if engine not in ("duckdb", "ray"):
        raise BadValue(f"no engine is called '{engine[:40]}'", fix="duckdb or ray")
    if address and engine != "ray":
        raise BadValue("--ray names a cluster, and the engine is duckdb", fix="--engine ray")
    asked = Asked(
        day=day(on) if on else None,
        basis=chosen(basis),
        system=system,
        known=day(known) if known else None,
        readings=readings_of(reading),
        proposals=tuple(proposals or ()),
        headquarters_taken=take_headquarters,
    )
    with progress(language) as told:
        run = _Run(inputs, output, rejects, asked, memory, address)
        summary = run.on_ray(told) if engine == "ray" else run.here(told)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        render(summary, language, Console())
    if summary["rejected"]:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Run:
    """A book, where its answers and rejects go, and how it is asked."""

    inputs: list[str]
    output: str
    rejects: str | None
    asked: Asked
    memory: str
    address: str

    def here(self, told: Told) -> dict[str, Any]:
        from licet.orders import screen_files  # noqa: PLC0415 - loads the engine

        for name in (self.output, self.rejects or "", *self.inputs):
            if "://" in name:
                raise BadValue(f"{name[:100]} is in object storage", fix="--engine ray, or copy it to this machine")
        target = Path(self.output)
        refused = Path(self.rejects) if self.rejects else target.with_name(_of_rejects(target))
        return screen_files(self.inputs, target, refused, statutes.load(), self.asked, memory=self.memory, told=told)

    def on_ray(self, told: Told) -> dict[str, Any]:
        from licet.orders.parts.run import screen_on_ray  # noqa: PLC0415 - loads the engine

        folder, _, name = self.output.rpartition("/")
        whole = not name or Path(self.output).is_dir()
        beside = f"{self.output.rstrip('/')}/rejects.csv" if whole else _beside(folder, _of_rejects(Path(name)))
        return screen_on_ray(
            self.inputs,
            self.output,
            self.rejects or beside,
            statutes.files(),
            self.asked,
            address=self.address,
            memory=self.memory,
            told=told,
        )


def _of_rejects(output: Path) -> str:
    return f"{output.name.partition('.')[0]}.rejects.csv"


def _beside(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


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
