"""Searching an index, or several as one: what fits, in an order, a page of it, and counts by category and year."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tantivy import Occur, Order
from tantivy import Query as Part

from licet.archive.finding import ranking
from licet.archive.finding.asking import Statistics, divided
from licet.archive.finding.language import Asked, Note, read_query
from licet.archive.finding.limits import Filters
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.archive.finding.asking import Asking
    from licet.archive.finding.index import SearchIndex
    from licet.archive.finding.language import Node
    from licet.archive.finding.limits import Limit

Sort = Literal["relevance", "newest", "oldest", "fading"]

DEEPEST = 10_000
"""Hits that can be paged through; what comes after is found by a narrower search."""

FEW = 4
"""So many words, at most, each of them no longer than..."""

SHORT = 2
"""...so many words of the dictionary, are asked for together; whatever is longer is a sentence, and ranks."""

HALF_LIFE = 30 * 86_400
"""Seconds in which a report counts half, where the search lets age count."""

_DEPTHS = {"relevance": ranking.DEPTH, "fading": 400}
_FACETS = {"category": 30, "source": 30, "year": 60}


class Hits(NamedTuple):
    """What a search found: ``total`` counts all that fit, ``hits`` are ids and scores, best first.

    ``notes`` say how the query was read where that is not plain; ``facets`` count what fits by category, source and
    year, the largest first.
    """

    total: int
    hits: list[tuple[str, float]]
    asked: Asked
    notes: tuple[Note, ...] = ()
    facets: dict[str, list[tuple[str, int]]] = {}  # noqa: RUF012 - never written to


class Wanted(NamedTuple):
    """What a search asks for beside its words. ``at`` (seconds since 1970) is the moment that age is counted from."""

    filters: Filters = Filters()
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    at: int | None = None
    facets: bool = False


class Searcher:
    """Searches one index, or several as if they were one: with the same statistics their scores compare."""

    def __init__(self, indexes: Sequence[SearchIndex]) -> None:
        self._indexes = list(indexes)
        self._words = indexes[0].words

    def search(self, query: str, wanted: Wanted | None = None) -> Hits:
        """Find snapshots; :class:`~licet.errors.BadValue` for a filter that nothing could meet."""
        wanted = wanted or Wanted()
        asked = read_query(query)
        limits = wanted.filters.limits()
        if wanted.limit <= 0 or not (asked.strict or asked.loose):
            return Hits(0, [], asked, asked.notes)
        if wanted.offset + wanted.limit > DEEPEST:
            wanted = wanted._replace(offset=min(wanted.offset, DEEPEST), limit=max(0, DEEPEST - wanted.offset))
        shared = together([index.statistics() for index in self._indexes])
        first, left = divided(asked.text, shared)
        shards = [_Shard(*index.asking(shared), asked.strict, limits, first) for index in self._indexes]
        total, ranked, notes = self._first(shards, asked, wanted)
        if wanted.sort in ("relevance", "fading") and asked.text:
            ranked = self._second(ranked, asked, wanted, left, shared)
        page = ranked[wanted.offset : wanted.offset + wanted.limit]
        hits = [(one.id(), one.score) for one in page]
        return Hits(total, hits, asked, (*asked.notes, *notes), _facets(shards) if wanted.facets else {})

    def _first(self, shards: Sequence[_Shard], asked: Asked, wanted: Wanted) -> tuple[int, list[_Ranked], list[Note]]:
        """Ask for all words where a few were given, for some of them where it is a sentence or no text has all."""
        units = [self._words.parts(piece) for piece in asked.loose]
        pieces = [part for unit in units for part in unit]
        few = len(units) <= FEW and all(len(unit) <= SHORT for unit in units)
        if few:
            total, ranked = _ask(shards, wanted, pieces)
            if total or len(pieces) < 2:
                return total, ranked, []
        total, ranked = _ask(shards, wanted, None)
        return total, ranked, [Note(N_("no text has all of the words; these have some of them"))] if few else []

    def _second(
        self, ranked: list[_Ranked], asked: Asked, wanted: Wanted, left: list[tuple[str, str]], shared: Statistics
    ) -> list[_Ranked]:
        """Put the best of the first stage in order again: by their texts, and by age where it counts."""
        if left or ranking.is_question(asked.text):
            best, rest = ranked[: ranking.DEPTH], ranked[ranking.DEPTH :]
            weighed = ranking.weighed(asked.text, left, self._words, shared)
            scores = ranking.rerank([one.score for one in best], [one.text() for one in best], weighed)
            # No score is lower than it was, so what the second stage did not see stays below what it saw.
            ranked = [*_best_first([one.scored(score) for one, score in zip(best, scores, strict=True)]), *rest]
        if wanted.sort == "fading" and wanted.at is not None:
            at = wanted.at
            ranked = _best_first(
                [one.scored(one.score * 0.5 ** (max(0, at - one.moment()) / HALF_LIFE)) for one in ranked]
            )
        return ranked


class _Ranked:
    """A hit of one shard; what it holds is read only when it is asked for."""

    __slots__ = ("_address", "_document", "_searcher", "place", "score")

    def __init__(self, score: float, searcher: Any, address: Any, place: tuple[int, int]) -> None:
        self.score = score
        self.place = place
        self._searcher = searcher
        self._address = address
        self._document: Any = None

    def scored(self, score: float) -> _Ranked:
        """Return the same hit with another score."""
        other = _Ranked(score, self._searcher, self._address, self.place)
        other._document = self._document
        return other

    def id(self) -> str:
        """Return the id of the snapshot."""
        return str(self._read()["id"][0])

    def text(self) -> str:
        """Return the folded text, or its beginning."""
        return bytes(self._read()["text"][0]).decode("utf-8", "replace")

    def moment(self) -> int:
        """Return the moment it is filed under."""
        return int(self._searcher.fast_field_values("moment", [self._address])[0] or 0)

    def _read(self) -> Any:
        if self._document is None:
            self._document = self._searcher.doc(self._address)
        return self._document


class _Shard:
    """One index, a query, and the limits of the search."""

    def __init__(
        self,
        searcher: Any,
        asking: Asking,
        strict: Sequence[Node],
        limits: Sequence[Limit],
        terms: Sequence[tuple[str, str]],
    ) -> None:
        self.searcher = searcher
        self.asking = asking
        self.must = [*asking.strict(strict), *asking.limits(limits)]
        self.ranking = asking.ranking(terms)
        self.query: Any = None

    def ask(self, pieces: Sequence[str] | None, wanted: Wanted, number: int) -> tuple[int, list[_Ranked]]:
        """Return how many texts have all ``pieces``, or any of the terms that rank, and the best of them."""
        if pieces is None:
            must, ranking_ = [*self.must, (Occur.Must, Part.boolean_query(self.ranking))], []
        else:
            must, ranking_ = [*self.must, *self.asking.every(pieces)], self.ranking
        if all(occur is Occur.MustNot for occur, _ in must):
            must.append((Occur.Must, Part.const_score_query(Part.all_query(), 0.0)))
        self.query = Part.boolean_query(must)
        depth = max(wanted.offset + wanted.limit, _DEPTHS.get(wanted.sort, 0))
        if wanted.sort in ("newest", "oldest") or not self.ranking:
            order = Order.Asc if wanted.sort == "oldest" else Order.Desc
            result = self.searcher.search(self.query, limit=depth, count=True, order_by_field="moment", order=order)
        else:
            result = self.searcher.search(Part.boolean_query([*must, *ranking_]), limit=depth, count=True)
        hits = [
            _Ranked(float(score or 0), self.searcher, address, (number, rank))
            for rank, (score, address) in enumerate(result.hits)
        ]
        return int(result.count), hits


def together(statistics: Sequence[Statistics]) -> Statistics:
    """Return the statistics of several indexes as one."""
    if len(statistics) == 1:
        return statistics[0]

    def frequency(field: str, term: str) -> int:
        return sum(one.frequency(field, term) for one in statistics)

    return Statistics(sum(one.count for one in statistics), lru_cache(maxsize=10_000)(frequency))


def _ask(shards: Sequence[_Shard], wanted: Wanted, pieces: Sequence[str] | None) -> tuple[int, list[_Ranked]]:
    """Ask every shard and merge what they find."""
    total = 0
    ranked: list[_Ranked] = []
    for number, shard in enumerate(shards):
        count, hits = shard.ask(pieces, wanted, number)
        total += count
        ranked += hits
    if len(shards) > 1:
        ranked = _best_first(ranked, ascending=wanted.sort == "oldest")
    return total, ranked


def _best_first(ranked: list[_Ranked], *, ascending: bool = False) -> list[_Ranked]:
    sign = 1 if ascending else -1
    return sorted(ranked, key=lambda one: (sign * one.score, one.place))


def _facets(shards: Sequence[_Shard]) -> dict[str, list[tuple[str, int]]]:
    """Count what fits by category, source and year."""
    asked = {name: {"terms": {"field": name, "size": most}} for name, most in _FACETS.items()}
    counts: dict[str, Counter[str]] = {name: Counter() for name in _FACETS}
    for shard in shards:
        for name, found in shard.searcher.aggregate(shard.query, asked).items():
            for bucket in found["buckets"]:
                key = bucket["key"]
                counts[name][str(int(key)) if isinstance(key, float) else str(key)] += int(bucket["doc_count"])
    return {name: sorted(tally.items(), key=lambda one: (-one[1], one[0])) for name, tally in counts.items()}
