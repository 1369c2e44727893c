"""Publication times, as Chinese and English pages print them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

import msgspec

from licet.archive.extraction import timezones
from licet.archive.extraction.timezones import PRINTED

_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
_MONTH_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_HAN_YEAR = r"[〇零○一二三四五六七八九]{4}"
_HAN_NUMBER = "[〇零一二三四五六七八九十]{1,3}"
_CLOCK = (
    r"(?:\s*[T,，|·\-]?\s*(?:at\s+)?(?:星期[一二三四五六日天]|周[一二三四五六日])?\s*(?P<half>上午|下午|晚上|凌晨|中午)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:：]|时|時|点)\s*(?P<minute>\d{2})(?:分)?(?:(?:[:：]|(?<=分))\s*(?P<second>\d{2})(?!\d)(?:\.\d+)?秒?)?"
    r"(?:\s*(?P<ampm>[ap]\.?m\.?)(?![a-z]))?"
    rf"(?:\s*\(?(?P<zone>{PRINTED})(?![\d:A-Za-z]))?)?"
)
_NUMERIC = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*(?P<sep>[-/.年])\s*(?P<month>\d{1,2})\s*(?:[-/.月])\s*(?P<day>\d{1,2})(?:(?!\d)|(?=\d{2}:\d{2}))\s*[日号號]?"
    + _CLOCK,
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d)")
_HAN = re.compile(
    rf"(?P<year>{_HAN_YEAR})\s*年\s*(?P<month>{_HAN_NUMBER})\s*月\s*(?P<day>{_HAN_NUMBER})\s*[日号]" + _CLOCK
)
_MINGUO = re.compile(r"民[国國]\s*(?P<year>\d{2,3})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日" + _CLOCK)
_MONTH_NAME = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_ENGLISH_CLOCK = (
    r"(?:[\s,|·•–—-]*(?:at\s+|updated\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s*(?P<ampm>[ap]\.?m\.?)(?![a-z]))?"
    rf"(?:\s*\(?(?P<zone>{PRINTED})(?![\d:A-Za-z]))?)?"
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>(?:19|20)\d{{2}})(?:(?!\d)|(?=\d{{1,2}}:\d{{2}}))"
    + _ENGLISH_CLOCK,
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH_NAME}[\s,-]+(?P<year>(?:19|20)\d{{2}})(?:(?!\d)|(?=\d{{1,2}}:\d{{2}}))"
    + _ENGLISH_CLOCK,
    re.IGNORECASE,
)
_YEAR_MONTH = re.compile(rf"\b(?P<year>(?:19|20)\d{{2}})\s+{_MONTH_NAME}\s+(?P<day>\d{{1,2}})\b(?!:)", re.IGNORECASE)
_DAY_FIRST = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>20\d{2})(?!\d)(?:\s*[-–—,]\s*)?" + _CLOCK, re.IGNORECASE
)
_REACH = 40
_FORMS = (_NUMERIC, _HAN, _MINGUO, _MONTH_DAY, _DAY_MONTH, _YEAR_MONTH, _DAY_FIRST)
_GLUED = re.compile(r"(?P<hour>\d{2}):(?P<minute>\d{2})(?P<year>20\d{2})/(?P<month>\d{2})/(?P<day>\d{2})")
_CLOCK_BEFORE = re.compile(
    rf"(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?(?:\s?(?P<ampm>[ap]\.?m\.?))?"
    rf"(?:\s\(?(?P<zone>{PRINTED})\)?)?(?:\s+on)?[\s,，|·•–—-]{{1,4}}(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?,?\s)?$",
    re.IGNORECASE,
)


class Moment(msgspec.Struct, frozen=True):
    """A time as printed: ``day`` is ``YYYY-MM-DD``, ``clock`` ``HH:MM[:SS]`` or empty, ``zone`` as printed or empty."""

    day: str
    clock: str = ""
    zone: str = ""

    @property
    def printed(self) -> str:
        """``YYYY-MM-DD[ HH:MM[:SS]]``."""
        return f"{self.day} {self.clock}".strip()

    def at(self, lang: str, zone: tzinfo) -> str | None:
        """Return RFC 3339 with the zone printed, else ``zone``; None without a clock."""
        return timezones.moment(self.printed, timezones.printed(self.zone, lang) or zone) if self.clock else None


def find(text: str) -> Moment | None:
    """Return the first time in ``text``; a date that cannot be is passed over."""
    return next(iter(find_all(text)), None)


def find_all(text: str) -> list[Moment]:
    """Return every time in ``text`` in its order."""
    return [moment for _, _, moment in positions(text)]


def positions(text: str) -> list[tuple[int, int, Moment]]:
    """Return every time in ``text`` with where it begins and ends, in order."""
    found: list[tuple[int, int, Moment]] = []
    taken = 0
    glued = _GLUED.search(text)
    if glued and (moment := _moment(glued)):
        return [(*glued.span(), moment)]
    matches = sorted((m for form in _FORMS for m in form.finditer(text)), key=lambda m: (m.start(), -m.end()))
    for match in matches:
        moment = _moment(match)
        if moment and match.start() >= taken:
            if not moment.clock:
                moment = _with_clock_before(moment, text[max(taken, match.start() - _REACH) : match.start()])
            found.append((*match.span(), moment))
            taken = match.end()
    return found


def _with_clock_before(moment: Moment, before: str) -> Moment:
    """Return the moment with the clock that stands before its date: ``14:28, 28 February 2025``."""
    match = _CLOCK_BEFORE.search(before)
    if not match or int(match["minute"]) > 59:
        return moment
    clock = _clock(int(match["hour"]), match["minute"], match["second"], match["ampm"] or "")
    return Moment(moment.day, clock, (match["zone"] or "") if clock else "")


def compact(text: str) -> Moment | None:
    """Return a date written ``20250228``, as addresses and some meta have it."""
    match = _COMPACT.search(text)
    return _moment(match) if match else None


def from_seconds(seconds: int, zone: tzinfo) -> Moment | None:
    """Return the moment of a Unix time, as a clock in ``zone`` shows it; None outside 1995 to 2100."""
    if not 788_918_400 <= seconds <= 4_102_444_800:
        return None
    time = datetime.fromtimestamp(seconds, zone)
    return Moment(time.strftime("%Y-%m-%d"), time.strftime("%H:%M:%S"), _offset(time))


def _offset(time: datetime) -> str:
    return time.strftime("%z")


def _moment(match: re.Match[str]) -> Moment | None:
    parts = match.groupdict()
    year, month, day = _year(match), _number(parts["month"]), _number(parts["day"])
    if match.re is _DAY_FIRST and month > 12:
        month, day = day, month  # the American order, where no other is possible
    hour, minute = parts.get("hour"), parts.get("minute")
    try:
        time = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    if not 1990 <= year <= 2100:
        return None
    clock = ""
    if hour and minute and int(minute) < 60:
        clock = _clock(int(hour), minute, parts.get("second"), parts.get("half") or parts.get("ampm") or "")
    return Moment(time.strftime("%Y-%m-%d"), clock, (parts.get("zone") or "") if clock else "")


def _clock(hour: int, minute: str, second: str | None, half: str) -> str:
    half = half.lower().replace(".", "")
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    if half in {"am", "凌晨"} and hour == 12:
        hour = 0
    if hour > 23:
        return ""
    return f"{hour:02d}:{minute}" + (f":{second}" if second and int(second) < 60 else "")


def _year(match: re.Match[str]) -> int:
    year = match.group("year")
    if match.re is _MINGUO:
        return int(year) + 1911
    return int("".join(_DIGITS.get(c, c) for c in year))


def _number(text: str) -> int:
    """Read ``28``, ``二十八``, ``〇二`` or a month's name."""
    if text.isdecimal():
        return int(text)
    if text.lower() in _MONTHS:
        return _MONTHS[text.lower()]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
    return int("".join(_DIGITS.get(c, "0") for c in text))
