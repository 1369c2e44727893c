"""``licet orders allocate``: a book through law and ledger, as a plan."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from licet import statutes
from licet.cli.ledger_store import Store, opened, there
from licet.cli.options import AsJson, Known, Language, Readings, System, With, chosen, day, language_of, readings_of
from licet.cli.orders import orders
from licet.cli.orders_plan import told_of
from licet.cli.orders_screen import BasisOfLines, Inputs, Memory, On, Rejects, Taken, progress
from licet.errors import BadValue

if TYPE_CHECKING:
    import datetime as dt

PlanFile = Annotated[Path, typer.Option("-o", "--output", metavar="PLAN", help="Where the plan goes: a .jsonl file.")]
Order = Annotated[
    str, typer.Option(metavar="date|largest|column:NAME", help="Whose turn comes first; ties go by date and line.")
]
Reserve = Annotated[
    bool, typer.Option("--reserve", help="Reserve at once what the plan draws, until it is posted or discarded.")
]
Expires = Annotated[
    str | None, typer.Option(metavar="DATE", help="The last day on which the plan's reservations hold.")
]


@orders.command()
def allocate(  # noqa: PLR0913, PLR0917 - each is an option
    inputs: Inputs,
    output: PlanFile,
    order: Order = "date",
    on: On = None,
    basis: BasisOfLines = "enforced",
    system: System = "us-ear",
    rejects: Rejects = None,
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    reserve: Reserve = False,  # noqa: FBT002 - a flag of the command line
    expires: Expires = None,
    take_headquarters: Taken = False,  # noqa: FBT002 - a flag of the command line
    memory: Memory = "",
    store: Store = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
    language: Language = "en",
) -> None:
    """Plan which lines of a book go, in a declared order: exceptions, LPP volume, VEU, then the national allocation.

    The ledger says what has been used, and is only read. The plan is reviewed, then posted or discarded. Exit status 1
    when some line could not be read.
    """
    from licet.orders import Asked  # noqa: PLC0415 - loads the engine, which other commands do without
    from licet.orders import allocation as plans  # noqa: PLC0415 - as above

    language = language_of(language)
    asked = Asked(
        day=day(on) if on else None,
        basis=chosen(basis),
        system=system,
        known=day(known) if known else None,
        readings=readings_of(reading),
        proposals=tuple(proposals or ()),
        headquarters_taken=take_headquarters,
    )
    until = _until(expires, reserve=reserve)
    refused = rejects or output.with_name(f"{output.name.partition('.')[0]}.rejects.csv")
    terms: dict[str, Any] = {"order": order, "expires": until, "memory": memory}
    with opened(store) if reserve or there(store) else nullcontext() as ledger:
        with progress(language) as told:
            made = plans.allocate_files(
                inputs, output, refused, statutes.load(), asked, ledger=ledger, told=told, **terms
            )
        plan = plans.read_plan(output)
        if reserve and ledger is not None:
            plans.reserve(plan, ledger)
    told_of(plan, language, Console(), as_json=as_json, refused=(str(refused), made.rejected))
    if made.rejected:
        raise typer.Exit(1)


def _until(text: str | None, *, reserve: bool) -> dt.date | None:
    if text is None:
        return None
    if not reserve:
        raise BadValue("--expires is the last day of reservations", fix="give --reserve as well, or leave it out")
    return day(text)
