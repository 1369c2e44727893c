"""Feeds: the same entries as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

The XML is built as a tree, so that nothing in a captured text can become markup of the feed; characters that XML 1.0
has no place for are left out. What is written depends on the entries alone: the same entries give the same bytes.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
import html
import json
import re
from email.utils import format_datetime
from typing import Any, Literal

import msgspec
from lxml import etree

Form = Literal["atom", "rss", "json"]
FORMS: tuple[Form, ...] = ("atom", "rss", "json")
MEDIA_TYPES: dict[Form, str] = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
MOST_ENTRIES = 50

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x84\x86-\x9f]")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a feed: an article in its latest version.

    ``identity`` is a ``tag:`` URI (RFC 4151) and stays when the article changes; ``updated`` is when its latest version
    was captured. ``paragraphs`` is the text where it may be shown in full, ``summary`` the start of it where it may be
    shown in part; both are empty for an item that is shown by its title alone. ``notice`` says whose text it is.
    """

    identity: str
    link: str
    title: str
    updated: dt.datetime
    published: dt.datetime | None = None
    lang: str = ""
    author: tuple[str, ...] = ()
    source: str = ""
    category: str = ""
    original: str = ""
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    notice: str = ""


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed: ``address`` is its own, ``home`` that of the page with the same items, ``publisher`` who serves it."""

    identity: str
    address: str
    home: str
    title: str
    subtitle: str
    publisher: str
    lang: str
    updated: dt.datetime
    entries: tuple[Entry, ...]


def written(feed: Feed, form: Form) -> bytes:
    """Return a feed in one of :data:`FORMS`, UTF-8."""
    return {"atom": _atom, "rss": _rss, "json": _json}[form](feed)


def seen(text: str) -> str:
    """Return text without what XML 1.0 has no place for, and without the control characters that it discourages."""
    return _NO_XML.sub("", text)


def body_html(entry: Entry) -> str:
    """Return what a reader shows of an entry, as HTML: the paragraphs or the summary, then whose it is."""
    shown = entry.paragraphs or ((entry.summary,) if entry.summary else ())
    lines = [f"<p>{html.escape(seen(text), quote=False)}</p>" for text in shown]
    if entry.notice:
        lines.append(f"<p><small>{html.escape(seen(entry.notice), quote=False)}</small></p>")
    return "\n".join(lines)


def rfc3339(moment: dt.datetime) -> str:
    """Return a moment as RFC 3339 has it, whole seconds, ``Z`` for UTC."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _put(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, name, {key: seen(value) for key, value in attributes.items()})
    made.text = seen(text) or None
    return made


def _serialized(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: feed.lang}, nsmap={None: _ATOM})  # type: ignore[dict-item]
    _put(root, f"{{{_ATOM}}}id", feed.identity)
    _put(root, f"{{{_ATOM}}}title", feed.title)
    _put(root, f"{{{_ATOM}}}subtitle", feed.subtitle)
    _put(root, f"{{{_ATOM}}}updated", rfc3339(feed.updated))
    _put(_put(root, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", feed.publisher)
    _put(root, f"{{{_ATOM}}}generator", "Licet")
    _put(root, f"{{{_ATOM}}}link", rel="self", type=MEDIA_TYPES["atom"], href=feed.address)
    _put(root, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=feed.home)
    for entry in feed.entries:
        _atom_entry(root, entry)
    return _serialized(root)


def _atom_entry(root: etree._Element, entry: Entry) -> None:
    made = _put(root, f"{{{_ATOM}}}entry")
    if entry.lang:
        made.set(_XML_LANG, entry.lang)
    _put(made, f"{{{_ATOM}}}id", entry.identity)
    _put(made, f"{{{_ATOM}}}title", entry.title, type="text")
    _put(made, f"{{{_ATOM}}}updated", rfc3339(entry.updated))
    if entry.published:
        _put(made, f"{{{_ATOM}}}published", rfc3339(entry.published))
    for name in entry.author or ((entry.source,) if entry.source else ()):
        _put(_put(made, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", name)
    _put(made, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=entry.link)
    if entry.original:
        _put(made, f"{{{_ATOM}}}link", rel="via", href=entry.original)
    if entry.category:
        _put(made, f"{{{_ATOM}}}category", term=entry.category)
    if entry.source:
        _put(made, f"{{{_ATOM}}}rights", entry.source)
    shown = body_html(entry)
    if shown:
        _put(made, f"{{{_ATOM}}}{'content' if entry.paragraphs else 'summary'}", shown, type="html")


def _rss(feed: Feed) -> bytes:
    spaces = {"atom": _ATOM, "dc": _DC, "content": _CONTENT}
    root = etree.Element("rss", {"version": "2.0"}, nsmap=spaces)
    channel = _put(root, "channel")
    _put(channel, "title", feed.title)
    _put(channel, "link", feed.home)
    _put(channel, "description", feed.subtitle)
    _put(channel, "language", feed.lang)
    _put(channel, "lastBuildDate", _rfc822(feed.updated))
    _put(channel, "generator", "Licet")
    _put(channel, "docs", "https://www.rssboard.org/rss-specification")
    _put(channel, f"{{{_ATOM}}}link", rel="self", type=MEDIA_TYPES["rss"], href=feed.address)
    for entry in feed.entries:
        _rss_item(channel, entry)
    return _serialized(root)


def _rss_item(channel: etree._Element, entry: Entry) -> None:
    made = _put(channel, "item")
    _put(made, "title", entry.title)
    _put(made, "link", entry.link)
    _put(made, "guid", entry.identity, isPermaLink="false")
    _put(made, "pubDate", _rfc822(entry.published or entry.updated))
    for name in entry.author:
        _put(made, f"{{{_DC}}}creator", name)
    if entry.source:
        _put(made, f"{{{_DC}}}publisher", entry.source)
    if entry.category:
        _put(made, "category", entry.category)
    shown = body_html(entry)
    if entry.paragraphs:
        _put(made, "description", entry.summary or entry.paragraphs[0])
        _put(made, f"{{{_CONTENT}}}encoded", shown)
    elif shown:
        _put(made, "description", shown)


def _rfc822(moment: dt.datetime) -> str:
    return format_datetime(moment.replace(microsecond=0))


def _json(feed: Feed) -> bytes:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": feed.lang,
        "authors": [{"name": feed.publisher}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.identity,
        "url": entry.link,
        "external_url": entry.original,
        "title": seen(entry.title),
        # JSON Feed wants a text or HTML of every item: one that is shown by its title alone has an empty one.
        "content_html": body_html(entry),
        "summary": seen(entry.summary),
        "date_published": rfc3339(entry.published) if entry.published else "",
        "date_modified": rfc3339(entry.updated),
        "authors": [{"name": seen(name)} for name in entry.author],
        "tags": [seen(entry.category)] if entry.category else [],
        "language": entry.lang,
    }
    return {name: value for name, value in item.items() if value or name == "content_html"}
