"""Who wrote it: bylines as declared and as printed."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from licet.archive.extraction import dates
from licet.archive.extraction.page import clean, visible
from licet.archive.extraction.surnames import has_surname
from licet.archive.finding.folding import CJK, has_cjk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from licet.archive.extraction.page import Page
    from licet.archive.extraction.zones import Zones

_NAME = rf"[{CJK}·]{{2,4}}"
_NAMES = rf"{_NAME}(?:[\s、，,　]+{_NAME}){{0,5}}"
_LABELED = re.compile(
    r"(?:作者(?:[/／]来源)?|撰文|文字|(?:本报|本網|本報|本网|本刊|见习|特约|特派|驻[^\s]{2,6})?[记記]者|通[讯訊][员員]|文|稿件作者|撰稿)"
    r"\s*[:：/／|]\s*(?P<names>[^\n，。,；;|｜:：]{2,40})"
)
_TERM = re.compile(r"^(?:作者|撰文|撰稿|[记記]者)\n(?P<names>[^\n，。,；;|｜:：]{2,40})$", re.MULTILINE)
"""A label that is a cell or a term of its own, its value the next."""
_DATELINE = re.compile(
    rf"[讯訊电電]\s*[(（](?:[{CJK}]{{0,8}})?(?:[记記]者|[编編][辑輯]|作者|通[讯訊][员員]|实习[生记者]*)\s*[:：]?\s*"
    rf"(?P<names>[{CJK}·\s、　]{{2,40}})[)）]"
)
_SIGNATURE = re.compile(
    rf"[(（](?P<source>[{CJK}A-Za-z0-9]{{2,12}}?(?:社|网|报|台|刊|新闻|财经|客户端|在线))\s*(?:记者|作者|编辑)?[\s:：]+"
    rf"(?P<names>{_NAMES})\s*[)）]\s*$",
    re.MULTILINE,
)
_STAFF_LINE = re.compile(
    rf"^[□■●◎◆○\s]*[^\n。，,；;！？]{{0,18}}?(?:记者|通讯员|特约撰稿人?|撰稿)[\s:：/|]*(?P<names>{_NAMES})"
    rf"\s*(?:[{CJK}]{{2,3}}报道|文|[/／][^\n]{{0,12}})?$",
    re.MULTILINE,
)
_REPORTERS = re.compile(rf"[(（][{CJK}]{{0,6}}记者[:：\s]*(?P<names>{_NAMES})")
_END_NAMES = re.compile(
    rf"[(（]\s*(?:[{CJK}]{{0,6}}记者|通讯员|作者|文)?[:：\s]*(?P<names>{_NAMES})\s*"
    rf"(?:(?:[{CJK}]{{2,3}})?报道|发自.{{2,6}})?\s*[)）]\s*$",
    re.MULTILINE,
)
_BRACKETED = re.compile(rf"[\[【]\s*(?P<names>{_NAME})\s*[\]】]")
_EDITOR = re.compile(rf"(?:责任?编辑|责编|编辑)\s*[:：]\s*(?P<names>{_NAMES})")
_BY = re.compile(
    r"^(?:by|written by|words by|story by|posted by|author|from)\s*[:\-]?\s+(?P<names>[^\n|•]{3,100})$",
    re.IGNORECASE | re.MULTILINE,
)
_BY_AFTER_TIME = re.compile(
    r"(?:19|20)\d{2}(?:[^\n]{0,24}?)\s(?:by|By|BY)\s+(?P<names>[A-Z][\w.'’-]*(?:\s(?:(?:and|&)\s)?[A-Z][\w.'’-]*){0,6})"
)
_PERSON_EN = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]{0,20}(?:\s(?:[A-ZÀ-Þ][\w.'’-]{0,20}|de|van|von|der|la|di|del|bin|al)){1,3}"
    r"(?:(?:,|\sand|\s&)\s[A-ZÀ-Þ][\w.'’-]{0,20}(?:\s[A-ZÀ-Þ][\w.'’-]{0,20}){0,3}){0,3}"
)
_NO_NAME = re.compile(
    r"\b(?:news|published|updated|posted|share|home|comments?|read|more|min|photo|image|menu|search|login|sign|about|contact"
    r"|subscribe|follow|watch|live|latest|business|sports?|politics|world|opinion|press|reviewed|last|written|recent|posts?"
    r"|categor\w+|tags?|blog|archives?|newsletters?|privacy|policy|terms|facebook|twitter|google|january|february|march|april|june"
    r"|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_NAME_END = re.compile(r"\s*(?:[|•·/@(]|[–—]\s|\d)|(?:\b|(?<=[a-z]))(?:Published|Updated|Posted)\b")
_AUTHOR = frozenset(("author", "schema:author", "dc:creator", "creator", "dcterms:creator", "byline"))
_NEAR = 160
_SPLIT_ZH = re.compile(r"[\s、，,；;/／　]+|(?:通讯员|记者|编辑(?!部)|实习生|摄影|图片?)[:：]?")
_CUT_ZH = re.compile(r"(?:来源|责任?编辑|责编|发布|时间|(?:19|20)\d{2}|[)）(（\[【])")
_SPLIT_EN = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|;|\|)\s*")
_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "authors",
    "article.author",
    "cxenseparse:author",
    "og:article:author",
    "bytedance:author",
    "citation_author",
)
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author\w*|byline\w*|\w*author|writer|by-?name|contributor\w*|reporter)(?:$|[\s_-])", re.IGNORECASE
)
_NOT_PERSON = re.compile(
    r"^(?:https?:|www\.|@|\d|(?:the )?(?:admin|administrator|editor|root|webmaster|unknown|none|null|undefined|author"
    r"|by|staff|guest)$|updated|published|posted|follow|read|view|share|find articles"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?$|sat$|wed$"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d)|@\w|\.(?:com|cn|org|net)\b",
    re.IGNORECASE,
)
_NOT_PERSON_ZH = re.compile(r"\d|编辑(?!部)|来源|责任|记者$|时间|点击|阅读|发布|网络整理|关闭|打印|收藏|首页")
_TITLES = re.compile(r"^(?:by|written by|words by|story by|posted by|author:?)\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:[—–|•·(]|\s-\s|\d+ min).*$")
_PARTICLES = frozenset(["and", "de", "van", "von", "der", "la", "di", "&", "del", "bin", "al"])


def find(page: Page, zones: Zones, own: str, source: str | None) -> tuple[tuple[str, ...], float]:
    """Return the bylines, at most eight, and how sure they are.

    ``own`` is the text of the article's box, credits too; ``source`` is the publisher, who is no author.
    """
    rules = _chinese(page, zones, own) if page.lang == "zh" else _others(page, zones)
    for sure, names in rules:
        found = tuple(dict.fromkeys(name for name in names if _person(name, page.lang)))
        if page.lang == "zh":
            found = tuple(name for name in found if name != source)
        if found:
            return found[:8], sure
    return (), 0.0


def split(text: str, lang: str) -> tuple[str, ...]:
    """Return the names in a text that is known to name authors."""
    names = _split_zh([text]) if lang == "zh" else _split_en(text.split("、"))
    return tuple(dict.fromkeys(name for name in names if _person(name, lang)))[:8]


def _chinese(page: Page, zones: Zones, own: str) -> Iterator[tuple[float, list[str]]]:
    yield 0.95, _split_zh(_matched(_LABELED, zones.before + "\n" + zones.head))
    yield 0.93, _split_zh(_matched(_TERM, zones.before + "\n" + zones.head)[:1])
    yield 0.9, _split_zh(_matched(_DATELINE, own)[:1])
    yield 0.88, _with_surname(_matched(_STAFF_LINE, own))
    yield 0.85, _split_zh(_matched(_SIGNATURE, own)[-1:])
    yield 0.8, _split_zh(_matched(_LABELED, own))
    yield 0.75, _with_surname(_matched(_BRACKETED, zones.head))
    yield 0.7, _with_surname(_matched(_END_NAMES, own)[-1:])
    yield 0.7, _with_surname(_matched(_REPORTERS, own)[-1:])
    yield 0.65, _split_zh(_matched(_LABELED, zones.whole)[:1])
    yield 0.6, _split_zh(_declared(page))
    yield 0.5, _split_zh(page.called(_CLASS, 20))
    yield 0.4, _with_surname(_matched(_STAFF_LINE, zones.whole)[:1])
    yield 0.3, _with_surname(_matched(_EDITOR, zones.whole)[:1])


def _matched(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match["names"] for match in pattern.finditer(text)]


def _others(page: Page, zones: Zones) -> Iterator[tuple[float, list[str]]]:
    yield 0.95, _names(page.article_data.get("author"), page)
    yield 0.9, _split_en(_declared(page))
    for item in page.data:
        if item.get("@type") == "Person" and isinstance(item.get("name"), str):
            yield 0.8, [clean(item["name"])]
    yield 0.85, _split_en(islice(_marked(page), 4))
    head = f"{zones.before[-_NEAR:]}\n{zones.head}"
    yield 0.8, _split_en(m["names"] for m in _BY.finditer(head))
    yield 0.75, _split_en(m["names"] for m in _BY_AFTER_TIME.finditer(head))
    yield 0.7, _split_en(_first(page.called(_CLASS, 80)))
    printed = (m["names"] for m in _BY.finditer(zones.whole[:20_000]))
    yield 0.6, _split_en(_first(name for name in printed if _capitalized(name)))
    yield 0.5, _split_en(islice(_beside_time(zones), 1))


def _marked(page: Page) -> Iterator[str]:
    """Yield the names that microdata, RDFa and links mark as the author's."""
    for element in page.having(("rel", "itemprop", "property")):
        said = {(element.get(name) or "").lower() for name in ("rel", "itemprop", "property")}
        if not said & _AUTHOR or element.tag in {"meta", "link"}:
            continue
        names = [inner for inner in element.iter() if "name" in (inner.get("itemprop"), inner.get("property"))]
        for named in names or [element]:
            yield clean(named.get("content") or visible(named))


