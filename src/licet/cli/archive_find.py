"""``licet archive search``, ``suggest``, ``lookup``: find snapshots by words, complete a query, find by address."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from rich.console import Console
from rich.text import Text

from licet.archive import Archive
from licet.archive.finding.searching import Sort
from licet.cli.options import AsJson, Language, language_of
from licet.errors import BadValue, NoSuchSnapshot
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from licet.archive import Hit, SearchResult, Snapshot
    from licet.archive.model import Memento

_CHINA = timezone(timedelta(hours=8))
_OUT = Console(highlight=False, soft_wrap=True)
_FACETS = {"category": N_("category"), "source": N_("source"), "year": N_("year")}


def search(  # noqa: PLR0913 - each is an option
    query: Annotated[
        str, typer.Argument(help='Words, "a phrase", AND OR NOT (与 或 非), + -, parentheses, source:… before:….')
    ],
    *,
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    source: Annotated[str | None, typer.Option(help="Only this publisher.")] = None,
    site: Annotated[str | None, typer.Option(metavar="HOST", help="Only this host and those under it.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="KIND:KEY", help="Only what names it: place:CH, act:….")] = None,
    text_language: Annotated[
        str | None, typer.Option("--in", metavar="en|zh", help="Only texts in this language.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="Published on this day or later.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Published on this day or before.")] = None,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="relevance, newest, oldest, or fading: age counts too.")
    ] = "relevance",
    facets: Annotated[bool, typer.Option("--facets", help="Also count by category, source and year.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    offset: Annotated[int, typer.Option(min=0, max=100_000)] = 0,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Search the archive; traditional and simplified characters find each other."""
    language = language_of(language)
    with Archive.open(home()) as store:
        found = store.search(
            query,
            category=category,
            source=source,
            site=site,
            tag=tag,
            lang=text_language,
            since=moment(since) if since else None,
            until=moment(until, end=True) if until else None,
            sort=_sort(sort),
            at=datetime.now(UTC),
            facets=facets,
            limit=limit,
            offset=offset,
        )
    if as_json:
        print_line(_result(found))
    else:
        _print_result(found, language)


def suggest(
    prefix: Annotated[str, typer.Argument(help="The beginning of a query.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Complete the beginning of a query: words, names, titles, values of a filter."""
    language_of(language)
    with Archive.open(home()) as store:
        found = store.suggest(prefix, limit)
    if as_json:
        print_line({"prefix": prefix, "suggestions": found})
        return
    for one in found:
        _OUT.print(Text(one))


def lookup(
    url: Annotated[str, typer.Argument(metavar="URL", help="An original address, in any spelling.")],
    *,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Find an article by its original address: every version, and every time it was looked at."""
    language = language_of(language)
    with Archive.open(home()) as store:
        latest = store.by_address(url)
        versions = store.versions(latest.id) if latest else []
        visits = store.captures_of(url)
    if not visits and not versions:
        raise NoSuchSnapshot(f"nothing was captured from {url}", fix="licet archive add URL")
    if as_json:
        shown = [{"id": one.id, "version": one.version, "title": one.title, "time": one.time} for one in versions]
        print_line({"url": url, "versions": shown, "visits": [_visit(one) for one in visits]})
        return
    _print_lookup(versions, visits, language)


def moment(text: str, *, end: bool = False) -> datetime:
    """Read a day or an RFC 3339 time; without a zone it is China's. With ``end`` a day means its end."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadValue(f"{text!r} is not a time", fix="write 2025-02-28 or 2025-02-28T17:45:05+08:00") from error
    if time.tzinfo is None:
        time = time.replace(tzinfo=_CHINA)
    return time + timedelta(days=1) if end and len(text.strip()) <= 10 else time


def print_line(value: dict[str, Any]) -> None:
    """Print an object as a line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def hit_fields(hit: Hit) -> dict[str, Any]:
    """Return a hit as it is printed in JSON."""
    snapshot = hit.snapshot
    return {
        "id": snapshot.id,
        "title": snapshot.title,
        "time": snapshot.time,
        "source": snapshot.article.source,
        "category": snapshot.article.category,
        "url": snapshot.url,
        "excerpt": [{"text": text, "term": term} for text, term in hit.excerpt_parts],
        "score": round(hit.score, 4),
    }


def print_hits(hits: list[Hit]) -> None:
    """Print hits: title, excerpt with its terms marked, time and source."""
    for hit in hits:
        _OUT.print()
        _OUT.print(Text.assemble((hit.snapshot.title, "bold"), "  ", (hit.snapshot.id, "dim")))
        parts: list[str | tuple[str, str]] = [(text, "bold red") if term else text for text, term in hit.excerpt_parts]
        _OUT.print(Text.assemble(*parts))
        _OUT.print(Text("  ".join(filter(None, (hit.snapshot.time, hit.snapshot.article.source))), style="dim"))


def _sort(name: str) -> Sort:
    for sort in get_args(Sort):
        if sort == name:
            found: Sort = sort
            return found
    raise BadValue(f"{name!r} is no order", fix=f"write one of {', '.join(get_args(Sort))}")


def _result(found: SearchResult) -> dict[str, Any]:
    answer: dict[str, Any] = {"total": found.total, "hits": [hit_fields(hit) for hit in found.hits]}
    if found.notes:
        answer["notes"] = [str(note) for note in found.notes]
    if found.meant:
        answer["meant"] = found.meant
    if found.facets:
        answer["facets"] = {
            name: [{"value": value, "count": count} for value, count in counts] for name, counts in found.facets.items()
        }
    return answer


def _print_result(found: SearchResult, language: str) -> None:
    _OUT.print(gettext(language, "{count} found").format(count=found.total), style="dim")
    for note in found.notes:
        _OUT.print(Text(gettext(language, note.message).format(**note.values), style="dim"))
    if found.meant:
        _OUT.print(Text(gettext(language, "did you mean: {query}").format(query=found.meant)))
    for name, counts in found.facets.items():
        shown = ", ".join(f"{value} ({count})" for value, count in counts)
        if shown:
            _OUT.print(Text(f"{gettext(language, _FACETS[name])}: {shown}", style="dim"))
    print_hits(found.hits)


def _visit(visit: Memento) -> dict[str, Any]:
    return {
        "at": visit.at.isoformat(),
        "capture": visit.capture,
        "snapshot": visit.snapshot,
        "status": visit.status,
        "digest": visit.digest,
    }


def _print_lookup(versions: list[Snapshot], visits: list[Memento], language: str) -> None:
    for one in versions:
        label = gettext(language, "version {number}").format(number=one.version)
        _OUT.print(Text.assemble((one.id, "bold"), "  ", label, "  ", one.time, "  ", one.title))
    _OUT.print(Text(gettext(language, "looked at {count} times").format(count=len(visits)), style="dim"))
    for visit in visits:
        status = "" if visit.status is None else str(visit.status)
        _OUT.print(Text("  ".join(filter(None, (visit.at.isoformat(), status, visit.snapshot, visit.digest)))))


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``archive``."""
    group.command()(search)
    group.command()(suggest)
    group.command()(lookup)
