"""Several indexes as one: searched with common statistics, or joined into one folder.

Built apart, on other machines, they are searched by :class:`Shards` as they are; or their segments are put together
with :func:`join`, which copies files and reads no text.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licet.archive.finding.index import SearchIndex
from licet.archive.finding.schema import VERSION
from licet.archive.finding.searching import Hits, Searcher, Wanted
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.schema import Entry
    from licet.archive.finding.terms import Words

_META = "meta.json"
_MANAGED = ".managed.json"


class Shards:
    """Indexes in several folders, searched as one: the statistics are those of all, so the scores compare."""

    def __init__(self, folders: Sequence[Path], words: Words) -> None:
        self._searcher = Searcher([SearchIndex(folder, words) for folder in folders])

    def search(self, query: str, wanted: Wanted | None = None) -> Hits:
        """Find snapshots as :meth:`licet.archive.finding.searching.Searcher.search` does."""
        return self._searcher.search(query, wanted)


def build(folder: Path, entries: Iterable[Entry], words: Words) -> int:
    """Fill the index in ``folder`` with ``entries`` and nothing else; return how many it holds."""
    index = SearchIndex(folder, words)
    index.add(entries, afresh=True)
    return index.count()


def join(folders: Sequence[Path], into: Path) -> None:
    """Put the segments of several indexes together in the folder ``into``, which must not be there yet.

    The folders hold different snapshots, and nobody writes to them meanwhile. :class:`~licet.errors.BadFile` for a
    folder that is no index, or one of another version.
    """
    if into.exists():
        raise BadFile(f"{into} is there already", fix="name a folder that is not")
    metas = [_meta(Path(folder)) for folder in folders]
    if not metas:
        raise BadFile("there is nothing to join", fix="name at least one index")
    unfinished = into.with_name(into.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    names = {_META}
    for folder, meta in zip(folders, metas, strict=True):
        for segment in meta["segments"]:
            key = str(segment["segment_id"]).replace("-", "")
            for path in Path(folder).glob(f"{key}.*"):
                shutil.copy2(path, unfinished / path.name)
                names.add(path.name)
    joined = {**metas[0], "segments": [segment for meta in metas for segment in meta["segments"]]}
    joined["opstamp"] = max(int(meta["opstamp"]) for meta in metas)
    (unfinished / _MANAGED).write_text(json.dumps(sorted(names)), encoding="utf-8")
    (unfinished / _META).write_text(json.dumps(joined), encoding="utf-8")
    (unfinished / "VERSION").write_text(VERSION, encoding="ascii")
    unfinished.rename(into)


def _meta(folder: Path) -> dict[str, Any]:
    fix = "build it again with this version of Licet"
    try:
        version = (folder / "VERSION").read_text(encoding="ascii")
        meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(f"{folder} is no search index: {error}", fix=fix) from error
    if version != VERSION:
        raise BadFile(f"{folder} is a search index of version {version}, not {VERSION}", fix=fix)
    return meta
