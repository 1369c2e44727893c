"""What a backup says of itself: every file with its size and digest."""

from __future__ import annotations

from typing import Literal

import msgspec

NAME = "MANIFEST.json"
MARK = b"licet-backup sha256:"
"""The comment of the archive file begins so; the digest of the manifest follows."""
LARGEST = 256 * 1024 * 1024
"""The largest manifest that is read, in bytes: about a million files."""


class Entry(msgspec.Struct, frozen=True):
    """A file of the data folder: its path with ``/``, its bytes, their SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``at``: when the copy was begun (RFC 3339); ``journal``: sequence and digest of its last entry.

    ``missing``: WARC files that the catalogue knows and the folder did not have, or not whole. ``elsewhere``: ledgers
    that the journal names and that are not in the data folder, as those in PostgreSQL: they are not in this copy.
    """

    form: Literal["licet-backup"] = "licet-backup"
    version: Literal[1] = 1
    licet: str
    at: str
    journal: tuple[int, str]
    files: list[Entry]
    missing: list[str] = []
    elsewhere: list[str] = []
