"""``licet orders sql``: the law of a period as a query for a warehouse."""

from __future__ import annotations

from typing import Annotated

import typer

from licet import statutes
from licet.clauses.dialects import DIALECTS, dialect
from licet.cli.options import Basis, Known, Language, On, Readings, System, With, chosen, day, language_of, readings_of
from licet.cli.orders import orders
from licet.errors import BadInput
from licet.orders import sql

Names = "NAME,NAME"


@orders.command(name="sql")
def query(  # noqa: PLR0913 - the parameters of the law, and of the text
    name: Annotated[str, typer.Option("--dialect", metavar="|".join(DIALECTS), help="The engine that will run it.")],
    *,
    on: On = None,
    basis: Basis = "enforced",
    known: Known = None,
    proposals: With = None,
    reading: Readings = None,
    system: System = "us-ear",
    table: Annotated[str, typer.Option("--table", metavar="NAME", help="The table or view of lines.")] = sql.TABLE,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar=Names, help="The facts that it has; default: all that the law reads."),
    ] = None,
    keep: Annotated[
        str, typer.Option("--keep", metavar=Names, help="Other columns of it to carry over to the answer.")
    ] = ",".join(sql.KEY),
    ddl: Annotated[bool, typer.Option("--ddl", help="CREATE TABLE for the lines instead.")] = False,
    rejects: Annotated[bool, typer.Option("--rejects", help="The query of lines that cannot be read instead.")] = False,
    catalog: Annotated[bool, typer.Option("--catalog", help="The catalog of chips as a table instead.")] = False,
    periods: Annotated[bool, typer.Option("--periods", help="The periods of the law, a line each, instead.")] = False,
    language: Language = "en",
) -> None:
    """Print the law of a period as one query over a table of order lines, for the engine that will run it."""
    asked = statutes.Query(
        on=day(on),
        system=system,
        basis=chosen(basis),
        known=day(known) if known else None,
        readings=tuple(sorted(readings_of(reading).items())),
        proposals=tuple(proposals or ()),
    )
    if ddl + rejects + catalog + periods > 1:
        raise BadInput("--ddl, --rejects, --catalog and --periods each print one text", fix="give one of them")
    loaded = statutes.load()
    if periods:
        typer.echo("\n".join(f"{first} {last or ''}".strip() for first, last in loaded.periods(system)))
        return
    given = sql.lines(
        loaded.law(asked),
        asked,
        dialect(name),
        table=table,
        columns=None if columns is None else _names(columns),
        keep=_names(keep),
    )
    write = sql.table if ddl else sql.rejects if rejects else sql.catalog if catalog else sql.query
    typer.echo(write(given, language_of(language)), nl=False)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
