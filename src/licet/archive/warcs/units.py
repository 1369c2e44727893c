"""The bytes of a WARC file, unit by unit: a gzip member (RFC 1952), or a whole file that is not compressed."""

from __future__ import annotations

import zlib
from typing import BinaryIO

_BLOCK = 64 * 1024
_GZIP = b"\x1f\x8b\x08"
_START = b"WARC/1."


class Unit:
    """Uncompressed bytes from ``offset`` of a seekable stream on, to the end of the gzip member that begins there."""

    def __init__(self, stream: BinaryIO, offset: int, *, packed: bool) -> None:
        stream.seek(offset)
        self._stream = stream
        self._machine = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
        self._buffer = b""
        self._raw = b""
        self._at = offset  # where the raw bytes end that were read from the stream

    def read(self, count: int) -> bytes:
        """Return up to ``count`` bytes, fewer at the end of the unit; ``zlib.error`` where it is broken."""
        while len(self._buffer) < count and self._fill():
            pass
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def until(self, mark: bytes, limit: int) -> bytes | None:
        """Return the bytes up to and with ``mark``; None where it does not come within ``limit`` bytes."""
        while (found := self._buffer.find(mark)) < 0:
            if len(self._buffer) > limit or not self._fill():
                return None
        found += len(mark)
        taken, self._buffer = self._buffer[:found], self._buffer[found:]
        return taken if found <= limit else None

    def skip(self, marks: bytes) -> bool:
        """Pass over bytes that are among ``marks``; say whether any other follow."""
        while True:
            self._buffer = self._buffer.lstrip(marks)
            if self._buffer:
                return True
            if not self._fill():
                return False

    @property
    def end(self) -> int:
        """Where the next unit begins, once this one was read to its end; of plain bytes where reading stands."""
        rest = self._machine.unused_data if self._machine else self._buffer
        return self._at - len(rest)

    @property
    def whole(self) -> bool:
        """Whether the unit came to its proper end."""
        return self._machine is None or self._machine.eof

    def _fill(self) -> bool:
        """Get more bytes into the buffer; say whether there were any."""
        if self._machine is None:
            got = self._stream.read(_BLOCK)
            self._at += len(got)
            self._buffer += got
            return bool(got)
        while not self._machine.eof:
            if not self._raw:
                self._raw = self._stream.read(_BLOCK)
                self._at += len(self._raw)
                if not self._raw:
                    return False
            got = self._machine.decompress(self._raw, _BLOCK)
            self._raw = self._machine.unconsumed_tail
            self._buffer += got
            if got:
                return True
        return False


def is_packed(stream: BinaryIO) -> bool:
    """Say whether a file is compressed with gzip, by its first bytes."""
    stream.seek(0)
    return stream.read(2) == _GZIP[:2]


def next_record(stream: BinaryIO, start: int, *, packed: bool) -> int | None:
    """Return where, from ``start`` on, the next record begins; None if there is no other.

    Of a compressed file: the next gzip member that holds a record from its first byte.
    """
    mark = _GZIP if packed else _START
    at, tail = start, b""
    while True:
        stream.seek(at)
        block = stream.read(_BLOCK)
        data = tail + block
        base = at - len(tail)
        found = data.find(mark)
        while found >= 0:
            if _begins(stream, base + found, packed=packed):
                return base + found
            found = data.find(mark, found + 1)
        if not block:
            return None
        at += len(block)
        tail = data[-(len(mark) - 1) :]


def _begins(stream: BinaryIO, offset: int, *, packed: bool) -> bool:
    if not packed:
        stream.seek(max(0, offset - 1))
        return offset == 0 or stream.read(1) == b"\n"
    try:
        return Unit(stream, offset, packed=True).read(len(_START)) == _START
    except zlib.error:
        return False
