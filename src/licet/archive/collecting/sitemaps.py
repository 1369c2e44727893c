"""Sitemaps (sitemaps.org 0.9): address sets, indexes, the news namespace, plain text; within the protocol's limits."""

from __future__ import annotations

import io
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from lxml import etree

from licet.archive.collecting.links import Link, joined, line, moment
from licet.archive.unpacking import inflated
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 50 * 1024 * 1024
"""The most bytes of a sitemap, unpacked (sitemaps.org)."""
ADDRESSES = 50_000
"""The most addresses of a sitemap, or sitemaps of an index (sitemaps.org)."""

_FIX = "check the address of the sitemap in a browser"
_NAMESPACES = ("http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap/0.84", "")
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_ENTRIES = {"url": "page", "sitemap": "sitemap"}


def read_sitemap(data: bytes, *, url: str, zone: tzinfo = UTC, news: bool = False) -> list[Link]:
    """Return the links of a sitemap, ``role`` ``sitemap`` for those of an index; ``.gz`` is taken off.

    With ``news`` only entries of the news namespace are returned, and indexes. XML that breaks off yields what stands
    before the break. :class:`BadFile` if it is no sitemap or larger than the protocol allows.
    """
    if data.startswith(b"\x1f\x8b"):
        data = inflated(data, "gzip", limit=LIMIT)
    if len(data) > LIMIT:
        raise BadFile("the sitemap is larger than 50 MB", fix=_FIX)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _plain(data, url)
    found: list[Link] = []
    for link in _entries(data, url, zone, news=news):
        found.append(link)
        if len(found) >= ADDRESSES:
            break
    return found


def _plain(data: bytes, url: str) -> list[Link]:
    """Read a text file with an address a line, UTF-8."""
    found = []
    for number, text in enumerate(data.decode("utf-8-sig", "replace").splitlines()):
        if number >= ADDRESSES:
            break
        if text.strip().startswith(("http://", "https://")) and (address := joined(url, text)):
            found.append(Link(url=address))
    if not found:
        raise BadFile("it is no sitemap", fix=_FIX)
    return found


def _entries(data: bytes, url: str, zone: tzinfo, *, news: bool) -> Iterator[Link]:
    """Walk the XML and drop what was read, so that memory stays flat; entities are neither expanded nor fetched."""
    context = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
    )
    seen_root = False
    try:
        for event, element in context:
            name = _local(element)
            if event == "start":
                if not seen_root and name not in ("urlset", "sitemapindex"):
                    raise BadFile("it is no sitemap", fix=_FIX)
                seen_root = True
            elif name in _ENTRIES:
                if link := _link(element, name, url, zone, news=news):
                    yield link
                _drop(element)
    except etree.XMLSyntaxError as error:
        if not seen_root:
            raise BadFile(f"the sitemap cannot be read: {str(error)[:100]}", fix=_FIX) from error


def _drop(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: etree._Element) -> str:
    """Return the name of an element of the sitemap namespaces, empty for any other."""
    tag = str(element.tag)
    namespace, _, name = tag.rpartition("}")
    return name if namespace.removeprefix("{") in _NAMESPACES else ""


def _link(element: etree._Element, name: str, base: str, zone: tzinfo, *, news: bool) -> Link | None:
    texts = {_local(child): (child.text or "") for child in element}
    address = joined(base, texts.get("loc", ""))
    if address is None:
        return None
    modified = moment(texts.get("lastmod"), zone)
    if name == "sitemap":
        return Link(url=address, modified=modified, role="sitemap")
    told = element.find(f"{_NEWS}news")
    if told is None:
        return None if news else Link(url=address, modified=modified)
    return Link(
        url=address,
        title=line(told.findtext(f"{_NEWS}title")),
        published=_published(told, zone),
        modified=modified,
        categories=_words(told),
    )


def _published(told: etree._Element, zone: tzinfo) -> datetime | None:
    return moment(told.findtext(f"{_NEWS}publication_date"), zone)


def _words(told: etree._Element) -> tuple[str, ...]:
    words = (told.findtext(f"{_NEWS}genres") or "") + "," + (told.findtext(f"{_NEWS}keywords") or "")
    return tuple(found for word in words.split(",")[:20] if (found := line(word)))
