"""Verification of what was erased: tombstones, WARC records and the journal are held against each other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive import warc
from licet.archive.model import Finding
from licet.archive.takedowns import tombstone
from licet.archive.takedowns.files import is_rewritten
from licet.archive.takedowns.leftovers import of_base32
from licet.archive.takedowns.members import members
from licet.archive.takedowns.register import Register
from licet.archive.takedowns.tombstone import stamp
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.takedowns.model import Tombstone
    from licet.journal import Entry

_BLOCK = 1 << 20


class _Key(NamedTuple):
    snapshot: str
    digest: str
    captured_at: str


def findings(folder: Path, catalogue: Catalogue, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Yield what is wrong with what was erased.

    A tombstone without its journal entry, an entry without its tombstone, an erased record that is still there, a
    record in a tombstone's place that is none, and a rewritten file that has changed since.
    """
    stones = {_key(stone): stone for stone in Register(catalogue).tombstones()}
    told, digests = _journaled(entries)
    for key in sorted(set(stones) - told):
        yield _finding(key, "the tombstone has no entry in the journal")
    for key in sorted(told - set(stones)):
        yield _finding(key, "the journal has it as erased, but there is no tombstone")
    yield from _places(folder, catalogue, stones)
    yield from _files(folder, catalogue, stones, digests)


def _places(folder: Path, catalogue: Catalogue, stones: dict[_Key, Tombstone]) -> Iterator[Finding]:
    """Look at every snapshot that is erased, or that a tombstone names."""
    for identity, state, file, offset, length, digest, captured_at in catalogue.rows(
        "SELECT s.id, s.state, c.warc, c.warc_offset, c.warc_length, c.digest, c.captured_at FROM snapshots AS s"
        " JOIN captures AS c ON c.id = s.capture WHERE s.state = 'erased'"
        " OR s.id IN (SELECT snapshot FROM takedown_tombstones)"
    ):
        key = _Key(identity, digest, captured_at)
        if state != "erased":
            yield _finding(key, "it is erased by its tombstone, and still there")
        elif key not in stones:
            yield _finding(key, "it counts as erased, but there is no tombstone")
        elif _stone_at(folder, warc.Place(file, offset, length)) != stones[key]:
            yield _finding(key, f"what stands at {file}@{offset} is not its tombstone")


def _stone_at(folder: Path, place: warc.Place) -> Tombstone | None:
    try:
        record, body = warc.read_record(folder, place)
    except Damaged:
        return None
    return tombstone.read(record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), body)


def _files(
    folder: Path, catalogue: Catalogue, stones: dict[_Key, Tombstone], digests: dict[str, str]
) -> Iterator[Finding]:
    """Look at the rewritten files, and for erased records in files that the catalogue does not know."""
    known = {row[0] for row in catalogue.rows("SELECT name FROM warc_files")}
    gone = {stone.digest for stone in stones.values()}
    for path in sorted(folder.glob("*.warc.gz")):
        if path.name not in known:
            yield from _erased_in(path, gone)
        elif is_rewritten(path.name) and digests.get(path.name) != _digest(path):
            yield Finding(path.name, "the file is not the one that the erasure wrote")


def _erased_in(path: Path, gone: set[str]) -> Iterator[Finding]:
    try:
        with path.open("rb") as stream:
            for member in members(stream):
                if of_base32(member.headers.get("warc-payload-digest", "")) in gone:
                    yield Finding(f"{path.name}@{member.start}", "a record that was erased is still there")
    except (Damaged, OSError):
        yield Finding(path.name, "a file that the catalogue does not know cannot be read")


def _journaled(entries: Iterable[Entry]) -> tuple[set[_Key], dict[str, str]]:
    """Return what the journal has as erased, and the digests of the rewritten files."""
    keys: set[_Key] = set()
    digests: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "erased":
            records: list[dict[str, Any]] = entry.payload["records"]
            keys |= {_Key(one["snapshot"], one["digest"], one["captured_at"]) for one in records}
            digests |= {one["new_file"]: one["new_digest"] for one in entry.payload["files"]}
    return keys, digests


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _key(stone: Tombstone) -> _Key:
    return _Key(stone.snapshot, stone.digest, stamp(stone.captured_at))


def _finding(key: _Key, message: str) -> Finding:
    return Finding(f"snapshot {key.snapshot}", message)
