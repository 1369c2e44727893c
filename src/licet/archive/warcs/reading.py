"""Reading WARC files (ISO 28500) of any size and any writer: record by record, damage named and passed over."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from licet.archive.capture import LIMIT
from licet.archive.warcs.units import Unit, is_packed, next_record
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_LIMIT = 64 * 1024
HTTP_HEAD_LIMIT = 256 * 1024
BLOCK_LIMIT = LIMIT + HTTP_HEAD_LIMIT
_CHUNK = 256 * 1024
_LONGEST = 1 << 44
_VERSION = re.compile(rb"WARC/\d\.\d{1,2}\r?\n")
_ALGORITHMS = {"md5": 16, "sha1": 20, "sha-1": 20, "sha256": 32, "sha-256": 32, "sha512": 64, "sha-512": 64}


class Record(NamedTuple):
    """A record: where it begins, the length of its gzip member (or of its bytes), its header and its block.

    ``headers`` have names in small letters. ``block`` is None where it is longer than :data:`BLOCK_LIMIT`.
    """

    offset: int
    length: int
    headers: dict[str, str]
    block: bytes | None

    @property
    def kind(self) -> str:
        """The WARC-Type."""
        return self.headers.get("warc-type", "").lower()

    @property
    def id(self) -> str:
        """The WARC-Record-ID."""
        return self.headers.get("warc-record-id", "")

    @property
    def target(self) -> str:
        """The WARC-Target-URI, the angle brackets of old writers taken off."""
        return self.headers.get("warc-target-uri", "").strip("<>")


class Damage(NamedTuple):
    """A part of a file that holds no whole record: where it begins, and what is wrong with it."""

    offset: int
    reason: str


def read(stream: BinaryIO, *, start: int = 0, end: int | None = None) -> Iterator[Record | Damage]:
    """Yield the records of a seekable stream from ``start`` on, compressed record by record, as a whole, or not at all.

    One record at a time is in memory. After damage reading goes on with the next record that can be found. With
    ``end`` nothing that begins there or later is read.
    """
    packed = is_packed(stream)
    offset: int | None = start
    while offset is not None and (end is None or offset < end):
        stream.seek(offset)
        if not stream.read(1):
            return
        unit = Unit(stream, offset, packed=packed)
        try:
            yield from _records(unit, offset, packed=packed)
            offset = unit.end
        except Damaged as error:
            yield Damage(offset, error.message)
            offset = next_record(stream, offset + 1, packed=packed)
        except zlib.error:
            yield Damage(offset, "the compressed bytes are broken")
            offset = next_record(stream, offset + 1, packed=packed)


def _records(unit: Unit, offset: int, *, packed: bool) -> Iterator[Record]:
    """Yield the records of a gzip member, or the one record that begins at ``offset``."""
    more = unit.skip(b"\r\n")
    while more:
        headers = _headers(unit)
        block = _block(unit, headers)
        more = unit.skip(b"\r\n")
        if not unit.whole and not more:
            raise Damaged("the file ends before the record does")
        yield Record(offset, unit.end - offset, headers, block)
        if not packed:
            return


def _headers(unit: Unit) -> dict[str, str]:
    head = unit.until(b"\n\r\n", HEAD_LIMIT)
    if head is None:
        raise Damaged("no header of a record is there")
    version = _VERSION.match(head)
    if version is None:
        raise Damaged("what is there does not begin as a record does")
    return parse_fields(head[version.end() :])


def parse_fields(data: bytes) -> dict[str, str]:
    """Return named fields with their names in small letters; of a name that comes again, the first value."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _block(unit: Unit, headers: dict[str, str]) -> bytes | None:
    """Read the block and hold it against its digest; None if it is too long to be kept in memory."""
    stated = headers.get("content-length", "")
    if not (stated.isascii() and stated.isdecimal()) or int(stated) > _LONGEST:
        raise Damaged("the length of the record is not stated")
    length = left = int(stated)
    check = _check_of(headers.get("warc-block-digest", ""))
    kept: list[bytes] = []
    while left:
        chunk = unit.read(min(left, _CHUNK))
        if not chunk:
            raise Damaged("the record is shorter than it says")
        left -= len(chunk)
        if check:
            check[0].update(chunk)
        if length <= BLOCK_LIMIT:
            kept.append(chunk)
    if check and check[0].digest() != check[1]:
        raise Damaged("the bytes do not match the digest of the record")
    return b"".join(kept) if length <= BLOCK_LIMIT else None


def matches(body: bytes, stated: str) -> bool:
    """Say whether ``body`` has the digest ``algorithm:value``, base 32 or hex; an unknown algorithm proves nothing."""
    check = _check_of(stated)
    if check is None:
        return True
    check[0].update(body)
    return check[0].digest() == check[1]


def _check_of(stated: str) -> tuple[hashlib._Hash, bytes] | None:
    name, _, value = stated.partition(":")
    size = _ALGORITHMS.get(name.strip().lower())
    if size is None:
        return None
    value = value.strip()
    try:
        if len(value) == 2 * size:
            wanted = bytes.fromhex(value)
        else:
            wanted = base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except ValueError:
        return None
    return hashlib.new(name.strip().lower().replace("sha-", "sha"), usedforsecurity=False), wanted
