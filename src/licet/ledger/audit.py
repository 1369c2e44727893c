"""Everything that the ledger stores is read again: chain, entries, guarded rows, and the marks in the journal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import JournalError, NotWritten
from licet.journal import START
from licet.ledger import accounts, shares
from licet.ledger.book import Book, Held
from licet.ledger.chain import COLUMNS, Row, digest, identity
from licet.ledger.database import ConnectionLost, connect, kept_at
from licet.ledger.model import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from licet.journal import Journal
    from licet.ledger.database import Database

MARK = "ledger"
_ENTRIES = f"SELECT {COLUMNS} FROM ledger_entries ORDER BY sequence"  # noqa: S608 - our names
_ACCOUNTS = "SELECT id, name, kind, unit, first_day, last_day, facts FROM ledger_accounts ORDER BY id"
_CEILINGS = (
    "SELECT first_day, last_day, ceiling, reserved, posted FROM ledger_ceilings WHERE account = ? ORDER BY last_day"
)


def audit(database: Database, journal: Journal | None) -> list[Finding]:
    """Return what does not hold; nothing for a sound ledger. All of it is seen as of one moment."""
    marks = _Marks(journal)
    run = _Audit(database)
    try:
        with database.reading():
            run.start()
            for stored in database.stream(_ENTRIES):
                row = Row(*stored)
                run.take(row)
                marks.take(row)
            run.compare()
    except ConnectionLost:
        raise
    except (NotWritten, msgspec.DecodeError) as error:
        run.findings.append(Finding("ledger", f"it cannot be read to its end: {error}"))
    return run.findings + marks.findings()


def audit_file(path: Path, journal: Journal) -> list[Finding]:
    """Return what does not hold of the ledger of a data folder; one that the journal knows must be there."""
    if not path.exists():
        return _strangers(path, journal, "")
    try:
        database = connect(path)
    except NotWritten as error:
        return [Finding("ledger", error.message)]
    try:
        found = audit(database, journal)
        return found or _strangers(path, journal, identity(database))
    finally:
        database.close()


def _strangers(path: Path, journal: Journal, name: str) -> list[Finding]:
    """Return a finding where the journal knows another ledger in the place of this one."""
    store = kept_at(path, journal)
    try:
        marks = [entry.payload for entry in journal.entries() if entry.kind == MARK]
    except JournalError as error:
        return [Finding("journal", error.message)]
    others = {mark["ledger"] for mark in marks if mark.get("store") == store} - {name}
    return [Finding("ledger", "the journal has marks of a ledger that is not here any more")] if others else []


class _Audit:
    def __init__(self, database: Database) -> None:
        self.findings: list[Finding] = []
        self._database = database
        self._rows: dict[int, Any] = {}
        self._books: dict[int, Book] = {}
        self._sequence, self._time, self._previous = 0, "", START
        self._last_out: Row | None = None

    def start(self) -> None:
        """Read the accounts."""
        self._rows = {row[0]: row for row in self._database.rows(_ACCOUNTS)}

    def take(self, row: Row) -> None:
        """Check an entry."""
        where = f"ledger entry {row.sequence}"
        if row.sequence != self._sequence + 1:
            self._found(where, f"it stands where entry {self._sequence + 1} should")
        if row.time < self._time:
            self._found(where, "its time is before that of the entry before it")
        if digest(self._previous, row[:-1]) != row.digest:
            self._found(where, "its content, or the entry before it, does not match its digest")
        self._sequence, self._time, self._previous = row.sequence, row.time, row.digest
        self._transfers(row, where)
        if row.kind == "open":
            self._open(row, where)
        elif row.kind != "begin":
            book = self._books.get(row.account or 0)
            for message in book.take(row) if book else ["its account was never opened"]:
                self._found(where, message)
        elif row.sequence != 1:
            self._found(where, "the ledger begins a second time")

    def compare(self) -> None:
        """Hold the guarded rows against the entries."""
        for number, row in self._rows.items():
            if number not in self._books:
                self._found(f"ledger account {row[1]}", "no entry opened it")
        for number, book in self._books.items():
            where = f"ledger account {book.account.name}"
            if book.account.kind == "shares":
                self._compare_shares(number, book, where)
            else:
                self._compare_ceilings(number, book, where)

    def _open(self, row: Row, where: str) -> None:
        stored = self._rows.get(row.account or 0)
        if stored is None or accounts.Draft(*stored[1:]).note != row.note:
            self._found(where, "the account is not the one that it opened")
        if stored is not None:
            self._books[int(stored[0])] = Book(accounts.account(stored))

    def _transfers(self, row: Row, where: str) -> None:
        out, self._last_out = self._last_out, row if row.kind == "transfer_out" else None
        ends = None if out is None else (out.sequence, out.other, out.account, out.amount, out.on_day, out.note)
        if row.kind == "transfer_in":
            if ends != (row.refers, row.account, row.other, row.amount, row.on_day, row.place):
                self._found(where, "it is not the other half of the transfer before it")
        elif out is not None:
            self._found(where, "the other half of a transfer should stand here")

    def _compare_ceilings(self, number: int, book: Book, where: str) -> None:
        account, next_day = book.account, book.account.first.isoformat()
        for first, last, ceiling, reserved, posted in self._database.rows(_CEILINGS, (number,)):
            days = f"{where}, {first} to {last}"
            if first != next_day:
                self._found(days, f"it should begin on {next_day}")
            if (reserved, posted) != book.through(last):
                self._found(days, "the guarded row is not the sum of the entries")
            if ceiling != book.limit(first) or ceiling != book.limit(last):
                self._found(days, "the limit is not the one that was entered")
            next_day = _after(last)
        if next_day != _after(account.last.isoformat()):
            self._found(where, "the guarded rows do not cover its period")

    def _compare_shares(self, number: int, book: Book, where: str) -> None:
        assert book.places is not None  # noqa: S101 - an account of shares has them
        expected: dict[str, tuple[int | None, Held]] = {shares.TOTAL: (None, book.total)}
        expected |= {shares.part_at(place): (None, held) for place, held in book.places.by_place.items()}
        expected |= {name: (percent, held) for name, percent, held in book.places.parts()}
        nothing: tuple[int | None, Held] = (None, Held())
        for part in shares.standing(self._database, number):
            percent, held = expected.pop(part.part, nothing)
            if (part.reserved, part.posted) != held:
                self._found(where, f"the guarded row {part.part!r} is not the sum of the entries")
            if held.all and part.percent != percent:
                self._found(where, f"the share of {part.part!r} is not the one that it was opened with")
        for part_name, (_, held) in expected.items():
            if held.all:
                self._found(where, f"there is no guarded row {part_name!r}")

    def _found(self, where: str, message: str) -> None:
        self.findings.append(Finding(where, message))


class _Marks:
    """What the journal of a data folder says of this ledger: entries that must still be in the chain."""

    def __init__(self, journal: Journal | None) -> None:
        self._findings: list[Finding] = []
        self._by_ledger: dict[str, dict[int, str]] = {}
        self._marks: dict[int, str] = {}
        try:
            for entry in journal.entries() if journal else ():
                if entry.kind == MARK:
                    marks = self._by_ledger.setdefault(str(entry.payload["ledger"]), {})
                    marks[int(entry.payload["sequence"])] = str(entry.payload["digest"])
        except JournalError as error:
            self._findings.append(Finding("journal", error.message))

    def take(self, row: Row) -> None:
        if row.kind == "begin":
            self._marks = self._by_ledger.get(row.note or "", {})
        if (marked := self._marks.pop(row.sequence, None)) is not None and marked != row.digest:
            what = "it is not the entry that the journal has the digest of"
            self._findings.append(Finding(f"ledger entry {row.sequence}", what))

    def findings(self) -> list[Finding]:
        gone = [Finding(f"ledger entry {number}", "the journal has it, the ledger has not") for number in self._marks]
        return self._findings + gone


def _after(day: str) -> str:
    """Return the next day; the last day that there is has none."""
    found = dt.date.fromisoformat(day)
    return "end" if found == dt.date.max else (found + dt.timedelta(days=1)).isoformat()
