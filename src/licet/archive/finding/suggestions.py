"""Suggestions: what a word that was begun could become, and what was probably meant where nothing was found.

Both come from what the index holds now: what was taken down is not suggested.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tantivy import Occur
from tantivy import Query as Part

from licet.archive.finding.asking import field_of
from licet.archive.finding.folding import fold
from licet.archive.finding.language import read_query
from licet.archive.finding.limits import FIELDS, KINDS, LANGUAGES
from licet.archive.finding.terms import is_cjk, needed, runs, terms

if TYPE_CHECKING:
    from licet.archive.finding.index import SearchIndex

LONGEST = 80
_LOOKED_AT = 400
"""Words of the vocabulary, or texts, that a correction is looked for in."""


def complete(index: SearchIndex, prefix: str, limit: int = 10) -> list[str]:
    """Return what ``prefix`` could become, the most frequent first: words and names, titles, values of a filter."""
    prefix = prefix.strip()[:LONGEST]
    name, colon, value = prefix.partition(":" if ":" in prefix else "：")
    field = FIELDS.get(name.lower()) if colon else None
    if field in ("source", "category", "site", "tag", "lang"):
        return [f"{name}:{one}" for one in _values(index, field, value, limit)]
    before, _, last = prefix.rpartition(" ")
    last = fold(last)
    if not runs(last) or limit <= 0:
        return []
    searcher, _ = index.asking()
    counts = Counter(dict(_starting(searcher, "words" if is_cjk(last) else "pairs", last, limit * 2)))
    for known in index.words.names:
        if known.startswith(last) and known not in counts and (count := index.frequency(known)):
            counts[known] = count
    counts.pop(last, None)
    found = [word for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    titles = [title for title, _ in _starting(searcher, "heading", fold(prefix), max(1, limit // 3))]
    room = limit - min(len(titles), limit // 3)
    return list(dict.fromkeys([*(f"{before} {word}".strip() for word in found[:room]), *titles]))[:limit]


def meant(index: SearchIndex, query: str) -> str | None:
    """Return the query with each word that no text has replaced by the nearest that texts have; None without one."""
    asked = read_query(query)
    replaced: dict[str, str] = {}
    for piece in dict.fromkeys(part for word in asked.wanted for part in index.words.parts(word)):
        if not any(index.statistics().frequency(field_of(term), term) == 0 for term in needed(piece)):
            continue
        nearest = _near_cjk(index, piece) if is_cjk(piece) else _near_word(index, piece)
        if nearest:
            replaced[piece] = nearest
    text = asked.text
    for piece, nearest in replaced.items():
        text = text.replace(piece, nearest)
    return text if replaced else None


def _starting(searcher: Any, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
    """Return the terms of a field that begin so, the most frequent first; only those of texts that are there."""
    found = searcher.terms_with_prefix(field, prefix, filter_query=Part.all_query(), limit=limit)
    return [(str(term), int(count)) for term, count in found]


def _values(index: SearchIndex, field: str, value: str, limit: int) -> list[str]:
    if field == "lang":
        return [one for one in LANGUAGES if one.startswith(value.lower())][:limit]
    value = value.lower() if field in ("site", "tag") else value
    searcher, _ = index.asking()
    found = [term for term, _ in _starting(searcher, field, value, limit)]
    kinds = [f"{kind}:" for kind in KINDS if field == "tag" and kind.startswith(value) and value != f"{kind}:"]
    return [*found, *(kind for kind in kinds if kind not in found)][:limit]


def _near_word(index: SearchIndex, word: str) -> str | None:
    """Return the most frequent word one slip away, of a longer word two."""
    searcher, _ = index.asking()
    most = 1 if len(word) < 6 else 2
    near: list[tuple[int, int, str]] = []
    for other, count in _starting(searcher, "pairs", word[:1], _LOOKED_AT * 10):
        slips = _slips(word, other, most)
        if 0 < slips <= most:
            near.append((slips, -count, other))
    return min(near)[2] if near else None


def _near_cjk(index: SearchIndex, piece: str) -> str | None:
    """Return the most frequent stretch of the texts that differs from ``piece`` in one character."""
    searcher, asking = index.asking()
    chars = list(dict.fromkeys(terms(piece)))
    if not 2 <= len(chars) <= 12:
        return None
    some = [(Occur.Should, asking.term("chars", char)) for char in chars]
    query = Part.boolean_query(some, minimum_number_should_match=len(chars) - 1)
    counts: Counter[str] = Counter()
    for _, address in searcher.search(query, limit=_LOOKED_AT, count=False).hits:
        text = bytes(searcher.doc(address)["text"][0]).decode("utf-8", "replace")
        counts.update(set(_windows(text, piece)))
    likely = [(count, window) for window, count in counts.items() if window in index.words.plain(window)]
    likely = likely or [(count, window) for window, count in counts.items() if count > 1]
    return max(likely)[1] if likely else None


def _windows(text: str, piece: str) -> list[str]:
    """Return the stretches of a text that agree with ``piece`` in all characters but one, in their places."""
    found = []
    size = len(piece)
    for at, own in enumerate(piece):
        # Where the text has this character, the others must stand around it.
        start = text.find(own)
        while start >= 0:
            window = text[start - at : start - at + size] if start >= at else ""
            if len(window) == size and sum(a != b for a, b in zip(window, piece, strict=True)) == 1 and _whole(window):
                found.append(window)
            start = text.find(own, start + 1)
    return found


def _whole(window: str) -> bool:
    return all(is_cjk(character) for character in window)


def _slips(one: str, other: str, most: int) -> int:
    """Return the insertions, deletions, changes and swaps of neighbors between two words, or more than ``most``.

    The restricted Damerau-Levenshtein distance (optimal string alignment).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, mine in enumerate(one, 1):
        now = [row]
        for column, theirs in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (mine != theirs))
            if row > 1 and column > 1 and mine == other[column - 2] and one[row - 2] == theirs:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]
