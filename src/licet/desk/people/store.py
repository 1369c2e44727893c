"""People, sessions and keys in one file. Moments are parameters; nothing here reads a clock."""

from __future__ import annotations

import datetime as dt
import re
import secrets as randomness
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from licet.desk.people import secrets, throttle
from licet.desk.people.database import Database
from licet.desk.people.model import ROLES, SCOPES, Key, Person, Role, Scope, Session
from licet.desk.people.requests import Requests
from licet.errors import BadValue, TooManyAttempts, UnknownName, WrongPassword

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

IDLE = dt.timedelta(hours=1)
"""A session ends when it has not been used for so long,"""
LONGEST = dt.timedelta(hours=12)
"""and in any case so long after it began."""
LONGEST_NAME = 100
MOST_SESSIONS = 20
MOST_KEYS = 50
LONGEST_KEY = dt.timedelta(days=366)
KEY_MARK = "licet_"
_PERSON = "SELECT name, role, added, disabled FROM people"
_KEY = (
    "SELECT k.id, k.scopes, k.made, k.expires, k.revoked, p.name, p.role, p.added, p.disabled"
    " FROM keys AS k JOIN people AS p ON p.name = k.owner"
)


def people_file(home: Path) -> Path:
    """Return the file of the data folder ``home``."""
    return home / "desk" / "people.sqlite"


