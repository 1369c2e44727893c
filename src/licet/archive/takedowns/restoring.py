"""Takedowns after the catalogue was made anew: cases, decisions, holds and tombstones from the journal and the WARC.

Who asked, and in which words, was in the old catalogue alone: a case that waits comes back without it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from licet.archive import warc
from licet.archive.takedowns import tombstone
from licet.archive.takedowns.files import is_rewritten, remove
from licet.archive.takedowns.members import members
from licet.archive.takedowns.model import Case, Hold, Tombstone
from licet.archive.takedowns.register import Register
from licet.archive.takedowns.scrubbing import Scrubber
from licet.archive.takedowns.settling import settle
from licet.archive.takedowns.subjects import item_of
from licet.archive.takedowns.tombstone import moment
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.journal import Entry


def tidy(folder: Path, entries: Iterable[Entry]) -> None:
    """Delete the files that an erasure has replaced, and those that it had not come to the end of.

    Call it before the files are read, under the write lock. A file is known by its digest, not by its name alone.
    """
    replaced: dict[str, str] = {}
    made: set[str] = set()
    for entry in entries:
        if entry.kind == "erased":
            replaced |= {one["file"]: one["old_digest"] for one in entry.payload["files"]}
            made |= {one["new_file"] for one in entry.payload["files"]}
    for path in sorted(folder.glob("*.warc.gz")):
        stray = is_rewritten(path.name) and path.name not in made
        if stray or (path.name in replaced and replaced[path.name] == _digest(path)):
            remove(folder, path.name)


class Restorer:
    """Brings takedowns back into a catalogue that was filled from WARC files and journal."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._register = Register(catalogue)
        self._first: dict[str, dict[str, Any]] = {}

    def run(self, entries: Iterable[Entry]) -> None:
        """Follow the journal from its first entry; the caller holds the write lock."""
        steps = {
            "captured": self._captured,
            "requested": self._requested,
            "granted": self._granted,
            "refused": self._refused,
            "undone": self._undone,
            "erased": self._erased,
            "held": self._held,
            "released": self._released,
        }
        for entry in entries:
            if entry.kind in steps:
                steps[entry.kind](entry.payload, entry.time)
        named = self._catalogue.rows("SELECT DISTINCT snapshot FROM takedown_snapshots ORDER BY 1")
        settle(self._catalogue, self._register, [row[0] for row in named])
        self._stand_in()

    def _captured(self, told: dict[str, Any], time: str) -> None:
        self._first.setdefault(told["snapshot"], {**told, "at": time})

    def _requested(self, told: dict[str, Any], time: str) -> None:
        case = Case(
            reference=told["case"],
            scope=told["scope"],
            snapshots=tuple(told["snapshots"]),
            ground=told["ground"],
            status="open",
            filed_at=moment(time),
        )
        self._register.add_case(case)

    def _granted(self, told: dict[str, Any], time: str) -> None:
        self._change(
            told,
            status="granted",
            ground=told["ground"],
            decided_at=moment(time),
            retain_until=moment(told["retain_until"]),
            blocker=told["blocker"],
        )
        self._register.name(told["case"], told["snapshots"])
        self._register.block(told["case"], told["marks"])

    def _refused(self, told: dict[str, Any], time: str) -> None:
        self._change(told, status="refused", decided_at=moment(time), ended_at=moment(time))

    def _undone(self, told: dict[str, Any], time: str) -> None:
        self._change(told, status="undone", decided_at=moment(time), ended_at=moment(time))
        self._register.unblock(told["case"])

    def _erased(self, told: dict[str, Any], time: str) -> None:
        for reference in told["cases"]:
            case = self._register.case(reference)
            self._register.change(msgspec.structs.replace(case, status="erased", ended_at=moment(time)))
        self._register.add_tombstones(
            Tombstone(
                digest=one["digest"],
                captured_at=moment(one["captured_at"]),
                erased_at=moment(time),
                ground=one["ground"],
                reference=one["case"],
                snapshot=one["snapshot"],
            )
            for one in told["records"]
        )

    def _held(self, told: dict[str, Any], time: str) -> None:
        made = Hold(
            number=told["hold"],
            scope=told["scope"],
            snapshot=told["snapshot"],
            reason=told["reason"],
            by=told["by"],
            at=moment(time),
        )
        self._register.add_hold(made, item_of(self._catalogue, made.snapshot))

    def _released(self, told: dict[str, Any], time: str) -> None:
        self._register.release(told["hold"], moment(time), told["reason"])

    def _change(self, told: dict[str, Any], **changes: Any) -> None:
        case = self._register.case(told["case"])
        self._register.change(msgspec.structs.replace(case, by=told["by"], reason=told["reason"], **changes))

    def _stand_in(self) -> None:
        """Give each erased snapshot its row again, in the place of its tombstone."""
        scrubber = Scrubber(self._catalogue)
        for stone, place in self._stones():
            first = self._first.get(stone.snapshot)
            there = self._catalogue.rows("SELECT 1 FROM snapshots WHERE id = ?", (stone.snapshot,))
            if first and first["digest"] == stone.digest and not there:
                scrubber.restore(stone, place, str(first.get("item") or ""))

    def _stones(self) -> Iterator[tuple[Tombstone, warc.Place]]:
        """Yield the tombstones that stand in the rewritten files, with their places."""
        for path in sorted(self._folder.glob("*-erased-*.warc.gz")):
            try:
                with path.open("rb") as stream:
                    yield from self._stones_in(path.name, [one for one in members(stream) if _may_be(one.headers)])
            except (Damaged, OSError):
                continue  # verify names the file

    def _stones_in(self, name: str, found: Iterable[Any]) -> Iterator[tuple[Tombstone, warc.Place]]:
        for member in found:
            place = warc.Place(name, member.start, member.end - member.start)
            record, body = warc.read_record(self._folder, place)
            stone = tombstone.read(record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), body)
            if stone:
                yield stone, place


def _may_be(headers: dict[str, str]) -> bool:
    return headers.get("warc-type") == "metadata" and headers.get("warc-target-uri", "").startswith("urn:sha256:")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
