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
from licet.catalog import chips, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.archive.model import TagKind

_ECCN = re.compile(r"([3-5][ADE](?:00[1-5]|090|091|99[1-5])(?:\.[a-z](?:\.\d)?)?)(?![0-9A-Za-z])")
_CJK_START = "㐀"


def tagger() -> Callable[[Article], list[Tag]]:
    """Return the tagger for :meth:`licet.archive.Archive.open`: an article in, its mentions out, in order of place."""
    return mentions


def entity_names() -> tuple[str, ...]:
    """Return the Chinese names that the archive's search keeps whole."""
    return tuple(sorted(form for form in _forms() if any(character >= _CJK_START for character in form)))


def mentions(article: Article) -> list[Tag]:
    """Return every mention in the title and the body; of two that overlap, the one that begins first and is longest."""
    return [*_in("title", article.title), *_in("body", article.body)]


def _in(field: Literal["title", "body"], text: str) -> Iterator[Tag]:
    folded = fold(text)
    matcher, keys = _matcher()
    # All matches, also those inside others: "H100 NVLink" holds "H100", though "H100 NVL" is no whole word there.
    found = [
        (start, end, *keys[pattern])
        for pattern, start, end in matcher.find_matches_as_indexes(folded, overlapping=True)
        if _whole_word(folded, start, end)
    ]
    found += [
        (match.start(), match.end(), "eccn", match.group())
        for match in _ECCN.finditer(folded)
        if _whole_word(folded, *match.span())
    ]
    last = 0
    for start, end, kind, key in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= last:
            yield Tag(kind, key, field, start, end)
            last = end


@cache
def _forms() -> dict[str, tuple[TagKind, str]]:
    """Every name as it is written in running text, with what it stands for."""
    found: dict[str, tuple[TagKind, str]] = {}
    for name, code in places.mention_names().items():
        found.setdefault(name, ("place", code))
    for name, chip in chips.mention_names().items():
        found.setdefault(name, ("chip", chip))
    for acts in statutes.load().library.systems.values():
        for act in acts:
            for name in act.head.mentions:
                found.setdefault(name, ("act", act.id))
    return found


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[TagKind, str]]]:
    forms = {fold(name): meant for name, meant in _forms().items()}
    matcher = ahocorasick_rs.AhoCorasick(list(forms))
    return matcher, list(forms.values())


def fold(text: str) -> str:
    """Fold width and traditional characters, one character to one, so that offsets stay; case is kept."""
    return text if text.isascii() else text.translate(_FOLDS)


class _Folds(dict[int, str]):
    """What each character folds to, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


_FOLDS = _Folds()


def _folded(character: str) -> str:
    if character < "\x80":
        return character
    plain = unicodedata.normalize("NFKC", character)
    if character >= _CJK_START and len(plain) == 1:
        plain = _simplifier().convert(plain)
    return plain if len(plain) == 1 else character


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


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
