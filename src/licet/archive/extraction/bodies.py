"""The body: the box that holds it, and the paragraphs in it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from licet.archive.extraction.blocks import best_box, blocks_of, good
from licet.archive.extraction.paragraphs import own_text, paragraphs
from licet.archive.extraction.pruning import prune, size

if TYPE_CHECKING:
    from licet.archive.extraction.blocks import Block
    from licet.archive.extraction.page import Element, Page


class Body(NamedTuple):
    """The body, all lines of its box (credits too), the box, and how sure it is.

    Sure is the share of the page's running text that the body holds: where it holds little, something was left.
    """

    text: str
    own: str
    box: Element | None
    sure: float


def find(page: Page, title: str) -> Body:
    """Return the body of the article; empty where the page has no running text."""
    root = deepcopy(page.root)
    prune(root)
    everything = blocks_of(root)
    box = best_box(everything)
    if box is None:
        return Body("", "", None, 0.0)
    blocks = [*_lead(box), *blocks_of(box)]
    body = "\n".join(paragraphs(blocks, title, page.lang))
    running = sum(block.weight for block in everything if good(block))
    return Body(body, own_text(blocks, title), box, min(1.0, size(body) / max(running, 1.0)))


def _lead(box: Element) -> list[Block]:
    """Return the paragraphs of running text that stand before the box, beside it: a lead set apart."""
    lead: list[Block] = []
    for sibling in box.itersiblings(preceding=True):
        if sibling.tag == "p":
            lead[:0] = [block for block in blocks_of(sibling) if good(block) and block.weight > 25]
    return lead
