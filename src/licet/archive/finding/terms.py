"""Terms: what of a text the index holds, and what of a query is looked for.

A run of Chinese characters gives every character and every pair; a word in letters or digits stands for itself. A
second field holds the words of a dictionary, with the names of entities added, so that a name is found whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from rjieba import Jieba

from licet.archive.finding.folding import CJK, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_PART = re.compile(rf"[{CJK}]+|[^\W{CJK}_]+")
_CJK_START = re.compile(f"[{CJK}]")
_QUERY = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
_LIMIT = 512


def runs(folded: str) -> list[str]:
    """Return the runs of Chinese characters and the words of folded text, in order."""
    return _PART.findall(folded)


def is_cjk(run: str) -> bool:
    """Say whether a run is of Chinese characters."""
    return _CJK_START.match(run) is not None


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


class Words:
    """Cuts folded text into dictionary words; ``names`` are kept whole."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._jieba = Jieba()
        for name in names:
            folded = fold(name).strip()
            if len(folded) > 1:
                self._jieba.add_word(folded, None, None)

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


class Query(msgspec.Struct, frozen=True):
    """A query, read: ``wanted`` pieces in their order, ``phrases`` among them, and pieces that must not be there."""

    wanted: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that is looked for, folded."""
        return " ".join(self.wanted)


def read_query(query: str) -> Query:
    """Read a query: words, ``"a phrase"``, ``-without``. Anything else is text; no query is an error."""
    wanted, phrases, unwanted = [], [], []
    for minus, phrase, dash, word in _QUERY.findall(query[:_LIMIT]):
        piece = fold(phrase or word).strip()
        if not runs(piece):
            continue
        if minus or dash:
            unwanted.append(piece)
        else:
            wanted.append(piece)
            if phrase:
                phrases.append(piece)
    return Query(tuple(wanted), tuple(phrases), tuple(unwanted))


def needed(piece: str) -> list[str]:
    """Return the terms that a text must have to hold ``piece``: its pairs and words, a single character for itself."""
    found: list[str] = []
    for run in runs(piece):
        found += map(str.__add__, run, run[1:]) if is_cjk(run) and len(run) > 1 else [run]
    return found
