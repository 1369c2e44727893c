"""Elements: which of them can be part of an article, and taking out those that cannot."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from licet.archive.folding import CJK

if TYPE_CHECKING:
    from licet.archive.extraction.page import Element

_CONTROLS = ("embed", "select", "option", "textarea", "button", "input", "canvas", "audio", "video", "object", "iframe")
NEVER = frozenset(
    ("script", "style", "noscript", "template", "svg", "head", "link", "meta", "map", "figcaption", *_CONTROLS)
)
"""Elements whose text is never part of an article, however much of it there is."""

DROPPED = NEVER | {"form", "nav", "footer", "aside", "label", "dialog", "menu"}
"""Elements that are left out unless most of the text is in them."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TABLES = ("table", "tbody", "thead", "tr", "td", "th", "ul", "ol", "dl", "li", "dd", "dt")
_PARTS = ("section", "article", "main", "header", "body", "figure", "figcaption", "details", "summary", "hgroup")
BLOCKS = HEADINGS | {"p", "div", "blockquote", "pre", "center", "form", "fieldset", "address", *_TABLES, *_PARTS}
"""Elements that end a paragraph."""

_KEPT = frozenset(("html", "body", "figcaption"))
_ALWAYS_OUT = frozenset(("script", "style", "nav", "footer", "noscript"))
_UNLIKELY = re.compile(
    r"(?:^|[\s_-])(?:"
    r"comments?|disqus|respond|replies|sidebar|side-?bar|aside|breadcrumbs?|crumbs?|footer|foot|nav|navbar|menu"
    r"|share|sharing|social|related|recommend(?:ed|ation)?s?|recirc\w*|newsletter|subscribe|subscription|promo"
    r"|advert\w*|ads?|adsbox|sponsor\w*|popup|modal|cookie\w*|consent|pagination|pager|tags?|tag-?list|hot|hotnews"
    r"|rank|ranking|copyright|qrcode|toolbar|tools?|login|most-?read|more-?news|read-?more|also-?like|outbrain|taboola"
    r"|author-?bio|byline|toc|table-?of-?contents|skip|sr-only|screen-reader-text|visually-hidden|print-?only|noprint"
    r"|captions?|wp-caption-text|image-?caption|photo-?credit|credits?|image-?credit|w-condition-invisible"
    r"|twitter-tweet|instagram-media|tiktok-embed|fb-post|statement|disclaimer|declare|xgxw|xgyd|tuijian|pinglun"
    r"|fenxiang|xiangguan"
    r")(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HAN = re.compile(f"[{CJK}]")
_MOST = 0.4


def size(text: str) -> float:
    """Return the length of a text in Chinese characters; three letters count as one."""
    chinese = len(_HAN.findall(text))
    return chinese + (len(text) - chinese) / 3.0


def unlikely(element: Element) -> bool:
    """Say whether an element is, by its tag, name or style, not part of an article."""
    if element.tag in DROPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    if element.tag in {"body", "html", "article", "main"}:
        return False
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    return called != " " and _called_unlikely(called)


def prune(root: Element) -> None:
    """Take out what cannot be part of the article, unless a good part of the page's text is in it."""
    whole = max(sum(_size_of(paragraph) for paragraph in root.iter("p")), 1.0)
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or element.tag in _KEPT or not unlikely(element):
            continue
        held = 0.0 if element.tag in _ALWAYS_OUT else sum(_size_of(paragraph) for paragraph in element.iter("p"))
        if held < _MOST * whole:
            _drop(element, parent)


def _size_of(element: Element) -> float:
    return size("".join(map(str, element.itertext())))


@lru_cache(maxsize=4096)
def _called_unlikely(called: str) -> bool:
    return bool(_UNLIKELY.search(_CAMEL.sub("-", called)))


def _drop(element: Element, parent: Element) -> None:
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)
