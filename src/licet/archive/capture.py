"""A capture: bytes as they were received or read, and what is known about where they come from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from licet.archive.unpacking import inflated, unpacked
from licet.errors import BadFile, FetchRefused

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 10 * 1024 * 1024
"""The most bytes of one page, as received and again after decoding."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """The HTTP request and response around a captured body, header by header; ``address`` is the IP that answered.

    The lines are those of HTTP/1.1, as WARC files have them; ``protocol`` is what carried them (``h2``), empty for 1.1.
    """

    address: str
    protocol: str = ""
    request_line: str
    request_headers: list[tuple[str, str]]
    status_line: str
    response_headers: list[tuple[str, str]]


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """What was captured: ``payload`` after transfer decoding and before content decoding, never altered.

    ``target`` is the address the bytes stand for in the WARC (``urn:`` where none is known).
    """

    payload: bytes
    content_type: str
    content_encoding: str = ""
    url: str | None
    captured_from: str
    exchange: Exchange | None = None

    @property
    def digest(self) -> str:
        """``sha256:hex`` of the payload."""
        return "sha256:" + hashlib.sha256(self.payload).hexdigest()

    @property
    def target(self) -> str:
        """The WARC target: the address, else a name made from the digest."""
        return self.url or "urn:sha256:" + self.digest.removeprefix("sha256:")


def from_file(path: Path, *, url: str | None) -> Capture:
    """Read a stored page; ``.gz`` around it is taken off. :class:`BadFile` if it cannot be a page."""
    payload = read_page(path)
    return Capture(payload=payload, content_type="text/html", url=url, captured_from=f"file:{path.name}")


def read_page(path: Path) -> bytes:
    """Return the bytes of an ``.html`` or ``.html.gz`` file; :class:`BadFile` where there is nothing to read."""
    if path.is_dir():
        raise BadFile(f"{path.name} is a folder", fix="name the files in it")
    try:
        with path.open("rb") as stream:
            payload = stream.read(LIMIT + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadFile(f"{path.name} cannot be read: {reason}", fix="check the name and that you may read it") from error
    if payload.startswith(b"\x1f\x8b"):
        payload = _unzipped(path.name, payload)
    check_page(path.name, payload)
    return payload


def check_page(name: str, payload: bytes) -> None:
    """Refuse bytes that cannot be a page: none, too many, or a binary format."""
    if len(payload) > LIMIT:
        limit = LIMIT // (1024 * 1024)
        raise BadFile(f"{name} is larger than {limit} MB", fix="a news page is far smaller; save the page alone")
    if not payload.strip():
        raise BadFile(f"{name} is empty", fix="save the page again")
    head = payload[:4096]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and (b"\x00" in head or payload.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04"))):
        raise BadFile(f"{name} is not a page but a binary file", fix="give the HTML of the page")


def decoded(payload: bytes, content_encoding: str) -> bytes:
    """Take off the content encodings of an HTTP body; at most :data:`LIMIT` bytes come out."""
    return unpacked(payload, content_encoding, limit=LIMIT)


def _unzipped(name: str, payload: bytes) -> bytes:
    try:
        return inflated(payload, "gzip", limit=LIMIT)
    except FetchRefused as error:
        raise BadFile(f"{name}: {error.message}", fix="compress or save the page again") from error
