"""Folding: the form in which two spellings of one text are equal.

Width and compatibility forms (Unicode NFKC), letter case, and traditional characters (OpenCC, traditional to
simplified, character by character, so that a query of one character meets a text of many). Most text has no
traditional character; it is spared the replacement.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Sequence

CJK = "㐀-鿿豈-﫿"
"""The character class of Chinese characters, for use inside brackets of a regular expression."""

_CJK = re.compile(f"[{CJK}]")


def fold(text: str) -> str:
    """Return ``text`` folded; folding twice changes nothing more."""
    if text.isascii():
        return text.lower()
    # One by one is several times as fast, and the same unless what comes out wants to be composed.
    folded = "".join(map(_SINGLY.__getitem__, text))
    return folded if unicodedata.is_normalized("NFKC", folded) else _fold_whole(text)


def _fold_whole(text: str) -> str:
    table = _table()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded if table.keys().isdisjoint(map(ord, set(folded))) else folded.translate(table)


class _Singly(dict[str, str]):
    """Characters folded one by one, each once."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_whole(character)
        return folded


_SINGLY = _Singly()


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Return ``text`` folded character by character, and for each character of that the offset it comes from."""
    pieces = list(map(_SINGLY.__getitem__, text))
    folded = "".join(pieces)
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [offset for offset, piece in enumerate(pieces) for _ in piece]


def has_cjk(text: str) -> bool:
    """Say whether ``text`` has a Chinese character."""
    return _CJK.search(text) is not None


@cache
def _table() -> dict[int, str]:
    """Return what OpenCC makes of every single character that it changes, followed to the end."""
    converter = OpenCC("t2s")
    characters = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    once = {c: converter.convert(c) for c in _changed(converter, characters)}
    return {ord(c): _settled(c, once) for c in once if _settled(c, once) != c}


def _changed(converter: OpenCC, characters: list[str]) -> list[str]:
    """Find the characters that conversion changes, a block at a time: one call for a thousand."""
    changed: list[str] = []
    for start in range(0, len(characters), 1000):
        block = characters[start : start + 1000]
        converted = converter.convert("\n".join(block)).split("\n")
        changed += [before for before, after in zip(block, converted, strict=True) if before != after]
    return changed


def _settled(character: str, once: dict[str, str]) -> str:
    seen = {character}
    while len(character) == 1 and character in once and once[character] not in seen:
        character = unicodedata.normalize("NFKC", once[character])
        seen.add(character)
    return character
