"""Pages that give a crawler trouble: slow, wrongly declared, cut off, broken on the server's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.demo.resources import Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOW = "/trouble/slow.html"
CHARSET = "/trouble/charset.html"
CUT = "/trouble/cut.html"
SHORT = "/trouble/short.html"
BROKEN = "/trouble/500.html"
PATHS = (SLOW, CHARSET, CUT, SHORT, BROKEN)
SLOW_SECONDS = 0.8

_HTML = "text/html; charset=utf-8"
_ENGLISH = (
    "The ferry timetable changes on the first of June",
    "The harbor ferry leaves every forty minutes from the first of June, ten minutes more often than in the spring.",
    "The last boat goes at a quarter past eleven in the evening; on days of the regatta there is one more at midnight.",
    "Tickets of the spring remain valid until they are used up, the harbor office said, and bicycles travel free.",
)
_CHINESE = (
    "湖区图书馆六月起延长开放时间",
    "湖区图书馆表示，六月起周二到周五开放到晚上九点，周末照旧，阅览室和借书处同时延长。",
    "馆方说，延长开放是读者在春季问卷里提得最多的一条，试行三个月以后再决定是否长期保留。",
    "自习区的座位改为当天预约，每人一次最多四个小时，空出来的座位会在入口的屏幕上显示。",
)


def resources() -> dict[str, Resource]:
    """Return the troublesome pages by path; each is an article that a patient reader still gets, except the broken."""
    english, chinese = _page("en", _ENGLISH), _page("zh-CN", _CHINESE)
    return {
        SLOW: Resource(english.encode(), _HTML, delay=SLOW_SECONDS),
        CHARSET: Resource(chinese.encode("gb18030"), _HTML),
        CUT: Resource(english[: english.index("Tickets of the spring") + 12].encode(), _HTML),
        SHORT: Resource(english.encode(), _HTML, sent=len(english) // 2),
        BROKEN: Resource(b"<h1>Internal error</h1>\n", _HTML, status=500),
    }


def _page(language: str, text: Sequence[str]) -> str:
    title, *paragraphs = text
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"
