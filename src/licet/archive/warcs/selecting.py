"""Which records an export takes: those that may be shown, of all snapshots or of some."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, Self

from licet.archive.warc import Place
from licet.archive.warcs import cdxj

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from licet.archive.catalogue import Catalogue
    from licet.archive.model import VisitKind

_TABLES = """
CREATE TABLE records (
    warc TEXT, warc_offset INTEGER, warc_length INTEGER, record TEXT, url TEXT, stamp TEXT, kind TEXT,
    content_type TEXT, status INTEGER, digest TEXT, PRIMARY KEY (warc, warc_offset)
) WITHOUT ROWID;
CREATE TABLE lines (key TEXT, stamp TEXT, line TEXT);
CREATE TABLE pages (stamp TEXT, id TEXT, url TEXT, title TEXT);
"""
_VISITS = """
SELECT v.id, v.warc, v.warc_offset, v.warc_length, v.record, COALESCE(c.url, ''), v.visited_at, v.kind, c.content_type,
    v.status, c.digest
FROM visits AS v JOIN public_captures AS c ON c.id = v.capture
"""
_OF_SNAPSHOT = """
WHERE c.id IN (SELECT id FROM captures WHERE snapshot = ?1)
OR c.id IN (SELECT r.requisite FROM requisites AS r JOIN captures AS p ON p.id = r.page WHERE p.snapshot = ?1)
"""
_PAGE = 1000


class Chosen(NamedTuple):
    """A record that is exported, and what an index says of it."""

    record: str
    place: Place
    url: str
    stamp: str
    visit: VisitKind
    content_type: str
    status: int | None
    digest: str


class Selection:
    """Records and pages in a temporary database, so that memory stays flat; then the lines of their index."""

    def __init__(self, catalogue: Catalogue, identities: Iterable[str] | None) -> None:
        self._catalogue = catalogue
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        for identity in identities if identities is not None else self._every_snapshot():
            self._add_page(identity, records=identities is not None)
        if identities is None:
            self._add_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def records(self) -> Iterator[Chosen]:
        """Yield what is exported in the order of files and places."""
        for warc, offset, length, record, url, *told in self._db.execute(
            "SELECT * FROM records ORDER BY warc, warc_offset"
        ):
            target = url or "urn:sha256:" + told[-1].removeprefix("sha256:")
            yield Chosen(record, Place(warc, offset, length), target, *told)

    def count(self) -> int:
        """Return how many records are exported."""
        return int(self._db.execute("SELECT COUNT(*) FROM records").fetchone()[0])

    def pages(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the time, id, address and title of every page that has an address, oldest first."""
        yield from self._db.execute("SELECT * FROM pages WHERE url <> '' ORDER BY stamp, id")

    def index(self, chosen: Chosen, place: Place, **more: str) -> None:
        """Note the line of a record that stands at ``place``."""
        told = cdxj.Line(
            chosen.url, chosen.stamp, chosen.visit, chosen.content_type, chosen.status, chosen.digest, *place
        )
        text = cdxj.line(told, **more)
        sort, stamp, _ = text.split(" ", 2)
        self._db.execute("INSERT INTO lines VALUES (?, ?, ?)", (sort, stamp, text))

    def lines(self) -> Iterator[str]:
        """Yield the lines of the index, sorted."""
        for (text,) in self._db.execute("SELECT line FROM lines ORDER BY key, stamp, line"):
            yield text

    def _every_snapshot(self) -> Iterator[str]:
        after = 0
        query = "SELECT capture, id FROM public_snapshots WHERE capture > ? ORDER BY capture LIMIT ?"
        while rows := self._catalogue.rows(query, (after, _PAGE)):
            for after, identity in rows:  # noqa: B007 - the last one is where to go on
                yield identity

    def _add_page(self, identity: str, *, records: bool) -> None:
        snapshot = self._catalogue.snapshot(identity)
        stamp = snapshot.captured_at.isoformat().replace("+00:00", "Z")
        self._db.execute("INSERT INTO pages VALUES (?, ?, ?, ?)", (stamp, identity, snapshot.url or "", snapshot.title))
        if records:
            self._insert(self._catalogue.rows(_VISITS + _OF_SNAPSHOT, (identity,)))

    def _add_all(self) -> None:
        after = 0
        while rows := self._catalogue.rows(f"{_VISITS} WHERE v.id > ? ORDER BY v.id LIMIT {_PAGE}", (after,)):
            self._insert(rows)
            after = rows[-1][0]

    def _insert(self, rows: Iterable[tuple[object, ...]]) -> None:
        marks = ",".join("?" * 10)
        self._db.executemany(f"INSERT OR IGNORE INTO records VALUES ({marks})", (row[1:] for row in rows))
