"""A WACZ package (WACZ 1.1.1): WARC files, their index, a list of pages, and digests over all of it, in one zip."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from licet import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from types import TracebackType

VERSION = "1.1.1"
_LINES = 300
_DATA = "index.cdx.gz"


class Part:
    """One file of the package while it is written: how long it is so far, and its digest."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write and return how many bytes."""
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    @property
    def digest(self) -> str:
        """``sha256:hex`` of what was written."""
        return "sha256:" + self._digest.hexdigest()


class Package:
    """Writes a package, made ``at``, into ``stream``. Its parts are not compressed again: they are read in place."""

    def __init__(self, stream: BinaryIO, at: datetime) -> None:
        self._at = at
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._resources: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._describe()
        self._zip.close()

    @contextmanager
    def part(self, path: str) -> Iterator[Part]:
        """Give a file of the package to write; it is listed with its digest."""
        with self._zip.open(self._entry(path), "w", force_zip64=True) as stream:
            part = Part(stream)
            yield part
        name = path.rpartition("/")[2].lower()
        self._resources.append({"name": name, "path": path, "hash": part.digest, "bytes": part.size})

    def index(self, lines: Iterable[str]) -> None:
        """Write the sorted lines of a CDXJ index in compressed blocks, and the first key of each block beside them."""
        heads = io.StringIO()
        heads.write(f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': _DATA})}\n")
        with self.part(f"indexes/{_DATA}") as part:
            for block in _blocks(lines):
                data = gzip.compress("".join(block).encode(), mtime=0)
                told = {
                    "offset": part.size,
                    "length": len(data),
                    "digest": "sha256:" + hashlib.sha256(data).hexdigest(),
                }
                heads.write(f"{' '.join(block[0].split(' ', 2)[:2])} {json.dumps(told)}\n")
                part.write(data)
        with self.part("indexes/index.idx") as part:
            part.write(heads.getvalue().encode())

    def pages(self, pages: Iterable[tuple[str, str, str, str]]) -> None:
        """Write the list of pages: time, id, address and title of each."""
        with self.part("pages/pages.jsonl") as part:
            part.write(_json({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}))
            for stamp, identity, url, title in pages:
                part.write(_json({"id": identity, "url": url, "ts": stamp, "title": title}))

    def _describe(self) -> None:
        described = {
            "profile": "data-package",
            "resources": self._resources,
            "created": self._at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "wacz_version": VERSION,
            "software": f"Licet {__version__}",
        }
        data = json.dumps(described, ensure_ascii=False, indent=2).encode()
        self._zip.writestr(self._entry("datapackage.json"), data)
        digest = {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
        self._zip.writestr(self._entry("datapackage-digest.json"), json.dumps(digest, indent=2).encode())

    def _entry(self, path: str) -> zipfile.ZipInfo:
        """Return an entry with the time of the package: the same export gives the same bytes."""
        entry = zipfile.ZipInfo(path, self._at.timetuple()[:6])
        entry.external_attr = 0o644 << 16
        return entry


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == _LINES:
            yield block
            block = []
    if block:
        yield block


def _json(value: dict[str, str]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
