"""The captures and visits of the catalogue: what was received, when an address was looked at, where it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from licet.archive.addresses import canonical
from licet.archive.model import Memento
from licet.archive.warc import Place
from licet.errors import NoSuchSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.archive.capture import Capture
    from licet.archive.catalogue import Catalogue
    from licet.archive.model import VisitKind

_PAGE = 1000
_STORED = """
SELECT c.id, c.snapshot, c.kind, c.record, c.digest, c.url, c.captured_at, c.given_category, c.content_type,
    c.content_encoding, c.status, c.warc, c.warc_offset, c.warc_length
"""


class Stored(NamedTuple):
    """A stored capture, as re-reading needs it; ``record`` is its WARC-Record-ID."""

    number: int
    snapshot: str | None
    kind: str
    record: str
    digest: str
    url: str | None
    captured_at: str
    given_category: str | None
    content_type: str
    content_encoding: str
    status: int | None
    place: Place


class Known(NamedTuple):
    """What the catalogue holds of the bytes of a capture."""

    digest: str
    url: str | None
    content_type: str
    content_encoding: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A look at an address: ``kind`` of what came of it, when, from where, and the record that tells of it."""

    kind: VisitKind
    url: str | None
    stamp: str
    status: int | None
    captured_from: str
    via: str | None
    record: str
    place: Place


