"""The snapshot page: the text with what it names marked, where it comes from, and how it can be checked."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet import evidence
from licet.archive.replaying import addresses
from licet.archive.replaying.moments import header_date, stamp
from licet.desk.marks import marks_of, pieces
from licet.desk.news.groups import together
from licet.desk.news.items import categories, item, language_tag, when
from licet.desk.news.pictures import stored_pictures
from licet.desk.news.places import root_of
from licet.desk.render import page
from licet.desk.security import CAPTURED_POLICY
from licet.desk.state import Desk
from licet.desk.tongue import tongue_of
from licet.errors import NotShown

if TYPE_CHECKING:
    from licet.archive import Snapshot

RELATED = 8
MORE = 10
SHOWN_EXCERPT = 300


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
    found = page(
        request,
        desk,
        "snapshot.html",
        snapshot=snapshot,
        article=article,
        lang=language_tag(article.lang),
        title=pieces(article.title, "title", marks)[0] if article.title else [],
        body=pieces(shown(snapshot), "body", marks),
        pictures=stored_pictures(desk, snapshot),
        marks=marks,
        day=evidence.day_of(snapshot),
        when=when(snapshot, tongue),
        versions=desk.archive.versions(identity),
        place=desk.archive.place_of(identity),
        **together(desk, identity, tongue),
        related=[item(hit.snapshot, tongue, hit) for hit in desk.archive.related(identity, RELATED)],
        more=[item(other, tongue) for other in more],
        categories=categories(desk, article.category),
        web=web(snapshot.url),
        replay=replay_of(snapshot),
        removal=_removal(desk, snapshot),
    )
    if snapshot.url and snapshot.display == "full":
        root = root_of(request, desk)
        found.headers["link"] = (
            f'<{addresses.written(snapshot.url)}>; rel="original", '
            f'<{root}{addresses.timegate(snapshot.url)}>; rel="timegate"'
        )
    return found


def shown(snapshot: Snapshot) -> str:
    """Return as much of the text as its source allows."""
    body = snapshot.article.body
    if snapshot.display == "full":
        return body
    if snapshot.display == "link":
        return ""
    return body if len(body) <= SHOWN_EXCERPT else body[:SHOWN_EXCERPT].rstrip() + "…"


@get("/news/{identity:str}/raw", include_in_schema=False, sync_to_thread=False)
def raw_page(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[bytes]:
    """Serve the captured bytes, in a sandbox where nothing of them runs or loads."""
    snapshot = desk.archive.snapshot(identity)
    if snapshot.display != "full":
        raise NotShown("the whole page may not be shown: its source allows less", fix="follow the original address")
    content_type, content = desk.archive.raw(identity)
    headers = {
        # As a header of our own: Litestar would add a charset, and override the one that the page itself names.
        "content-type": media_type(content_type),
        "content-security-policy": CAPTURED_POLICY,
        "x-robots-tag": "noindex",
        "memento-datetime": header_date(snapshot.captured_at.astimezone(dt.UTC)),
        "cache-control": "max-age=3600",
    }
    return Response(content, headers=headers)


def media_type(given: str) -> str:
    """Return the captured content type where it is one, else that of plain bytes."""
    plain = re.fullmatch(r"[\w.+-]+/[\w.+-]+(\s*;\s*charset=[\"']?[\w-]+[\"']?)?", given.strip(), re.ASCII)
    return given.strip() if plain else "application/octet-stream"


def web(url: str | None) -> str:
    """Return an address that a link may have."""
    return url if url and re.match(r"https?://", url) else ""


def replay_of(snapshot: Snapshot) -> str:
    """Return where the captured page is replayed; empty where it cannot be, or may not."""
    if not web(snapshot.url) or snapshot.display != "full":
        return ""
    return addresses.replay(snapshot.url or "", stamp(snapshot.captured_at))


def _removal(desk: Desk, snapshot: Snapshot) -> str:
    """Return the link that asks for removal, with the snapshot's id in the subject of a mail."""
    link = desk.settings.contact_link
    return f"{link}?subject=Licet%20{snapshot.id}" if link.startswith("mailto:") else link


HANDLERS = (snapshot_page, raw_page)
