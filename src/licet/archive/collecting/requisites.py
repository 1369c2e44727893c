"""Page requisites: the pictures and styles that a page is shown with, and what those styles import."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from licet.archive.collecting.links import host_of, joined, without
from licet.archive.collecting.lists import base_of, parsed
from licet.archive.extraction.encoding import decode
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import html

MOST = 40
"""The most requisites of one page."""
BYTES = 20 * 1024 * 1024
"""The most bytes of all requisites of one page."""
SECONDS = 300.0
"""The most time for the requisites of one page; what is not there by then does not come with it."""
EACH = 5 * 1024 * 1024
"""The most bytes of one requisite, as received and again after decoding."""
REFERENCES = 1000
"""The most references that are looked at in one style."""
STYLE_DEPTH = 3
"""How deep styles may import styles."""

_REFERENCE = re.compile(
    r"""@import\s+(?:url\(\s*)?["']?([^"'()\s;]{1,2000})|url\(\s*["']?([^"'()\s]{1,2000})["']?\s*\)""", re.IGNORECASE
)
_SKIPPED = ("data:", "javascript:", "about:", "blob:", "mailto:")
_PICTURES = "//img[@src]/@src | //input[@type='image'][@src]/@src | //video[@poster]/@poster"
_LAZY = "//img/@data-src | //img/@data-original"
_SETS = "//img/@srcset | //source/@srcset"
_LINKS = "//link[@href][@rel]"


class Requisite(msgspec.Struct, frozen=True):
    """What a page needs: its address, and whether it is a style (which may need more)."""

    url: str
    style: bool = False


def of_page(page: bytes, *, url: str, charset: str | None = None) -> list[Requisite]:
    """Return the styles, then the pictures of a page, each once, at most :data:`MOST`; none of what is no page."""
    try:
        tree = parsed(page, charset)
    except BadFile:
        return []
    base = base_of(tree, url)
    found: dict[str, Requisite] = {}
    for reference, style in _references(tree):
        address = _address(base, reference)
        if address and address != url:
            found.setdefault(address, Requisite(address, style))
        if len(found) >= MOST:
            break
    return list(found.values())


def of_style(style: bytes, *, url: str, charset: str | None = None) -> list[Requisite]:
    """Return what a style imports and the pictures it names, at most :data:`MOST`."""
    text, _ = decode(style[:EACH], charset)
    found: dict[str, Requisite] = {}
    for imported, picture in _in_css(text):
        address = _address(url, imported or picture)
        if address and address != url:
            found.setdefault(address, Requisite(address, style=bool(imported)))
        if len(found) >= MOST:
            break
    return list(found.values())


def canonical_of(page: bytes, *, url: str, charset: str | None = None) -> str | None:
    """Return the address that a page declares as its own (RFC 6596), if it stands on the same host, ``www.`` aside.

    A page cannot speak for another site, and the front page is nobody's article: both are left out.
    """
    try:
        tree = parsed(page, charset)
    except BadFile:
        return None
    written = tree.xpath("//head/link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]")
    for element in written if isinstance(written, list) else ():
        address = joined(base_of(tree, url), str(element.get("href") or ""))
        if address is None or host_of(address).removeprefix("www.") != host_of(url).removeprefix("www."):
            return None
        return None if _is_front(address) and not _is_front(url) else address
    return None


def _is_front(url: str) -> bool:
    return url.split("://", 1)[-1].partition("/")[2].partition("?")[0] in ("", "index.html", "index.htm")


def _references(tree: html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield what the page refers to, and whether as a style: styles first, since without them nothing looks right."""
    for link in _all(tree, _LINKS):
        kinds = str(link.get("rel") or "").lower().split()
        if "stylesheet" in kinds and "alternate" not in kinds:
            yield str(link.get("href")), True
    for element in _all(tree, "//style"):
        for imported, picture in _in_css(str(element.text or "")[:EACH]):
            yield imported or picture, bool(imported)
    for picture in (*_all(tree, _PICTURES), *_all(tree, _LAZY)):
        yield str(picture), False
    for written in _all(tree, _SETS):
        # The first candidate only: the others are the same picture in other sizes.
        yield str(written).strip().split(" ")[0].rstrip(","), False
    inline = (str(written)[:10_000] for written in _all(tree, "//*[@style]/@style"))
    yield from ((picture, False) for text in inline for _, picture in _in_css(text) if picture)
    for link in _all(tree, _LINKS):
        if "icon" in str(link.get("rel") or "").lower().split():
            yield str(link.get("href")), False


def _all(tree: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    found = tree.xpath(path)
    return found if isinstance(found, list) else []


def _in_css(text: str) -> Iterator[tuple[str, str]]:
    for found in islice(_REFERENCE.finditer(without(text, "/*", "*/")), REFERENCES):
        yield found[1] or "", found[2] or ""


def _address(base: str, reference: str) -> str | None:
    text = reference.strip()
    return None if not text or text.lower().startswith((*_SKIPPED, "#")) else joined(base, text)
