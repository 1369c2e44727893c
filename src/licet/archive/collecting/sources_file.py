"""The sources file: YAML, read strictly. Every mistake is named with its line and its fix, all of them at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from licet.archive import addresses
from licet.archive.collecting.agent import contact_checked
from licet.archive.collecting.lists import is_xpath
from licet.archive.collecting.sources import READERS, Duration, Policy, Source, Sources, is_address_pattern
from licet.errors import BadFile, BadValue, LicetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIMIT = 1024 * 1024
MOST_SOURCES = 10_000
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TOP = ("contact", "defaults", "sources", "readers")
_FIELDS = {field.name: field for field in msgspec.structs.fields(Source)}
_POLICY = {field.name for field in msgspec.structs.fields(Policy)}
_ALIASES = {"address": "addresses"}
_FORMS = {
    "kind": "write feed, rss, atom, json-feed, sitemap, news-sitemap, list, page or files",
    "display": "write full, excerpt or link",
    "name": "write 1 to 60 letters, digits, '.', '-' or '_'",
    "addresses": "write address: https://host/path, or addresses: with a list of them",
    "categories": "write each as 'category of the feed': ours, or '/path/*': ours",
    "follow": "write a list of patterns, e.g. ['/2025/*']",
    "deny": "write a list of patterns, e.g. ['*/video/*']",
    "lists": "write a list of patterns, e.g. ['/news?page=*']",
    "depth": "write a number from 1 to 10",
    "concurrency": "write a number from 1 to 8",
    "max_pages": "write a number from 1 to 1000000",
    "allow_private": "write true or false",
    "requisites": "write true or false",
}
_SPAN = "write a time span: 90s, 15m, 2h or 30d"
_TEXT = "write a line of text of at most 200 characters"


class Mistake(NamedTuple):
    """What is wrong, in which line (from 1), and what to do about it."""

    line: int
    message: str
    fix: str


def read_sources(path: Path) -> Sources:
    """Read a sources file. :class:`BadFile` names every mistake as ``file:line``, each with its fix."""
    reader = _Reader()
    found = reader.read(_text(path))
    if reader.mistakes or found is None:
        lines = [f"{path.name}:{one.line}: {one.message}: {one.fix}" for one in sorted(reader.mistakes)]
        raise BadFile("\n".join(lines), fix="see docs/manual/archive-collect.md for what a sources file may hold")
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise BadFile(f"{path.name} is larger than 1 MB", fix="split it, and crawl the parts one after another")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} is not UTF-8 text", fix="save the file as UTF-8") from error
    except OSError as error:
        fix = "check the name, and that you may read it"
        raise BadFile(f"{path.name} cannot be read: {error.strerror}", fix=fix) from error


class _Reader:
    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def read(self, text: str) -> Sources | None:
        top = self._composed(text)
        if top is None:
            return None
        known = {key: value for key, value in self._pairs(top, _TOP).items() if key in _TOP}
        defaults = self._policy(known.get("defaults"), _POLICY, {})
        listed = known.get("sources")
        if listed is None or not isinstance(listed, yaml.SequenceNode) or not listed.value:
            self._wrong(listed or top, "there is no list of sources", "write sources: and under it '- name: …'")
            return None
        if len(listed.value) > MOST_SOURCES:
            self._wrong(listed, f"more than {MOST_SOURCES} sources", "split the file")
            return None
        found = [(source, node) for node in listed.value if (source := self._source(node, defaults))]
        self._each_once(found)
        return Sources(
            sources=tuple(source for source, _ in found),
            contact=self._contact(known.get("contact")),
            readers=self._readers(known, defaults),
        )

    def _composed(self, text: str) -> yaml.MappingNode | None:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                if isinstance(event, yaml.AliasEvent):
                    mark = event.start_mark
                    self.mistakes.append(
                        Mistake(mark.line + 1 if mark else 1, "an alias (*name)", "write the value out")
                    )
                    return None
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = str(getattr(error, "problem", None) or "this is no YAML")
            self.mistakes.append(Mistake(mark.line + 1 if mark else 1, problem, "check indentation and quotes"))
            return None
        except RecursionError:
            self.mistakes.append(Mistake(1, "the file is nested too deeply", "write it flat"))
            return None
        if not isinstance(node, yaml.MappingNode):
            self.mistakes.append(Mistake(1, "this is no mapping", "begin with sources:"))
            return None
        return node

    def _pairs(self, node: yaml.Node, known: Iterator[str] | Any) -> dict[str, yaml.Node]:
        """Return a mapping's values by key; unknown keys and keys that stand twice are mistakes."""
        found: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, "this is no mapping", "write key: value, a line each")
            return found
        names = list(known)
        for key, value in node.value:
            name = _ALIASES.get(str(key.value), str(key.value))
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(names))}"
                self._wrong(key, f"unknown key {str(key.value)[:60]!r}", hint)
            elif name in found:
                self._wrong(key, f"{name} stands twice", "keep one of them")
            else:
                found[name] = value
        return found

    def _policy(self, node: yaml.Node | None, known: Any, given: dict[str, Any]) -> dict[str, Any]:
        """Return the typed values of a source, or of the defaults, over those ``given``."""
        values = dict(given)
        if node is None:
            return values
        for name, value in self._pairs(node, known).items():
            plain = _plain(value)
            if name in ("addresses", "follow", "deny", "lists") and isinstance(plain, str):
                plain = [plain]
            try:
                values[name] = msgspec.convert(plain, _FIELDS[name].type, strict=False, dec_hook=_span)
            except (msgspec.ValidationError, BadValue):
                shown = str(plain)[:60]
                self._wrong(value, f"{name} cannot be {shown!r}", _form(name))
                continue
            self._further(name, values[name], value)
        return values

    def _further(self, name: str, value: Any, node: yaml.Node) -> None:
        """Check what a type does not say: that a zone is one, that a selector can be read."""
        if name == "zone" and value is not None and not _is_zone(value):
            self._wrong(node, f"no time zone is called {value!r}", "write an IANA name, e.g. Asia/Shanghai")
        if name == "select" and value is not None and (problem := _selector_problem(value)):
            self._wrong(node, f"the selector cannot be read ({problem})", "write CSS, or XPath that begins with /")
        if name == "categories":
            for key in value:
                if not key.strip() or (is_address_pattern(key) and len(key) > 500):
                    self._wrong(node, f"{key[:40]!r} is no category and no pattern", _FORMS["categories"])

    def _source(self, node: yaml.Node, defaults: dict[str, Any]) -> Source | None:
        before = len(self.mistakes)
        values = self._policy(node, _FIELDS, defaults)
        if len(self.mistakes) > before:
            return None
        for name in ("name", "kind", "addresses"):
            if not values.get(name):
                self._wrong(node, f"{name} is missing", _FORMS[name])
        if len(self.mistakes) > before:
            return None
        source = Source(**values)
        self._fits_together(source, node)
        return source if len(self.mistakes) == before else None

    def _fits_together(self, source: Source, node: yaml.Node) -> None:
        if source.name == READERS:
            self._wrong(node, f"the name {READERS} is taken by what readers submit", "choose another name")
        for low, high in (("every", "most"), ("page_every", "page_most")):
            if not 1 <= getattr(source, low) <= getattr(source, high):
                self._wrong(node, f"{low} must lie between 1s and {high}", f"raise {high} or lower {low}")
        if source.delay > 3600:
            self._wrong(node, "delay is longer than an hour", "write at most 1h")
        if source.kind != "list" and (source.select or source.lists):
            self._wrong(node, "select and lists are for list pages only", "take them out, or write kind: list")
        for address in source.addresses if source.kind != "files" else ():
            try:
                addresses.checked(address)
            except LicetError as error:
                self._wrong(node, error.message, error.fix or "write https://host/path")

    def _each_once(self, found: list[tuple[Source, yaml.Node]]) -> None:
        names: set[str] = set()
        places: dict[str, str] = {}
        for source, node in found:
            if source.name in names:
                self._wrong(node, f"two sources are called {source.name}", "rename one of them")
            names.add(source.name)
            for address in source.addresses:
                other = places.setdefault(address, source.name)
                if other != source.name:
                    self._wrong(node, f"{address} stands in {other} and in {source.name}", "keep it in one of them")

    def _readers(self, known: dict[str, yaml.Node], defaults: dict[str, Any]) -> Source | None:
        if "readers" not in known:
            return None
        # What a reader submits never reaches one's own network, whatever the defaults say.
        allowed = _POLICY - {"allow_private", "select", "lists", "depth", "follow", "every", "most"}
        values = self._policy(known["readers"], allowed, {key: defaults[key] for key in defaults if key in allowed})
        return Source(**values, name=READERS, kind="page", addresses=())

    def _contact(self, node: yaml.Node | None) -> str | None:
        if node is None:
            return None
        try:
            return contact_checked(str(_plain(node)))
        except LicetError as error:
            self._wrong(node, error.message, error.fix)
            return None

    def _wrong(self, node: yaml.Node, message: str, fix: str) -> None:
        self.mistakes.append(Mistake(node.start_mark.line + 1, message, fix))


def _plain(node: yaml.Node) -> Any:
    """Return a node as text, lists and mappings; there are no aliases, so it is no larger than the file."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return str(node.value)


def _span(kind: type, value: object) -> Duration:
    if kind is Duration:
        return Duration.read(value)
    raise TypeError(kind)


def _form(name: str) -> str:
    return _SPAN if _FIELDS[name].type is Duration else _FORMS.get(name, _TEXT)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _selector_problem(select: str) -> str:
    compiled: Callable[[str], object] = etree.XPath if is_xpath(select) else _css
    try:
        compiled(select)
    except (etree.XPathError, SelectorError) as error:
        return str(error)[:100]
    return ""


def _css(select: str) -> object:
    return CSSSelector(select, translator="html")
