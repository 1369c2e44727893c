"""The crawl: what is due is leased from the queue, visited at the pace of its host, and put back with its next time.

One event loop, as many visits at once as there are workers, one crawl of an archive at a time. The crawler reads no
clock: ``now`` is handed in, and waiting is the event loop's.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from licet.archive.addresses import canonical, checked
from licet.archive.collecting import submissions
from licet.archive.collecting.events import Event, Summary
from licet.archive.collecting.fetching import SECONDS, AsyncFetcher
from licet.archive.collecting.politeness import Turns
from licet.archive.collecting.queue import Choice, New, Result
from licet.archive.collecting.schedule import RETRIES, next_interval, wait_after_failure
from licet.archive.collecting.sources import READERS, Source, Sources
from licet.archive.collecting.visits import Visit, Visitor
from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    import httpx

    from licet.archive.collecting.queue import Entry, Queue
    from licet.archive.collecting.visits import Keeping

WORKERS = 16
LOOK_AGAIN = 60.0
"""The longest sleep, in seconds: after it submissions are looked for."""
MOST_FILES = 100_000

_ROLES = {"sitemap": "sitemap", "news-sitemap": "sitemap", "list": "list", "page": "page"}


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How far a crawl goes.

    ``once``: what is due now, each address at most once. ``idle``: also what failed, until it works or is given up.
    ``on``: for ever. ``limit`` bounds the visits, ``only`` names the sources, ``workers`` how many visits run at once.
    """

    mode: Literal["once", "idle", "on"] = "once"
    limit: int | None = None
    only: Sequence[str] = ()
    workers: int = WORKERS


