"""Related reports: those that share rare words, neither copies nor off the topic."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import is_cjk

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from licet.archive.finding.index import SearchIndex
    from licet.archive.model import Article

TERMS = 30
"""How many of an article's rarest words its related reports are looked for with."""

CANDIDATES = 60
LEAST_SHARED = 3
LEAST_LIKENESS = 0.10
COPY = 0.6
"""The share of the shorter text's 5-character pieces in the other from which one is a near-copy."""

_PRIOR = 200.0


@cache
def _stop_words() -> frozenset[str]:
    """Return words that say nothing about a topic."""
    return frozenset((resources.files("licet.archive") / "stopwords.txt").read_text(encoding="utf-8").split())


def weights(counts: Counter[str], index: SearchIndex) -> dict[str, float]:
    """Weigh the words of an article: often here, rare elsewhere; the :data:`TERMS` heaviest, together 1 long."""
    total = index.count() + _PRIOR
    stop = _stop_words()
    weighed = {
        word: (1.0 + math.log(count)) * math.log(total / (index.frequency(word) + 0.5)) * _shape(word)
        for word, count in counts.items()
        if word not in stop and not word.isdecimal()
    }
    heaviest = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:TERMS]
    norm = math.sqrt(sum(value * value for _, value in heaviest)) or 1.0
    return {word: value / norm for word, value in heaviest}


def _shape(word: str) -> float:
    """Return more than 1 for a longer Chinese word: it says more than one of two characters."""
    return 1.0 + 0.15 * min(len(word) - 2, 3) if is_cjk(word) else 1.0


def likeness(own: Mapping[str, float], other: Counter[str]) -> tuple[float, list[str]]:
    """Return the share of weight (0 to 1) that ``other`` has of ``own``, and the shared words, heaviest first."""
    shared = [word for word in own if word in other]
    return sum(own[word] ** 2 for word in shared), shared


def fits(score: float, shared: list[str]) -> bool:
    """Say whether that is enough to be on the topic."""
    return score >= LEAST_LIKENESS and len(shared) >= LEAST_SHARED


def pieces(article: Article) -> frozenset[str]:
    """Return the 5-character pieces of an article's text, spaces and marks left out."""
    text = "".join(character for character in fold(article.body or article.title) if character.isalnum())
    return frozenset(text[at : at + 5] for at in range(max(1, len(text) - 4)))


def near_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether one text is, for the most part, in the other."""
    return len(one & other) >= COPY * min(len(one), len(other))
