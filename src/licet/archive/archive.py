"""The archive: captures are added, kept unmodified, read, searched."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

from licet.archive import related as relations
from licet.archive import warc
from licet.archive.addresses import canonical
from licet.archive.capture import Capture, decoded, from_file
from licet.archive.catalogue import Catalogue, closed_unless_done
from licet.archive.extraction import EXTRACTOR, extract
from licet.archive.fetch import Fetcher
from licet.archive.finding.excerpts import excerpt, marked_terms
from licet.archive.finding.index import Entry, Filters, SearchIndex
from licet.archive.finding.terms import Words
from licet.archive.model import Article, Finding, Hit, SearchResult, Snapshot, Tag
from licet.errors import ArchiveError, BadValue, Damaged
from licet.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from licet.archive.catalogue import Stored

_BATCH = 500
_CHINA = timezone(timedelta(hours=8))


FIRST_YEAR, LAST_YEAR = 1990, 2199


class _Taken(NamedTuple):
    """A capture on its way into the archive: when (UTC, whole seconds), by way of whom, under which category."""

    capture: Capture
    at: datetime
    via: str | None
    category: str | None

    @property
    def stamp(self) -> str:
        return self.at.isoformat().replace("+00:00", "Z")


class Archive:
    """The news archive of one data folder. Open it with :meth:`open`; it is a context manager.

    Times come in as parameters, never from the clock. Errors are those of :class:`licet.errors.ArchiveError` and
    :class:`licet.errors.BadInput`.
    """

    def __init__(self, home: Path, tagger: Callable[[Article], list[Tag]] | None, entity_names: Sequence[str]) -> None:
        folder = home / "archive"
        folder.mkdir(parents=True, exist_ok=True)
        self._warc = folder / "warc"
        self._tagger = tagger
        self._words = Words(entity_names)
        self._journal = Journal.open(home)
        self._catalogue = Catalogue(folder / "catalogue.sqlite")
        with closed_unless_done(self._catalogue):
            self._index = SearchIndex(folder / "index", self._words)
            if self._index.fresh:
                self._catalogue.mark_all_unindexed()
            self._post()

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        tagger: Callable[[Article], list[Tag]] | None = None,
        entity_names: Sequence[str] = (),
    ) -> Self:
        """Open the archive in the data folder ``home``, made if it is not there.

        ``tagger`` marks what an article mentions; ``entity_names`` are names that the search keeps whole.
        """
        return cls(home, tagger, entity_names)

    def close(self) -> None:
        """Bring the index up to date and close."""
        self._refresh()
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_file(
        self, path: Path, *, at: datetime, url: str | None = None, category: str | None = None, via: str | None = None
    ) -> Snapshot:
        """Capture an HTML file (``.gz`` around it is taken off) as of ``at``; ``url`` is its original address if known.

        The same bytes of the same address again give the snapshot that is there. :class:`~licet.errors.BadFile` for a
        file that cannot be a page, :class:`~licet.errors.NotExtractable` for a page without an article.
        """
        return self._add(from_file(path, url=url), at=at, category=category, via=via)

    def add_address(  # noqa: PLR0913 - what is known of a capture, each by name
        self,
        url: str,
        *,
        at: datetime,
        allow_private: bool = False,
        category: str | None = None,
        via: str | None = None,
        fetcher: Fetcher | None = None,
    ) -> Snapshot:
        """Fetch ``url`` and capture what it answers, as of ``at``.

        A ``fetcher`` that is handed in keeps connections and robots.txt between calls, and its own ``allow_private``.
        """
        if fetcher is not None:
            return self._add(fetcher.page(url), at=at, category=category, via=via)
        with Fetcher(allow_private=allow_private) as own:
            return self._add(own.page(url), at=at, category=category, via=via)

    def snapshot(self, identity: str) -> Snapshot:
        """Return a snapshot; :class:`~licet.errors.NoSuchSnapshot` if there is none of that id."""
        return self._catalogue.snapshot(identity)

    def raw(self, identity: str) -> tuple[str, bytes]:
        """Return the content type and the page's bytes as captured (an HTTP compression taken off)."""
        self._catalogue.snapshot(identity)
        stored = next(iter(self._catalogue.stored(identity)))
        return stored.content_type, decoded(self._payload(stored), stored.content_encoding)

    def search(  # noqa: PLR0913 - each limits the search, by name
        self,
        query: str,
        *,
        category: str | None = None,
        lang: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> SearchResult:
        """Find snapshots by words, ``"a phrase"``, ``-without``; traditional and simplified find each other.

        ``since`` and ``until`` (not included) bound the time of publication, else of capture.
        """
        self._refresh()
        filters = Filters(category, lang, _moment(since), _moment(until))
        found = self._index.search(query, filters, limit=limit, offset=offset)
        scores = dict(found.hits)
        terms = marked_terms(query, self._words)
        snapshots = self._catalogue.snapshots(list(scores))
        return SearchResult(found.total, [Hit(s, excerpt(s.article.body, terms), scores[s.id]) for s in snapshots])

    def related(self, identity: str, limit: int = 10) -> list[Hit]:
        """Return other snapshots on the topic, nearest first; neither copies of this one nor of one another."""
        self._refresh()
        own = self.snapshot(identity)
        weights = relations.weights(self._index.words_of(own.article), self._index)
        candidates = self._index.weighted(weights, excluding=identity, limit=relations.CANDIDATES)
        ranked = []
        for other in self._catalogue.snapshots([candidate for candidate, _ in candidates]):
            score, shared = relations.likeness(weights, self._index.words_of(other.article))
            if relations.fits(score, shared):
                ranked.append((score, other, shared))
        ranked.sort(key=lambda item: (-item[0], item[1].id))
        seen = [relations.pieces(own.article)]
        hits: list[Hit] = []
        for score, other, shared in ranked:
            pieces = relations.pieces(other.article)
            if len(hits) < limit and not any(relations.near_copy(pieces, one) for one in seen):
                seen.append(pieces)
                hits.append(Hit(other, excerpt(other.article.body, shared), score))
        return hits

    def more_of(self, category: str, *, limit: int = 20, excluding: str | None = None) -> list[Snapshot]:
        """Return the newest snapshots of a category, without ``excluding``."""
        return self._catalogue.recent(limit, category=category, offset=0, excluding=excluding)

    def categories(self) -> list[tuple[str, int]]:
        """Return every category with the number of its snapshots, the largest first."""
        return self._catalogue.categories()

    def recent(self, limit: int, category: str | None = None, offset: int = 0) -> list[Snapshot]:
        """Return the newest snapshots, by publication, else by capture."""
        return self._catalogue.recent(limit, category=category, offset=offset)

    def count(self) -> int:
        """Return the number of snapshots."""
        return self._catalogue.count()

    def process(self, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Read every capture again with the rules of today and fill the index anew; return how many were read.

        A damaged capture, or one that no longer gives an article, keeps the article it had. ``progress`` is called
        with how many are done and how many there are.
        """
        total = self.count()
        done = 0
        for stored in self._catalogue.stored():
            self._read_again(stored)
            done += 1
            if progress:
                progress(done, total)
        self._post()
        self._catalogue.mark_all_unindexed()
        self._refresh(afresh=True)
        return done

    def verify(self) -> list[Finding]:
        """Read every record and every journal entry again and hold them against each other; return what is wrong.

        A snapshot without its journal entry, an entry without its snapshot, and a text that is not the one that the
        journal has the digest of are findings like a damaged record.
        """
        findings = [Finding(f"journal line {one.line}", one.message) for one in self._journal.verify()]
        captured, texts = self._journaled() if not findings else ({}, {})
        seen = set()
        for stored in self._catalogue.stored():
            seen.add(stored.snapshot)
            where = f"snapshot {stored.snapshot}"
            try:
                self._payload(stored)
            except Damaged as error:
                findings.append(Finding(where, error.message))
            if captured.get(stored.snapshot) != stored.digest:
                findings.append(Finding(where, "the journal has no entry of this capture"))
            article = self._catalogue.snapshot(stored.snapshot).article
            if texts.get(stored.snapshot) != _extracted(stored.snapshot, article)["text"]:
                findings.append(Finding(where, "the text is not the one that the journal has the digest of"))
        missing = sorted(set(captured) - seen)
        return findings + [Finding(f"snapshot {one}", "the journal has it, the catalogue has not") for one in missing]

    def _journaled(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the digests of the captures, and of the latest texts, that the journal has, by snapshot."""
        captured: dict[str, str] = {}
        texts: dict[str, str] = {}
        for entry in self._journal.entries():
            if entry.kind == "captured":
                captured[str(entry.payload["snapshot"])] = str(entry.payload["digest"])
            elif entry.kind == "extracted":
                texts[str(entry.payload["snapshot"])] = str(entry.payload["text"])
        return captured, texts

    def _add(self, capture: Capture, *, at: datetime, category: str | None, via: str | None) -> Snapshot:
        _check_origin(capture, at, via)
        taken = _Taken(capture, at.astimezone(UTC).replace(microsecond=0), via, category)
        known = self._catalogue.find(capture.digest, capture.url)
        article = None if known else self._article(capture.payload, capture, category)
        with _written(), self._catalogue.writing():
            identity = known or self._catalogue.find(capture.digest, capture.url)
            if identity is None and article is not None:
                identity = self._store(taken, article)
            else:
                revisit = {"snapshot": identity, "digest": capture.digest, "captured_from": capture.captured_from}
                self._catalogue.note("revisited", taken.stamp, revisit)
        self._post()
        return self._catalogue.snapshot(str(identity))

    def _store(self, taken: _Taken, article: Article) -> str:
        """Write the capture and what was read from it; the caller holds the write lock."""
        capture, stamp = taken.capture, taken.stamp
        identity = _identity(capture, stamp)
        place = warc.append(self._warc, capture, taken.at, self._catalogue.known_ends())
        number = self._catalogue.add(capture, place, at=stamp, via=taken.via, category=taken.category)
        self._catalogue.put(identity, number, article, self._tags(article), _time_of(article, taken.at))
        captured = {
            "snapshot": identity,
            "digest": capture.digest,
            "url": capture.url,
            "captured_from": capture.captured_from,
            "via": taken.via,
            "warc": place.file,
            "offset": place.offset,
            "length": place.length,
        }
        self._catalogue.note("captured", stamp, captured)
        self._catalogue.note("extracted", stamp, _extracted(identity, article))
        return identity

    def _article(self, payload: bytes, origin: Capture | Stored, category: str | None) -> Article:
        page = decoded(payload, origin.content_encoding)
        article = extract(page, url=origin.url, charset=_charset(origin.content_type))
        return _with_category(article, category)

    def _read_again(self, stored: Stored) -> None:
        before = self._catalogue.snapshot(stored.snapshot)
        try:
            article = self._article(self._payload(stored), stored, stored.given_category)
        except ArchiveError:
            article = before.article
        at = before.captured_at
        with self._catalogue.writing():
            self._catalogue.replace(stored.snapshot, article, self._tags(article), _time_of(article, at))
            if article != before.article:
                # The moment of re-reading is not known here: the entry carries that of the capture.
                self._catalogue.note("extracted", stored.captured_at, _extracted(stored.snapshot, article))

    def _payload(self, stored: Stored) -> bytes:
        payload = warc.read(self._warc, stored.place)
        if "sha256:" + hashlib.sha256(payload).hexdigest() != stored.digest:
            raise Damaged(
                f"{stored.place.file}@{stored.place.offset}: the bytes do not match their digest",
                fix="restore the file from a copy",
            )
        return payload

    def _tags(self, article: Article) -> list[Tag]:
        return self._tagger(article) if self._tagger else []

    def _post(self) -> None:
        """Hand the outbox to the journal. What a crash left there twice over is noticed by its number."""
        if not self._catalogue.outbox():
            return
        with self._catalogue.writing():
            waiting = self._catalogue.outbox()
            there = {entry.payload.get("note") for entry in self._journal.tail(len(waiting))}
            for number, kind, time, payload in waiting:
                if number not in there:
                    self._journal.append(kind, {**payload, "note": number}, time=time)
            if waiting:
                self._catalogue.clear_outbox(waiting[-1][0])

    def _refresh(self, *, afresh: bool = False) -> None:
        """Put into the index what it lacks; where another process is at it, leave that to it."""
        if afresh:
            self._catalogue.mark_indexed(self._index.add(self._everything(), afresh=True) or [])
        while entries := [Entry(s.id, s.article, moment) for s, moment in self._catalogue.to_index(_BATCH)]:
            added = self._index.add(entries)
            if added is None:
                return
            self._catalogue.mark_indexed(added)

    def _everything(self) -> Iterator[Entry]:
        for stored in self._catalogue.stored():
            snapshot = self._catalogue.snapshot(stored.snapshot)
            yield Entry(snapshot.id, snapshot.article, _time_of(snapshot.article, snapshot.captured_at))


@contextmanager
def _written() -> Iterator[None]:
    """Say in our own words that the disk did not take it; nothing was stored then."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        fix = "free some space, or check that the data folder may be written"
        raise ArchiveError(f"the archive could not be written: {error}", fix=fix) from error


def _identity(capture: Capture, stamp: str) -> str:
    """Return 12 letters and digits made from the bytes, their address and the time of capture."""
    address = canonical(capture.url) if capture.url else ""
    digest = hashlib.sha256(f"{capture.digest}\n{address}\n{stamp}".encode()).digest()
    return base64.b32encode(digest)[:12].decode("ascii").lower()


def _check_origin(capture: Capture, at: datetime, via: str | None) -> None:
    """Refuse a time without a zone or out of all bounds, and what could be more than one line of a WARC header."""
    if at.tzinfo is None:
        raise BadValue("the time of a capture needs a time zone", fix="give it as 2025-02-28T17:45:05+08:00")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadValue(f"a capture of the year {at.year}", fix=f"give a time from {FIRST_YEAR} to {LAST_YEAR}")
    for name, text in (("the address", capture.url), ("the origin", capture.captured_from), ("--via", via)):
        if text and any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise BadValue(f"{name} holds control characters", fix="write it on one line")
    if capture.url and urlsplit(capture.url).scheme not in ("http", "https"):
        raise BadValue(f"{capture.url[:80]!r} is no web address", fix="write https://host/path, or leave --url out")


def _extracted(identity: str, article: Article) -> dict[str, object]:
    digest = hashlib.sha256(f"{article.title}\n{article.published}\n{article.body}".encode()).hexdigest()
    return {"snapshot": identity, "extractor": EXTRACTOR, "text": f"sha256:{digest}"}


def _with_category(article: Article, category: str | None) -> Article:
    if not category:
        return article
    fields = {name: getattr(article, name) for name in article.__struct_fields__}
    return Article(**{**fields, "category": category, "confidence": {**article.confidence, "category": 1.0}})


def _charset(content_type: str) -> str | None:
    _, found, charset = content_type.lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None if found else None


def _moment(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())


def _time_of(article: Article, captured_at: datetime) -> int:
    """Return the moment an article is filed under: publication, where it is known and possible, else capture."""
    if article.published_at:
        return int(datetime.fromisoformat(article.published_at).timestamp())
    if article.published:
        zone = _CHINA if article.lang == "zh" else UTC
        return int(datetime.fromisoformat(article.published).replace(tzinfo=zone).timestamp())
    return int(captured_at.timestamp())
