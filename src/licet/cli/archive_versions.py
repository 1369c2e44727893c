"""``licet archive versions``: the versions of an article, and what changed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from licet.archive import Archive
from licet.archive.versions import compare
from licet.cli.archive_words import AsJson, line
from licet.cli.options import Language, language_of
from licet.errors import NotShown
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive import Snapshot
    from licet.archive.versions import Change, Piece

_OUT = Console(highlight=False, soft_wrap=True)
_FIELDS = {"title": N_("Title"), "published": N_("Published"), "source": N_("Source"), "author": N_("Author")}
_MARKS = {"same": ("", "", ""), "removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "green underline")}


def versions(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of any version of the article.")],
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Say what changed in each, in words.")] = False,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List the versions of an article, oldest first; with --diff what changed in each."""
    language = language_of(language)
    with Archive.open(home()) as store:
        found = store.versions(identity)
    if diff and any(version.display != "full" for version in found):
        raise NotShown("its source does not allow its text in full", fix="leave --diff out")
    changes = _changes(found) if diff else {}
    if as_json:
        line({"item": found[-1].item, "versions": [_row(version, changes.get(version.version)) for version in found]})
        return
    for version in found:
        number = gettext(language, N_("version {number}")).format(number=version.version)
        _OUT.print(Text.assemble((number, "bold"), f"  {version.captured_at.isoformat()}  ", (version.id, "dim")))
        _OUT.print(Text(f"  {version.title}"))
        if change := changes.get(version.version):
            _print(change, language)


def _changes(found: Sequence[Snapshot]) -> dict[int, Change]:
    return {after.version: compare(before.article, after.article) for before, after in itertools.pairwise(found)}


def _row(version: Snapshot, change: Change | None) -> dict[str, object]:
    row: dict[str, object] = {
        "id": version.id,
        "version": version.version,
        "captured_at": version.captured_at.isoformat(),
        "title": version.title,
        "published": version.article.published,
        "digest": version.digest,
    }
    return {**row, "change": msgspec.to_builtins(change)} if change else row


def _print(change: Change, language: str) -> None:
    for field in change.fields:
        _OUT.print(Text.assemble(f"  {gettext(language, _FIELDS[field.field])}: ", _marked(field.pieces)))
    for paragraph in change.body:
        if paragraph.kind != "same":
            _OUT.print(Text.assemble("  ", _marked(paragraph.pieces)))


def _marked(pieces: Sequence[Piece]) -> Text:
    """Return pieces as word diffs are written on a terminal: ``[-removed-]{+added+}``, in color as well."""
    text = Text()
    for piece in pieces:
        start, end, style = _MARKS[piece.kind]
        text.append(f"{start}{piece.text}{end}", style=style)
    return text


def register(app: typer.Typer) -> None:
    """Add the command to the group ``archive``."""
    app.command()(versions)
