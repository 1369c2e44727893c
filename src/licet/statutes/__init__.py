"""Acts, and the law on a date."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from licet.home import home, law_folder
from licet.statutes.fold import Statutes
from licet.statutes.law import Clause, Law, Query
from licet.statutes.library import Act, Library, read_library

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Act", "Clause", "Law", "Library", "Query", "Statutes", "load"]


def load(folder: Path | None = None, overlay: Path | None = None) -> Statutes:
    """Read the law data: by default what comes with Licet, and the private acts of ``LICET_HOME/law`` over it."""
    private = overlay if overlay is not None or folder is not None else home() / "law"
    return _load(folder or law_folder(), private)


@cache
def _load(folder: Path, overlay: Path | None) -> Statutes:
    return Statutes(read_library(folder, overlay))
