"""Who wrote it and who published it: bylines and sources, as declared and as printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from licet.archive.extraction.page import clean, visible
from licet.archive.folding import CJK, has_cjk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from licet.archive.extraction.page import Page
    from licet.archive.extraction.zones import Zones

_SOURCE = re.compile(
    r"(?:文章来源|稿件来源|信息来源|新闻来源|本文来源|来源|來源|稿源|来自|出处|转自|转载自)\s*[:：]\s*(?P<name>[^\n|｜]{2,60})"
)
_NAME_END = re.compile(
    r"\s*(?:作者|记者|责任?编辑|责编|编辑|发布|时间|日期|阅读|点击|浏览|字[号体]|评论|分享|我要|收藏|打印|订阅|手机|人气|参与|类别|栏目|原标题|(?:19|20)\d{2}[-年./]|\d+\s*(?:次|人|条)|[\[【〔《》】\]|｜]|[)）](?!.)|$)"
)
_SOURCE_META = (
    "source",
    "mediaid",
    "article:source",
    "og:article:source",
    "contentsource",
    "news_source",
    "copyright_source",
)
_SOURCE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:source\w*|origin\w*|media\w*|\w*source|\w*media|laiyuan|ly|copyfrom|from|site-?name|account\w*|nickname|writer)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AFTER_TIME = re.compile(r"^[\s|｜·/,，]*(?P<name>[^\s|｜:：，。,]{2,16})")
_NOT_SOURCE = re.compile(
    r"^(?:字号|大小|评论|分享|收藏|阅读|点击|浏览|打印|我要|订阅|手机|微信|微博|参与|来源|作者|责任|编辑|发布|关注|大|中|小|首页|正文|举报|原创|星期.|[\d()（）]+|[\W_]+|\d.*)",
    re.IGNORECASE,
)
_AUTHOR_ZH = re.compile(
    r"(?:作者(?:[/／]来源)?|撰文|文字|(?:本报|本网|本刊|见习|特约|特派|驻[^\s]{2,6})?记者|通讯员|文|稿件作者|撰稿)\s*[:：/／|]\s*(?P<names>[^\n，。,；;|｜:：]{2,40})"
)
_STAFF = re.compile(rf"(?:记者|作者|通讯员|文/|编辑)\s*(?P<names>[{CJK}·]{{2,4}}(?:[\s、　]+[{CJK}·]{{2,4}}){{0,4}})")
_DATELINE = re.compile(
    rf"[讯电]\s*[(（](?:[{CJK}]{{0,8}})?(?:记者|编辑|作者|通讯员|实习[生记者]*)\s*[:：]?\s*(?P<names>[{CJK}·\s、　]{{2,40}})[)）]"
)
_SIGNATURE = re.compile(
    rf"[(（](?P<source>[{CJK}A-Za-z0-9]{{2,12}}?)\s*(?:记者|作者|编辑)?[\s:：]+(?P<names>[{CJK}·]{{2,4}}(?:[\s、　]+[{CJK}·]{{2,4}}){{0,3}})[)）]\s*$",
    re.MULTILINE,
)
_BY = re.compile(
    r"^(?:by|written by|words by|story by|posted by|author|from)\s*[:\-]?\s+(?P<names>[^\n|•]{3,100})$",
    re.IGNORECASE | re.MULTILINE,
)
_SPLIT_ZH = re.compile(r"[\s、，,；;/／　]+|(?:通讯员|记者|编辑|实习生|摄影|图片?)[:：]?")
_SPLIT_EN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|;|\|)\s*")
_AUTHOR_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "authors",
    "article.author",
    "twitter:creator_name",
    "cxenseparse:author",
    "og:article:author",
    "bytedance:author",
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author\w*|byline\w*|\w*author|writer|by-?name|contributor\w*|reporter)(?:$|[\s_-])", re.IGNORECASE
)
_NOT_PERSON = re.compile(
    r"^(?:https?:|www\.|@|\d|admin$|administrator$|editor$|root$|webmaster$|unknown|none$|null$|undefined|author$|by$|staff$|updated|published|posted|follow|read|view)|@\w|\.(?:com|cn|org|net)\b|facebook\.com",
    re.IGNORECASE,
)
_TITLES = re.compile(r"^(?:by|written by|words by|story by|posted by|author:?)\s+", re.IGNORECASE)


def source(page: Page, zones: Zones) -> tuple[str | None, float]:
    """Return the publisher that the page names (来源) and how sure it is; for other pages the site's name."""
    if page.lang != "zh":
        name = _publisher(page) or page.meta.get("og:site_name")
        return (name, 0.6) if name else (None, 0.0)
    for sure, names in _chinese_sources(page, zones):
        for name in names:
            found = _source_name(name)
            if found:
                return found, sure
    return None, 0.0


def _chinese_sources(page: Page, zones: Zones) -> Iterator[tuple[float, Iterable[str]]]:
    yield 0.95, (m["name"] for m in _SOURCE.finditer(zones.before + "\n" + zones.head))
    yield 0.9, _classed(page, _SOURCE_CLASS, 40)
    yield 0.85, (page.meta[name] for name in _SOURCE_META if name in page.meta)
    yield 0.8, (m["name"] for m in _SOURCE.finditer(zones.whole))
    yield 0.6, _after_time(zones.head)
    yield 0.4, (name for name in (_publisher(page), page.meta.get("og:site_name")) if name)


