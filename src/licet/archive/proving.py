"""The proof of one snapshot: where its bytes lie, and what the journal says of them, read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.archive.keeping.payloads import payload_of
from licet.errors import ArchiveError, JournalError
from licet.journal.record import START, holds, parse

if TYPE_CHECKING:
    from pathlib import Path

    from licet.archive.keeping.captures import Stored
    from licet.journal import Journal


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What re-reading one capture found.

    ``trouble`` says what is wrong with the record, empty where its bytes have the digest. ``sequence``, ``entry`` and
    ``noted`` are the number, the chain digest and the time of the journal's entry of the capture, None where there is
    none; ``chained`` whether that entry has its digest and follows the one before it.
    """

    digest: str
    warc: str
    offset: int
    length: int
    record: str
    size: int | None
    trouble: str
    sequence: int | None = None
    entry: str | None = None
    noted: str | None = None
    chained: bool = False

    @property
    def whole(self) -> bool:
        """Whether the bytes and the entry both hold."""
        return not self.trouble and self.chained


def prove(folder: Path, stored: Stored, journal: Journal) -> Proof:
    """Read the record of a capture and its journal entry now and say what was found; nothing is raised for damage."""
    size, trouble = None, ""
    try:
        size = len(payload_of(folder, stored))
    except ArchiveError as error:
        trouble = error.message
    place = stored.place
    return Proof(
        digest=stored.digest,
        warc=place.file,
        offset=place.offset,
        length=place.length,
        record=stored.record,
        size=size,
        trouble=trouble,
        **_entry(journal, stored),  # type: ignore[arg-type]  # its keys are fields of the proof
    )


def _entry(journal: Journal, stored: Stored) -> dict[str, object]:
    """Return the entry of a capture: the lines are looked through for its digest, and only what fits is parsed."""
    if not journal.path.exists():
        return {}
    needle, before = stored.digest.encode("ascii"), b""
    with journal.path.open("rb") as stream:
        for line in stream:
            if needle in line and (found := _read(line, before, stored)):
                return found
            before = line
    return {}


def _read(line: bytes, before: bytes, stored: Stored) -> dict[str, object]:
    try:
        entry = parse(line)
        previous = parse(before).digest if before else START
    except JournalError:
        return {}
    if entry.kind != "captured" or entry.payload.get("digest") != stored.digest:
        return {}
    if stored.snapshot and entry.payload.get("snapshot") != stored.snapshot:
        return {}
    chained = holds(entry) and entry.previous == previous
    return {"sequence": entry.sequence, "entry": entry.digest, "noted": entry.time, "chained": chained}
