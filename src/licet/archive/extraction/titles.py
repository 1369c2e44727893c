"""The headline: from what the page declares and what it shows, the name of the site taken off."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from licet.archive.extraction.notices import fields_of
from licet.archive.extraction.page import clean, visible
from licet.archive.finding.folding import CJK, fold

if TYPE_CHECKING:
    from licet.archive.extraction.page import Page

_SEPARATOR = re.compile(r"\s*[|｜_–—»·•]\s*|\s+-+\s+|\s+::\s+|-{1,2}(?=[^\s-]{2,}$)|\s+/\s+")
_WORD = re.compile(f"[{CJK}]|[^\\W{CJK}]+")
_CLOCK = re.compile(r"(?:19|20)\d{2}\s?[-年/.]\s?\d{1,2}")
_TOP, _NEAR, _HALF, _LONGEST = 40, 120, 0.5, 1_000
_TITLE_NAMES = re.compile(r"title|headline|biaoti|main-?tit|tit\b", re.IGNORECASE)


def find(page: Page) -> tuple[str, float]:
    """Return the headline and how sure it is; empty where the page has none.

    Surest is a heading that the page declares too; then one that says much the same; then what is declared, most often
    first.
    """
    declared = _declared(page)
    shown = _shown(page)
    top = clean((page.root.findtext(".//title") or "")[:_LONGEST])
    told = [*declared, top] if top else declared
    for title in shown:
        if any(_same(title, other) or _begins(other, title) for other in told):
            return title, 0.95
    cut = [title for title in (_without_site(title, page) for title in told) if title]
    votes = Counter(map(_key, cut))
    headline = _declared_headline(page)
    if near := "" if votes[_key(headline)] > 1 else _nearest(page, cut, alone=not declared):
        return near, 0.75
    if cut:
        return max(cut, key=lambda title: votes[_key(title)]), 0.7 if declared else 0.6
    if shown:
        return _placed(page, shown), 0.5
    led = _before_fields(page)
    return (led, 0.4) if led else ("", 0.0)


def _nearest(page: Page, told: list[str], *, alone: bool) -> str:
    """Return the first-level heading that shares at least half of its words with what is declared, the most of them.

    What is declared and stands at the end of a heading is the headline, what is before it a kicker. With ``alone``, a
    heading that is the only one of some length counts whatever is declared: that is then the title of the page only.
    """
    best, most = "", _HALF
    headings = [text for text in map(clean, map(visible, page.root.iter("h1"))) if 4 <= len(text) <= 300]
    for text in headings:
        words = _words(text)
        for other in told:
            theirs = _words(other)
            alike = 2 * len(words & theirs) / max(len(words) + len(theirs), 1)
            if len(words) > 2 and alike > most:
                best, most = other if len(theirs) > 2 and _key(text).endswith(_key(other)) else text, alike
    long = [text for text in headings if len(_words(text)) > 3]
    return best or (long[0] if alone and len(long) == 1 else "")


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


def _placed(page: Page, shown: list[str]) -> str:
    """Return the heading that time and source follow, where there is one; else the first."""
    for title in shown:
        at = page.whole.find(f"{title}\n")
        near = page.whole[at + len(title) : at + len(title) + _NEAR] if at >= 0 else ""
        if _CLOCK.search(near) or fields_of(near):
            return title
    return shown[0]


def _declared(page: Page) -> list[str]:
    found: list[Any] = [_declared_headline(page)]
    found += [
        page.meta.get(name) for name in ("og:title", "twitter:title", "title", "dc.title", "headline", "articletitle")
    ]
    return [text for value in found if isinstance(value, str) and (text := clean(unescape(value[:_LONGEST])))]


def _declared_headline(page: Page) -> str:
    value: Any = page.article_data.get("headline")
    return clean(unescape(value[:_LONGEST])) if isinstance(value, str) else ""


def _shown(page: Page) -> list[str]:
    """Return the headings that may be the headline, the likeliest first."""
    found: list[str] = []
    for tag in ("h1", "h2", "h3", "h4", "h5"):
        found += [clean(visible(element)) for element in page.root.iter(tag)]
    for element in page.root.iter("div", "p", "span", "td", "strong", "font"):
        called = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if called.strip() and _TITLE_NAMES.search(called):
            text = clean(visible(element))
            if len(text) < 150:
                found.append(text)
    return [text for text in dict.fromkeys(found) if 4 <= len(text) <= 300]


def _before_fields(page: Page) -> str:
    """Return the line before the first line of fields: on a page that marks nothing, the headline stands there."""
    lines = page.whole.split("\n")[:_TOP]
    for before, line in pairwise(lines):
        if fields_of(line) > 1 and len(line) < 150:
            return before if 4 <= len(before) <= 120 and not fields_of(before) else ""
    return ""


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _begins(long: str, start: str) -> bool:
    """Say whether ``long`` is ``start`` with a site's name after it."""
    whole, part = _key(long), _key(start)
    if len(part) < 6 or not whole.startswith(part):
        return False
    return len(part) >= 0.35 * len(whole)


def _without_site(title: str, page: Page) -> str:
    """Take the names of sites and sections off the end, or the name of the site off the beginning."""
    if len(_spans(title)) < 2:
        return title
    kept = _without_end(title, page)
    return kept if _stands(kept, page) else _after_site(title, page) or kept


def _after_site(title: str, page: Page) -> str:
    """Return what follows the name of the site: it is the page's own name, or what follows is a line of the page."""
    first, *rest = _spans(title)
    name = _key(title[first[0] : first[1]])
    for _, end in reversed(rest):
        headline = title[rest[0][0] : end].strip()
        if len(_key(headline)) > len(name) and _stands(headline, page):
            return headline
    owner = page.article_data.get("publisher")
    names = (page.meta.get("og:site_name"), owner.get("name") if isinstance(owner, dict) else owner)
    own = any(isinstance(other, str) and name == _key(other) for other in names)
    return title[rest[0][0] :].strip() if own and name else ""


def _stands(text: str, page: Page) -> bool:
    """Say whether a text is a line of the page by itself."""
    return f"\n{text}\n" in f"\n{page.whole}\n"


def _without_end(title: str, page: Page) -> str:
    """Take the names of sites and sections off the end; of the parts left the first that is long enough counts."""
    site = _key(page.meta.get("og:site_name", ""))
    spans = _spans(title)
    while len(spans) > 1:
        last = title[spans[-1][0] : spans[-1][1]]
        kept = title[spans[0][0] : spans[-2][1]]
        short = len(_key(last)) <= 0.6 * len(_key(kept)) and len(_key(last)) <= 24
        if not (short or (site and _key(last) == site)):
            break
        spans.pop()
    return title[spans[0][0] : spans[-1][1]].strip()


def _spans(title: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _SEPARATOR.finditer(title):
        if match.start() > start:
            spans.append((start, match.start()))
        start = match.end()
    if start < len(title):
        spans.append((start, len(title)))
    return spans
