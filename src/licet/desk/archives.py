"""The archive as the desk opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet import evidence
from licet.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path


def open_archive(home: Path) -> Archive:
    """Open the archive of a data folder, with the names that searches keep whole and the tagger of the law."""
    return Archive.open(home, tagger=evidence.tagger(), entity_names=evidence.entity_names())
