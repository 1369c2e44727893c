"""The archive: captures are added, kept unmodified, read, searched. The work is done in the modules beside this one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from licet.archive.capture import decoded, from_file
from licet.archive.catalogue import Catalogue, closed_unless_done
from licet.archive.collecting.submissions import Submission, submit
from licet.archive.fetch import Fetcher
from licet.archive.finding.limits import Filters
from licet.archive.finding.searching import Wanted
from licet.archive.finding.terms import Words
from licet.archive.keeping.captures import Captures, Stored
from licet.archive.keeping.origin import Take, checked_time
from licet.archive.keeping.outbox import Outbox
from licet.archive.keeping.payloads import response_of
from licet.archive.keeping.starting import mend
from licet.archive.keeping.taking import Keeper
from licet.archive.processing import Reader, Reprocessing
from licet.archive.proving import Proof, prove
from licet.archive.rebuilding import Rebuilding, Rebuilt
from licet.archive.relating.relations import Relations
from licet.archive.replaying.mementos import replayable
from licet.archive.searching import Search, moment
from licet.archive.subscribing.store import Subscriptions
from licet.archive.takedowns.erasing import Eraser
from licet.archive.takedowns.takedowns import Takedowns
from licet.archive.verifying import Verification
from licet.archive.warcs.exporting import Exported, Exporter, Form
from licet.archive.warcs.importing import Imported, Importer, Origin
from licet.archive.warcs.selecting import Selection
from licet.errors import BadFile, LicetError
from licet.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from licet.archive.capture import Capture, Exchange
    from licet.archive.finding.searching import Sort
    from licet.archive.model import (
        Article,
        Display,
        Finding,
        Hit,
        Memento,
        Reading,
        Response,
        SearchResult,
        Snapshot,
        Tag,
        Taken,
    )
    from licet.archive.relating.model import Copies, Story
    from licet.archive.warc import Place


class Archive:
    """The news archive of one data folder. Open it with :meth:`open`; it is a context manager.

    Times come in as parameters, never from the clock. Errors are those of :class:`licet.errors.ArchiveError` and
    :class:`licet.errors.BadInput`. What is taken down comes out of no list; asking for it raises
    :class:`licet.errors.TakenDown`.
    """

    def __init__(self, home: Path, tagger: Callable[[Article], list[Tag]] | None, entity_names: Sequence[str]) -> None:
        folder = home / "archive"
        folder.mkdir(parents=True, exist_ok=True)
        self._warc = folder / "warc"
        self._tagger = tagger
        self._journal = Journal.open(home)
        self._catalogue = Catalogue(folder / "catalogue.sqlite")
        with closed_unless_done(self._catalogue):
            self._captures = Captures(self._catalogue)
            self._outbox = Outbox(self._catalogue, self._journal)
            self._keeper = Keeper(self._warc, self._catalogue, self._captures, self._outbox)
            words = Words(entity_names)
            self._search = Search(folder / "index", self._catalogue, words)
            self._relations = Relations(self._catalogue, self._search, words)
            self._outbox.post()
            eraser = Eraser(self._warc, self._catalogue, self._outbox, self._search, self._relations.refresh)
            self._takedowns = Takedowns(self._catalogue, self._captures, self._outbox, self._search, eraser)
            eraser.recover()
            self._keeper.trusted = mend(self._warc, self._catalogue, self._captures, self._journal) is not None

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
        """Bring index, copies and stories up to date and close."""
        self._search.refresh()
        self._relations.refresh()
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def takedowns(self) -> Takedowns:
        """Requests to take something down, what was decided, legal holds, and erasing."""
        return self._takedowns

    # Captures in

    def add_file(
        self, path: Path, *, at: datetime, url: str | None = None, category: str | None = None, via: str | None = None
    ) -> Snapshot:
        """Capture an HTML file (``.gz`` around it is taken off) as of ``at``; ``url`` is its original address if known.

        The same bytes of the same address again give the snapshot that is there. :class:`~licet.errors.BadFile` for a
        file that cannot be a page, :class:`~licet.errors.NotExtractable` for a page without an article.
        """
        return self.take(from_file(path, url=url), at=at, category=category, via=via).snapshot

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
            return self.take(fetcher.page(url), at=at, category=category, via=via).snapshot
        with Fetcher(allow_private=allow_private) as own:
            return self.take(own.page(url), at=at, category=category, via=via).snapshot

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
        """Keep a capture as of ``at`` and say what became of it; it is on the disk when this returns.

        ``requisites`` are the pictures and styles that the page needs, and the redirects on the way to it; they are
        kept beside it and found by their addresses; ``shared`` are addresses of such that are kept already.
        :class:`~licet.errors.NotExtractable` for a page without an article: nothing is stored then.
        """
        take = Take(
            capture=capture,
            at=at,
            via=via,
            category=category,
            zone=zone,
            display=display,
            requisites=tuple(requisites),
            shared=tuple(shared),
        )
        (taken,) = self.take_many([take])
        if isinstance(taken, LicetError):
            raise taken
        return taken

    def take_many(self, takes: Sequence[Take]) -> list[Taken | LicetError]:
        """Keep captures with one flush to the disk for all of them; what cannot be kept gives its error in its place.

        All of them are on the disk when this returns. :class:`~licet.errors.ArchiveError` if the disk does not take
        them: none of them is stored then.
        """
        return self._keeper.take(takes, self._tags)

    def add_warc(  # noqa: PLR0913 - what is known of the captures, each by name
        self,
        path: Path,
        *,
        via: str | None = None,
        category: str | None = None,
        zone: str | None = None,
        display: Display = "full",
        progress: Callable[[int, int], None] | None = None,
    ) -> Imported:
        """Take in the pages of a WARC or WACZ file of any size and any writer, with their own dates and headers.

        ``captured_from`` names the file and the offset in it; ``via`` is by way of whom it came. Damaged records are
        named and passed over. ``progress`` is called with the bytes that were read and how many there are.
        :class:`~licet.errors.BadFile` if it is no such file.
        """
        origin = Origin(via=via, category=category, zone=zone, display=display)
        return Importer(self.take_many, origin, progress).run(path)

    def not_modified(self, url: str, *, at: datetime, exchange: Exchange) -> None:
        """Note that the server answered 304 to a conditional request for ``url``; the last capture stands.

        :class:`~licet.errors.NoSuchSnapshot` where nothing was captured at that address.
        """
        self._keeper.not_modified(url, at, exchange)

    # Captures and their versions out

    def snapshot(self, identity: str) -> Snapshot:
        """Return a snapshot; :class:`~licet.errors.NoSuchSnapshot` if there is none of that id."""
        return self._catalogue.snapshot(identity)

    def versions(self, identity: str) -> list[Snapshot]:
        """Return every version of the item of a snapshot, oldest first."""
        return self._catalogue.versions(self.snapshot(identity).item)

    def by_address(self, url: str) -> Snapshot | None:
        """Return the latest version of the article at an address, in whatever form the address is written."""
        item = self._captures.item_at(url)
        return self._catalogue.latest(item) if item else None

    def captures_of(self, url: str) -> list[Memento]:
        """Return every visit to an address, oldest first: pages and what pages need."""
        return self._captures.mementos(url)

    def mementos(self, url: str) -> list[Memento]:
        """Return the visits to an address that may be replayed, one a second, oldest first.

        :class:`~licet.errors.TakenDown` where nothing is left and something of it was taken down.
        """
        return replayable(self._catalogue, url, self._captures.mementos(url))

    def capture(self, number: int) -> Stored:
        """Return what is known of a capture; :class:`~licet.errors.NoSuchSnapshot` if there is none of that number."""
        return self._captures.by_number(number)

    def payload(self, number: int) -> Response:
        """Return a captured response, byte for byte; :class:`~licet.errors.Damaged` if it is no longer what it was."""
        return response_of(self._warc, self.capture(number))

    def raw(self, identity: str) -> tuple[str, bytes]:
        """Return the content type and the page's bytes as captured (an HTTP compression taken off)."""
        stored = self._stored(identity)
        return stored.content_type, decoded(response_of(self._warc, stored).body, stored.content_encoding)

    def proof(self, identity: str) -> Proof:
        """Read the record and the journal entry of a snapshot now, and say what was found."""
        return prove(self._warc, self._stored(identity), self._journal)

    def place_of(self, identity: str) -> Place:
        """Return where the record of a snapshot stands: WARC file, offset and length in bytes."""
        return self._stored(identity).place

    def readings(self, identity: str) -> list[Reading]:
        """Return what a snapshot said by older rules of extraction, oldest first; the latest is its article."""
        self._catalogue.snapshot(identity)
        return self._catalogue.readings(identity)

    # Lists and searches

    def search(  # noqa: PLR0913 - each limits or orders the search, by name
        self,
        query: str,
        *,
        category: str | None = None,
        lang: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        site: str | None = None,
        tag: str | None = None,
        sort: Sort = "relevance",
        at: datetime | None = None,
        facets: bool = False,
        limit: int = 20,
        offset: int = 0,
    ) -> SearchResult:
        """Find snapshots; the query has the language of :mod:`licet.archive.finding.language`.

        ``since`` and ``until`` (not included) bound the time of publication, else of capture; ``tag`` is ``kind:key``.
        ``sort`` is by ``relevance``, ``newest``, ``oldest``, or ``fading``: relevance that halves with every 30 days
        before ``at``. With ``facets`` what fits is counted by category, source and year.
        """
        filters = Filters(category, lang, moment(since), moment(until), source, site, tag)
        return self._search.find(query, Wanted(filters, sort, limit, offset, moment(at), facets=facets))

    def suggest(self, prefix: str, limit: int = 10) -> list[str]:
        """Return what the beginning of a query could become: words, names, titles, values of a filter."""
        return self._search.suggest(prefix, limit)

    def related(self, identity: str, limit: int = 10) -> list[Hit]:
        """Return other snapshots on the topic, nearest first; neither copies of this one nor of one another."""
        return self._relations.related(identity, limit)

    def copies(self, identity: str) -> Copies:
        """Return the near-copies of a snapshot with how much they share, and which of them is probably the origin."""
        return self._relations.copies(identity)

    def story(self, identity: str) -> Story:
        """Return the reports of the event that a snapshot is about, by the id of the snapshot or of the story."""
        return self._relations.story(identity)

    def more_of(self, category: str, *, limit: int = 20, excluding: str | None = None) -> list[Snapshot]:
        """Return the newest snapshots of a category, without ``excluding``."""
        return self._catalogue.recent(limit, category=category, offset=0, excluding=excluding)

    def categories(self) -> list[tuple[str, int]]:
        """Return every category with the number of its articles, the largest first."""
        return self._catalogue.categories()

    def recent(self, limit: int, category: str | None = None, offset: int = 0) -> list[Snapshot]:
        """Return the newest snapshots, by publication, else by capture."""
        return self._catalogue.recent(limit, category=category, offset=offset)

    def count(self) -> int:
        """Return the number of snapshots that are public, every version counted."""
        return self._catalogue.count()

    def submit(self, url: str, *, at: datetime, sender: str) -> Submission:
        """Put an address that a reader submits before the next crawl; errors as those of :func:`submit`."""
        return submit(self._warc.parent, url, at=at, sender=sender)

    @property
    def subscriptions(self) -> Subscriptions:
        """The subscriptions of readers."""
        return Subscriptions(self._catalogue)

    # Out and upkeep

    def export(  # noqa: PLR0913 - what is written, and of what, each by name
        self,
        out: Path,
        *,
        form: Form,
        at: datetime,
        ids: Sequence[str] | None = None,
        category: str | None = None,
        search: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Exported:
        """Write captures to ``out``: a WACZ package, a WARC file, or the CDXJ index of the WARC files of this archive.

        Of every public snapshot, or of those that ``ids`` name, that are listed under ``category``, or that a
        ``search`` finds; with all their visits and what their pages need. What is hidden is left out: an id of it
        raises :class:`~licet.errors.TakenDown`. ``out`` is there when it is whole, or as it was.
        """
        identities = self._chosen(ids, category, search)
        with Selection(self._catalogue, identities) as selection:
            return Exporter(self._warc, selection, progress).run(out, form, checked_time(at))

    def _chosen(self, ids: Sequence[str] | None, category: str | None, search: str | None) -> list[str] | None:
        """Return the ids of a selection, None for everything."""
        if ids is None and category is None and search is None:
            return None
        found = list(ids or ())
        if search is not None:
            total = self.search(search, category=category, limit=1).total
            found += [hit.snapshot.id for hit in self.search(search, category=category, limit=max(total, 1)).hits]
        elif category is not None:
            found += [snapshot.id for snapshot in self._catalogue.recent(-1, category=category, offset=0)]
        return list(dict.fromkeys(found))

    def process(
        self,
        *,
        progress: Callable[[int, int], None] | None = None,
        at: datetime | None = None,
        reader: Reader | None = None,
    ) -> int:
        """Read every snapshot again with the rules of today and fill the index anew; return how many were read.

        A damaged capture, or one that no longer gives an article, keeps the article it had; what an article said by
        older rules is kept (:meth:`readings`). ``progress`` is called with how many are done and how many there are;
        ``at`` is the time that the journal gets, by default that of each capture; ``reader`` reads them, by default in
        this process (:mod:`licet.archive.parts.again` reads on a cluster).
        """
        stamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
        done = Reprocessing(self._warc, self._catalogue, self._captures).run(self._tags, progress, stamp, reader)
        self._outbox.post()
        self._catalogue.mark_all_unindexed()
        self._search.refresh(afresh=True)
        self._relations.rebuild()
        return done

    def verify(self) -> list[Finding]:
        """Read every record and every journal entry again and hold them against each other; return what is wrong.

        A snapshot without its journal entry, an entry without its snapshot, and a text that is not the one that the
        journal has the digest of are findings like a damaged record.
        """
        return Verification(self._warc, self._catalogue, self._outbox, self._journal).run()

    def rebuild(self, *, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
        """Make catalogue and index anew from the WARC files and the journal alone: the same ids, versions, states.

        Whole records at the end of a file that the journal does not tell of were never acknowledged: they are moved
        aside into ``torn/`` and taken in as an imported file is. ``progress`` is called with how many entries of the
        journal were followed, and the number of the last.
        """
        rebuilding = Rebuilding(self._warc, self._catalogue, self._captures, self._outbox, self._journal)
        done = rebuilding.run(self._tags, progress)
        torn = mend(self._warc, self._catalogue, self._captures, self._journal)
        self._keeper.trusted = torn is not None
        for path in torn or ():
            with suppress(BadFile):
                self.add_warc(path)
        self._catalogue.mark_all_unindexed()
        self._search.refresh(afresh=True)
        self._relations.rebuild()
        return done

    def _stored(self, identity: str) -> Stored:
        """Return the capture that a public snapshot was first seen in."""
        self._catalogue.snapshot(identity)
        stored = self._captures.of_snapshot(identity)
        if stored is None:
            raise AssertionError(identity)
        return stored

    def _tags(self, article: Article) -> list[Tag]:
        return self._tagger(article) if self._tagger else []
