"""The body: the box that holds it, and the paragraphs in it."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.extraction import readers
from licet.archive.extraction.blocks import PARAGRAPHS, best_box, blocks_of, good
from licet.archive.extraction.notices import ends_snapshot, is_notice, trimmed
from licet.archive.extraction.page import clean, letters
from licet.archive.extraction.paragraphs import own_text, paragraphs
from licet.archive.extraction.pruning import ALWAYS_OUT, doubtful, size

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from licet.archive.extraction.blocks import Block
    from licet.archive.extraction.overrides import Override
    from licet.archive.extraction.page import Element, Page
    from licet.archive.extraction.paragraphs import Paragraph


_SURE = 0.35
_SHORT = 60.0
_MORE = 1.6
_OTHERS = 0.6
_EVEN = 0.8
_TRIFLE = 0.02
_MOST = 0.4
_ROUNDS = 12


class Body(NamedTuple):
    """The body, all lines of its box (credits too), the box with what was left out of it, and how sure it is.

    ``share`` is how much of the page's running text stands in the box, ``even`` how much of the body stands in one
    element: an article is mostly written in one, what is around it in others.
    """

    text: str = ""
    own: str = ""
    box: Element | None = None
    without: Container[Element] = ()
    share: float = 0.0
    even: float = 0.0
    sure: float = 0.0


def find(page: Page, title: str) -> Body:
    """Return the body of the article; empty where the page has no running text.

    Where our own reading holds little of the page's running text, other readers are asked, and one that finds a good
    deal more is believed. Where it is gathered from several boxes, a line that no other reader finds is left out.
    """
    body = _own(page, title)
    if body.share >= _SURE and size(body.text) >= _SHORT:
        return body if body.even >= _EVEN else _witnessed(page, body)
    for reader in (readers.declared, readers.library):
        found = takewhile(lambda line: not ends_snapshot(line), reader(page))
        lines = [trimmed(line) for line in found if not is_notice(line, page.lang)]
        if sum(map(size, lines)) > max(_MORE * size(body.text), _SHORT):
            return body._replace(text="\n".join(filter(None, lines)), sure=_OTHERS)
    return body


def within(page: Page, title: str, override: Override) -> Body:
    """Return the body in the boxes that a site's override names; by the rules where they hold nothing."""
    without = override.stripped(page.root)
    boxes = [box for box in override.found(page.root, "body") if box not in without]
    if boxes:
        blocks = [block for box in boxes for block in blocks_of(box, without)]
        body = _gathered(page, title, boxes[0], blocks, without)
        if size(body.text) >= _SHORT:
            return body._replace(share=1.0, sure=0.97)
    return find(page, title)


def _own(page: Page, title: str) -> Body:
    likely, without = _likely(page.root)
    box, beyond = best_box(page.root, likely)
    if box is None:
        return Body()
    without |= beyond
    body = _gathered(page, title, box, [*_lead(box, without), *blocks_of(box, without)], without)
    share = min(1.0, body.share / max(_running(likely), 1.0))
    return body._replace(share=share, sure=0.5 + 0.48 * share)


def _gathered(page: Page, title: str, box: Element, blocks: list[Block], without: Container[Element]) -> Body:
    """Return the body in some blocks; ``share`` is as yet their running text."""
    captions = {clean(image.get("alt")) for image in box.iter("img")}
    read = paragraphs(blocks, title, page.lang, captions)
    return Body(
        text="\n".join(paragraph.text for paragraph in read),
        own=own_text(blocks, title, page.lang),
        box=box,
        without=without,
        share=_running(blocks),
        even=_evenness(read),
    )


def _evenness(read: list[Paragraph]) -> float:
    """Return how much of the paragraphs' weight stands in one element."""
    held: Counter[Element] = Counter()
    for paragraph in read:
        element = paragraph.block.element
        above = element.getparent() if element.tag in PARAGRAPHS else element
        held[element if above is None else above] += paragraph.block.weight  # type: ignore[assignment]
    return max(held.values(), default=0.0) / max(sum(held.values()), 1.0)


def _witnessed(page: Page, body: Body) -> Body:
    """Leave out the lines of a body that two other readers, who read most of the same, do not find.

    The second is asked only if a part of the body that counts is not in what the first one read.
    """
    lines = body.text.split("\n")
    missing = set(lines)
    whole = sum(map(size, lines))
    for reader in readers.libraries(page.lang):
        found = "".join(map(letters, reader(page)))
        missing = {line for line in missing if letters(line) not in found}
        lost = sum(map(size, missing))
        if lost <= _TRIFLE * whole:
            return body
        if lost > 0.5 * whole:
            return body._replace(sure=0.85 * body.sure)
    return body._replace(text="\n".join(line for line in lines if line not in missing))


def _likely(root: Element) -> tuple[list[Block], set[Element]]:
    """Return the blocks that can be part of the article, and the elements that cannot.

    A doubtful element is left out unless a good part of the page's running text is in it; then those inside it are
    looked at.
    """
    without = doubtful(root)
    likely = blocks_of(root, set(without))
    inside = {element: _running(blocks_of(element)) for element in without if element.tag not in ALWAYS_OUT}
    most = _MOST * (_running(likely) + sum(inside.values()))
    believed = [element for element, running in inside.items() if running > most]
    for _ in range(_ROUNDS):
        if not believed:
            break
        element = believed.pop()
        deeper = doubtful(element)
        without = [other for other in without if other is not element] + deeper
        believed += [e for e in deeper if e.tag not in ALWAYS_OUT and _running(blocks_of(e)) > most]
        likely = blocks_of(root, set(without))
    return likely, set(without)


def _running(blocks: Iterable[Block]) -> float:
    return sum(block.weight for block in blocks if good(block))


def _lead(box: Element, without: Container[Element]) -> list[Block]:
    """Return the paragraphs of running text that stand before the box, beside it: a lead set apart."""
    lead: list[Block] = []
    for sibling in box.itersiblings(preceding=True):
        if sibling.tag == "p":
            lead[:0] = [block for block in blocks_of(sibling, without) if good(block) and block.weight > 25]
    return lead
