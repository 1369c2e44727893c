"""Feeds: RSS and Atom as feedparser reads them, JSON Feed by its specification (jsonfeed.org, 1.1)."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime, tzinfo
from typing import Any

import feedparser
import msgspec

from licet.archive.collecting.links import LINK_LIMIT, Link, joined, line, moment, without
from licet.errors import BadFile

LIMIT = 4 * 1024 * 1024
"""The most bytes of a feed, after decoding."""
DEPTH = 200
"""The most elements that may be open at once; feedparser takes seconds for each 100,000."""
ENTRIES = 5000

_CATEGORIES = 20
_FIX = "check the address of the feed in a browser"
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]{0,2000}?(/?)>")
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?")


def read_feed(data: bytes, *, url: str, content_type: str = "", zone: tzinfo = UTC) -> list[Link]:
    """Return the entries of a feed, whatever its kind. ``data`` is what came, a content encoding taken off.

    ``zone`` is that of times that name none. Broken XML is read as far as it can be; :class:`BadFile` if it is no feed,
    or one that is made to do harm. Entities are never fetched.
    """
    if len(data) > LIMIT:
        raise BadFile(f"the feed is larger than {LIMIT // (1024 * 1024)} MB", fix=_FIX)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or "json" in content_type:
        return _json_feed(data, url, zone)
    return _xml_feed(data, url, content_type, zone)


def _xml_feed(data: bytes, url: str, content_type: str, zone: tzinfo) -> list[Link]:
    _check_shape(data)
    # Nothing of the feed is shown: what feedparser would do to its HTML is left undone, and costs nothing.
    parsed = feedparser.parse(
        data,
        response_headers={"content-type": content_type or "application/xml", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise BadFile("it holds no feed", fix=_FIX)
    base = joined(url, str(parsed.feed.get("xml_base") or "")) or url
    return [found for entry in parsed.entries[:ENTRIES] if (found := _entry(entry, base, zone))]


def _check_shape(data: bytes) -> None:
    """Refuse what takes a reader minutes: elements in elements without end, entries without number."""
    open_tags = deepest = 0
    text = without(without(data.decode("latin-1"), "<![CDATA[", "]]>"), "<!--", "-->")
    for found in _TAG.finditer(text):
        if found[1]:
            open_tags = max(0, open_tags - 1)
        elif not found[2]:
            open_tags += 1
            deepest = max(deepest, open_tags)
        if deepest > DEPTH:
            raise BadFile(f"more than {DEPTH} elements of the feed are open at once", fix=_FIX)
    if data.count(b"<item") + data.count(b"<entry") > ENTRIES:
        raise BadFile(f"the feed has more than {ENTRIES} entries", fix=_FIX)


def _entry(entry: Any, base: str, zone: tzinfo) -> Link | None:
    address = joined(base, str(entry.get("link") or ""))
    if address is None and str(entry.get("id") or "").startswith(("http://", "https://")):
        address = joined(base, str(entry.get("id")))
    if address is None:
        return None
    tags = [line(tag.get("term") or tag.get("label")) for tag in (entry.get("tags") or [])[:_CATEGORIES]]
    return Link(
        url=address,
        title=line(entry.get("title")),
        published=_time(entry, "published", zone) or _time(entry, "updated", zone),
        modified=_time(entry, "updated", zone),
        categories=tuple(tag for tag in tags if tag),
    )


def _time(entry: Any, name: str, zone: tzinfo) -> datetime | None:
    # feedparser takes a time without a zone for UTC; what a Chinese feed prints is China's.
    if name not in entry:
        return None
    written = str(entry[name]).strip()
    if _NAIVE.fullmatch(written):
        return moment(written, zone)
    parts = entry.get(f"{name}_parsed")
    try:
        time = datetime.fromtimestamp(timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return time if time and 1990 <= time.year <= 2199 else None


class _Item(msgspec.Struct):
    id: Any = None
    url: Any = None
    external_url: Any = None
    title: Any = None
    date_published: Any = None
    date_modified: Any = None
    tags: Any = None


class _Feed(msgspec.Struct):
    version: str
    items: list[_Item]


def _json_feed(data: bytes, url: str, zone: tzinfo) -> list[Link]:
    try:
        feed = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Feed)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadFile(f"it is no JSON Feed: {str(error)[:100]}", fix=_FIX) from error
    if "jsonfeed.org/version/" not in feed.version:
        raise BadFile("it is JSON, but no JSON Feed", fix=_FIX)
    items = feed.items[: min(ENTRIES, LINK_LIMIT)]
    return [found for item in items if (found := _json_item(item, url, zone))]


def _json_item(item: _Item, base: str, zone: tzinfo) -> Link | None:
    """Return the link of an item: ``url`` is its own page; ``id`` may be one as well; ``external_url`` is elsewhere."""
    own = item.id if isinstance(item.id, str) and item.id.startswith(("http://", "https://")) else None
    written = (given for given in (item.url, own, item.external_url) if isinstance(given, str))
    address = next((found for given in written if (found := joined(base, given))), None)
    if address is None:
        return None
    tags = [line(tag) for tag in item.tags[:_CATEGORIES]] if isinstance(item.tags, list) else []
    return Link(
        url=address,
        title=line(item.title),
        published=moment(item.date_published, zone),
        modified=moment(item.date_modified, zone),
        categories=tuple(tag for tag in tags if tag),
    )