class Captures:
    """The captures of a catalogue. Writes want :meth:`Catalogue.writing` around them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def add(self, capture: Capture, visit: Visit, *, kind: str, category: str | None) -> int:
        """Insert a capture with its first visit and return its number."""
        known = Known(capture.digest, capture.url, capture.content_type, capture.content_encoding)
        return self.add_known(known, visit, kind=kind, category=category)

    def add_known(self, capture: Known, visit: Visit, *, kind: str, category: str | None) -> int:
        """Insert a capture whose bytes stand in a record already."""
        number = self._catalogue.execute(
            "INSERT INTO captures (digest, url, canonical, captured_at, captured_from, via, given_category,"
            " content_type, content_encoding, kind, status, record, warc, warc_offset, warc_length, warc_end)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                capture.digest,
                capture.url,
                address_of(capture.url),
                visit.stamp,
                visit.captured_from,
                visit.via,
                category,
                capture.content_type,
                capture.content_encoding,
                kind,
                visit.status,
                visit.record,
                *visit.place,
                visit.place.offset + visit.place.length,
            ),
        )
        self.visit(number, visit)
        return number

    def visit(self, number: int, visit: Visit) -> None:
        """Note a visit that found the bytes of capture ``number``."""
        self._catalogue.execute(
            "INSERT INTO visits (capture, kind, canonical, visited_at, status, captured_from, via, record,"
            " warc, warc_offset, warc_length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                visit.kind,
                address_of(visit.url),
                visit.stamp,
                visit.status,
                visit.captured_from,
                visit.via,
                visit.record,
                *visit.place,
            ),
        )

    def attach(self, number: int, snapshot: str, category: str | None) -> None:
        """Say that capture ``number`` is a page, given under ``category``, whose text ``snapshot`` has."""
        self._catalogue.execute(
            "UPDATE captures SET snapshot = ?, kind = 'page', given_category = ? WHERE id = ?",
            (snapshot, category, number),
        )

    def need(self, page: int, requisite: int) -> None:
        """Say that ``page`` needs ``requisite`` to be shown."""
        self._catalogue.execute("INSERT OR IGNORE INTO requisites VALUES (?, ?)", (page, requisite))

    def find(self, digest: str, url: str | None) -> Stored | None:
        """Return the capture of the same bytes from the same address."""
        return self._one("c.digest = ? AND c.canonical = ?", (digest, address_of(url)))

    def last(self, url: str) -> Stored | None:
        """Return the capture that the newest visit to ``url`` found."""
        rows = self._catalogue.rows(
            f"{_STORED} FROM visits AS v JOIN captures AS c ON c.id = v.capture WHERE v.canonical = ?"
            " ORDER BY v.visited_at DESC, v.id DESC LIMIT 1",
            (canonical(url),),
        )
        return _stored(rows[0]) if rows else None

    def by_number(self, number: int) -> Stored:
        """Return a capture that may be shown; :class:`NoSuchSnapshot`, or :class:`TakenDown` if it may not."""
        rows = self._catalogue.rows(f"{_STORED} FROM public_captures AS c WHERE c.id = ?", (number,))
        if rows:
            return _stored(rows[0])
        for (snapshot,) in self._catalogue.rows("SELECT snapshot FROM captures WHERE id = ?", (number,)):
            self._catalogue.refuse_hidden(snapshot or "")
        raise NoSuchSnapshot(f"there is no capture {number}", fix="captures_of(url) gives the numbers of captures")

    def by_any_number(self, number: int) -> Stored:
        """Return a capture whatever its state: for keeping, never for showing."""
        found = self._one("c.id = ?", (number,))
        if found is None:
            raise AssertionError(number)
        return found

    def of_snapshot(self, identity: str) -> Stored | None:
        """Return the capture that a snapshot was first seen in, whatever its state."""
        return self._one("c.id = (SELECT capture FROM snapshots WHERE id = ?)", (identity,))

    def by_record(self, record: str) -> Stored | None:
        """Return the capture of a WARC-Record-ID."""
        return self._one("c.record = ?", (record,))

    def visited(self, record: str) -> bool:
        """Say whether a visit with this record is noted."""
        return bool(self._catalogue.rows("SELECT 1 FROM visits WHERE record = ?", (record,)))

    def stored(self, *, pages: bool = False) -> Iterator[Stored]:
        """Yield every stored capture in the order of capture, a thousand in memory; with ``pages`` no requisites."""
        where = "c.id > ? AND c.kind = 'page'" if pages else "c.id > ?"
        number = 0
        while rows := self._catalogue.rows(
            f"{_STORED} FROM captures AS c WHERE {where} ORDER BY c.id LIMIT {_PAGE}", (number,)
        ):
            yield from map(_stored, rows)
            number = rows[-1][0]

    def mementos(self, url: str) -> list[Memento]:
        """Return the visits to an address that may be shown, oldest first."""
        rows = self._catalogue.rows(
            "SELECT v.visited_at, c.id, c.snapshot, v.status, c.digest, c.content_type, c.kind, v.kind, c.url"
            " FROM visits AS v JOIN public_captures AS c ON c.id = v.capture WHERE v.canonical = ?"
            " ORDER BY v.visited_at, v.id",
            (canonical(url),),
        )
        return [_memento(row) for row in rows]

    def item_at(self, url: str) -> str | None:
        """Return the item whose page an address showed last: one of its own, or that of its canonical address."""
        address = canonical(url)
        rows = self._catalogue.rows(
            "SELECT s.item FROM visits AS v JOIN captures AS c ON c.id = v.capture JOIN snapshots AS s"
            " ON s.id = c.snapshot WHERE v.canonical = ? ORDER BY v.visited_at DESC, v.id DESC LIMIT 1",
            (address,),
        )
        return str(rows[0][0]) if rows else address

    def written(self) -> dict[str, int]:
        """Return, for each WARC file, where its last known record ends."""
        return dict(self._catalogue.rows("SELECT name, written FROM warc_files"))

    def set_written(self, written: dict[str, int]) -> None:
        """Note where the WARC files end now."""
        self._catalogue.execute_many("INSERT OR REPLACE INTO warc_files VALUES (?, ?)", written.items())

    def _one(self, where: str, values: Sequence[Any]) -> Stored | None:
        rows = self._catalogue.rows(f"{_STORED} FROM captures AS c WHERE {where}", values)
        return _stored(rows[0]) if rows else None


def address_of(url: str | None) -> str:
    """Return the canonical form of an address, nothing where there is none."""
    return canonical(url) if url else ""


def _stored(row: Sequence[Any]) -> Stored:
    place = Place(*row[11:])
    known: Any = (*row[:11], place)
    return Stored._make(known)


def _memento(row: Sequence[Any]) -> Memento:
    at, number, snapshot, status, digest, content_type, kind, visit, url = row
    return Memento(
        at=datetime.fromisoformat(at).astimezone(UTC),
        capture=number,
        snapshot=snapshot,
        status=status,
        digest=digest,
        content_type=content_type,
        kind=kind,
        visit=visit,
        url=url,
    )
