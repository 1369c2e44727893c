"""Related reports: others on the topic, near and new, each telling something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.archive.articles import moment_of
from licet.archive.finding.excerpts import excerpt
from licet.archive.model import Hit
from licet.archive.relating.copies import contained, text_of
from licet.archive.relating.frequencies import terms
from licet.archive.relating.likeness import Weighed, shared_words, topic
from licet.archive.relating.profiles import profile

if TYPE_CHECKING:
    from licet.archive.catalogue import Catalogue
    from licet.archive.finding.index import SearchIndex
    from licet.archive.finding.terms import Words
    from licet.archive.model import Snapshot
    from licet.archive.relating.store import Store

TOPIC_AT = 0.5
"""The chance of one topic from which a report is related: rather an empty list than a wrong one."""

CANDIDATES = 60
SEARCHED_WITH = 24
MOST_OF_A_STORY = 3
SAME_TEXT = 0.6
"""Reports of which one has this share of the other's pieces say the same, be they copies or notices of one form."""

_HALF_LIFE = 30 * 86_400
_FRESH = 0.15
_MARKED = 12


class _Ranked(NamedTuple):
    """A report that fits, with its place in the list."""

    score: float
    snapshot: Snapshot
    weighed: Weighed


class Listing:
    """Lists what is related, by what the index finds and the reports' tables weigh."""

    def __init__(self, catalogue: Catalogue, index: SearchIndex, store: Store, words: Words) -> None:
        self._catalogue = catalogue
        self._index = index
        self._store = store
        self._words = words

    def related(self, own: Snapshot, limit: int) -> list[Hit]:
        """Return other listed snapshots on the topic of ``own``, the nearest first, of two as near the newer.

        None is a near-copy of it or of another in the list; no more than three are of one story.
        """
        mine = self._weighed(own)
        hits: list[Hit] = []
        seen = [text_of(own.article).pieces]
        stories: dict[int, int] = {}
        for one in self._ranked(own, mine):
            if len(hits) == limit:
                break
            pieces = text_of(one.snapshot.article).pieces
            story = self._story_of(one.snapshot)
            if stories.get(story, 0) == MOST_OF_A_STORY or any(contained(pieces, it) >= SAME_TEXT for it in seen):
                continue
            seen.append(pieces)
            stories[story] = stories.get(story, 0) + 1
            marked = shared_words(mine, one.weighed, _MARKED)
            hits.append(Hit(one.snapshot, excerpt(one.snapshot.article.body, marked), one.score))
        return hits

    def _ranked(self, own: Snapshot, mine: Weighed) -> list[_Ranked]:
        weights = dict(sorted(mine.words.items(), key=lambda item: (-item[1], item[0]))[:SEARCHED_WITH])
        found = self._index.weighted(weights, excluding=own.id, limit=CANDIDATES)
        ranked = []
        for other in self._catalogue.snapshots([identity for identity, _ in found]):
            theirs = self._weighed(other)
            chance = topic(mine, theirs)
            if other.item != own.item and chance >= TOPIC_AT:
                ranked.append(_Ranked(chance * (1.0 + _freshness(own, other)), other, theirs))
        return sorted(ranked, key=lambda one: (-one.score, one.snapshot.id))

    def _weighed(self, snapshot: Snapshot) -> Weighed:
        made = profile(snapshot.article, self._words)
        self._store.frequencies.read(terms(made))
        return Weighed(made, self._store.frequencies.idf)

    def _story_of(self, snapshot: Snapshot) -> int:
        known = self._store.by_snapshot(snapshot.id)
        return known.story if known else 0


def _freshness(own: Snapshot, other: Snapshot) -> float:
    """Return what being of the same days adds, half of it for a month between them."""
    apart = abs(moment_of(own.article, own.captured_at) - moment_of(other.article, other.captured_at))
    return float(_FRESH * 0.5 ** (apart / _HALF_LIFE))
