"""Subscriptions: made without an account, edited behind a private link, told as feeds.

No cookie says whose a subscription is: the link does. So another site cannot use it for its reader; and making one
changes nothing for anybody, but is refused where a browser says that another site asks for it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.archive.subscribing import Wanted, opml
from licet.archive.subscribing.entries import tag
from licet.archive.subscribing.wanted import checked
from licet.desk.news.feeds import feed_of, form_of, listed, name_of, query_of, told
from licet.desk.news.items import categories
from licet.desk.news.limiting import Limiter
from licet.desk.news.places import host_of, root_of
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.tongue import asked_language, tongue_of
from licet.errors import BadValue, NotShown
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.subscribing import Subscription

ROOT = "/news/subscriptions"
MADE_A_DAY = 20
"""Subscriptions that one client may make in a day."""

LARGEST_LIST = 200_000
_LIMITER = Limiter(MADE_A_DAY)


@get(ROOT, include_in_schema=False, sync_to_thread=False)
def subscribe_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Offer to follow categories and searches."""
    return _page(request, desk, None, {"q": request.query_params.get("q", "")[:200]})


@post(ROOT, include_in_schema=False, status_code=303)
async def make(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a subscription and lead to its private page."""
    _same_site(request)
    given = await request.form()
    wishes = _wishes(list(given.multi_items()))
    client = request.client.host if request.client else ""
    _LIMITER.count(client, desk.today())
    desk.archive.subscriptions.expire(on=desk.today(), unused_after=_unused(desk))
    token = desk.archive.subscriptions.make(wishes, on=desk.today())
    return _to(f"{ROOT}/{token}")


@get(ROOT + "/{token:str}", include_in_schema=False, sync_to_thread=False)
def subscription_page(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], token: FromPath[str]
) -> Response[str]:
    """Show what a subscription follows, with its feeds, and let it be changed."""
    found = desk.archive.subscriptions.use(token, on=desk.today())
    return _page(request, desk, found, {"q": ""}, token)


@post(ROOT + "/{token:str}", include_in_schema=False, status_code=303)
async def change(request: Request[Any, Any, Any], desk: NamedDependency[Desk], token: FromPath[str]) -> Response[Any]:
    """Add to a subscription, take out of it, or forget it."""
    _same_site(request)
    given = await request.form()
    store = desk.archive.subscriptions
    if given.get("do") == "delete":
        store.delete(token)
        return _to(f"{ROOT}?gone=1")
    found = store.get(token)
    items = list(given.multi_items())
    dropped = {value for name, value in items if name == "drop"}
    kept = [wanted for number, wanted in enumerate(found.wishes) if str(number) not in dropped]
    store.change(token, [*kept, *_wishes(items, some=bool(dropped))], on=desk.today())
    return _to(f"{ROOT}/{token}")


@get(ROOT + "/{token:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def private_feed(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], token: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """Tell a subscription as one feed (``feed.atom`` and so on), or list its feeds (``feeds.opml``)."""
    found = desk.archive.subscriptions.use(token, on=desk.today())
    tongue, root = tongue_of(request), root_of(request, desk)
    if name == "feeds.opml":
        return listed(desk, tongue, found.wishes, root)
    form = form_of(name if name.startswith("feed.") else "")
    feed = feed_of(
        desk,
        tongue,
        found.wishes,
        root=root,
        path=f"{ROOT}/{token}/{name}",
        home=f"{root}{ROOT}/{token}",
        name=tongue.joined([name_of(wanted, tongue) for wanted in found.wishes[:3]])
        or tongue.text(N_("My subscriptions")),
        identity=tag(host_of(root), "subscription", _public(token)),
    )
    return told(request, feed, form, private=True)


def _page(
    request: Request[Any, Any, Any],
    desk: Desk,
    found: Subscription | None,
    asked: dict[str, str],
    token: str = "",
) -> Response[str]:
    tongue = tongue_of(request)
    wishes = found.wishes if found else ()
    followed = {wanted.category for wanted in wishes if not wanted.query}
    shown = page(
        request,
        desk,
        "subscriptions.html",
        token=token,
        link=f"{root_of(request, desk)}{ROOT}/{token}",
        path_of=f"{ROOT}/{token}",
        wishes=[
            {"name": name_of(wanted, tongue), "href": address("/news", query_of(wanted)), "number": number}
            for number, wanted in enumerate(wishes)
        ],
        asked=asked,
        gone="gone" in request.query_params,
        unused=_unused(desk).days,
        open=[category for category in categories(desk, None) if category["name"] not in followed],
        categories=categories(desk, None),
        language=asked_language(request),
    )
    shown.headers.update({"cache-control": "private, no-store", "x-robots-tag": "noindex"})
    return shown


def _unused(desk: Desk) -> dt.timedelta:
    return dt.timedelta(days=desk.settings.subscriptions_unused_days)


def _wishes(items: Sequence[tuple[str, Any]], *, some: bool = False) -> list[Wanted]:
    """Read what a form asks to follow; :class:`BadValue` where it asks for nothing, unless ``some`` was done else."""
    given = [(name, value) for name, value in items if isinstance(value, str) and value.strip()]
    first = dict(reversed(given))
    wishes = [checked(category=value) for name, value in given if name == "category"]
    if first.get("q"):
        wishes.append(checked(query=first["q"], lang=first.get("in", "")))
    if text := first.get("opml"):
        wishes += _imported(text)
    if not wishes and not some:
        raise BadValue("nothing was chosen to follow", fix="choose a category, or write a search")
    return wishes


def _imported(text: str) -> list[Wanted]:
    """Read our own feeds from a list that a feed reader wrote; feeds of others cannot be followed here."""
    if len(text) > LARGEST_LIST:
        raise BadValue("the list is too long", fix="split it")
    wishes = []
    for outline in opml.read(text.encode()):
        parts = urlsplit(outline.address)
        if parts.path.startswith("/news/feed."):
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            wishes.append(checked(given.get("q", ""), given.get("category", ""), given.get("source", "")))
    return wishes


def _same_site(request: Request[Any, Any, Any]) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotShown("another site asked for this in your name", fix="use the form of this site")


def _public(token: str) -> str:
    """Return a name of a subscription that does not tell its link."""
    return hashlib.sha256(b"feed:" + token.encode()).hexdigest()[:24]


def _to(path: str) -> Response[Any]:
    return Response(None, status_code=303, headers={"location": path, "cache-control": "no-store"})


HANDLERS = (subscribe_page, make, subscription_page, change, private_feed)
