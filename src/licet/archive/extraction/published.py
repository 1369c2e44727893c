"""When it was published: what the page prints near the headline, what it declares, what its scripts and address say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from licet.archive.extraction import dates
from licet.archive.extraction.page import clean, visible

if TYPE_CHECKING:
    from licet.archive.extraction.dates import Moment
    from licet.archive.extraction.page import Element, Page
    from licet.archive.extraction.zones import Zones

_META = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish-date",
    "publish_date",
    "publishtime",
    "publish_time",
    "publishedtime",
    "article.published",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "date_published",
    "og:pubdate",
    "og:release_date",
    "weibo:article:create_at",
    "apub:time",
    "_pubtime",
    "pub_date",
    "date",
    "article:create_at",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "bytedance:published_time",
    "citation_publication_date",
    "citation_online_date",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.created",
    "rnews:datepublished",
    "og:article:published",
    "article.created",
    "date.issued",
    "article_date_original",
    "firstpublishedtime",
    "releasedate",
    "citation_date",
)
_LABEL = re.compile(
    r"(?:发布(?:时间|日期|于)|发表(?:时间|日期|于)|刊发时间|时间|日期|發布時間|發佈時間|posted(?: on)?"
    r"|published(?: on)?|publication date|first published)\s*[:：]?\s*",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:pub\w*|time\w*|date\w*|\w*time|\w*date|info|meta|source|origin|pubtime|post-?meta|byline|timestamp)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SCRIPT_TEXT = re.compile(
    r"""(?:publish_?(?:ed)?_?(?:time|date|at)|pub_?(?:time|date)|ptime|create_?time|newstime|datePublished|pubDate|publicationDate|date_published|published_?At|newsTime|post_?time)["']?\s*[:=]\s*["'](?P<text>[^"']{8,40})["']""",
    re.IGNORECASE,
)
_SCRIPT_SECONDS = re.compile(
    r"""(?<![A-Za-z])(?:publish_?(?:ed)?_?(?:time|date|at)|pub_?(?:time|date)|ptime|create_?time|ct|svr_time|ori_create_time)["']?\s*[:=]\s*["']?(?P<seconds>1\d{9})(?:\d{3})?\b""",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:news|article)?_?(?:publish_?(?:ed)?_?(?:time|date|at)|pub_?(?:time|date)|ptime|post_?time|release_?(?:time|date))",
    re.IGNORECASE,
)
_DATA = (
    "data-published",
    "data-publish-time",
    "data-publish-date",
    "data-pubdate",
    "data-pubtime",
    "data-timestamp",
)
_SECONDS = re.compile(r"(1\d{9})(?:\d{3})?")
_LOOKED = 4
_BESIDE = 90
_PROPERTIES = frozenset(
    ("datepublished", "schema:datepublished", "dc:date", "dcterms:date", "dc:issued", "dcterms:issued")
)
_ADDRESS = re.compile(
    r"/(?P<year>(?:19|20)\d{2})[-/_]?(?P<month>0[1-9]|1[0-2]|[1-9](?=[-/_]))[-/_]?(?P<day>[0-2]\d|3[01]|[1-9](?=[-/_]))(?=[/_.-]|$)"
)
_MODIFIED = re.compile(r"(?:update|modif|修改|更新|快照|抓取|截止|截至)", re.IGNORECASE)


_Rule = Callable[["Page", "Zones"], Iterator["Moment"]]


def find(page: Page, zones: Zones) -> tuple[Moment | None, float]:
    """Return the time of publication and how sure it is: the first rule's day, with the best clock for that day."""
    best: Moment | None = None
    sure = 0.0
    for rank, rule in enumerate(_rules(page.lang)):
        for moment in rule(page, zones):
            if best is None:
                best, sure = moment, max(0.3, 0.95 - 0.08 * rank)
            elif moment.day == best.day and moment.clock and not _midnight(moment):
                return moment, sure
            if best.clock and not _midnight(best):
                return best, sure
    return best, sure


def _rules(lang: str) -> tuple[_Rule, ...]:
    """Return the rules, the surest first. A Chinese page prints the local time; what it declares is often not that."""
    last: tuple[_Rule, ...] = (_in_address, _anywhere)
    if lang == "zh":
        near: tuple[_Rule, ...] = (_near_title, _labeled_near, _declared, _changed)
        return (*near, _labeled, _classed, _in_time_tags, _before_title, _in_scripts, _in_fields, *last)
    return (
        _shown_or_declared,
        _declared,
        _in_time_tags,
        _labeled,
        _near_title,
        _classed,
        _in_scripts,
        _in_fields,
        _before_title,
        *last,
    )


def _midnight(moment: Moment) -> bool:
    return moment.clock[:5] == "00:00"


def _declared(page: Page, _: Zones) -> Iterator[Moment]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        value: Any = page.article_data.get(name)
        if isinstance(value, str) and (moment := dates.find(value)):
            yield moment
    for name in _META:
        value = page.meta.get(name)
        if value and (moment := dates.find(value) or dates.compact(value)):
            yield moment
    for item in page.data:
        value = item.get("datePublished")
        if isinstance(value, str) and (moment := dates.find(value)):
            yield moment


