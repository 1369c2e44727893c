"""The front page of the news: the newest by category, what a search finds, and an address looked up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.archive.replaying import addresses
from licet.archive.replaying.moments import stamp
from licet.desk.forms import day
from licet.desk.news.items import categories, item
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.tongue import asked_language, tongue_of
from licet.errors import BadInput, BadValue, TakenDown
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.archive import SearchResult
    from licet.desk.tongue import Tongue

PAGE = 20
DEEPEST_PAGE = 50
LONGEST_QUERY = 200
LANGUAGES = ("zh", "en")
SECTIONS = 6
IN_SECTION = 4
MOST_VISITS = 500


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
    bar = categories(desk, asked["category"])
    first = number == 1 and not asked["q"] and not asked["category"]
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
        shelves=_shelves(desk, bar, tongue) if first else [],
        feed=address("/news/feed.atom", {name: asked[name] for name in ("q", "category", "in")}),
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


HANDLERS = (news_page, lookup_page)
