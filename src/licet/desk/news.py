"""The news pages: front page, search, and the snapshot page."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet import evidence
from licet.desk.forms import day
from licet.desk.marks import marks_of, pieces
from licet.desk.render import address, page
from licet.desk.security import CAPTURED_POLICY
from licet.desk.state import Desk
from licet.desk.tongue import Tongue, asked_language, tongue_of
from licet.errors import BadInput
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.archive import Hit, SearchResult, Snapshot

PAGE = 20
RELATED = 8
MORE = 10
DEEPEST_PAGE = 50
LONGEST_QUERY = 200
EXCERPT = 120
LANGUAGES = ("zh", "en")


@get("/news", include_in_schema=False, sync_to_thread=False)
def news_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the newest items, or what a search finds."""
    tongue = tongue_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in ("q", "category", "in", "since", "until")}
    number, trouble = _page_number(request), ""
    result: SearchResult | None = None
    items: list[dict[str, Any]] = []
    if asked["q"]:
        try:
            result = search(desk, asked, limit=PAGE, offset=(number - 1) * PAGE)
            items = [item(hit.snapshot, tongue, hit) for hit in result.hits]
        except BadInput as error:
            trouble = (
                tongue.text(N_("This search cannot be made; shorten it, or leave the marks out."))
                + f" ({error.message})"
            )
    else:
        found = desk.archive.recent(PAGE + 1, category=asked["category"] or None, offset=(number - 1) * PAGE)
        items = [item(snapshot, tongue) for snapshot in found]
    more = len(items) > PAGE or bool(result and result.total > number * PAGE)
    return page(
        request,
        desk,
        "news.html",
        status=400 if trouble else 200,
        asked=asked,
        items=items[:PAGE],
        total=result.total if result else None,
        trouble=trouble,
        categories=categories(desk, asked["category"]),
        older=_turn(asked, number + 1) if more and number < DEEPEST_PAGE else "",
        newer=_turn(asked, number - 1) if number > 1 else "",
        language=asked_language(request),
        count=desk.archive.count(),
    )


def search(desk: Desk, asked: dict[str, str], *, limit: int, offset: int) -> SearchResult:
    """Search the archive with the filters of an address."""
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    return desk.archive.search(
        asked["q"][:LONGEST_QUERY],
        category=asked.get("category") or None,
        lang=asked["in"] if asked.get("in") in LANGUAGES else None,
        since=since,
        until=until + dt.timedelta(days=1) if until else None,
        limit=limit,
        offset=offset,
    )


def categories(desk: Desk, chosen: str | None) -> list[dict[str, Any]]:
    """Return the bar of categories."""
    return [
        {"name": name, "count": count, "href": address("/news", {"category": name}), "current": name == chosen}
        for name, count in desk.archive.categories()
    ]


def item(snapshot: Snapshot, tongue: Tongue, hit: Hit | None = None) -> dict[str, Any]:
    """Return one line of a list of snapshots."""
    article = snapshot.article
    untitled = not article.title
    plain = article.body.replace("\n", " ")
    if untitled:
        plain = plain.removeprefix(snapshot.title)
    start = plain[:EXCERPT].strip() + ("…" if len(plain) > EXCERPT else "")
    return {
        "id": snapshot.id,
        "title": snapshot.title,
        "lang": language_tag(article.lang),
        "parts": hit.excerpt_parts if hit else [(start, False)],
        "source": article.source or snapshot.via or "",
        "category": article.category or "",
        **when(snapshot, tongue),
    }


def language_tag(code: str) -> str:
    """Return the ``lang`` attribute of a captured text."""
    return "zh-Hans" if code == "zh" else code or "und"


def when(snapshot: Snapshot, tongue: Tongue) -> dict[str, str]:
    """Return the time of publication, machine-readable and in words; that of the capture where none is known."""
    article = snapshot.article
    if article.published_at:
        moment = dt.datetime.fromisoformat(article.published_at)
        return {"iso": article.published_at, "time": tongue.moment(moment), "unpublished": ""}
    if article.published:
        clock = article.published[10:].strip()
        return {
            "iso": article.published[:10],
            "time": f"{tongue.day(article.published)} {clock}".strip(),
            "unpublished": "",
        }
    return {"iso": snapshot.captured_at.isoformat(), "time": tongue.moment(snapshot.captured_at), "unpublished": "true"}


@get("/news/{identity:str}", include_in_schema=False, sync_to_thread=False)
def snapshot_page(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]
) -> Response[str]:
    """Show one snapshot, with what it names marked, and where it comes from."""
    tongue = tongue_of(request)
    snapshot = desk.archive.snapshot(identity)
    article = snapshot.article
    marks = marks_of(snapshot, desk.statutes, tongue)
    more = desk.archive.more_of(article.category, limit=MORE, excluding=identity) if article.category else []
    return page(
        request,
        desk,
        "snapshot.html",
        snapshot=snapshot,
        article=article,
        lang=language_tag(article.lang),
        title=pieces(article.title, "title", marks)[0] if article.title else [],
        body=pieces(article.body, "body", marks),
        marks=marks,
        day=evidence.day_of(snapshot),
        when=when(snapshot, tongue),
        related=[item(hit.snapshot, tongue, hit) for hit in desk.archive.related(identity, RELATED)],
        more=[item(other, tongue) for other in more],
        categories=categories(desk, article.category),
        web=_web(snapshot.url),
        removal=_removal(desk, snapshot),
    )


@get("/news/{identity:str}/raw", include_in_schema=False, sync_to_thread=False)
def raw_page(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[bytes]:
    """Serve the captured bytes, in a sandbox where nothing of them runs or loads."""
    snapshot = desk.archive.snapshot(identity)
    content_type, content = desk.archive.raw(identity)
    headers = {
        # As a header of our own: Litestar would add a charset, and override the one that the page itself names.
        "content-type": _media_type(content_type),
        "content-security-policy": CAPTURED_POLICY,
        "x-robots-tag": "noindex",
        "memento-datetime": format_datetime(snapshot.captured_at.astimezone(dt.UTC), usegmt=True),
        "cache-control": "max-age=3600",
    }
    return Response(content, headers=headers)


def _media_type(given: str) -> str:
    """Return the captured content type where it is one, else that of plain bytes."""
    plain = re.fullmatch(r"[\w.+-]+/[\w.+-]+(\s*;\s*charset=[\"']?[\w-]+[\"']?)?", given.strip())
    return given.strip() if plain else "application/octet-stream"


def _web(url: str | None) -> str:
    """Return an address that a link may have."""
    return url if url and re.match(r"https?://", url) else ""


def _removal(desk: Desk, snapshot: Snapshot) -> str:
    """Return the link that asks for removal, with the snapshot's id in the subject of a mail."""
    link = desk.settings.contact_link
    return f"{link}?subject=Licet%20{snapshot.id}" if link.startswith("mailto:") else link


def _day(text: str) -> dt.datetime | None:
    found = day(text)
    return dt.datetime.combine(found, dt.time(), dt.UTC) if found else None


def _page_number(request: Request[Any, Any, Any]) -> int:
    text = request.query_params.get("page", "1")
    return min(max(int(text), 1), DEEPEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _turn(asked: dict[str, str], number: int) -> str:
    return address("/news", {**asked, "page": number if number > 1 else ""})


HANDLERS = (news_page, snapshot_page, raw_page)
