"""Blocks of text, and the box that holds the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from licet.archive.extraction.pruning import BLOCKS, HEADINGS, NEVER, size

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from licet.archive.extraction.page import Element

_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")
_MARKS = re.compile(r"[。，、；：？！,.;?!“”\"]")
_LIKELY = re.compile(
    r"article|content|story|post|entry|main|body|text|zhengwen|neirong|detail|artical|news_?txt|TRS_Editor",
    re.IGNORECASE,
)
PARAGRAPHS = frozenset(("p", "li", "blockquote", "pre"))
_REACH = (1.0, 0.55, 0.3, 0.1)
_LEAST = 8.0
_MOST = 0.6
_SECTION = 0.4
_LIST = 30.0


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


def blocks_of(root: Element, without: Container[Element] = ()) -> list[Block]:
    """Return the blocks of text under ``root``, in reading order, leaving out some elements; ``<br>`` ends a block."""
    return _Walk(root, without).blocks


class Held(NamedTuple):
    """How much running text, and how much text of links, each element holds, in characters."""

    running: dict[Element, float]
    linked: dict[Element, float]

    def lists(self, element: Element) -> bool:
        """Say whether an element is a list of links: a menu, other articles."""
        linked = self.linked.get(element, 0.0)
        return linked > _LIST and self.running.get(element, 0.0) < 0.3 * linked


def held(root: Element, blocks: Iterable[Block]) -> Held:
    """Return what each element under ``root`` holds; an element that holds nothing is not there."""
    running: dict[Element, float] = {}
    linked: dict[Element, float] = {}
    for block in blocks:
        if good(block):
            running[block.element] = running.get(block.element, 0.0) + block.weight
        if block.linked:
            linked[block.element] = linked.get(block.element, 0.0) + block.linked
    for element in reversed(list(root.iter(etree.Element))):
        parent = element.getparent()
        if parent is None or element is root:
            continue
        if element in running:
            running[parent] = running.get(parent, 0.0) + running[element]
        if element in linked:
            linked[parent] = linked.get(parent, 0.0) + linked[element]
    return Held(running, linked)


class _Walk:
    """A walk through a tree, without recursion: a hostile page may be nested deeper than Python's stack."""

    def __init__(self, root: Element, without: Container[Element]) -> None:
        self.blocks: list[Block] = []
        self._without = without
        self._run = _Run()
        self._boxes: list[Element] = [root]
        self._links = 0
        walk: Any = etree.iterwalk(root, events=("start", "end"))
        left = None
        for event, node in walk:
            if event == "end":
                if node is not left:
                    self._close(node)
                left = None
                if node is not root:
                    self._run.add(node.tail, link=self._links > 0)
            elif node.tag in NEVER or node in self._without:
                left = node
                walk.skip_subtree()
            else:
                self._open(node)

    def _open(self, node: Any) -> None:
        if node.tag in BLOCKS:
            self._flush()
            self._boxes.append(node)
        elif node.tag == "br":
            self._flush()
        elif node.tag == "a":
            self._links += 1
        self._run.add(node.text, link=self._links > 0)

    def _close(self, node: Any) -> None:
        if node.tag in BLOCKS:
            self._flush()
            self._boxes.pop()
        elif node.tag == "a":
            self._links -= 1

    def _flush(self) -> None:
        if not self._run.parts:
            return
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


def best_box(root: Element, blocks: list[Block]) -> tuple[Element | None, frozenset[Element]]:
    """Return the box with the most weight of running text, widened where its neighbors have as much to say.

    A box that is densest but holds only a small part of the page's running text is one section of an article in many
    boxes: then the smallest box that holds most of the text is taken. The second value are the elements of the box that
    stand apart from the text, beyond a list of links.
    """
    parts = held(root, blocks)
    weights = parts.running
    scores: dict[Any, float] = {}
    for block in blocks:
        if good(block):
            box: Any = block.element
            box = box.getparent() if box.tag in PARAGRAPHS else box
            worth = score(block)
            for reach in _REACH:
                if box is None or box.tag == "html":
                    break
                scores[box] = scores.get(box, 0.0) + worth * reach
                box = box.getparent()
    if not scores:
        return None, frozenset()
    densest, beyond = _widened(max(scores, key=lambda element: scores[element] * _bonus(element)), parts)
    like = _with_its_like(densest, weights)
    widest: Element = _most(like, weights)
    if weights[like] <= _SECTION * weights[widest]:
        return widest, frozenset()
    return like, beyond if like is densest else frozenset()


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


def _widened(box: Any, parts: Held) -> tuple[Any, frozenset[Element]]:
    """Go up while the parent holds a good deal more running text than the box: an article in several boxes.

    Only what stands beside the box without a list of links between counts; what stands beyond is the second value.
    """
    weights, current, below = parts.running, box, box
    beyond: set[Element] = set()
    for parent in _upward(box)[1:]:
        if parent.tag == "body" and current.tag in {"article", "main"}:
            break
        apart = _apart(below, parts)
        near = weights[parent] - sum(weights.get(element, 0.0) for element in apart)
        if near > 1.25 * weights[current] and near < 6.0 * weights[current]:
            current = parent
            beyond.update(apart)
        elif parent.tag == "body" or weights[parent] > 1.25 * weights[box]:
            break
        below = parent
    return current, frozenset(beyond)


def _apart(box: Any, parts: Held) -> list[Element]:
    """Return the elements beside a box that a list of links stands before, seen from the box."""
    apart: list[Element] = []
    for preceding in (True, False):
        passed = False
        for other in box.itersiblings(etree.Element, preceding=preceding):
            if passed:
                apart.append(other)
            passed = passed or parts.lists(other)
    return apart
