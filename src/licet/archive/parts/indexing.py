"""A shard of the index on a worker: the listed snapshots of some parts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from licet import storage
from licet.archive.articles import moment_of
from licet.archive.finding.schema import Entry
from licet.archive.finding.shards import build
from licet.archive.finding.terms import Words
from licet.archive.parts import layout
from licet.archive.parts.layout import Articles, Spot
from licet.archive.parts.settling import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCUMENTS = 100_000
"""A shard has so many documents, unless one part alone has more."""
_FETCHED = 5_000


class Share(NamedTuple):
    """Some parts whose listed snapshots make a shard: its number, the first of them, the last."""

    number: int
    first: int
    last: int


def shares(counts: Sequence[tuple[int, int]]) -> list[Share]:
    """Return the parts that make each shard; ``counts``: of each part how many of its snapshots are listed."""
    found: list[Share] = []
    size = 0
    for part, count in counts:
        if found and size + count <= DOCUMENTS:
            found[-1] = found[-1]._replace(last=part)
            size += count
        else:
            found.append(Share(len(found), part, part))
            size = count
    return found


def built(share: Share, folder: str, work: str, names: Sequence[str]) -> int:
    """Build a shard and put it in its place; return how many documents it has. ``names``: those kept whole."""
    target = layout.shard(folder, share.number)
    with tempfile.TemporaryDirectory(prefix="licet-shard-") as made:
        count = build(Path(made), _entries(share, folder, work), Words(names))
        storage.removed(target)
        # What says which files make an index comes last: without it there is none.
        for path in sorted(Path(made).iterdir(), key=lambda path: path.name == "meta.json"):
            if path.is_file() and not path.name.endswith(".lock"):
                with storage.written(storage.joined(target, path.name)) as draft:
                    draft.write_bytes(path.read_bytes())
    return count


def _entries(share: Share, folder: str, work: str) -> Iterator[Entry]:
    articles = Articles(folder)
    with opened() as base:
        first, end = share.first * layout.IN_A_PART, (share.last + 1) * layout.IN_A_PART
        cursor = base.execute(
            f"SELECT number, spot, size FROM {layout.scanned(base, [layout.listed(work)])} "
            f"WHERE number >= {first} AND number < {end} ORDER BY number"
        )
        while rows := cursor.fetchmany(_FETCHED):
            for row in rows:
                snapshot = articles.read(Spot(*row))
                yield Entry(snapshot.id, snapshot.article, moment_of(snapshot.article, snapshot.captured_at))
    articles.close()
