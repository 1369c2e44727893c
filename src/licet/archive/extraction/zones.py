"""The lines around the headline, where pages print time, source and author."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from licet.archive.extraction.page import Page

_TEXT = re.compile(r"[。，；]|[a-z][,.;] [A-Za-z]|[a-z]\.$")
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AFTER = 420
_BEFORE = 220
_WHOLE = 200_000


class Zones(msgspec.Struct, frozen=True):
    """Parts of the visible text, a line a line: ``head`` after the headline, ``before`` it, ``whole`` the page."""

    head: str
    before: str
    whole: str
    shown: bool
    """Whether the headline stands in the text at all."""


def find(page: Page, title: str) -> Zones:
    """Return the zones of a page. Of several places that hold the headline, the one a time follows counts."""
    whole = page.whole
    places = _places(whole, title)
    best, best_rank = None, -1
    for place in places:
        rank = _rank(whole, place, len(title))
        if rank > best_rank:
            best, best_rank = place, rank
    if best is None:
        return Zones(head="", before="", whole=whole[:_WHOLE], shown=False)
    start = best - len(title)
    return Zones(
        head=_until_text(whole[best : best + _AFTER]),
        before=_whole_lines(whole, max(0, start - _BEFORE), start),
        whole=whole[:_WHOLE],
        shown=True,
    )


def _whole_lines(whole: str, start: int, end: int) -> str:
    """Return the text from ``start`` to ``end`` without the rest of a line that begins before it."""
    if start and whole[start - 1] != "\n":
        start = whole.find("\n", start, end) + 1 or end
    return whole[start:end]


def _rank(whole: str, place: int, length: int) -> int:
    """Rank a place that holds the headline: best is a line of its own that a time follows."""
    head = _until_text(whole[place : place + _AFTER])
    own_line = whole[max(0, place - length - 1)] == "\n" and whole[place : place + 1] in {"\n", ""}
    clock = bool(_CLOCK.search(head[: _AFTER // 2]))
    return 3 * own_line + 2 * clock + bool(_YEAR.search(head))


def _until_text(head: str) -> str:
    """Return the lines before the first that reads like a paragraph."""
    lines = head.split("\n")
    for index, line in enumerate(lines):
        if len(line) > 50 and _TEXT.search(line[20:]):
            return "\n".join(lines[:index])
    return head


def _places(whole: str, title: str) -> list[int]:
    """Return where the headline ends, for each line that holds it."""
    if len(title) < 2:
        return []
    ends: list[int] = []
    at = whole.find(title)
    while at >= 0 and len(ends) < 6:
        ends.append(at + len(title))
        at = whole.find(title, at + 1)
    return ends
