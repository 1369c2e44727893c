"""One host at a time: how soon, and how many requests at once.

A host is a name, whatever the scheme and port. With one request at a time the delay counts from the end of an answer
to the start of the next request, so that a slow host is asked less often; with several, from start to start.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from licet.archive.collecting.sources import DELAY_LIMIT
from licet.errors import FetchFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PATIENCE = 120.0
"""The longest wait, in seconds, for a turn that a request under way may ask for; a host that is held back for longer
is asked later."""
FIRST_HOLD = 10.0
LONGEST_HOLD = 3600.0


class Pace(NamedTuple):
    """The least seconds between two requests to one host, and the most requests that may be open at once."""

    delay: float = 1.0
    concurrency: int = 1

    def slowed(self, crawl_delay: float | None) -> Pace:
        """Return the pace that also heeds the ``Crawl-delay`` of a robots.txt, up to :data:`DELAY_LIMIT`."""
        if not crawl_delay or crawl_delay <= self.delay:
            return self
        return Pace(max(self.delay, min(crawl_delay, DELAY_LIMIT)), 1)


class HostTimes(Protocol):
    """Remembers, across restarts, when a host may be asked next (seconds since 1970)."""

    def next_at(self, host: str) -> float:
        """Return when ``host`` may be asked; 0 if it never was."""

    def set_next(self, host: str, time: float) -> None:
        """Note when ``host`` may be asked."""


class Remembered:
    """Host times in memory, for a single fetch."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}

    def next_at(self, host: str) -> float:
        """Return when ``host`` may be asked."""
        return self._times.get(host, 0.0)

    def set_next(self, host: str, time: float) -> None:
        """Note when ``host`` may be asked."""
        self._times[host] = time


class Turns:
    """Hands out turns to ask a host. ``now`` gives seconds since 1970; waiting is the event loop's."""

    def __init__(self, times: HostTimes, now: Callable[[], float], *, patience: float = PATIENCE) -> None:
        self._times = times
        self._now = now
        self._patience = patience
        self._open: dict[str, int] = {}
        self._freed: dict[str, asyncio.Event] = {}
        self._failures: dict[str, int] = {}

    def open_at(self, host: str) -> int:
        """Return how many requests to ``host`` are open."""
        return self._open.get(host, 0)

    @asynccontextmanager
    async def turn(self, host: str, pace: Pace) -> AsyncIterator[None]:
        """Wait for a turn, hold it inside, give it back."""
        await self._enter(host, pace)
        try:
            yield
        finally:
            self._leave(host, pace)

    def hold_back(self, host: str, seconds: float) -> None:
        """Ask ``host`` nothing for that long (it said so, or it did not answer)."""
        self._times.set_next(host, max(self._times.next_at(host), self._now() + seconds))

    def failed(self, host: str) -> None:
        """Hold back a host that could not be reached: 10 s, doubled each time, at most an hour."""
        count = self._failures[host] = self._failures.get(host, 0) + 1
        self.hold_back(host, min(LONGEST_HOLD, FIRST_HOLD * 2 ** min(count - 1, 20)))

    def worked(self, host: str) -> None:
        """Forget the failures of a host that has answered."""
        self._failures.pop(host, None)

    async def _enter(self, host: str, pace: Pace) -> None:
        while True:
            wait = self._times.next_at(host) - self._now()
            if self.open_at(host) >= pace.concurrency:
                event = self._freed.setdefault(host, asyncio.Event())
                event.clear()
                await event.wait()
            elif wait > max(self._patience, 2 * pace.delay):
                told = f"{host} is not asked for another {wait:.0f} s"
                raise FetchFailed(told, reason="held", fix="try again later", retry_after=wait)
            elif wait > 0:
                await asyncio.sleep(wait)
            else:
                break
        self._open[host] = self.open_at(host) + 1
        self._times.set_next(host, self._now() + pace.delay)

    def _leave(self, host: str, pace: Pace) -> None:
        self._open[host] -= 1
        if not self._open[host]:
            del self._open[host]
        if pace.concurrency == 1:
            self._times.set_next(host, max(self._times.next_at(host), self._now() + pace.delay))
        if event := self._freed.pop(host, None):
            event.set()
