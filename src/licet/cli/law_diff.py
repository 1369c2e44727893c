"""``licet law diff``: what differs between two laws, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console

from licet import statutes
from licet.catalog.own_names import here
from licet.catalog.places import place
from licet.cli.law import law
from licet.cli.law_diff_words import render
from licet.cli.options import (
    AsJson,
    Basis,
    Language,
    System,
    chosen,
    day,
    language_of,
    pairs,
    readings_of,
)
from licet.decisions.difference import difference, refuse_same

if TYPE_CHECKING:
    from collections.abc import Sequence

_encoder = msgspec.json.Encoder(decimal_format="number")

Before = Annotated[str, typer.Argument(metavar="DATE", help="The day of the first law.")]
After = Annotated[str | None, typer.Argument(metavar="DATE", help="The day of the second law; left out: the same day.")]
BasisAfter = Annotated[
    str | None, typer.Option("--basis-after", metavar="written|enforced", help="The second law's basis, if another.")
]
Known = Annotated[
    str | None, typer.Option("--known", metavar="DATE", help="Only acts released by that day, in both laws.")
]
KnownAfter = Annotated[
    str | None,
    typer.Option("--known-after", metavar="DATE|all", help="Only acts released by that day, in the second law."),
]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="ID=NAME", help="Choose between readings of a text, in both laws."),
]
ReadingsAfter = Annotated[
    list[str] | None,
    typer.Option("--reading-after", metavar="ID=NAME", help="Choose between readings of a text, in the second law."),
]
WithAfter = Annotated[
    list[str] | None, typer.Option("--with", metavar="PROPOSAL", help="Lay a proposal over the second law.")
]
Chips = Annotated[
    list[str] | None,
    typer.Option("--chip", metavar="CHIP", help="A chip to ask about; default: every chip of the catalog."),
]
Quantities = Annotated[
    list[str] | None,
    typer.Option(
        "--quantity",
        metavar="N",
        help="Units to ask about; default: one, and the first number above the limit of each account.",
    ),
]
Places = Annotated[
    list[str] | None, typer.Option("--to", metavar="PLACE", help="A place to ask about; default: every place.")
]
FactOption = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="A fact that holds in all that is asked.")
]


@law.command()
def diff(  # noqa: PLR0913, PLR0917 - the parameters of two laws
    before: Before,
    after: After = None,
    basis: Basis = "enforced",
    basis_after: BasisAfter = None,
    known: Known = None,
    known_after: KnownAfter = None,
    reading: Readings = None,
    reading_after: ReadingsAfter = None,
    proposals: WithAfter = None,
    system: System = "us-ear",
    chip: Chips = None,
    quantity: Quantities = None,
    to: Places = None,
    fact: FactOption = None,
    language: Language = "en",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Show what differs between two laws: acts, clauses, sets, tables, tiers, and whose verdicts change."""
    language = language_of(language)
    first = _query(before, basis, known, reading, (), system)
    second = _query(
        after or before,
        basis_after or basis,
        known if known_after is None else None if known_after == "all" else known_after,
        _laid_over(reading, reading_after),
        proposals or (),
        system,
    )
    refuse_same(first, second)
    loaded = statutes.load()
    found = difference(
        loaded,
        first,
        second,
        chips=chip or (),
        quantities=quantity or (),
        places=[place(name, here()).code for name in to or ()],
        facts=pairs(fact, "--fact"),
    )
    if as_json:
        typer.echo(_encoder.encode(found).decode())
    else:
        render(found, (loaded.law(first), loaded.law(second)), language, Console())


def _query(  # noqa: PLR0913, PLR0917 - the parts of a query
    on: str, basis: str, known: str | None, reading: Sequence[str] | None, proposals: Sequence[str], system: str
) -> statutes.Query:
    return statutes.Query(
        on=day(on),
        system=system,
        basis=chosen(basis),
        known=day(known) if known else None,
        readings=tuple(sorted(readings_of(reading).items())),
        proposals=tuple(proposals),
    )


def _laid_over(reading: Sequence[str] | None, after: Sequence[str] | None) -> list[str]:
    """Return the readings of the second law: its own, and those of both that it does not choose itself."""
    both = readings_of(reading) | pairs(after, "--reading-after")
    return [f"{name}={choice}" for name, choice in both.items()]
