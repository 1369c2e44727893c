"""Marks of the law in a captured article: its text cut into pieces, so that each mention can be linked and colored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from licet import evidence
from licet.desk.labels import place_words
from licet.desk.render import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive import Snapshot, Tag
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes

# What is asked about at a place where the article names no chip.
_A_CHIP = "h100-sxm"


@dataclass(frozen=True, slots=True)
class Mark:
    """What an article names: the law's word on it (``badge``, and ``sign``, its shortest form), and where it leads."""

    label: str
    badge: str
    sign: str
    tone: str
    href: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, with the mark that it carries, if any."""

    text: str
    mark: Mark | None = None


def marks_of(snapshot: Snapshot, statutes: Statutes, tongue: Tongue) -> list[Mark]:
    """Return what a snapshot names and the law knows, in the order of first mention."""
    found = evidence.marks(snapshot, statutes, language=tongue.code)
    chip = next((mark.key for mark in found if mark.kind == "chip"), _A_CHIP)
    return [
        Mark(_label(mark, tongue), mark.badge, _sign(mark), mark.tone, _href(mark, chip), mark.tags)
        for mark in found
        if mark.answer
    ]


def _label(mark: evidence.Mark, tongue: Tongue) -> str:
    """Return what a mark is called; a place by the operator's name, if there is one."""
    return place_words(tongue, mark.key) if mark.kind == "place" else mark.label


def _sign(mark: evidence.Mark) -> str:
    if mark.tone.startswith("tier"):
        return mark.tone.removeprefix("tier")
    return mark.badge.removeprefix("3A090") if mark.tone == "controlled" else ""


def _href(mark: evidence.Mark, chip: str) -> str:
    """Return where a mark leads: an act, and an ECCN, to the act's page, a chip to the world, a place to an answer."""
    if "act" in mark.answer:
        return f"/law/{mark.answer['act']}"
    if mark.kind == "chip":
        return address("/world", {**mark.answer, "basis": "written"})
    return address("/", {"chip": chip, "quantity": "1", **mark.answer, "basis": "written"})


def pieces(text: str, field: str, marks: Sequence[Mark]) -> list[list[Piece]]:
    """Cut the ``field`` of an article into paragraphs, and these into pieces; of tags that overlap the first counts."""
    found: list[list[Piece]] = [[]]
    at = 0
    for tag, mark in _in_order(field, marks):
        if tag.start < at or tag.end > len(text):
            continue
        _add(found, text[at : tag.start], None)
        _add(found, text[tag.start : tag.end], mark)
        at = tag.end
    _add(found, text[at:], None)
    return [paragraph for paragraph in found if any(piece.text.strip() for piece in paragraph)]


def _in_order(field: str, marks: Sequence[Mark]) -> Iterable[tuple[Tag, Mark]]:
    pairs = ((tag, mark) for mark in marks for tag in mark.tags if tag.field == field)
    return sorted(pairs, key=lambda pair: (pair[0].start, -pair[0].end))


def _add(found: list[list[Piece]], text: str, mark: Mark | None) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            found.append([])
        if line:
            found[-1].append(Piece(line, mark))
