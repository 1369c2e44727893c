"""``licet archive``: add, extract, search, show, related, process."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import track
from rich.text import Text

from licet.archive import Archive, extract
from licet.archive.capture import read_page
from licet.archive.collecting.agent import operator
from licet.archive.fetch import Fetcher
from licet.cli import (
    archive_crawl,
    archive_feeds,
    archive_find,
    archive_keep,
    archive_sites,
    archive_stories,
    archive_takedown,
    archive_versions,
)
from licet.cli.archive_find import hit_fields, moment, print_hits
from licet.cli.options import Language, language_of
from licet.errors import BadValue, LicetError
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.archive import Article, Snapshot

archive = typer.Typer(no_args_is_help=True, help="The news archive: capture, read, search.")
archive_find.register(archive)

_CHINA = timezone(timedelta(hours=8))
_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@archive.command()
def add(  # noqa: PLR0913 - each is an option
    inputs: Annotated[list[str], typer.Argument(metavar="URL|FILE…", help="Addresses, HTML, WARC and WACZ files.")],
    *,
    url: Annotated[str | None, typer.Option(help="The original address of the file, where it is known.")] = None,
    category: Annotated[
        str | None, typer.Option(help="The category, if it is not the one that the page states.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="When it was captured, RFC 3339 (default: now).")] = None,
    via: Annotated[str | None, typer.Option(help="By way of whom it came: an aggregator.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also fetch from your own network.")] = False,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Capture pages, unmodified, and read the articles in them."""
    language = language_of(language)
    if url and len(inputs) > 1:
        raise BadValue("--url is the address of one file, but several are given", fix="add them one at a time")
    captured = moment(at) if at else datetime.now(UTC)
    failed = 0
    with Archive.open(home()) as store, Fetcher(allow_private=allow_private, contact=operator()) as fetcher:
        for name in _progress(inputs, gettext(language, "adding")):
            try:
                if archive_keep.is_web_archive(name):
                    failed += not archive_keep.take_in(store, Path(name), via, category, language, as_json=as_json)
                    continue
                if name.startswith(("http://", "https://")):
                    snapshot = store.add_address(name, at=captured, category=category, via=via, fetcher=fetcher)
                else:
                    snapshot = store.add_file(Path(name), at=captured, url=url, category=category, via=via)
            except LicetError as error:
                failed += 1
                _failed(name, error, as_json=as_json)
                continue
            _print_added(snapshot, as_json=as_json)
    if failed:
        raise typer.Exit(1)


@archive.command(name="extract")
def extract_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="HTML files, also .html.gz.")],
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print an object a line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --jsonl.")] = False,
    url: Annotated[str | None, typer.Option(help="The original address of the file, where it is known.")] = None,
    language: Language = "en",
) -> None:
    """Read articles from files and print them; nothing is stored."""
    language = language_of(language)
    failed = 0
    for path in files:
        try:
            article = extract(read_page(path), url=url)
        except LicetError as error:
            failed += 1
            _failed(_page_id(path), error, as_json=jsonl or as_json, key="id")
            continue
        if jsonl or as_json:
            _line({"id": _page_id(path), **_fields(article)})
        else:
            _print_article(article, language)
    if failed:
        raise typer.Exit(1)


@archive.command()
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a snapshot.")],
    *,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Show a snapshot: the article, where it comes from, when it was taken."""
    language = language_of(language)
    with Archive.open(home()) as store:
        snapshot = store.snapshot(identity)
    if as_json:
        _line(msgspec.to_builtins(snapshot))
        return
    _print_article(snapshot.article, language)
    _OUT.print()
    for label, value in (
        (N_("captured"), snapshot.captured_at.astimezone(_CHINA).isoformat(sep=" ")),
        (N_("captured from"), snapshot.captured_from),
        (N_("by way of"), snapshot.via or ""),
        (N_("original address"), snapshot.url or gettext(language, "unknown")),
        (N_("digest"), snapshot.digest),
    ):
        if value:
            _OUT.print(Text(f"{gettext(language, label)}: {value}", style="dim"))


@archive.command()
def related(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The id of a snapshot.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """List other reports on the topic of a snapshot."""
    language = language_of(language)
    with Archive.open(home()) as store:
        hits = store.related(identity, limit)
    if as_json:
        _line({"id": identity, "related": [hit_fields(hit) for hit in hits]})
        return
    if not hits:
        _OUT.print(gettext(language, "nothing related is stored"), style="dim")
    print_hits(hits)


@archive.command()
def process(  # noqa: PLR0913 - each is an option
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WARC…]", help="WARC or WACZ files, by path, glob or address; none: what is stored."),
    ] = None,
    *,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FOLDER", help="The new folder for what is read in the files.")
    ] = "",
    engine: Annotated[
        str, typer.Option(metavar="local|ray", help="Who reads: this machine alone, or a Ray cluster.")
    ] = "local",
    address: Annotated[
        str,
        typer.Option("--ray", metavar="ADDRESS", help="The cluster, as HOST:6379 or auto; else one starts here."),
    ] = "",
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Read every stored capture again by the rules of today, and build the search index anew.

    Or read WARC files on a Ray cluster, without taking them into the archive: -o names a new folder that gets articles,
    copies and an index. Exit status 1 when a record in them was damaged: it is named, and the others are read.
    """
    from licet.cli.archive_process import run  # noqa: PLC0415 - no other command reads on a cluster

    run(files or [], output, engine, address, language_of(language), as_json=as_json)


def _progress(inputs: list[str], label: str) -> Iterable[str]:
    if len(inputs) < 5:
        return inputs
    return track(inputs, description=label, console=_ERR, transient=True)


def _page_id(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".html").removesuffix(".htm")


def _fields(article: Article) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(article)
    return fields


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _failed(name: str, error: LicetError, *, as_json: bool, key: str = "input") -> None:
    if as_json:
        _line({key: name, "error": {"message": error.message, "fix": error.fix}})
    else:
        _ERR.print(Text(f"{name}: {error.message}", style="bold"))
        if error.fix:
            _ERR.print(Text(f"  {error.fix}"))


def _print_added(snapshot: Snapshot, *, as_json: bool) -> None:
    if as_json:
        _line(msgspec.to_builtins(snapshot))
    else:
        _OUT.print(Text.assemble((snapshot.id, "bold"), "  ", snapshot.time, "  ", snapshot.title))


def _print_article(article: Article, language: str) -> None:
    _OUT.print(Text(article.headline(), style="bold"))
    known = (
        (N_("category"), article.category),
        (N_("published"), article.published),
        (N_("source"), article.source),
        (N_("author"), "、".join(article.author) if article.lang == "zh" else ", ".join(article.author)),
    )
    _OUT.print(Text("  ".join(f"{gettext(language, label)}: {value}" for label, value in known if value), style="dim"))
    for paragraph in article.body.split("\n"):
        _OUT.print()
        _OUT.print(Text(paragraph))


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    archive_crawl.register(archive)
    archive_keep.register(archive)
    archive_sites.register(archive)
    archive_stories.register(archive)
    archive_versions.register(archive)
    archive_feeds.register(archive)
    archive_takedown.register(archive)
    app.add_typer(archive, name="archive")
