"""``licet verify``: read again everything that is stored, and name each thing that does not hold."""

from __future__ import annotations

import msgspec
import typer

from licet.archive import Archive
from licet.cli.options import AsJson  # noqa: TC001 - typer reads the annotations
from licet.home import home


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(verify)


def verify(*, as_json: AsJson = False) -> None:
    """Read every stored capture and the journal again; name what is damaged. Status 1 when something is."""
    with Archive.open(home()) as archive:
        found = archive.verify()
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        for finding in found:
            typer.echo(f"{finding.where}: {finding.message}")
        typer.echo(f"{len(found)} findings")
    raise typer.Exit(1 if found else 0)
