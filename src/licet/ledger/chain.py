"""An entry as it is stored, and its digest, which covers the digest of the entry before."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from licet.errors import NotWritten
from licet.journal import START

if TYPE_CHECKING:
    from licet.ledger.database import Database

_ENCODE = msgspec.json.Encoder().encode


class Row(NamedTuple):
    """A row of ``ledger_entries``; amounts in thousandths, ``account`` and ``other`` are numbers of accounts."""

    sequence: int
    time: str
    account: int | None
    kind: str
    key: str | None
    amount: int
    reserved: int
    posted: int
    on_day: str | None
    expires: str | None
    place: str | None
    other: int | None
    settles: int | None
    refers: int | None
    note: str | None
    digest: str


COLUMNS = ", ".join(Row._fields)
INSERT = f"INSERT INTO ledger_entries ({COLUMNS}) VALUES ({', '.join('?' * len(Row._fields))})"  # noqa: S608 - our names


def digest(previous: str, content: tuple[Any, ...]) -> str:
    """Return the SHA-256 of the JSON array of the digest before and every column of a row but its own digest."""
    return "sha256:" + hashlib.sha256(_ENCODE((previous, *content))).hexdigest()


def last(database: Database) -> tuple[int, str, str]:
    """Return the sequence, time and digest of the last entry; that of a chain without entries is 0."""
    rows = database.rows("SELECT sequence, time, digest FROM ledger_entries ORDER BY sequence DESC LIMIT 1")
    return (int(rows[0][0]), rows[0][1], rows[0][2]) if rows else (0, "", START)


def begin(database: Database, time: str, name: str) -> None:
    """Write the first entry, which gives the ledger its name."""
    content = (1, time, None, "begin", None, 0, 0, 0, None, None, None, None, None, None, name)
    database.insert(INSERT, [(*content, digest(START, content))])


def identity(database: Database) -> str:
    """Return the name that the ledger was given when it began."""
    found = database.rows("SELECT note FROM ledger_entries WHERE sequence = 1 AND kind = 'begin'")
    if not found:
        raise NotWritten("the ledger has no beginning", fix="restore it from a copy")
    return str(found[0][0])
