"""Time zones: as pages print them; where none is printed the source's, the address's country's, the language's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from licet.errors import BadValue

CHINA = timezone(timedelta(hours=8))

# Abbreviations that news sites print; CST is the American one on a page that is not Chinese.
_FIXED = {
    "Z": 0.0,
    "GMT": 0.0,
    "UTC": 0.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
    "BST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "IST": 5.5,
    "SGT": 8.0,
    "HKT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
}
_NAMED = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
PRINTED = r"Z|[+-]\d{2}:?\d{2}|GMT|UTC|AE[SD]T|NZ[SD]T|[ECMP][SD]T|[ECMP]T|BST|CES?T|IST|SGT|HKT|JST|KST"
"""How a zone is printed after a clock, for a regular expression."""

# Countries with one zone, or nearly, by the end of a host name.
_COUNTRIES = {
    "cn": "Asia/Shanghai",
    "tw": "Asia/Taipei",
    "hk": "Asia/Hong_Kong",
    "mo": "Asia/Macau",
    "sg": "Asia/Singapore",
    "my": "Asia/Kuala_Lumpur",
    "jp": "Asia/Tokyo",
    "kr": "Asia/Seoul",
    "in": "Asia/Kolkata",
    "uk": "Europe/London",
    "ie": "Europe/Dublin",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "nl": "Europe/Amsterdam",
    "ch": "Europe/Zurich",
    "at": "Europe/Vienna",
    "it": "Europe/Rome",
    "za": "Africa/Johannesburg",
    "nz": "Pacific/Auckland",
}


@lru_cache(maxsize=256)
def named(zone: str) -> tzinfo:
    """Return the zone of an IANA name; :class:`~licet.errors.BadValue` if there is none of that name."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadValue(f"there is no time zone {zone!r}", fix="give an IANA name, such as Asia/Shanghai") from None


def known(zone: str | None) -> bool:
    """Say whether there is a zone of this name."""
    return zone is not None and _or_none(zone) is not None


def printed(text: str, lang: str) -> tzinfo | None:
    """Return the zone printed after a clock (``+08:00``, ``GMT``, ``EDT``, ``ET``); None for any other text."""
    name = text.strip().upper()
    if lang == "zh" and name == "CST":
        return CHINA
    if name in _NAMED:
        return _or_none(_NAMED[name])
    if name in _FIXED:
        return UTC if not _FIXED[name] else timezone(timedelta(hours=_FIXED[name]))
    digits = name[1:].replace(":", "")
    if name[:1] not in {"+", "-"} or len(digits) != 4 or not digits.isdecimal():
        return None
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        return None
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)


def usual(url: str | None, lang: str) -> tzinfo:
    """Return the zone of a page that names none: its country's by the address, China's for a Chinese page, else UTC."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    country = _COUNTRIES.get(host.rpartition(".")[2])
    return (_or_none(country) if country else None) or (CHINA if lang == "zh" else UTC)


def _or_none(name: str) -> tzinfo | None:
    try:
        return named(name)
    except BadValue:
        return None  # this system has no table of zones


def moment(printed_time: str, zone: tzinfo) -> str:
    """Return a printed time in RFC 3339 with its zone."""
    return datetime.fromisoformat(printed_time).replace(tzinfo=zone).isoformat()
