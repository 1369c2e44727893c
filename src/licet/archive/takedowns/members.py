"""The records of a WARC file one by one: where each begins and ends, and its WARC headers."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_BLOCK = 1 << 18
_HEAD = 64 * 1024


class Member(NamedTuple):
    """A record: its first byte, the byte after its last, and its headers with their names in small letters."""

    start: int
    end: int
    headers: dict[str, str]


def members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the records from where ``stream`` stands to its end; :class:`~licet.errors.Damaged` at a broken one."""
    start = stream.tell()
    rest = b""
    while rest := rest or stream.read(_BLOCK):
        machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        head = bytearray()
        while not machine.eof:
            _more(machine, rest, head, start)
            rest = machine.unused_data if machine.eof else stream.read(_BLOCK)
            if not rest and not machine.eof:
                raise _broken(start, "it ends too early")
        end = stream.tell() - len(rest)
        yield Member(start, end, headers(bytes(head)))
        start = end


def headers(head: bytes) -> dict[str, str]:
    """Return the WARC headers at the beginning of a record, names in small letters; none where it is no record."""
    block, found, _ = head.partition(b"\r\n\r\n")
    lines = block.decode("utf-8", "replace").split("\r\n")
    if not found or not lines[0].startswith("WARC/"):
        return {}
    pairs = (line.partition(":") for line in lines[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _more(machine: zlib._Decompress, data: bytes, head: bytearray, start: int) -> None:
    """Unpack a block, a piece at a time, and keep only the beginning of what comes out."""
    while data:
        try:
            plain = machine.decompress(data, _HEAD)
        except zlib.error as error:
            raise _broken(start, str(error)) from error
        if len(head) < _HEAD:
            head += plain[: _HEAD - len(head)]
        data = machine.unconsumed_tail


def _broken(start: int, reason: str) -> Damaged:
    return Damaged(f"the record at byte {start} is broken: {reason}", fix="restore the file from a copy")
