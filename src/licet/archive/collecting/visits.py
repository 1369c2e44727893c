"""A visit to one entry of the queue: it is fetched and read or kept, and ends in one outcome, whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from licet.archive.addresses import canonical
from licet.archive.capture import Capture, from_file
from licet.archive.collecting import requisites
from licet.archive.collecting.feeds import read_feed
from licet.archive.collecting.fetching import FEED, PAGE, REQUISITE, SITEMAP, Fetched, Validators
from licet.archive.collecting.links import Link, host_of, wanted
from licet.archive.collecting.lists import read_list
from licet.archive.collecting.politeness import Pace
from licet.archive.collecting.queue import New
from licet.archive.collecting.sitemaps import read_sitemap
from licet.archive.collecting.sources import DAY, Source, category_of
from licet.errors import BadFile, FetchFailed, FetchRefused, LicetError, NoSuchSnapshot, NotExtractable, TakenDown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from licet.archive.capture import Exchange
    from licet.archive.collecting.fetching import Answer, AsyncFetcher
    from licet.archive.collecting.queue import Entry, Queue
    from licet.archive.model import Display, Memento, Taken
    from licet.archive.warcs.importing import Imported

REQUISITE_AGE = 7 * DAY
"""A picture or style that was fetched within this many seconds is not fetched again for another page."""

_WARC = (".warc", ".warc.gz", ".wacz")
_READ = {"feed": FEED, "list": PAGE, "sitemap": SITEMAP}


class Keeping(Protocol):
    """What a crawl asks of the archive."""

    def take(  # noqa: PLR0913 - what is known of a capture, each by name
        self,
        capture: Capture,
        *,
        at: datetime,
        via: str | None = None,
        category: str | None = None,
        zone: str | None = None,
        display: Display = "full",
        requisites: Sequence[Capture] = (),
        shared: Sequence[str] = (),
    ) -> Taken:
        """Keep a capture; see :meth:`licet.archive.Archive.take`."""

    def not_modified(self, url: str, *, at: datetime, exchange: Exchange) -> None:
        """Note that nothing has changed."""

    def captures_of(self, url: str) -> Sequence[Memento]:
        """Return every visit to an address."""

    def add_warc(
        self,
        path: Path,
        *,
        via: str | None = None,
        category: str | None = None,
        zone: str | None = None,
        display: Display = "full",
    ) -> Imported:
        """Take in the captures of a WARC or WACZ file."""


class Visit(msgspec.Struct, kw_only=True):
    """What a visit came to. ``found`` are the entries it yielded; ``final`` if the address is not visited again."""

    outcome: str
    reason: str = ""
    message: str = ""
    changed: bool = False
    final: bool = False
    retry_after: float | None = None
    validators: Validators = Validators()
    found: list[New] = []
    snapshot: str = ""
    status: int | None = None
    size: int | None = None
    requisites: int | None = None
    hops: tuple[str, ...] = ()


class Visitor:
    """Visits entries. ``now`` gives the moment; ``off`` runs what takes the processor or the disk for long."""

    def __init__(
        self,
        archive: Keeping,
        queue: Queue,
        fetcher: AsyncFetcher,
        *,
        now: Callable[[], datetime],
        off: Callable[..., Awaitable[Any]],
    ) -> None:
        self._archive = archive
        self._queue = queue
        self._fetcher = fetcher
        self._now = now
        self._off = off

    async def visit(self, entry: Entry, source: Source) -> Visit:  # noqa: PLR0911 - one for each way to end
        """Visit ``entry``. Only an error of the archive itself (a full disk) is raised; it ends the crawl."""
        try:
            if entry.role == "file":
                return await self._file(entry, source)
            if entry.role == "page":
                return await self._page(entry, source)
            return await self._place(entry, source)
        except NotExtractable as error:
            return Visit(outcome="no article", message=error.message)
        except TakenDown as error:
            return Visit(outcome="refused", reason="taken down", message=error.message, final=True)
        except FetchRefused as error:
            return Visit(outcome="refused", reason=error.reason, message=error.message)
        except FetchFailed as error:
            outcome = "gone" if error.reason == "gone" else "failed"
            return Visit(outcome=outcome, reason=error.reason, message=error.message, retry_after=error.retry_after)

    def interrupted(self, entry: Entry) -> bool:
        """Say whether the archive has the visit that a run which is no more had begun and could not report."""
        if entry.role != "page" or entry.leased_at is None:
            return False
        begun = datetime.fromtimestamp(int(entry.leased_at), UTC)
        return any(memento.at >= begun for memento in self._archive.captures_of(entry.url))

    async def _get(self, entry: Entry, source: Source, kind: Any) -> Fetched:
        return await self._fetcher.get(
            entry.url,
            kind,
            pace=pace_of(source),
            allow_private=source.allow_private,
            validators=Validators(entry.etag, entry.last_modified),
        )

    async def _page(self, entry: Entry, source: Source) -> Visit:
        fetched = await self._get(entry, source, PAGE)
        if fetched.not_modified:
            return await self._unchanged(entry, fetched)
        needed, shared, problems = await self._requisites(fetched, source) if source.requisites else ([], [], 0)
        at = self._now()
        taken = await self._off(
            self._archive.take,
            _capture(fetched.answer),
            at=at,
            via=source.via,
            category=entry.category or category_of(source, fetched.url),
            zone=source.zone,
            display=source.display,
            requisites=[_capture(one) for one in (*fetched.hops, *needed)],
            shared=shared,
        )
        self._queue.keep_requisites([one.url for one in needed], at.timestamp())
        return Visit(
            outcome=taken.outcome,
            message=f"{problems} requisites could not be fetched" if problems else "",
            changed=taken.outcome in ("new", "version"),
            final=self._is_alias(entry, fetched),
            validators=fetched.validators,
            snapshot=taken.snapshot.id,
            status=200,
            size=len(fetched.answer.body),
            requisites=len(needed),
            hops=tuple(hop.url for hop in fetched.hops),
        )

    async def _unchanged(self, entry: Entry, fetched: Fetched) -> Visit:
        exchange = fetched.answer.exchange
        try:
            await self._off(self._archive.not_modified, fetched.url, at=self._now(), exchange=exchange)
        except NoSuchSnapshot:
            # The archive was rebuilt or the page moved: ask again, without conditions.
            return Visit(outcome="not modified", message="asked again without conditions", retry_after=0.0)
        kept = Validators(
            fetched.validators.etag or entry.etag, fetched.validators.last_modified or entry.last_modified
        )
        return Visit(outcome="not modified", status=304, validators=kept)

    def _is_alias(self, entry: Entry, fetched: Fetched) -> bool:
        """Say whether the page names another address of its site as its own, and the queue watches that one already."""
        own = requisites.canonical_of(fetched.plain, url=fetched.url, charset=charset_of(fetched.answer))
        return own is not None and canonical(own) != entry.key and self._queue.knows(own)

    async def _requisites(self, fetched: Fetched, source: Source) -> tuple[list[Answer], list[str], int]:
        """Fetch what the page needs, as politely as pages.

        Return the answers, the addresses of what was fetched lately for another page, and how many could not be had.
        """
        charset = charset_of(fetched.answer)
        waiting = requisites.of_page(fetched.plain, url=fetched.url, charset=charset)
        asked = {one.url for one in waiting}
        depths = {one.url: 1 for one in waiting}
        answers: list[Answer] = []
        shared: list[str] = []
        problems = size = 0
        end = self._now().timestamp() + requisites.SECONDS
        while waiting and len(answers) < requisites.MOST and size < requisites.BYTES:
            if self._now().timestamp() > end:
                break
            one = waiting.pop(0)
            age = self._queue.requisite_age(one.url, self._now().timestamp())
            if age is not None and 0 <= age < REQUISITE_AGE:
                shared.append(one.url)
                continue
            try:
                answer = await self._fetcher.get(
                    one.url, REQUISITE, pace=pace_of(source), allow_private=source.allow_private
                )
            except LicetError:
                problems += 1
                continue
            answers += [*answer.hops, answer.answer]
            size += len(answer.answer.body)
            if one.style and depths[one.url] < requisites.STYLE_DEPTH:
                further = requisites.of_style(answer.plain, url=answer.url, charset=charset_of(answer.answer))
                for new in further[: max(0, requisites.MOST - len(asked))]:
                    if new.url not in asked:
                        asked.add(new.url)
                        depths[new.url] = depths[one.url] + 1
                        waiting.append(new)
        return answers, shared, problems

    async def _place(self, entry: Entry, source: Source) -> Visit:
        """Read a feed, a sitemap or a list page: nothing of it is kept but the links."""
        fetched = await self._get(entry, source, _READ[entry.role])
        if fetched.not_modified:
            return Visit(outcome="not modified", status=304, validators=Validators(entry.etag, entry.last_modified))
        try:
            links = await self._off(read_links, entry.role, fetched, source)
        except LicetError as error:
            return Visit(outcome="failed", reason="unreadable", message=error.message, status=200)
        return Visit(
            outcome="read",
            validators=fetched.validators,
            found=list(entries_of(links, source, entry)),
            status=200,
            size=len(fetched.answer.body),
            hops=tuple(hop.url for hop in fetched.hops),
        )

    async def _file(self, entry: Entry, source: Source) -> Visit:
        path = Path(entry.url)
        try:
            if path.name.lower().endswith(_WARC):
                return await self._warc(path, source)
            taken = await self._off(
                self._archive.take,
                from_file(path, url=None),
                at=self._now(),
                via=source.via,
                category=source.category,
                zone=source.zone,
                display=source.display,
            )
        except BadFile as error:
            return Visit(outcome="failed", reason="unreadable", message=error.message, final=True)
        return Visit(outcome=taken.outcome, changed=True, final=True, snapshot=taken.snapshot.id)

    async def _warc(self, path: Path, source: Source) -> Visit:
        """Take in a WARC file or a WACZ package; what is damaged in it is told, the rest counts."""
        done = await self._off(
            self._archive.add_warc,
            path,
            via=source.via,
            category=source.category,
            zone=source.zone,
            display=source.display,
        )
        told = [f"{count} {what}" for what, count in (*sorted(done.taken.items()), *sorted(done.skipped.items()))]
        if done.damage:
            told.append(f"{done.damage} damaged")
        return Visit(outcome="stored", message=", ".join(told), changed=bool(done.taken), final=True)


def pace_of(source: Source) -> Pace:
    """Return how politely the hosts of a source are asked."""
    return Pace(float(source.delay), source.concurrency)


def read_links(role: str, fetched: Fetched, source: Source) -> list[Link]:
    """Return the links of what was fetched that the source takes."""
    zone = ZoneInfo(source.zone) if source.zone else UTC
    content_type = fetched.answer.header("content-type")
    if role == "feed":
        return wanted(read_feed(fetched.plain, url=fetched.url, content_type=content_type, zone=zone), source)
    if role == "sitemap":
        links = read_sitemap(fetched.plain, url=fetched.url, zone=zone, news=source.kind == "news-sitemap")
        found = wanted(links, source, own_host=host_of(fetched.url))
        oldest = datetime.min.replace(tzinfo=UTC)
        return sorted(found, key=lambda link: link.published or link.modified or oldest, reverse=True)
    found = read_list(fetched.plain, source, url=fetched.url, charset=charset_of(fetched.answer))
    return wanted(found, source)


def entries_of(links: Iterable[Link], source: Source, entry: Entry) -> Iterable[New]:
    """Yield the entries that links stand for; list pages and sitemaps only down to the depth of the source."""
    for link in links:
        deeper = link.role != "page"
        if deeper and entry.depth >= source.depth:
            continue
        yield New(
            source.name,
            link.role,
            link.url,
            float(source.every if deeper else source.page_every),
            depth=entry.depth + 1 if deeper else 1,
            category=None if deeper else category_of(source, link.url, link.categories),
            modified=link.modified.timestamp() if link.modified else None,
        )


def charset_of(answer: Answer) -> str | None:
    """Return the charset of a content type."""
    _, found, charset = answer.header("content-type").lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'")[:40] or None if found else None


def _capture(answer: Answer) -> Capture:
    return Capture(
        payload=answer.body,
        content_type=answer.header("content-type") or "text/html",
        content_encoding=answer.header("content-encoding"),
        url=answer.url,
        captured_from=answer.url,
        exchange=answer.exchange,
    )
