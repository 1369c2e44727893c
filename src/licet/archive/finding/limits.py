"""Limits: what a search is confined to, from its options and from the words of the query (``source:财联社``)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

import msgspec

from licet.errors import BadValue

KINDS = ("place", "chip", "act", "eccn")
LANGUAGES = ("en", "zh")

FIELDS = {
    "source": "source",
    "来源": "source",
    "category": "category",
    "类别": "category",
    "分类": "category",
    "lang": "lang",
    "语言": "lang",
    "site": "site",
    "网站": "site",
    "tag": "tag",
    "标签": "tag",
    "before": "before",
    "早于": "before",
    "after": "after",
    "晚于": "after",
    "on": "on",
    "日期": "on",
    "title": "title",
    "标题": "title",
}
"""The names of filters in a query, in both languages."""

_CHINA = timezone(timedelta(hours=8))
_DAY = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?|月)?|年)?")
_SAID = {"中文": "zh", "chinese": "zh", "cn": "zh", "英文": "en", "english": "en"}


class Limit(msgspec.Struct, frozen=True):
    """One thing that must hold: a field and its value, or a range of moments (``until`` not included)."""

    field: str
    value: str = ""
    since: int | None = None
    until: int | None = None


class Filters(msgspec.Struct, frozen=True):
    """What a search is limited to; ``since`` and ``until`` are moments, the second not included.

    ``tag`` is ``kind:key`` (``place:CH``), ``site`` a host name; its subdomains count with it.
    """

    category: str | None = None
    lang: str | None = None
    since: int | None = None
    until: int | None = None
    source: str | None = None
    site: str | None = None
    tag: str | None = None

    def limits(self) -> list[Limit]:
        """Return the filters one by one; :class:`~licet.errors.BadValue` for one that nothing could meet."""
        found = (
            [Limit("moment", since=self.since, until=self.until)] if (self.since, self.until) != (None, None) else []
        )
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise BadValue("the time searched ends before it begins", fix="give the earlier day first")
        for name in ("category", "lang", "source", "site", "tag"):
            value = getattr(self, name)
            if value is not None:
                found.append(read_limit(name, value))
        return found


def read_limit(field: str, value: str) -> Limit:
    """Read the value of a filter; :class:`~licet.errors.BadValue` where it could never be met."""
    value = value.strip()
    if field in ("before", "after", "on"):
        first, after = _span(field, value)
        return Limit("moment", since=first if field != "before" else None, until=_until(field, first, after))
    if field == "lang":
        code = _SAID.get(value.lower(), value.lower())
        if code not in LANGUAGES:
            raise BadValue(f"{value!r} is no language of the archive", fix="write lang:en or lang:zh")
        return Limit("lang", code)
    if field == "tag":
        return Limit("tag", _tag(value))
    if field == "site":
        return Limit("site", _host(value))
    return Limit(field, value)


def _until(field: str, first: int, after: int) -> int | None:
    return {"before": first, "on": after, "after": None}[field]


def _span(field: str, value: str) -> tuple[int, int]:
    """Return the first moment of a year, a month or a day in China, and the first after it."""
    match = _DAY.fullmatch(value)
    wrong = BadValue(f"{value!r} is not a day", fix=f"write {field}:2025-02-28, {field}:2025-02 or {field}:2025")
    if not match:
        raise wrong
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            after = first + timedelta(days=1)
        elif month:
            after = (first + timedelta(days=32)).replace(day=1)
        else:
            after = date(first.year + 1, 1, 1)
        return _moment(first), _moment(after)
    except (ValueError, OverflowError) as error:
        raise wrong from error


def _moment(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_CHINA).timestamp())


def _tag(value: str) -> str:
    kind, colon, key = value.partition(":")
    if not colon or kind.lower() not in KINDS or not key.strip():
        raise BadValue(f"{value!r} is no tag", fix="write tag:place:CH, tag:chip:h100-sxm, tag:act:… or tag:eccn:3A090")
    return f"{kind.lower()}:{key.strip().lower()}"


def _host(value: str) -> str:
    host = (
        value.lower().removeprefix("https://").removeprefix("http://").split("/")[0].split(":")[0].removeprefix("www.")
    )
    if not host or "." not in host.strip("."):
        raise BadValue(f"{value!r} is no host", fix="write site:news.example")
    return host.strip(".")
