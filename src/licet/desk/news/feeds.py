"""Feeds of categories and searches, for anyone, without a subscription."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from licet.archive.replaying.moments import header_date, read_date
from licet.archive.subscribing import MEDIA_TYPES, Feed, feeds, opml
from licet.archive.subscribing.entries import entry_of, newest, tag
from licet.archive.subscribing.wanted import Wanted, checked
from licet.desk.news.places import host_of, root_of
from licet.desk.render import address
from licet.desk.state import Desk
from licet.desk.tongue import tongue_of
from licet.errors import BadValue
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive import Snapshot
    from licet.archive.subscribing import Form
    from licet.desk.tongue import Tongue

_KEPT = 300


@get(["/news/feed.atom", "/news/feed.rss", "/news/feed.json"], include_in_schema=False, sync_to_thread=False)
def feed_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Tell the newest items of a category, a search, or all."""
    given = request.query_params
    wanted = checked(given.get("q", ""), given.get("category", ""), given.get("source", ""), given.get("in", ""))
    path = address(request.url.path, query_of(wanted))
    feed = single_feed(desk, tongue_of(request), wanted, root_of(request, desk), path)
    return told(request, feed, form_of(request.url.path))


@get("/news/feeds.opml", include_in_schema=False, sync_to_thread=False)
def opml_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the feeds of every category, for a feed reader to take over."""
    tongue = tongue_of(request)
    root = root_of(request, desk)
    wishes = [Wanted(), *(Wanted(category=name) for name, _ in desk.archive.categories())]
    return listed(desk, tongue, wishes, root)


def query_of(wanted: Wanted) -> dict[str, str]:
    """Return the query of the pages and feeds of a wish."""
    return {"q": wanted.query, "category": wanted.category, "source": wanted.source, "in": wanted.lang}


def name_of(wanted: Wanted, tongue: Tongue) -> str:
    """Return what a wish is called."""
    parts = [part for part in (wanted.query, wanted.category, wanted.source) if part]
    if wanted.lang:
        parts.append(tongue.text(N_("Chinese")) if wanted.lang == "zh" else tongue.text(N_("English")))
    return " · ".join(parts) or tongue.text(N_("All news"))


def form_of(path: str) -> Form:
    """Return the form that the end of an address names."""
    for form in feeds.FORMS:
        if path.endswith(f".{form}"):
            return form
    raise BadValue("a feed comes as atom, rss or json", fix="let its address end in .atom, .rss or .json")


def single_feed(desk: Desk, tongue: Tongue, wanted: Wanted, root: str, path: str) -> Feed:
    """Return the feed of one category or search; its name stays the same in every form."""
    query = query_of(wanted)
    return feed_of(
        desk,
        tongue,
        [wanted],
        root=root,
        path=path,
        home=root + address("/news", query),
        name=name_of(wanted, tongue),
        identity=tag(host_of(root), "feed", hashlib.sha256(repr(query).encode()).hexdigest()[:16]),
    )


def feed_of(  # noqa: PLR0913 - what a feed says of itself, each by name
    desk: Desk,
    tongue: Tongue,
    wishes: Sequence[Wanted],
    *,
    root: str,
    path: str,
    home: str,
    name: str,
    identity: str,
) -> Feed:
    """Return the feed of the newest that any of the wishes finds."""

    def notice(snapshot: Snapshot) -> str:
        source = snapshot.article.source or tongue.text(N_("others"))
        text = tongue.text(N_("Text of {source}, from an unmodified capture. It does not state the view of this site."))
        return text.replace("{source}", source)

    found = newest(desk.archive, wishes)
    entries = [entry_of(snapshot, root=root, host=host_of(root), notice=notice) for snapshot in found]
    site = desk.settings.site or "Licet"
    start = dt.datetime.combine(desk.today(), dt.time(), dt.UTC)
    return Feed(
        identity=identity,
        address=root + path,
        home=home,
        title=f"{name} · {site}",
        subtitle=tongue.text(N_("News snapshots: texts by others, kept as they were captured.")),
        publisher=site,
        lang=tongue.html,
        updated=max((entry.updated for entry in entries), default=start),
        entries=tuple(entries),
    )


def told(request: Request[Any, Any, Any], feed: Feed, form: Form, *, private: bool = False) -> Response[bytes]:
    """Answer with a feed, or with 304 where the reader has it."""
    body = feeds.written(feed, form)
    kept = "private, no-cache" if private else f"max-age={_KEPT}"
    headers = {
        "content-type": f"{MEDIA_TYPES[form]}; charset=utf-8",
        "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "last-modified": header_date(feed.updated),
        "cache-control": kept,
        "vary": "Accept-Language, Cookie",
    }
    if _has(request, headers):
        del headers["content-type"]
        return Response(b"", status_code=304, headers=headers)
    return Response(body, headers=headers)


def _has(request: Request[Any, Any, Any], headers: dict[str, str]) -> bool:
    """Say whether a conditional request (RFC 9110, 13.1) names what would be sent; the ETag goes before the date."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return tags.strip() == "*" or headers["etag"] in [one.strip().removeprefix("W/") for one in tags.split(",")]
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return read_date(since) >= read_date(headers["last-modified"])
    except BadValue:
        return False


def listed(desk: Desk, tongue: Tongue, wishes: Sequence[Wanted], root: str) -> Response[bytes]:
    """Answer with a list of the feeds of wishes."""
    outlines = [
        opml.Outline(
            name_of(wanted, tongue),
            root + address("/news/feed.rss", query_of(wanted)),
            root + address("/news", query_of(wanted)),
        )
        for wanted in wishes
    ]
    made = dt.datetime.combine(desk.today(), dt.time(), dt.UTC)
    body = opml.written(desk.settings.site or "Licet", outlines, at=made)
    headers = {
        "content-type": "text/x-opml; charset=utf-8",
        "content-disposition": 'attachment; filename="licet.opml"',
        "cache-control": "private, no-cache",
    }
    return Response(body, headers=headers)


HANDLERS = (feed_page, opml_page)
