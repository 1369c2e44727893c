"""The files of a folder that was processed in parts, and one article among them."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pyarrow as pa

from licet import storage
from licet.archive.model import Snapshot

if TYPE_CHECKING:
    import duckdb

MANIFEST = "manifest.json"
IN_A_PART = 1 << 32
"""More snapshots than a part has: with the number of its part, a snapshot has a number of its own."""
DOCUMENTS = pa.schema(
    [
        ("number", pa.int64()),
        ("id", pa.string()),
        ("item", pa.string()),
        ("text", pa.string()),
        ("digest", pa.string()),
        ("url", pa.string()),
        ("captured", pa.int64()),
        ("spot", pa.int64()),
        ("size", pa.int64()),
    ]
)
"""Of each snapshot: its number, what it is of, when it was captured (seconds, UTC), where its article stands."""
BANDS = pa.schema([("band", pa.int64()), ("number", pa.int64())])


class Spot(NamedTuple):
    """Where an article stands: the number of its snapshot, its offset and length in the file of its part."""

    number: int
    offset: int
    length: int


def articles(folder: str, part: int) -> str:
    """Return the file of the articles of a part: JSON lines, each a gzip member of its own."""
    return storage.joined(folder, f"articles/part-{part:05}.jsonl.gz")


def documents(work: str, part: int) -> str:
    """Return the file of what is known of the snapshots of a part, in the columns of :data:`DOCUMENTS`."""
    return storage.joined(work, f"documents-{part:05}.parquet")


def bands(work: str, part: int) -> str:
    """Return the file of the bands of the signatures of a part."""
    return storage.joined(work, f"bands-{part:05}.parquet")


def listed(work: str) -> str:
    """Return the file of the snapshots that are the last of their items."""
    return storage.joined(work, "listed.parquet")


def pairs(work: str, bucket: int) -> str:
    """Return the file of the pairs that a bucket of bands has brought together."""
    return storage.joined(work, f"pairs-{bucket:05}.parquet")


def shard(folder: str, number: int) -> str:
    """Return the folder of a shard of the index."""
    return storage.joined(folder, f"index/shard-{number:05}")


def packed(snapshot: Snapshot) -> bytes:
    """Return the line of a snapshot as a gzip member, the same bytes at any time."""
    return gzip.compress(msgspec.json.encode(snapshot) + b"\n", 6, mtime=0)


class Articles:
    """Reads articles of a folder where they stand."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._part = -1
        self._stream: Any = None

    def read(self, spot: Spot) -> Snapshot:
        """Return the snapshot at a spot."""
        part = spot.number // IN_A_PART
        if part != self._part:
            self.close()
            self._stream, self._part = storage.opened(articles(self._folder, part)), part
        self._stream.seek(spot.offset)
        return msgspec.json.decode(gzip.decompress(self._stream.read(spot.length)), type=Snapshot)

    def close(self) -> None:
        """Close the file that is open."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def scanned(base: duckdb.DuckDBPyConnection, names: list[str]) -> str:
    """Return Parquet files as one table for a query."""
    for name in names:
        if storage.local(name) is None:
            base.register_filesystem(storage.filesystem(name)[0])
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"read_parquet([{listed}], hive_partitioning = false)"