class People:
    """The people of one desk. Raises :class:`~licet.errors.BadInput` and :class:`~licet.errors.DeskError`."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def requests(self) -> Requests:
        """The writes of programs that may be sent twice."""
        return Requests(self._database)

    # People

    def add(self, name: str, role: Role, password: str, *, at: dt.datetime) -> Person:
        """Add somebody who may sign in. :class:`BadValue` for a name that is taken, or unfit."""
        stored, known = secrets.hashed(password), _name(name)
        with self._database.writing():
            if any(known.casefold() == other.name.casefold() for other in self.everyone()):
                raise BadValue(f"there is a '{known}' already", fix="choose another name")
            row = (known, _role(role), stored, _text(at))
            self._database.execute("INSERT INTO people (name, role, password, added) VALUES (?, ?, ?, ?)", row)
        return self.person(known)

    def everyone(self) -> list[Person]:
        """Return all people, by name."""
        return [_person(row) for row in self._database.rows(f"{_PERSON} ORDER BY name")]

    def person(self, name: str) -> Person:
        """Return somebody by name. Raises :class:`UnknownName`."""
        found = self._database.rows(f"{_PERSON} WHERE name = ?", (name.strip(),))
        if not found:
            raise UnknownName(f"nobody is called '{name[:LONGEST_NAME]}'", fix="licet people list names all")
        return _person(found[0])

    def set_password(self, name: str, password: str) -> None:
        """Give somebody another password, and end their sessions."""
        self._change(name, "password", secrets.hashed(password))

    def set_role(self, name: str, role: Role) -> None:
        """Give somebody another role, and end their sessions."""
        self._change(name, "role", _role(role))

    def disable(self, name: str, *, at: dt.datetime) -> None:
        """Let somebody sign in no more; their sessions end and their keys are of no use."""
        self._change(name, "disabled", _text(at))

    def enable(self, name: str) -> None:
        """Let somebody sign in again."""
        self._change(name, "disabled", None)

    def _change(self, name: str, column: str, value: str | None) -> None:
        person = self.person(name)
        with self._database.writing():
            self._database.execute(f"UPDATE people SET {column} = ? WHERE name = ?", (value, person.name))  # noqa: S608 - a column of ours
            self._database.execute("DELETE FROM sessions WHERE person = ?", (person.name,))

    # Sessions

    def sign_in(self, name: str, password: str, *, client: str, at: dt.datetime) -> str:
        """Begin a session and return its token. ``client``: where the attempt comes from; a digest of it is kept.

        Raises :class:`WrongPassword`, the same for a name that there is not, and :class:`TooManyAttempts`.
        """
        counted = throttle.subjects(name.strip(), client)
        with self._database.writing():
            longest = max(throttle.wait(self._database, subject, at) for subject in counted)
            if longest:
                raise TooManyAttempts("too many attempts to sign in", wait=longest)
            # Counted before it is looked at, so that many at once are no way around the wait.
            for subject in counted:
                throttle.failed(self._database, subject, at)
        query = "SELECT name, password FROM people WHERE name = ? AND disabled IS NULL"
        found = self._database.rows(query, (name.strip(),))
        if not (secrets.fits(password, found[0][1] if found else _nobody()) and found):
            raise WrongPassword("the name or the password is wrong", fix="check both and try again")
        with self._database.writing():
            for subject in counted:
                throttle.went_well(self._database, subject)
            return self._begin(found[0][0], at)

    def _begin(self, name: str, at: dt.datetime) -> str:
        token = secrets.token()
        ended = (_text(at - IDLE), _text(at - LONGEST))
        self._database.execute("DELETE FROM sessions WHERE seen < ? OR begun < ?", ended)
        oldest = "SELECT token FROM sessions WHERE person = ? ORDER BY seen DESC LIMIT -1 OFFSET ?"
        self._database.execute(f"DELETE FROM sessions WHERE token IN ({oldest})", (name, MOST_SESSIONS - 1))  # noqa: S608
        row = (secrets.digest(token), name, _text(at), _text(at))
        self._database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", row)
        return token

    def session(self, token: str, *, at: dt.datetime) -> Session | None:
        """Return the session of a token, None where it has ended; it is used by this."""
        digest = secrets.digest(token)
        found = self._database.rows(
            "SELECT s.begun, s.seen, p.name, p.role, p.added, p.disabled FROM sessions AS s"
            " JOIN people AS p ON p.name = s.person WHERE s.token = ?",
            (digest,),
        )
        if not found:
            return None
        begun, seen = (dt.datetime.fromisoformat(text) for text in found[0][:2])
        expires = min(begun + LONGEST, seen + IDLE)
        person = _person(found[0][2:])
        if expires <= at or person.disabled:
            return None
        if at - seen > dt.timedelta(minutes=1):
            with self._database.writing():
                self._database.execute("UPDATE sessions SET seen = ? WHERE token = ?", (_text(at), digest))
        return Session(person=person, csrf=secrets.form_token(token), expires=expires)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing():
            self._database.execute("DELETE FROM sessions WHERE token = ?", (secrets.digest(token),))

    # Keys for programs

    def make_key(self, owner: str, scopes: Sequence[str], *, at: dt.datetime, expires: dt.datetime) -> tuple[Key, str]:
        """Make a key and return it with its secret, which is told this once."""
        person, wanted = self.person(owner), _scopes(scopes)
        if not at < expires <= at + LONGEST_KEY:
            last = (at + LONGEST_KEY).date()
            raise BadValue("a key holds for a day to a year", fix=f"give a day from tomorrow to {last}")
        mine = [key for key in self.every_key() if key.owner.name == person.name]
        if sum(key.revoked is None and key.expires > at for key in mine) >= MOST_KEYS:
            raise BadValue(f"{person.name} has {MOST_KEYS} keys", fix="revoke some that are no longer used")
        identity, secret = randomness.token_hex(6), KEY_MARK + secrets.token()
        row = (identity, secrets.digest(secret), person.name, " ".join(wanted), _text(at), _text(expires))
        with self._database.writing():
            self._database.execute(
                "INSERT INTO keys (id, secret, owner, scopes, made, expires) VALUES (?, ?, ?, ?, ?, ?)", row
            )
        return Key(id=identity, owner=person, scopes=wanted, made=at, expires=expires), secret

    def key(self, secret: str, *, at: dt.datetime) -> Key | None:
        """Return the key of a secret; None where it is none, or holds no more."""
        found = self._database.rows(f"{_KEY} WHERE k.secret = ?", (secrets.digest(secret),))
        key = _key(found[0]) if found else None
        return key if key and key.revoked is None and key.expires > at and not key.owner.disabled else None

    def every_key(self) -> list[Key]:
        """Return all keys, the newest first."""
        return [_key(row) for row in self._database.rows(f"{_KEY} ORDER BY k.made DESC, k.id")]

    def revoke(self, identity: str, *, at: dt.datetime) -> None:
        """Let a key hold no more. Raises :class:`UnknownName`."""
        with self._database.writing():
            values = (_text(at), identity)
            if not self._database.execute("UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", values):
                raise UnknownName(f"there is no key {identity[:40]} that holds", fix="licet people keys lists them")


@cache
def _nobody() -> str:
    """Return a stored password that nobody has: a name that there is not takes as long as one that there is."""
    return secrets.hashed(secrets.token())


def _name(name: str) -> str:
    """Return the name of somebody new: one line, no more than one space between words, in one form of Unicode."""
    found = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 0 < len(found) <= LONGEST_NAME or not found.isprintable():
        raise BadValue(f"'{found[:40]}' is no fit name", fix=f"give 1 to {LONGEST_NAME} characters on one line")
    return found


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise BadValue(f"no role is called '{role[:40]}'", fix=f"one of {', '.join(ROLES)}")


def _scopes(scopes: Sequence[str]) -> tuple[Scope, ...]:
    wanted = set(scopes)
    unknown = wanted - set(SCOPES)
    if unknown or not wanted:
        raise BadValue(f"no scope is called '{', '.join(sorted(unknown))[:80]}'", fix=f"some of {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in wanted)


def _person(row: Sequence[str | None]) -> Person:
    name, role, added, disabled = row
    ended = dt.datetime.fromisoformat(disabled) if disabled else None
    return Person(name=str(name), role=_role(str(role)), added=dt.datetime.fromisoformat(str(added)), disabled=ended)


def _key(row: Sequence[str | None]) -> Key:
    identity, scopes, made, expires, revoked, *owner = row
    return Key(
        id=str(identity),
        owner=_person(owner),
        scopes=_scopes(str(scopes).split()),
        made=dt.datetime.fromisoformat(str(made)),
        expires=dt.datetime.fromisoformat(str(expires)),
        revoked=dt.datetime.fromisoformat(revoked) if revoked else None,
    )


def _text(at: dt.datetime) -> str:
    if at.tzinfo is None:
        raise BadValue("a moment needs a time zone", fix="give it as 2025-06-02T09:00:00+00:00")
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


_SAFE = re.compile(r"/(?![/\\])[^\x00-\x20\\]{0,1000}")


def local(path: str) -> str:
    """Return a path of this desk to go on to, ``/`` for anything that could lead elsewhere."""
    return path if _SAFE.fullmatch(path) else "/"
