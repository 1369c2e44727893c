"""A parsed page: the tree, and what its head declares."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lxml import etree

from licet.archive.extraction import timezones
from licet.archive.finding.folding import CJK
from licet.errors import NotExtractable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

_CHINESE = re.compile(f"[{CJK}]")
_KANA = re.compile("[぀-ヿ]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff￾￿]")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")
_MARKS = re.compile(r"[\W_]+")
_LINES = frozenset(("br", "p", "div", "li", "td", "th", "tr", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"))
_NAMING = ("class", "id", "rel", "itemprop")
_LABELS = ("span", "a", "div", "p", "em", "i", "b", "strong", "td", "li", "address", "h4", "h5")
_TOO_MANY_COMMAS = re.compile(r",\s*([}\]])")
_COMMENT_LINES = re.compile(r"^\s*(?://[^\n]*|/\*[^*]*\*/)\s*$", re.MULTILINE)
_MOST_OBJECTS = 50
_LONGEST_SCRIPT = 400_000
_LONG_TAG, _MOST_ATTRIBUTES = 10_000, 1_000
_TAG_END = re.compile(r"""(?:"[^"]*"|'[^']*'|[^"'>])*+>""")
_DEEPEST, _MOST_ELEMENTS = 250, 200_000
_LEFT_OUT = {"script", "style", "noscript", "template", "svg", "iframe", "object", "select", "textarea"}

Element = etree._Element  # noqa: SLF001 - the name lxml gives to the type of its elements


def clean(text: str | None) -> str:
    """Return ``text`` with every run of white space as one space, none at the ends."""
    return _SPACES.sub(" ", text or "").strip()


def letters(text: str) -> str:
    """Return the letters and digits of a text alone, in lower case: to compare what readers write otherwise."""
    return _MARKS.sub("", text).lower()


def visible(element: Element) -> str:
    """Return the text of an element without scripts and the like, white space as it stands."""
    if element.tag in _LEFT_OUT:
        return ""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: Element, parts: list[str]) -> None:
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, after = stack.pop()
        if after:
            parts.append(node.tail or "")
            continue
        if node is not element:
            stack.append((node, True))
        if not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
            continue
        parts.append(node.text or "")
        if node.tag in _LINES:
            parts.append("\n")
        stack += [(child, False) for child in reversed(node)]


