"""Score the reading of news pages after something that the rules may lean on was taken from every page.

usage: perturbed.py FOLDER [--only NAME …] [--peers] [--json]

FOLDER is that of ``pages.py``. Each perturbation changes every page in one way and leaves its truth as it is: names of
classes and ids gone or renamed, what the head declares dropped, containers and paragraphs written otherwise, other
encodings, strange boxes of text set in. ``as is`` is the page after the same parsing and writing. The rules were
written while such pages were looked at; what they lose here is what they may lose on pages that were not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

import pages as bench
from licet.archive.extraction.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable

Tree = etree._Element  # noqa: SLF001 - the name lxml gives to the type of its elements
FIELDS = ("body", "title", "day", "minute", "author", "source")
_KEPT = ("charset", "content-type")
_TEASERS = {
    "zh": "本地另一条消息：市场管理处昨日公布了夏季检查的安排，详情请看下一版。",
    "en": "Elsewhere in the city, the market office announced its plan for the summer checks, see the next page.",
}
_COMMENTS = {
    "zh": "说得很好，我完全同意这个看法，希望有关部门能够早日解决这个问题，谢谢。",
    "en": "I agree with every word of this, and I hope that the office will act on it before the winter comes.",
}


def _tree(text: str) -> Tree:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    return etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace"), parser=parser)


def _written(root: Tree) -> bytes:
    for element in list(root.iter("meta")):
        if element.get("charset") or (element.get("http-equiv") or "").lower() == "content-type":
            element.getparent().remove(element)
    return b"<!DOCTYPE html>" + etree.tostring(root, method="html", encoding="utf-8")


def _nothing(root: Tree, _: str) -> None:
    """Leave the page as it is."""


def _no_names(root: Tree, _: str) -> None:
    for element in root.iter(etree.Element):
        for name in [name for name in element.attrib if name in {"class", "id"} or str(name).startswith("data-")]:
            del element.attrib[name]


def _renamed(root: Tree, _: str) -> None:
    """Give each name of a class or id another that says nothing, as style compilers do."""
    for element in root.iter(etree.Element):
        for name in ("class", "id"):
            words = (element.get(name) or "").split()
            if words:
                element.set(name, " ".join("x" + hashlib.sha256(word.encode()).hexdigest()[:6] for word in words))


def _drop(root: Tree, test: Callable[[Tree], bool]) -> None:
    for element in [element for element in root.iter(etree.Element) if test(element)]:
        parent = element.getparent()
        if parent is None:
            continue
        before, tail = element.getprevious(), element.tail or ""
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        parent.remove(element)


def _no_json_ld(root: Tree, _: str) -> None:
    _drop(root, lambda e: e.tag == "script" and "ld+json" in (e.get("type") or ""))


def _no_scripts(root: Tree, _: str) -> None:
    _drop(root, lambda e: e.tag == "script" and "ld+json" not in (e.get("type") or ""))


def _no_graph(root: Tree, _: str) -> None:
    _drop(root, lambda e: e.tag == "meta" and e.get("property") is not None)


def _no_meta(root: Tree, _: str) -> None:
    _drop(root, lambda e: e.tag == "meta" and not any(e.get(name) for name in _KEPT))


def _no_microdata(root: Tree, _: str) -> None:
    for element in root.iter(etree.Element):
        for name in ("itemprop", "itemtype", "itemscope", "rel", "pubdate", "datetime", "property"):
            if element.tag != "meta" and name in element.attrib and element.tag != "link":
                del element.attrib[name]
        if element.tag == "time":
            element.tag = "span"


def _no_title(root: Tree, _: str) -> None:
    _drop(root, lambda e: e.tag == "title")


def _no_declarations(root: Tree, lang: str) -> None:
    for change in (_no_json_ld, _no_meta, _no_microdata):
        change(root, lang)


def _bare(root: Tree, lang: str) -> None:
    """Take declarations and names: what is left is what a reader sees, and the tags."""
    _no_declarations(root, lang)
    _no_scripts(root, lang)
    _no_names(root, lang)


def _no_headings(root: Tree, _: str) -> None:
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        element.tag = "div"


def _plain_boxes(root: Tree, _: str) -> None:
    for element in root.iter("article", "main", "section", "header", "footer", "aside", "nav", "figure"):
        element.tag = "div"


def _sections(root: Tree, _: str) -> None:
    for element in root.iter("div"):
        element.tag = "section"


def _boxed_paragraphs(root: Tree, _: str) -> None:
    for element in root.iter("p"):
        element.tag = "div"


def _breaks(root: Tree, _: str) -> None:
    """Write paragraphs beside each other as text with two line breaks between."""
    for element in root.iter("p"):
        element.tag = "span"
        for _n in range(2):
            line = etree.Element("br")
            line.tail, element.tail = element.tail, None
            element.addnext(line)


def _wrapped(root: Tree, _: str) -> None:
    for element in list(root.iter("div", "p", "article")):
        parent = element.getparent()
        if parent is None:
            continue
        outer, inner = etree.Element("div"), etree.Element("div")
        outer.tail, element.tail = element.tail, None
        parent.replace(element, outer)
        outer.append(inner)
        inner.append(element)


def _boxes(text: str, count: int, *, linked: bool) -> Tree:
    box = etree.Element("div")
    for n in range(count):
        line = etree.SubElement(etree.SubElement(box, "div"), "a" if linked else "p")
        line.text = text.replace("，", f"，第{n + 1}项", 1).replace(",", f", item {n + 1}", 1)
        if linked:
            line.set("href", f"/other/{n}")
    return box


def _crowded(root: Tree, lang: str) -> None:
    """Set in teasers before, after and beside the text, and comments after it, without names that tell."""
    body = root.find("body")
    if body is None:
        return
    body.insert(0, _boxes(_TEASERS[lang], 4, linked=True))
    body.append(_boxes(_TEASERS[lang], 8, linked=True))
    body.append(_boxes(_COMMENTS[lang], 5, linked=False))


TREES: dict[str, Callable[[Tree, str], None]] = {
    "as is": _nothing,
    "no names": _no_names,
    "renamed": _renamed,
    "no JSON-LD": _no_json_ld,
    "no OpenGraph": _no_graph,
    "no meta": _no_meta,
    "no microdata": _no_microdata,
    "no <title>": _no_title,
    "no declarations": _no_declarations,
    "no scripts": _no_scripts,
    "bare": _bare,
    "no headings": _no_headings,
    "plain boxes": _plain_boxes,
    "sections": _sections,
    "p as div": _boxed_paragraphs,
    "p as br": _breaks,
    "wrapped": _wrapped,
    "crowded": _crowded,
}
ENCODINGS: dict[str, tuple[str, str]] = {
    "gb18030": ("gb18030", "gb2312"),
    "gb18030, undeclared": ("gb18030", ""),
    "gb18030 as utf-8": ("gb18030", "utf-8"),
    "big5": ("big5hkscs", "big5"),
    "utf-16": ("utf-16", "utf-16"),
    "utf-8 as gb2312": ("utf-8", "gb2312"),
}
PERTURBATIONS = (*TREES, *ENCODINGS)


def perturbed(page: bytes, lang: str, name: str) -> bytes:
    """Return a page after the perturbation of this name."""
    root = _tree(decode(page)[0])
    if name in TREES:
        TREES[name](root, lang if lang in _TEASERS else "en")
        return _written(root)
    encoding, declared = ENCODINGS[name]
    text = _written(root).decode("utf-8")
    if declared:
        text = text.replace("<head>", f'<head><meta charset="{declared}">', 1)
    return text.encode(encoding, "xmlcharrefreplace")


def run(pages: bench.Pages, names: list[str], *, peers: bool) -> dict[str, Any]:
    """Return the figures of each reader by perturbation and language."""
    result: dict[str, Any] = {}
    for name in names:
        changed = [(truth, perturbed(page, truth["lang"], name)) for truth, page in pages]
        for reader, (answers, _) in bench.read_all(changed, peers=peers).items():
            for lang in bench.FLOORS:
                truths = [truth for truth, _ in pages if truth["lang"] == lang]
                result.setdefault(lang, {}).setdefault(name, {})[reader] = bench.score(truths, answers)
    return result


def show(result: dict[str, Any]) -> None:
    """Print a table a language."""
    for lang, rows in result.items():
        print(f"{lang:40}" + "".join(f"{field:>9}" for field in FIELDS))
        for name, readers in rows.items():
            for reader, figures in readers.items():
                cells = (figures.get(field) for field in FIELDS)
                row = "".join(f"{f'{cell[0]:.3f}' if cell else '-':>9}" for cell in cells)
                print(f"{name:22}{reader:18}{row}")


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=PERTURBATIONS, default=list(PERTURBATIONS), metavar="NAME")
    parser.add_argument("--peers", action="store_true", help="read with the peers too")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the tables")
    options = parser.parse_args()
    pages, left_out = bench.load(options.folder)
    if not pages:
        print(f"no pages in {options.folder}: it needs ID.html.gz and ID.json pairs", file=sys.stderr)
        return 1
    result = run(pages, options.only, peers=options.peers)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main())
