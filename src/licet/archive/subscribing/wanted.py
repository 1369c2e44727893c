"""What a reader follows: a category or a search, and the newest items of several of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from licet.archive.model import Snapshot

LONGEST = 200
"""Characters of a search, and of the name of a category or source."""

LANGUAGES = ("", "zh", "en")


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A category, a search, or a search within a category; ``lang`` limits it to texts in ``zh`` or ``en``.

    All empty means everything.
    """

    query: str = ""
    category: str = ""
    source: str = ""
    lang: str = ""


def checked(query: str = "", category: str = "", source: str = "", lang: str = "") -> Wanted:
    """Return a wish with its texts on one line; :class:`BadValue` for one that is too long or of another language."""
    texts = [_line(text) for text in (query, category, source)]
    if any(len(text) > LONGEST for text in texts):
        raise BadValue(f"a search or category has more than {LONGEST} characters", fix="shorten it")
    if lang not in LANGUAGES:
        raise BadValue(f"{lang[:20]!r} is no language of the archive", fix="choose zh or en, or leave it open")
    return Wanted(texts[0], texts[1], texts[2], lang)


def together(
    wishes: Iterable[Wanted],
    find: Callable[[Wanted, int], Sequence[Snapshot]],
    limit: int,
    moment: Callable[[Snapshot], int],
) -> list[Snapshot]:
    """Return the newest items that any of the wishes finds, each once, newest first.

    ``find(wanted, limit)`` gives the newest of one wish; ``moment`` dates an item.
    """
    found = {snapshot.id: snapshot for wanted in wishes for snapshot in find(wanted, limit)}
    return sorted(found.values(), key=lambda snapshot: (-moment(snapshot), snapshot.id))[:limit]


def _line(text: str) -> str:
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
