"""One journal entry, and how its digest is made.

An entry is one line of JSON. Its digest is the SHA-256 of the canonical JSON of everything else in the entry, which
includes the digest of the entry before: whoever changes one byte of the past changes every digest after it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import msgspec

from licet.errors import JournalError

if TYPE_CHECKING:
    from collections.abc import Mapping

START = "sha256:" + "0" * 64
"""What the first entry names as the digest before it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry: ``sequence`` counts from 1, ``time`` is RFC 3339 as given by the caller, digests are ``sha256:hex``."""

    sequence: int
    time: str
    kind: str
    payload: dict[str, Any]
    previous: str
    digest: str


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the one JSON text of ``value``: keys sorted, no spaces, UTF-8; NaN and lone surrogates are refused."""
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise JournalError(
            f"a journal payload is not plain JSON: {error}", fix="give text, numbers, lists and mappings"
        ) from error


def make(sequence: int, time: str, kind: str, payload: Mapping[str, Any], previous: str) -> Entry:
    """Return the entry that follows ``previous``."""
    plain = json.loads(canonical(payload))
    digest = _digest(sequence, time, kind, plain, previous)
    return Entry(sequence=sequence, time=time, kind=kind, payload=plain, previous=previous, digest=digest)


def line(entry: Entry) -> bytes:
    """Return the line that stores ``entry``, with its newline."""
    return canonical(msgspec.to_builtins(entry)) + b"\n"


def parse(stored: bytes) -> Entry:
    """Read a stored line; :class:`JournalError` if it is not, byte for byte, what :func:`line` writes."""
    try:
        entry = msgspec.json.decode(stored, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"a line is not a journal entry: {error}") from error
    if line(entry) != stored.rstrip(b"\n") + b"\n":
        raise JournalError(f"entry {entry.sequence} is not written in the canonical form")
    return entry


def holds(entry: Entry) -> bool:
    """Say whether the entry's digest is the digest of its content."""
    return entry.digest == _digest(entry.sequence, entry.time, entry.kind, entry.payload, entry.previous)


def _digest(sequence: int, time: str, kind: str, payload: Mapping[str, Any], previous: str) -> str:
    content = {"sequence": sequence, "time": time, "kind": kind, "payload": payload, "previous": previous}
    return "sha256:" + hashlib.sha256(canonical(content)).hexdigest()
