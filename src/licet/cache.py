"""What was worked out from data files, kept for the next run: only a copy, never a source.

An entry is found by a key made of all that it follows from (the content of the data files, the code that reads them,
the versions of the libraries that it uses), so that no entry is ever out of date: another content has another key. What
cannot be read, was damaged, or belongs to somebody else counts as absent, and is worked out anew. Nothing here is an
error: without a folder that can be written, all is read each time. ``LICET_CACHE`` names the folder, ``off`` means
none. Entries are plain data; to read one runs nothing that stands in it (decision 0009).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from licet.home import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    T = TypeVar("T")

MOST_ENTRIES = 8
"""Of each kind so many are kept, the last written: for a few versions of the law side by side."""
LARGEST_ENTRY = 16_000_000
_DIGEST = 32
_ABANDONED = 3600.0
"""Seconds after which a half-written entry is nobody's any more."""
_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class _Unusable(OSError):
    """What is there cannot prove anything, or is not this user's own."""


def key(*parts: bytes) -> bytes:
    """Return the digest of what an entry follows from, and of the Python and msgspec that read and write it."""
    found = hashlib.sha256()
    for part in (platform.python_version().encode(), msgspec.__version__.encode(), *parts):
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def files(paths: Iterable[Path]) -> bytes:
    """Return the digest of some files: their names and all they hold. Raises :class:`OSError`."""
    return key(*(part for path in paths for part in (path.name.encode(), path.read_bytes())))


def code(package: Path) -> bytes:
    """Return the digest of the modules in a folder of the program. Raises :class:`OSError` where it cannot."""
    found = sorted(package.glob("*.py"))
    if not found:
        raise _Unusable(package.name)
    return files(found)


def library(name: str) -> bytes:
    """Return what tells one version of a library from another, without importing it. Raises :class:`OSError`."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise _Unusable(name)
    first = Path(spec.origin)
    return files(path for path in (first, first.with_name("_version.py")) if path.is_file())


def load(kind: str, entry: bytes) -> bytes | None:
    """Return what is kept of a kind under a key of :func:`key`; None where there is nothing sound."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        data = _read(folder, _name(kind, entry))
    except OSError:
        return None
    payload = data[_DIGEST:]
    return payload if hashlib.sha256(entry + payload).digest() == data[:_DIGEST] else None


def save(kind: str, entry: bytes, payload: Callable[[], bytes]) -> None:
    """Keep ``payload()`` of a kind under a key; it is called only where it can be kept, and failing is no error."""
    folder = cache_folder()
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(folder.stat()) or not os.access(folder, os.W_OK):
            return
        data = payload()
        if len(data) <= LARGEST_ENTRY:
            _write(folder, _name(kind, entry), hashlib.sha256(entry + data).digest() + data)
            _prune(folder, kind)
    except (OSError, ValueError, OverflowError):
        return  # nowhere to keep it, or a text or a number that the format cannot hold


def remembered(kind: str, form: type[T], make: Callable[[], T], *sources: Path | str) -> T:
    """Return ``make()``, from the cache where it is there as ``form``.

    ``sources`` is all that it follows from: files, folders of the program, names or versions of libraries.
    """
    try:
        parts = [_digest(source) for source in sources]
    except OSError:
        return make()
    entry = key(kind.encode(), *parts)
    found = load(kind, entry)
    if found is not None:
        try:
            return msgspec.msgpack.decode(found, type=form)
        except msgspec.DecodeError:
            pass  # made anew below
    made = make()
    save(kind, entry, lambda: msgspec.msgpack.encode(made))
    return made


def _digest(source: Path | str) -> bytes:
    if isinstance(source, Path):
        return code(source) if source.is_dir() else files([source])
    return source.encode() if source[:1].isdigit() else library(source)


def _name(kind: str, entry: bytes) -> str:
    return f"{kind}-{entry.hex()[:32]}"


def _read(folder: Path, name: str) -> bytes:
    """Return a file that only this user can have written; another counts as unreadable."""
    if not _ours(folder.stat()):
        raise _Unusable(name)
    handle = os.open(folder / name, _FLAGS)
    with open(handle, "rb") as stream:  # noqa: PTH123 - a handle, opened so that no link is followed
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or not _ours(state):
            raise _Unusable(name)
        return stream.read(LARGEST_ENTRY + _DIGEST)


def _ours(state: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return state.st_uid == os.geteuid() and not state.st_mode & _OTHERS


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write beside, then put in place: another process sees the old entry, or the new one, never a part."""
    import tempfile  # noqa: PLC0415 - most runs find their entry

    handle, beside = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123 - the handle that mkstemp opened
            stream.write(data)
        Path(beside).replace(folder / name)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _prune(folder: Path, kind: str) -> None:
    written = {path: path.stat().st_mtime for path in folder.glob(f"{kind}-*")}
    for path in sorted(written, key=written.__getitem__, reverse=True)[MOST_ENTRIES:]:
        path.unlink(missing_ok=True)
    for path in folder.glob(f".{kind}-*"):
        if time.time() - path.stat().st_mtime > _ABANDONED:
            path.unlink(missing_ok=True)
