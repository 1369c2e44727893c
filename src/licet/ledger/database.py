"""The two databases behind one small face: the same statements, written with ``?``, run on either."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from licet.errors import BadValue, NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from licet.journal import Journal


class ConnectionLost(NotWritten):
    """The server is gone; whether the last transaction was kept is not known, so it is asked again by its keys."""


class Clashed(NotWritten):
    """A row was there already: a key that was used, or an entry that another process was first to write."""


class Database(Protocol):
    """One connection. Not for two threads at once."""

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it changed."""

    def insert(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run an insert for every one of ``rows``."""

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the rows of a query without holding them all; inside :meth:`reading`."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction, and the only one that writes: whole and on the disk at its end, or nothing of it."""

    def reading(self) -> AbstractContextManager[None]:
        """One view of one moment."""

    def close(self) -> None:
        """Close the connection."""


def connect(url: str | Path) -> Database:
    """Open ``sqlite:///path``, a path, or ``postgresql://…`` and bring its tables up to date."""
    text = str(url)
    scheme = text.partition("://")[0].lower() if "://" in text else ""
    if scheme in ("postgresql", "postgres"):
        from licet.ledger.postgresql import PostgreSQL  # noqa: PLC0415 - psycopg is an extra

        return PostgreSQL(text)
    if text.lower().startswith(("sqlite:", "postgres:", "postgresql:")) and not scheme:
        raise BadValue(f"{text[:80]!r} names no ledger", fix="write sqlite:///path, or postgresql://host/database")
    if scheme not in ("", "sqlite"):
        raise BadValue(f"no ledger is kept in {scheme[:40]!r}", fix="sqlite:///path, or postgresql://host/database")
    path = text.removeprefix(text[: len("sqlite:///")]) if scheme else text
    if (scheme and not text.lower().startswith("sqlite:///")) or not path:
        raise BadValue(f"{text[:80]!r} names no file", fix="write sqlite:///path with three slashes")
    from licet.ledger.sqlite import SQLite  # noqa: PLC0415 - beside the other

    return SQLite(path)


def kept_at(url: str | Path, journal: Journal | None = None) -> str:
    """Return where a ledger is kept, without a password and without the folder that the journal is in."""
    parts = urlsplit(str(url))
    if parts.scheme.lower() in ("postgresql", "postgres"):
        return f"postgresql://{parts.hostname or ''}{parts.path}"
    path = Path(str(url).removeprefix("sqlite:///")).expanduser().absolute()
    home = journal.path.parent.parent.absolute() if journal else None
    return path.relative_to(home).as_posix() if home and path.is_relative_to(home) else "sqlite"


def migrate(database: Database, dialect: str, version: int) -> Iterator[int]:
    """Apply the numbered migrations after ``version``, each whole and in order; yield each number when it is done."""
    folder = resources.files("licet.ledger") / "migrations" / dialect
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    if version > len(files):
        raise NotWritten("this ledger was written by a newer Licet", fix="update Licet")
    for number, file in enumerate(files[version:], start=version + 1):
        for statement in _statements(file.read_text(encoding="utf-8")):
            database.change(statement)
        yield number


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements: each ends with a line that ends in a semicolon."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";"):
            yield statement
            statement = ""
