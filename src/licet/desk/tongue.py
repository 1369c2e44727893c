"""The reader's language: which one it is, its texts, its numbers and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale

from licet import i18n
from licet.catalog.own_names import NONE, OwnNames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request

COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600
LONGEST_HEADER = 500
MOST_DIGITS = 120


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of :data:`licet.i18n.LANGUAGES` with all that is written differently in it.

    ``places``: the names of places that the operator wants instead of the built-in ones.
    """

    code: str
    places: OwnNames = NONE

    @property
    def html(self) -> str:
        """The value of the ``lang`` attribute: simplified Chinese says so, for the choice of glyphs."""
        return "zh-Hans" if self.code == "zh" else "en"

    @property
    def locale(self) -> Locale:
        """The CLDR locale."""
        return Locale.parse(i18n.locale_name(self.code))

    def text(self, message: str) -> str:
        """Translate a message."""
        return i18n.gettext(self.code, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a message that counts something."""
        return i18n.ngettext(self.code, one, many, count)

    def pick(self, texts: dict[str, str]) -> str:
        """Return the text in this language of a pair of the law data, empty where there is none."""
        return i18n.pick(self.code, texts) if texts else ""

    def number(self, value: Decimal | float | None) -> str:
        """Return a number with its digits grouped, and all its decimals."""
        if value is None:
            return ""
        # English and Chinese group alike, as Babel would; it would load all of a language's data for that.
        with localcontext(prec=MOST_DIGITS):
            return f"{Decimal(str(value)).normalize():,f}"

    def date(self, value: dt.date | None) -> str:
        """Return a day in words."""
        from babel import dates  # noqa: PLC0415 - most answers on the command line name no day in words

        return dates.format_date(value, format="long", locale=self.locale) if value else ""

    def day(self, text: str) -> str:
        """Return a day given as ``2025-06-02`` in words, other text as it is."""
        try:
            return self.date(dt.date.fromisoformat(text[:10]))
        except ValueError:
            return text

    def moment(self, value: dt.datetime) -> str:
        """Return a moment with its zone: ``February 28, 2025, 14:28 (UTC+08:00)``."""
        clock = value.strftime("%H:%M:%S" if value.second else "%H:%M")
        offset = value.strftime("%z")
        zone = "" if not offset else " (UTC)" if int(offset[1:5]) == 0 else f" (UTC{offset[:3]}:{offset[3:5]})"
        comma = " " if self.code == "zh" else ", "
        return f"{self.date(value.date())}{comma}{clock}{zone}"

    def instant(self, text: str) -> str:
        """Return a moment given as in RFC 3339 in words, other text as it is."""
        try:
            return self.moment(dt.datetime.fromisoformat(text))
        except ValueError:
            return text

    def joined(self, items: list[str]) -> str:
        """Return the items as one enumeration."""
        return ("、" if self.code == "zh" else ", ").join(items)

    def sentences(self, items: list[str]) -> str:
        """Return sentences as one paragraph."""
        return ("" if self.code == "zh" else " ").join(items)


@cache
def tongue(code: str, places: OwnNames = NONE) -> Tongue:
    """Return the language of a code, with the operator's names of places."""
    return Tongue(code, places)


def tongue_of(request: Request[Any, Any, Any]) -> Tongue:
    """Return the reader's language: ``?lang=``, else the cookie of the language link, else ``Accept-Language``."""
    code = asked_language(request) or _known(request.cookies.get(COOKIE)) or _accepted(request)
    return tongue(code, request.app.state.desk.places)


def asked_language(request: Request[Any, Any, Any]) -> str:
    """Return the language that the address itself asks for, empty if it does not."""
    # Behind the path of replay the query is that of the captured page.
    return "" if request.url.path.startswith("/news/replay/") else _asked(request.query_params)


def _asked(parameters: Mapping[str, str]) -> str:
    return _known(parameters.get("lang"))


def _known(code: str | None) -> str:
    return code if code in i18n.LANGUAGES else ""


def _accepted(request: Request[Any, Any, Any]) -> str:
    header = request.headers.get("accept-language", "")[:LONGEST_HEADER]
    ranked = sorted((_ranked(part) for part in header.split(",")), key=lambda item: -item[0])
    for weight, name in ranked:
        if weight > 0 and (found := _known(name.split("-")[0])):
            return found
    return i18n.LANGUAGES[0]


def _ranked(part: str) -> tuple[float, str]:
    name, _, quality = part.strip().lower().partition(";q=")
    try:
        return (float(quality) if quality else 1.0), name.strip()
    except ValueError:
        return 0.0, name
