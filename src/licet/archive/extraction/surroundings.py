"""Category and pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from lxml import etree

from licet.archive.extraction.page import clean, visible
from licet.archive.model import Image

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from licet.archive.extraction.page import Element, Page
    from licet.archive.extraction.zones import Zones

_LABEL = re.compile(
    r"(?:[类類][别別]|分[类類]|[栏欄]目|[频頻]道|所属(?:栏目|分类)|Category|Filed under|Section)\s*"
    r"(?:[:：]\s*|(?<=[别別类類目])\n)(?P<name>[^\s:：|｜]{2,20}?)"
    r"(?=[\s|｜,，;；]|[发發][布佈]|[时時][间間]|日期|[来來]源|作者|编辑|阅读|$)",
    re.IGNORECASE,
)
_META = (
    "article:section",
    "section",
    "og:article:section",
    "category",
    "channel",
    "parsely-section",
    "articlesection",
    "bytedance:section",
    "columnname",
)
_CRUMBS = re.compile(
    r"breadcrumb|crumb|(?:^|[\s_-])(?:path|position|location|where|weizhi|daohang|mianbao)(?:$|[\s_-])", re.IGNORECASE
)
_HOME = re.compile(
    r"^(?:首[页頁]|主[页頁]|home|正文|[当當]前位置|您(?:[当當]前)?的?位置|我的订阅|>|›|»|/|·)[:：]?$", re.IGNORECASE
)
_PLACE = re.compile(r"(?:[当當]前|您(?:[当當]前)?(?:的|所在)?|所在|[现現]在)位置\s*[:：]\s*")
_STEP = re.compile(r"\s*[>›»＞]+\s*")
_SMALL = re.compile(
    r"(?:logo|icon|avatar|sprite|blank|spacer|pixel|qrcode|loading|1x1|share|btn|button|erweima)", re.IGNORECASE
)
_LIMIT = 30


def category(page: Page, zones: Zones) -> tuple[str | None, float]:
    """Return the category that the page states, and how sure it is."""
    labeled = _LABEL.search(zones.before + "\n" + zones.head)
    if labeled:
        return labeled["name"], 0.95
    section: Any = page.article_data.get("articleSection")
    if isinstance(section, list):
        section = section[0] if section else None
    if isinstance(section, str) and clean(section):
        return clean(section), 0.85
    for name in _META:
        if name in page.meta and len(page.meta[name]) < 40:
            return page.meta[name], 0.8
    crumbs = _crumbs(page) or _trail(zones.before)
    return (crumbs[-1], 0.6) if crumbs else (None, 0.0)


def _trail(before: str) -> list[str]:
    """Return the steps of the way here that a page prints before its headline, marked by nothing but its words."""
    for line in reversed(before.split("\n")):
        place = _PLACE.search(line)
        # Without the words for it, the first step is the site itself.
        steps = _STEP.split(line[place.end() :]) if place else _STEP.split(line)[1:]
        names = [name.split("_")[0].rstrip("- ") for name in map(clean, steps) if not _HOME.match(name)]
        names = [name for name in names if 1 < len(name) < 24 and not name.endswith(("首页", "首頁"))]
        if 1 <= len(names) <= 5:
            return names
    return []


def _crumbs(page: Page) -> list[str]:
    for item in page.data:
        if item.get("@type") == "BreadcrumbList" and isinstance(item.get("itemListElement"), list):
            names = [_crumb_name(entry) for entry in item["itemListElement"]]
            found = [name for name in names if name and not _HOME.match(name) and len(name) < 30]
            if found:
                return found[:3]
    for element in page.root.iter("div", "nav", "ol", "ul", "p", "span"):
        if _CRUMBS.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            names = [clean(visible(link)) for link in element.iter("a")]
            found = [name for name in names if 1 < len(name) < 12 and not _HOME.match(name)]
            if 1 <= len(found) <= 6:
                return found
    return []


def _crumb_name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    item = entry.get("item")
    name = entry.get("name") or (item.get("name") if isinstance(item, dict) else None)
    return clean(name) if isinstance(name, str) else ""


def images(page: Page, box: Element | None, without: Container[Element] = ()) -> tuple[Image, ...]:
    """Return the pictures inside the article's box, with caption or alternative text; the declared one if none.

    ``without`` are the elements of the box that are no part of the article.
    """
    found: dict[str, Image] = {}
    for element in _pictures(box, without):
        address = _address(element)
        if not address or _SMALL.search(address) or _tiny(element):
            continue
        url = _joined(page.url, address)
        if url:
            found.setdefault(url, Image(url, _caption(element) or clean(element.get("alt"))))
        if len(found) >= _LIMIT:
            break
    declared = page.meta.get("og:image", "")
    if not found and declared:
        url = _joined(page.url, declared)
        return (Image(url),) if url else ()
    return tuple(found.values())


def _pictures(box: Element | None, without: Container[Element]) -> Iterator[Element]:
    if box is None:
        return
    walk: Any = etree.iterwalk(box, events=("start",))
    for _, element in walk:
        if element.tag == "img":
            yield element
        elif element in without:
            walk.skip_subtree()


def _address(element: Element) -> str:
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value
    return ""


def _tiny(element: Element) -> bool:
    return any(
        (element.get(side) or "").removesuffix("px") in {str(n) for n in range(60)} for side in ("width", "height")
    )


def _joined(base: str | None, address: str) -> str | None:
    try:
        url = urljoin(base or "", address)
    except ValueError:
        return None
    return url if len(url) < 2000 else None


def _caption(element: Element) -> str:
    for parent in element.iterancestors("figure"):
        for caption in parent.iter("figcaption"):
            return clean(visible(caption))[:300]
    return ""
