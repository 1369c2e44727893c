"""A data folder held still: every file as of one moment, in a folder beside it, without stopping whoever writes.

The order is that of what the stores promise one another. Under the write lock of the catalogue nothing passes from the
archive to the journal, so that catalogue, ends of the WARC files and length of the journal fit. The ledger is copied
after the journal: its marks there are of entries that it has. What else there is stands for itself.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.database import Database
from licet.errors import BackupFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from licet.journal import Journal

CATALOGUE = "archive/catalogue.sqlite"
WARC = "archive/warc"
JOURNAL = "journal/journal.jsonl"
STAGE = ".backup-"
_MADE_AGAIN = frozenset({"archive/index", WARC})  # the index from the catalogue; WARC files by the catalogue's list
_PASSING = (".lock", "-wal", "-shm", ".partial")
_SQLITE = b"SQLite format 3\0"
_WAIT_SECONDS = 60.0


class Pinned(NamedTuple):
    """The staged files by name, each with the bytes that count; WARC files that are not there or not whole."""

    files: dict[str, int]
    missing: list[str]


def pin(home: Path, stage: Path, journal: Journal) -> Pinned:
    """Stage the data folder ``home`` in ``stage``, a folder on the same disk. Raises :class:`BackupFailed`."""
    try:
        files, missing = _archive(home, stage, journal)
        for name, path in sorted(_others(home, stage)):
            if name not in files and (size := _staged(path, stage / name)) is not None:
                files[name] = size
    except (OSError, sqlite3.DatabaseError) as error:
        raise BackupFailed(f"the data folder could not be copied: {error}", fix="free some space, try again") from error
    return Pinned(files, missing)


def _archive(home: Path, stage: Path, journal: Journal) -> tuple[dict[str, int], list[str]]:
    """Stage catalogue, WARC files and journal, which must fit one another."""
    files: dict[str, int] = {}
    if not (home / CATALOGUE).is_file():
        _journal(home, stage, journal, files)
        return files, []
    with closing(Database(home / CATALOGUE)) as catalogue, closing(_reader(home / CATALOGUE)) as view:
        with catalogue.writing():
            view.execute("BEGIN")
            ends = dict(view.execute("SELECT name, written FROM warc_files ORDER BY name"))  # the view begins here
            _journal(home, stage, journal, files)
            missing = [name for name, end in ends.items() if not _record_file(home, stage, name, end, files)]
        files[CATALOGUE] = _copied(view, stage / CATALOGUE)
    return files, missing


def _journal(home: Path, stage: Path, journal: Journal, files: dict[str, int]) -> None:
    if end := journal.position():
        _linked(home / JOURNAL, stage / JOURNAL)
        files[JOURNAL] = end


def _record_file(home: Path, stage: Path, name: str, end: int, files: dict[str, int]) -> bool:
    """Stage a WARC file up to the end that the catalogue knows; say whether it is all there."""
    path, staged = home / WARC / name, f"{WARC}/{name}"
    if not path.is_file():
        return False
    _linked(path, stage / staged)
    files[staged] = min(end, path.stat().st_size)
    return files[staged] == end


def _others(home: Path, stage: Path) -> Iterator[tuple[str, Path]]:
    """Yield every other file by its name; a folder that is reached twice, through a link, once."""
    seen: set[tuple[int, int]] = set()
    for folder, below, names in os.walk(home, followlinks=True):
        at = home.__class__(folder)
        below[:] = sorted(name for name in below if _kept(home, at / name, stage) and _first(at / name, seen))
        for name in names:
            path = at / name
            if not name.endswith(_PASSING) and path.is_file():
                yield path.relative_to(home).as_posix(), path


def _kept(home: Path, folder: Path, stage: Path) -> bool:
    name = folder.relative_to(home).as_posix()
    draft = folder.name.startswith(".") and name.startswith("desk/")
    return name not in _MADE_AGAIN and folder != stage and not folder.name.startswith(STAGE) and not draft


def _first(folder: Path, seen: set[tuple[int, int]]) -> bool:
    status = folder.stat()
    mark = (status.st_dev, status.st_ino)
    return mark not in seen and not seen.add(mark)  # type: ignore[func-returns-value]  # add returns None


def _staged(path: Path, target: Path) -> int | None:
    """Stage a file and return its size; None where it has gone since it was listed, or is the journal's."""
    with suppress(FileNotFoundError):
        with path.open("rb") as stream:
            database = stream.read(len(_SQLITE)) == _SQLITE
        if database:
            with closing(_reader(path)) as view:
                return _copied(view, target)
        _linked(path, target)
        return target.stat().st_size
    return None


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)


def _copied(view: sqlite3.Connection, target: Path) -> int:
    """Copy what a connection sees into a file of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        view.backup(copy)
    return target.stat().st_size


def _linked(path: Path, target: Path) -> None:
    """Give a file a second name: what replaces it later does not change it here. Copied where it cannot be linked."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path.resolve(), target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, target)
