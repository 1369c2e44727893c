"""The catalogue made anew from the WARC files and the journal alone: the same ids, versions and visits."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from licet.archive.articles import article_of, moment_of
from licet.archive.catalogue import Filed
from licet.archive.keeping.captures import Known, Visit, address_of
from licet.archive.keeping.identity import record_of_old
from licet.archive.keeping.payloads import payload_of
from licet.archive.model import Article, Finding
from licet.archive.takedowns import restoring
from licet.archive.warc import Place
from licet.archive.warcs.scanning import Scan, Scanned, scanned
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures, Stored
    from licet.archive.keeping.outbox import Outbox
    from licet.archive.model import Tag, VisitKind
    from licet.journal import Entry, Journal

_TABLES = ("requisites", "tags", "snapshots", "visits", "captures", "warc_files")
_TAKEDOWNS = ("cases", "snapshots", "holds", "tombstones", "blocks")  # who asked is in no journal: that stays
_READINGS = "CREATE TABLE readings (id INTEGER PRIMARY KEY, snapshot TEXT, extractor TEXT, text TEXT)"
_UNTOLD_END = """
SELECT MIN(r.warc_offset) FROM records AS r WHERE r.warc = ? AND r.kind IN ('response', 'resource', 'revisit')
AND r.warc_offset > COALESCE((
    SELECT MAX(k.warc_offset) FROM records AS k JOIN told AS t ON t.record = k.record WHERE k.warc = ?
), -1)
"""


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What was brought back; ``lost`` names each capture that the journal tells of and that cannot be read."""

    snapshots: int
    captures: int
    visits: int
    lost: list[Finding]


