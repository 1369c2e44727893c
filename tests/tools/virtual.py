"""An event loop whose time is its own: where all wait, the clock moves on to the first. A week takes a second."""

from __future__ import annotations

import asyncio
import itertools
import selectors
from datetime import UTC, datetime, timedelta

import httpx

from licet.archive.collecting.crawler import Crawler, Options

START = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)


class _Body(httpx.AsyncByteStream):
    def __init__(self, body):
        self.body = body

    async def __aiter__(self):
        yield self.body


class _Selector(selectors.SelectSelector):
    loop: VirtualLoop

    def select(self, timeout=None):
        found = super().select(0)
        if not found:
            assert timeout is not None, "everything waits for something that never comes"
            self.loop.moment += max(timeout, 0)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """Nothing in it may wait for the world outside: no sockets, no threads."""

    def __init__(self):
        self.moment = 0.0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self):
        return self.moment

    def now(self):
        return START + timedelta(seconds=self.moment)


async def inline(function, *values, **named):
    return function(*values, **named)


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, web):
        self.web = web

    async def handle_async_request(self, request):
        return await self.web.answer(request)


class Web:
    """Hosts that answer from memory: ``pages`` maps an address to (status, headers, body), or a function that gives it.

    ``asked`` remembers (seconds, host, path) of each request; ``takes`` is how many seconds an answer takes.
    """

    def __init__(self):
        self.pages = {}
        self.asked = []
        self.takes = 0.2
        self.open = {}
        self.most_open = {}

    def transports(self, _private):
        return _Transport(self)

    async def answer(self, request):
        host = request.url.host
        self.asked.append((asyncio.get_running_loop().time(), host, request.url.raw_path.decode()))
        self.open[host] = self.open.get(host, 0) + 1
        self.most_open[host] = max(self.open[host], self.most_open.get(host, 0))
        await asyncio.sleep(self.takes)
        self.open[host] -= 1
        found = self.pages.get(str(request.url), (404, {}, b"nothing"))
        status, headers, body = found(request) if callable(found) else found
        return httpx.Response(status, headers=headers, stream=_Body(body))

    def gaps(self, host):
        times = [time for time, asked, _ in self.asked if asked == host]
        return [later - earlier for earlier, later in itertools.pairwise(times)]


def crawl(archive, queue, sources, web, *, begin=0.0, tell=None, until=None, **options):  # noqa: PLR0913
    """Crawl in virtual time from ``begin`` (seconds after START); return the summary and the time at the end."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        loop.moment = begin
        crawler = Crawler(
            archive,
            queue,
            sources,
            now=loop.now,
            options=Options(**options),
            tell=tell,
            transports=web.transports,
            off=inline,
        )

        async def bounded():
            try:
                async with asyncio.timeout(until):
                    await crawler.crawl()
            except TimeoutError:
                pass

        runner.run(bounded())
        return crawler.summary, loop.time()
