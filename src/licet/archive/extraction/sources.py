"""Who published it: the 来源 of a Chinese page, the site of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from licet.archive.extraction import dates
from licet.archive.extraction.page import clean
from licet.archive.finding.folding import has_cjk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from licet.archive.extraction.page import Page
    from licet.archive.extraction.zones import Zones

_SOURCE = re.compile(
    r"(?:文章来源|稿件来源|信息来源|新闻来源|本文来源|来源|來源|稿源|来自|出处|转载自|转自)\s*于?\s*"
    r"(?:[:：]\s*|(?<=^[来來]源\n))(?P<name>[^\n|｜]{2,60})",
    re.MULTILINE,
)
_NAME_END = re.compile(
    r"\s*(?:作者|记者|责任?编辑|责编|编辑|发布|时间|日期|阅读|点击|浏览|字[号体]|评论|分享|我要|收藏|打印|订阅|手机|人气|参与|类别|栏目|原标题"
    r"|(?:19|20)\d{2}[-年./]|\d+\s*(?:次|人|条)|[\[【〔《》】\]|｜]|[)）](?!.)|$)"
)
_META = (
    "source",
    "mediaid",
    "article:source",
    "og:article:source",
    "contentsource",
    "news_source",
    "copyright_source",
)
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:source\w*|origin\w*|media\w*|\w*source|\w*media|laiyuan|ly|copyfrom|from|site-?name|account\w*"
    r"|nickname|writer)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AFTER_TIME = re.compile(r"^[\s|｜·/,，]*(?P<name>[^\s|｜:：，。,]{2,16})")
_NOT_SOURCE = re.compile(
    r"^(?:字号|大小|评论|分享|收藏|阅读|点击|浏览|打印|我要|我有话|订阅|手机|微信|微博|参与|[来來]源|作者|撰文|[责責]任|[编編][辑輯]|[发發][布佈]|关注|[大中小]$|首页|正文|举报"
    r"|原创|星期.|[\d()（）:：]+$|[\W_]+$|\d+\s*(?:人|次|条|评|阅))",
    re.IGNORECASE,
)
_NOT_IN_NAME = re.compile(r"[:：，。]|时间|日期|更新|发布|\.[a-z]{2,}", re.IGNORECASE)
_PUBLISHER_END = re.compile(r"(?:网|报|社|新闻|在线|频道|周刊|杂志)$")


def find(page: Page, zones: Zones) -> tuple[str | None, float]:
    """Return the publisher that the page names, and how sure it is; for a page that is not Chinese the site's name."""
    if page.lang != "zh":
        name = _publisher(page) or page.meta.get("og:site_name")
        return (name, 0.6) if name else (None, 0.0)
    for sure, names in _ranked(page, zones):
        for name in names:
            found = named(name)
            if found:
                return found, sure
    return None, 0.0


def _ranked(page: Page, zones: Zones) -> Iterator[tuple[float, Iterable[str]]]:
    yield 0.95, (m["name"] for m in _SOURCE.finditer(zones.before + "\n" + zones.head))
    yield 0.9, _before_time(zones.head)
    yield 0.9, page.called(_CLASS, 40)
    yield 0.85, (page.meta[name] for name in _META if name in page.meta)
    yield 0.8, (m["name"] for m in _SOURCE.finditer(zones.whole))
    yield 0.6, _after_time(zones.head)
    yield 0.4, filter(None, (_publisher(page), page.meta.get("og:site_name"), _title_end(page)))


def _before_time(head: str) -> Iterator[str]:
    """Yield what stands before the time on its line: some pages print the publisher there, without a label."""
    for start, _, _moment in dates.positions(head)[:1]:
        name = head[:start].rsplit("\n", 1)[-1].strip(" |｜·")
        if 2 <= len(name) <= 16 and not _NOT_IN_NAME.search(name):
            yield name


def _after_time(head: str) -> Iterator[str]:
    for _, end, moment in dates.positions(head)[:1]:
        match = _AFTER_TIME.match(head[end : end + 40])
        if moment.clock and match:
            yield match["name"]


def _title_end(page: Page) -> str | None:
    """Return the part of the page's title after the headline that reads like the name of a publisher."""
    parts = re.split(r"\s*[-_|–—]+\s*", clean((page.root.findtext(".//title") or "")[:1_000]))
    return next((part for part in parts[1:] if _PUBLISHER_END.search(part)), None)


def named(text: str) -> str | None:
    """Return the name in what stands after the label, without what follows it; None if it cannot be a name."""
    text = re.sub(r"^.*?(?:[来來]源|稿源)\s*[:：]\s*", "", clean(text))
    end = _NAME_END.search(text)
    name = clean(text[: end.start()] if end else text)
    name = re.sub(r"[(（][^()（）]{0,8}[)）]?$", "", name).strip("()（）[]【】-—:： ,，。")
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
