"""Acts, and the law on a date."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from licet.home import home, law_folder
from licet.statutes.fold import Statutes
from licet.statutes.law import Clause, Law, Query
from licet.statutes.library import Act, LawFile, Library, law_files, made_of
from licet.statutes.stored import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Act", "Clause", "Law", "LawFile", "Library", "Query", "Statutes", "files", "law_files", "load", "of"]


def load(folder: Path | None = None, overlay: Path | None = None, *, anew: bool = False) -> Statutes:
    """Read the law data: by default what comes with Licet, and the private acts of ``LICET_HOME/law`` over it.

    ``anew``: read and parse every file, whatever the cache holds.
    """
    private = overlay if overlay is not None or folder is not None else home() / "law"
    given = folder or law_folder()
    return Statutes(made_of(law_files(given, private))) if anew else _load(given, private)


def files() -> tuple[LawFile, ...]:
    """Return the files of :func:`load`, to be sent to where the same law is to be read (:func:`of`)."""
    return law_files(law_folder(), home() / "law")


def of(files: Sequence[LawFile]) -> Statutes:
    """Return the law that files of :func:`files` hold."""
    return read(files)


@cache
def _load(folder: Path, overlay: Path | None) -> Statutes:
    return read(law_files(folder, overlay))
