"""The ledger in a SQLite file: write-ahead log, every commit flushed to the disk."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licet.errors import NotWritten
from licet.journal.locking import locked
from licet.ledger.database import Clashed, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WAIT_SECONDS = 60.0


_CACHE_KB = 64 * 1024


class SQLite:
    """A :class:`~licet.ledger.database.Database` on one file, or ``:memory:`` for trials."""

    def __init__(self, path: str) -> None:
        with _told("the ledger cannot be opened"):
            if path == ":memory:":
                self._open(path)
                return
            Path(path).expanduser().absolute().parent.mkdir(parents=True, exist_ok=True)
            file = str(Path(path).expanduser())
            # The change to the write-ahead log and the migrations are for one process at a time.
            with locked(Path(file + ".lock")):
                self._open(file)

    def _open(self, file: str) -> None:
        self._db = sqlite3.connect(
            file, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            with self.writing():
                for number in migrate(self, "sqlite", int(self.rows("PRAGMA user_version")[0][0])):
                    self._db.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            self._db.close()
            raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        return self._db.execute(statement, values).fetchall()

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return self._db.execute(statement, values).rowcount

    def insert(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an insert for every one of ``rows``."""
        if len(rows) == 1:
            self._db.execute(statement, rows[0])
        else:
            self._db.executemany(statement, rows)

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a query."""
        yield from self._db.execute(statement, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the only write lock from its start."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except (sqlite3.DatabaseError, OSError) as error:
            self._undo()
            raise _told_of("the ledger could not be written", error) from error
        except BaseException:
            self._undo()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One view of one moment."""
        with _told("the ledger could not be read"):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._undo()

    def close(self) -> None:
        """Close the file."""
        with _told("the ledger could not be closed"):
            self._db.close()

    def _undo(self) -> None:
        if self._db.in_transaction:  # SQLite has undone it itself after some failures
            self._db.execute("ROLLBACK")


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say in our own words what the disk or the file did not do."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise _told_of(what, error) from error


def _told_of(what: str, error: Exception) -> NotWritten:
    if isinstance(error, sqlite3.IntegrityError):
        return Clashed(f"{what}: {error}", fix="run licet ledger verify")
    fix = "check the path; restore the file from a copy if it is damaged"
    if isinstance(error, sqlite3.OperationalError):
        busy = "locked" in str(error) or "busy" in str(error)
        fix = "wait for the other writer, then try again" if busy else "free some space, or check the folder's rights"
    return NotWritten(f"{what}: {error}", fix=fix)
