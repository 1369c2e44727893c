"""A source: where news is looked for, how often, how politely, and what is said about what is found there."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from licet.errors import BadValue

Kind = Literal["feed", "rss", "atom", "json-feed", "sitemap", "news-sitemap", "list", "page", "files"]
Display = Literal["full", "excerpt", "link"]

READERS = "readers"
"""The name under which addresses that readers submit are collected; no source of the file may have it."""

MINUTE, HOUR, DAY = 60, 3600, 86400
LONGEST = 3650 * DAY
DELAY_LIMIT = 60.0
"""The longest time, in seconds, between two requests to a host that a source or a robots.txt may ask for."""

_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([smhd])", re.ASCII)


class Duration(float):
    """A time span in seconds, written ``90s``, ``15m``, ``2h`` or ``30d``."""

    @classmethod
    def read(cls, text: object) -> Duration:
        """Read a written span; :class:`BadValue` for anything else."""
        found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
        if not found or float(found[1]) * _UNITS[found[2]] > LONGEST:
            raise BadValue(f"{str(text)[:40]!r} is no time span", fix="write 90s, 15m, 2h or 30d")
        return cls(float(found[1]) * _UNITS[found[2]])


Name = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,60}$")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"^[^\x00-\x20\x7f]+$")]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may stand under ``defaults:`` and in each source.

    ``category`` holds for everything; ``categories`` maps a category of the feed, or a pattern of the address, to ours
    and goes first. ``every`` and ``most`` bound how often the source itself is read; ``page_every`` and ``page_most``
    how often a page is looked at again, until it has not changed for ``page_until``. ``delay`` is the least time
    between two requests to one host, ``concurrency`` how many may be open at once. ``depth`` counts the list pages, or
    indexes of sitemaps, from the address of the source on. ``max_pages`` bounds the pages of one round.
    """

    publisher: Line | None = None
    via: Line | None = None
    category: Line | None = None
    categories: dict[Pattern, Line] = {}
    zone: Line | None = None
    display: Display = "full"
    every: Duration = Duration(15 * MINUTE)
    most: Duration = Duration(DAY)
    page_every: Duration = Duration(HOUR)
    page_most: Duration = Duration(30 * DAY)
    page_until: Duration = Duration(90 * DAY)
    follow: tuple[Pattern, ...] = ()
    deny: tuple[Pattern, ...] = ()
    select: Pattern | None = None
    lists: tuple[Pattern, ...] = ()
    depth: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    allow_private: bool = False
    requisites: bool = True
    delay: Duration = Duration(1.0)
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1
    max_pages: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 500


class Source(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source. ``addresses`` are web addresses, or, for ``files``, patterns of paths beside the sources file."""

    name: Name
    kind: Kind
    addresses: tuple[Address, ...]


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """A sources file as read. ``contact`` is an address or e-mail at which the operator can be reached."""

    sources: tuple[Source, ...]
    contact: str | None = None
    readers: Source | None = None

    def named(self, name: str) -> Source | None:
        """Return the source of that name."""
        return next((source for source in self.all() if source.name == name), None)

    def all(self) -> tuple[Source, ...]:
        """Return every source, the addresses that readers submit among them."""
        return (*self.sources, self.readers) if self.readers else self.sources


def category_of(source: Source, url: str, given: tuple[str, ...] = ()) -> str | None:
    """Return our category for what stands at ``url``: by the feed's own words, by the address, by the source.

    A key that begins with ``/`` or holds ``://`` is a pattern of the address, any other a category of the feed.
    """
    for key, category in source.categories.items():
        if is_address_pattern(key):
            if matches(key, url):
                return category
        elif key in given:
            return category
    return source.category


def is_address_pattern(key: str) -> bool:
    """Say whether a key of ``categories`` speaks of addresses."""
    return key.startswith("/") or "://" in key


def matches(pattern: str, url: str) -> bool:
    """Say whether ``url`` fits ``pattern``: ``*`` stands for anything, ``?`` for one character, all else for itself.

    A pattern that begins with ``/`` is held against path and query, any other against the whole address. The time is
    at most that of the product of both lengths, whatever the pattern and the address.
    """
    if pattern.startswith("/"):
        parts = urlsplit(url)
        url = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _fits(pattern, url)


def _fits(pattern: str, text: str) -> bool:
    """Match with one star to fall back to (the last): no other can help, so nothing is tried twice over."""
    at = place = 0
    star, resume = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return pattern[at:].strip("*") == ""
