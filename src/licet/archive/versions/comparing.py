"""Two versions of an article, held against each other: title, time, source, author, body.

Paragraphs are aligned first: those that are the same, then those that are most alike between them. What differs is
looked for inside a pair only.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

import msgspec

from licet.archive.versions.pieces import Piece, difference, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.archive.model import Article

Field = Literal["title", "published", "source", "author"]
FIELDS: tuple[Field, ...] = ("title", "published", "source", "author")

MOST_PARAGRAPHS = 2_000
"""Paragraphs of a body that are compared one by one; the rest are compared as one."""

MOST_CELLS = 4_000
"""Pairs of paragraphs that are weighed against each other in one stretch; more are taken in their order."""

LEAST_ALIKE = 0.35
"""The share of words from which one paragraph is held to be the other, rewritten."""


class FieldChange(msgspec.Struct, frozen=True):
    """A field of the article that is not what it was."""

    field: Field
    before: str
    after: str
    pieces: list[Piece]


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph of the later body, or one that is gone, with what changed in it."""

    kind: Literal["same", "changed", "removed", "added"]
    pieces: list[Piece]


class Change(msgspec.Struct, frozen=True):
    """All that changed from one version to another; ``body`` holds every paragraph, in order."""

    fields: list[FieldChange]
    body: list[Paragraph]

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.fields) or any(paragraph.kind != "same" for paragraph in self.body)

    def counts(self) -> dict[str, int]:
        """Return how many paragraphs were changed, removed and added."""
        found = Counter(paragraph.kind for paragraph in self.body)
        return {kind: found[kind] for kind in ("changed", "removed", "added")}


def compare(before: Article, after: Article) -> Change:
    """Return what changed from ``before`` to ``after``."""
    fields = []
    for field in FIELDS:
        old, new = _value(before, field), _value(after, field)
        if old != new:
            fields.append(FieldChange(field, old, new, difference(old, new)))
    return Change(fields, list(_paragraphs(_lines(before.body), _lines(after.body))))


def _value(article: Article, field: Field) -> str:
    if field == "author":
        return ("、" if article.lang == "zh" else ", ").join(article.author)
    return str(getattr(article, field) or "")


def _lines(body: str) -> list[str]:
    lines = [line for line in body.split("\n") if line.strip()]
    rest = lines[MOST_PARAGRAPHS - 1 :]
    return lines if len(rest) <= 1 else [*lines[: MOST_PARAGRAPHS - 1], "\n".join(rest)]


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for tag, from_old, to_old, from_new, to_new in _stretches(old, new):
        if tag == "equal":
            yield from (Paragraph("same", [Piece("same", line)]) for line in old[from_old:to_old])
        else:
            yield from _replaced(old[from_old:to_old], new[from_new:to_new])


def _stretches(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's opcodes; of lines that are all alike, which would take long, the common ends only."""
    counts = Counter(new)
    if sum(count * counts[line] for line, count in Counter(old).items()) <= 20 * (len(old) + len(new)) + 1_000:
        return [tuple(code) for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()]  # type: ignore[misc]
    shorter = min(len(old), len(new))
    same = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    return [("equal", 0, same, 0, same), ("replace", same, len(old), same, len(new))]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a stretch that differs: rewritten ones as pairs, the others as removed and added."""
    at_old = at_new = 0
    for one, other in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Paragraph("removed", [Piece("removed", line)]) for line in old[at_old:one])
        yield from (Paragraph("added", [Piece("added", line)]) for line in new[at_new:other])
        if one < len(old):
            yield Paragraph("changed", difference(old[one], new[other]))
        at_old, at_new = one + 1, other + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which paragraph became which, in order: the pairs that are most alike in all (a longest chain)."""
    if not old or not new:
        return []
    bags_old, bags_new = [_bag(line) for line in old], [_bag(line) for line in new]
    if len(old) * len(new) > MOST_CELLS:
        return [
            at for at in zip(range(len(old)), range(len(new)), strict=False) if _alike(bags_old[at[0]], bags_new[at[1]])
        ]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    weights = [[_alike(one, other) for other in bags_new] for one in bags_old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = weights[i][j] + best[i + 1][j + 1] if weights[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    chosen, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            chosen.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def _bag(line: str) -> Counter[str]:
    return Counter(word for word in words(line) if not word.isspace())


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two paragraphs have in common (0 to 1); 0 below :data:`LEAST_ALIKE`."""
    longer = max(one.total(), other.total())
    share = (one & other).total() / longer if longer else 0.0
    return share if share >= LEAST_ALIKE else 0.0
