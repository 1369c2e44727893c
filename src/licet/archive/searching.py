"""Searching: the index is brought up to what the catalogue has, then asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.articles import moment_of
from licet.archive.finding.excerpts import excerpt, marked_terms
from licet.archive.finding.index import SearchIndex
from licet.archive.finding.schema import Entry
from licet.archive.finding.searching import Searcher
from licet.archive.finding.suggestions import complete, meant
from licet.archive.model import Hit, SearchResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.finding.searching import Wanted
    from licet.archive.finding.terms import Words
    from licet.archive.model import Snapshot

_BATCH = 500


class Search:
    """The search of one archive: it finds what lists show, never what is hidden."""

    def __init__(self, folder: Path, catalogue: Catalogue, words: Words) -> None:
        self._catalogue = catalogue
        self._words = words
        self.index = SearchIndex(folder, words)
        self._searcher = Searcher([self.index])
        if self.index.fresh:
            catalogue.mark_all_unindexed()

    def find(self, query: str, wanted: Wanted) -> SearchResult:
        """Find listed snapshots, best first, with excerpts.

        Another process may hold the index while something is taken down: what the catalogue does not list is left out
        whatever the index says.
        """
        self.refresh()
        found = self._searcher.search(query, wanted)
        scores = dict(found.hits)
        terms = marked_terms(query, self._words)
        hits = [Hit(one, _shown(one, terms), scores[one.id]) for one in self._catalogue.listed(list(scores))]
        other = meant(self.index, query) if found.total == 0 else None
        return SearchResult(found.total, hits, notes=found.notes, facets=found.facets, meant=other)

    def suggest(self, prefix: str, limit: int) -> list[str]:
        """Return what the beginning of a query could become."""
        self.refresh()
        return complete(self.index, prefix, limit)

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
            added = self.index.add([_entry(s, moment) for s, moment in waiting], dropping=gone)
            if added is None:
                return
            self._catalogue.mark_indexed([*added, *gone])

    def _everything(self) -> Iterator[Entry]:
        for identity in self._catalogue.listed_ids():
            for snapshot in self._catalogue.snapshots([identity]):
                yield _entry(snapshot, moment_of(snapshot.article, snapshot.captured_at))


def _entry(snapshot: Snapshot, filed: int) -> Entry:
    return Entry(snapshot.id, snapshot.article, filed, tuple(f"{tag.kind}:{tag.key}" for tag in snapshot.tags))


def _shown(snapshot: Snapshot, terms: list[str]) -> list[tuple[str, bool]]:
    """Return the excerpt of a snapshot; of one that may only be linked to, nothing."""
    return [] if snapshot.display == "link" else excerpt(snapshot.article.body, terms)


def moment(time: datetime | None) -> int | None:
    """Return a time in seconds since 1970, UTC."""
    return None if time is None else int(time.timestamp())
