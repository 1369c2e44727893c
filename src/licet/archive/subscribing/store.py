"""Subscriptions of readers without an account: a private link, and what it follows.

The link holds a token of 192 random bits; only its digest is stored, so that who reads the database cannot follow a
link. Nothing else about the reader is kept: no address, no name, and days instead of moments. Days come in as
parameters.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from licet.archive.subscribing.wanted import Wanted
from licet.errors import BadValue, NoSuchSubscription

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

MOST_WISHES = 40
"""Categories and searches of one subscription."""

MOST_SUBSCRIPTIONS = 200_000
UNUSED_AFTER = dt.timedelta(days=400)
"""After how long without use a subscription is dropped, unless the caller says otherwise."""

_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class Tables(Protocol):
    """The database, as the catalogue opens it."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read."""
        ...

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write inside :meth:`writing`."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the write lock: all of it or nothing."""
        ...


class Subscription(msgspec.Struct, frozen=True):
    """What one private link follows, and the days it was made and last used."""

    wishes: tuple[Wanted, ...]
    made: dt.date
    used: dt.date


class Subscriptions:
    """The subscriptions of one archive."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def make(self, wishes: Sequence[Wanted], *, on: dt.date) -> str:
        """Store a subscription and return its token, which is told this once."""
        kept = _kept(wishes)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with self._tables.writing():
            if self.count() >= MOST_SUBSCRIPTIONS:
                fix = "try again another day; feeds of categories and searches need no subscription"
                raise BadValue("this desk holds as many subscriptions as it may", fix=fix)
            self._tables.execute(
                "INSERT INTO subscriptions (token, wishes, made, used) VALUES (?, ?, ?, ?)",
                (_digest(token), kept, on.isoformat(), on.isoformat()),
            )
        return token

    def get(self, token: str) -> Subscription:
        """Return a subscription; :class:`NoSuchSubscription` if there is none, or no more."""
        rows = self._tables.rows(
            "SELECT wishes, made, used FROM subscriptions WHERE token = ?", (_digest(_checked(token)),)
        )
        if not rows:
            raise NoSuchSubscription("there is no such subscription", fix="check the link, or make a new one")
        wishes, made, used = rows[0]
        found = msgspec.json.decode(wishes, type=tuple[Wanted, ...])
        return Subscription(found, dt.date.fromisoformat(made), dt.date.fromisoformat(used))

    def use(self, token: str, *, on: dt.date) -> Subscription:
        """Return a subscription and note the day of its use, at most once a day."""
        found = self.get(token)
        if found.used < on:
            with self._tables.writing():
                self._tables.execute(
                    "UPDATE subscriptions SET used = ? WHERE token = ?", (on.isoformat(), _digest(token))
                )
        return found

    def change(self, token: str, wishes: Sequence[Wanted], *, on: dt.date) -> None:
        """Replace what a subscription follows."""
        kept = _kept(wishes)
        with self._tables.writing():
            self.get(token)
            self._tables.execute(
                "UPDATE subscriptions SET wishes = ?, used = ? WHERE token = ?",
                (kept, on.isoformat(), _digest(token)),
            )

    def delete(self, token: str) -> None:
        """Forget a subscription; none of it stays."""
        with self._tables.writing():
            self._tables.execute("DELETE FROM subscriptions WHERE token = ?", (_digest(_checked(token)),))

    def expire(self, *, on: dt.date, unused_after: dt.timedelta = UNUSED_AFTER) -> int:
        """Forget subscriptions not used since ``on - unused_after``; return how many."""
        with self._tables.writing():
            before = self.count()
            self._tables.execute("DELETE FROM subscriptions WHERE used < ?", ((on - unused_after).isoformat(),))
            return before - self.count()

    def count(self) -> int:
        """Return how many there are."""
        return int(self._tables.rows("SELECT COUNT(*) FROM subscriptions")[0][0])


def _kept(wishes: Sequence[Wanted]) -> str:
    unique = list(dict.fromkeys(wishes))
    if len(unique) > MOST_WISHES:
        raise BadValue(f"a subscription follows at most {MOST_WISHES} categories and searches", fix="make another one")
    return msgspec.json.encode(unique).decode()


def _checked(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise NoSuchSubscription("there is no such subscription", fix="check the link, or make a new one")
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
