"""The ledger in a PostgreSQL database that several machines share: the same tables, the same statements."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from licet.errors import BadInput, NotWritten
from licet.ledger.database import Clashed, ConnectionLost, kept_at, migrate

try:
    import psycopg
except ImportError as missing:
    _FIX = "pip install 'licet[postgres]'"
    raise BadInput("a ledger in PostgreSQL needs psycopg, which is not installed", fix=_FIX) from missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ONE_AT_A_TIME = "LOCK TABLE ledger_entries IN SHARE ROW EXCLUSIVE MODE"
"""Readers go on; a second writer waits until the first one's entries can be seen: the chain has one end."""
_PATIENCE: dict[str, Any] = {"connect_timeout": 10}
# An answer means that the entry is on the disk, whatever the server's default; and no writer waits for ever.
_SETTINGS = (b"SET synchronous_commit = on", b"SET lock_timeout = '60s'")
_MIGRATING = 7_108_991_020_250_113
_STREAMED = 5_000


class PostgreSQL:
    """A :class:`~licet.ledger.database.Database` on a server. A lost connection is made again for the next use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None
        try:
            with self._told():
                self._migrate()
        except BaseException:
            self.close()
            raise

    @property
    def _db(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            given = "connect_timeout" in self._url
            self._connection = psycopg.connect(self._url, autocommit=True, **({} if given else _PATIENCE))
            for setting in _SETTINGS:
                self._connection.execute(setting)
        return self._connection

    def _migrate(self) -> None:
        with self._db.transaction():
            self.rows("SELECT pg_advisory_xact_lock(?)", (_MIGRATING,))
            self.change("CREATE TABLE IF NOT EXISTS ledger_versions (number BIGINT PRIMARY KEY)")
            version = int(self.rows("SELECT COALESCE(MAX(number), 0) FROM ledger_versions")[0][0])
            for number in migrate(self, "postgresql", version):
                self.change("INSERT INTO ledger_versions VALUES (?)", (number,))

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        return self._db.execute(_marked(statement), values or None).fetchall()

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return self._db.execute(_marked(statement), values or None).rowcount

    def insert(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an insert for every one of ``rows``, without waiting for each."""
        with self._db.cursor() as cursor:
            cursor.executemany(_marked(statement), rows)

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a query, some thousand at a time."""
        with self._db.cursor(name="ledger_stream") as cursor:
            cursor.itersize = _STREAMED
            yield from cursor.execute(_marked(statement), values or None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the only write lock from its start."""
        with self._told(), self._db.transaction():
            self.change(_ONE_AT_A_TIME)
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One view of one moment."""
        with self._told(), self._db.transaction():
            self.change("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in our own words what the server did not do."""
        try:
            yield
        except psycopg.OperationalError as error:
            lost = self._connection is None or self._connection.closed or self._connection.broken
            what = f"the ledger at {kept_at(self._url)} could not be reached: {_first_line(error)}"
            kind = ConnectionLost if lost else NotWritten
            raise kind(what, fix="check that the server runs and the address is right, then try again") from error
        except psycopg.Error as error:
            what = f"the ledger at {kept_at(self._url)} did not do that: {_first_line(error)}"
            if isinstance(error, psycopg.IntegrityError):
                raise Clashed(what, fix="run licet ledger verify") from error
            raise NotWritten(what, fix="check the rights of the user on the ledger's tables") from error


@cache
def _marked(statement: str) -> bytes:
    """Return a statement with psycopg's marks in the place of ``?``."""
    return statement.replace("?", "%s").encode()


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
