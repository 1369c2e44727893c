"""``licet verify``: read again everything that is stored, and name each thing that does not hold."""

from __future__ import annotations

import msgspec
import typer

from licet.archive import Archive
from licet.cli.options import AsJson  # noqa: TC001 - typer reads the annotations
from licet.home import home
from licet.journal import Journal
from licet.ledger import audit_file
from licet.ledger.home import ledger_file


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(verify)


def verify(*, as_json: AsJson = False) -> None:
    """Read every stored capture, the ledger and the journal again; name what is damaged. Status 1 when something is."""
    with Archive.open(home()) as archive:
        found = [(finding.where, finding.message) for finding in archive.verify()]
    ledger = audit_file(ledger_file(home()), Journal.open(home()))
    found += [(finding.where, finding.message) for finding in ledger if finding.where != "journal"]
    if as_json:
        typer.echo(msgspec.json.encode([{"where": where, "message": message} for where, message in found]).decode())
    else:
        for where, message in found:
            typer.echo(f"{where}: {message}")
        typer.echo(f"{len(found)} findings")
    raise typer.Exit(1 if found else 0)
