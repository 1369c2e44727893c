"""Searching: the index is brought up to what the catalogue has, then asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.articles import moment_of
from licet.archive.finding.excerpts import excerpt, marked_terms
from licet.archive.finding.index import Entry, Filters, SearchIndex
from licet.archive.model import Hit, SearchResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.finding.terms import Words

_BATCH = 500


class Search:
    """The search of one archive: it finds what lists show, never what is hidden."""

    def __init__(self, folder: Path, catalogue: Catalogue, words: Words) -> None:
        self._catalogue = catalogue
        self._words = words
        self.index = SearchIndex(folder, words)
        if self.index.fresh:
            catalogue.mark_all_unindexed()

    def find(self, query: str, filters: Filters, *, limit: int, offset: int) -> SearchResult:
        """Find listed snapshots, best first, with excerpts."""
        self.refresh()
        found = self.index.search(query, filters, limit=limit, offset=offset)
        scores = dict(found.hits)
        terms = marked_terms(query, self._words)
        snapshots = self._catalogue.snapshots(list(scores))
        return SearchResult(found.total, [Hit(s, excerpt(s.article.body, terms), scores[s.id]) for s in snapshots])

    def refresh(self, *, afresh: bool = False) -> None:
        """Put into the index what it lacks and take out what is not listed any more.

        Where another process is at it, leave that to it. With ``afresh`` the index is filled from nothing.
        """
        if afresh:
            self._catalogue.mark_indexed(self.index.add(self._everything(), afresh=True) or [])
        while True:
            waiting, gone = self._catalogue.to_index(_BATCH)
            if not waiting and not gone:
                return
            added = self.index.add([Entry(s.id, s.article, moment) for s, moment in waiting], dropping=gone)
            if added is None:
                return
            self._catalogue.mark_indexed([*added, *gone])

    def _everything(self) -> Iterator[Entry]:
        for identity in self._catalogue.listed_ids():
            for snapshot in self._catalogue.snapshots([identity]):
                yield Entry(snapshot.id, snapshot.article, moment_of(snapshot.article, snapshot.captured_at))


def moment(time: datetime | None) -> int | None:
    """Return a time in seconds since 1970, UTC."""
    return None if time is None else int(time.timestamp())
