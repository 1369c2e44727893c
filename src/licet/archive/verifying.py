"""Verification: every record is read again, and WARC, catalogue and journal are held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.archive.keeping.identity import record_of_old
from licet.archive.model import Finding
from licet.archive.takedowns import checking
from licet.archive.warcs.scanning import Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.outbox import Outbox
    from licet.journal import Journal

_VISITS = """
SELECT v.record, v.kind, c.snapshot, COALESCE(s.state, 'public'), c.digest, c.url, v.warc, v.warc_offset
FROM visits AS v JOIN captures AS c ON c.id = v.capture LEFT JOIN snapshots AS s ON s.id = c.snapshot
WHERE v.id > ? AND v.id <= ? ORDER BY v.id LIMIT 1000
"""
_BROKEN = """
SELECT v.snapshot, v.url, v.warc, v.warc_offset, d.reason, f.size
FROM visits AS v LEFT JOIN records AS r ON r.warc = v.warc AND r.warc_offset = v.warc_offset
LEFT JOIN damage AS d ON d.warc = v.warc AND d.warc_offset = v.warc_offset
LEFT JOIN files AS f ON f.warc = v.warc
WHERE v.state <> 'erased' AND (r.record IS NULL OR r.record <> v.record)
"""
_OTHER_BYTES = """
SELECT v.snapshot, v.url, v.warc, v.warc_offset
FROM visits AS v JOIN records AS r ON r.warc = v.warc AND r.warc_offset = v.warc_offset AND r.record = v.record
WHERE v.state <> 'erased' AND v.kind = 'capture' AND r.digest <> v.digest
"""
_UNTOLD = """
SELECT v.snapshot, v.url, v.warc, v.warc_offset FROM visits AS v
WHERE v.state <> 'erased' AND NOT EXISTS (SELECT 1 FROM told AS t WHERE t.record = v.record AND t.digest = v.digest)
"""
_STRAY_DAMAGE = """
SELECT d.warc, d.warc_offset, d.reason FROM damage AS d
WHERE NOT EXISTS (SELECT 1 FROM visits AS v WHERE v.warc = d.warc AND v.warc_offset = d.warc_offset)
"""
_UNKNOWN_RECORDS = """
SELECT r.warc, r.warc_offset, r.target FROM records AS r WHERE r.kind IN ('response', 'resource', 'revisit')
AND NOT EXISTS (SELECT 1 FROM visits AS v WHERE v.record = r.record AND v.warc = r.warc)
"""
_LOST_SNAPSHOTS = """
SELECT DISTINCT t.snapshot FROM told AS t WHERE t.kind = 'captured' AND t.snapshot <> ''
AND NOT EXISTS (SELECT 1 FROM snapshots AS s WHERE s.id = t.snapshot)
AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.snapshot = t.snapshot) ORDER BY t.snapshot
"""
_LOST_VISITS = """
SELECT t.snapshot, t.place FROM told AS t WHERE t.kind <> 'needed'
AND NOT EXISTS (SELECT 1 FROM visits AS v WHERE v.record = t.record)
AND (t.snapshot = '' OR EXISTS (SELECT 1 FROM snapshots AS s WHERE s.id = t.snapshot AND s.state <> 'erased'))
AND NOT EXISTS (SELECT 1 FROM erased AS e WHERE e.digest = t.digest)
"""
_OTHER_TEXTS = """
SELECT s.id FROM snapshots AS s LEFT JOIN texts AS t ON t.snapshot = s.id
WHERE s.state <> 'erased' AND s.text IS NOT t.text ORDER BY s.id
"""


class Verification:
    """One verification of one archive: of what was written when it began, whatever is written meanwhile."""

    def __init__(self, folder: Path, catalogue: Catalogue, outbox: Outbox, journal: Journal) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._outbox = outbox
        self._journal = journal

    def run(self, progress: Callable[[int, int], None] | None = None) -> list[Finding]:
        """Return what is wrong, nothing where all is well; each damaged record with file, offset and address.

        The journal must be whole for it to be held against the rest: what is wrong with it comes first.
        """
        findings = [Finding(f"journal line {one.line}", one.message) for one in self._journal.verify()]
        sound = not findings
        with Scan() as scan:
            ends, journaled = self._catalogued(scan)
            if sound:
                self._journaled(scan, journaled)
            scan.folder(self._folder, ends=ends, progress=progress)
            scan.ready()
            findings += self._records(scan, ends)
            if sound:
                findings += _held_against_the_journal(scan)
                findings += checking.findings(self._folder, self._catalogue, self._journal.entries(end=journaled))
        return findings

    def _catalogued(self, scan: Scan) -> tuple[dict[str, int], int]:
        """Note what the catalogue has; return where the files end and how long the journal is that tells of it."""
        with self._catalogue.writing():
            self._outbox.post()
            ends = dict(self._catalogue.rows("SELECT name, written FROM warc_files"))
            ((last,),) = self._catalogue.rows("SELECT COALESCE(MAX(id), 0) FROM visits")
            position = self._journal.position()
            snapshots = self._catalogue.rows("SELECT id, capture FROM snapshots ORDER BY capture DESC LIMIT 1")
        after = 0
        while rows := self._catalogue.rows(
            _VISITS.replace("SELECT v.record", "SELECT v.id, v.record", 1), (after, last)
        ):
            for number, *row in rows:
                scan.insert("visits", *row)
                after = number
        newest = snapshots[0][1] if snapshots else 0
        after = 0
        query = (
            "SELECT capture, id, state, text_digest(article) FROM snapshots"
            " WHERE capture > ? AND capture <= ? ORDER BY capture LIMIT 1000"
        )
        while rows := self._catalogue.rows(query, (after, newest)):
            for number, *row in rows:
                scan.insert("snapshots", *row)
                after = number
        return ends, position

    def _journaled(self, scan: Scan, end: int) -> None:
        """Note what the journal tells of captures, readings and erasures."""
        for entry in self._journal.entries(end=end):
            told = entry.payload
            if entry.kind in {"captured", "revisited"}:
                _note_told(scan, entry.kind, told, entry.time)
                for need in told.get("requisites", ()):
                    if "record" in need:
                        _note_told(scan, "needed", need, entry.time)
            elif entry.kind == "extracted":
                scan.insert("texts", told["snapshot"], told["text"])
            elif entry.kind == "erased":
                for record in told.get("records", [told]):
                    scan.insert("erased", record.get("snapshot"), record.get("digest"))

    def _records(self, scan: Scan, ends: dict[str, int]) -> Iterator[Finding]:
        for name, end in sorted(ends.items()):
            path = self._folder / name
            size = path.stat().st_size if path.exists() else 0
            if size < end:
                yield Finding(
                    name, f"the file ends at byte {size}, not at {end}" if path.exists() else "the file is gone"
                )
        for snapshot, url, warc, offset, reason, _ in scan.rows(_BROKEN):
            problem = f"the record is broken ({reason})" if reason else "the record is not there"
            yield _finding(snapshot, url, warc, offset, problem)
        for snapshot, url, warc, offset in scan.rows(_OTHER_BYTES):
            yield _finding(snapshot, url, warc, offset, "the bytes do not match their digest")
        for warc, offset, reason in scan.rows(_STRAY_DAMAGE):
            yield Finding(f"{warc}@{offset}", f"a record beside the captures is broken ({reason})")
        for warc, offset, target in scan.rows(_UNKNOWN_RECORDS):
            yield Finding(f"{warc}@{offset}", f"the catalogue does not know this record of {target}")


def _note_told(scan: Scan, kind: str, told: dict[str, Any], time: str) -> None:
    record = told.get("record")
    if not record:
        if kind == "revisited":
            return  # the first version wrote no record of a revisit
        old = "response" if str(told.get("captured_from", "")).startswith("http") else "resource"
        record = record_of_old(old, told.get("url"), time, told["digest"])
    place = f"{told.get('warc')}@{told.get('offset')}"
    scan.insert("told", record, told.get("snapshot") or "", told["digest"], kind, place)


def _held_against_the_journal(scan: Scan) -> Iterator[Finding]:
    for snapshot, url, warc, offset in scan.rows(_UNTOLD):
        yield Finding(_where(snapshot, url, warc, offset), "the journal has no entry of this capture")
    for (snapshot,) in scan.rows(_LOST_SNAPSHOTS):
        yield Finding(f"snapshot {snapshot}", "the journal has it, the catalogue has not")
    for snapshot, place in scan.rows(_LOST_VISITS):
        yield Finding(f"snapshot {snapshot}" if snapshot else place, f"the catalogue has not the visit at {place}")
    for (snapshot,) in scan.rows(_OTHER_TEXTS):
        yield Finding(f"snapshot {snapshot}", "the text is not the one that the journal has the digest of")


def _finding(snapshot: str | None, url: str | None, warc: str, offset: int, problem: str) -> Finding:
    place = f"{warc}@{offset}"
    return Finding(_where(snapshot, url, warc, offset), f"{place}: {problem}" + (f": {url}" if url else ""))


def _where(snapshot: str | None, url: str | None, warc: str, offset: int) -> str:
    return f"snapshot {snapshot}" if snapshot else url or f"{warc}@{offset}"
