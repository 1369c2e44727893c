"""A WARC file without some of its records: the others byte for byte as they were. A pure function over streams.

Each record is a gzip member of its own, so that a file is cut at the members that go, and everything between is copied
without being unpacked.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from licet.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

_BLOCK = 1 << 20
_MEMBER = b"\x1f\x8b"


class Cut(NamedTuple):
    """Bytes ``start`` to ``end`` (not included) are replaced by ``filling``, a whole gzip member or nothing."""

    start: int
    end: int
    filling: bytes


class Rewritten(NamedTuple):
    """The digests (``sha256:hex``) of the file before and after, and its length in bytes after."""

    before: str
    after: str
    length: int


def ordered(cuts: Iterable[Cut]) -> list[Cut]:
    """Return the cuts by place; :class:`~licet.errors.Damaged` where two overlap or one is empty."""
    found = sorted(cuts)
    edge = 0
    for cut in found:
        if cut.start < edge or cut.end <= cut.start:
            raise Damaged(f"the records to erase overlap at byte {cut.start}", fix="run licet archive rebuild")
        edge = cut.end
    return found


def moved(cuts: Sequence[Cut], offset: int) -> int:
    """Return where what stood at ``offset`` stands after the ordered cuts; the start of a cut leads to its filling."""
    shift = 0
    for cut in cuts:
        if cut.end > offset:
            break
        shift += len(cut.filling) - (cut.end - cut.start)
    return offset + shift


def rewrite(source: BinaryIO, target: BinaryIO, cuts: Sequence[Cut]) -> Rewritten:
    """Copy ``source`` (at its start) to ``target`` with the ordered cuts made.

    :class:`~licet.errors.Damaged` if the file ends before a cut does, or if a cut or what follows it does not begin
    with a gzip member: then the catalogue and the file do not fit, and nothing may be cut.
    """
    old, new = hashlib.sha256(), hashlib.sha256()
    length = at = 0
    for cut in [*cuts, None]:
        stop = cut.start if cut else None
        for block in _blocks(source, None if stop is None else stop - at):
            old.update(block)
            new.update(block)
            target.write(block)
            length += len(block)
            at += len(block)
        if cut is None:
            break
        if at < cut.start:
            raise _misfit(at)
        at = _skip(source, cut, old)
        new.update(cut.filling)
        target.write(cut.filling)
        length += len(cut.filling)
    return Rewritten(f"sha256:{old.hexdigest()}", f"sha256:{new.hexdigest()}", length)


def _skip(source: BinaryIO, cut: Cut, old: hashlib._Hash) -> int:
    """Pass over what is cut out and return where that ends."""
    at = cut.start
    for block in _blocks(source, cut.end - cut.start):
        if at == cut.start and not block.startswith(_MEMBER):
            raise _misfit(at)
        old.update(block)
        at += len(block)
    following = source.read(len(_MEMBER))
    if at < cut.end or (following and following != _MEMBER):
        raise _misfit(at)
    source.seek(at)
    return at


def _blocks(source: BinaryIO, count: int | None) -> Iterable[bytes]:
    """Yield ``count`` bytes, or all, in blocks; fewer where the file ends."""
    left = count
    while left is None or left > 0:
        block = source.read(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            return
        yield block
        left = None if left is None else left - len(block)


def _misfit(at: int) -> Damaged:
    return Damaged(
        f"no record ends at byte {at}: the catalogue and the file do not fit", fix="run licet verify, then rebuild"
    )
