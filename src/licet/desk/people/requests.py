"""Writes that may be sent twice (the header ``Idempotency-Key``): what the first was answered is kept for a day."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, NamedTuple

from licet.errors import Conflict

if TYPE_CHECKING:
    from licet.desk.people.database import Database

KEPT = dt.timedelta(days=1)
RUNS = dt.timedelta(minutes=10)
"""A write that was begun so long ago and has no answer was cut off: it may be sent again."""
LARGEST = 1_000_000


class Told(NamedTuple):
    """What a write was answered."""

    status: int
    headers: dict[str, str]
    content: bytes


class Requests:
    """The writes of programs, by who sent them and their key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, owner: str, key: str, digest: str, *, at: dt.datetime) -> Told | None:
        """Begin a write, None; or return what it was answered before.

        Raises :class:`Conflict` for a key of another write, and for one that is being done right now.
        """
        now = _text(at)
        with self._database.writing():
            self._database.execute("DELETE FROM requests WHERE at < ?", (_text(at - KEPT),))
            query = "SELECT digest, at, status, headers, content FROM requests WHERE owner = ? AND key = ?"
            found = self._database.rows(query, (owner, key))
            if not found:
                row = (owner, key, digest, now)
                self._database.execute("INSERT INTO requests (owner, key, digest, at) VALUES (?, ?, ?, ?)", row)
                return None
            before, since, status, headers, content = found[0]
            if before != digest:
                raise Conflict("this Idempotency-Key was used for another request", fix="make a new key")
            if status is not None:
                return Told(int(status), json.loads(headers), bytes(content))
            if since > _text(at - RUNS):
                raise Conflict("this request is being done", fix="try again in a moment")
            self._database.execute("UPDATE requests SET at = ? WHERE owner = ? AND key = ?", (now, owner, key))
            return None

    def settle(self, owner: str, key: str, told: Told) -> None:
        """Keep what a write was answered."""
        if len(told.content) > LARGEST:
            self.forget(owner, key)
            return
        row = (told.status, json.dumps(told.headers), told.content, owner, key)
        statement = "UPDATE requests SET status = ?, headers = ?, content = ? WHERE owner = ? AND key = ?"
        with self._database.writing():
            self._database.execute(statement, row)

    def forget(self, owner: str, key: str) -> None:
        """Let a write that came to nothing be sent again."""
        with self._database.writing():
            self._database.execute("DELETE FROM requests WHERE owner = ? AND key = ? AND status IS NULL", (owner, key))


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
