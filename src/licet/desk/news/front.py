"""The front page of the news: the newest by category, what a search finds, and an address looked up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from licet.archive.replaying import addresses
from licet.archive.replaying.moments import stamp
from licet.desk.forms import day
from licet.desk.news.items import categories, item
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.tongue import asked_language, tongue_of
from licet.errors import BadInput, BadValue, NotShown, TakenDown
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.archive import SearchResult
    from licet.desk.tongue import Tongue

PAGE = 20
DEEPEST_PAGE = 50
LONGEST_QUERY = 200
LANGUAGES = ("zh", "en")
SORTS = ("relevance", "newest", "oldest")
FACETS = 8
SECTIONS = 6
IN_SECTION = 4
MOST_VISITS = 500
_ASKED = ("q", "category", "source", "in", "since", "until", "sort")
_SORT_NAMES = {"relevance": N_("by relevance"), "newest": N_("newest first"), "oldest": N_("oldest first")}
_FACET_NAMES = {"category": N_("Category"), "source": N_("Source"), "year": N_("Year")}


@get("/news", include_in_schema=False, sync_to_thread=False)
def news_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the newest items, or what a search finds."""
    tongue = tongue_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in _ASKED}
    number, trouble = _page_number(request), ""
    result: SearchResult | None = None
    items: list[dict[str, Any]] = []
    searched = bool(asked["q"] or asked["source"] or asked["in"] or asked["since"] or asked["until"])
    if searched:
        try:
            result = search(desk, asked, limit=PAGE, offset=(number - 1) * PAGE, facets=True)
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
    bar = categories(desk, asked["category"])
    first = number == 1 and not searched and not asked["category"]
    return page(
        request,
        desk,
        "news.html",
        status=400 if trouble else 200,
        asked=asked,
        items=items[:PAGE],
        total=result.total if result else None,
        trouble=trouble,
        categories=bar,
        notes=[tongue.text(note.message).format(**note.values) for note in result.notes] if result else [],
        meant=_meant(asked, result),
        facets=_facets(asked, result, tongue) if result else [],
        sorts=[(name, tongue.text(_SORT_NAMES[name])) for name in SORTS],
        shelves=_shelves(desk, bar, tongue) if first else [],
        feed=address("/news/feed.atom", {name: asked[name] for name in ("q", "category", "source", "in")}),
        older=_turn(asked, number + 1) if more and number < DEEPEST_PAGE else "",
        newer=_turn(asked, number - 1) if number > 1 else "",
        language=asked_language(request),
        count=desk.archive.count(),
    )


def _shelves(desk: Desk, bar: list[dict[str, Any]], tongue: Tongue) -> list[dict[str, Any]]:
    """Return the newest of the largest categories, where there are several."""
    if len(bar) < 2:
        return []
    return [
        {
            **category,
            "items": [
                item(snapshot, tongue) for snapshot in desk.archive.recent(IN_SECTION, category=category["name"])
            ],
        }
        for category in bar[:SECTIONS]
    ]


def _meant(asked: dict[str, str], result: SearchResult | None) -> dict[str, str] | None:
    """Return the query that was probably meant, where this one found nothing."""
    if result is None or not result.meant:
        return None
    return {"query": result.meant, "href": address("/news", {**asked, "q": result.meant})}


def _facets(asked: dict[str, str], result: SearchResult, tongue: Tongue) -> list[dict[str, Any]]:
    """Return what was found counted by category, source and year, each a link that narrows the search to it."""
    shown = []
    for name, label in _FACET_NAMES.items():
        counted = result.facets.get(name, [])[:FACETS]
        if len(counted) > 1:
            values = [
                {"name": value, "count": count, "href": address("/news", {**asked, **_narrowed(name, value)})}
                for value, count in counted
                if value
            ]
            shown.append({"name": tongue.text(label), "values": values})
    return shown


def _narrowed(name: str, value: str) -> dict[str, str]:
    return {"since": f"{value}-01-01", "until": f"{value}-12-31"} if name == "year" else {name: value}


def search(desk: Desk, asked: dict[str, str], *, limit: int, offset: int, facets: bool = False) -> SearchResult:
    """Search the archive with the filters of an address."""
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    return desk.archive.search(
        asked["q"][:LONGEST_QUERY],
        category=asked.get("category") or None,
        lang=asked["in"] if asked.get("in") in LANGUAGES else None,
        since=since,
        until=until + dt.timedelta(days=1) if until else None,
        source=asked.get("source") or None,
        sort=asked.get("sort") if asked.get("sort") in SORTS else "relevance" if asked["q"] else "newest",  # type: ignore[arg-type]
        facets=facets,
        limit=limit,
        offset=offset,
    )


@get("/news/lookup", include_in_schema=False, sync_to_thread=False)
def lookup_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show what the archive has of an original address: the article, and every visit with a way to replay it."""
    asked = request.query_params.get("url", "").strip()
    tongue = tongue_of(request)
    visits: list[dict[str, Any]] = []
    found, trouble, gone, url = None, "", False, asked
    if asked:
        try:
            url = addresses.original(asked)
            visits = _visits(desk, url, tongue)
            found = desk.archive.by_address(url)
        except BadValue as error:
            trouble = tongue.text(N_("This is no address that a page could have been captured from.")) + (
                f" ({error.message})"
            )
        except TakenDown:
            gone = True
    status = 400 if trouble else 451 if gone else 404 if asked and not visits and not found else 200
    return page(
        request,
        desk,
        "lookup.html",
        status=status,
        url=url,
        visits=visits[:MOST_VISITS],
        count=len(visits),
        found=item(found, tongue) if found else None,
        trouble=trouble,
        gone=gone,
        timemap=addresses.timemap(url) if visits else "",
        categories=categories(desk, None),
        language=asked_language(request),
    )


@post("/news/submit", include_in_schema=False)
async def submit_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Take an address that a reader submits; it is captured with the next crawl, if robots.txt and the rules allow."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotShown("another site asked for this in your name", fix="use the form of this site")
    given = await request.form()
    client = request.client.host if request.client else ""
    done = desk.archive.submit(str(given.get("url", "")).strip(), at=desk.now(), sender=client)
    return page(
        request,
        desk,
        "submitted.html",
        url=done.url,
        known=done.state == "known",
        categories=categories(desk, None),
    )


def _visits(desk: Desk, url: str, tongue: Tongue) -> list[dict[str, Any]]:
    return [
        {
            "href": addresses.replay(url, stamp(visit.at)),
            "iso": visit.at.isoformat(),
            "time": tongue.moment(visit.at),
            "snapshot": visit.snapshot,
            "same": visit.visit != "capture",
            "kind": visit.content_type.partition(";")[0],
        }
        for visit in reversed(desk.archive.mementos(url))
    ]


def _day(text: str) -> dt.datetime | None:
    found = day(text)
    return dt.datetime.combine(found, dt.time(), dt.UTC) if found else None


def _page_number(request: Request[Any, Any, Any]) -> int:
    text = request.query_params.get("page", "1")
    return min(max(int(text), 1), DEEPEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _turn(asked: dict[str, str], number: int) -> str:
    return address("/news", {**asked, "page": number if number > 1 else ""})


HANDLERS = (news_page, lookup_page, submit_page)
