"""What is taken, and what must be known and plain about where it comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from licet.archive.addresses import canonical
from licet.archive.keeping.records import stamp_of
from licet.errors import BadValue

if TYPE_CHECKING:
    from licet.archive.capture import Capture, Exchange
    from licet.archive.model import Display

FIRST_YEAR, LAST_YEAR = 1990, 2199
REQUISITES = 500
"""The most requisites that are kept with one page."""


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """A capture on its way into the archive: when, by way of whom, its category, its source's time zone, its needs.

    ``requisites`` are what the page needs to be shown, and the redirects on the way to it: any status, any type;
    ``shared``: the addresses of what it needs as well and what is kept already, for another page.
    """

    capture: Capture
    at: datetime
    via: str | None = None
    category: str | None = None
    zone: str | None = None
    display: Display = "full"
    requisites: tuple[Capture, ...] = ()
    shared: tuple[str, ...] = ()

    def checked(self) -> Take:
        """Return this with its time in UTC and whole seconds; :class:`BadValue` for what cannot be kept."""
        moment = checked_time(self.at)
        for name, text in (("--via", self.via), ("the category", self.category), ("the zone", self.zone)):
            _one_line(name, text)
        for capture in (self.capture, *self.requisites):
            check_address(capture.url)
            _one_line("the origin", capture.captured_from)
            _one_line("the content type", capture.content_type)
            if capture.exchange:
                check_exchange(capture.exchange)
        for address in self.shared:
            check_address(address)
        if len(self.requisites) + len(self.shared) > REQUISITES:
            raise BadValue(f"a page with more than {REQUISITES} requisites", fix="keep those that the article needs")
        return msgspec.structs.replace(self, at=moment)

    @property
    def stamp(self) -> str:
        """The time of capture as records have it."""
        return stamp_of(self.at)


def checked_time(at: datetime) -> datetime:
    """Return ``at`` in UTC and whole seconds; :class:`BadValue` without a zone, or out of all bounds."""
    if at.tzinfo is None:
        raise BadValue("the time of a capture needs a time zone", fix="give it as 2025-02-28T17:45:05+08:00")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadValue(f"a capture of the year {at.year}", fix=f"give a time from {FIRST_YEAR} to {LAST_YEAR}")
    return at.astimezone(UTC).replace(microsecond=0)


def check_address(url: str | None) -> None:
    """Refuse an address that is more than one line of a WARC header, or no web address."""
    _one_line("the address", url)
    try:
        known = not url or (urlsplit(url).scheme in {"http", "https"} and bool(canonical(url)))
    except ValueError:
        known = False
    if url and not known:
        raise BadValue(f"{url[:80]!r} is no web address", fix="write https://host/path, or leave --url out")


def check_exchange(exchange: Exchange) -> None:
    """Refuse headers that would not be the headers that came, once they are written line by line."""
    lines = [exchange.status_line, exchange.request_line, exchange.address, exchange.protocol]
    for name, value in (*exchange.response_headers, *exchange.request_headers):
        lines += [name, value]
    for text in lines:
        if any(character in text for character in "\r\n\0"):
            raise BadValue("a header holds a line break", fix="capture the page again")


def _one_line(name: str, text: str | None) -> None:
    if text and any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise BadValue(f"{name} holds control characters", fix="write it on one line")
