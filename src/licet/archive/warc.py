"""WARC files (ISO 28500): captures are appended record by record and never changed.

A file holds the captures of one day up to a size. Each record is a gzip member of its own, so that it can be read at
its offset, and so that a torn end does not touch what stands before it.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from licet.archive.keeping import records
from licet.archive.model import Response
from licet.archive.warcs import http, reading
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

FILE_LIMIT = 1024 * 1024 * 1024
_RESTORE = "restore the file from a copy"


class Place(NamedTuple):
    """Where a record stands: the name of the file, offset and length in bytes."""

    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.file}@{self.offset}"


class Appender:
    """Appends to the files of a folder; what was put is on the disk when the block ends without an error.

    ``written`` gives, for each file, the end of the last record that the catalogue knows, and is brought up to date.
    What stands behind it is the rest of a write that was interrupted: it is moved aside into ``torn/``. The caller
    holds the write lock.
    """

    def __init__(self, folder: Path, written: dict[str, int]) -> None:
        self._folder = folder
        self.written = written
        self._open: dict[str, BinaryIO] = {}
        self._began = False

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                for stream in self._open.values():
                    stream.flush()
                    os.fsync(stream.fileno())
                if self._began:
                    _sync_folder(self._folder)
        finally:
            for stream in self._open.values():
                _close(stream)

    def put(self, at: datetime, members: Sequence[bytes]) -> list[Place]:
        """Write the records of one visit, made at ``at``, one behind the other into one file."""
        name = self._file_for(at)
        stream = self._open.get(name) or self._begin(name, at)
        places = []
        for member in members:
            places.append(Place(name, self.written[name], len(member)))
            stream.write(member)
            self.written[name] += len(member)
        return places

    def _begin(self, name: str, at: datetime) -> BinaryIO:
        stream = self._open[name] = (self._folder / name).open("ab")
        if stream.tell() == 0:
            self._began = True
            self.written[name] = stream.write(records.info(name, at))
        return stream

    def _file_for(self, at: datetime) -> str:
        number = 1
        while True:
            name = f"licet-{at:%Y%m%d}-{number:05d}.warc.gz"
            free = self.written.get(name, 0) < FILE_LIMIT and not self._rewritten(name)
            if free and (name in self._open or self._sound(name)):
                return name
            number += 1

    def _rewritten(self, name: str) -> bool:
        """Say whether another file has taken the place of this one: its name is not used again."""
        begin = name.removesuffix(".warc.gz") + "-"
        return any(other.startswith(begin) for other in self.written)

    def _sound(self, name: str) -> bool:
        """Say whether a file ends where it should, after what follows its end was moved aside."""
        path = self._folder / name
        size, end = path.stat().st_size if path.exists() else 0, self.written.get(name, 0)
        if size > end:
            move_aside(path, end)
        return size >= end


def read(folder: Path, place: Place) -> bytes:
    """Return the payload of the record at ``place``; :class:`Damaged` if it is not there or broken."""
    return read_response(folder, place).body


def read_response(folder: Path, place: Place) -> Response:
    """Return the record at ``place`` with its HTTP headers; :class:`Damaged` if it is not there or broken."""
    record = next(reading.read(io.BytesIO(_stored(folder, place))), None)
    if not isinstance(record, reading.Record) or record.block is None:
        reason = record.reason if isinstance(record, reading.Damage) else "it is not there"
        raise _broken(place, reason)
    message = http.Message("", [("Content-Type", record.headers.get("content-type", ""))], record.block)
    if record.kind in {"response", "revisit"}:
        message = http.parse(record.block)
    if record.kind != "revisit" and not reading.matches(message.body, record.headers.get("warc-payload-digest", "")):
        raise Damaged(f"{place}: the bytes do not match their digest", fix=_RESTORE)
    return Response(message.start, message.headers, message.body)


def read_record(folder: Path, place: Place) -> tuple[Any, bytes]:
    """Return warcio's record at ``place`` and its payload, its digests checked; :class:`Damaged` as :func:`read`."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(_stored(folder, place)), check_digests="raise")))
        payload: bytes = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, zlib.error, ValueError, OSError, EOFError, AttributeError) as error:
        raise _broken(place, str(error)) from error
    return record, payload


def _stored(folder: Path, place: Place) -> bytes:
    try:
        with (folder / place.file).open("rb") as stream:
            stream.seek(place.offset)
            data = stream.read(place.length)
    except OSError as error:
        raise Damaged(f"{place}: {error.strerror}", fix=_RESTORE) from error
    if len(data) < place.length:
        raise Damaged(f"{place}: the file ends before the record does", fix=_RESTORE)
    return data


def _broken(place: Place, reason: str) -> Damaged:
    return Damaged(f"{place}: the record is broken ({reason})", fix=_RESTORE)


def move_aside(path: Path, end: int) -> Path:
    """Cut off what follows ``end``, after a copy of it is safe in ``torn/``; return where."""
    torn = path.parent / "torn"
    torn.mkdir(exist_ok=True)
    with path.open("r+b") as stream:
        stream.seek(end)
        rest = stream.read()
        copy = torn / f"{path.name}.{end}.{hashlib.sha256(rest).hexdigest()[:12]}"
        with copy.open("wb") as out:
            out.write(rest)
            out.flush()
            os.fsync(out.fileno())
        stream.truncate(end)
        os.fsync(stream.fileno())
    return copy


def _close(stream: BinaryIO) -> None:
    """Close, also where what is still in the buffer finds no room: it was not acknowledged."""
    with suppress(OSError):
        stream.close()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
