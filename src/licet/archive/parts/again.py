"""What an archive has stored, read again on many machines; one process, the archive's own, writes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.processing import Reader, read_again

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from licet.archive.keeping.captures import Stored
    from licet.archive.model import Article
    from licet.cluster import Cluster

PART = 50
"""So many captures are read in one part of the work: some seconds."""
_AHEAD = 4


class Again(Reader):
    """Reads on a cluster whose machines all see the folder of the archive."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.batch = PART * cluster.cpus * _AHEAD

    def read(self, folder: Path, batch: Sequence[tuple[Stored, str | None]]) -> list[Article | None]:
        """Return the article of each; None where its bytes are damaged, or hold none any more."""
        parts = [batch[at : at + PART] for at in range(0, len(batch), PART)]
        return [article for found in self._cluster.each(read_again, parts, folder) for article in found]
