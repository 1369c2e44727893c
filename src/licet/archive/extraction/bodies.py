"""The body: our own reading, and other readers' where ours is unsure."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from licet.archive.extraction.blocks import best_box, blocks_of
from licet.archive.extraction.body import prune
from licet.archive.extraction.paragraphs import paragraphs

if TYPE_CHECKING:
    from licet.archive.extraction.page import Element, Page


def find(page: Page, title: str) -> tuple[str, Element | None, float]:
    """Return the body, the box it stands in, and how sure it is."""
    root = deepcopy(page.root)
    prune(root)
    box = best_box(blocks_of(root))
    if box is None:
        return "", None, 0.0
    lines = paragraphs(blocks_of(box), title, page.lang)
    return "\n".join(lines), box, 0.8
