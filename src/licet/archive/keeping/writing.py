"""The records of a visit: written to the WARC, noted in the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive.keeping import records
from licet.archive.keeping.captures import Visit

if TYPE_CHECKING:
    from datetime import datetime

    from licet.archive.capture import Capture, Exchange
    from licet.archive.keeping.captures import Captures, Stored
    from licet.archive.keeping.origin import Take
    from licet.archive.warc import Appender


class Put(NamedTuple):
    """What became of bytes: the number of their capture, their capture if it was there, what the journal is told."""

    number: int
    known: Stored | None
    told: dict[str, Any] | None


class Recorder:
    """Writes records with ``out``, inside the write of the catalogue that ``captures`` belong to."""

    def __init__(self, captures: Captures, out: Appender) -> None:
        self._captures = captures
        self._out = out

    def page(self, take: Take) -> Put:
        """Write a page, and beside it what its records cannot say: where from, how it is filed, what it needs."""
        capture = take.capture
        fields = [
            ("captured-from", capture.captured_from),
            ("by-way-of", take.via),
            ("category", take.category),
            ("zone", take.zone),
            ("display", take.display if take.display != "full" else None),
            *(("requisite", self._record_of(need, take.stamp)) for need in take.requisites),
        ]
        return self._put(capture, take, "page", [(name, value) for name, value in fields if value])

    def requisite(self, page: int, capture: Capture, take: Take) -> dict[str, Any] | None:
        """Write what a page needs; return what the journal is told."""
        put = self._put(capture, take, "requisite", [])
        self._captures.need(page, put.number)
        return put.told or (put.known and {"of": put.known.record})

    def shared(self, page: int, address: str) -> dict[str, Any] | None:
        """Note that a page needs what was captured last at an address; return what the journal is told."""
        known = self._captures.last(address)
        if known is None or known.number == page:
            return None
        self._captures.need(page, known.number)
        return {"of": known.record}

    def not_modified(self, known: Stored, url: str, at: datetime, exchange: Exchange) -> dict[str, Any] | None:
        """Write that the server said that ``known`` has not changed."""
        visit = self._revisit(known, url, at, exchange, profile=records.NOT_MODIFIED)
        return self._noted(known, visit) if visit else None

    def _record_of(self, capture: Capture, stamp: str) -> str:
        """Return the ID of the record that tells of a capture at ``stamp``."""
        known = self._captures.find(capture.digest, capture.url)
        own = records.capture_id(capture, stamp)
        if known is None or known.record == own:
            return own
        return records.revisit_id(capture.target, stamp, records.IDENTICAL, _referred(known))

    def _put(self, capture: Capture, take: Take, kind: str, fields: list[tuple[str, str]]) -> Put:
        """Write bytes that are new; of bytes that are known only the visit, of a known visit nothing."""
        known = self._captures.find(capture.digest, capture.url)
        record = records.capture_id(capture, take.stamp)
        if known and known.record == record:
            return Put(known.number, known, None)
        if known:
            visit = self._revisit(
                known,
                capture.url,
                take.at,
                capture.exchange,
                captured_from=capture.captured_from,
                via=take.via,
                fields=fields,
            )
            return Put(known.number, known, self._noted(known, visit) if visit else None)
        members = [records.captured(capture, take.stamp)]
        members += _beside(capture.target, take.stamp, capture.exchange, record, fields)
        visit = Visit(
            kind="capture",
            url=capture.url,
            stamp=take.stamp,
            status=status_of(capture.exchange),
            captured_from=capture.captured_from,
            via=take.via,
            record=record,
            place=self._out.put(take.at, members)[0],
        )
        category = take.category if kind == "page" else None
        number = self._captures.add(capture, visit, kind=kind, category=category)
        return Put(number, None, _told(visit, capture.digest))

    def _noted(self, known: Stored, visit: Visit) -> dict[str, Any]:
        self._captures.visit(known.number, visit)
        return {**_told(visit, known.digest), "of": known.record, "visit": visit.kind}

    def _revisit(  # noqa: PLR0913 - what is known of a visit, each by name
        self,
        known: Stored,
        url: str | None,
        at: datetime,
        exchange: Exchange | None,
        *,
        profile: str = records.IDENTICAL,
        captured_from: str | None = None,
        via: str | None = None,
        fields: list[tuple[str, str]] | None = None,
    ) -> Visit | None:
        """Write a revisit of ``known``; None if this very visit is noted already."""
        target, stamp = url or target_of(known), records.stamp_of(at)
        first = _referred(known)
        record = records.revisit_id(target, stamp, profile, first)
        if self._captures.visited(record):
            return None
        members = [records.revisited(target, stamp, exchange, profile, first)]
        members += _beside(target, stamp, exchange, record, fields or [])
        return Visit(
            kind="same bytes" if profile == records.IDENTICAL else "not modified",
            url=url,
            stamp=stamp,
            status=status_of(exchange),
            captured_from=captured_from or target,
            via=via,
            record=record,
            place=self._out.put(at, members)[0],
        )


def target_of(stored: Stored) -> str:
    """Return the WARC target of a capture."""
    return stored.url or "urn:sha256:" + stored.digest.removeprefix("sha256:")


def status_of(exchange: Exchange | None) -> int | None:
    """Return the HTTP status of an exchange."""
    code = exchange.status_line.split()[1:2] if exchange else []
    return int(code[0]) if code and code[0].isdecimal() and len(code[0]) == 3 else None


def _referred(known: Stored) -> records.Referred:
    return records.Referred(known.record, target_of(known), known.captured_at, known.digest)


def _beside(
    target: str, stamp: str, exchange: Exchange | None, record: str, fields: list[tuple[str, str]]
) -> list[bytes]:
    """Return the records that stand right behind ``record``: its request, where it is known, and its metadata."""
    members = []
    if exchange and exchange.request_line:
        members.append(records.request(target, stamp, exchange, record))
    if fields:
        members.append(records.metadata(target, stamp, record, fields))
    return members


def told_again(known: Stored) -> dict[str, Any]:
    """Return what the journal is told of a capture that is there."""
    return {
        "record": known.record,
        "digest": known.digest,
        "url": known.url,
        "status": known.status,
        "warc": known.place.file,
        "offset": known.place.offset,
        "length": known.place.length,
    }


def _told(visit: Visit, digest: str) -> dict[str, Any]:
    return {
        "record": visit.record,
        "digest": digest,
        "url": visit.url,
        "status": visit.status,
        "captured_from": visit.captured_from,
        "via": visit.via,
        "warc": visit.place.file,
        "offset": visit.place.offset,
        "length": visit.place.length,
    }
