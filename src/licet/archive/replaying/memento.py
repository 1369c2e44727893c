"""Memento (RFC 7089): which capture is meant, how captures link to one another, and the TimeMap that lists them.

Pattern 2.1: the original is elsewhere, its TimeGate and mementos are ours, and the TimeGate redirects (302).
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive.replaying import addresses
from licet.archive.replaying.moments import header_date, stamp

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

LINK_FORMAT = "application/link-format"
PAGE = 1_000
"""Mementos on one page of a TimeMap."""


class Linked(NamedTuple):
    """One link: where to, its relations, and for a memento its moment."""

    path: str
    relation: str
    at: dt.datetime | None = None
    extra: str = ""

    def text(self, root: str) -> str:
        """Return the link as a header and a TimeMap write it (RFC 8288, RFC 6690)."""
        moment = f'; datetime="{header_date(self.at)}"' if self.at else ""
        return f'<{root}{self.path}>; rel="{self.relation}"{moment}{self.extra}'


def nearest(moments: Sequence[dt.datetime], wanted: dt.datetime | None) -> int:
    """Return the place of the moment nearest to ``wanted`` in a sorted, non-empty sequence; the last without one.

    Of two that are equally near, the earlier.
    """
    if wanted is None:
        return len(moments) - 1
    after = bisect.bisect_left(moments, wanted)
    if after == 0:
        return 0
    if after == len(moments) or wanted - moments[after - 1] <= moments[after] - wanted:
        return after - 1
    return after


def links(url: str, moments: Sequence[dt.datetime], here: int | None, root: str) -> str:
    """Return the ``Link`` header of a TimeGate (``here`` is None) or of the memento at ``here``.

    ``root`` is the scheme and host of the desk; ``moments`` are sorted.
    """
    found = [
        Linked(addresses.timegate(url), "timegate"),
        Linked(addresses.timemap(url), "timemap", extra=f'; type="{LINK_FORMAT}"'),
    ]
    found += [
        Linked(addresses.replay(url, stamp(moments[at])), relation, moments[at])
        for at, relation in _neighbours(len(moments), here)
    ]
    return ", ".join([_original(url), *(link.text(root) for link in found)])


def _original(url: str) -> str:
    return f'<{addresses.written(url)}>; rel="original"'


def _neighbours(count: int, here: int | None) -> list[tuple[int, str]]:
    """Return the mementos to name: first, last, the one at hand and those beside it, each once with all it is."""
    if not count:
        return []
    named: dict[int, list[str]] = {}
    named.setdefault(0, []).append("first")
    named.setdefault(count - 1, []).append("last")
    if here is not None:
        if here > 0:
            named.setdefault(here - 1, []).append("prev")
        if here + 1 < count:
            named.setdefault(here + 1, []).append("next")
        named.setdefault(here, [])
    return [(at, " ".join([*named[at], "memento"])) for at in sorted(named)]


def timemap_text(url: str, moments: Sequence[dt.datetime], root: str, page: int = 1) -> str:
    """Return one page of a TimeMap in link format (RFC 7089, 5); long ones link to their other pages."""
    shown, pages = _page(moments, page)
    lines = [_original(url), Linked(addresses.timegate(url), "timegate").text(root)]
    extra = f'; type="{LINK_FORMAT}"'
    if shown:
        extra += f'; from="{header_date(shown[0])}"; until="{header_date(shown[-1])}"'
    lines.append(Linked(addresses.timemap(url, page=page), "self", extra=extra).text(root))
    for number in (page - 1, page + 1):
        if 1 <= number <= pages:
            part, _ = _page(moments, number)
            span = f'; type="{LINK_FORMAT}"; from="{header_date(part[0])}"; until="{header_date(part[-1])}"'
            lines.append(Linked(addresses.timemap(url, page=number), "timemap", extra=span).text(root))
    start = (page - 1) * PAGE
    for offset, at in enumerate(shown):
        relation = _relation(start + offset, len(moments))
        lines.append(Linked(addresses.replay(url, stamp(at)), relation, at).text(root))
    return ",\n".join(lines) + "\n"


def timemap_data(url: str, moments: Sequence[dt.datetime], root: str, page: int = 1) -> dict[str, Any]:
    """Return one page of a TimeMap as JSON values, in the form that Memento aggregators share."""
    shown, pages = _page(moments, page)
    listed = [{"datetime": _rfc3339(at), "uri": root + addresses.replay(url, stamp(at))} for at in shown]
    found: dict[str, Any] = {
        "original_uri": url,
        "self": root + addresses.timemap(url, "json", page),
        "timegate_uri": root + addresses.timegate(url),
        "timemap_uri": {
            "link_format": root + addresses.timemap(url, page=page),
            "json_format": root + addresses.timemap(url, "json", page),
        },
        "mementos": {"list": listed, **({"first": listed[0], "last": listed[-1]} if listed else {})},
    }
    index = [{"uri": root + addresses.timemap(url, "json", number)} for number in range(1, pages + 1)]
    return {**found, "timemap_index": index} if pages > 1 else found


def pages_of(count: int) -> int:
    """Return how many pages a TimeMap of ``count`` mementos has; one at least."""
    return max(1, -(-count // PAGE))


def _page(moments: Sequence[dt.datetime], page: int) -> tuple[Sequence[dt.datetime], int]:
    return moments[(page - 1) * PAGE : page * PAGE], pages_of(len(moments))


def _relation(at: int, count: int) -> str:
    first, last = at == 0, at == count - 1
    return f"{'first ' if first else ''}{'last ' if last else ''}memento"


def _rfc3339(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
