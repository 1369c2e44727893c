"""The journal: an append-only file of chained entries that several processes may write to."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import msgspec

from licet.errors import JournalError
from licet.journal.locking import locked
from licet.journal.record import START, Entry, holds, line, make, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_BLOCK = 64 * 1024


class Finding(msgspec.Struct, frozen=True):
    """Something that does not hold: ``line`` counts from 1, ``message`` says what is wrong there."""

    line: int
    message: str


class Journal:
    """The journal of one data folder, in ``journal/journal.jsonl``.

    Every write is on the disk before it returns. A line that a crash tore is cut off when the journal is next opened,
    and kept beside it as ``journal.torn``: it was never acknowledged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_path = path.with_suffix(".lock")

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open, or begin, the journal of the data folder ``home``."""
        folder = home / "journal"
        folder.mkdir(parents=True, exist_ok=True)
        journal = cls(folder / "journal.jsonl")
        with locked(journal._lock_path):
            journal._repair()
        return journal

    def append(self, kind: str, payload: Mapping[str, Any], *, time: str) -> Entry:
        """Add one entry and return it once it is on the disk."""
        return self.append_all([(kind, payload)], time=time)[0]

    def append_all(self, items: Sequence[tuple[str, Mapping[str, Any]]], *, time: str) -> list[Entry]:
        """Add entries of one moment together: one write, one flush to the disk."""
        return self.append_each([(kind, payload, time) for kind, payload in items])

    def append_each(self, items: Sequence[tuple[str, Mapping[str, Any], str]]) -> list[Entry]:
        """Add entries, each with its own time: one write, one flush to the disk."""
        with self._writing() as (sequence, previous):
            entries: list[Entry] = []
            for number, (kind, payload, time) in enumerate(items, start=sequence + 1):
                entries.append(make(number, time, kind, payload, entries[-1].digest if entries else previous))
            self._write(b"".join(line(entry) for entry in entries))
        return entries

    def position(self) -> int:
        """Return the size of the journal in bytes: :meth:`entries` from there yields what is appended later."""
        with locked(self._lock_path):
            return self.path.stat().st_size if self.path.exists() else 0

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Yield every entry from the first, or from an earlier :meth:`position`, on; with ``end`` to another.

        :class:`JournalError` at a line that is not an entry. A position that this journal never had yields them all.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            at = stream.seek(start if self._had(stream, start) else 0)
            for number, stored in enumerate(stream, start=1):
                at += len(stored)
                if not stored.endswith(b"\n") or (end is not None and at > end):
                    return
                try:
                    yield parse(stored)
                except JournalError as error:
                    fix = "restore the journal from a copy; verify names every damaged line"
                    after = f" after byte {start}" if start else ""
                    raise JournalError(f"line {number} of the journal{after}: {error.message}", fix=fix) from error

    def tail(self, count: int) -> list[Entry]:
        """Return the last ``count`` entries, oldest first, without reading the whole file."""
        if not self.path.exists() or count <= 0:
            return []
        return [parse(stored) for stored in self._last_lines(count)]

    def head(self) -> tuple[int, str]:
        """Return the sequence and digest of the last entry; keep it elsewhere to prove later that none was cut off."""
        last = self.tail(1)
        return (last[0].sequence, last[0].digest) if last else (0, START)

    def verify(self, anchor: tuple[int, str] | None = None) -> list[Finding]:
        """Return what does not hold; ``anchor`` is an earlier :meth:`head` that must still be in the chain."""
        findings: list[Finding] = []
        previous, sequence = START, 0
        anchored = anchor is None or anchor == (0, START)
        for number, stored in enumerate(self._lines_to(self.position()), start=1):
            if not stored.endswith(b"\n"):
                findings.append(Finding(number, "the last line is torn"))
                break
            try:
                entry = parse(stored)
            except JournalError as error:
                findings.append(Finding(number, error.message))
                previous, sequence = "", sequence + 1
                continue
            findings += _check(entry, number, sequence + 1, previous)
            previous, sequence = entry.digest, entry.sequence
            anchored = anchored or anchor == (sequence, previous)
        if not anchored and anchor is not None:
            findings.append(Finding(sequence, f"entry {anchor[0]} with the digest {anchor[1]} is not in the chain"))
        return findings

    def _lines_to(self, end: int) -> Iterator[bytes]:
        """Yield the lines of the first ``end`` bytes, one in memory."""
        if not end:
            return
        with self.path.open("rb") as stream:
            while (rest := end - stream.tell()) > 0:
                yield stream.readline(rest)

    @staticmethod
    def _had(stream: BinaryIO, position: int) -> bool:
        """Say whether an entry ends at ``position``."""
        if position <= 0:
            return position == 0
        stream.seek(position - 1)
        return stream.read(1) == b"\n"

    @contextmanager
    def _writing(self) -> Iterator[tuple[int, str]]:
        with locked(self._lock_path):
            self._repair()
            yield self.head()

    def _write(self, data: bytes) -> None:
        with self.path.open("ab") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def _repair(self) -> None:
        """Cut off what follows the last newline: a write that never came to its end."""
        if not self.path.exists():
            return
        torn = self._last_lines(1, torn=True)[0]
        if not torn:
            return
        with self.path.with_suffix(".torn").open("ab") as stream:
            stream.write(torn + b"\n")
            os.fsync(stream.fileno())
        with self.path.open("r+b") as stream:
            stream.truncate(self.path.stat().st_size - len(torn))
            os.fsync(stream.fileno())

    def _last_lines(self, count: int, *, torn: bool = False) -> list[bytes]:
        """Return the last ``count`` whole lines; with ``torn`` instead what follows the last newline, alone."""
        with self.path.open("rb") as stream:
            start = stream.seek(0, os.SEEK_END)
            data = b""
            while start > 0 and data.count(b"\n") <= count:
                step = min(_BLOCK, start)
                start -= step
                stream.seek(start)
                data = stream.read(step) + data
        *lines, rest = data.split(b"\n")
        return [rest] if torn else lines[-count:]


def _check(entry: Entry, number: int, sequence: int, previous: str) -> list[Finding]:
    findings = []
    if not holds(entry):
        findings.append(Finding(number, f"the content of entry {entry.sequence} does not match its digest"))
    if entry.sequence != sequence:
        findings.append(Finding(number, f"entry {entry.sequence} stands where {sequence} should"))
    if previous and entry.previous != previous:
        findings.append(Finding(number, f"entry {entry.sequence} does not follow the entry before it"))
    return findings
