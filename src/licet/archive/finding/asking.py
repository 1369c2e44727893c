"""From a query as read to one that tantivy answers: what must hold, and what ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tantivy import FieldType, Occur
from tantivy import Query as Part

from licet.archive.finding.language import All, Either, Not, Phrase, Word
from licet.archive.finding.limits import Limit
from licet.archive.finding.schema import EXACT
from licet.archive.finding.terms import needed, pairs, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from licet.archive.finding.language import Node
    from licet.archive.finding.terms import Words

TITLE = 1.0
"""What a term in the title counts on top of the same term anywhere."""

COMMON = 0.04
"""Single characters that more than this share of all texts have are left to the second stage of ranking."""

RANKING = 48
"""Terms of a long query that rank in the first stage: the rarest; the rest is left to the second."""

Clause = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many texts there are, and a function that says how many of them have a term of a field.

    Several indexes that are searched as one are asked with the same statistics, so that their scores compare.
    """

    count: int
    frequency: Callable[[str, str], int]

    def idf(self, field: str, term: str) -> float:
        """Return the inverse document frequency of BM25 (Robertson and Zaragoza 2009, as Lucene writes it)."""
        frequency = min(self.frequency(field, term), self.count)
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def having(self, word: str) -> int:
        """Return how many texts have a word, at most: as many as have the rarest of its pairs."""
        return min((self.frequency(field_of(term), term) for term in needed(word)), default=0)

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency of a word."""
        return max((self.idf(field_of(term), term) for term in needed(word)), default=0.0)


def field_of(term: str) -> str:
    """Return the field that has a term: a single character stands in ``chars``, a pair or stem in ``pairs``."""
    return "chars" if len(term) == 1 else "pairs"


def divided(folded: str, statistics: Statistics) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the fields and terms of a query that rank in the first stage, and those left to the second.

    What no text has is in neither. A query of common characters alone has them all in the first.
    """
    singles = [("chars", term) for term in dict.fromkeys(terms(folded))]
    every = singles + [("pairs", term) for term in dict.fromkeys(pairs(folded))]
    found = [one for one in every if statistics.frequency(*one)]
    most = COMMON * max(statistics.count, 1_000)
    rare = [one for one in found if len(one[1]) > 1 or statistics.frequency(*one) <= most] or found
    if len(rare) > RANKING:
        rare = sorted(rare, key=lambda one: (-statistics.idf(*one), one))[:RANKING]
    chosen = set(rare)
    return rare, [one for one in found if one not in chosen]


class Asking:
    """Makes queries for one index: ``own`` are its statistics, ``shared`` those of all that are searched together."""

    def __init__(self, schema: Any, words: Words, own: Statistics, shared: Statistics | None = None) -> None:
        self._schema = schema
        self._words = words
        self._own = own
        self.shared = shared or own

    def term(self, field: str, text: str) -> Any:
        """Return a query for one term."""
        return Part.term_query(self._schema, field, text, "basic" if field in EXACT else "freq")

    def strict(self, nodes: Iterable[Node]) -> list[Clause]:
        """Return clauses for what must, and must not, be there; none of them adds to the score."""
        return [
            (Occur.MustNot, self._unwanted(node)) if isinstance(node, Not) else (Occur.Must, _silent(self._node(node)))
            for node in nodes
        ]

    def every(self, pieces: Iterable[str]) -> list[Clause]:
        """Ask for every word: all the terms that it is made of."""
        wanted = dict.fromkeys(term for piece in pieces for term in needed(piece))
        return [(Occur.Must, _silent(self._anywhere(term))) for term in wanted]

    def having(self, word: str) -> Any:
        """Return a query for a word: all its pairs."""
        return self._having(needed(word), title=False)

    def ranking(self, terms: Iterable[tuple[str, str]]) -> list[Clause]:
        """Return what ranks: terms, by BM25; those of the title once more."""
        parts = []
        for field, term in terms:
            parts.append((Occur.Should, self._boosted(field, term, 1.0)))
            if self._own.frequency("title", term):
                parts.append((Occur.Should, self._boosted("title", term, TITLE)))
        return parts

    def limits(self, limits: Iterable[Limit]) -> list[Clause]:
        """Return clauses for filters."""
        return [(Occur.Must, _silent(self._limit(limit))) for limit in limits]

    def _boosted(self, field: str, term: str, weight: float) -> Any:
        """Return a term query whose score is the one it had in an index with the shared statistics."""
        if self.shared is not self._own:
            weight *= self.shared.idf(field, term) / max(self._own.idf(field, term), 1e-9)
        query = self.term(field, term)
        return query if weight == 1.0 else Part.boost_query(query, weight)

    def _anywhere(self, term: str) -> Any:
        return self.term(field_of(term), term)

    def _node(self, node: Node) -> Any:
        if isinstance(node, Limit):
            return self._limit(node)
        if isinstance(node, Not):
            return Part.boolean_query([(Occur.Must, Part.all_query()), (Occur.MustNot, self._unwanted(node))])
        if isinstance(node, Word):
            return self._word(node)
        if isinstance(node, Phrase):
            return self._phrase(node)
        return self._joined(node)

    def _joined(self, node: All | Either) -> Any:
        if isinstance(node, Either):
            return Part.boolean_query([(Occur.Should, self._node(part)) for part in node.parts])
        clauses = [
            (Occur.MustNot, self._unwanted(part)) if isinstance(part, Not) else (Occur.Must, self._node(part))
            for part in node.parts
        ]
        if all(occur is Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, Part.all_query()))
        return Part.boolean_query(clauses)

    def _unwanted(self, node: Not) -> Any:
        """Return what keeps a text out: of a bare word all its pairs, not just the dictionary words in it."""
        part = node.part
        return self._having(needed(part.text), title=part.title) if isinstance(part, Word) else self._node(part)

    def _word(self, word: Word) -> Any:
        wanted = [term for piece in self._words.parts(word.text) for term in needed(piece)]
        return self._having(wanted, title=word.title)

    def _having(self, wanted: Iterable[str], *, title: bool) -> Any:
        every = dict.fromkeys(wanted)
        return Part.boolean_query(
            [(Occur.Must, self.term("title", term) if title else self._anywhere(term)) for term in every]
        )

    def _phrase(self, phrase: Phrase) -> Any:
        wanted = terms(phrase.text)
        if phrase.title:
            return self._in_order("title", wanted)
        clauses = [(Occur.Must, self._in_order("chars", wanted))]
        # The pairs are rarer than the characters: with them asked for, few places have to be compared.
        for before, after in pairwise(wanted):
            if len(before) == len(after) == 1:
                clauses.append((Occur.Must, self.term("pairs", before + after)))
        return Part.boolean_query(clauses)

    def _in_order(self, field: str, wanted: list[str]) -> Any:
        """Ask for terms one after the other."""
        if len(wanted) == 1:
            return self.term(field, wanted[0])
        return Part.phrase_query(self._schema, field, list(wanted))

    def _limit(self, limit: Limit) -> Any:
        if limit.field != "moment":
            return self.term(limit.field, limit.value)
        return Part.range_query(
            self._schema,
            "moment",
            FieldType.Integer,
            limit.since,
            limit.until,
            include_upper=limit.until is None,
        )


def _silent(query: Any) -> Any:
    return Part.const_score_query(query, 0.0)
