"""robots.txt (RFC 9309): read once a day and host, obeyed for everything that is fetched."""

from __future__ import annotations

from typing import Protocol

import msgspec
from protego import Protego

from licet.archive.collecting.agent import AGENT
from licet.errors import FetchFailed, FetchRefused

LIMIT = 512 * 1024
"""What is read of a robots.txt (the RFC asks for at least 500 KiB); the rest does not count."""
KEPT = 24 * 3600.0
"""For how long it is kept (the RFC: no longer than a day)."""
KEPT_UNREACHABLE = 3600.0
"""For how long a host that could not give its robots.txt is left alone."""


class Robots(msgspec.Struct, frozen=True):
    """The rules of an origin as of ``read_at`` (seconds since 1970): ``body`` is None where nothing may be fetched."""

    read_at: float
    body: str | None
    problem: str = ""

    def stale(self, now: float) -> bool:
        """Say whether it is to be read again."""
        age = now - self.read_at
        return not 0 <= age < (KEPT if self.body is not None else KEPT_UNREACHABLE)


class RobotsStore(Protocol):
    """Keeps rules by origin (``scheme://host:port``)."""

    def robots(self, origin: str) -> Robots | None:
        """Return what is kept."""

    def keep_robots(self, origin: str, robots: Robots) -> None:
        """Keep it."""


class RobotsInMemory:
    """Rules in memory, for a single fetch."""

    def __init__(self) -> None:
        self._kept: dict[str, Robots] = {}

    def robots(self, origin: str) -> Robots | None:
        """Return what is kept."""
        return self._kept.get(origin)

    def keep_robots(self, origin: str, robots: Robots) -> None:
        """Keep it."""
        self._kept[origin] = robots


class Rules:
    """A robots.txt that was parsed."""

    def __init__(self, robots: Robots, host: str) -> None:
        self._robots = robots
        self._host = host
        self._parsed = Protego.parse(robots.body or "")

    def ask(self, url: str) -> None:
        """Raise :class:`FetchRefused` if the rules do not allow ``url``, :class:`FetchFailed` if there are none."""
        if self._robots.body is None:
            told = f"robots.txt of {self._host} cannot be read ({self._robots.problem}), so nothing may be fetched"
            raise FetchFailed(told, reason="robots", fix="try again later", retry_after=KEPT_UNREACHABLE)
        if not self._parsed.can_fetch(url, AGENT):
            told = f"robots.txt of {self._host} does not allow {url}"
            raise FetchRefused(told, reason="robots", fix="save the page as a file")

    @property
    def crawl_delay(self) -> float | None:
        """The ``Crawl-delay`` in seconds; no part of the RFC, but a wish that costs little to grant."""
        delay = self._parsed.crawl_delay(AGENT)
        return float(delay) if delay is not None and delay >= 0 else None


def from_answer(status: int, body: bytes, *, at: float) -> Robots:
    """Return the rules that an answer stands for.

    RFC 9309, section 2.3.1: 2xx are the rules, 4xx means that there are none, and that everything is allowed; a server
    error means that nothing is. So do 429 and a redirect that leads nowhere: who asks us to wait has not said yes.
    """
    if 200 <= status < 300:
        return Robots(at, body[:LIMIT].decode("utf-8", "replace").removeprefix("\ufeff"))
    if 400 <= status < 500 and status != 429:
        return Robots(at, "")
    return Robots(at, None, f"status {status}")
