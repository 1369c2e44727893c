"""``licet archive import``, ``export``, ``history``, ``rebuild``: what is kept, taken in and out as web archives."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from licet.archive import Archive
from licet.cli.options import AsJson, Language, language_of
from licet.errors import BadValue, LicetError
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.archive.model import Finding
    from licet.archive.warcs.exporting import Form
    from licet.archive.warcs.importing import Imported


_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False)
_OUTCOMES = {
    "new": N_("new articles"),
    "version": N_("new versions"),
    "same text": N_("the same text again"),
    "same bytes": N_("the same bytes again"),
}


def register(archive: typer.Typer) -> None:
    """Add the commands to the group ``archive``."""
    archive.command(name="import")(import_)
    archive.command()(export)
    archive.command()(history)
    archive.command()(rebuild)


def import_(  # noqa: PLR0913 - each is an option
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="WARC and WACZ files, also those of CC-NEWS.")],
    *,
    via: Annotated[str | None, typer.Option(help="By way of whom they came: an aggregator.")] = None,
    category: Annotated[str | None, typer.Option(help="The category of what is in them.")] = None,
    zone: Annotated[str | None, typer.Option(help="The time zone (IANA) of times that name none.")] = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Take in the pages of web archives, with their own dates and headers; name what is damaged in them."""
    language = language_of(language)
    failed = False
    with Archive.open(home()) as store:
        for path in files:
            try:
                sound = take_in(store, path, via, category, language, zone=zone, as_json=as_json)
            except LicetError as error:
                sound = False
                _failed(path, error, as_json=as_json)
            failed = failed or not sound
    if failed:
        raise typer.Exit(1)


def is_web_archive(name: str) -> bool:
    """Say whether the name of a file is that of a WARC or WACZ file."""
    return name.lower().endswith((".warc", ".warc.gz", ".wacz")) and "://" not in name


def take_in(  # noqa: PLR0913 - how it is filed and told
    store: Archive,
    path: Path,
    via: str | None,
    category: str | None,
    language: str,
    *,
    zone: str | None = None,
    as_json: bool,
) -> bool:
    """Import a web archive and print what came of it; say whether all of it was whole."""
    with _bar(gettext(language, "reading"), path.name) as progress:
        imported = store.add_warc(path, via=via, category=category, zone=zone, progress=progress)
    _print_imported(path, imported, language, as_json=as_json)
    return imported.damage == 0


def export(  # noqa: PLR0913 - each is an option
    *,
    wacz: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a WACZ package.")] = None,
    warc: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a WARC file.")] = None,
    cdxj: Annotated[Path | None, typer.Option(metavar="FILE", help="Write an index of the stored WARC files.")] = None,
    ids: Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="Only these snapshots.")] = None,
    category: Annotated[str | None, typer.Option(help="Only what is listed under a category.")] = None,
    search: Annotated[str | None, typer.Option(metavar="QUERY", help="Only what a search finds.")] = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Write captures, with all their visits and what their pages need, for any web archive tool; not what is hidden."""
    language = language_of(language)
    forms: list[tuple[Form, Path | None]] = [("wacz", wacz), ("warc", warc), ("cdxj", cdxj)]
    asked = [(form, path) for form, path in forms if path is not None]
    if len(asked) != 1:
        raise BadValue("one of --wacz, --warc and --cdxj names the file to write", fix="--wacz archive.wacz")
    ((form, out),) = asked
    with Archive.open(home()) as store, _bar(gettext(language, "writing"), out.name) as progress:
        done = store.export(
            out, form=form, at=datetime.now(UTC), ids=ids, category=category, search=search, progress=progress
        )
    if as_json:
        _line({"file": str(out), **msgspec.to_builtins(done)})
    else:
        words = gettext(language, "{pages} pages and {records} records in {size} bytes")
        _OUT.print(words.format(pages=done.pages, records=done.records, size=done.size))
        _print_findings(done.damaged)
    if done.damaged:
        raise typer.Exit(1)


def history(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a snapshot.")],
    *,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List the versions of an article, every visit to its address, and what the snapshot said by older rules."""
    language = language_of(language)
    with Archive.open(home()) as store:
        snapshot = store.snapshot(identity)
        versions, readings = store.versions(identity), store.readings(identity)
        visits = store.captures_of(snapshot.url) if snapshot.url else []
    if as_json:
        _line(
            {
                "id": identity,
                "versions": [
                    {
                        "id": one.id,
                        "version": one.version,
                        "captured_at": one.captured_at.isoformat(),
                        "title": one.title,
                    }
                    for one in versions
                ],
                "visits": msgspec.to_builtins(visits),
                "readings": msgspec.to_builtins(readings),
            }
        )
        return
    _OUT.print(Text(gettext(language, "versions"), style="bold"))
    for one in versions:
        _OUT.print(f"{one.version}  {one.id}  {one.captured_at:%Y-%m-%d %H:%M:%S}  {one.title}")
    _OUT.print(Text(gettext(language, "every visit"), style="bold"))
    for visit in visits:
        _OUT.print(f"{visit.at:%Y-%m-%d %H:%M:%S}  {visit.status or ''}  {visit.visit}  {visit.snapshot or ''}")
    _OUT.print(Text(gettext(language, "readings by older rules"), style="bold"))
    for reading in readings:
        said = reading.article.headline() if reading.article else gettext(language, "only its digest is known")
        _OUT.print(f"{reading.extractor}  {reading.text}  {said}")


def rebuild(*, language: Language = "en", as_json: AsJson = False) -> None:
    """Make the catalogue and the search index anew, from the WARC files and the journal alone."""
    language = language_of(language)
    with Archive.open(home()) as store, _bar(gettext(language, "rebuilding"), "") as progress:
        done = store.rebuild(progress=progress)
    if as_json:
        _line(msgspec.to_builtins(done))
    else:
        words = gettext(language, "{snapshots} snapshots, {captures} captures and {visits} visits brought back")
        _OUT.print(words.format(snapshots=done.snapshots, captures=done.captures, visits=done.visits))
        _print_findings(done.lost)
    if done.lost:
        raise typer.Exit(1)


def _print_imported(path: Path, imported: Imported, language: str, *, as_json: bool) -> None:
    if as_json:
        _line({"file": str(path), **msgspec.to_builtins(imported)})
        return
    taken = ", ".join(f"{count} {gettext(language, _OUTCOMES[name])}" for name, count in imported.taken.items())
    _OUT.print(Text.assemble((path.name, "bold"), "  ", taken))
    passed = ", ".join(f"{count} {reason}" for reason, count in sorted(imported.skipped.items()))
    if passed:
        label = gettext(language, "passed over")
        _OUT.print(Text(f"{label}: {passed}", style="dim"))
    if imported.damage:
        _OUT.print(gettext(language, "{count} damaged records").format(count=imported.damage))
    _print_findings(imported.damaged)


def _print_findings(findings: list[Finding]) -> None:
    for finding in findings:
        _OUT.print(Text(f"{finding.where}: {finding.message}"))


def _failed(path: Path, error: LicetError, *, as_json: bool) -> None:
    if as_json:
        _line({"file": str(path), "error": {"message": error.message, "fix": error.fix}})
    else:
        _ERR.print(Text(f"{path}: {error.message}", style="bold"))
        if error.fix:
            _ERR.print(Text(f"  {error.fix}"))


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


@contextmanager
def _bar(label: str, name: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while something long is done; give what it calls with how far it is, and how far it goes."""
    with Progress(console=_ERR, transient=True) as shown:
        task = shown.add_task(f"{label} {name}".strip(), total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
