"""An HTTP message in the block of a record (ISO 28500, 6.3): its headers, and its body as a server sends it."""

from __future__ import annotations

from typing import NamedTuple

from licet.archive.warcs.reading import HTTP_HEAD_LIMIT, matches
from licet.errors import Damaged

_CHUNK_LINE = 64


class Message(NamedTuple):
    """The first line, the headers in order (latin-1), and what follows them."""

    start: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, wanted: str) -> str:
        """Return the first value of a header, nothing where there is none."""
        return next((value for name, value in self.headers if name.lower() == wanted), "")

    @property
    def status(self) -> int | None:
        """The status of a response."""
        code = self.start.split(maxsplit=2)[1:2]
        return int(code[0]) if code and len(code[0]) == 3 and code[0].isascii() and code[0].isdecimal() else None


def parse(block: bytes) -> Message:
    """Read a message; :class:`Damaged` where its headers do not end within 256 KB."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, HTTP_HEAD_LIMIT)) >= 0]
    if not ends:
        if len(block) >= HTTP_HEAD_LIMIT:
            raise Damaged("the headers of the message do not end")
        ends = [(len(block), 0)]
    at, width = min(ends)
    first, *lines = block[:at].decode("latin-1").replace("\r\n", "\n").split("\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
        else:
            name, colon, value = line.partition(":")
            if colon and name.strip():
                headers.append((name.strip(), value.strip()))
    return Message(_plain(first), [(_plain(n), _plain(v)) for n, v in headers], block[at + width :])


def delivered(message: Message, stated: str) -> Message:
    """Return a response without its transfer encoding: the body joined of its chunks, the header dropped.

    A writer may have joined them and kept the header: a body that is not in chunks stays as it is. ``stated`` is the
    WARC-Payload-Digest; writers made it over either form. :class:`Damaged` where it fits neither.
    """
    body = message.body
    if "chunked" in message.header("transfer-encoding").lower():
        joined = _joined(body)
        body = body if joined is None else joined
    if stated and not (matches(body, stated) or matches(message.body, stated)):
        raise Damaged("the payload does not match its digest")
    headers = [(name, value) for name, value in message.headers if name.lower() != "transfer-encoding"]
    return Message(message.start, headers, body)


def _joined(body: bytes) -> bytes | None:
    """Join chunks (RFC 9112, 7.1); None where the body is not in chunks from its first byte to its last."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + _CHUNK_LINE)
        size = body[at:end].partition(b";")[0].strip() if end > at else b""
        if not size or any(byte not in b"0123456789abcdefABCDEF" for byte in size):
            return None
        length = int(size, 16)
        if length == 0:
            return b"".join(parts)
        at = end + 2
        if at + length + 2 > len(body) or body[at + length : at + length + 2] != b"\r\n":
            return None
        parts.append(body[at : at + length])
        at += length + 2


def _plain(text: str) -> str:
    """Take out what would break a header into lines."""
    return text.replace("\r", " ").replace("\n", " ").replace("\0", " ").strip()
