"""Fetch single pages, one after another, without an event loop of one's own: :class:`Fetcher`."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from licet.archive.capture import Capture
from licet.archive.collecting.agent import user_agent
from licet.archive.collecting.fetching import PAGE, AsyncFetcher
from licet.archive.collecting.politeness import Pace, Remembered, Turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import httpx

USER_AGENT = user_agent()


class Fetcher:
    """Fetches pages; keeps connections, each host's robots.txt and its pace as long as it lives.

    ``allow_private`` is for one's own network, which is not made to wait between requests; ``contact`` is told to the
    sites. The event loop has a thread of its own, so that this works inside another loop as well.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        contact: str | None = None,
        transports: Callable[[bool], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._pace = Pace(delay=0.0) if allow_private else Pace()
        # Somebody waits for the answer: a host that could not be reached a moment ago is not waited for.
        turns = Turns(Remembered(), time.monotonic, patience=5.0)
        self._fetcher = AsyncFetcher(now=time.monotonic, contact=contact, turns=turns, transports=transports)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch")
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def page(self, url: str) -> Capture:
        """Fetch ``url``; :class:`FetchRefused` where we may not, :class:`FetchFailed` where it did not work."""
        return self._thread.submit(self._page, url).result()

    def _page(self, url: str) -> Capture:
        asked = self._fetcher.get(url, PAGE, pace=self._pace, allow_private=self._allow_private)
        answer = self._runner.run(asked).answer
        return Capture(
            payload=answer.body,
            content_type=answer.header("content-type") or "text/html",
            content_encoding=answer.header("content-encoding"),
            url=answer.url,
            captured_from=answer.url,
            exchange=answer.exchange,
        )

    def _close(self) -> None:
        self._runner.run(self._fetcher.aclose())
        self._runner.close()