class Rebuilding:
    """Makes one catalogue anew, in one write: after a crash in the middle the old one stands."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, captures: Captures, outbox: Outbox, journal: Journal
    ) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._captures = captures
        self._outbox = outbox
        self._journal = journal
        self._lost: list[Finding] = []
        self._missed: set[str] = set()

    def run(
        self,
        tags: Callable[[Article], list[Tag]],
        progress: Callable[[int, int], None] | None = None,
    ) -> Rebuilt:
        """Follow the journal from its first entry, and read what its captures hold.

        Records at the end of a file that it does not tell of were never acknowledged: the file counts as written up
        to them. What was taken down is hidden again, what was erased stays erased.
        """
        with Scan() as scan, self._catalogue.writing():
            self._outbox.post()
            position = self._journal.position()
            restoring.tidy(self._folder, self._journal.entries(end=position))
            self._empty()
            scan.rows(_READINGS)
            scan.folder(self._folder)
            scan.ready()
            self._erasures(scan, position)
            for at, entry in enumerate(self._journal.entries(end=position)):
                self._follow(scan, entry, tags)
                if progress and at % 64 == 0:
                    progress(at, entry.sequence)
            self._captures.set_written(self._ends(scan))
            self._outbox.reached(position)
            restoring.Restorer(self._folder, self._catalogue).run(self._journal.entries(end=position))
            self._count_erased_versions()
            self._older_readings(scan)
            self._drop_orphans()
            counts = [self._count(table) for table in ("snapshots", "captures", "visits")]
        self._outbox.post()
        return Rebuilt(snapshots=counts[0], captures=counts[1], visits=counts[2], lost=self._lost)

    def _empty(self) -> None:
        self._catalogue.execute("PRAGMA defer_foreign_keys = ON")
        for table in (*_TABLES, *(f"takedown_{name}" for name in _TAKEDOWNS)):
            self._catalogue.execute(f"DELETE FROM {table}")

    def _erasures(self, scan: Scan, end: int) -> None:
        for entry in self._journal.entries(end=end):
            if entry.kind == "erased":
                for one in entry.payload.get("records", [entry.payload]):
                    scan.insert("erased", one.get("snapshot"), one.get("digest"))

    def _follow(self, scan: Scan, entry: Entry, tags: Callable[[Article], list[Tag]]) -> None:
        told = entry.payload
        if entry.kind == "captured":
            self._captured(scan, told, entry.time, tags)
        elif entry.kind == "revisited":
            if "record" in told:
                self._bring(scan, told, entry.time, kind="page")
            if told.get("snapshot"):
                self._catalogue.seen(str(told["snapshot"]), entry.time)
            self._needs(scan, told, entry.time)
        elif entry.kind == "extracted":
            scan.insert("readings", None, told["snapshot"], told["extractor"], told["text"])

    def _captured(self, scan: Scan, told: dict[str, Any], time: str, tags: Callable[[Article], list[Tag]]) -> None:
        number = self._bring(scan, told, time, kind="page", category=told.get("category"))
        self._needs(scan, told, time)
        if number is None:
            return
        stored = self._captures.by_any_number(number)
        identity = str(told["snapshot"])
        if self._catalogue.any_snapshot(identity) is None:
            self._file(identity, stored, told, tags)
        else:
            self._catalogue.seen(identity, time)
        self._captures.attach(number, identity, told.get("category"))

    def _file(self, identity: str, stored: Stored, told: dict[str, Any], tags: Callable[[Article], list[Tag]]) -> None:
        """Put the snapshot of a capture back; without an article where the rules of today find none in it."""
        try:
            payload = payload_of(self._folder, stored)
            article = article_of(payload, stored, told.get("category"), zone=told.get("zone"), folder=self._folder)
        except ArchiveError:
            article = Article(url=stored.url, category=told.get("category"))
        filed = Filed(
            id=identity,
            capture=stored.number,
            item=told.get("item") or address_of(stored.url) or stored.digest,
            stamp=stored.captured_at,
            moment=moment_of(article, datetime.fromisoformat(stored.captured_at)),
            display=told.get("display", "full"),
            zone=told.get("zone"),
        )
        self._catalogue.put(filed, article, tags(article))

    def _needs(self, scan: Scan, told: dict[str, Any], time: str) -> None:
        page = self._captures.by_record(str(told.get("of") or told.get("record")))
        for need in told.get("requisites", ()):
            number = self._bring(scan, need, time, kind="requisite")
            if page and number:
                self._captures.need(page.number, number)

    def _bring(
        self, scan: Scan, told: dict[str, Any], time: str, *, kind: str, category: str | None = None
    ) -> int | None:
        """Note the visit that the journal tells of; return its capture, None where that is lost or was erased."""
        record = told.get("record") or (None if "of" in told else _record_of_old(told, time))
        first = self._captures.by_record(str(told.get("of") or record))
        if record is None or self._captures.visited(str(record)):
            return first.number if first else None
        found = _found(scan, str(record))
        scan.insert("told", record, "", "", kind, "")
        if "of" in told:
            if first:
                self._captures.visit(first.number, _visit(told, time, str(record), found, told["visit"]))
            return first.number if first else None
        if found is None:
            self._miss(scan, told)
            return None
        content_type = found.content_type or ("text/html" if found.status else "")
        known = Known(told["digest"], told.get("url"), content_type, found.content_encoding)
        visit = _visit(told, time, str(record), found, "capture")
        return self._captures.add_known(known, visit, kind=kind, category=category)

    def _miss(self, scan: Scan, told: dict[str, Any]) -> None:
        where = f"{told.get('warc')}@{told.get('offset')}"
        self._missed.add(where)
        if not scan.rows("SELECT 1 FROM erased WHERE digest = ?", (told["digest"],)).fetchone():
            self._lost.append(Finding(where, f"the record of {told.get('url') or told['digest']} cannot be read"))

    def _older_readings(self, scan: Scan) -> None:
        """Keep what the journal tells of older readings, and tell it of those that differ from the last it knows."""
        rows = scan.rows("SELECT snapshot, extractor, text FROM readings ORDER BY snapshot, id")
        for snapshot, found in groupby(rows, key=itemgetter(0)):
            now = self._catalogue.rows(
                "SELECT extracted_with, text, captured_at FROM snapshots WHERE id = ?", (snapshot,)
            )
            if not now:
                continue
            (extractor, text, stamp), told = now[0], [(one[1], one[2]) for one in found]
            kept = {(one.extractor, one.text) for one in self._catalogue.readings(snapshot)}
            for older in dict.fromkeys(told):
                if older != (extractor, text) and older not in kept:
                    self._catalogue.execute(
                        "INSERT INTO extractions (snapshot, extractor, text) VALUES (?, ?, ?)", (snapshot, *older)
                    )
            if told[-1][1] != text:
                entry = {"snapshot": snapshot, "extractor": extractor, "text": text}
                self._catalogue.note("extracted", stamp, entry)

    def _ends(self, scan: Scan) -> dict[str, int]:
        """Return where each file ends: before records at its end that the journal does not tell of, and torn bytes."""
        ends = {}
        for name, sound, size in scan.rows("SELECT warc, sound, size FROM files").fetchall():
            ((untold,),) = scan.rows(_UNTOLD_END, (name, name)).fetchall()
            damaged = scan.rows("SELECT MAX(warc_offset) FROM damage WHERE warc = ?", (name,)).fetchone()[0]
            torn = damaged is not None and damaged >= sound and f"{name}@{damaged}" not in self._missed
            ends[name] = untold if untold is not None else sound if torn else size
        return ends

    def _count_erased_versions(self) -> None:
        for (item,) in self._catalogue.rows("SELECT DISTINCT item FROM snapshots WHERE state = 'erased'"):
            self._catalogue.count_versions(str(item))

    def _drop_orphans(self) -> None:
        """Drop rows of other tables that tell of snapshots which could not be brought back."""
        for table, number, *_ in self._catalogue.rows("PRAGMA foreign_key_check"):
            if number is not None:
                self._catalogue.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (number,))

    def _count(self, table: str) -> int:
        return int(self._catalogue.rows(f"SELECT COUNT(*) FROM {table}")[0][0])


def _found(scan: Scan, record: str) -> Scanned | None:
    row = scan.rows("SELECT * FROM records WHERE record = ?", (record,)).fetchone()
    return scanned(row) if row else None


def _record_of_old(told: dict[str, Any], time: str) -> str:
    """Return the record of a capture that the first version of the archive told the journal of."""
    kind = "response" if str(told["captured_from"]).startswith("http") else "resource"
    return record_of_old(kind, told.get("url"), time, told["digest"])


def _visit(told: dict[str, Any], time: str, record: str, found: Scanned | None, kind: VisitKind) -> Visit:
    place = found.place if found else Place(str(told["warc"]), int(told["offset"]), int(told["length"]))
    return Visit(
        kind=kind,
        url=told.get("url"),
        stamp=found.stamp if found else time,
        status=found.status if found else told.get("status"),
        captured_from=str(told.get("captured_from") or told.get("url") or ""),
        via=told.get("via"),
        record=record,
        place=place,
    )
