"""Stored bytes, held against their digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from licet.archive import warc
from licet.errors import Damaged

if TYPE_CHECKING:
    from pathlib import Path

    from licet.archive.keeping.captures import Stored
    from licet.archive.model import Response


def response_of(folder: Path, stored: Stored) -> Response:
    """Return a capture as it was received; :class:`Damaged` where the bytes do not match their digest."""
    response = warc.read_response(folder, stored.place)
    if "sha256:" + hashlib.sha256(response.body).hexdigest() != stored.digest:
        raise Damaged(f"{stored.place}: the bytes do not match their digest", fix="restore the file from a copy")
    return response


def payload_of(folder: Path, stored: Stored) -> bytes:
    """Return the payload of a capture; :class:`Damaged` as :func:`response_of`."""
    return response_of(folder, stored).body
