"""What feeds, sitemaps and list pages yield: addresses, and what is said about them there."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

import msgspec

from licet.archive import addresses
from licet.archive.collecting.sources import matches
from licet.errors import LicetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.archive.collecting.sources import Source

Role = Literal["page", "list", "sitemap"]

ADDRESS_LIMIT = 2000
TEXT_LIMIT = 500
LINK_LIMIT = 50_000
"""The most links that are taken from one feed, sitemap or list page: what sitemaps.org allows in a file."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address that was found. ``published`` has a zone; ``categories`` are the words of the place it was found in.

    ``role`` is ``page`` for an article, ``list`` and ``sitemap`` for what holds further links. ``modified`` is when
    the place says that it last changed.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    categories: tuple[str, ...] = ()
    role: Role = "page"


def host_of(url: str) -> str:
    """Return the name of the host of an address, in small letters; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def joined(base: str, reference: str) -> str | None:
    """Return ``reference``, as written on the page ``base``, as a web address; None if it is none or too long."""
    text = reference.strip()
    if not text or len(text) > ADDRESS_LIMIT:
        return None
    try:
        url = addresses.checked(urljoin(base, text))
    except (LicetError, ValueError):
        return None
    return url.partition("#")[0] if len(url) <= ADDRESS_LIMIT else None


def wanted(links: Iterable[Link], source: Source, *, own_host: str | None = None) -> list[Link]:
    """Return the links that ``source`` takes: not denied, followed where it says what to follow, each once.

    ``own_host`` keeps to that host what no pattern of ``follow`` names (sitemaps.org: a sitemap speaks for its host).
    """
    found: dict[str, Link] = {}
    for link in links:
        if any(matches(pattern, link.url) for pattern in source.deny):
            continue
        if link.role == "page" and source.follow:
            if not any(matches(pattern, link.url) for pattern in source.follow):
                continue
        elif own_host is not None and host_of(link.url) != own_host:
            continue
        found.setdefault(addresses.canonical(link.url), link)
        if len(found) >= LINK_LIMIT:
            break
    return list(found.values())


def line(text: object) -> str | None:
    """Return a title as one line of bounded length; None if there is none."""
    return " ".join(text.split())[:TEXT_LIMIT] or None if isinstance(text, str) else None


def moment(text: object, zone: tzinfo) -> datetime | None:
    """Read an ISO 8601 (W3C) time; one without a zone is that of ``zone``. None if it is none or out of bounds."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=zone)
    return time if 1990 <= time.year <= 2199 else None


def without(text: str, opening: str, closing: str) -> str:
    """Return ``text`` without what stands between the marks; an opening that is never closed stays.

    It reads the text once. A pattern with ``.*?`` would read it again for each opening that is not closed.
    """
    pieces: list[str] = []
    place = 0
    while (start := text.find(opening, place)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        pieces.append(text[place:start])
        place = end + len(closing)
    return "".join([*pieces, text[place:]])