def _beside_time(zones: Zones) -> Iterator[str]:
    """Yield lines near the headline that have the shape of names and stand beside a date."""
    lines = [line for line in f"{zones.before[-_NEAR:]}\n{zones.head[:_NEAR]}".split("\n") if line]
    dated = [bool(dates.positions(line)) for line in lines]
    for index, line in enumerate(lines):
        name = _NAME_END.split(line)[0].strip(" -–—,")
        beside = dated[index] or any(dated[index + 1 : index + 2]) or any(dated[max(0, index - 1) : index])
        if beside and _PERSON_EN.fullmatch(name) and not _NO_NAME.search(name):
            yield name


def _with_surname(values: Iterable[str]) -> list[str]:
    """Return names that begin with a Chinese family name: for places where other words may stand as well."""
    return [name for name in _split_zh(values) if 2 <= len(name) <= 4 and has_surname(name)]


def _split_zh(values: Iterable[str]) -> list[str]:
    names: list[str] = []
    for value in values:
        names += [part.strip() for part in _SPLIT_ZH.split(_CUT_ZH.split(value)[0]) if part and part.strip()]
    return names


def _split_en(values: Iterable[str]) -> list[str]:
    names: list[str] = []
    for value in values:
        stripped = _TAIL.sub("", _TITLES.sub("", unescape(clean(value))))
        names += [part.strip(" .:-") for part in _SPLIT_EN.split(stripped) if part.strip(" .:-")]
    return names


