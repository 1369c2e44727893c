"""OPML 2.0: a list of feeds that any reader can take over, and the list of another reader read."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from email.utils import format_datetime
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from licet.archive.subscribing.feeds import seen
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 500_000
MOST_OUTLINES = 1_000


class Outline(msgspec.Struct, frozen=True):
    """One feed of a list: its title, its own address, that of its page."""

    title: str
    address: str
    home: str = ""


def written(title: str, outlines: Iterable[Outline], *, at: dt.datetime) -> bytes:
    """Return a list of feeds as OPML 2.0, UTF-8; ``at`` is when it was made."""
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = seen(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(at.replace(microsecond=0))
    body = etree.SubElement(root, "body")
    for outline in outlines:
        name = seen(outline.title)
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": seen(outline.address)}
        if outline.home:
            attributes["htmlUrl"] = seen(outline.home)
        etree.SubElement(body, "outline", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def read(data: bytes) -> list[Outline]:
    """Return the feeds of an OPML file, in order, however deep they lie; :class:`BadFile` if it is none.

    No entity is resolved and nothing is loaded.
    """
    if len(data) > LARGEST:
        raise BadFile(f"the list is larger than {LARGEST // 1000} kB", fix="split it")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile(f"this is not OPML: {error}", fix="export the list of feeds again") from error
    if root.tag != "opml":
        raise BadFile("this is XML, but not OPML", fix="export the list of feeds again")
    found: list[Outline] = []
    for element in root.iter("outline"):
        address = element.get("xmlUrl")
        if address and len(found) < MOST_OUTLINES:
            title = element.get("title") or element.get("text") or address
            found.append(Outline(str(title), str(address), str(element.get("htmlUrl") or "")))
    return found
