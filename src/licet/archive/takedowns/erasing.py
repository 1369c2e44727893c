"""Erasing: records leave their WARC files, a tombstone stays, and every copy of the text within the archive goes too.

The order of steps makes it safe to break off anywhere: the new files are written and flushed; one write to the
catalogue takes over their places, the tombstones and the entry for the journal; the journal gets the entry; the old
files are deleted. Before that write nothing has changed, after it everything has; the next start does what is left.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from licet.archive.takedowns import leftovers, plans, tombstone
from licet.archive.takedowns.files import Replaced, remove, replaced, successor
from licet.archive.takedowns.model import Erasure, Tombstone
from licet.archive.takedowns.register import Register
from licet.archive.takedowns.scrubbing import Scrubber
from licet.archive.takedowns.tombstone import moment, stamp
from licet.errors import ArchiveError, Damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.outbox import Outbox
    from licet.archive.searching import Search
    from licet.archive.takedowns.model import Case
    from licet.archive.takedowns.plans import Doomed, Plan

STEPS = ("begun", "writing", "written", "filed", "committed", "journaled", "deleted", "purged")
"""The moments of an erasure that :func:`reached` is told of."""


def reached(step: str) -> None:
    """Do nothing: a place for tests to break off at."""


class Eraser:
    """Erases what is due in one archive; ``regroup`` takes what is no longer listed out of copies and stories."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        outbox: Outbox,
        search: Search,
        regroup: Callable[[], object] = lambda: None,
    ) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._outbox = outbox
        self._search = search
        self._regroup = regroup
        self._register = Register(catalogue)

    def run(self, at: datetime) -> Erasure:
        """Erase what is due at ``at`` and say what was erased and what waits.

        :class:`~licet.errors.ArchiveError` where the disk does not take a new file: the old one stays as it is, and
        what was erased before stays erased. A damaged file makes what it has wait.
        """
        self.recover()
        found = plans.due(self._catalogue, self._register, at)
        waiting = dict(found.waiting)
        erased: list[str] = []
        files: list[str] = []
        for batch in plans.batches(self._catalogue, found.ready):
            try:
                done = self._erase(batch, at)
            except Damaged as error:
                waiting |= dict.fromkeys(batch, error.message)
                continue
            erased += batch
            files += [one.new for one in done]
        self._note_waiting(waiting)
        if erased:
            self._finish()
        return Erasure(erased=tuple(erased), waiting=tuple(sorted(waiting.items())), files=tuple(files))

    def recover(self) -> None:
        """Do what an erasure that was broken off left to do; call it when the archive is opened."""
        if self._strays():
            with self._catalogue.writing():
                for name in self._strays():
                    remove(self._folder, name)
        if self._catalogue.rows("SELECT 1 FROM takedown_rewrites LIMIT 1"):
            self._finish()

    def _strays(self) -> list[str]:
        """Return the files of erasures that were never taken over: no reader and no record knows of them."""
        known = {row[0] for row in self._catalogue.rows("SELECT name FROM warc_files")}
        successors = {successor(name) for name in known}
        there = (path.name for path in self._folder.glob("*-erased-*.warc.gz"))
        return [name for name in there if name not in known and name in successors]

    def _erase(self, snapshots: tuple[str, ...], at: datetime) -> list[Replaced]:
        """Erase snapshots in one write; nothing is changed where that fails."""
        done: list[Replaced] = []
        try:
            with self._catalogue.writing():
                plan = plans.plan(self._catalogue, snapshots)
                stones = {one.record: self._stone(one, at) for one in plan.captures}
                packed = {record: tombstone.record(stone) for record, stone in stones.items()}
                reached("begun")
                for name in plan.files:
                    leftovers.cut_off(self._folder, name, self._written(name))
                    done.append(replaced(self._folder, name, plan.records, packed, reached))
                _check_complete(done, packed)
                self._take_over(plan, done, stones, at)
                reached("filed")
            reached("committed")
        except (OSError, sqlite3.DatabaseError) as error:
            self._drop()
            fix = "free some space, or check that the data folder may be written"
            raise ArchiveError(f"nothing was erased: {error}", fix=fix) from error
        except Damaged:
            self._drop()
            raise
        self._outbox.post()
        reached("journaled")
        return done

    def _stone(self, one: Doomed, at: datetime) -> Tombstone:
        cases = [case for case in self._register.covering(one.snapshot) if case.status == "granted"]
        return Tombstone(
            digest=one.digest,
            captured_at=moment(one.captured_at),
            erased_at=at,
            ground=cases[0].ground,
            reference=cases[0].reference,
            snapshot=one.snapshot,
        )

    def _take_over(self, plan: Plan, done: Sequence[Replaced], stones: dict[str, Tombstone], at: datetime) -> None:
        """Bring the catalogue to the new files; the caller holds the write lock."""
        scrubber = Scrubber(self._catalogue)
        for one in done:
            scrubber.move(one)
        scrubber.erase(plan, done, stones)
        self._register.add_tombstones(stones.values())
        ended = self._ended(plan.snapshots, at)
        told: dict[str, Any] = {
            "cases": [case.reference for case in ended],
            "files": [
                {"file": one.old, "new_file": one.new, "old_digest": one.before, "new_digest": one.after}
                for one in done
            ],
            "records": [_told(stone) for stone in stones.values()],
        }
        self._catalogue.note("erased", stamp(at), told)

    def _ended(self, snapshots: Sequence[str], at: datetime) -> list[Case]:
        """End the cases of which nothing is left."""
        cases = {case.reference: case for one in snapshots for case in self._register.covering(one)}
        ended = plans.finished(self._catalogue, cases.values())
        for case in ended:
            self._register.change(msgspec.structs.replace(case, status="erased", ended_at=at, waiting=""))
        return ended

    def _note_waiting(self, waiting: dict[str, str]) -> None:
        with self._catalogue.writing():
            self._catalogue.execute("UPDATE takedown_cases SET waiting = '' WHERE waiting <> ''")
            self._catalogue.execute_many(
                "UPDATE takedown_cases SET waiting = ? WHERE status = 'granted'"
                " AND reference IN (SELECT reference FROM takedown_snapshots WHERE snapshot = ?)",
                [(reason, snapshot) for snapshot, reason in waiting.items()],
            )

    def _finish(self) -> None:
        """Delete the old files, and every copy of the text that is left in the index, the log or aside."""
        self._outbox.post()
        rows = self._catalogue.rows("SELECT old, new FROM takedown_rewrites")
        for old, _ in rows:
            remove(self._folder, old)
        reached("deleted")
        leftovers.sweep(self._folder, {stone.digest for stone in self._register.tombstones()})
        self._search.refresh(afresh=True)
        self._regroup()
        reached("purged")
        with self._catalogue.writing():
            self._catalogue.execute_many("DELETE FROM takedown_rewrites WHERE old = ?", [(old,) for old, _ in rows])
        self._catalogue.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def _written(self, name: str) -> int:
        rows = self._catalogue.rows("SELECT written FROM warc_files WHERE name = ?", (name,))
        return int(rows[0][0]) if rows else 0

    def _drop(self) -> None:
        """Delete new files that were not taken over; what the disk refuses now, the next start does."""
        with suppress(OSError), self._catalogue.writing():
            for name in self._strays():
                remove(self._folder, name)


def _check_complete(done: Sequence[Replaced], stones: dict[str, bytes]) -> None:
    """Make sure that every record that is to go was found."""
    placed = {cut.filling for one in done for cut in one.cuts}
    if not placed.issuperset(stones.values()):
        raise Damaged("a record is not in the file that the catalogue names", fix="run licet archive rebuild")


def _told(stone: Tombstone) -> dict[str, str]:
    return {
        "snapshot": stone.snapshot,
        "digest": stone.digest,
        "captured_at": stamp(stone.captured_at),
        "ground": stone.ground,
        "case": stone.reference,
    }