def _capitalized(text: str) -> bool:
    words = [word for word in text.split() if word not in _PARTICLES]
    return 2 <= len(words) <= 8 and all(word[0].isupper() for word in words)


def _first(values: Iterable[str]) -> list[str]:
    return [value for value in values if not _NOT_PERSON.search(_TITLES.sub("", value))][:1]


def _declared(page: Page) -> list[str]:
    return [value for name in _META for value in page.metas(name) if value and not value.startswith("http")]


def _names(value: Any, page: Page, depth: int = 0) -> list[str]:
    """Return the names in a JSON-LD author: text, an object or a pointer to one, a list of any."""
    if depth > 3:
        return []
    if isinstance(value, str):
        return _split_en([value])
    if isinstance(value, dict):
        if "name" in value:
            return _names(value["name"], page, depth + 1)
        pointed = (item for item in page.data if item.get("@id") == value.get("@id") and "name" in item)
        return _names(next(pointed, {}).get("name"), page, depth + 1) if value.get("@id") else []
    if isinstance(value, list):
        return [name for item in value for name in _names(item, page, depth + 1)]
    return []


def _person(name: str, lang: str) -> bool:
    if _NOT_PERSON.search(name):
        return False
    if lang == "zh" and has_cjk(name):
        return 2 <= len(name) <= 12 and not _NOT_PERSON_ZH.search(name)
    return 2 < len(name) <= 60 and any(c.isalpha() for c in name) and len(name.split()) <= 7