class Page:
    """A page read once, for every rule to look at. ``text`` is the decoded source, ``zone`` the source's, if given."""

    def __init__(self, text: str, url: str | None, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self.text = _bounded(_CONTROL.sub(" ", _XML_HEAD.sub("", text, count=1)))
        self.url = url
        self.root = _parsed(self.text)

    @cached_property
    def meta(self) -> dict[str, str]:
        """What the head's ``meta`` says, by lower-case name, property or itemprop; the first one counts."""
        found: dict[str, str] = {}
        for element in self.root.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            content = clean(element.get("content"))
            if name and content:
                found.setdefault(_SPACES.sub("", name).lower(), content)
        return found

    def metas(self, name: str) -> list[str]:
        """Return every ``meta`` of this name, in order."""
        return [
            clean(element.get("content"))
            for element in self.root.iter("meta")
            if (element.get("property") or element.get("name") or "").strip().lower() == name
        ]

    def having(self, names: Sequence[str]) -> Iterator[Element]:
        """Yield the elements that have one of the attributes, in their order."""
        found: Any = self.root.xpath("//*[" + " or ".join(f"@{name}" for name in names) + "]")
        yield from found

    def called(self, pattern: re.Pattern[str], longest: int) -> Iterator[str]:
        """Yield the text of each element whose class, id, rel or itemprop fits, if it is at most ``longest`` long."""
        for element in self.root.iter(*_LABELS):
            names = " ".join(filter(None, map(element.get, _NAMING)))
            if names and pattern.search(names):
                text = clean(visible(element))
                if 1 < len(text) <= longest:
                    yield text

    @cached_property
    def data(self) -> list[dict[str, Any]]:
        """The JSON-LD objects of the page, those inside ``@graph`` and lists too."""
        found: list[dict[str, Any]] = []
        for element in self.root.iter("script"):
            if "ld+json" in (element.get("type") or "").lower():
                found += _objects(_loaded(element.text or ""))
        return found

    @cached_property
    def article_data(self) -> dict[str, Any]:
        """The JSON-LD object that tells of the article, empty if there is none."""
        best: dict[str, Any] = {}
        for item in self.data:
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            told = any(isinstance(n, str) and (n.endswith(("Article", "Posting")) or n == "Report") for n in names)
            if told and len(item) > len(best):
                best = item
        return best

    @cached_property
    def whole(self) -> str:
        """The visible text, a line a line, none of them empty."""
        body = self.root.find("body")
        lines = visible(self.root if body is None else body).split("\n")
        return "\n".join(filter(None, map(clean, lines)))

    @cached_property
    def local(self) -> tzinfo:
        """The zone of times that are printed without one."""
        return self._zone or timezones.usual(self.url, self.lang)

    @cached_property
    def scripts(self) -> str:
        """The text of the page's own scripts, without JSON-LD."""
        own = (script for script in self.root.iter("script") if "ld+json" not in (script.get("type") or ""))
        return "\n".join(script.text[:_LONGEST_SCRIPT] for script in own if script.text)

    @cached_property
    def deep(self) -> bool:
        """Whether elements are nested deeper than libraries that recurse can bear, or there are too many of them."""
        depth = 0
        for count, (event, _) in enumerate(etree.iterwalk(self.root, events=("start", "end"))):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST or count > _MOST_ELEMENTS:
                return True
        return False

    @cached_property
    def lang(self) -> str:
        """``zh`` or ``en`` by the characters of the text; what the page declares for another script."""
        text = self.whole[:60_000]
        chinese, kana = len(_CHINESE.findall(text)), len(_KANA.findall(text))
        letters = sum(map(str.isalpha, text))
        if chinese * 6 > letters and kana * 4 < chinese:
            return "zh"
        declared = (self.root.get("lang") or self.root.get("xml:lang") or "en").split("-")[0].split("_")[0].lower()
        return declared if declared.isalpha() and 1 < len(declared) < 4 and declared != "zh" else "en"


def _parsed(text: str) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        root = None
    if root is None:
        raise NotExtractable("this is not a page", fix="give the HTML of a news page")
    return root


def _bounded(text: str) -> str:
    """Return the source with tags of thousands of attributes emptied: the parser compares each with every other."""
    if len(text) < _LONG_TAG:
        return text
    parts = text.split("<")
    inside = False
    for index, part in enumerate(parts):
        named = part[:1].isalpha()
        if len(part) > _LONG_TAG and (named or inside):
            end = _TAG_END.match(part)
            stop = end.end() if end else len(part)
            if part.count("=", 0, stop) > _MOST_ATTRIBUTES or len(part[:stop].split()) > _MOST_ATTRIBUTES:
                parts[index] = (part.split(None, 1)[0] if named else "") + ">" + part[stop:]
        if named or inside:
            inside = not _TAG_END.match(part)
    return "<".join(parts)


def _loaded(text: str) -> Any:
    """Read JSON-LD, broken in the usual ways too: comments, CDATA, a semicolon, commas too many, several objects."""
    stripped = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    stripped = stripped.removeprefix("//<![CDATA[").removesuffix("//]]>").removeprefix("<![CDATA[").removesuffix("]]>")
    for attempt in (str.strip, _mended):
        try:
            return json.loads(attempt(stripped), strict=False)
        except (ValueError, RecursionError):
            continue
    return _first_objects(_mended(stripped))


def _mended(text: str) -> str:
    return _TOO_MANY_COMMAS.sub(r"\1", _COMMENT_LINES.sub("", text)).strip()


def _first_objects(text: str) -> list[Any]:
    """Return the objects that can be read one after another from the start of a text."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text) and len(found) < _MOST_OBJECTS:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip(", \t\r\n"))
    return found


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _objects(value.get(key), depth + 1)
