"""What a crawl tells: one line of JSON for each thing that happened, and counts by source and outcome at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened.

    ``event`` is ``started``, ``asking``, ``visited``, ``files`` or ``ended``; ``at`` is RFC 3339 in UTC; ``outcome`` is
    one of :data:`OUTCOMES`; ``seconds`` is how long it took; ``links`` how many new addresses it yielded;
    ``requisites`` how many pictures and styles came with the page; ``hops`` the redirects; ``next`` when it is due.
    """

    event: str
    at: str
    source: str = ""
    role: str = ""
    url: str = ""
    outcome: str = ""
    reason: str = ""
    message: str = ""
    snapshot: str = ""
    status: int | None = None
    bytes: int | None = None
    seconds: float | None = None
    links: int | None = None
    requisites: int | None = None
    hops: tuple[str, ...] = ()
    next: str = ""


OUTCOMES = (
    "new",
    "version",
    "same text",
    "same bytes",
    "not modified",
    "read",
    "stored",
    "no article",
    "resumed",
    "refused",
    "failed",
    "gone",
)
"""Every outcome of a visit: of a page what the archive made of it, ``read`` of a feed, sitemap or list, ``resumed``
where an earlier run had stored it and died before it could say so."""


class Summary:
    """Counts of a run by source and outcome; ``reasons`` by source for what was refused or failed."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.links: Counter[str] = Counter()
        self.visits = 0

    def add(self, event: Event) -> None:
        """Count a visit."""
        if event.event != "visited":
            return
        self.visits += 1
        self.counts[event.source, event.outcome] += 1
        self.links[event.source] += event.links or 0
        if event.reason:
            self.reasons[event.source, event.reason] += 1

    def of(self, source: str) -> dict[str, int]:
        """Return the counts of a source, by outcome."""
        return {outcome: count for outcome in OUTCOMES if (count := self.counts[source, outcome])}

    def plain(self) -> dict[str, dict[str, object]]:
        """Return the summary by source: ``outcomes``, ``reasons``, ``links`` (new addresses)."""
        names = sorted({source for source, _ in self.counts})
        return {
            name: {
                "outcomes": self.of(name),
                "reasons": {
                    reason: count for (source, reason), count in sorted(self.reasons.items()) if source == name
                },
                "links": self.links[name],
            }
            for name in names
        }


def as_line(event: Event) -> bytes:
    """Return an event as a line of JSON."""
    return msgspec.json.encode(event) + b"\n"


def joined(*listeners: Callable[[Event], None] | None) -> Callable[[Event], None]:
    """Return one listener that tells all."""
    told = [listener for listener in listeners if listener is not None]

    def tell(event: Event) -> None:
        for listener in told:
            listener(event)

    return tell
