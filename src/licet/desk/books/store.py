"""The books of a desk: a folder each, with the file as it came, its state, and what was made of it.

``desk/orders/ID/``: ``book.csv`` (or another kind), ``state.json``, ``answers.parquet``, ``rejects.csv``,
``plan.jsonl``. A folder is made under another name and gets its own when the file is whole.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from licet.errors import BadFile, DeskError, UnknownName

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["waiting", "working", "done", "failed"]

LARGEST = 64 * 1024 * 1024
"""The largest file that is uploaded, in bytes; larger books are for the command line."""
MOST = 1_000
"""So many books are kept; the oldest must be deleted before there is room for another."""
KINDS = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet", ".xlsx", ".xls", ".ods")
_IDENTITY = re.compile(r"[a-z2-7]{12}")
_STATE = "state.json"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How a book is asked: what its lines do not say themselves."""

    on: str = ""
    basis: Literal["written", "enforced"] = "enforced"
    take_headquarters: bool = False


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is done with a book, and how it went: ``message`` and ``fix`` where it failed."""

    state: State = "waiting"
    message: str = ""
    fix: str = ""
    since: str = ""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A book: its id, the name of the file as it came, who brought it and when, how it is asked, how far it is.

    ``summary``: of the screening; ``order``: that of the plan; ``carried``: what became of the plan.
    """

    id: str
    name: str
    by: str
    at: str
    size: int
    asked: Asked
    screening: Task = Task()
    planning: Task | None = None
    order: str = "date"
    summary: dict[str, Any] = {}
    carried: Literal["", "posted", "discarded"] = ""


class Books:
    """The books in a folder. Moments are parameters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, content: bytes, asked: Asked, *, by: str, at: dt.datetime) -> Stored:
        """Keep a file as a new book. Raises :class:`BadFile` for one that is none, :class:`DeskError` without room."""
        ending = _ending(name)
        if not content:
            raise BadFile(f"{name[:80]} is empty", fix="choose the file of the order book")
        if len(content) > LARGEST:
            raise BadFile(f"{name[:80]} is larger than {LARGEST >> 20} MB", fix="use licet orders screen for it")
        if sum(1 for _ in self._ids()) >= MOST:
            raise DeskError(f"the desk keeps {MOST} books", fix="delete some that are no longer needed")
        identity = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(12))
        stored = Stored(id=identity, name=_shown(name), by=by, at=_text(at), size=len(content), asked=asked)
        draft = self._folder / f".{identity}"
        try:
            draft.mkdir(parents=True)
            (draft / f"book{ending}").write_bytes(content)
            (draft / _STATE).write_bytes(msgspec.json.encode(stored))
            draft.rename(self._folder / identity)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise DeskError(f"the book could not be kept: {error.strerror}", fix="free some space") from error
        return stored

    def all(self) -> list[Stored]:
        """Return every book, the newest first."""
        found = [book for identity in self._ids() if (book := self._read(identity)) is not None]
        return sorted(found, key=lambda book: (book.at, book.id), reverse=True)

    def book(self, identity: str) -> Stored:
        """Return a book. Raises :class:`UnknownName`."""
        found = self._read(identity) if _IDENTITY.fullmatch(identity) else None
        if found is None:
            raise UnknownName(f"there is no order book {identity[:40]!r}", fix="the page of orders lists them")
        return found

    def change(self, identity: str, **changes: Any) -> Stored:
        """Change the state of a book, whole or not at all."""
        changed: Stored = msgspec.structs.replace(self.book(identity), **changes)
        path = self.path(identity, _STATE)
        draft = path.with_suffix(".partial")
        draft.write_bytes(msgspec.json.encode(changed))
        os.replace(draft, path)  # noqa: PTH105 - the atomic one
        return changed

    def delete(self, identity: str) -> None:
        """Delete a book and all that was made of it."""
        self.book(identity)
        gone = self._folder / f".{identity}.gone"
        (self._folder / identity).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def path(self, identity: str, name: str) -> Path:
        """Return the path of a file of a book."""
        return self._folder / identity / name

    def source(self, identity: str) -> Path:
        """Return the path of the file as it came."""
        return next((self._folder / identity).glob("book.*"))

    def interrupted(self, book: Stored, *, at: dt.datetime) -> None:
        """Mark what was being done with a book when the desk stopped: it is not going on by itself."""
        fix = "start it again"
        ended = Task(state="failed", message="the desk was stopped while this was done", fix=fix, since=_text(at))
        changes: dict[str, Any] = {}
        if book.screening.state in ("waiting", "working"):
            changes["screening"] = ended
        if book.planning and book.planning.state in ("waiting", "working"):
            changes["planning"] = ended
        if changes:
            self.change(book.id, **changes)

    def _ids(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return [entry.name for entry in self._folder.iterdir() if _IDENTITY.fullmatch(entry.name)]

    def _read(self, identity: str) -> Stored | None:
        try:
            return msgspec.json.decode((self._folder / identity / _STATE).read_bytes(), type=Stored)
        except (OSError, msgspec.DecodeError):
            return None


def _ending(name: str) -> str:
    for kind in sorted(KINDS, key=len, reverse=True):
        if name.lower().endswith(kind):
            return kind
    raise BadFile(f"{name[:80]!r} is no kind of file that is read", fix=f"give {', '.join(KINDS)}")


def _shown(name: str) -> str:
    """Return a file's name as it is shown: its last part, printable."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(character for character in last if character.isprintable())[:120] or "book"


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
