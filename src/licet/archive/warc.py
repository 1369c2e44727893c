"""WARC files (ISO 28500): captures are appended record by record and never changed.

A file holds the captures of one day up to a size. Each record is a gzip member of its own, so that it can be read at
its offset, and so that a torn end does not touch what stands before it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import uuid
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from licet.errors import Damaged

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from licet.archive.capture import Capture

FILE_LIMIT = 1024 * 1024 * 1024
_NAMESPACE = uuid.UUID("6d1fb2d8-6c5c-5c9b-8f0e-3a6f2f0e7a11")


class Place(NamedTuple):
    """Where a record stands: the name of the file, offset and length in bytes, and the end of all that was written."""

    file: str
    offset: int
    length: int
    end: int


class _Writer(WARCWriter):  # type: ignore[misc]
    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def append(folder: Path, capture: Capture, at: datetime, known_end: dict[str, int]) -> Place:
    """Write ``capture`` and return where; it is on the disk when this returns.

    ``known_end`` gives, for each file, the end of the last record that the catalogue knows. What stands behind it is
    the rest of a write that was interrupted: it is moved aside into ``torn/``. The caller holds the write lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _file_for(folder, at, known_end)
    new = not path.exists()
    with path.open("ab") as stream:
        if stream.tell() == 0:
            _write_info(stream, path.name, at)
        offset = stream.tell()
        middle = _write(stream, capture, at)
        end = stream.tell()
        os.fsync(stream.fileno())
    if new:
        _sync_folder(folder)
    return Place(path.name, offset, middle - offset, end)


def read(folder: Path, place: Place) -> bytes:
    """Return the payload of the record at ``place``; :class:`Damaged` if it is not there or broken."""
    where = f"{place.file}@{place.offset}"
    try:
        with (folder / place.file).open("rb") as stream:
            stream.seek(place.offset)
            data = stream.read(place.length)
    except OSError as error:
        raise Damaged(f"{where}: {error.strerror}", fix="restore the file from a copy") from error
    if len(data) < place.length:
        raise Damaged(f"{where}: the file ends before the record does", fix="restore the file from a copy")
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(data), check_digests="raise")))
        payload: bytes = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, zlib.error, ValueError, OSError, EOFError, AttributeError) as error:
        raise Damaged(f"{where}: the record is broken ({error})", fix="restore the file from a copy") from error
    return payload


def _file_for(folder: Path, at: datetime, known_end: dict[str, int]) -> Path:
    number = 1
    while True:
        path = folder / f"licet-{at:%Y%m%d}-{number:05d}.warc.gz"
        size = path.stat().st_size if path.exists() else 0
        end = known_end.get(path.name, 0)
        if size > end:
            _move_aside(path, end)
            size = end
        if size == end and size < FILE_LIMIT:
            return path
        number += 1


def _move_aside(path: Path, end: int) -> None:
    torn = path.parent / "torn"
    torn.mkdir(exist_ok=True)
    with path.open("r+b") as stream:
        stream.seek(end)
        rest = stream.read()
        digest = hashlib.sha256(rest).hexdigest()[:12]
        (torn / f"{path.name}.{end}.{digest}").write_bytes(rest)
        stream.truncate(end)
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_info(stream: Any, name: str, at: datetime) -> None:
    writer = _Writer(stream, gzip=True, warc_version="WARC/1.1")
    info = {"software": "Licet", "format": "WARC File Format 1.1", "robots": "classic"}
    record = writer.create_warcinfo_record(name, info)
    record.rec_headers.replace_header("WARC-Date", _stamp(at))
    record.rec_headers.replace_header("WARC-Record-ID", _record_id("warcinfo", name, _stamp(at)))
    writer.write_record(record)


def _write(stream: Any, capture: Capture, at: datetime) -> int:
    """Write the record of the payload, then that of the request; return the end of the first."""
    writer = _Writer(stream, gzip=True, warc_version="WARC/1.1")
    kind = "response" if capture.exchange else "resource"
    identity = _record_id(kind, capture.target, _stamp(at), capture.digest)
    payload_digest = "sha256:" + base64.b32encode(bytes.fromhex(capture.digest.removeprefix("sha256:"))).decode()
    headers = {"WARC-Date": _stamp(at), "WARC-Record-ID": identity, "WARC-Payload-Digest": payload_digest}
    if capture.exchange is None:
        body = io.BytesIO(capture.payload)
        record = writer.create_warc_record(
            capture.target, kind, body, len(capture.payload), capture.content_type, headers
        )
        writer.write_record(record)
        return int(stream.tell())
    exchange = capture.exchange
    headers["WARC-IP-Address"] = exchange.address
    protocol, _, status = exchange.status_line.partition(" ")
    record = writer.create_warc_record(
        capture.target,
        kind,
        payload=io.BytesIO(capture.payload),
        length=len(capture.payload),
        http_headers=StatusAndHeaders(status, exchange.response_headers, protocol=protocol),
        warc_headers_dict=headers,
    )
    writer.write_record(record)
    middle = int(stream.tell())
    headers = {
        "WARC-Date": _stamp(at),
        "WARC-Record-ID": _record_id("request", capture.target, _stamp(at), capture.digest),
        "WARC-Concurrent-To": identity,
    }
    request = writer.create_warc_record(
        capture.target,
        "request",
        payload=io.BytesIO(b""),
        length=0,
        http_headers=StatusAndHeaders(exchange.request_line, exchange.request_headers, is_http_request=True),
        warc_headers_dict=headers,
    )
    writer.write_record(request)
    return middle


def _record_id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, '|'.join(parts))}>"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
