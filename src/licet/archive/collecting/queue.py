"""The queue of the crawler: what is to be looked at, when, and what came of it. SQLite, beside the catalogue.

It outlives a crash: an entry that was leased when the crawler died comes back with the next start, and an answer's
outcome is written together with the links that were found in it. Times are seconds since 1970.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from licet.archive.addresses import canonical
from licet.archive.collecting.links import host_of
from licet.archive.collecting.robots import Robots
from licet.archive.collecting.schedule import RETRIES
from licet.archive.collecting.sources import DAY
from licet.archive.database import statements
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

FILE = "crawl.sqlite"
BACKLOG = 10
"""How many times its ``max_pages`` a source may have waiting: a calendar without end fills no disk."""

_WAIT_SECONDS = 60.0
_COLUMNS = "id, source, role, url, key, host, depth, seed, category, due_at, interval, leased_at, failures, checked_at"
_COLUMNS += ", changed_at, etag, last_modified"
_OPEN = (
    "e.due_at IS NOT NULL AND e.leased_at IS NULL"
    " AND e.source IN (SELECT value FROM json_each(:active))"
    " AND NOT (e.seed = 0 AND e.source IN (SELECT value FROM json_each(:full)))"
)
_RETRIED = f"e.failures BETWEEN 1 AND {RETRIES}"
# Once: each entry at most once in a run. Idle: again only what failed and may be tried again. On: whatever is due.
_MODES = {"once": "e.run <> :run", "idle": f"(e.run <> :run OR {_RETRIED})", "on": "1"}
# What a run waits for before it ends.
_AWAITED = {"once": "e.due_at <= :now", "idle": f"(e.due_at <= :now OR {_RETRIED})", "on": "1"}
_FREE = "h.host NOT IN (SELECT value FROM json_each(:busy))"
# Of each host the entry that has been due longest; of these the one whose host has rested longest.
_LEASED = {
    mode: "WHERE id = (SELECT x.id FROM hosts AS h JOIN entries AS x ON x.id ="
    f" (SELECT e.id FROM entries AS e WHERE e.host = h.host AND e.due_at <= :now AND {which} AND {_OPEN}"
    f" ORDER BY e.due_at, e.id LIMIT 1) WHERE h.next_at <= :now AND {_FREE} ORDER BY h.next_at, x.due_at, x.id LIMIT 1)"
    for mode, which in _MODES.items()
}
_NEXT = {
    mode: "SELECT MIN(MAX(x.due_at, h.next_at)) FROM hosts AS h JOIN entries AS x ON x.id ="
    f" (SELECT e.id FROM entries AS e WHERE e.host = h.host AND {_AWAITED[mode]} AND {which} AND {_OPEN}"
    f" ORDER BY e.due_at LIMIT 1) WHERE {_FREE}"
    for mode, which in _MODES.items()
}


class Entry(NamedTuple):
    """One address of the queue; ``seed`` for what the sources file itself names."""

    id: int
    source: str
    role: str
    url: str
    key: str
    host: str
    depth: int
    seed: int
    category: str | None
    due_at: float | None
    interval: float
    leased_at: float | None
    failures: int
    checked_at: float | None
    changed_at: float | None
    etag: str | None
    last_modified: str | None


class New(NamedTuple):
    """An entry to put in, if it is not there. ``modified`` (seconds since 1970) makes one that is there due again."""

    source: str
    role: str
    url: str
    interval: float
    depth: int = 1
    seed: bool = False
    category: str | None = None
    modified: float | None = None


class Result(NamedTuple):
    """What came of a visit: when to come again (None: never), after which interval, and what to ask with then."""

    outcome: str
    reason: str = ""
    due_at: float | None = None
    interval: float = 0.0
    failures: int = 0
    changed: bool = False
    etag: str | None = None
    last_modified: str | None = None


class Choice(NamedTuple):
    """Which entries a run takes: those of the ``active`` sources, in this ``mode``, not of hosts that are ``busy``.

    ``mode`` is ``once``, ``idle`` or ``on``; ``full`` names the sources that have had all the pages they get in a run.
    """

    mode: str
    run: int
    active: Sequence[str]
    full: Sequence[str] = ()
    busy: Sequence[str] = ()

    def values(self, now: float) -> dict[str, Any]:
        """Return the values of the statements."""
        lists = {"active": self.active, "full": self.full, "busy": self.busy}
        return {"run": self.run, "now": now, **{k: json.dumps(list(v)) for k, v in lists.items()}}


class Queue:
    """The queue of one archive, in ``folder``. A context manager.

    With ``durable`` each write is on the disk when the call returns. Without it, a loss of power (no crash of the
    program) may undo the last ones, in order: what they tell of is then fetched again, and known by its bytes.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(folder / FILE, timeout=_WAIT_SECONDS, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._migrate()
        except sqlite3.DatabaseError as error:
            fix = f"move archive/{FILE} away: the archive itself is not touched, the next crawl fills it anew"
            raise ArchiveError(f"the queue cannot be opened: {error}", fix=fix) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def begin(self, started_at: float) -> int:
        """Begin a run and return its number; forget robots.txt files and requisites that are long out of date."""
        with self.writing():
            self._db.execute("DELETE FROM robots WHERE read_at < ?", (started_at - 7 * DAY,))
            self._db.execute("DELETE FROM requisites WHERE checked_at < ?", (started_at - 30 * DAY,))
            return int(self._db.execute("INSERT INTO runs (started_at) VALUES (?)", (started_at,)).lastrowid or 0)

    def orphans(self) -> list[Entry]:
        """Return the entries that a run which is no more had leased."""
        return self._entries("WHERE leased_at IS NOT NULL ORDER BY id")

    def release(self, entry: Entry) -> None:
        """Give an entry back as it was before it was leased."""
        with self.writing():
            self._db.execute("UPDATE entries SET leased_at = NULL WHERE id = ?", (entry.id,))

    def put(self, entries: Iterable[New], *, at: float, most: int | None = None) -> int:
        """Put in what is not there, due at once; return how many were new, at most ``most``.

        An entry that is there and was modified after its last visit is due again.
        """
        new = 0
        with self.writing():
            for entry in entries:
                key = entry.url if entry.role == "file" else canonical(entry.url)
                if self._known(entry, key, at):
                    continue
                if most is None or new < most:
                    self._insert(entry, key, at)
                    new += 1
        return new

    def _known(self, entry: New, key: str, at: float) -> bool:
        rows = self._rows("SELECT id, checked_at, due_at FROM entries WHERE role = ? AND key = ?", (entry.role, key))
        if not rows:
            return False
        number, checked_at, due_at = rows[0]
        # A time to come is no time of change: such an entry would be due for ever.
        changed = entry.modified and checked_at and checked_at < entry.modified <= at
        if changed and (due_at is None or due_at > at):
            self._db.execute("UPDATE entries SET due_at = ? WHERE id = ?", (at, number))
        if entry.seed:
            # A source that was taken out of the file and is back, or an address that moved to another source.
            self._db.execute(
                "UPDATE entries SET source = ?, seed = 1, due_at = COALESCE(due_at, ?) WHERE id = ?",
                (entry.source, at, number),
            )
        return True

    def _insert(self, entry: New, key: str, at: float) -> None:
        host = "" if entry.role == "file" else host_of(entry.url)
        self._db.execute("INSERT OR IGNORE INTO hosts (host) VALUES (?)", (host,))
        self._db.execute(
            "INSERT INTO entries (source, role, url, key, host, depth, seed, category, found_at, due_at, interval)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.source,
                entry.role,
                entry.url,
                key,
                host,
                entry.depth,
                int(entry.seed),
                entry.category,
                at,
                at,
                entry.interval,
            ),
        )

    def room(self, source: str, max_pages: int) -> int:
        """Return how many new entries a source may still put in."""
        rows = self._rows("SELECT COUNT(*) FROM entries WHERE source = ? AND checked_at IS NULL", (source,))
        return max(0, BACKLOG * max_pages - int(rows[0][0]))

    def keep_seeds(self, source: str, role: str, keys: Sequence[str]) -> None:
        """Visit no more what the sources file no longer names for ``source``, or names as something else."""
        with self.writing():
            self._db.execute(
                "UPDATE entries SET due_at = NULL, seed = 0 WHERE source = ? AND seed = 1 AND depth = 1"
                " AND NOT (role = ? AND key IN (SELECT value FROM json_each(?)))",
                (source, role, json.dumps(list(keys))),
            )

    def lease(self, choice: Choice, now: float) -> Entry | None:
        """Take the entry that is due at the host that has rested longest, or None; it is ours until :meth:`done`."""
        found = self._entries(_LEASED[choice.mode], choice.values(now))
        if not found:
            return None
        with self.writing():
            values = (now, choice.run, found[0].id)
            self._db.execute("UPDATE entries SET leased_at = ?, run = ? WHERE id = ?", values)
        return found[0]._replace(leased_at=now)

    def next_time(self, choice: Choice, now: float) -> float | None:
        """Return when the next entry can be taken, by its own time and its host's; None if nothing waits."""
        rows = self._rows(_NEXT[choice.mode], choice.values(now))
        return None if rows[0][0] is None else float(rows[0][0])

    def done(self, entry: Entry, result: Result, *, at: float, found: Iterable[New] = (), most: int = 0) -> int:
        """Write what came of a visit, and the entries found in it, in one; return how many of them were new."""
        with self.writing():
            new = self.put(found, at=at, most=most)
            changed = result.changed or new > 0
            self._db.execute(
                "UPDATE entries SET leased_at = NULL, due_at = ?, interval = ?, failures = ?, checked_at = ?,"
                " changed_at = CASE WHEN ? THEN ? ELSE changed_at END, etag = ?, last_modified = ?, outcome = ?,"
                " reason = ? WHERE id = ?",
                (
                    result.due_at,
                    result.interval,
                    result.failures,
                    at,
                    changed,
                    at,
                    result.etag,
                    result.last_modified,
                    result.outcome,
                    result.reason or None,
                    entry.id,
                ),
            )
        return new

    def knows(self, url: str) -> bool:
        """Say whether a page is in the queue, or was visited."""
        return bool(self._rows("SELECT 1 FROM entries WHERE role = 'page' AND key = ?", (canonical(url),)))

    def overview(self) -> list[tuple[str, str, int, float | None, float | None]]:
        """Return, by source and latest outcome: how many entries, the latest visit, the next."""
        return self._rows(
            "SELECT source, COALESCE(outcome, 'waiting'), COUNT(*), MAX(checked_at), MIN(due_at)"
            " FROM entries GROUP BY source, outcome ORDER BY source, outcome"
        )

    def next_at(self, host: str) -> float:
        """Return when ``host`` may be asked next."""
        rows = self._rows("SELECT next_at FROM hosts WHERE host = ?", (host,))
        return float(rows[0][0]) if rows else 0.0

    def set_next(self, host: str, time: float) -> None:
        """Note when ``host`` may be asked next."""
        with self.writing():
            self._db.execute(
                "INSERT INTO hosts (host, next_at) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET next_at = ?2",
                (host, time),
            )

    def robots(self, origin: str) -> Robots | None:
        """Return the robots.txt that is kept of an origin."""
        rows = self._rows("SELECT read_at, body, problem FROM robots WHERE origin = ?", (origin,))
        return Robots(*rows[0]) if rows else None

    def keep_robots(self, origin: str, robots: Robots) -> None:
        """Keep the robots.txt of an origin."""
        with self.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
                (origin, robots.read_at, robots.body, robots.problem[:500]),
            )

    def requisite_age(self, url: str, now: float) -> float | None:
        """Return how many seconds ago a requisite was fetched, None if it never was."""
        rows = self._rows("SELECT checked_at FROM requisites WHERE key = ?", (canonical(url),))
        return now - float(rows[0][0]) if rows else None

    def keep_requisites(self, urls: Iterable[str], at: float) -> None:
        """Note that these were fetched."""
        with self.writing():
            self._db.executemany(
                "INSERT OR REPLACE INTO requisites VALUES (?, ?)", [(canonical(url), at) for url in urls]
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write: all of it or nothing. Inside another it is a part of that one."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            fix = "free some space, or wait for the other command to end, then try again"
            raise ArchiveError(f"the queue could not be written: {error}", fix=fix) from error
        except BaseException:
            self._undo()
            raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read; for the tables of submissions, which :mod:`.submissions` alone knows."""
        return self._rows(query, values)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Write; call it inside :meth:`writing`."""
        self._db.execute(statement, values)

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _rows(self, query: str, values: Any = ()) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    def _entries(self, where: str, values: Any = ()) -> list[Entry]:
        return [Entry(*row) for row in self._rows(f"SELECT {_COLUMNS} FROM entries {where}", values)]

    def _migrate(self) -> None:
        """Apply the numbered migrations that this database has not seen; each whole, in order."""
        folder = resources.files("licet.archive.collecting") / "migrations"
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
        with self.writing():
            version = int(self._rows("PRAGMA user_version")[0][0])
            if version > len(files):
                raise ArchiveError("this queue was written by a newer Licet", fix="update Licet")
            for file in files[version:]:
                for statement in statements(file.read_text(encoding="utf-8")):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(files)}")
