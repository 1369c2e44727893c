"""The file in which people, sessions and keys are kept: SQLite, one for all workers of a desk."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib import resources
from threading import RLock
from typing import TYPE_CHECKING, Any

from licet.errors import DeskError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_WAIT_SECONDS = 30.0


class Database:
    """Reads and whole writes; threads take turns."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.touch(mode=0o600)  # before SQLite makes it readable to others
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except (OSError, sqlite3.DatabaseError) as error:
            fix = "restore desk/people.sqlite from a copy"
            raise DeskError(f"the people of the desk cannot be read: {error}", fix=fix) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write, inside :meth:`writing`; return how many rows were changed."""
        return self._db.execute(statement, values).rowcount

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write: all of it or nothing."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise DeskError(f"the desk is busy: {error}", fix="try again") from error
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _migrate(self) -> None:
        folder = resources.files("licet.desk.people") / "migrations"
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(files):
            raise DeskError("this desk was written by a newer Licet", fix="update Licet")
        for number, file in enumerate(files[version:], start=version + 1):
            script = file.read_text(encoding="utf-8")
            self._db.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