def _in_time_tags(page: Page, _: Zones) -> Iterator[Moment]:
    marked = [e for e in page.having(("itemprop", "property", "pubdate")) if _tells_time(e)]
    for element in [*marked, *page.root.iter("time")][:8]:
        value = element.get("datetime") or element.get("content") or clean(visible(element))
        yield from _value(value or "", page)


def _tells_time(element: Element) -> bool:
    named = (element.get("itemprop") or element.get("property") or "").lower()
    return element.tag != "meta" and (named in _PROPERTIES or element.get("pubdate") is not None)


def _near_title(_: Page, zones: Zones) -> Iterator[Moment]:
    """Yield the first time after the headline that is not said to be of a change."""
    passed = 0
    for start, end, moment in dates.positions(zones.head):
        line = zones.head.rfind("\n", 0, start) + 1, zones.head.find("\n", end) % (len(zones.head) + 1)
        said = _MODIFIED.search(zones.head[max(line[0], passed, start - 24) : start]) or (
            line[0] == start and _MODIFIED.search(zones.head[max(0, start - 16) : start])
        )
        if not said and line[1] - line[0] - (end - start) <= _BESIDE:
            yield moment
            return
        passed = end


def _shown_or_declared(page: Page, zones: Zones) -> Iterator[Moment]:
    """Yield what the page declares, unless it prints another day beside the headline: then that."""
    line_before = zones.before.rstrip("\n").rsplit("\n", 1)[-1]
    shown = next(_near_title(page, zones), None) or dates.find(line_before)
    declared = next(_declared(page, zones), None)
    if shown is None or declared is None:
        return
    apart = abs(date.fromisoformat(shown.day) - date.fromisoformat(declared.day))
    yield declared if apart <= timedelta(days=1) else shown


def _changed(_: Page, zones: Zones) -> Iterator[Moment]:
    """Yield the time of a change that is printed near the headline: better than a time from elsewhere."""
    yield from dates.find_all(zones.head)[:1]


def _before_title(_: Page, zones: Zones) -> Iterator[Moment]:
    found = dates.find_all(zones.before)
    if found:
        yield found[-1]


def _labeled(_: Page, zones: Zones) -> Iterator[Moment]:
    return _after_label(zones.whole)


def _labeled_near(_: Page, zones: Zones) -> Iterator[Moment]:
    return _after_label(zones.before + "\n" + zones.head)


def _after_label(text: str) -> Iterator[Moment]:
    for match in _LABEL.finditer(text):
        if _MODIFIED.search(text[max(0, match.start() - 4) : match.end()]):
            continue
        near = dates.positions(text[match.end() : match.end() + 40])
        if near and near[0][0] <= 3:
            yield near[0][2]
            return


def _classed(page: Page, _: Zones) -> Iterator[Moment]:
    looked = 0
    for element in page.root.iter("span", "div", "p", "em", "i", "b", "td", "li", "a", "abbr", "small", "font"):
        called = f"{element.get('class') or ''} {element.get('id') or ''}"
        if called == " " or not _CLASS.search(called):
            continue
        text = clean(visible(element))
        if len(text) < 160 and (moment := dates.find(text)):
            yield moment
            looked += 1
            if looked > 2:
                return


def _in_scripts(page: Page, _: Zones) -> Iterator[Moment]:
    for match in _SCRIPT_TEXT.finditer(page.scripts):
        if moment := dates.find(match["text"]):
            yield moment
            break
    for match in _SCRIPT_SECONDS.finditer(page.scripts):
        if moment := dates.from_seconds(int(match["seconds"]), page.local):
            yield moment
            break


def _in_fields(page: Page, _: Zones) -> Iterator[Moment]:
    """Yield the times that hidden fields of forms and ``data-`` attributes state."""
    for element in page.root.iter("input"):
        if _FIELD.fullmatch(element.get("name") or "") or _FIELD.fullmatch(element.get("id") or ""):
            yield from _value(element.get("value") or "", page)
    for element in islice(page.having(_DATA), _LOOKED):
        for name in _DATA:
            yield from _value(element.get(name) or "", page)


def _value(text: str, page: Page) -> Iterator[Moment]:
    seconds = _SECONDS.fullmatch(text.strip())
    moment = dates.from_seconds(int(seconds[1]), page.local) if seconds else dates.find(text[:80])
    if moment:
        yield moment


def _in_address(page: Page, _: Zones) -> Iterator[Moment]:
    canonical = page.root.xpath("string(//link[@rel='canonical']/@href)")
    for address in (page.url, page.meta.get("og:url"), canonical):
        if not isinstance(address, str):
            continue
        match = _ADDRESS.search(address)
        if match and (moment := dates.find("-".join(match.groups()))):
            yield moment
            return


def _anywhere(_: Page, zones: Zones) -> Iterator[Moment]:
    found = dates.find_all(zones.whole[:30_000])
    with_clock = [moment for moment in found if moment.clock]
    if with_clock or found:
        yield (with_clock or found)[0]
