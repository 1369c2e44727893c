"""``licet verify``: read again everything that is stored, or a decision record, and name what does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from licet import statutes
from licet.archive import Archive
from licet.cli.options import AsJson  # noqa: TC001 - typer reads the annotations
from licet.errors import BadFile
from licet.evidence.checking import Held, Report, check_record
from licet.evidence.records import LARGEST
from licet.home import home
from licet.journal import Journal
from licet.ledger import audit_file
from licet.ledger.home import ledger_file
from licet.statutes.editions import Editions

if TYPE_CHECKING:
    from collections.abc import Iterator

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="A decision record; without one, all that is stored.")
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(verify)


def verify(file: File = None, *, as_json: AsJson = False) -> None:
    """Read every stored capture, the ledger, the records and the journal again, or check one decision record.

    What is damaged is named; a record is also decided again. Status 1 when something does not hold.
    """
    if file is not None:
        _one(file, as_json=as_json)
    with Archive.open(home()) as archive:
        found = [(finding.where, finding.message) for finding in archive.verify()]
        found += _kept(archive)
    ledger = audit_file(ledger_file(home()), Journal.open(home()))
    found += [(finding.where, finding.message) for finding in ledger if finding.where != "journal"]
    if as_json:
        typer.echo(msgspec.json.encode([{"where": where, "message": message} for where, message in found]).decode())
    else:
        for where, message in found:
            typer.echo(f"{where}: {message}")
        typer.echo(f"{len(found)} findings")
    raise typer.Exit(1 if found else 0)


def _one(file: Path, *, as_json: bool) -> None:
    """Check one record and end."""
    if (home() / "archive").is_dir():
        with Archive.open(home()) as archive:
            report = check_record(_content(file), _held(archive))
    else:
        report = check_record(_content(file), _held(None))
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        for line in _told(file, report):
            typer.echo(line)
    raise typer.Exit(1 if report.findings else 0)


def _told(file: Path, report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.where}: {finding.message}"
    for text in report.unchecked:
        yield f"not checked: {text}"
    if report.findings:
        yield f"{file.name} does not hold: {len(report.findings)} findings"
    else:
        yield f"{file.name} holds: every digest, and the same was decided again ({report.digest})"


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}", fix="give the file of a decision record") from error


def _held(archive: Archive | None) -> Held:
    journal = Journal.open(home()) if (home() / "journal").is_dir() else None
    return Held(statutes.load(), Editions(home() / "editions"), archive, journal)


def _kept(archive: Archive) -> Iterator[tuple[str, str]]:
    """Check every record and every edition of the law that is kept."""
    held: Any = None
    for file in sorted((home() / "records").glob("*.json")):
        held = held or _held(archive)
        try:
            report = check_record(_content(file), held)
        except BadFile as error:
            yield f"records/{file.name}", error.message
            continue
        if report.digest.removeprefix("sha256:") != file.stem:
            yield f"records/{file.name}", "the file has the name of another record"
        yield from ((f"records/{file.name}: {finding.where}", finding.message) for finding in report.findings)
    yield from ((f"editions/{name}", message) for name, message in Editions(home() / "editions").damaged())
