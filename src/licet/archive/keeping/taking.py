"""Captures come in: written to the WARC, filed in the catalogue, told to the journal, in this order."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive.articles import article_of, moment_of
from licet.archive.capture import decoded
from licet.archive.catalogue import Filed
from licet.archive.keeping import records
from licet.archive.keeping.captures import address_of
from licet.archive.keeping.identity import item_of, snapshot_id, text_digest
from licet.archive.keeping.origin import check_address, check_exchange, checked_time
from licet.archive.keeping.writing import Put, Recorder, told_again
from licet.archive.model import Taken
from licet.archive.takedowns.blocks import refusal
from licet.archive.warc import Appender
from licet.errors import ArchiveError, LicetError, NoSuchSnapshot, TakenDown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from licet.archive.capture import Exchange
    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures, Stored
    from licet.archive.keeping.origin import Take
    from licet.archive.keeping.outbox import Outbox
    from licet.archive.model import Article, Outcome, Snapshot, Tag


class _Read(NamedTuple):
    """A capture, read before the write lock is taken: its article and item, None where the same bytes are known."""

    take: Take
    article: Article | None
    item: str


class Keeper:
    """Takes captures into the archive of one folder."""

    def __init__(self, folder: Path, catalogue: Catalogue, captures: Captures, outbox: Outbox) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._captures = captures
        self._outbox = outbox
        self.trusted = True

    def take(self, takes: Sequence[Take], tags: Callable[[Article], list[Tag]]) -> list[Taken | LicetError]:
        """Keep captures together: one flush of each file for all of them; nothing is acknowledged before.

        What cannot be kept gives its error in its place. :class:`ArchiveError` if the disk did not take them: none of
        them is stored then.
        """
        self._check_trusted()
        ready = [self._prepared(take) for take in takes]
        with _written(), self._catalogue.writing():
            before = self._captures.written()
            with Appender(self._folder, dict(before)) as out:
                done = [r if isinstance(r, LicetError) else self._kept(r, out, tags) for r in ready]
            self._captures.set_written({n: e for n, e in out.written.items() if before.get(n) != e})
        self._outbox.post()
        return [one if isinstance(one, LicetError) else Taken(self._snapshot(one[0]), one[1]) for one in done]

    def not_modified(self, url: str, at: datetime, exchange: Exchange) -> None:
        """Note that a server said that nothing has changed (304) since the last capture of ``url``."""
        self._check_trusted()
        check_address(url)
        check_exchange(exchange)
        moment = checked_time(at)
        with _written(), self._catalogue.writing():
            known = self._captures.last(url)
            if known is None:
                raise NoSuchSnapshot(f"there is no capture of {url}", fix="fetch it without conditions")
            written = self._captures.written()
            with Appender(self._folder, written) as out:
                told = Recorder(self._captures, out).not_modified(known, url, moment, exchange)
            self._captures.set_written(written)
            if told:
                self._tell_revisit(known, told, records.stamp_of(moment))
        self._outbox.post()

    def _check_trusted(self) -> None:
        if not self.trusted:
            raise ArchiveError(
                "the catalogue does not know what the journal tells of: it was lost, or is an older copy",
                fix="run licet archive rebuild; nothing is written before",
            )

    def _snapshot(self, identity: str) -> Snapshot:
        found = self._catalogue.any_snapshot(identity)
        if found is None:
            raise AssertionError(identity)
        return found

    def _prepared(self, take: Take) -> _Read | LicetError:
        try:
            return self._read(take.checked())
        except LicetError as error:
            return error

    def _read(self, take: Take) -> _Read:
        capture = take.capture
        known = self._captures.find(capture.digest, capture.url)
        if known and known.snapshot:
            return _Read(take, None, "")
        article = article_of(capture.payload, capture, take.category, zone=take.zone, folder=self._folder)
        return _Read(take, article, item_of(capture, decoded(capture.payload, capture.content_encoding)))

    def _kept(
        self, read: _Read, out: Appender, tags: Callable[[Article], list[Tag]]
    ) -> tuple[str, Outcome] | LicetError:
        take = read.take
        known = self._captures.find(take.capture.digest, take.capture.url)
        if read.article is None and not (known and known.snapshot):
            raise AssertionError("bytes that were known are not")
        blocked = refusal(
            self._catalogue, take.capture.digest, read.item, text_digest(read.article) if read.article else None
        )
        if blocked:
            return blocked
        same = known.snapshot if known else None
        if same is None and read.article:
            same = self._catalogue.same_text(read.item, text_digest(read.article))
        if same and self._snapshot(same).state == "erased":
            return _erased(self._catalogue, same)
        recorder = Recorder(self._captures, out)
        put = recorder.page(take)
        needed = [recorder.requisite(put.number, requisite, take) for requisite in take.requisites]
        needed += [recorder.shared(put.number, address) for address in take.shared]
        told = _told_of(put, [need for need in needed if need])
        if put.known and put.known.snapshot:
            if told:
                self._tell_revisit(put.known, told, take.stamp)
            return put.known.snapshot, "same bytes"
        return self._filed(read, put, told or {}, same, tags)

    def _filed(
        self, read: _Read, put: Put, told: dict[str, Any], same: str | None, tags: Callable[[Article], list[Tag]]
    ) -> tuple[str, Outcome]:
        """File a page whose bytes are new: a snapshot of its own, or one more capture of the one that has its text."""
        take, article = read.take, read.article
        assert article is not None  # noqa: S101 - the caller looked
        outcome: Outcome = "same text" if same else "version" if self._catalogue.has_item(read.item) else "new"
        stamp = put.known.captured_at if put.known else take.stamp
        identity = same or snapshot_id(take.capture.digest, address_of(take.capture.url), stamp)
        if same:
            self._catalogue.seen(same, take.stamp)
        else:
            filed = Filed(
                id=identity,
                capture=put.number,
                item=read.item,
                stamp=stamp,
                moment=moment_of(article, datetime.fromisoformat(stamp)),
                display=take.display,
                zone=take.zone,
            )
            self._catalogue.put(filed, article, tags(article))
        self._captures.attach(put.number, identity, take.category)
        if put.known:  # it was kept as a requisite of another page
            if put.told:
                self._tell_revisit(put.known, put.told, take.stamp)
            told = {**told, **told_again(put.known)}
        filing = {"snapshot": identity, "outcome": outcome, "item": read.item, "category": take.category}
        filing |= {"zone": take.zone, "display": take.display}
        self._catalogue.note("captured", take.stamp, {**told, **filing})
        if not same:
            self._catalogue.note("extracted", take.stamp, extracted(identity, article))
        return identity, outcome

    def _tell_revisit(self, known: Stored, told: dict[str, Any], stamp: str) -> None:
        if known.snapshot:
            self._catalogue.seen(known.snapshot, stamp)
        self._catalogue.note("revisited", stamp, {"snapshot": known.snapshot, **told})


def _told_of(put: Put, needed: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the journal is told of a page and its requisites; of a known visit only what it lacked."""
    if put.told:
        return {**put.told, **({"requisites": needed} if needed else {})}
    if put.known and any("record" in need for need in needed):
        return {"of": put.known.record, "digest": put.known.digest, "requisites": needed}
    return None


def extracted(identity: str, article: Article) -> dict[str, str]:
    """Return what the journal is told of a reading: by which rules, and the digest of the text."""
    return {"snapshot": identity, "extractor": article.extractor, "text": text_digest(article)}


def _erased(catalogue: Catalogue, identity: str) -> TakenDown:
    """Return the error of a text that was erased and is not taken in again."""
    try:
        catalogue.refuse_hidden(identity)
    except TakenDown as error:
        return error
    raise AssertionError(identity)


@contextmanager
def _written() -> Iterator[None]:
    """Say in our own words that the disk did not take it; nothing was stored then."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        fix = "free some space, or check that the data folder may be written"
        raise ArchiveError(f"the archive could not be written: {error}", fix=fix) from error
