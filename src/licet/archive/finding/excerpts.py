"""Excerpts: the parts of a text around the terms looked for, cut where the sense allows, the terms marked.

All of it takes time in proportion to the text: terms are looked for as they stand, no stretch is searched twice.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.finding.folding import CJK, fold_with_offsets
from licet.archive.finding.language import read_query
from licet.archive.finding.terms import is_cjk, runs, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from licet.archive.finding.terms import Words

_LENGTH = {True: 90, False: 220}
_SHORTER = 0.55
_ELLIPSIS = "..."
_STOPS = "。！？!?；;…\n"
_PAUSES = _STOPS + "，,、：: ”」』）)"
_SOLID = re.compile(f"[{CJK}]+")
_FAR = 50_000
"""Characters of a text that are looked through."""

_MOST = 64


class _Span(NamedTuple):
    first: int
    last: int
    term: int  # which term stands there


Piece = tuple[str, bool]


def marked_terms(query: str, words: Words) -> list[str]:
    """Return what of a query is marked in a text, folded: phrases whole, the rest by the words it is made of too."""
    asked = read_query(query)
    found = dict.fromkeys(asked.wanted)
    for piece in asked.wanted:
        if piece not in asked.phrases:
            found.update(dict.fromkeys(runs(piece)))
            found.update(dict.fromkeys(words.plain(piece)))
    return list(found)


def excerpt(text: str, terms: Iterable[str]) -> list[Piece]:
    """Return the best parts of ``text`` for ``terms`` (folded) in pieces, each with whether it is a term.

    One stretch of the text, or two where the second has terms that the first has not, with ``...`` wherever something
    was left out; together about 90 Chinese characters or 220 others long.
    """
    text = text[:_FAR]
    folded, offsets = fold_with_offsets(text)
    spans = _spans(folded, offsets, terms, len(text))
    length = _LENGTH[any(is_cjk(run) for run in runs(folded[:400]))]
    pieces: list[Piece] = []
    end = 0
    for start, stop in _windows(text, spans, length):
        if start > end:
            pieces.append((_ELLIPSIS, False))
        pieces += _marked(text, start, stop, spans)
        end = stop
    if end < len(text):
        pieces.append((_ELLIPSIS, False))
    return pieces


def _marked(text: str, start: int, stop: int, spans: Sequence[_Span]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last, _ in spans:
        if first < at or last > stop:
            continue
        if first > at:
            pieces.append((_flat(text[at:first]), False))
        pieces.append((_flat(text[first:last]), True))
        at = last
    if at < stop:
        pieces.append((_flat(text[at:stop]), False))
    return pieces


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _spans(folded: str, offsets: Sequence[int], terms: Iterable[str], length: int) -> list[_Span]:
    """Return where terms stand in the text, none over another, longer ones first; words in letters only whole."""
    taken: list[_Span] = []
    used = bytearray(len(folded))
    wanted = sorted({term for term in terms if runs(term)}, key=lambda term: (-len(term), term))[:_MOST]
    for number, term in enumerate(wanted):
        for first, last in _places(term, folded):
            if not any(used[first:last]):
                used[first:last] = b"\x01" * (last - first)
                taken.append(_Span(offsets[first], offsets[last] if last < len(offsets) else length, number))
    return sorted(span for span in taken if span.first < span.last)


def _places(term: str, folded: str) -> Iterator[tuple[int, int]]:
    """Find a term: Chinese as it stands, words in letters whole, also in the English plural and possessive."""
    if _SOLID.fullmatch(term):
        at = folded.find(term)
        while at >= 0:
            yield at, at + len(term)
            at = folded.find(term, at + len(term))
        return
    for match in _pattern(term).finditer(folded):
        first, last = match.span()
        if not (_joined(folded, first) or _joined(folded, last)):
            yield first, last


def _joined(folded: str, at: int) -> bool:
    """Say whether a word in letters goes on over this place."""
    return 0 < at < len(folded) and _letter(folded[at - 1]) and _letter(folded[at])


def _letter(character: str) -> bool:
    return character.isalnum() and not is_cjk(character)


@lru_cache(maxsize=1_000)
def _pattern(term: str) -> re.Pattern[str]:
    # Between the runs of a phrase a text may have marks and spaces; a few, so that no text makes this slow.
    return re.compile(r"[\W_]{0,8}".join(re.escape(run) if is_cjk(run) else _inflected(run) for run in runs(term)))


def _inflected(word: str) -> str:
    base = stem(word)
    if not base.isascii() or not base.isalpha() or len(base) < 3:
        return re.escape(word)
    forms = [re.escape(base) + "(?:e?s)?"]
    if base.endswith("y"):
        forms.append(re.escape(base[:-1]) + "ies")
    if word not in (base, base + "s", base + "es"):
        forms.append(re.escape(word))
    return f"(?:{'|'.join(forms)})(?:['’]s)?"


def _windows(text: str, spans: Sequence[_Span], length: int) -> list[tuple[int, int]]:
    """Choose the stretch that holds the most different terms, and one more for terms that it has not."""
    if len(text) <= length:
        return [(0, len(text))]
    every = {span.term for span in spans}
    first = _window(text, spans, length)
    held = {span.term for span in spans if first[0] <= span.first and span.last <= first[1]}
    if held >= every:
        return [first]
    shorter = int(length * _SHORTER)
    one = _window(text, spans, shorter)
    held = {span.term for span in spans if one[0] <= span.first and span.last <= one[1]}
    rest = [span for span in spans if span.term not in held and (span.last <= one[0] or span.first >= one[1])]
    if not rest:
        return [first]
    two = _window(text, rest, shorter)
    if two[0] < one[1] and one[0] < two[1]:
        return [first]
    return sorted([one, two])


def _window(text: str, spans: Sequence[_Span], length: int) -> tuple[int, int]:
    """Return the stretch of about ``length`` with the most different terms, begun and ended where the sense allows."""
    best, start, behind = -1, 0, 0
    inside: Counter[int] = Counter()
    for span in spans:
        inside[span.term] += 1
        while behind < len(spans) and spans[behind].first < span.last - length:
            gone = spans[behind].term
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            behind += 1
        if len(inside) > best:
            best, start = len(inside), spans[min(behind, len(spans) - 1)].first
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


def _finish(text: str, start: int, length: int, spans: Sequence[_Span]) -> int:
    """End at the last sentence end in the stretch, else at a pause, never inside a term."""
    limit = min(len(text), start + length)
    if limit == len(text):
        return limit
    # A term that the stretch was chosen for is not cut off for the sake of a sentence's end.
    least = max([start + length // 2, *(span.last for span in spans if start <= span.first and span.last <= limit)])
    for marks in (_STOPS, _PAUSES):
        for position in range(limit, least - 1, -1):
            if text[position - 1] in marks:
                return position
    return next((last for first, last, _ in spans if first < limit < last), limit)
