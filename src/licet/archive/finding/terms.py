"""Terms: what of a text the index holds, and what of a query is looked for.

Every Chinese character and every other word is a term, in its place; so a phrase can be asked for exactly. A second
field holds each pair of neighboring characters, and other words without the ending of the English plural. A dictionary,
with the names of entities added, cuts what is typed into words; a text has a word where it has all its pairs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rjieba import Jieba

from licet.archive.finding.folding import CJK, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 64
"""Letters and digits in a row that make one word; a longer row is cut."""

_PART = re.compile(rf"[{CJK}]+|[^\W{CJK}_]{{1,{LONGEST}}}")
_TERM = re.compile(rf"[{CJK}]|[^\W{CJK}_]{{1,{LONGEST}}}")
_CJK_START = re.compile(f"[{CJK}]")


def runs(folded: str) -> list[str]:
    """Return the runs of Chinese characters and the words of folded text, in order."""
    return _PART.findall(folded)


def terms(folded: str) -> list[str]:
    """Return every Chinese character and every other word of folded text, in order."""
    return _TERM.findall(folded)


def is_cjk(run: str) -> bool:
    """Say whether a run is of Chinese characters."""
    return _CJK_START.match(run) is not None


def pairs(folded: str) -> list[str]:
    """Return the pairs of each Chinese run, and the stem of each other word; a run of one character gives nothing."""
    found: list[str] = []
    for run in runs(folded):
        if is_cjk(run):
            found += map(str.__add__, run, run[1:])
        else:
            found.append(stem(run))
    return found


def indexed_pairs(every: list[str]) -> list[str]:
    """Return, for the terms of a text, the pairs of neighbors of one character each, and the stems of the longer ones.

    Marks and spaces between two characters do not count: a phrase may run over them.
    """
    found = [pair for pair in map(str.__add__, every, every[1:]) if len(pair) == 2]
    found += [stem(term) for term in every if len(term) > 1]
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Take the ending of an English plural off (the S stemmer: Harman, "How effective is suffixing?", JASIS 1991)."""
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def grams(folded: str) -> list[str]:
    """Return the characters and pairs of each Chinese run, and each other word."""
    found: list[str] = []
    for run in runs(folded):
        if is_cjk(run):
            found += run
            found += map(str.__add__, run, run[1:])
        else:
            found.append(run)
    return found


def needed(piece: str) -> list[str]:
    """Return what a text must have to hold ``piece``: pairs and stems, a single character for itself."""
    found: list[str] = []
    for run in runs(piece):
        if not is_cjk(run):
            found.append(stem(run))
        else:
            found += map(str.__add__, run, run[1:]) if len(run) > 1 else [run]
    return found


class Words:
    """Cuts folded text into dictionary words; ``names`` are kept whole."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._jieba = Jieba()
        self.names = tuple(dict.fromkeys(folded for name in names if len(folded := fold(name).strip()) > 1))
        for name in self.names:
            self._jieba.add_word(name, None, None)

    def cut(self, folded: str) -> list[str]:
        """Return the words of two characters and more, and those in letters or digits; long words also in parts."""
        return [word for word in self._jieba.cut_for_search(folded) if _worth(word)]

    def parts(self, folded: str) -> list[str]:
        """Return the words of a query; characters that are no word of the dictionary stay together as one."""
        found: list[str] = []
        loose = ""
        for word in [*self._jieba.cut(folded), ""]:
            if len(word) == 1 and is_cjk(word):
                loose += word
                continue
            if len(loose) > 1:
                found.append(loose)
            loose = ""
            if runs(word):
                found.append(word)
        return found or [folded]

    def plain(self, folded: str) -> list[str]:
        """Return the words, none of them twice over in parts."""
        return [word for word in self._jieba.cut(folded) if _worth(word)]

    def tagged(self, folded: str) -> list[tuple[str, str]]:
        """Return every word with its part of speech, in the letters of the dictionary: ``nr`` is a person's name."""
        return self._jieba.tag(folded, True)


def _worth(word: str) -> bool:
    return len(word) > 1 and (word[0].isalnum() or is_cjk(word))
