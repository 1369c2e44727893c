"""``licet archive copies``, ``story``: reports that belong together."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from licet.archive import Archive
from licet.cli.options import AsJson, Language, language_of
from licet.home import home
from licet.i18n import gettext

if TYPE_CHECKING:
    from licet.archive import Snapshot
    from licet.archive.relating.model import Copies, Story

_OUT = Console(highlight=False, soft_wrap=True)


def copies(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a snapshot.")],
    *,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List the near-copies of a snapshot, earliest first, and name the probable origin."""
    language = language_of(language)
    with Archive.open(home()) as store:
        found = store.copies(identity)
    if as_json:
        _line(_copies(identity, found))
        return
    if not found.copies:
        _OUT.print(gettext(language, "no copy is stored"), style="dim")
        return
    _OUT.print(gettext(language, "Probable origin, the earliest of them:"), style="dim")
    _print_one(found.origin)
    for copy in found.copies:
        _OUT.print()
        _print_one(copy.snapshot)
        _OUT.print(gettext(language, "{percent} % shared").format(percent=round(100 * copy.shared)), style="dim")


def story(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a snapshot, or of a story.")],
    *,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Tell the event that a snapshot is about: its reports by day, and what each said first."""
    language = language_of(language)
    with Archive.open(home()) as store:
        found = store.story(identity)
    if as_json:
        _line(_story(found))
        return
    _OUT.print(Text.assemble((found.title, "bold"), "  ", (found.id, "dim")))
    count = gettext(language, "{count} reports, {first} to {last}")
    _OUT.print(count.format(count=len(found.members), first=found.first, last=found.last), style="dim")
    folded = {member.snapshot.id: member.copies for member in found.members}
    for day in found.timeline:
        _OUT.print()
        _OUT.print(Text(day.day, style="bold"))
        for report in day.reports:
            _print_one(report.snapshot)
            for sentence in report.news:
                _OUT.print(Text(f"  + {sentence}"))
            if copied := folded.get(report.snapshot.id):
                sources = ", ".join(dict.fromkeys(_publisher(copy) for copy in copied))
                line = gettext(language, "{count} copies: {sources}").format(count=len(copied), sources=sources)
                _OUT.print(Text(f"  {line}", style="dim"))


def _publisher(snapshot: Snapshot) -> str:
    return snapshot.article.source or snapshot.captured_from


def _print_one(snapshot: Snapshot) -> None:
    _OUT.print(Text.assemble(snapshot.title, "  ", (snapshot.id, "dim")))
    _OUT.print(Text("  ".join(filter(None, (snapshot.time, _publisher(snapshot)))), style="dim"))


def _one(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "title": snapshot.title,
        "time": snapshot.time,
        "source": snapshot.article.source,
        "url": snapshot.url,
    }


def _copies(identity: str, found: Copies) -> dict[str, Any]:
    copied = [{**_one(copy.snapshot), "shared": copy.shared} for copy in found.copies]
    return {"id": identity, "origin": _one(found.origin), "copies": copied}


def _story(found: Story) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "first": found.first,
        "last": found.last,
        "members": [
            {**_one(member.snapshot), "copies": [_one(copy) for copy in member.copies]} for member in found.members
        ],
        "timeline": [
            {
                "day": day.day,
                "reports": [{"id": report.snapshot.id, "news": report.news} for report in day.reports],
            }
            for day in found.timeline
        ],
    }


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``archive``."""
    app.command()(copies)
    app.command()(story)
