"""Near-copies: a text that is, for the most part, in another, and no other notice of the same form.

MinHash over pieces of some letters finds candidates (64 bands of 2 rows: Broder 1997; Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets" 3.4), containment of the pieces decides. Notices of one form (closings of a market,
weather, draws of a lottery) share most of their letters too. They differ in their slots: beside the same words stand
other figures. A copy may lack sentences, have some more, and have them in another order; its figures stay. What an
agency or the one that copies puts before a report (dateline, "据…报道") is no part of its text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from rensa import RMinHash

from licet.archive.finding.folding import fold, has_cjk

if TYPE_CHECKING:
    from licet.archive.model import Article

PIECE = {True: 3, False: 8}
"""Letters in a piece of a Chinese text, and of others."""

CONTAINED = 0.68
"""The share of the shorter text's pieces in the other from which one may be a copy."""

BANDS, ROWS = 64, 2
LIMIT = 20_000
"""So many letters of a text are compared."""

_SEED = 20_250_228
_CONTEXT = 4
_LEAST_LETTERS = 2
_APART = 0.25
_LEAST_APART = 2
_MOST_SLOTS = 400
_SAMPLE = 400
_LETTERS = re.compile(r"[^\W_]+")
_FIGURE = re.compile(
    r"\d+(?:[.,:\-/]\d+)*|[〇零一二三四五六七八九十百千万亿两]{2,}"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_STOP = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_AFTER = re.compile(r"[^\W\d_]|#")
_DATELINE = re.compile(
    r"[一-鿿]{2,8}\d{1,2}月\d{1,2}日[电讯](?:\s?\([^()\n]{2,20}\))?"
    r"|(?:^|(?<=[。.!?,\s]))据[^\s,。.]{2,12}?(?:报道|报导|消息),?"
)
"""Of folded text: a place, a day and 电, with who wrote it; 据…报道, naming another."""


class Text(msgspec.Struct, frozen=True):
    """What of an article is compared: its pieces, and the figures that stand beside each stretch of letters."""

    pieces: frozenset[str]
    slots: dict[str, tuple[str, ...]]


def text_of(article: Article) -> Text:
    """Return what of an article is compared with others."""
    text = (article.body or article.title)[:LIMIT]
    return Text(pieces(letters(text)), slots(text))


def slots(text: str) -> dict[str, tuple[str, ...]]:
    """Return the figures of a text by the four letters before each, in which every figure before is ``#``.

    They are letters of the same sentence, since the one before it may be missing in a copy. Where the sentence has
    fewer, those after the figure are added, after ``|``.
    """
    text = unicodedata.normalize("NFKC", text)
    found: dict[str, list[str]] = defaultdict(list)
    before, at = "", 0
    for match in islice(_FIGURE.finditer(text), _MOST_SLOTS):
        passed = _STOP.split(text[max(at, match.start() - 4 * _CONTEXT) : match.start()])
        before = ("" if len(passed) > 1 else before) + "".join(_LETTERS.findall(passed[-1]))
        before = before[-_CONTEXT:]
        context = before if len(before) == _CONTEXT else f"{before}|{_after(text, match.end())}"
        if len(context) >= _CONTEXT and _said(context):
            found[context].append(match.group())
        before, at = before + "#", match.end()
    return {context: tuple(figures) for context, figures in found.items()}


def _after(text: str, at: int) -> str:
    """Return some letters of the sentence from ``at`` on, every figure being ``#``."""
    rest = _STOP.split(_FIGURE.sub("#", text[at : at + 4 * _CONTEXT]), maxsplit=1)[0]
    return "".join(_AFTER.findall(rest)[: _CONTEXT + 2])


def _said(context: str) -> bool:
    """Say whether there are letters enough, besides the marks of figures, on the side that counts."""
    side = context.partition("|")[2] or context
    return len(side) - side.count("#") >= _LEAST_LETTERS


def apart(one: Text, other: Text) -> bool:
    """Say whether other figures stand beside the same words so often that these are two notices of one form."""
    same = differ = 0
    for context in one.slots.keys() & other.slots.keys():
        first, second = Counter(one.slots[context]), Counter(other.slots[context])
        same += (first & second).total()
        pairs = zip(sorted((first - second).elements()), sorted((second - first).elements()), strict=False)
        differ += sum(not _torn(*pair) for pair in pairs)
    return differ >= _LEAST_APART and differ >= _APART * (same + differ)


def _torn(one: str, other: str) -> bool:
    """Say whether one figure is a part of the other: in a damaged copy 1994 is left as 19."""
    return max(len(one), len(other)) > 2 and (one in other or other in one)


def shared(one: Text, other: Text) -> float:
    """Return how much of the shorter text is in the other (0 to 1) if one is a near-copy, else 0."""
    share = contained(one.pieces, other.pieces)
    return share if share >= CONTAINED and not apart(one, other) else 0.0


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded, without spaces, marks, datelines."""
    return "".join(_LETTERS.findall(_DATELINE.sub(" ", fold(text))))


def pieces(text: str) -> frozenset[str]:
    """Return the pieces of folded letters; a shorter text is one piece."""
    size = PIECE[has_cjk(text[:_SAMPLE])]
    return frozenset([text[at : at + size] for at in range(max(1, len(text) - size + 1))])


def bands(found: frozenset[str]) -> list[int]:
    """Return 64 numbers (63 bits): two texts that have one in common may be copies."""
    minhash = RMinHash(BANDS * ROWS, _SEED)
    minhash.update(list(found))
    digest = minhash.digest()
    return [_band(number, digest[2 * number], digest[2 * number + 1]) for number in range(BANDS)]


def _band(number: int, one: int, other: int) -> int:
    """Mix the number of the band and its two rows (the finalizer of SplitMix64, Steele et al. 2014)."""
    mixed = ((one << 32) | other) + (number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return (mixed ^ (mixed >> 31)) >> 1


def contained(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share (0 to 1) of the smaller set that is in the other."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
