"""Blocks of text, and the box that holds the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from licet.archive.extraction.body import (
    _LIKELY,
    _MARKS,
    BLOCKS,
    HEADINGS,
    NEVER,
    Block,
    names,
    size,
)

if TYPE_CHECKING:
    from licet.archive.extraction.page import Element

_SPACES = re.compile(r"[\s　​﻿]+")
_REACH = (1.0, 0.55, 0.3, 0.1)
_LEAST = 8.0
_MOST = 0.6
_SECTION = 0.5


class _Run:
    """Text of one box being gathered, until a block inside it or a line break ends it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.linked = 0.0

    def add(self, text: str | None, *, link: bool) -> None:
        if text:
            self.parts.append(text)
            if link:
                self.linked += size(_SPACES.sub(" ", text).strip())


def blocks_of(root: Element) -> list[Block]:
    """Return the blocks of text under ``root``, in reading order; ``<br>`` ends a block."""
    found: list[Block] = []
    _walk(root, found)
    return found


def _walk(root: Element, found: list[Block]) -> None:
    """Walk without recursion: a hostile page may be nested deeper than Python's stack."""
    run = _Run()
    owner: list[Any] = [root]
    links = 0
    stack: list[tuple[str, Any]] = [("open", root)]

    def flush() -> None:
        nonlocal run
        text = _SPACES.sub(" ", "".join(run.parts)).strip()
        if text:
            found.append(Block(owner[-1], text, size(text), run.linked))
        run = _Run()

    while stack:
        what, node = stack.pop()
        if what == "tail":
            run.add(node.tail, link=links > 0)
            continue
        block = node.tag in BLOCKS
        if what == "close":
            if block:
                flush()
                owner.pop()
            links -= node.tag == "a"
            continue
        if not isinstance(node.tag, str) or node.tag in NEVER:
            continue
        if node.tag == "br":
            flush()
            continue
        if block:
            flush()
            owner.append(node)
        links += node.tag == "a"
        run.add(node.text, link=links > 0)
        stack.append(("close", node))
        for child in reversed(node):
            stack += [("tail", child), ("open", child)]


def good(block: Block) -> bool:
    """Say whether a block reads like a sentence of running text."""
    if block.weight < _LEAST or block.linked > 0.5 * block.weight or block.element.tag in HEADINGS:
        return False
    return bool(_MARKS.search(block.text))


def score(block: Block) -> float:
    """Return what a block is worth to the boxes around it."""
    marks = len(_MARKS.findall(block.text))
    return (1.0 + marks + min(block.weight / 30.0, 4.0)) * (1.0 - block.linked / block.weight)


def best_box(blocks: list[Block]) -> Element | None:
    """Return the box with the most weight of running text, widened where its neighbors have as much to say.

    A box that is densest but holds only a small part of the page's running text is one section of an article in many
    boxes: then the smallest box that holds most of the text is taken.
    """
    scores: dict[Any, float] = {}
    weights: dict[Any, float] = {}
    for block in blocks:
        if not good(block):
            continue
        worth = score(block)
        box = block.element.getparent() if block.element.tag in {"p", "li", "blockquote", "pre"} else block.element
        for depth, element in enumerate(_upward(box)):
            if depth < len(_REACH):
                scores[element] = scores.get(element, 0.0) + worth * _REACH[depth]
            weights[element] = weights.get(element, 0.0) + block.weight
    if not scores:
        return None
    densest = _widened(max(scores, key=lambda element: scores[element] * _bonus(element)), weights)
    widest = _most(densest, weights)
    return densest if weights[densest] > _SECTION * weights[widest] else widest


def _most(box: Any, weights: dict[Any, float]) -> Any:
    """Return the smallest box around ``box``, or beside it, that holds most of the page's running text."""
    current = _upward(box)[-1]
    while True:
        inner = [child for child in current if weights.get(child, 0.0) > _MOST * weights[current]]
        if not inner:
            return current
        current = inner[0]


def _bonus(element: Any) -> float:
    if element.tag == "article":
        return 1.3
    return 1.2 if _LIKELY.search(names(element)) else 1.0


def _upward(element: Any) -> list[Any]:
    chain = []
    while element is not None and element.tag != "html":
        chain.append(element)
        element = element.getparent()
    return chain


def _widened(box: Any, weights: dict[Any, float]) -> Any:
    """Go up while the parent holds a good deal more running text than the box: an article in several boxes."""
    current = box
    for parent in _upward(box)[1:]:
        if parent.tag == "body" and current.tag in {"article", "main"}:
            break
        if weights[parent] > 1.25 * weights[current] and weights[parent] < 6.0 * weights[current]:
            current = parent
        elif parent.tag == "body":
            break
        elif weights[parent] > 1.25 * weights[box]:
            break
    return current
