"""List pages: the front page of a section, read for the links that a selector and patterns pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree, html

from licet.archive.collecting.links import LINK_LIMIT, Link, joined, line
from licet.archive.collecting.sources import matches
from licet.archive.extraction.encoding import decode
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.archive.collecting.links import Role
    from licet.archive.collecting.sources import Source

_FIX = "check the address of the list in a browser, and the selector"


def is_xpath(select: str) -> bool:
    """Say whether a selector is XPath: it begins with ``/``, ``./`` or ``(``; CSS never does."""
    return select.startswith(("/", "./", "("))


def parsed(data: bytes, charset: str | None = None) -> html.HtmlElement:
    """Return the tree of a page; :class:`BadFile` if there is none."""
    text, _ = decode(data, charset)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise BadFile(f"it is no page: {str(error)[:100]}", fix="check the address in a browser") from error
    return tree


def base_of(tree: html.HtmlElement, url: str) -> str:
    """Return the address that references of the page are relative to."""
    found = tree.xpath("//base/@href")
    written = str(found[0]) if isinstance(found, list) and found else ""
    return joined(url, written) or url


def read_list(data: bytes, source: Source, *, url: str, charset: str | None = None) -> list[Link]:
    """Return the links of a list page: those that ``source.select`` picks, and further list pages by ``source.lists``.

    Without a selector every link counts; with one, elements that are no link stand for the links inside them.
    """
    tree = parsed(data, charset)
    base = base_of(tree, url)
    found: dict[str, Link] = {}
    for element in _selected(tree, source.select):
        address = joined(base, str(element.get("href") or ""))
        if address and (address not in found or found[address].title is None):
            found[address] = Link(url=address, title=_title(element), role=_role(source, address))
        if len(found) >= LINK_LIMIT:
            break
    if source.lists:
        for element in _selected(tree, None):
            address = joined(base, str(element.get("href") or ""))
            if address and address not in found and len(found) < LINK_LIMIT and _role(source, address) == "list":
                found[address] = Link(url=address, role="list")
    return list(found.values())


def _role(source: Source, address: str) -> Role:
    return "list" if any(matches(pattern, address) for pattern in source.lists) else "page"


def _selected(tree: html.HtmlElement, select: str | None) -> Iterable[etree._Element]:
    if select is None:
        chosen = tree.xpath("//a[@href]")
    else:
        try:
            chosen = tree.xpath(select) if is_xpath(select) else tree.cssselect(select)
        except etree.XPathError as error:
            raise BadFile(f"the selector failed: {str(error)[:100]}", fix=_FIX) from error
    for element in chosen if isinstance(chosen, list) else ():
        if not isinstance(element, etree._Element):  # noqa: SLF001 - the class of every element
            continue
        if element.tag == "a":
            yield element
        else:
            yield from element.iter("a")


def _title(element: etree._Element) -> str | None:
    text = "".join(str(piece) for piece in element.itertext())
    return line(text) or line(element.get("title"))
