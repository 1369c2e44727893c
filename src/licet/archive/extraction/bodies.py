"""The body: the box that holds it, and the paragraphs in it."""

from __future__ import annotations

from copy import deepcopy
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.extraction import readers
from licet.archive.extraction.blocks import best_box, blocks_of, good
from licet.archive.extraction.notices import ends_snapshot, is_notice, trimmed
from licet.archive.extraction.page import clean
from licet.archive.extraction.paragraphs import own_text, paragraphs
from licet.archive.extraction.pruning import prune, size

if TYPE_CHECKING:
    from licet.archive.extraction.blocks import Block
    from licet.archive.extraction.page import Element, Page


_SURE = 0.35
_SHORT = 60.0
_MORE = 1.6


class Body(NamedTuple):
    """The body, all lines of its box (credits too), the box, and how sure it is.

    Sure is the share of the page's running text that stands in the box: where it is little, another box may hold more.
    """

    text: str
    own: str
    box: Element | None
    sure: float


def find(page: Page, title: str) -> Body:
    """Return the body of the article; empty where the page has no running text.

    Where our own reading holds little of the page's running text, other readers are asked, and one that finds a good
    deal more is believed.
    """
    body = _own(page, title)
    if body.sure >= _SURE and size(body.text) >= _SHORT:
        return body
    for reader in (readers.declared, readers.library):
        found = takewhile(lambda line: not ends_snapshot(line), reader(page))
        lines = [trimmed(line) for line in found if not is_notice(line, page.lang)]
        if sum(map(size, lines)) > max(_MORE * size(body.text), _SHORT):
            return Body("\n".join(filter(None, lines)), body.own, body.box, _SURE)
    return body


def _own(page: Page, title: str) -> Body:
    root = deepcopy(page.root)
    prune(root)
    everything = blocks_of(root)
    box = best_box(everything)
    if box is None:
        return Body("", "", None, 0.0)
    blocks = [*_lead(box), *blocks_of(box)]
    captions = {clean(image.get("alt")) for image in box.iter("img")}
    body = "\n".join(paragraphs(blocks, title, page.lang, captions))
    running = sum(block.weight for block in everything if good(block))
    held = sum(block.weight for block in blocks if good(block))
    return Body(body, own_text(blocks, title, page.lang), box, min(1.0, held / max(running, 1.0)))


def _lead(box: Element) -> list[Block]:
    """Return the paragraphs of running text that stand before the box, beside it: a lead set apart."""
    lead: list[Block] = []
    for sibling in box.itersiblings(preceding=True):
        if sibling.tag == "p":
            lead[:0] = [block for block in blocks_of(sibling) if good(block) and block.weight > 25]
    return lead
