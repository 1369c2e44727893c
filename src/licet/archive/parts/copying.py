"""Copies among many texts: those with a band in common are brought together by bucket, then compared pair by pair."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from licet import storage
from licet.archive.parts import layout
from licet.archive.parts.layout import Articles, Spot
from licet.archive.parts.settling import opened
from licet.archive.relating.copies import shared, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from licet.archive.relating.copies import Text

NEXT = 32
"""With so many texts after it in its band a text is paired: a thousand copies of one notice are one chain."""
PAIRS = 20_000
"""So many pairs are compared in one part of the work."""
_TEXTS = 4_000
_PAIRED = """
COPY (
  WITH banded AS (
    SELECT band, number, row_number() OVER (PARTITION BY band ORDER BY number) AS place
    FROM {bands} WHERE band % {buckets} = {bucket} AND number IN (SELECT number FROM {listed})
  )
  SELECT DISTINCT x.number AS one, y.number AS other FROM banded AS x JOIN banded AS y
  ON x.band = y.band AND y.place > x.place AND y.place <= x.place + {next} ORDER BY one, other
) TO '{target}' (FORMAT parquet)
"""


def paired(bucket: int, work: str, parts: int, buckets: int) -> int:
    """Write the pairs of listed snapshots that share a band of a bucket; return how many."""
    with opened() as base, storage.written(layout.pairs(work, bucket)) as draft:
        base.execute("SET threads = 1")
        ((count,),) = base.execute(
            _PAIRED.format(
                bands=layout.scanned(base, [layout.bands(work, part) for part in range(parts)]),
                listed=layout.scanned(base, [layout.listed(work)]),
                buckets=buckets,
                bucket=bucket,
                next=NEXT,
                target=str(draft).replace("'", "''"),
            )
        ).fetchall()
    return int(count)


def slices(work: str, buckets: int) -> Iterator[list[tuple[Spot, Spot]]]:
    """Yield all pairs, each once, in their order and in slices."""
    with opened() as base:
        found = layout.scanned(base, [layout.pairs(work, bucket) for bucket in range(buckets)])
        listed = layout.scanned(base, [layout.listed(work)])
        cursor = base.execute(
            "SELECT x.number, x.spot, x.size, y.number, y.spot, y.size "
            f"FROM (SELECT DISTINCT one, other FROM {found}) AS p JOIN {listed} AS x ON x.number = p.one "
            f"JOIN {listed} AS y ON y.number = p.other ORDER BY p.one, p.other"
        )
        while rows := cursor.fetchmany(PAIRS):
            yield [(Spot(*row[:3]), Spot(*row[3:])) for row in rows]


def compared(pairs: Sequence[tuple[Spot, Spot]], folder: str) -> list[tuple[int, int]]:
    """Return which of some pairs are copies."""
    one, other = Articles(folder), Articles(folder)

    @lru_cache(_TEXTS)
    def text(spot: Spot) -> Text:
        return text_of((one if spot in first else other).read(spot).article)

    first = {pair[0] for pair in pairs}
    try:
        return [(a.number, b.number) for a, b in pairs if shared(text(a), text(b))]
    finally:
        one.close()
        other.close()


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return what is connected by pairs, each group in order and the groups by their first."""
    above: dict[int, int] = {}

    def top(number: int) -> int:
        while (over := above.setdefault(number, number)) != number:
            above[number] = number = above[over]
        return number

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    found: dict[int, list[int]] = {}
    for number in sorted(above):
        found.setdefault(top(number), []).append(number)
    return list(found.values())
