"""``licet archive site``: propose where the fields stand on a site's pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from licet.archive.capture import decoded, read_page
from licet.archive.extraction.overrides import parsed
from licet.archive.extraction.proposing import host_of, propose, written
from licet.archive.fetch import Fetcher
from licet.cli.options import AsJson, Language, language_of
from licet.errors import BadFile, BadValue
from licet.home import home
from licet.i18n import gettext

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False)


def site(  # noqa: PLR0913 - each is an option
    inputs: Annotated[list[str], typer.Argument(metavar="URL|FILE…", help="Several articles of one site.")],
    *,
    host: Annotated[str | None, typer.Option(help="The host, if the pages do not say it.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Keep it in your own folder of sites.")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also fetch from your own network.")] = False,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Propose an override for a site: the boxes in which each field stands on most of the pages given."""
    language = language_of(language)
    pages = _pages(inputs, allow_private=allow_private)
    name = (host or host_of(pages)).lower()
    if not name:
        raise BadValue("the pages do not say their host", fix="name it with --host")
    evidence = propose(pages)
    if not evidence:
        raise BadValue("no box holds a field on most of the pages", fix="give more articles of the same kind")
    text = written(name, evidence)
    override = parsed(text.encode("utf-8"), name)
    path = _kept(name, text) if write else None
    if as_json:
        found = [{"field": e.field, "selector": e.selector, "agree": e.agree, "pages": e.pages} for e in evidence]
        typer.echo(json.dumps({"site": override.site, "evidence": found, "written": str(path) if path else None}))
        return
    _OUT.print(Text(text.rstrip("\n")))
    if path:
        _ERR.print(Text(gettext(language, "written to {path}").format(path=path)))


def _pages(inputs: list[str], *, allow_private: bool) -> list[tuple[bytes, str | None]]:
    pages: list[tuple[bytes, str | None]] = []
    with Fetcher(allow_private=allow_private) as fetcher:
        for name in inputs:
            if name.startswith(("http://", "https://")):
                capture = fetcher.page(name)
                pages.append((decoded(capture.payload, capture.content_encoding), capture.url))
            else:
                pages.append((read_page(Path(name)), None))
    return pages


def _kept(host: str, text: str) -> Path:
    """Write the override to the user's own folder; one that is there is not overwritten."""
    folder = home() / "archive" / "sites"
    path = folder / f"{host}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise BadFile(f"{path} is there already", fix="edit it, or move it away first") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror}", fix="check that you may write there") from error
    return path


def register(group: typer.Typer) -> None:
    """Add the command to the archive's."""
    group.command()(site)
