"""Reports on the topic of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive import related as relations
from licet.archive.finding.excerpts import excerpt
from licet.archive.model import Hit

if TYPE_CHECKING:
    from licet.archive.catalogue import Catalogue
    from licet.archive.searching import Search


def related(catalogue: Catalogue, search: Search, identity: str, limit: int) -> list[Hit]:
    """Return other listed snapshots on the topic, nearest first; neither copies of this one nor of one another."""
    search.refresh()
    own = catalogue.snapshot(identity)
    index = search.index
    weights = relations.weights(index.words_of(own.article), index)
    candidates = index.weighted(weights, excluding=identity, limit=relations.CANDIDATES)
    ranked = []
    for other in catalogue.snapshots([candidate for candidate, _ in candidates]):
        score, shared = relations.likeness(weights, index.words_of(other.article))
        if other.item != own.item and relations.fits(score, shared):
            ranked.append((score, other, shared))
    ranked.sort(key=lambda one: (-one[0], one[1].id))
    seen = [relations.pieces(own.article)]
    hits: list[Hit] = []
    for score, other, shared in ranked:
        pieces = relations.pieces(other.article)
        if len(hits) < limit and not any(relations.near_copy(pieces, one) for one in seen):
            seen.append(pieces)
            hits.append(Hit(other, excerpt(other.article.body, shared), score))
    return hits
