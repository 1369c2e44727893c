"""Blocks of text, and the box that holds the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.archive.extraction.pruning import BLOCKS, HEADINGS, NEVER, size

if TYPE_CHECKING:
    from licet.archive.extraction.page import Element

_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")
_MARKS = re.compile(r"[。，、；：？！,.;?!“”\"]")
_LIKELY = re.compile(
    r"article|content|story|post|entry|main|body|text|zhengwen|neirong|detail|artical|news_?txt|TRS_Editor",
    re.IGNORECASE,
)
_REACH = (1.0, 0.55, 0.3, 0.1)
_LEAST = 8.0
_MOST = 0.6
_SECTION = 0.4


class Block(NamedTuple):
    """A run of text inside one box: its element, text, weight in characters, and how much of it is in links."""

    element: Element
    text: str
    weight: float
    linked: float


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
    return _Walk(root).blocks


class _Walk:
    """A walk through a tree, without recursion: a hostile page may be nested deeper than Python's stack."""

    def __init__(self, root: Element) -> None:
        self.blocks: list[Block] = []
        self._run = _Run()
        self._boxes: list[Element] = [root]
        self._links = 0
        self._stack: list[tuple[str, Any]] = [("open", root)]
        while self._stack:
            what, node = self._stack.pop()
            if what == "tail":
                self._run.add(node.tail, link=self._links > 0)
            elif what == "open":
                self._open(node)
            else:
                self._close(node)

    def _open(self, node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag in NEVER:
            return
        if node.tag == "br":
            self._flush()
            return
        if node.tag in BLOCKS:
            self._flush()
            self._boxes.append(node)
        self._links += node.tag == "a"
        self._run.add(node.text, link=self._links > 0)
        self._stack.append(("close", node))
        for child in reversed(node):
            self._stack += [("tail", child), ("open", child)]

    def _close(self, node: Any) -> None:
        if node.tag in BLOCKS:
            self._flush()
            self._boxes.pop()
        self._links -= node.tag == "a"

    def _flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self._run.parts)).strip()
        if text:
            self.blocks.append(Block(self._boxes[-1], text, size(text), self._run.linked))
        self._run = _Run()


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
    densest: Element = _widened(max(scores, key=lambda element: scores[element] * _bonus(element)), weights)
    densest = _with_its_like(densest, weights)
    widest: Element = _most(densest, weights)
    return densest if weights[densest] > _SECTION * weights[widest] else widest


def _with_its_like(box: Any, weights: dict[Any, float]) -> Any:
    """Return what holds the box and the boxes of the same name beside it: an article in numbered sections."""
    name = box.get("class")
    if not name or box.tag in {"body", "article", "main"}:
        return box
    alike = [other for other in weights if other.tag == box.tag and other.get("class") == name]
    together = sum(weights[other] for other in alike)
    if together < 1.25 * weights[box]:
        return box
    for parent in _upward(box)[1:]:
        if weights[parent] >= 0.9 * together:
            return parent if weights[parent] < 1.4 * together else box
    return box


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
    return 1.2 if _LIKELY.search(f"{element.get('class') or ''} {element.get('id') or ''}") else 1.0


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
        elif parent.tag == "body" or weights[parent] > 1.25 * weights[box]:
            break
    return current
