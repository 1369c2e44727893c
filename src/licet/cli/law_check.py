"""``licet law check``: everything that is wrong with the law data."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from licet.cli.options import AsJson  # noqa: TC001 - typer reads the annotations
from licet.decisions.case_check import check_cases
from licet.errors import UnknownName
from licet.home import home, law_folder
from licet.statutes.check import Report, check_files
from licet.statutes.check.finding import in_order
from licet.statutes.check.reading import CASES, PRIVATE, PROPOSALS, texts

Only = Annotated[list[str] | None, typer.Option("--law", help="A system of law, such as us-ear; left out: all.")]
Thorough = Annotated[bool, typer.Option("--thorough", help="Also list clauses that were true for nothing tried.")]


def check(law: Only = None, thorough: Thorough = False, as_json: AsJson = False) -> None:  # noqa: FBT002 - flags
    """Look for gaps, overlaps, loose ends and errors in the law data; status 1 when something is found."""
    report = everything(tuple(law or ()))
    if as_json:
        typer.echo(msgspec.json.encode(report.findings).decode())
    else:
        _tell(report, thorough=thorough)
    for system in report.broken:
        typer.echo(f"{system}: not whole, so its clauses were not all weighed against one another", err=True)
    raise typer.Exit(1 if report.findings else 0)


def everything(systems: tuple[str, ...] = ()) -> Report:
    """Check the law data that comes with Licet, the private acts over it, and the worked cases beside it."""
    files, unread = texts(law_folder(), home() / "law")
    folders = [path.removeprefix(PRIVATE).split("/")[:-1] for path in (*files, *unread)]
    known = {folder[0] for folder in folders if folder} - {CASES, PROPOSALS}
    for name in systems:
        if name not in known:
            raise UnknownName(f"no law is called '{name[:60]}'", fix=f"one of: {', '.join(sorted(known))}")
    report = check_files(files, unread, systems)
    cases = {path.rpartition("/")[2]: text for path, text in files.items() if path.startswith(f"{CASES}/")}
    found = check_cases(cases, report.statutes, known, systems)
    report.findings = in_order([*report.findings, *found])
    return report


def _tell(report: Report, *, thorough: bool) -> None:
    for finding in report.findings:
        typer.echo(f"{finding.where}: {finding.what} ({finding.fix})")
    for where in report.unseen if thorough else ():
        typer.echo(f"{where}: the clause was true for nothing that was tried, and nothing says that it cannot be")
    count = len(report.findings)
    findings = "1 finding" if count == 1 else f"{count} findings"
    facts = len(report.statutes.vocabulary.facts)
    typer.echo(f"{report.acts} acts, {report.amendments} amendments, {facts} facts: {findings}")
