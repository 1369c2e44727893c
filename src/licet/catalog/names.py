"""Names as people write them: folding, and an index that knows what is close and what is ambiguous.

A name is folded before it is compared: Unicode compatibility forms (NFKC), case, accents, traditional to simplified
Chinese (OpenCC), punctuation, ``&`` and ``St.``. ``South-Korea``, ``south korea`` and ``SOUTH KOREA`` are one name, as
are ``臺灣`` and ``台湾``.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from licet.catalog.nearness import cost
from licet.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

    import opencc

#: A name longer than this is cut off before it is looked up: no name in the catalog comes near.
MAX_NAME = 100
#: How many near names an error offers.
MAX_NEAR = 5
_CJK_START = "㐀"


@cache
def _converter() -> opencc.OpenCC:
    import opencc  # noqa: PLC0415 - only a name with Chinese characters waits for it

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=50_000)
def _simplify(character: str) -> str:
    """Map one traditional character to the simplified one.

    One character at a time, and until nothing changes, so that folding what is folded changes nothing: OpenCC alone
    maps phrases, and those depend on their neighbors.
    """
    for _ in range(4):
        simpler = _converter().convert(character)
        if simpler == character or len(simpler) != 1:
            break
        character = simpler
    return character


def _letters(text: str) -> str:
    """Drop case and accents; what is neither letter nor digit becomes a space, an apostrophe nothing."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = []
    for character in bare:
        if unicodedata.combining(character) or character in "'’‘`ʼ":
            continue
        if character == "&":
            kept.append(" and ")
        elif character.isalnum():
            kept.append(_simplify(character) if character >= _CJK_START else character)
        else:
            kept.append(" ")
    return unicodedata.normalize("NFKC", "".join(kept))


def fold(text: str) -> str:
    """Return the form of ``text`` that names are compared in: words of folded letters with one space between them.

    ``fold(fold(x)) == fold(x)``. A leading ``the`` goes, ``st`` is ``saint``. The empty string means that nothing in
    ``text`` can be part of a name.
    """
    words = [{"st": "saint"}.get(word, word) for word in _settle(text).split()]
    while len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join(words)


def _settle(text: str) -> str:
    """Fold the letters until nothing changes: a few compatibility characters need a second turn."""
    for _ in range(4):
        folded = _letters(text)
        if folded == text:
            break
        text = folded
    return text


def key(text: str) -> str:
    """Return :func:`fold` without its spaces: the key of an index. ``H100 SXM`` and ``h100-sxm`` share one.

    Only the first :data:`MAX_NAME` characters count.
    """
    return fold(text[:MAX_NAME]).replace(" ", "")


class Index:
    """Names to ids. A name that was added for several ids is ambiguous, and never resolved by guessing.

    ``what`` says in messages what kind of thing is named ("place", "chip"); ``see`` is the command that lists them.
    """

    def __init__(self, what: str, see: str) -> None:
        self._what = what
        self._see = see
        self._ids: dict[str, dict[str, None]] = {}
        self._labels: dict[str, str] = {}

    def add(self, identifier: str, label: str, names: Iterable[str]) -> None:
        """Add ``names`` for ``identifier``; ``label`` is the name that messages suggest for it."""
        self._labels[identifier] = label
        for name in names:
            folded = key(name)
            if folded:
                self._ids.setdefault(folded, {})[identifier] = None

    def ids(self, name: str) -> tuple[str, ...]:
        """Return every id that ``name`` can stand for, in the order they were added; none if it is unknown."""
        return tuple(self._ids.get(key(name), ()))

    def find(self, name: str, given: str | None = None) -> str:
        """Return the id that ``name`` stands for; messages quote ``given``, what the caller wrote, if it is another.

        Raises :class:`UnknownName` with up to :data:`MAX_NEAR` near names, also for a name that fits several.
        """
        found = self.ids(name)
        if len(found) == 1:
            return found[0]
        shown = _shown(name if given is None else given)
        if found:
            labels = [self._labels[identifier] for identifier in found]
            message = f"{shown} can mean more than one {self._what}"
            raise UnknownName(message, fix=f"say which: {', '.join(labels[:MAX_NEAR])}", near=labels[:MAX_NEAR])
        near = self.near(name)
        fix = "" if near else f"`{self._see}` lists them all"
        raise UnknownName(f"there is no {self._what} called {shown}", fix=fix, near=near)

    def near(self, name: str) -> list[str]:
        """Return the labels of the ids with a name that looks like ``name``, the likeliest first.

        By the distance of :mod:`licet.catalog.nearness`; of two equally near, the one whose name is shorter, then the
        one that was added first.
        """
        wanted = key(name)
        best: dict[str, tuple[int, int]] = {}
        for folded, identifiers in self._ids.items():
            found = cost(wanted, folded)
            if found is not None:
                for identifier in identifiers:
                    label = self._labels[identifier]
                    best[label] = min(best.get(label, (found, len(folded))), (found, len(folded)))
        return sorted(best, key=best.__getitem__)[:MAX_NEAR]

    def ambiguous(self) -> dict[str, tuple[str, ...]]:
        """Return the folded names that stand for several ids, with these."""
        return {folded: tuple(ids) for folded, ids in self._ids.items() if len(ids) > 1}


def _shown(name: str) -> str:
    return repr(name if len(name) <= MAX_NAME else name[:MAX_NAME] + "…")
