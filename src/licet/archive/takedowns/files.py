"""WARC files on their way to being replaced by one without the erased records.

The new file has a name of its own, so that no reader ever finds other bytes under a name that it knows:
``licet-20250228-00001.warc.gz`` becomes ``licet-20250228-00001-erased-0001.warc.gz``, that one ``…-0002…``.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.takedowns import rewriting
from licet.archive.takedowns.members import members
from licet.archive.takedowns.rewriting import Cut, ordered, rewrite
from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import BinaryIO

_REWRITTEN = re.compile(r"(?P<stem>.+)-erased-(?P<number>\d{4,9})\.warc\.gz")
_ENDING = ".warc.gz"


class Replaced(NamedTuple):
    """A file, the one that takes its place, their digests (``sha256:hex``), the new length, what was cut."""

    old: str
    new: str
    before: str
    after: str
    length: int
    cuts: list[Cut]

    def moved(self, offset: int) -> int:
        """Return where the record that stood at ``offset`` of the old file stands in the new one."""
        return rewriting.moved(self.cuts, offset)


def successor(name: str) -> str:
    """Return the name of the file that replaces ``name``."""
    found = _REWRITTEN.fullmatch(name)
    stem = found["stem"] if found else name.removesuffix(_ENDING)
    return f"{stem}-erased-{int(found['number']) + 1 if found else 1:04d}{_ENDING}"


def is_rewritten(name: str) -> bool:
    """Say whether a file's name is that of a replacement."""
    return _REWRITTEN.fullmatch(name) is not None


def replaced(
    folder: Path, name: str, records: frozenset[str], stones: Mapping[str, bytes], step: Callable[[str], None]
) -> Replaced:
    """Write the file that replaces ``name``: without the records of these IDs and those that belong to them.

    ``stones`` are the tombstones by the ID of the record that they replace. The new file is on the disk, under its own
    name, when this returns; the old one is as it was. :class:`~licet.errors.Damaged` where the old file is.
    """
    new = folder / successor(name)
    try:
        with (folder / name).open("rb") as source, new.open("wb") as target:
            cuts = _cuts(source, records, stones)
            source.seek(0)
            step("writing")
            told = rewrite(source, target, cuts)
            target.flush()
            step("written")
            os.fsync(target.fileno())
    except Damaged as error:
        raise Damaged(f"{name}: {error.message}", fix=error.fix) from error
    except FileNotFoundError as error:
        raise Damaged(f"{name}: the file is not there", fix="restore the file from a copy") from error
    sync(folder)
    return Replaced(name, new.name, told.before, told.after, told.length, cuts)


def _cuts(source: BinaryIO, records: frozenset[str], stones: Mapping[str, bytes]) -> list[Cut]:
    found = []
    for member in members(source):
        headers = member.headers
        own = headers.get("warc-record-id", "")
        if {own, headers.get("warc-concurrent-to"), headers.get("warc-refers-to")} & records:
            found.append(Cut(member.start, member.end, stones.get(own, b"")))
    return ordered(found)


def sync(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(folder: Path, name: str) -> None:
    """Delete a file if it is there, for good."""
    (folder / name).unlink(missing_ok=True)
    sync(folder)
