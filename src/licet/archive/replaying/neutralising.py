"""A captured page made harmless: read, and written anew from what :mod:`licet.archive.replaying.allowed` names.

Nothing of the page's own markup is passed through: each tag is written by us, each text and value escaped. So it does
not matter how a browser would have read the page. The time is linear in the length of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from licet.archive.replaying import allowed, styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

Use = Literal["page", "picture", "sheet"]

MOST_LOOKUPS = 2_000
"""How many addresses of one page are looked up; the rest lead nowhere."""

LONGEST_DATA = 500_000
_HEAD = 2_000
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp|x-icon|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_EDGES = "".join(map(chr, range(33)))
_INNER = re.compile(r"[\t\n\r]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-echo")
_EMPTY_PAGE = "<html><head></head><body></body></html>"


def neutralised(text: str, *, base: str, place: Callable[[Use, str], str | None]) -> str:
    """Return a whole page that runs, sends and loads nothing, in UTF-8.

    ``base`` is the address it was captured from. ``place(use, address)`` says where an absolute http(s) address leads:
    the path of the archive's nearest capture, or None, and the link or picture goes.
    """
    root = _parsed(text)
    # Without a doctype a browser lays a page out otherwise.
    doctype = "<!doctype html>\n" if "<!doctype" in text[:_HEAD].lower() else ""
    return doctype + _Writer(_base_of(root, base), place).page(root)


def clean_sheet(text: str, *, base: str, place: Callable[[Use, str], str | None]) -> str:
    """Return a style sheet that loads nothing but from the archive."""
    writer = _Writer(base, place)
    return styles.clean(text, picture=writer.picture, sheet=writer.sheet)


def _parsed(text: str) -> HtmlElement:
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    data = _UNSEEN.sub(" ", text).encode("utf-8", "replace")
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = lxml_html.document_fromstring(_EMPTY_PAGE)
    return root


def _base_of(root: HtmlElement, base: str) -> str:
    """Return the address that the relative ones of a page are relative to: its first ``<base href>`` counts."""
    for element in root.iter("base"):
        if href := element.get("href"):
            return _joined(base, href) or base
    return base


def _joined(base: str, address: str) -> str | None:
    """Return an absolute http(s) address, read as a browser does: edges and line ends dropped, backslash as slash."""
    cleaned = _INNER.sub("", address.strip(_EDGES)).replace("\\", "/")
    try:
        found = urljoin(base, cleaned)
    except ValueError:
        return None
    return found if _WEB.match(found) else None


class _Writer:
    def __init__(self, base: str, place: Callable[[Use, str], str | None]) -> None:
        self._base = base
        self._place = place
        self._known: dict[tuple[Use, str], str | None] = {}
        self._out: list[str] = []

    def page(self, root: HtmlElement) -> str:
        """Write the whole page."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in allowed.WITHOUT_CONTENT or not tag:
                    walk.skip_subtree()
                else:
                    self._open(tag, element)
                    if tag == "style":
                        walk.skip_subtree()
            else:
                self._close(tag, element)
        return "".join(self._out)

    def picture(self, address: str) -> str | None:
        """Return where a picture leads: small data stay as they are."""
        if len(address) <= LONGEST_DATA and _DATA.fullmatch(address):
            return address
        return self._led("picture", address)

    def sheet(self, address: str) -> str | None:
        """Return where a style sheet leads."""
        return self._led("sheet", address)

    def _led(self, use: Use, address: str) -> str | None:
        absolute = (_joined(self._base, address) or "").partition("#")[0]
        if not absolute or not address.strip(_EDGES):
            return None
        if (use, absolute) not in self._known and len(self._known) < MOST_LOOKUPS:
            self._known[use, absolute] = self._place(use, absolute)
        return self._known.get((use, absolute))

    def _open(self, tag: str, element: HtmlElement) -> None:
        if tag in allowed.ELEMENTS:
            attributes = list(self._attributes(tag, element))
            if tag == "link" and not any(name == "href" for name, _ in attributes):
                return
            written = "".join(f' {name}="{_escaped(value)}"' for name, value in attributes)
            self._out.append(f"<{tag}{written}>")
        if tag == "head" or (tag == "html" and element.find("head") is None):
            self._out.append('<meta charset="utf-8">')
        if tag == "style":
            self._out.append(styles.clean("".join(element.itertext()), picture=self.picture, sheet=self.sheet))
        elif tag not in allowed.VOID:
            self._out.append(_escaped(element.text or ""))

    def _close(self, tag: str, element: HtmlElement) -> None:
        if tag in allowed.ELEMENTS and tag not in allowed.VOID and tag not in allowed.WITHOUT_CONTENT:
            self._out.append(f"</{tag}>")
        self._out.append(_escaped(element.tail or ""))

    def _attributes(self, tag: str, element: HtmlElement) -> Iterator[tuple[str, str]]:
        plain = allowed.EVERYWHERE | allowed.ATTRIBUTES.get(tag, frozenset())
        for name, value in element.items():
            if name in plain or (name.startswith("aria-") and name[5:].isalpha()):
                yield name, value
            elif name == "style":
                yield name, styles.clean(value, picture=self.picture, sheet=lambda _: None)
            elif name == "background" and (led := self.picture(value)):
                yield name, led
        if tag in allowed.CONTROLS:
            yield "disabled", ""
        match tag:
            case "a":
                yield from self._link(element)
            case "img":
                yield from self._image(element)
            case "link":
                yield from self._sheet_link(element)
            case "input":
                kind = (element.get("type") or "text").lower()
                yield "type", kind if kind in allowed.INPUT_TYPES else "text"
            case _:
                pass

    def _link(self, element: HtmlElement) -> Iterator[tuple[str, str]]:
        href = (element.get("href") or "").strip(_EDGES)
        if href.startswith("#"):
            yield "href", href
        elif href and (led := self._led("page", href)):
            # The page stands in a frame: what a link leads to replaces the whole window, banner and all.
            fragment = href.partition("#")[2]
            yield from (
                ("href", f"{led}#{fragment}" if fragment else led),
                ("target", "_top"),
                ("rel", "nofollow noreferrer"),
            )

    def _image(self, element: HtmlElement) -> Iterator[tuple[str, str]]:
        named = [element.get("src") or "", *(element.get(name) or "" for name in _LAZY)]
        # A page that loads its pictures late has a placeholder in the first place.
        late = [address for address in named[1:] if address]
        order = [*late, named[0]] if late else named[:1]
        for address in order:
            if address and (led := self.picture(address)):
                yield "src", led
                break
        if candidates := self._candidates(element.get("srcset") or element.get("data-srcset") or ""):
            yield "srcset", candidates

    def _candidates(self, text: str) -> str:
        """Return a ``srcset`` with the candidates that the archive has."""
        kept = []
        for candidate in re.split(r",\s+|,$", text[:LONGEST_DATA]):
            address, _, descriptor = candidate.strip().partition(" ")
            led = self._led("picture", address) if address else None
            if led and re.fullmatch(r"(?:[\d.]{1,10}[wxh])?", descriptor.strip()):
                kept.append(f"{led.replace(',', '%2C')} {descriptor.strip()}".strip())
        return ", ".join(kept)

    def _sheet_link(self, element: HtmlElement) -> Iterator[tuple[str, str]]:
        kinds = (element.get("rel") or "").lower().split()
        if "stylesheet" in kinds and "alternate" not in kinds and (led := self.sheet(element.get("href") or "")):
            yield from (("rel", "stylesheet"), ("href", led))


def _escaped(text: str) -> str:
    """Return text that stays text, between tags and between double quotes."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("`", "&#96;")
    )
