"""Elements: which of them can be part of an article, and which cannot."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from licet.archive.finding.folding import CJK

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
ALWAYS_OUT = frozenset(("script", "style", "nav", "footer", "noscript", *NEVER))
"""Elements that are left out whatever they hold."""

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


def doubtful(root: Element) -> list[Element]:
    """Return the outermost elements under ``root`` that are, each by itself, not part of an article, in their order."""
    found: list[Element] = []
    covered: set[Element] = set()
    for element in root.iter(etree.Element):
        if element is root:
            continue
        if element.getparent() in covered:
            covered.add(element)
        elif element.tag not in _KEPT and unlikely(element):
            covered.add(element)
            found.append(element)
    return found


@lru_cache(maxsize=4096)
def _called_unlikely(called: str) -> bool:
    return bool(_UNLIKELY.search(_CAMEL.sub("-", called)))
