"""Moments as Memento and web archives write them: RFC 1123 dates in headers, 14 digits in addresses."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import format_datetime, parsedate_to_datetime

from licet.errors import BadValue

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE)
_FIRST = "00010101000000"
LONGEST_DATE = 100


def header_date(moment: dt.datetime) -> str:
    """Return a moment as HTTP headers write it: ``Sat, 01 Mar 2025 09:30:05 GMT``."""
    return format_datetime(moment.astimezone(dt.UTC).replace(microsecond=0), usegmt=True)


def read_date(text: str) -> dt.datetime:
    """Read an ``Accept-Datetime``: RFC 1123, and as well the older HTTP forms and RFC 3339; without a zone it is UTC.

    :class:`BadValue` for anything else (RFC 7089, 4.5.3: answered with 400).
    """
    cleaned = text.strip()
    if len(cleaned) > LONGEST_DATE or not cleaned.isascii():
        cleaned = ""
    try:
        found = dt.datetime.fromisoformat(cleaned) if _ISO.fullmatch(cleaned) else parsedate_to_datetime(cleaned)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        fix = "write it as RFC 1123 does: Sat, 01 Mar 2025 09:30:05 GMT"
        raise BadValue("Accept-Datetime is not a date", fix=fix) from error
    try:
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except OverflowError as error:
        raise BadValue("Accept-Datetime lies out of all bounds", fix="give a year from 1990 on") from error


def stamp(moment: dt.datetime) -> str:
    """Return the 14 digits of a moment, UTC: ``20250301093005``."""
    return moment.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")


def read_stamp(text: str) -> dt.datetime:
    """Read 4 to 14 digits; what is left out is the earliest. :class:`BadValue` for a moment that is not."""
    padded = text + _FIRST[len(text) :] if text.isascii() else ""
    try:
        return dt.datetime.strptime(padded[:14], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise BadValue(f"{text[:20]!r} is not a moment", fix="write its 14 digits: 20250301093005") from error
