"""What interrupted writes left aside in ``torn/``: it may hold a page that was erased, whole or in part."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

from licet.archive.takedowns.files import remove
from licet.archive.takedowns.members import headers
from licet.archive.warc import move_aside

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_HEAD = 64 * 1024


def cut_off(folder: Path, name: str, written: int) -> None:
    """Move aside what stands behind the known end of a file, as the next write would."""
    path = folder / name
    if path.exists() and path.stat().st_size > written:
        move_aside(path, written)


def sweep(folder: Path, digests: Collection[str]) -> list[str]:
    """Delete the torn ends that begin with a capture of these digests, or that cannot be read; return their names.

    A torn end was never acknowledged: nothing that the archive has is lost with it.
    """
    torn = folder / "torn"
    gone = []
    for path in sorted(torn.iterdir()) if torn.is_dir() else []:
        if digest_of(path) in {*digests, ""}:
            remove(torn, path.name)
            gone.append(path.name)
    return gone


def digest_of(path: Path) -> str:
    """Return the payload digest (``sha256:hex``) that a torn record states, nothing where it states none."""
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with path.open("rb") as stream:
        try:
            head = machine.decompress(stream.read(_HEAD), _HEAD)
        except zlib.error:
            return ""
    return of_base32(headers(head).get("warc-payload-digest", ""))


def of_base32(digest: str) -> str:
    """Return a digest as WARC tools write it, in the form of the catalogue; nothing where it is none."""
    name, _, value = digest.partition(":")
    try:
        return f"{name}:{base64.b32decode(value).hex()}" if name == "sha256" else ""
    except ValueError:
        return ""
