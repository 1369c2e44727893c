"""The second stage of ranking: the best of the first, in an order that looks at their texts.

The first stage leaves out the most common characters, and of a long query all but the rarest terms; here they count,
by the same BM25. And BM25 takes a long text for one that says its words by the way. For a headline that is right: a
report of the same event is about as long. For a question it is not: the answer stands somewhere in a long text. So what
a question asks for counts by how much of it a text has, however long the text; a statement is left to BM25.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.finding.terms import is_cjk, stem, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.asking import Statistics
    from licet.archive.finding.terms import Words

DEPTH = 50
"""How many of the best texts of the first stage the second looks at."""

CHARS = 1.0
"""What it counts that a text has every character of a question, beside a BM25 score of 1 for the best text."""

WORDS = 1.0
"""The same for its words."""

_ASKS = re.compile(
    r"[?？]|什么|甚么|多少|哪|谁|为何|怎么|怎样|如何|几[年个位次人岁月天种]|是否|吗|何[时处人地年]|多[久长大高远]"
    r"|^(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|may|must|will)\b"
)


_K1, _B = 1.2, 0.75


class Weighed(NamedTuple):
    """What a text is looked through for, each with its weight: terms by BM25; parts of a question by their presence.

    The weights of the characters and those of the words of a question sum to 1.
    """

    terms: list[tuple[str, float]]
    chars: list[tuple[str, float]]
    words: list[tuple[str, float]]


def is_question(folded: str) -> bool:
    """Say whether a query asks something, in Chinese or English."""
    return _ASKS.search(folded) is not None


def weighed(folded: str, left: Iterable[tuple[str, str]], words: Words, statistics: Statistics) -> Weighed:
    """Weigh the terms that are ``left`` from the first stage, and what a question asks for, by how rare they are."""
    common = [(term, statistics.idf(field, term)) for field, term in left]
    if not is_question(folded):
        return Weighed(common, [], [])
    chars = {term: statistics.idf("chars", term) for term in terms(folded)}
    whole = {word: statistics.rarity(word) for word in words.plain(folded)}
    return Weighed(common, _shares(chars), _shares(whole))


def rerank(scores: Sequence[float], texts: Sequence[str], asked: Weighed) -> list[float]:
    """Return new scores for texts whose first-stage scores are given; none is lower than it was."""
    average = sum(map(len, texts)) / max(1, len(texts)) or 1.0
    whole = [
        score + _bm25(asked.terms, text, average) if asked.terms else score
        for score, text in zip(scores, texts, strict=True)
    ]
    if not asked.chars:
        return whole
    # The second best: the best may be a copy of what was asked, far above all that answers it.
    best = sorted(whole, reverse=True)[:2][-1] if whole else 1.0
    return [
        score + best * (CHARS * _held(asked.chars, text) + WORDS * _held(asked.words, text))
        for score, text in zip(whole, texts, strict=True)
    ]


def _bm25(weights: list[tuple[str, float]], text: str, average: float) -> float:
    """Score a text as the first stage does, by how often it has each term and how long it is."""
    norm = _K1 * (1 - _B + _B * len(text) / average)
    score = 0.0
    for term, weight in weights:
        if count := text.count(term):
            score += weight * (_K1 + 1) * count / (count + norm)
    return score


def _held(parts: list[tuple[str, float]], text: str) -> float:
    return sum([weight for part, weight in parts if part in text])


def _shares(weights: dict[str, float]) -> list[tuple[str, float]]:
    total = sum(weights.values()) or 1.0
    return [(part if is_cjk(part) else stem(part), weight / total) for part, weight in weights.items()]
