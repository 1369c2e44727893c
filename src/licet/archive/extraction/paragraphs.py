"""From the article's box to paragraphs: what is around the text is left out, what belongs to it is kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.extraction.blocks import Block, good
from licet.archive.extraction.notices import (
    feed_mark,
    field_label,
    interrupts,
    is_notice,
    starts_list,
    trimmed,
)
from licet.archive.extraction.pruning import HEADINGS, size
from licet.archive.finding.folding import fold

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_FEED = 3
_FEED_STEP = 6
_FIELDS = 12


class Paragraph(NamedTuple):
    """A paragraph of the article, and the block that it was read from."""

    text: str
    block: Block


def paragraphs(blocks: Iterable[Block], title: str, lang: str, captions: Container[str] = ()) -> list[Paragraph]:
    """Return the paragraphs of the article among the blocks of its box, in order.

    ``captions`` are the alternative texts of its pictures: one of them printed above the first sentence is no text,
    one among the paragraphs is read with them.
    """
    kept = _without_feeds(list(blocks))
    kept = _without_fields(_from_start(_without_lists(kept), title))
    kept = _until_end(kept, lang)
    kept = [block for block in kept if not is_notice(block.text, lang)]
    opening = next((index for index, block in enumerate(kept) if good(block)), len(kept))
    kept = [block for index, block in enumerate(kept) if index >= opening or block.text not in captions]
    read = [Paragraph(trimmed(block.text), block) for block in kept]
    return _without_repeats([paragraph for paragraph in read if paragraph.text], title)


def own_text(blocks: Iterable[Block], title: str, lang: str) -> str:
    """Return all lines of the article's box, credits too, up to where another list begins."""
    return "\n".join(block.text for block in _until_end(_from_start(_without_feeds(list(blocks)), title), lang))


def _without_feeds(blocks: list[Block]) -> list[Block]:
    """Leave out lists of other articles in which every item has its time, three items or more."""
    marks = [(index, feed_mark(block.text)) for index, block in enumerate(blocks)]
    marks = [(index, mark) for index, mark in marks if mark]
    dropped: set[int] = set()
    start = 0
    while start < len(marks):
        end = start
        while end + 1 < len(marks) and marks[end + 1][0] - marks[end][0] <= _FEED_STEP:
            end += 1
        if end - start + 1 >= _FEED:
            step = (marks[end][0] - marks[start][0]) // (end - start)
            last = blocks[marks[end][0] - 1]
            ends_item = marks[end][1] < 0 or last.linked < 0.5 * last.weight
            first = _item_start(blocks, marks[start][0], step, ends_item=ends_item)
            dropped.update(range(first, marks[end][0] + (1 if ends_item else 2)))
        start = end + 1
    return [block for index, block in enumerate(blocks) if index not in dropped]


def _item_start(blocks: list[Block], mark: int, step: int, *, ends_item: bool) -> int:
    """Return where the first item of a list begins whose time stands at ``mark``: at most a step before."""
    if ends_item:
        return max(0, mark - step + 1)
    first = mark
    while first > max(0, mark - step + 1) and (blocks[first - 1].linked > 0.5 * blocks[first - 1].weight):
        first -= 1
    return first


def _without_lists(blocks: list[Block]) -> list[Block]:
    """Leave out what is mostly links: menus, lists of other articles."""
    return [
        block for index, block in enumerate(blocks) if block.linked <= 0.6 * block.weight or _inside_text(blocks, index)
    ]


def _inside_text(blocks: list[Block], index: int) -> bool:
    """Say whether a linked line stands between running text, as a cited headline does."""
    before = blocks[index - 1] if index else None
    after = blocks[index + 1] if index + 1 < len(blocks) else None
    return all(
        near is not None and near.linked < 0.3 * near.weight and near.weight > 25 and near.element.tag == "p"
        for near in (before, after)
    )


def _from_start(blocks: list[Block], title: str) -> list[Block]:
    """Begin after the headline, where the box holds it near its start."""
    wanted = _key(title)
    if not wanted:
        return blocks
    for index, block in enumerate(blocks[:12]):
        if _key(block.text) == wanted and not any(size(b.text) > 40 for b in blocks[:index]):
            return blocks[index + 1 :]
    return blocks


def _without_fields(blocks: list[Block]) -> list[Block]:
    """Leave out the fields that stand before the text: a label with its value, or the value on the next line."""
    start, value = 0, False
    for block in blocks[:_FIELDS]:
        label, alone = field_label(block.text)
        if block.weight > 25 or not (label or value):
            break
        start, value = start + 1, alone
    return blocks[start:]


def _until_end(blocks: list[Block], lang: str) -> list[Block]:
    """End where another list or a notice begins; at a mere interruption only if little follows."""
    whole = sum(block.weight for block in blocks)
    read = 0.0
    for index, block in enumerate(blocks):
        listed = starts_list(block.text) and read > 0.4 * whole
        if _notice_of_end(block) and read > 60 and (lang == "zh" or not _goes_on(blocks, index)):
            return blocks[:index]
        if (listed or (read > 0.65 * whole and interrupts(block.text))) and not (
            lang != "zh" and _goes_on(blocks, index)
        ):
            return blocks[:index]
        read += block.weight
    return blocks


def _goes_on(blocks: list[Block], index: int) -> bool:
    """Say whether running text in the same kind of element as before follows: a list set inside the article."""
    before = Counter(_kind(block) for block in blocks[:index] if good(block))
    if not before:
        return False
    kind, _ = before.most_common(1)[0]
    return sum(block.weight for block in blocks[index + 1 :] if good(block) and _kind(block) == kind) > 25


def _kind(block: Block) -> tuple[object, ...]:
    parent = block.element.getparent()
    above = () if parent is None else (parent.tag, parent.get("class"))
    return (block.element.tag, block.element.get("class"), *above)


def _notice_of_end(block: Block) -> bool:
    """Say whether a heading, or a line of its own, begins what is no longer the article."""
    return starts_list(block.text) and (
        block.element.tag in HEADINGS or "快照" in block.text or "更多关于" in block.text
    )


def _without_repeats(read: list[Paragraph], title: str) -> list[Paragraph]:
    """Leave out a line that was just there, and the headline once more."""
    seen: set[str] = set()
    kept = []
    headline = _key(title)
    for paragraph in read:
        key = _key(paragraph.text)
        if key == headline or (len(key) > 30 and key in seen):
            continue
        seen.add(key)
        kept.append(paragraph)
    return kept


def _key(text: str) -> str:
    return fold(text).replace(" ", "")