def _classed(page: Page, called: re.Pattern[str], longest: int) -> Iterator[str]:
    for element in page.root.iter("span", "a", "div", "p", "em", "i", "b", "strong", "td", "li", "address", "h4", "h5"):
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        if names.strip() and called.search(names):
            text = clean(visible(element))
            if 1 < len(text) <= longest:
                yield text


def _after_time(head: str) -> Iterator[str]:
    from licet.archive.extraction import dates  # noqa: PLC0415 - needed by this rule alone

    for _, end, moment in dates.positions(head)[:1]:
        match = _AFTER_TIME.match(head[end : end + 40])
        if moment.clock and match:
            yield match["name"]


def _source_name(text: str) -> str | None:
    text = re.sub(r"^.*?(?:来源|來源|稿源)\s*[:：]\s*", "", clean(text))
    end = _NAME_END.search(text)
    name = clean(text[: end.start()] if end else text).strip("()（）[]【】-—:： ,，。")
    if not 2 <= len(name) <= 30 or _NOT_SOURCE.match(name) or re.search(r"https?:|[。！？]", name):
        return None
    if re.search(r"(?:19|20)\d{2}[-年./]\d", name):
        return None
    return name.split(" ")[0] if has_cjk(name) else name


def _publisher(page: Page) -> str | None:
    value: Any = page.article_data.get("publisher")
    if isinstance(value, list):
        value = value[0] if value else None
    name = value.get("name") if isinstance(value, dict) else value
    return clean(name) if isinstance(name, str) and clean(name) else None


def authors(page: Page, zones: Zones, body: str, source_name: str | None) -> tuple[tuple[str, ...], float]:
    """Return the bylines and how sure they are."""
    rules = _chinese_authors(page, zones, body) if page.lang == "zh" else _english_authors(page, zones)
    for sure, names in rules:
        found = tuple(dict.fromkeys(name for name in names if _person(name, page.lang) and name != source_name))
        if found:
            return found[:8], sure
    return (), 0.0


def _chinese_authors(page: Page, zones: Zones, body: str) -> Iterator[tuple[float, list[str]]]:
    near = zones.before + "\n" + zones.head
    yield 0.95, _split_zh(m["names"] for m in _AUTHOR_ZH.finditer(near))
    yield 0.9, _split_zh(m["names"] for m in _DATELINE.finditer(zones.whole))
    yield 0.85, _split_zh(m["names"] for m in _SIGNATURE.finditer(zones.whole))
    yield 0.8, _split_zh(m["names"] for m in _AUTHOR_ZH.finditer(zones.whole))
    yield 0.8, _split_zh(m["names"] for m in _STAFF.finditer(body[:300] + "\n" + body[-200:]))
    yield 0.6, _split_zh(_declared_authors(page))
    yield 0.5, _split_zh(_classed(page, _AUTHOR_CLASS, 20))


def _split_zh(values: Iterable[str]) -> list[str]:
    names = []
    for value in values:
        cut = re.split(r"(?:来源|责任?编辑|责编|发布|时间|(?:19|20)\d{2}|[)）(（\[【])", value)[0]
        names += [part.strip() for part in _SPLIT_ZH.split(cut) if part and part.strip()]
    return names


def _english_authors(page: Page, zones: Zones) -> Iterator[tuple[float, list[str]]]:
    yield 0.95, _names(page.article_data.get("author"))
    yield 0.9, _split_en(_declared_authors(page))
    for item in page.data:
        kind = item.get("@type")
        if kind == "Person" and isinstance(item.get("name"), str):
            yield 0.8, [clean(item["name"])]
    marked = page.root.xpath("//*[@rel='author' or @itemprop='author']")
    yield 0.85, _split_en(clean(visible(element)) for element in marked[:4])
    yield 0.8, _split_en(m["names"] for m in _BY.finditer(zones.head))
    yield 0.7, _split_en(_first(_classed(page, _AUTHOR_CLASS, 80)))
    yield 0.5, _split_en(_first(m["names"] for m in _BY.finditer(zones.whole[:20_000])))


def _first(values: Iterable[str]) -> list[str]:
    return [value for value in values if not _NOT_PERSON.search(_TITLES.sub("", value))][:1]


def _declared_authors(page: Page) -> list[str]:
    return [value for name in _AUTHOR_META for value in page.metas(name) if value and not value.startswith("http")]


def _names(value: Any) -> list[str]:
    """Return the names in a JSON-LD author: text, an object, a list of either."""
    if isinstance(value, str):
        return _split_en([value])
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return []


def _split_en(values: Iterable[str]) -> list[str]:
    names = []
    for value in values:
        stripped = _TITLES.sub("", clean(value))
        names += [part.strip(" .:-") for part in _SPLIT_EN.split(stripped) if part.strip(" .:-")]
    return names


def _person(name: str, lang: str) -> bool:
    if _NOT_PERSON.search(name):
        return False
    if lang == "zh" and has_cjk(name):
        return 2 <= len(name) <= 12 and not re.search(r"[\d]|编辑|来源|责任|记者$|时间|点击|阅读|发布", name)
    return 2 < len(name) <= 60 and any(c.isalpha() for c in name) and len(name.split()) <= 7
