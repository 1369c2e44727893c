"""The news for programs: snapshots, versions and what changed, proofs, captures, feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from licet.archive.replaying import addresses
from licet.archive.replaying.moments import stamp
from licet.archive.subscribing import feeds
from licet.archive.subscribing.wanted import checked
from licet.archive.versions import compare
from licet.desk.forms import day
from licet.desk.news.feeds import single_feed, told
from licet.desk.news.front import PAGE, search
from licet.desk.news.places import root_of
from licet.desk.news.snapshot import replay_of, shown
from licet.desk.news.versions import as_data, two_of
from licet.desk.problems import RESPONSES
from licet.desk.render import address
from licet.desk.state import Desk
from licet.desk.tongue import tongue_of
from licet.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from licet.archive import Snapshot

MOST_RESULTS = 100
MOST_CAPTURES = 1_000


@get("/api/v1/news", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def list_news(  # noqa: PLR0913, PLR0917 - each parameter stands in the API description
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(description='words, "a phrase", -without; empty: the newest')] = "",
    category: FromQuery[str] = "",
    lang: Annotated[str, QueryParameter(description="language of the text: zh or en")] = "",
    since: Annotated[str, QueryParameter(description="first day")] = "",
    until: Annotated[str, QueryParameter(description="last day")] = "",
    source: Annotated[str, QueryParameter(description="publisher, as the pages name it")] = "",
    sort: Annotated[str, QueryParameter(description="relevance, newest or oldest")] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_RESULTS)] = PAGE,
    offset: Annotated[int, QueryParameter(ge=0, le=10_000)] = 0,
) -> Response[dict[str, Any]]:
    """Search the snapshots, or list the newest: the latest version of each article."""
    for name, value in (("since", since), ("until", until)):
        if value and day(value) is None:
            raise BadValue(f"{name} is a day from 2000 to 2100", fix=f"write {name}=2025-06-02")
    asked = {"q": q.strip(), "category": category, "in": lang, "since": since, "until": until}
    asked |= {"source": source, "sort": sort}
    if not any(asked[name] for name in ("q", "in", "since", "until", "source", "sort")):
        found = desk.archive.recent(limit, category=category or None, offset=offset)
        return Response({"total": None, "items": [brief(snapshot) for snapshot in found]})
    result = search(desk, asked, limit=limit, offset=offset, facets=True)
    items = [{**brief(hit.snapshot), "excerpt": "".join(text for text, _ in hit.excerpt_parts)} for hit in result.hits]
    for item, hit in zip(items, result.hits, strict=True):
        if hit.snapshot.display == "link":
            item["excerpt"] = ""
    found_facets = {
        name: [{"value": value, "count": count} for value, count in counted] for name, counted in result.facets.items()
    }
    return Response({"total": result.total, "items": items, "facets": found_facets, "meant": result.meant})


@get("/api/v1/news/captures", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def list_captures(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    url: Annotated[str, QueryParameter(description="an original address, in any of its forms")],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_CAPTURES)] = MOST_CAPTURES,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> Response[dict[str, Any]]:
    """List the visits to an address that may be replayed, oldest first, with its TimeGate and TimeMap (RFC 7089)."""
    original = addresses.original(url)
    visits = desk.archive.mementos(original)
    if not visits:
        raise UnknownName("nothing was captured at this address", fix="look for another form of it")
    root = root_of(request, desk)
    latest = desk.archive.by_address(original)
    return Response(
        {
            "url": original,
            "total": len(visits),
            "latest": latest.id if latest else None,
            "timegate": root + addresses.timegate(original),
            "timemap": root + addresses.timemap(original),
            "captures": [
                {
                    "at": visit.at.isoformat(),
                    "replay": root + addresses.replay(original, stamp(visit.at)),
                    "raw": root + addresses.replay(original, stamp(visit.at), "id_"),
                    "snapshot": visit.snapshot,
                    "status": visit.status,
                    "digest": visit.digest,
                    "content_type": visit.content_type,
                    "kind": visit.kind,
                    "visit": visit.visit,
                }
                for visit in visits[offset : offset + limit]
            ],
        }
    )


@get("/api/v1/news/feed", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def read_feed(  # noqa: PLR0913, PLR0917 - each parameter stands in the API description
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    form: Annotated[str, QueryParameter(description="atom, rss or json")] = "json",
    q: Annotated[str, QueryParameter(description="a search")] = "",
    category: FromQuery[str] = "",
    lang: Annotated[str, QueryParameter(description="language of the text: zh or en")] = "",
) -> Response[bytes]:
    """Tell the newest items of a category or a search as Atom, RSS 2.0 or JSON Feed 1.1."""
    if form not in feeds.FORMS:
        raise BadValue("a feed comes as atom, rss or json", fix="write form=atom")
    wanted = checked(q, category, "", lang)
    path = address("/api/v1/news/feed", {"form": form, "q": wanted.query, "category": category, "lang": lang})
    return told(request, single_feed(desk, tongue_of(request), wanted, root_of(request, desk), path), form)


@get("/api/v1/news/{identity:str}", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def show_news(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """Show one snapshot with its text, what it names, and where it comes from."""
    snapshot = desk.archive.snapshot(identity)
    article = snapshot.article
    body = shown(snapshot)
    return Response(
        {
            **brief(snapshot),
            "body": body,
            "author": list(article.author),
            "images": [{"url": image.url, "alt": image.alt} for image in article.images],
            "captured_from": snapshot.captured_from,
            "via": snapshot.via,
            "digest": snapshot.digest,
            "content_type": snapshot.content_type,
            "replay": replay_of(snapshot) or None,
            "confidence": article.confidence,
            "tags": [
                {"kind": tag.kind, "key": tag.key, "field": tag.field, "start": tag.start, "end": tag.end}
                for tag in snapshot.tags
                if tag.field == "title" or tag.end <= len(body)
            ],
        }
    )


@get("/api/v1/news/{identity:str}/versions", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def list_versions(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """List the versions of the article of a snapshot, oldest first."""
    found = desk.archive.versions(identity)
    return Response({"item": found[-1].item, "versions": [brief(version) for version in found]})


@get("/api/v1/news/{identity:str}/versions/{span:str}", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def show_difference(
    desk: NamedDependency[Desk], identity: FromPath[str], span: FromPath[str]
) -> Response[dict[str, Any]]:
    """Show what changed between two versions, named as in ``1..2``: fields, and each paragraph in pieces."""
    before, after = two_of(desk.archive.versions(identity), span)
    change = as_data(compare(before.article, after.article))
    return Response({"before": brief(before), "after": brief(after), **change})


@get("/api/v1/news/{identity:str}/proof", tags=["news"], sync_to_thread=False, responses=RESPONSES)
def show_proof(desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[dict[str, Any]]:
    """Read the record of a snapshot and its journal entry now, and say what was found."""
    proof = desk.archive.proof(identity)
    found = {"snapshot": identity, "whole": proof.whole, **msgspec.to_builtins(proof)}
    return Response(found, headers={"cache-control": "no-store"})


def brief(snapshot: Snapshot) -> dict[str, Any]:
    """Return what a list shows of a snapshot."""
    article = snapshot.article
    return {
        "id": snapshot.id,
        "version": snapshot.version,
        "title": snapshot.title,
        "url": snapshot.url,
        "lang": article.lang,
        "published": article.published,
        "published_at": article.published_at,
        "source": article.source,
        "category": article.category,
        "captured_at": snapshot.captured_at.isoformat(),
        "display": snapshot.display,
    }


HANDLERS = (
    list_news,
    list_captures,
    read_feed,
    show_news,
    list_versions,
    show_difference,
    show_proof,
)
