"""Related reports: those that share rare words, neither copies nor off the topic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from licet.archive.folding import fold
from licet.archive.terms import is_cjk

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from licet.archive.index import SearchIndex
    from licet.archive.model import Article

TERMS = 30
"""How many of an article's rarest words its related reports are looked for with."""

CANDIDATES = 60
LEAST_SHARED = 3
LEAST_LIKENESS = 0.10
COPY = 0.6
"""The share of the shorter text's 5-character pieces in the other from which one is a near-copy."""

_PRIOR = 200.0
_STOP = frozenset(
    "我们 你们 他们 它们 自己 这个 那个 这些 那些 一个 一些 一种 没有 不是 可以 可能 已经 因为 所以 但是 如果 以及 对于 关于 由于 为了"
    " 目前 表示 认为 进行 通过 成为 其中 并且 或者 还是 不过 同时 此外 另外 记者 报道 消息 来源 今年 去年 今日 日前 近日 时间 问题 情况 方面"
    " 工作 发展 中国 相关 包括 需要 就是 什么 怎么 如何 非常 其他 以上 以下 之后 之前 本报 编辑 the a an and or of to in on for with at by"
    " from as is are was were be been has have had it its this that these those not but he she they we you his her their our said will"
    " would can could may more than about after before over under into out up also which who what when where new one two".split()
)


def weights(counts: Counter[str], index: SearchIndex) -> dict[str, float]:
    """Weigh the words of an article: often here, rare elsewhere; the :data:`TERMS` heaviest, scaled to a length of 1."""
    total = index.count() + _PRIOR
    weighed = {
        word: (1.0 + math.log(count)) * math.log(total / (index.frequency(word) + 0.5)) * _shape(word)
        for word, count in counts.items()
        if word not in _STOP and not word.isdecimal()
    }
    heaviest = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:TERMS]
    norm = math.sqrt(sum(value * value for _, value in heaviest)) or 1.0
    return {word: value / norm for word, value in heaviest}


def _shape(word: str) -> float:
    """A longer Chinese word says more than one of two characters."""
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
