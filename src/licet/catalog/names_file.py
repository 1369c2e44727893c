"""Reads the text of ``names.yaml``, with a line in every error; see :mod:`licet.catalog.own_names`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from licet.catalog.names import key
from licet.catalog.own_names import FILE, LONGEST_NAME
from licet.catalog.places import places, places_called
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_DEEPEST = 3
_LANGUAGES = ("en", "zh")
_FORM = "write it as  places: {TW: {en: Taiwan, zh: 台湾}}"


def parsed(text: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the names by language and code, and the codes by folded name. Raises :class:`BadFile`."""
    root = _node(text)
    return ({}, {}) if root is None else _names(root)


def _node(text: str) -> yaml.Node | None:
    """Return the root of the YAML text; None for a file of nothing but remarks."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        # First as a flat stream: building the tree of a thousand brackets would exhaust the stack.
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
                raise _wrong(event.start_mark, "this is nested too deep, or an alias")
        found: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise _wrong(error.problem_mark or error.context_mark, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadFile(f"{FILE}: not YAML: {error}", fix="remove control characters") from error
    return found


def _wrong(mark: Any, message: str, fix: str = _FORM) -> BadFile:
    # The two loaders of PyYAML have marks of two types, both with a line.
    return BadFile(f"{FILE}:{mark.line + 1 if mark else 1}: {message}", fix=fix)


def _names(root: yaml.Node) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    names: dict[str, dict[str, str]] = {language: {} for language in _LANGUAGES}
    codes: dict[str, str] = {}
    for top, _, given in _pairs(root):
        if top != "places":
            raise _wrong(given.start_mark, f"nothing is called {top[:40]!r} here")
        for code, node, by_language in _pairs(given):
            if code not in places():
                raise _wrong(node.start_mark, f"there is no place of code {code[:40]!r}", "`licet places` lists them")
            for language, at, value in _pairs(by_language):
                if language not in _LANGUAGES:
                    raise _wrong(at.start_mark, f"no language is called {language[:40]!r}", "en or zh")
                name = _name(value, code, codes)
                names[language][code] = name
                codes[key(name)] = code
    return names, codes


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Yield key, its node and its value of a mapping without double keys."""
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(node.start_mark, "keys and values belong here")
    seen = set()
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode) or name.value in seen:
            raise _wrong(name.start_mark, "this key is given twice, or is none", "keep one")
        seen.add(name.value)
        yield name.value, name, value


def _name(node: yaml.Node, code: str, taken: Mapping[str, str]) -> str:
    """Return a display name, checked: printable, short, and no other place's."""
    if not isinstance(node, yaml.ScalarNode):
        raise _wrong(node.start_mark, "a name belongs here")
    name = str(node.value).strip()
    if not key(name) or not name.isprintable() or len(name) > LONGEST_NAME:
        fix = f"write up to {LONGEST_NAME} letters, in one line"
        raise _wrong(node.start_mark, f"{name[:40]!r} cannot be shown as a name", fix)
    others = [other for other in (*places_called(name), taken.get(key(name), code)) if other != code]
    if others:
        raise _wrong(node.start_mark, f"{name!r} is a name of {others[0]} already", f"give {code} another name")
    return name
