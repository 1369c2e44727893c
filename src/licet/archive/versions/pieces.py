"""What differs between two texts, word by word; Chinese, Japanese and Korean character by character.

difflib finds the differences, and is kept to what it can do in good time: a comparison looks at each pair of equal
tokens, so their number is counted first. Where there are too many, whole sentences are compared instead of words, and
at last the whole texts.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "removed", "added"]
_KINDS: tuple[Kind, ...] = ("same", "removed", "added")

MOST_PAIRS = 300_000
"""Pairs of equal tokens that one comparison may look at."""

_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[\w'’])+(?:[.,]\d+)*|\s+|[^\w\s]")
_SENTENCE = re.compile(r"[^。！？!?.\n]*(?:[。！？!?\n]+|\.(?:\s+|$)|\.|$)")


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str


def words(text: str) -> list[str]:
    """Cut a text into what is compared: words and numbers, single CJK characters, marks, and the spaces between."""
    return _WORD.findall(text)


def difference(before: str, after: str) -> list[Piece]:
    """Return what stayed, went and came, in reading order: the removed text stands before what came in its place.

    The pieces that are not ``added`` make up ``before``, those that are not ``removed`` make up ``after``.
    """
    if before == after:
        return [Piece("same", before)] if before else []
    for cut in (words, _sentences):
        old, new = cut(before), cut(after)
        start, end = _ends(old, new)
        middle = old[start : len(old) - end], new[start : len(new) - end]
        if _pairs(*middle) <= MOST_PAIRS:
            return _joined(
                [("same", "".join(old[:start])), *_matched(*middle), ("same", "".join(old[len(old) - end :]))]
            )
    return _joined([("removed", before), ("added", after)])


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence]


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many tokens are the same at the start, and at the end."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return start, end


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(new)
    return sum(count * counts[token] for token, count in Counter(old).items())


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Kind, str]]:
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if tag == "equal":
            yield "same", removed
        else:
            yield "removed", removed
            yield "added", added


def _joined(found: Sequence[tuple[Kind, str]]) -> list[Piece]:
    """Join neighbors; a space or mark alone between two changes is counted to them, so that they read as one."""
    rows: list[list[str]] = [["", "", ""]]  # what stayed, what went, what came after it
    for kind, text in found:
        if not text:
            continue
        if kind == "same":
            rows.append([text, "", ""])
        else:
            rows[-1][1 if kind == "removed" else 2] += text
    merged: list[list[str]] = []
    for row in rows:
        between = row[0]
        alone = not any(mark.isalnum() for mark in between)
        if merged and alone and (merged[-1][1] and merged[-1][2]) and (row[1] and row[2]):
            merged[-1][1] += between + row[1]
            merged[-1][2] += between + row[2]
        elif merged and not merged[-1][1] and not merged[-1][2]:
            merged[-1] = [merged[-1][0] + between, row[1], row[2]]
        else:
            merged.append(row)
    return [Piece(kind, text) for row in merged for kind, text in zip(_KINDS, row, strict=True) if text]
