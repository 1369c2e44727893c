"""Content encodings are taken off within limits: what unpacks to more than was asked for is not unpacked."""

from __future__ import annotations

import zlib

from licet.errors import FetchRefused

ACCEPTED = "gzip, deflate"
"""What is asked for (RFC 9110, section 12.5.3): what Python itself can take off."""
LAYERS = 2
"""The most encodings around one another; servers that pack twice by mistake exist, more is an attack."""

MEMBERS = 100
"""The most members of a gzip file; each costs a copy of the rest."""


def unpacked(payload: bytes, content_encoding: str, *, limit: int) -> bytes:
    """Take off the content encodings of a body; :class:`FetchRefused` if more than ``limit`` bytes come out."""
    names = [
        name for part in content_encoding.split(",")[:20] if (name := part.strip().lower()) not in ("", "identity")
    ]
    if len(names) > LAYERS:
        raise FetchRefused(f"it is packed {len(names)} times over", reason="encoding", fix="save the page as a file")
    for name in reversed(names):
        if name not in ("gzip", "x-gzip", "deflate"):
            told = f"it is encoded as {name[:20]}, which was not asked for"
            raise FetchRefused(told, reason="encoding", fix="save the page as a file")
        payload = inflated(payload, name, limit=limit)
    return payload


def inflated(payload: bytes, name: str = "gzip", *, limit: int) -> bytes:
    """Take off one layer of gzip (RFC 1952, several members too) or deflate (RFC 1950, or bare RFC 1951)."""
    raw = name == "deflate" and payload[:1] not in {b"\x78", b"\x58"}
    pieces: list[bytes] = []
    size, rest = 0, payload
    while rest or not pieces:
        if len(pieces) >= MEMBERS:
            told = f"its {name} compression is in more than {MEMBERS} pieces"
            raise FetchRefused(told, reason="encoding", fix="save the page as a file")
        machine = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)
        try:
            plain = machine.decompress(rest, limit - size + 1)
        except zlib.error as error:
            if pieces:
                break  # what stands behind the last whole member is padding
            raise FetchRefused(f"its {name} compression is broken", reason="encoding", fix="try again later") from error
        size += len(plain)
        if size > limit:
            told = f"it unpacks to more than {limit / 1048576:.3g} MB"
            raise FetchRefused(told, reason="size", fix="give the address of something smaller")
        if not machine.eof:
            raise FetchRefused(f"its {name} compression ends too early", reason="encoding", fix="try again later")
        pieces.append(plain)
        rest = machine.unused_data
    return b"".join(pieces)
