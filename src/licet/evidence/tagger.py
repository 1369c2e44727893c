"""Finds the places, chips, ECCNs and acts that an article names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product
from string import ascii_letters, digits
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
_CJK_START, _CJK_END = "㐀", "鿿"


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
    if article.title:
        _read("title", article.title, found)
    if article.body:
        _read("body", article.body, found)
    return found


def _read(field: Literal["title", "body"], text: str, found: list[Tag]) -> None:
    """Add the mentions in a field to ``found``; most short texts have none, which is seen at once."""
    matcher, keys = _matcher()
    folded = _narrowed(text)
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
    """Return the automaton over every spelling of every name, and for each of its patterns what that stands for."""
    forms = {fold(name): meant for name, meant in _forms().items()}
    spelled = {spelling: meant for form, meant in forms.items() for spelling in _spellings(form)}
    return ahocorasick_rs.AhoCorasick(list(spelled)), list(spelled.values())


def _spellings(form: str) -> Iterator[str]:
    """Yield a folded name in simplified and traditional characters, and in every mixture of them."""
    variants = _variants()
    return map("".join, product(*(variants.get(character, character) for character in form)))


@cache
def _variants() -> dict[str, str]:
    """Return for each simplified character itself and the traditional ones that fold to it."""
    found: dict[str, str] = {}
    for code, simple in _folding().items():
        if _is_ideograph(chr(code)):
            found[simple] = found.get(simple, simple) + chr(code)
    return found


def fold(text: str) -> str:
    """Fold the width of letters and digits, and traditional characters, one to one, so that offsets stay."""
    return text if text.isascii() else text.translate(_folding())


def _narrowed(text: str) -> str:
    """Fold what the automaton does not know by itself: the width of letters and digits, and rare forms."""
    if text.isascii() or not _wide().search(text):
        return text
    for character in set(_wide().findall(text)):
        text = text.replace(character, _folding()[ord(character)])
    return text


@cache
def _wide() -> re.Pattern[str]:
    """Return the pattern of the characters that fold to one of a name or of a word beside it, and are no ideographs."""
    asked = {*ascii_letters, *digits, ".", *"".join(map(fold, _forms()))}
    return re.compile(
        f"[{''.join(chr(code) for code, to in _folding().items() if to in asked and not _is_ideograph(chr(code)))}]"
    )


def _is_ideograph(character: str) -> bool:
    return _CJK_START <= character <= _CJK_END


@cache
def _folding() -> dict[int, str]:
    """Return for each code what it folds to, where that is another character."""
    every = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000]
    plain = [found if len(found := unicodedata.normalize("NFKC", item)) == 1 else item for item in every]
    # One call for all: a line holds one character, so that none is read as part of a word.
    simple = opencc.OpenCC("t2s").convert("\n".join(item if item.isalnum() else " " for item in plain)).split("\n")
    return {ord(old): new for old, new in zip(every, simple, strict=True) if new not in (old, " ") and len(new) == 1}


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
