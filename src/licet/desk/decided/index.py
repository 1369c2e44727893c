"""Determinations and records found in the journal, kept in a small database so that no page reads the journal.

The journal alone is the truth: this file may be deleted, and is made again from it.
"""

from __future__ import annotations

import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from licet.evidence.checking import RECORDED
from licet.journal.record import line, parse

if TYPE_CHECKING:
    from pathlib import Path

    from licet.journal import Entry, Journal

DETERMINED = "determined"
"""The kind of the journal's entry of a determination."""
_TABLES = """
CREATE TABLE IF NOT EXISTS decided (
    sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, question TEXT NOT NULL, time TEXT NOT NULL, entry TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS decided_by_question ON decided (kind, question, sequence);
CREATE TABLE IF NOT EXISTS read_to (position INTEGER NOT NULL);
"""


class Determination(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer determined of a question that the law leaves undecided; a later one of the same supersedes it.

    ``question``: the digest of the facts and of which law was asked; ``address``: where it is asked; ``law``: the
    digest of the law of the day; ``number``: the sequence of the journal's entry.
    """

    number: int
    time: str
    question: str
    title: str
    address: str
    outcome: str
    reason: str
    person: str
    law: str
    entry: str


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A record that an officer entered into the journal: its digest, and the question in words and as an address."""

    number: int
    time: str
    record: str
    question: str
    title: str
    address: str
    person: str
    entry: str


class Decided:
    """The index of one data folder. Threads may share it."""

    def __init__(self, path: Path, journal: Journal) -> None:
        self._journal = journal
        self._turn = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA busy_timeout = 5000")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(_TABLES)

    def close(self) -> None:
        """Close the database."""
        with self._turn:
            self._database.close()

    def determinations(self, question: str | None = None, *, count: int = 1000) -> list[Determination]:
        """Return determinations, of one question or all, the newest first."""
        return [Determination(**_fields(entry, Determination)) for entry in self._entries(DETERMINED, question, count)]

    def records(self, question: str | None = None, *, count: int = 1000) -> list[Recorded]:
        """Return what was recorded, the newest first."""
        return [Recorded(**_fields(entry, Recorded)) for entry in self._entries(RECORDED, question, count)]

    def _entries(self, kind: str, question: str | None, count: int) -> list[Entry]:
        with self._turn:
            self._catch_up()
            rows = self._database.execute(
                "SELECT entry FROM decided WHERE kind = ? AND (?2 IS NULL OR question = ?2)"
                " ORDER BY sequence DESC LIMIT ?3",
                (kind, question, count),
            ).fetchall()
        return [parse(row[0].encode()) for row in rows]

    def _catch_up(self) -> None:
        """Read what the journal has had appended since. Raises :class:`JournalError` where it is damaged."""
        end = self._journal.position()
        row = self._database.execute("SELECT max(position) FROM read_to").fetchone()
        start = row[0] or 0
        if end == start:
            return
        found = [
            (entry.sequence, entry.kind, str(entry.payload.get("question", "")), entry.time, line(entry).decode())
            for entry in self._journal.entries(start if start < end else 0, end)
            if entry.kind in (DETERMINED, RECORDED)
        ]
        self._database.execute("BEGIN IMMEDIATE")
        if start > end:
            self._database.execute("DELETE FROM decided")  # another journal lies here now, restored from a copy
        self._database.executemany("INSERT OR REPLACE INTO decided VALUES (?, ?, ?, ?, ?)", found)
        self._database.execute("DELETE FROM read_to")
        self._database.execute("INSERT INTO read_to VALUES (?)", (end,))
        self._database.execute("COMMIT")


def _fields(entry: Entry, form: type[Determination | Recorded]) -> dict[str, Any]:
    known = {name: str(entry.payload.get(name, "")) for name in form.__struct_fields__}
    return {**known, "number": entry.sequence, "time": entry.time, "entry": entry.digest}
