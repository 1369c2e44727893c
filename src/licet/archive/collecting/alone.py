"""One crawl of an archive at a time: two would each keep the pace of a host, and together break it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "crawl.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the crawl of the archive in ``folder``; :class:`ArchiveError` if another process does.

    The system frees it when its holder dies, however it dies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            told = "another crawl of this archive is running"
            raise ArchiveError(told, fix="wait until it ends, or stop it") from error
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is no such module elsewhere

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - there is no such module on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
