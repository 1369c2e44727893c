"""The archive as the desk opens it, and the marks on its articles: the one place where the desk meets ``evidence``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path


def open_archive(home: Path) -> Archive:
    """Open the archive of a data folder."""
    return Archive.open(home)
