"""Propose an override for a site: from several of its pages, the boxes in which each field stands every time."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from licet.archive.extraction.encoding import decode
from licet.archive.extraction.overrides import refused, select
from licet.archive.extraction.page import Page, clean, letters, visible
from licet.archive.extraction.reading import extract
from licet.errors import BadValue, NotExtractable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.extraction.page import Element
    from licet.archive.model import Article

FEWEST = 2
_AGREE = 0.6
_WIDEST = 160
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{1,40}")
_VALUES = ("title", "published", "author", "source", "category")


class Evidence(msgspec.Struct, frozen=True):
    """A selector for a field, and on how many of how many pages it finds what the rules read there."""

    field: str
    selector: str
    agree: int
    pages: int


class _Read(msgspec.Struct, frozen=True):
    page: Page
    article: Article


def propose(pages: Sequence[tuple[bytes, str | None]]) -> list[Evidence]:
    """Return for each field the selector that most of the pages agree on, if at least two and three in five do.

    ``pages`` are the bytes and address of pages of one site. :class:`~licet.errors.BadValue` where fewer than two of
    them hold an article.
    """
    read = [one for data, url in pages if (one := _read(data, url))]
    if len(read) < FEWEST:
        raise BadValue(f"{len(read)} of the pages hold an article", fix=f"give at least {FEWEST} articles of one site")
    found = (_best(field, read) for field in ("title", "body", *_VALUES[1:]))
    return [evidence for evidence in found if evidence]


def written(host: str, evidence: Sequence[Evidence]) -> str:
    """Return the override as YAML, the evidence in comments."""
    lines = [f"site: [{host}]"]
    for found in evidence:
        lines.append(f"# {found.agree} of {found.pages} pages")
        lines.append(f'{found.field}: ["{found.selector}"]')
    return "\n".join(lines) + "\n"


def _read(data: bytes, url: str | None) -> _Read | None:
    try:
        page = Page(decode(data)[0], url)
        return None if page.deep else _Read(page, extract(data, url=url))
    except NotExtractable:
        return None


def _best(field: str, read: Sequence[_Read]) -> Evidence | None:
    votes: Counter[str] = Counter()
    holding = 0
    for one in read:
        selectors = _selectors(field, one)
        holding += bool(selectors)
        votes.update(selectors)
    if not votes:
        return None
    # Of selectors that hold equally often an id comes first, then the shortest.
    selector, agree = min(votes.items(), key=lambda vote: (-vote[1], "#" not in vote[0], len(vote[0]), vote[0]))
    if agree < FEWEST or agree < _AGREE * holding:
        return None
    return Evidence(field, selector, agree, len(read))


def _selectors(field: str, one: _Read) -> set[str]:
    """Return the selectors that find, on this page, the field and nothing else."""
    elements = _holding_body(one) if field == "body" else _holding(field, one)
    found: set[str] = set()
    for element in elements:
        for selector in _names(element):
            first = select(one.page.root, selector)[:1]
            if first == [element] and not refused(selector):
                found.add(selector)
    return found


def _names(element: Element) -> list[str]:
    """Return selectors by id and by class; names with digits in them are of one page only."""
    names = []
    if _PLAIN_NAME.fullmatch(element.get("id") or ""):
        names.append(f"css:#{element.get('id')}")
    names += [
        f"css:{element.tag}.{name}" for name in (element.get("class") or "").split() if _PLAIN_NAME.fullmatch(name)
    ]
    if element.tag in {"h1", "article", "time"}:
        names.append(f"css:{element.tag}")
    return names


def _holding(field: str, one: _Read) -> list[Element]:
    """Return the elements whose text is the value, or little more."""
    wanted = _wanted(field, one.article)
    found = []
    for element in one.page.root.iter(
        "h1", "h2", "h3", "div", "span", "p", "a", "time", "td", "li", "em", "i", "strong"
    ):
        text = clean(visible(element))
        if wanted and 0 < len(text) <= _WIDEST + len(wanted[0]) and _holds(field, letters(text), wanted):
            found.append(element)
    return _innermost(found)


def _innermost(elements: list[Element]) -> list[Element]:
    """Return those that hold none of the others: what stands inside another is closer to the text."""
    around = {above for element in elements for above in element.iterancestors()}
    return [element for element in elements if element not in around]


def _holds(field: str, text: str, wanted: list[str]) -> bool:
    if field == "title":
        return text == wanted[0]
    return all(part in text for part in wanted) and len(text) <= sum(map(len, wanted)) + 16


def _wanted(field: str, article: Article) -> list[str]:
    if field == "published":
        day, _, clock = (article.published or "").partition(" ")
        parts = [day[:4], *(part.lstrip("0") for part in day[5:].split("-"))] if day else []
        return [part for part in (*parts, clock[:5].replace(":", "")) if part]
    value = article.author if field == "author" else (getattr(article, field) or "",)
    return [letters(part) for part in value if letters(part)]


def _holding_body(one: _Read) -> list[Element]:
    """Return the narrowest boxes that hold most of the body and little else."""
    lines = [letters(line) for line in one.article.body.split("\n") if len(line) > 20]
    whole = sum(map(len, lines))
    found = []
    for element in one.page.root.iter("div", "section", "article", "main", "td"):
        if not _names(element):
            continue
        text = letters(visible(element))
        held = sum(len(line) for line in lines if line in text) if 0.8 * whole <= len(text) <= 3 * whole + 200 else 0
        if whole and held >= 0.9 * whole:
            found.append(element)
    return _innermost(found)


def host_of(pages: Sequence[tuple[bytes, str | None]]) -> str:
    """Return the host that the pages share, by their addresses or what they declare; empty if there is none."""
    hosts: Counter[str] = Counter()
    for data, url in pages:
        address = url or Page(decode(data)[0], None).meta.get("og:url") or ""
        try:
            hosts[(urlsplit(address).hostname or "").lower()] += 1
        except ValueError:
            continue
    return hosts.most_common(1)[0][0] if hosts else ""
