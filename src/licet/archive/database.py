"""The database of an archive: one SQLite file, numbered migrations, one writer at a time."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib import resources
from threading import RLock
from typing import TYPE_CHECKING, Any

from licet.archive.keeping import identity
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_WAIT_SECONDS = 60.0
_BUSY_FIX = "wait for the other command to end, then try again"


@contextmanager
def closed_unless_done(opened: Database | sqlite3.Connection) -> Iterator[None]:
    """Close what was opened when the rest of an opening fails: nobody else holds it yet."""
    try:
        yield
    except BaseException:
        opened.close()
        raise


class Database:
    """The tables of one archive. Reads see the last whole write; :meth:`writing` holds the only write lock."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._depth = 0
        try:
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            with closed_unless_done(self._db):
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._db.execute("PRAGMA secure_delete = ON")
                self._db.create_function("record_id", 4, identity.record_of_old, deterministic=True)
                self._db.create_function("text_digest", 1, identity.text_of_json, deterministic=True)
                self._migrate()
        except sqlite3.DatabaseError as error:
            fix = "licet archive rebuild makes the catalogue anew from the WARC files and the journal beside it"
            raise ArchiveError(f"the catalogue cannot be opened: {error}", fix=fix) from error

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write: all of it or nothing; a second writer, in this process or another, waits.

        Inside another :meth:`writing` of the same thread it is a part of that one.
        """
        with self._lock:
            if self._depth:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise ArchiveError(f"the archive is busy: {error}", fix=_BUSY_FIX) from error
            self._depth = 1
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read; threads that share the catalogue take turns, and none sees another's unfinished write."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write; return the number of the row that was inserted. Call it inside :meth:`writing`."""
        return int(self._db.execute(statement, values).lastrowid or 0)

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write once for each of ``rows``. Call it inside :meth:`writing`."""
        self._db.executemany(statement, rows)

    def _migrate(self) -> None:
        """Apply the numbered migrations that this database has not seen; each whole, in order."""
        folder = resources.files("licet.archive") / "migrations"
        files = {int(file.name[:4]): file for file in folder.iterdir() if file.name.endswith(".sql")}
        if not self._missing(set(files)):
            return
        with self.writing():
            missing = self._missing(set(files))
            for number in missing:
                for statement in statements(files[number].read_text(encoding="utf-8")):
                    self._db.execute(statement)
            self._db.execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)")
            self._db.executemany("INSERT OR IGNORE INTO migrations VALUES (?)", ((number,) for number in files))
            self._db.execute(f"PRAGMA user_version = {max(files)}")

    def _missing(self, known: set[int]) -> list[int]:
        """Return the migrations that have not been applied, in order; an error where others have been."""
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        table = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone()
        applied = {number for (number,) in self._db.execute("SELECT number FROM migrations")} if table else set()
        applied = applied or set(range(1, version + 1))
        if version > max(known) or not applied <= known:
            raise ArchiveError("this archive was written by a newer Licet", fix="update Licet")
        return sorted(known - applied)


def statements(script: str) -> Iterator[str]:
    """Split a script, so that its statements run inside the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
