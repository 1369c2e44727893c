"""Overrides for single sites: where a field stands on their pages, as data.

A file ``NAME.yaml`` names its hosts and, for a field, selectors in the order in which they are tried; what none of them
finds is read by the rules. Files come with Licet (``sites/`` beside this module) and from the user's own folder, which
goes first. Every selector is bounded: its length, what it may call, and how often it may go down the tree.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import yaml
from lxml import etree
from lxml.cssselect import CSSSelector

from licet.archive.extraction.timezones import named
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from licet.archive.extraction.page import Element

FIELDS = ("title", "body", "published", "author", "source", "category")
_LARGEST_FILE = 65_536
_MOST_FILES = 500
_MOST_SELECTORS = 12
_LONGEST = 200
_MOST_FOUND = 200
_MOST_STEPS, _MOST_PARTS = 2, 6
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_CALLS = re.compile(r"([A-Za-z][\w-]*)\s*\(")
_ALLOWED_CALLS = frozenset(("contains", "starts-with", "normalize-space", "not", "text", "position", "last"))
_AXES = re.compile(r"(?:preceding|following|ancestor)")
_CSS_COSTLY = re.compile(r"[~]|:has|:contains|:nth-last", re.IGNORECASE)


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of a site: its hosts, name and zone, selectors by field (``css:…``, ``xpath:…``), what to strip."""

    site: list[str]
    name: str | None = None
    zone: str | None = None
    title: list[str] = []
    body: list[str] = []
    published: list[str] = []
    author: list[str] = []
    source: list[str] = []
    category: list[str] = []
    strip: list[str] = []

    @property
    def digest(self) -> str:
        """Twelve hex digits of the SHA-256 of what it says: part of the extractor's version where it is used."""
        said = json.dumps(msgspec.to_builtins(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8")).hexdigest()[:12]

    def found(self, root: Element, field: str) -> list[Element]:
        """Return the elements that the first selector with any finds for a field, at most 200, in document order."""
        for selector in getattr(self, field):
            elements = select(root, selector)
            if elements:
                return elements
        return []

    def stripped(self, root: Element) -> set[Element]:
        """Return the elements that are no part of the article."""
        return {element for selector in self.strip for element in select(root, selector)}


class Overrides:
    """The overrides that are known, by host."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self._by_host: dict[str, Override] = {}
        for override in overrides:
            for host in override.site:
                self._by_host.setdefault(host, override)

    @staticmethod
    def load(folder: Path | None = None) -> Overrides:
        """Return those of ``folder``, if given and there, then those that come with Licet.

        :class:`~licet.errors.BadFile` names the file and what is wrong with it.
        """
        return _loaded(folder, _state(folder))

    def of(self, url: str | None) -> Override | None:
        """Return the override for an address: of its host, or of a domain above it."""
        try:
            host = (urlsplit(url or "").hostname or "").lower()
        except ValueError:
            return None
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None


def _state(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of change of the files in a folder: what is read again when one of them changes."""
    try:
        entries = sorted(folder.glob("*.yaml")) if folder else []
        return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in entries)
    except OSError:
        return ()


@lru_cache(maxsize=8)
def _loaded(folder: Path | None, state: tuple[tuple[str, int, int], ...]) -> Overrides:
    return Overrides([*(_read(folder) if folder and state else []), *built_in()])


@lru_cache(maxsize=1)
def built_in() -> tuple[Override, ...]:
    """Return the overrides that come with Licet."""
    return tuple(_read(files("licet.archive.extraction") / "sites"))


def _read(folder: Traversable) -> list[Override]:
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name)
    if len(paths) > _MOST_FILES:
        raise BadFile(f"more than {_MOST_FILES} files of sites", fix="keep one file for each site that needs it")
    return [parsed(path.read_bytes(), path.name) for path in paths]


def parsed(data: bytes, name: str) -> Override:
    """Return the override in a file's bytes; :class:`~licet.errors.BadFile` says what is wrong."""
    if len(data) > _LARGEST_FILE:
        raise BadFile(f"{name} is larger than {_LARGEST_FILE} bytes", fix="name the selectors only")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=yaml.SafeLoader)):
            raise BadFile(f"{name} uses an alias", fix="write the value where it is used")
        override = msgspec.convert(yaml.load(data, Loader=yaml.SafeLoader), Override)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise BadFile(f"{name}: {error}", fix=f"its fields are site, name, zone, strip, {', '.join(FIELDS)}") from None
    _check(override, name)
    return override


def _check(override: Override, name: str) -> None:
    if not override.site or not all(_HOST.fullmatch(host) for host in override.site):
        raise BadFile(f"{name}: site is a list of host names", fix="write them in lower case, as news.example.com")
    if override.zone:
        named(override.zone)
    for field in (*FIELDS, "strip"):
        selectors = getattr(override, field)
        if len(selectors) > _MOST_SELECTORS:
            raise BadFile(
                f"{name}: more than {_MOST_SELECTORS} selectors for {field}", fix="keep those that are needed"
            )
        for selector in selectors:
            if reason := refused(selector):
                raise BadFile(f"{name}: {field}: {selector[:60]!r} {reason}", fix="see the manual on selectors")


def refused(selector: str) -> str:
    """Say why a selector is not taken; empty if it is."""
    kind, _, expression = selector.partition(":")
    if kind not in {"css", "xpath"} or not expression.strip():
        return "does not begin with css: or xpath:"
    if len(expression) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if reason := _costly_css(expression) if kind == "css" else _costly_xpath(expression):
        return reason
    try:
        _compiled(selector)
    except (etree.XPathError, ValueError, SyntaxError) as error:
        return f"cannot be read: {error}"
    return ""


def _costly_css(expression: str) -> str:
    if _CSS_COSTLY.search(expression):
        return "uses ~ or a pseudo-class that is not allowed"
    return "" if len(expression.split()) <= _MOST_PARTS else f"has more than {_MOST_PARTS} parts"


def _costly_xpath(expression: str) -> str:
    if _AXES.search(expression) or expression.count("//") + expression.count("descendant") > _MOST_STEPS:
        return f"uses an axis that is not allowed, or // more than {_MOST_STEPS} times"
    other = [call for call in _CALLS.findall(expression) if call not in _ALLOWED_CALLS]
    return f"calls {other[0]}()" if other else ""


@lru_cache(maxsize=2048)
def _compiled(selector: str) -> Any:
    kind, _, expression = selector.partition(":")
    return CSSSelector(expression) if kind == "css" else etree.XPath(expression)


def select(root: Element, selector: str) -> list[Element]:
    """Return the elements that a selector finds under ``root``, at most 200; text and attributes are not elements."""
    try:
        found = _compiled(selector)(root)
    except etree.XPathError:
        return []
    if not isinstance(found, list):
        return []
    return [element for element in found[:_MOST_FOUND] if isinstance(element, etree._Element)]  # noqa: SLF001
