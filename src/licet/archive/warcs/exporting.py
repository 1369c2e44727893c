"""Captures out of the archive: as a WARC file, as a WACZ package, as a CDXJ index of the files that are there.

An export holds what may be shown, record by record as it stands; it is written beside its place and put there whole.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, cast

import msgspec

from licet.archive.keeping import records
from licet.archive.model import Finding
from licet.archive.warc import Place
from licet.archive.warcs.reading import HEAD_LIMIT, Record, parse_fields, read
from licet.archive.warcs.units import Unit
from licet.archive.warcs.wacz import Package
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from licet.archive.warcs.selecting import Chosen, Selection

Form = Literal["wacz", "warc", "cdxj"]
_BESIDE = 3


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: pages, records with those beside them, bytes; ``damaged`` names what was left out for it."""

    pages: int
    records: int
    size: int
    damaged: list[Finding]


class _Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Exporter:
    """Writes one export of ``selection``, whose records stand in the files of ``folder``."""

    def __init__(self, folder: Path, selection: Selection, progress: Callable[[int, int], None] | None) -> None:
        self._folder = folder
        self._selection = selection
        self._progress = progress
        self._records = 0
        self._damaged: list[Finding] = []

    def run(self, out: Path, form: Form, at: datetime) -> Exported:
        """Write ``out``; :class:`ArchiveError` where that is not possible, and then ``out`` is as it was."""
        with _whole(out) as stream:
            if form == "cdxj":
                for chosen in self._selection.records():
                    self._selection.index(chosen, chosen.place)
                    self._records += 1
                for text in self._selection.lines():
                    stream.write(text.encode())
            elif form == "warc":
                self._copy_all(stream, out.name, at)
            else:
                self._package(stream, at)
        pages = sum(1 for _ in self._selection.pages())
        return Exported(pages=pages, records=self._records, size=out.stat().st_size, damaged=self._damaged)

    def _package(self, stream: BinaryIO, at: datetime) -> None:
        with Package(stream, at) as package:
            for name, group in groupby(self._selection.records(), key=lambda chosen: chosen.place.file):
                with package.part(f"archive/{name}") as part:
                    self._copy(part, name, at, group)
            package.index(self._selection.lines())
            package.pages(self._selection.pages())

    def _copy_all(self, stream: BinaryIO, name: str, at: datetime) -> None:
        self._copy(stream, name, at, self._selection.records())

    def _copy(self, sink: _Sink, name: str, at: datetime, group: Iterator[Chosen]) -> None:
        offset = sink.write(records.info(name, at))
        total = self._selection.count()
        source: BinaryIO | None = None
        opened = ""
        try:
            for chosen in group:
                if source is None or chosen.place.file != opened:
                    if source:
                        source.close()
                    opened = chosen.place.file
                    source = self._open(opened)
                members = self._members(source, chosen)
                if members:
                    place = Place(name, offset, len(members[0]))
                    digest = hashlib.sha256(members[0]).hexdigest()
                    self._selection.index(chosen, place, recordDigest=f"sha256:{digest}")
                for member in members:
                    offset += sink.write(member)
                    self._records += 1
                if self._progress and self._records % 64 == 0:
                    self._progress(min(self._records, total), total)
        finally:
            if source:
                source.close()

    def _open(self, name: str) -> BinaryIO:
        try:
            return (self._folder / name).open("rb")
        except OSError:
            return io.BytesIO()  # each of its records is named as damaged

    def _members(self, source: BinaryIO, chosen: Chosen) -> list[bytes]:
        """Return the bytes of a record and of those that stand right behind it about it; none where it is damaged."""
        place = chosen.place
        source.seek(place.offset)
        data = source.read(place.length)
        found = next(read(io.BytesIO(data)), None)
        if not isinstance(found, Record) or found.id != chosen.record or len(data) != place.length:
            self._damaged.append(Finding(str(place), f"the record of {chosen.url} is damaged, and left out"))
            return []
        members = [data]
        at = place.offset + place.length
        for _ in range(_BESIDE):
            member = _about(source, at, chosen.record)
            if not member:
                break
            members.append(member)
            at += len(member)
        return members


def _about(source: BinaryIO, offset: int, record: str) -> bytes:
    """Return the gzip member at ``offset`` where it is a request or metadata of ``record``, else nothing."""
    unit = Unit(source, offset, packed=True)
    try:
        head = unit.until(b"\n\r\n", HEAD_LIMIT) or b""
        headers = parse_fields(head)
        if headers.get("warc-concurrent-to") != record or headers.get("warc-type") not in {"request", "metadata"}:
            return b""
        while unit.read(HEAD_LIMIT):
            pass
    except zlib.error:
        return b""
    end = unit.end
    source.seek(offset)
    return source.read(end - offset) if unit.whole else b""


@contextmanager
def _whole(out: Path) -> Iterator[BinaryIO]:
    """Give a stream beside ``out`` and put it in its place once it is written and on the disk."""
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as stream:
            yield cast("BinaryIO", stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise ArchiveError(
            f"{out.name} could not be written: {reason}", fix="check the folder and its space"
        ) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
