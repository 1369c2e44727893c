"""Verification: every record is read again, and WARC, catalogue and journal are held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.keeping.identity import text_digest
from licet.archive.keeping.payloads import payload_of
from licet.archive.model import Finding
from licet.archive.takedowns import checking
from licet.errors import Damaged

if TYPE_CHECKING:
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures
    from licet.journal import Journal


class Verification:
    """One verification of one archive."""

    def __init__(self, folder: Path, catalogue: Catalogue, captures: Captures, journal: Journal) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._captures = captures
        self._journal = journal

    def run(self) -> list[Finding]:
        """Return what is wrong, nothing where all is well."""
        findings = [Finding(f"journal line {one.line}", one.message) for one in self._journal.verify()]
        sound = not findings
        captured, texts = self._journaled() if sound else (set(), {})
        if sound:
            findings += checking.findings(self._folder, self._catalogue, self._journal.entries())
        seen = set()
        for stored in self._captures.stored(pages=True):
            identity = stored.snapshot or ""
            where = f"snapshot {identity}"
            snapshot = self._catalogue.any_snapshot(identity)
            if snapshot is not None and snapshot.state == "erased":
                seen.add(identity)
                continue
            try:
                payload_of(self._folder, stored)
            except Damaged as error:
                findings.append(Finding(where, error.message))
            if (identity, stored.digest) not in captured:
                findings.append(Finding(where, "the journal has no entry of this capture"))
            if snapshot is None:
                continue
            if identity not in seen and texts.get(identity) != text_digest(snapshot.article):
                findings.append(Finding(where, "the text is not the one that the journal has the digest of"))
            seen.add(identity)
        missing = sorted({identity for identity, _ in captured} - seen)
        return findings + [Finding(f"snapshot {one}", "the journal has it, the catalogue has not") for one in missing]

    def _journaled(self) -> tuple[set[tuple[str, str]], dict[str, str]]:
        """Return the captures, and the digests of the latest texts, that the journal has, by snapshot."""
        captured: set[tuple[str, str]] = set()
        texts: dict[str, str] = {}
        for entry in self._journal.entries():
            if entry.kind == "captured":
                captured.add((str(entry.payload["snapshot"]), str(entry.payload["digest"])))
            elif entry.kind == "extracted":
                texts[str(entry.payload["snapshot"])] = str(entry.payload["text"])
        return captured, texts
