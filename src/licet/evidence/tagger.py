"""Finds the places, chips, ECCNs and acts that an article names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

import ahocorasick_rs
import opencc

from licet import statutes
from licet.archive.model import Article, Tag
from licet.catalog import items, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.archive.model import TagKind

_ECCN_STEMS = [
    f"{category}{group}{number}"
    for category in "345"
    for group in "ADE"
    for number in ("001", "002", "003", "004", "005", "090", "091", "991", "992", "993", "994", "995")
]
_ECCN = re.compile(r"\w{5}(?:\.[a-z](?:\.\d)?(?![0-9A-Za-z]))?")
_CJK_START = "㐀"


def tagger() -> Callable[[Article], list[Tag]]:
    """Return the tagger for :meth:`licet.archive.Archive.open`: an article in, its mentions out, in order of place."""
    return mentions


def entity_names() -> tuple[str, ...]:
    """Return the Chinese names that the archive's search keeps whole."""
    return tuple(sorted(form for form in _forms() if any(character >= _CJK_START for character in form)))


def names() -> tuple[str, ...]:
    """Return every name that is looked for, as it is written in running text."""
    return tuple(_forms())


def mentions(article: Article) -> list[Tag]:
    """Return every mention in the title and the body; of two that overlap, the one that begins first and is longest."""
    found: list[Tag] = []
    _read("title", article.title, found)
    _read("body", article.body, found)
    return found


def _read(field: Literal["title", "body"], text: str, found: list[Tag]) -> None:
    """Add the mentions in a field to ``found``; most short texts have none, which is seen at once."""
    matcher, keys = _matcher()
    folded = fold(text)
    matches = matcher.find_matches_as_indexes(folded, overlapping=True)
    if not matches:
        return
    last = 0
    for start, before_end, kind, key in sorted(_standing(matches, keys, folded)):
        if start >= last:
            last = -before_end
            found.append(Tag(kind, key, field, start, last))


def _standing(
    matches: list[tuple[int, int, int]], keys: list[tuple[TagKind, str]], text: str
) -> Iterator[tuple[int, int, TagKind, str]]:
    """Yield start, end (negative, so that the longer sorts first), kind and key of every name that stands by itself.

    Also those inside others: "H100 NVLink" holds "H100", though "H100 NVL" is no whole word there.
    """
    for pattern, start, stop in matches:
        kind, key = keys[pattern]
        end = stop
        if kind == "eccn" and (whole := _ECCN.match(text, start)):
            end, key = whole.end(), whole.group()
        if _whole_word(text, start, end):
            yield start, -end, kind, key


@cache
def _forms() -> dict[str, tuple[TagKind, str]]:
    """Every name as it is written in running text, with what it stands for."""
    found: dict[str, tuple[TagKind, str]] = {}
    for name, code in places.mention_names().items():
        found.setdefault(name, ("place", code))
    for name, chip in items.mention_names().items():
        found.setdefault(name, ("chip", chip))
    for acts in statutes.load().library.systems.values():
        for act in acts:
            for name in act.head.mentions:
                found.setdefault(name, ("act", act.id))
    return found | {stem: ("eccn", stem) for stem in _ECCN_STEMS}


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[TagKind, str]]]:
    forms = {fold(name): meant for name, meant in _forms().items()}
    matcher = ahocorasick_rs.AhoCorasick(list(forms))
    return matcher, list(forms.values())


def fold(text: str) -> str:
    """Fold the width of letters and digits, and traditional characters, one to one, so that offsets stay."""
    changed, folds = _folding()
    return text if text.isascii() or not changed.search(text) else text.translate(folds)


@cache
def _folding() -> tuple[re.Pattern[str], dict[int, str]]:
    """Return the pattern of the characters that fold to another, and for each code what it folds to."""
    every = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000]
    plain = [found if len(found := unicodedata.normalize("NFKC", item)) == 1 else item for item in every]
    # One call for all: a line holds one character, so that none is read as part of a word.
    simple = opencc.OpenCC("t2s").convert("\n".join(item if item.isalnum() else " " for item in plain)).split("\n")
    folds = {old: new for old, new in zip(every, simple, strict=True) if new not in (old, " ") and len(new) == 1}
    return re.compile(f"[{''.join(folds)}]"), {ord(old): new for old, new in folds.items()}


def _whole_word(text: str, start: int, end: int) -> bool:
    """Say whether a Latin name stands by itself or in the plural: "Oman" is not in "woman", "H100" is in "H100s"."""
    if text[start].isascii() and start > 0 and _joins(text[start - 1]):
        return False
    if not text[end - 1].isascii():
        return True
    after = end + 1 if text[end : end + 1] == "s" else end
    return after >= len(text) or not _joins(text[after])


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()