class Crawler:
    """One crawl. ``folder`` is where the patterns of ``files`` sources start; ``tell`` hears of all that happens.

    ``off`` runs what takes long (in a thread), ``seconds`` bounds the time of one answer.
    """

    def __init__(  # noqa: PLR0913 - each can be replaced, by name
        self,
        archive: Keeping,
        queue: Queue,
        sources: Sources,
        *,
        now: Callable[[], datetime],
        folder: Path = Path(),
        options: Options | None = None,
        tell: Callable[[Event], None] | None = None,
        transports: Callable[[bool], httpx.AsyncBaseTransport] | None = None,
        off: Callable[..., Awaitable[Any]] = asyncio.to_thread,
        seconds: float = SECONDS,
    ) -> None:
        self._queue = queue
        self._now = now
        self._folder = folder
        self._options = options or Options()
        self._tell_of = tell
        self._sources = {source.name: source for source in _chosen(sources, self._options.only)}
        self._fetcher = AsyncFetcher(
            now=self._seconds,
            contact=sources.contact,
            turns=Turns(queue, self._seconds),
            store=queue,
            transports=transports,
            seconds=seconds,
            watch=lambda what, url: self._tell(Event(event=what, at=self._stamp(), url=url)),
        )
        self._visitor = Visitor(archive, queue, self._fetcher, now=now, off=off)
        self._pages: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._slots: dict[str, int] = {}
        self._tasks: dict[asyncio.Task[Visit], tuple[Entry, float]] = {}
        self._started = 0
        self._run = 0
        self.summary = Summary()

    async def crawl(self) -> Summary:
        """Crawl and return what came of it, by source and outcome."""
        async with self._fetcher:
            self._begin()
            try:
                await self._work()
            finally:
                await self._abandon()
        self._tell(Event(event="ended", at=self._stamp()))
        return self.summary

    def _begin(self) -> None:
        self._run = self._queue.begin(self._seconds())
        for entry in self._queue.orphans():
            if (source := self._sources.get(entry.source)) and self._visitor.interrupted(entry):
                self._finish(entry, source, Visit(outcome="resumed", changed=True), began=None)
            else:
                self._queue.release(entry)
        for source in self._sources.values():
            self._put_seeds(source)
        self._tell(Event(event="started", at=self._stamp()))

    def _put_seeds(self, source: Source) -> None:
        if source.kind == "files":
            self._put_files(source)
            return
        if source.name == READERS:
            return
        role = _ROLES.get(source.kind, "feed")
        every = float(source.page_every if role == "page" else source.every)
        seeds = [New(source.name, role, checked(url), every, seed=True) for url in source.addresses]
        self._queue.put(seeds, at=self._seconds())
        self._queue.keep_seeds(source.name, role, [canonical(seed.url) for seed in seeds])

    def _put_files(self, source: Source) -> None:
        named = (path for pattern in source.addresses for path in _matching(self._folder, pattern))
        found = sorted({path.resolve() for path in islice(named, MOST_FILES) if path.is_file()})
        files = [
            New(source.name, "file", str(path), float(source.every), modified=path.stat().st_mtime) for path in found
        ]
        self._queue.put(files, at=self._seconds())

    async def _work(self) -> None:
        while True:
            self._take_submissions()
            self._fill()
            if self._tasks:
                await self._some_end()
            else:
                wait = self._idle_time()
                if wait is None:
                    return
                await asyncio.sleep(wait)

    def _take_submissions(self) -> None:
        if source := self._sources.get(READERS):
            submissions.take(self._queue, source, at=self._seconds())

    def _fill(self) -> None:
        """Start visits until the workers, the limit or what is due is used up."""
        while len(self._tasks) < self._options.workers and not self._at_limit():
            entry = self._queue.lease(self._choice(), self._seconds())
            if entry is None:
                return
            source = self._sources[entry.source]
            self._started += 1
            self._pages[source.name] += not entry.seed and entry.role != "file"
            self._running[entry.host] += 1
            self._slots[entry.host] = source.concurrency
            task = asyncio.create_task(self._visitor.visit(entry, source))
            self._tasks[task] = (entry, _loop_time())

    async def _some_end(self) -> None:
        done, _ = await asyncio.wait(self._tasks, timeout=self._patience(), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            entry, began = self._tasks.pop(task)
            self._running[entry.host] -= 1
            try:
                visit = task.result()
            except BaseException:
                self._queue.release(entry)
                raise
            self._finish(entry, self._sources[entry.source], visit, began=began)

    def _patience(self) -> float | None:
        """Return how long to wait for a visit to end before another can begin."""
        if len(self._tasks) >= self._options.workers or self._at_limit():
            return None
        then = self._queue.next_time(self._choice(), self._seconds())
        return LOOK_AGAIN if then is None else min(LOOK_AGAIN, max(0.01, then - self._seconds()))

    def _idle_time(self) -> float | None:
        """Return how long to sleep when nothing runs; None when the crawl has ended."""
        if self._at_limit():
            return None
        then = self._queue.next_time(self._choice(), self._seconds())
        if then is None:
            return LOOK_AGAIN if self._options.mode == "on" else None
        return min(LOOK_AGAIN, max(0.001, then - self._seconds()))

    async def _abandon(self) -> None:
        """Give back what was not finished: an interrupted crawl leaves nothing leased."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for entry, _ in self._tasks.values():
            self._queue.release(entry)
        self._tasks.clear()

    def _finish(self, entry: Entry, source: Source, visit: Visit, *, began: float | None) -> None:
        """Write the outcome, the links and the next time in one, then tell."""
        now = self._seconds()
        with self._queue.writing():
            room = self._queue.room(source.name, source.max_pages) if visit.found else 0
            new = self._queue.put(visit.found, at=now, most=room)
            result = result_of(entry, source, visit, changed=visit.changed or new > 0, now=now)
            self._queue.done(entry, result, at=now)
        event = Event(
            event="visited",
            at=self._stamp(),
            source=source.name,
            role=entry.role,
            url=entry.url,
            outcome=visit.outcome,
            reason=visit.reason,
            message=visit.message,
            snapshot=visit.snapshot,
            status=visit.status,
            bytes=visit.size,
            seconds=None if began is None else round(_loop_time() - began, 3),
            links=new if visit.outcome == "read" else None,
            requisites=visit.requisites,
            hops=visit.hops,
            next=_stamp(result.due_at) if result.due_at else "",
        )
        self.summary.add(event)
        self._tell(event)

    def _choice(self) -> Choice:
        full = [name for name, count in self._pages.items() if count >= self._sources[name].max_pages]
        busy = [host for host, count in self._running.items() if host and count >= self._slots[host]]
        return Choice(self._options.mode, self._run, tuple(self._sources), full, busy)

    def _at_limit(self) -> bool:
        return self._options.limit is not None and self._started >= self._options.limit

    def _seconds(self) -> float:
        return self._now().timestamp()

    def _stamp(self) -> str:
        return _stamp(self._seconds())

    def _tell(self, event: Event) -> None:
        if self._tell_of:
            self._tell_of(event)


def result_of(entry: Entry, source: Source, visit: Visit, *, changed: bool, now: float) -> Result:
    """Return when to look again, after what a visit came to."""
    if visit.outcome in ("failed", "gone", "refused", "no article"):
        return _after_trouble(entry, source, visit, now)
    if visit.retry_after is not None:
        return Result(visit.outcome, due_at=now + visit.retry_after, interval=entry.interval, failures=1)
    least, most = _bounds(entry, source)
    first = entry.checked_at is None
    interval = least if first else next_interval(entry.interval, changed=changed, least=least, most=most)
    due: float | None = now + interval
    if visit.final or (entry.role == "page" and _settled(entry, source, changed=changed, now=now)):
        due = None
    etag, modified = visit.validators
    return Result(visit.outcome, due_at=due, interval=interval, changed=changed, etag=etag, last_modified=modified)


def _after_trouble(entry: Entry, source: Source, visit: Visit, now: float) -> Result:
    """Try a failure again soon, a few times; leave alone what was never more than trouble, unless the file names it."""
    failures = entry.failures + 1
    kept = Result(visit.outcome, visit.reason, etag=entry.etag, last_modified=entry.last_modified)
    if visit.outcome == "failed" and failures <= RETRIES:
        due: float | None = now + wait_after_failure(failures, visit.retry_after)
        return kept._replace(due_at=due, interval=entry.interval, failures=failures)
    least, most = _bounds(entry, source)
    interval = next_interval(max(entry.interval, least), changed=False, least=least, most=most)
    worked = entry.changed_at is not None and not _settled(entry, source, changed=False, now=now)
    due = now + max(interval, visit.retry_after or 0.0) if (entry.seed or worked) and not visit.final else None
    return kept._replace(due_at=due, interval=interval, failures=RETRIES + 1)


def _bounds(entry: Entry, source: Source) -> tuple[float, float]:
    if entry.role == "page":
        return float(source.page_every), float(source.page_most)
    return float(source.every), float(source.most)


def _settled(entry: Entry, source: Source, *, changed: bool, now: float) -> bool:
    """Say whether an article has stayed the same for so long that it is not visited any more; a seed always is."""
    since = entry.changed_at if entry.changed_at is not None else now
    return not entry.seed and not changed and now - since >= source.page_until


def _chosen(sources: Sources, only: Sequence[str]) -> list[Source]:
    known = {source.name for source in sources.all()}
    for name in only:
        if name not in known:
            raise BadValue(f"no source is called {name[:60]!r}", fix=f"known are {', '.join(sorted(known))[:500]}")
    return [source for source in sources.all() if not only or source.name in only]


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the paths that fit a pattern, ``**`` and an absolute one too."""
    path = Path(pattern)
    return Path(path.anchor).glob(str(path.relative_to(path.anchor))) if path.is_absolute() else folder.glob(pattern)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
