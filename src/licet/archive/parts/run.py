"""``licet archive process --engine ray``: WARC files in, a folder of articles, copies and an index out."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from licet import cluster as machines
from licet import storage
from licet.archive.model import Finding  # noqa: TC001 - msgspec reads the annotations
from licet.archive.parts import copying, indexing, layout
from licet.archive.parts.reading import Part, read
from licet.archive.parts.settling import opened, settle
from licet.archive.warcs.importing import Origin
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.archive.warcs.importing import Imported
    from licet.cluster import Cluster, Told

MOST_NAMED = 1_000
PARTS_IN_A_BUCKET = 16


class Processed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the files: captures read, snapshots listed, groups of copies, shards of the index.

    ``skipped``: records passed over, by reason; ``damaged`` names the first 1,000 damaged ones, ``damage`` counts all.
    """

    files: list[str]
    captures: int
    listed: int
    copies: int
    shards: list[int]
    skipped: dict[str, int]
    damaged: list[Finding]
    damage: int


def process_on_ray(  # noqa: PLR0913 - where from, where to, and how it is read
    inputs: Sequence[str],
    folder: str,
    *,
    origin: Origin | None = None,
    names: Sequence[str] = (),
    address: str = "",
    told: Told = None,
) -> Processed:
    """Read WARC files on a Ray cluster into the new ``folder``: ``articles/``, ``copies.jsonl``, ``index/``.

    ``inputs`` and ``folder`` are paths that all machines see, or addresses of object storage; ``names`` are those that
    the search keeps whole. ``manifest.json`` comes last: without it the folder is not whole. Raises
    :class:`~licet.errors.BadInput`.
    """
    files = list(dict.fromkeys(name for pattern in inputs for name in storage.names(pattern)))
    if not storage.empty(folder):
        raise BadFile(f"there is something in {folder}", fix="name a new folder")
    parts = [Part(number, name) for number, name in enumerate(files)]
    with machines.joined(address) as cluster, _cleared(folder) as work:
        _tell(told, "reading")
        found: list[Imported] = cluster.each(read, parts, folder, work, origin or Origin(), told=told)
        counts = settle(work, len(parts))
        _tell(told, "comparing")
        copies = _copies(cluster, folder, work, len(parts), told)
        _tell(told, "indexing")
        shares = indexing.shares(counts)
        shards = cluster.each(indexing.built, shares, folder, work, tuple(names), told=told)
        made = Processed(
            files=files,
            captures=sum(sum(one.taken.values()) for one in found),
            listed=sum(count for _, count in counts),
            copies=copies,
            shards=shards,
            skipped=dict(sorted(sum((Counter(one.skipped) for one in found), Counter()).items())),
            damaged=[finding for one in found for finding in one.damaged][:MOST_NAMED],
            damage=sum(one.damage for one in found),
        )
        with storage.written(storage.joined(folder, layout.MANIFEST)) as draft:
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    return made


def _tell(told: Told, what: str) -> None:
    if told is not None:
        told(what, -1)


@contextmanager
def _cleared(folder: str) -> Iterator[str]:
    """Hand out a folder for what is written on the way; of what failed nothing stays."""
    work = storage.joined(folder, "_work")
    try:
        yield work
    except BaseException:
        storage.removed(folder)
        raise
    finally:
        storage.removed(work)


def _copies(cluster: Cluster, folder: str, work: str, parts: int, told: Told) -> int:
    """Write the groups of copies, a line each; return how many there are."""
    buckets = -(-parts // PARTS_IN_A_BUCKET)
    cluster.each(copying.paired, range(buckets), work, parts, buckets, told=told)
    slices = list(copying.slices(work, buckets))
    confirmed = [pair for found in cluster.each(copying.compared, slices, folder, told=told) for pair in found]
    groups = copying.groups(confirmed)
    with opened() as base, storage.written(storage.joined(folder, "copies.jsonl")) as draft:
        known = layout.scanned(base, [layout.listed(work)])
        wanted = {"number": [number for group in groups for number in group]}
        wanted["place"] = [place for place, group in enumerate(groups) for _ in group]
        base.register("wanted", pa.table(wanted, pa.schema([("number", pa.int64()), ("place", pa.int64())])))
        rows = base.execute(
            f"SELECT list(id ORDER BY captured, number) FROM wanted JOIN {known} USING (number) "
            "GROUP BY place ORDER BY place"
        ).fetchall()
        draft.write_bytes(b"".join(msgspec.json.encode({"copies": ids}) + b"\n" for (ids,) in rows))
    return len(groups)
