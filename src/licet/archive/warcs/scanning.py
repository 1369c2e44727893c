"""Every record of our own WARC files, read and noted in a temporary database: memory stays flat, whatever they hold."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from licet.archive.warc import Place
from licet.archive.warcs import http
from licet.archive.warcs.reading import Damage, Record, matches, read
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_TABLES = """
CREATE TABLE records (
    record TEXT, kind TEXT, warc TEXT, warc_offset INTEGER, warc_length INTEGER, target TEXT, stamp TEXT, digest TEXT,
    content_type TEXT, content_encoding TEXT, status INTEGER, concurrent TEXT, refers TEXT, profile TEXT, fields TEXT
);
CREATE TABLE damage (warc TEXT, warc_offset INTEGER, reason TEXT);
CREATE TABLE files (warc TEXT PRIMARY KEY, sound INTEGER, size INTEGER);
CREATE TABLE told (record TEXT, snapshot TEXT, digest TEXT, kind TEXT, place TEXT);
CREATE TABLE texts (snapshot TEXT PRIMARY KEY, text TEXT);
CREATE TABLE erased (snapshot TEXT, digest TEXT);
CREATE TABLE visits (
    record TEXT, kind TEXT, snapshot TEXT, state TEXT, digest TEXT, url TEXT, warc TEXT, warc_offset INTEGER
);
CREATE TABLE snapshots (id TEXT PRIMARY KEY, state TEXT, text TEXT);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS records_by_id ON records (record);
CREATE INDEX IF NOT EXISTS records_by_place ON records (warc, warc_offset);
CREATE INDEX IF NOT EXISTS records_by_concurrent ON records (concurrent, kind);
CREATE INDEX IF NOT EXISTS damage_by_place ON damage (warc, warc_offset);
CREATE INDEX IF NOT EXISTS told_by_id ON told (record);
CREATE INDEX IF NOT EXISTS told_by_snapshot ON told (snapshot);
CREATE INDEX IF NOT EXISTS erased_by_digest ON erased (digest);
CREATE INDEX IF NOT EXISTS visits_by_id ON visits (record);
CREATE INDEX IF NOT EXISTS visits_by_place ON visits (warc, warc_offset);
"""


class Scanned(NamedTuple):
    """A record as it was read: ``digest`` is computed over the payload, ``fields`` are those of a metadata record."""

    record: str
    kind: str
    place: Place
    target: str
    stamp: str
    digest: str
    content_type: str
    content_encoding: str
    status: int | None
    concurrent: str
    refers: str
    profile: str
    fields: list[tuple[str, str]]


class Scan:
    """A temporary database of what WARC files hold; other tables beside it are for what that is held against."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(
            "", isolation_level=None
        )  # an empty name is a file of SQLite's own, deleted at close
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Ask; rows come one by one."""
        return self._db.execute(query, values)

    def insert(self, table: str, *values: Any) -> None:
        """Add a row, in place of one with the same key."""
        marks = ",".join("?" * len(values))
        self._db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)

    def ready(self) -> None:
        """Make the indexes, once the tables are filled."""
        self._db.executescript(_INDEXES)

    def folder(
        self, folder: Path, *, ends: dict[str, int] | None = None, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Read every WARC file of a folder, or of those in ``ends`` what stands before their ends.

        ``progress`` is called with the bytes that were read and how many there are.
        """
        names = sorted(ends) if ends is not None else sorted(path.name for path in folder.glob("*.warc.gz"))
        total = sum((folder / name).stat().st_size for name in names if (folder / name).exists())
        done = 0
        for path in (folder / name for name in names):
            if path.exists():
                for at in self._file(path, None if ends is None else ends[path.name]):
                    if progress:
                        progress(done + at, total)
                done += path.stat().st_size

    def _file(self, path: Path, end: int | None) -> Iterator[int]:
        """Note the records of a file; yield now and then how far it is read."""
        sound = 0
        try:
            with path.open("rb") as stream:
                for number, one in enumerate(read(stream, end=end)):
                    if isinstance(one, Damage):
                        self.insert("damage", path.name, one.offset, one.reason)
                    else:
                        self._note(path.name, one)
                        sound = one.offset + one.length
                    if number % 256 == 0:
                        yield one.offset
        except OSError as error:
            self.insert("damage", path.name, sound, error.strerror or "the file cannot be read")
        self.insert("files", path.name, sound, path.stat().st_size)

    def _note(self, name: str, record: Record) -> None:
        try:
            row = _row(name, record)
        except Damaged as error:
            self.insert("damage", name, record.offset, error.message)
            return
        self.insert("records", *row)


def scanned(row: Sequence[Any]) -> Scanned:
    """Return a row of ``SELECT * FROM records``."""
    record, kind, warc, offset, length, *rest, fields = row
    known: Any = (record, kind, Place(warc, offset, length), *rest, [tuple(one) for one in json.loads(fields)])
    return Scanned._make(known)


def fields_of(block: bytes) -> list[tuple[str, str]]:
    """Return the fields of a metadata record in their order, repeated names and all."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in lines if colon]


def _row(name: str, record: Record) -> tuple[Any, ...]:
    headers, block = record.headers, record.block
    if block is None:
        raise Damaged("the record is larger than any that was written")
    content_type, encoding, status, payload, fields = headers.get("content-type", ""), "", None, b"", "[]"
    if record.kind in {"response", "revisit"} and block:
        message = http.parse(block)
        content_type, encoding = message.header("content-type"), message.header("content-encoding")
        status, payload = message.status, message.body
    elif record.kind == "resource":
        payload = block
    elif record.kind == "metadata":
        fields = json.dumps(fields_of(block), ensure_ascii=False)
    if record.kind in {"response", "resource"} and not matches(payload, headers.get("warc-payload-digest", "")):
        raise Damaged("the bytes do not match their digest")
    return (
        record.id,
        record.kind,
        name,
        record.offset,
        record.length,
        record.target,
        headers.get("warc-date", ""),
        "sha256:" + hashlib.sha256(payload).hexdigest(),
        content_type,
        encoding,
        status,
        headers.get("warc-concurrent-to", ""),
        headers.get("warc-refers-to", ""),
        headers.get("warc-profile", ""),
        fields,
    )
