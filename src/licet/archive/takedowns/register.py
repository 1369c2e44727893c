"""The tables of requests, decisions and holds. Nothing here decides; every write is part of the caller's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

from licet.archive.takedowns.model import Case, Hold, Reporter, Tombstone
from licet.archive.takedowns.tombstone import moment, stamp
from licet.errors import NoSuchCase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from licet.archive.takedowns.model import Scope, Status

_CASE = (
    "SELECT reference, scope, ground, status, filed_at, decided_at, decided_by, reason, retain_until, ended_at,"
    " blocker, waiting FROM takedown_cases"
)
_HOLD = "SELECT number, scope, snapshot, reason, held_by, at, released_at, release_reason FROM takedown_holds"


class Tables(Protocol):
    """What the register needs of a database: reads, writes inside :meth:`writing`."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the write lock; all of the block or nothing of it is written."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return every row of a query."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write, and return the number of the row that was inserted."""

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write once for each of ``rows``."""


class Register:
    """Cases, reporters, holds, tombstones and blocks in the tables of an archive."""

    def __init__(self, tables: Tables) -> None:
        self._db = tables

    def case(self, reference: str) -> Case:
        """Return a case with its reporters; :class:`~licet.errors.NoSuchCase` if there is none of that reference."""
        rows = self._db.rows(f"{_CASE} WHERE reference = ?", (reference,))
        if not rows:
            raise NoSuchCase(f"no request has the reference {reference[:40]!r}", fix="check the letters and digits")
        return self._whole(rows)[0]

    def cases(self, status: Status | None, *, limit: int, offset: int) -> list[Case]:
        """Return cases of one status or of any, the oldest first."""
        rows = self._db.rows(
            f"{_CASE} WHERE ?1 IS NULL OR status = ?1 ORDER BY filed_at, reference LIMIT ?2 OFFSET ?3",
            (status, limit, offset),
        )
        return self._whole(rows)

    def count(self, status: Status) -> int:
        """Return how many cases have a status."""
        return int(self._db.rows("SELECT COUNT(*) FROM takedown_cases WHERE status = ?", (status,))[0][0])

    def covering(self, snapshot: str) -> list[Case]:
        """Return the cases that name a snapshot, the oldest first, without who asked."""
        rows = self._db.rows(
            f"{_CASE} JOIN takedown_snapshots USING (reference) WHERE snapshot = ? ORDER BY filed_at, reference",
            (snapshot,),
        )
        return self._whole(rows, reporters=False)

    def add_case(self, case: Case) -> None:
        """Insert a case and what it names."""
        self._db.execute(
            "INSERT INTO takedown_cases (reference, scope, ground, status, filed_at) VALUES (?, ?, ?, ?, ?)",
            (case.reference, case.scope, case.ground, case.status, stamp(case.filed_at)),
        )
        self.name(case.reference, case.snapshots)

    def name(self, reference: str, snapshots: Iterable[str]) -> None:
        """Add snapshots to those that a case names."""
        self._db.execute_many(
            "INSERT OR IGNORE INTO takedown_snapshots VALUES (?, ?)", [(reference, one) for one in snapshots]
        )

    def change(self, case: Case) -> None:
        """Write where a case stands now; what it names and who asked stay."""
        self._db.execute(
            "UPDATE takedown_cases SET ground = ?, status = ?, decided_at = ?, decided_by = ?, reason = ?,"
            " retain_until = ?, ended_at = ?, blocker = ?, waiting = ? WHERE reference = ?",
            (
                case.ground,
                case.status,
                _text(case.decided_at),
                case.by,
                case.reason,
                _text(case.retain_until),
                _text(case.ended_at),
                case.blocker,
                case.waiting,
                case.reference,
            ),
        )

    def add_reporter(self, reference: str, reporter: Reporter) -> None:
        """Insert who asked."""
        self._db.execute(
            "INSERT INTO takedown_reporters (reference, name, contact, text, ground, at, forget_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                reference,
                reporter.name,
                reporter.contact,
                reporter.text,
                reporter.ground,
                stamp(reporter.at),
                stamp(reporter.forget_at),
            ),
        )

    def forget(self, at: datetime) -> int:
        """Delete the personal data whose time has passed; return how many reporters that were."""
        gone = int(self._db.rows("SELECT COUNT(*) FROM takedown_reporters WHERE forget_at <= ?", (stamp(at),))[0][0])
        if gone:
            self._db.execute("DELETE FROM takedown_reporters WHERE forget_at <= ?", (stamp(at),))
        self._db.execute("DELETE FROM takedown_clients WHERE day < ?", (stamp(at)[:10],))
        return gone

    def counted(self, client: str, at: datetime) -> int:
        """Count a request of a client on its day and return how many that makes; earlier days are forgotten."""
        day = stamp(at)[:10]
        name = hashlib.sha256(f"{day}\n{client}".encode()).hexdigest()
        self._db.execute("DELETE FROM takedown_clients WHERE day < ?", (day,))
        self._db.execute(
            "INSERT INTO takedown_clients VALUES (?, ?, 1)"
            " ON CONFLICT (day, client) DO UPDATE SET requests = requests + 1",
            (day, name),
        )
        row = self._db.rows("SELECT requests FROM takedown_clients WHERE day = ? AND client = ?", (day, name))
        return int(row[0][0])

    def add_hold(self, hold: Hold, item: str) -> int:
        """Insert a hold and return its number; ``hold.number`` is taken where it is not 0."""
        return self._db.execute(
            "INSERT INTO takedown_holds (number, scope, snapshot, item, reason, held_by, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (hold.number or None, hold.scope, hold.snapshot, item, hold.reason, hold.by, stamp(hold.at)),
        )

    def release(self, number: int, at: datetime, reason: str) -> None:
        """Note that a hold has ended."""
        self._db.execute(
            "UPDATE takedown_holds SET released_at = ?, release_reason = ? WHERE number = ?",
            (stamp(at), reason, number),
        )

    def hold(self, number: int) -> Hold:
        """Return a hold; :class:`~licet.errors.NoSuchCase` if there is none of that number."""
        rows = self._db.rows(f"{_HOLD} WHERE number = ?", (number,))
        if not rows:
            raise NoSuchCase(f"there is no hold {number}", fix="licet archive takedown list --holds names them")
        return _hold(rows[0])

    def holds(self, *, active: bool) -> list[Hold]:
        """Return the holds by number; with ``active`` those that are not released."""
        rows = self._db.rows(f"{_HOLD} WHERE NOT ? OR released_at IS NULL ORDER BY number", (active,))
        return [_hold(row) for row in rows]

    def holding(self, snapshot: str, item: str) -> list[Hold]:
        """Return the active holds that cover a snapshot of an item."""
        rows = self._db.rows(
            f"{_HOLD} WHERE released_at IS NULL AND (snapshot = ?1 OR (scope = 'item' AND item <> '' AND item = ?2))"
            " ORDER BY number",
            (snapshot, item),
        )
        return [_hold(row) for row in rows]

    def add_tombstones(self, stones: Iterable[Tombstone]) -> None:
        """Insert what stays of erased captures; the same one twice is one."""
        self._db.execute_many(
            "INSERT OR REPLACE INTO takedown_tombstones VALUES (?, ?, ?, ?, ?, ?)",
            [
                (one.snapshot, one.digest, stamp(one.captured_at), stamp(one.erased_at), one.ground, one.reference)
                for one in stones
            ],
        )

    def tombstones(self, snapshot: str | None = None) -> list[Tombstone]:
        """Return what stays of the captures of one snapshot, or of all."""
        rows = self._db.rows(
            "SELECT snapshot, digest, captured_at, erased_at, ground, reference FROM takedown_tombstones"
            " WHERE ?1 IS NULL OR snapshot = ?1 ORDER BY captured_at, digest",
            (snapshot,),
        )
        return [
            Tombstone(
                snapshot=row[0],
                digest=row[1],
                captured_at=moment(row[2]),
                erased_at=moment(row[3]),
                ground=row[4],
                reference=row[5],
            )
            for row in rows
        ]

    def block(self, reference: str, marks: Iterable[str]) -> None:
        """Keep what these marks stand for from coming back."""
        self._db.execute_many(
            "INSERT OR IGNORE INTO takedown_blocks VALUES (?, ?)", [(mark, reference) for mark in marks]
        )

    def unblock(self, reference: str) -> None:
        """Take back the blocks of a case."""
        self._db.execute("DELETE FROM takedown_blocks WHERE reference = ?", (reference,))

    def blocking(self, marks: Sequence[str]) -> str | None:
        """Return the reference of a case that blocks one of these marks."""
        places = ",".join("?" * len(marks))
        query = f"SELECT reference FROM takedown_blocks WHERE mark IN ({places}) ORDER BY reference LIMIT 1"
        rows = self._db.rows(query, list(marks))
        return str(rows[0][0]) if rows else None

    def _whole(self, rows: Sequence[Any], *, reporters: bool = True) -> list[Case]:
        return [_case(row, self._named(row[0]), self._reporters(row[0]) if reporters else ()) for row in rows]

    def _named(self, reference: str) -> tuple[str, ...]:
        rows = self._db.rows("SELECT snapshot FROM takedown_snapshots WHERE reference = ? ORDER BY 1", (reference,))
        return tuple(row[0] for row in rows)

    def _reporters(self, reference: str) -> tuple[Reporter, ...]:
        rows = self._db.rows(
            "SELECT name, contact, text, ground, at, forget_at FROM takedown_reporters WHERE reference = ? ORDER BY id",
            (reference,),
        )
        return tuple(
            Reporter(
                name=row[0], contact=row[1], text=row[2], ground=row[3], at=moment(row[4]), forget_at=moment(row[5])
            )
            for row in rows
        )


def mark(kind: str, value: str) -> str:
    """Return the mark by which something is known again without being kept: a digest of its kind and value."""
    return hashlib.sha256(f"{kind}\n{value}".encode()).hexdigest()


def _case(row: Sequence[Any], snapshots: tuple[str, ...], reporters: tuple[Reporter, ...]) -> Case:
    reference, scope, ground, status, filed, decided, by, reason, until, ended, blocker, waiting = row
    return Case(
        reference=reference,
        scope=scope,
        snapshots=snapshots,
        ground=ground,
        status=status,
        filed_at=moment(filed),
        decided_at=_moment(decided),
        by=by,
        reason=reason,
        retain_until=_moment(until),
        ended_at=_moment(ended),
        blocker=blocker,
        waiting=waiting,
        reporters=reporters,
    )


def _hold(row: Sequence[Any]) -> Hold:
    number, scope, snapshot, reason, by, at, released, release_reason = row
    return Hold(
        number=number,
        scope=_scope(scope),
        snapshot=snapshot,
        reason=reason,
        by=by,
        at=moment(at),
        released_at=_moment(released),
        release_reason=release_reason,
    )


def _scope(text: str) -> Scope:
    return "item" if text == "item" else "snapshot"


def _text(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
