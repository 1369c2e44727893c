"""Files on disk as a source: saved pages, WARC files (CC-NEWS too), WACZ packages."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from licet.archive.capture import Capture, Exchange, from_file
from licet.archive.collecting.fetching import PAGE_LIMIT
from licet.errors import BadFile, LicetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

RECORDS = 5_000_000
"""The most records that are read from one file."""
_WARC = (".warc", ".warc.gz")
_PAGES = ("text/html", "application/xhtml+xml")


def captures_in(path: Path, *, at: datetime) -> Iterator[tuple[Capture, datetime]]:
    """Yield the pages of a file, each with its time: that of the record, ``at`` for a saved page.

    A broken record ends the file it stands in; what stands before it counts. :class:`BadFile` if nothing can be read.
    """
    name = path.name.lower()
    if name.endswith(_WARC):
        with _opened(path) as stream:
            yield from _records(stream, path.name)
    elif name.endswith(".wacz"):
        yield from _package(path)
    else:
        yield from_file(path, url=None), at


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        told = f"{path.name} cannot be read: {error.strerror}"
        raise BadFile(told, fix="check the name, and that you may read it") from error


def _package(path: Path) -> Iterator[tuple[Capture, datetime]]:
    try:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.startswith("archive/") and name.lower().endswith(_WARC):
                    with package.open(name) as stream:
                        yield from _records(stream, f"{path.name}/{name}")
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise BadFile(f"{path.name} is no WACZ package: {error}", fix="copy the file again") from error


def _records(stream: Any, name: str) -> Iterator[tuple[Capture, datetime]]:
    """Read records one after another; the memory is that of one record."""
    try:
        for number, record in enumerate(ArchiveIterator(stream)):
            if number >= RECORDS:
                return
            if record.rec_type in ("response", "resource") and (found := _page(record, name)):
                yield found
    except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
        if isinstance(error, LicetError):
            raise
        raise BadFile(
            f"{name} is broken: {str(error)[:200]}", fix="copy the file again; what was read counts"
        ) from error


def _page(record: Any, name: str) -> tuple[Capture, datetime] | None:
    http = record.http_headers
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    content_type = (http.get_header("Content-Type") if http else record.rec_headers.get_header("Content-Type")) or ""
    if not url.startswith(("http://", "https://")) or not content_type.lower().startswith(_PAGES):
        return None
    if http and http.get_statuscode() != "200":
        return None
    stream = record.raw_stream
    if http and "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        stream = ChunkedDataReader(stream, decomp_type=None)
    payload = stream.read(PAGE_LIMIT + 1)
    if not payload or len(payload) > PAGE_LIMIT:
        return None
    capture = Capture(
        payload=payload,
        content_type=content_type,
        content_encoding=(http.get_header("Content-Encoding") or "") if http else "",
        url=url.strip("<>"),
        captured_from=f"file:{name}",
        exchange=_exchange(record) if http else None,
    )
    return capture, _time(record.rec_headers.get_header("WARC-Date"))


def _exchange(record: Any) -> Exchange:
    http = record.http_headers
    headers = [(key, value) for key, value in http.headers if key.lower() != "transfer-encoding"]
    return Exchange(
        address=record.rec_headers.get_header("WARC-IP-Address") or "",
        request_line="",
        request_headers=[],
        status_line=f"{http.protocol} {http.statusline}",
        response_headers=headers,
    )


def _time(written: str | None) -> datetime:
    try:
        time = datetime.fromisoformat(written or "")
    except ValueError as error:
        raise BadFile("a record without a date", fix="copy the file again") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
