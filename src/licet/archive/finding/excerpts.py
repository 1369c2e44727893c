"""Excerpts: the part of a text around the terms looked for, cut where the sense allows, the terms marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from licet.archive.finding.folding import fold_with_offsets
from licet.archive.finding.terms import is_cjk, read_query, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.finding.terms import Words

_LENGTH = {True: 90, False: 220}
_ELLIPSIS = "..."
_STOPS = "。！？!?；;…\n"
_PAUSES = _STOPS + "，,、：: ”」』）)"
_HAS_WORD = re.compile(r"\w")


def marked_terms(query: str, words: Words) -> list[str]:
    """Return what of a query is marked in a text, folded: its pieces, and the words they are made of."""
    asked = read_query(query)
    found = dict.fromkeys(asked.wanted)
    for piece in asked.wanted:
        found.update(dict.fromkeys(runs(piece)))
        found.update(dict.fromkeys(words.plain(piece)))
    return list(found)


def excerpt(text: str, terms: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the best part of ``text`` for ``terms`` (folded) in pieces, each with whether it is a term.

    The pieces together are a stretch of ``text``, with ``...`` where it was cut; about 90 Chinese characters or 220
    others long.
    """
    folded, offsets = fold_with_offsets(text)
    spans = _spans(folded, offsets, terms, text)
    length = _LENGTH[any(is_cjk(run) for run in runs(folded[:400]))]
    start, end = _window(text, spans, length)
    pieces: list[tuple[str, bool]] = [(_ELLIPSIS, False)] if start > 0 else []
    at = start
    for first, last in spans:
        if first < at or last > end:
            continue
        if first > at:
            pieces.append((_flat(text[at:first]), False))
        pieces.append((text[first:last], True))
        at = last
    if at < end:
        pieces.append((_flat(text[at:end]), False))
    if end < len(text):
        pieces.append((_ELLIPSIS, False))
    return pieces


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _spans(folded: str, offsets: Sequence[int], terms: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Return where terms stand in the text, none over another, longer ones first; words in letters only whole."""
    taken: list[tuple[int, int]] = []
    used = bytearray(len(folded))
    for term in sorted(set(terms), key=lambda term: (-len(term), term)):
        if not _HAS_WORD.search(term):
            continue
        edge = "" if is_cjk(term) else r"\b"
        for match in re.finditer(rf"{edge}{re.escape(term)}{'' if is_cjk(term[-1]) else edge}", folded):
            first, last = match.span()
            if not any(used[first:last]):
                used[first:last] = b"\x01" * (last - first)
                taken.append((offsets[first], offsets[last] if last < len(offsets) else len(text)))
    return sorted(span for span in taken if span[0] < span[1])


def _window(text: str, spans: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Choose the stretch that holds the most different terms; begin and end it where the sense allows."""
    if len(text) <= length:
        return 0, len(text)
    best, start = -1, 0
    for index, (first, _) in enumerate(spans):
        inside = {text[a:b] for a, b in spans[index : index + 50] if b <= first + length}
        if len(inside) > best:
            best, start = len(inside), first
    start = _begin(text, start, length // 3)
    return start, _finish(text, start, length, spans)


def _begin(text: str, at: int, reach: int) -> int:
    """Go back from ``at`` to the start of the sentence, else of the clause, else a little."""
    low = max(0, at - reach)
    if low == 0:
        return 0
    for marks in (_STOPS, _PAUSES):
        for position in range(at, low, -1):
            if text[position - 1] in marks:
                return position
    return max(0, at - reach // 2)


def _finish(text: str, start: int, length: int, spans: Sequence[tuple[int, int]]) -> int:
    """End at the last sentence end in the stretch, else at a pause, never inside a term."""
    limit = min(len(text), start + length)
    if limit == len(text):
        return limit
    least = start + length // 2
    for marks in (_STOPS, _PAUSES):
        for position in range(limit, least, -1):
            if text[position - 1] in marks:
                return position
    return next((last for first, last in spans if first < limit < last), limit)
