"""What a crash left behind, mended when the archive is opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from licet.archive import warc

if TYPE_CHECKING:
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures
    from licet.journal import Journal

_OURS = re.compile(r"licet-\d{8}-\d{5}\.warc\.gz")


def mend(folder: Path, catalogue: Catalogue, captures: Captures, journal: Journal) -> list[Path] | None:
    """Move aside what an interrupted write left at the end of WARC files; return where it is now.

    None where the catalogue cannot be trusted, because the journal tells of captures that it does not know: it was
    lost, or restored from an older copy. Then nothing is moved, and nothing may be written until it is made anew.
    """
    if not _longer(folder, captures.written()):
        return []
    with catalogue.writing():
        if _is_behind(catalogue, captures, journal):
            return None
        return [warc.move_aside(path, end) for path, end in _longer(folder, captures.written())]


def _longer(folder: Path, written: dict[str, int]) -> list[tuple[Path, int]]:
    """Return the files that hold more than the catalogue knows, each with its known end."""
    files = [path for path in sorted(folder.glob("licet-*.warc.gz")) if _OURS.fullmatch(path.name)]
    ends = ((path, written.get(path.name, 0)) for path in files)
    return [(path, end) for path, end in ends if path.stat().st_size > end]


def _is_behind(catalogue: Catalogue, captures: Captures, journal: Journal) -> bool:
    ((position,),) = catalogue.rows("SELECT position FROM journal_reached")
    told = (one.payload for one in journal.entries(position) if one.kind in {"captured", "revisited"})
    return any("record" not in one or not captures.visited(str(one["record"])) for one in told)
