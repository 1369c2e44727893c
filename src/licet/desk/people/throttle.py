"""Who fails to sign in waits, longer each time: by name for a little, by where it comes from for longer.

The wait by name is short, so that nobody can keep another out; guessing goes by many names or from many places, and
each of these is slowed on its own (OWASP Authentication Cheat Sheet, account lockout).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from licet.desk.people.secrets import digest

if TYPE_CHECKING:
    from licet.desk.people.database import Database

FREE = 5
"""So many failures have no consequence: people mistype."""
_COUNT = """
INSERT INTO failures VALUES (?, 1, ?) ON CONFLICT (subject) DO UPDATE SET count = count + 1, last = excluded.last
"""
_FORGOTTEN = dt.timedelta(hours=24)


class Subject(NamedTuple):
    """Whose failures are counted, and the longest that they wait."""

    key: str
    longest: dt.timedelta


def subjects(name: str, client: str) -> tuple[Subject, Subject]:
    """Return the two whose failures an attempt counts for. Only digests of them are kept."""
    by_name = Subject(digest(f"name {name.casefold()}"), dt.timedelta(minutes=1))
    return by_name, Subject(digest(f"client {client}"), dt.timedelta(minutes=15))


def wait(database: Database, subject: Subject, at: dt.datetime) -> dt.timedelta:
    """Return how much longer a subject waits, zero where it need not."""
    found = database.rows("SELECT count, last FROM failures WHERE subject = ?", (subject.key,))
    if not found:
        return dt.timedelta(0)
    count, last = found[0]
    whole = dt.timedelta(seconds=2 ** min(max(count - FREE, -1), 12)) if count > FREE else dt.timedelta(0)
    since = at - dt.datetime.fromisoformat(last)
    return max(min(whole, subject.longest) - since, dt.timedelta(0))


def failed(database: Database, subject: Subject, at: dt.datetime) -> None:
    """Count a failure; those of a day ago are forgotten. Call it inside a write."""
    forgotten = (at - _FORGOTTEN).isoformat()
    database.execute("DELETE FROM failures WHERE last < ?", (forgotten,))
    database.execute(_COUNT, (subject.key, at.isoformat()))


def went_well(database: Database, subject: Subject) -> None:
    """Forget the failures of a subject. Call it inside a write."""
    database.execute("DELETE FROM failures WHERE subject = ?", (subject.key,))
