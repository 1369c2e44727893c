"""The body of an article: which part of the page it is.

Every block of text gives its weight to the boxes around it; the box with the most weight, once the link lists, menus
and hidden parts are left out, holds the article.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive.folding import CJK

if TYPE_CHECKING:
    from licet.archive.extraction.page import Element

DROPPED = frozenset(
    "script style noscript template svg iframe object embed select option textarea button form nav footer aside input"
    " label canvas audio video head dialog menu map link meta figcaption".split()
)
NEVER = frozenset(
    "script style noscript template svg iframe object embed select option textarea button input canvas audio video head"
    " map link meta figcaption".split()
)
"""Elements whose text is never part of an article, however much of it there is."""
BLOCKS = frozenset(
    "p div section article main td th li dd dt blockquote pre h1 h2 h3 h4 h5 h6 center figure figcaption ul ol dl table"
    " tbody thead tr header body form fieldset address hgroup details summary".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_UNLIKELY = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|respond|replies|sidebar|side-?bar|aside|breadcrumbs?|crumbs?|footer|foot|nav|navbar|menu|share|sharing"
    r"|social|related|recommend(?:ed|ation)?s?|recirc\w*|newsletter|subscribe|subscription|promo|advert\w*|ads?|adsbox|sponsor\w*|popup|modal"
    r"|cookie\w*|consent|pagination|pager|tags?|tag-?list|hot|hotnews|rank|ranking|copyright|qrcode|toolbar|tools?|login"
    r"|most-?read|more-?news|read-?more|also-?like|outbrain|taboola|author-?bio|byline|toc|table-?of-?contents|skip|sr-only|screen-reader-text|visually-hidden"
    r"|print-?only|noprint|captions?|wp-caption-text|image-?caption|photo-?credit|credits?|image-?credit|twitter-tweet|instagram-media|tiktok-embed|fb-post|statement|disclaimer|declare|xgxw|xgyd|tuijian|pinglun|fenxiang|xiangguan)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"article|content|story|post|entry|main|body|text|zhengwen|neirong|detail|artical|news_?txt|TRS_Editor",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARKS = re.compile(r"[。，、；：？！,.;?!“”\"]")
_HAN = re.compile(f"[{CJK}]")


class Block(NamedTuple):
    """A run of text inside one box: its element, text, weight in characters, and how much of it is in links."""

    element: Element
    text: str
    weight: float
    linked: float


def names(element: Element) -> str:
    """Return what an element is called: its class and id, the words of CamelCase apart."""
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _CAMEL.sub("-", called) if called != " " else ""


def size(text: str) -> float:
    """Return the length of a text in Chinese characters; three letters count as one."""
    chinese = len(_HAN.findall(text))
    return chinese + (len(text) - chinese) / 3.0


def unlikely(element: Element) -> bool:
    """Say whether an element is, by its tag, name or style, not part of an article."""
    if element.tag in DROPPED:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    if element.tag in {"body", "html", "article", "main"}:
        return False
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    return called != " " and _called_unlikely(called)


def prune(root: Element) -> None:
    """Take out what cannot be part of the article, unless most of the page's text is in it."""
    whole = max(sum(_size_of(p) for p in root.iter("p")), 1.0)
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or element.tag in {"html", "body"}:
            continue
        if not isinstance(element.tag, str):
            _drop(element, parent)
        elif unlikely(element):
            held = 0.0 if element.tag in {"script", "style"} else sum(_size_of(p) for p in element.iter("p"))
            if element.tag in {"script", "style", "nav", "footer", "noscript"} or held < 0.4 * whole:
                _drop(element, parent)


def _size_of(element: Element) -> float:
    return size("".join(element.itertext()))


@lru_cache(maxsize=4096)
def _called_unlikely(called: str) -> bool:
    return bool(_UNLIKELY.search(_CAMEL.sub("-", called)))


def _drop(element: Element, parent: Any) -> None:
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)
