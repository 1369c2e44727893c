"""The second stage of ranking: the best of the first, in an order that looks at their texts.

BM25 takes a long text for one that says its words by the way. For a headline that is right: a report of the same event
is about as long. For a question it is not: the answer stands somewhere in a long text. So what a question asks for
counts by how much of it a text has, however long the text; a statement is left to BM25.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.finding.terms import is_cjk, stem, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.asking import Statistics
    from licet.archive.finding.terms import Words

DEPTH = 120
"""How many of the best texts of the first stage the second looks at."""

CHARS = 1.0
"""What it counts that a text has every character of a question, beside a BM25 score of 1 for the best text."""

WORDS = 1.0
"""The same for its words."""

_ASKS = re.compile(
    r"[?？]|什么|甚么|多少|哪|谁|为何|怎么|怎样|如何|几[年个位次人岁月天种]|是否|吗|何[时处人地年]|多[久长大高远]"
    r"|^(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|may|must|will)\b"
)


class Weighed(NamedTuple):
    """What a text is looked through for, each with its weight; the weights of a list sum to 1."""

    chars: list[tuple[str, float]]
    words: list[tuple[str, float]]


def is_question(folded: str) -> bool:
    """Say whether a query asks something, in Chinese or English."""
    return _ASKS.search(folded) is not None


def weighed(folded: str, words: Words, statistics: Statistics) -> Weighed:
    """Weigh the characters and words of a query by how rare they are."""
    chars = {term: statistics.idf("chars", term) for term in terms(folded)}
    whole = {word: statistics.idf("words", word) for word in words.plain(folded)}
    return Weighed(_shares(chars), _shares(whole))


def rerank(scores: Sequence[float], texts: Iterable[str], asked: Weighed) -> list[float]:
    """Return new scores for texts whose first-stage scores are given, best first."""
    best = max(scores, default=1.0) or 1.0
    return [
        score / best + CHARS * _held(asked.chars, text) + WORDS * _held(asked.words, text)
        for score, text in zip(scores, texts, strict=True)
    ]


def _held(parts: list[tuple[str, float]], text: str) -> float:
    return sum([weight for part, weight in parts if part in text])


def _shares(weights: dict[str, float]) -> list[tuple[str, float]]:
    total = sum(weights.values()) or 1.0
    return [(part if is_cjk(part) else stem(part), weight / total) for part, weight in weights.items()]
