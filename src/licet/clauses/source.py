"""Law files: YAML read as text, with the line of every value.

Every scalar is text; the form that reads it decides its type. YAML's own guesses would turn the place ``NO`` into false
and a date into something else (decision 0002).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from licet.errors import LawError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    import yaml

    Form = TypeVar("Form", bound=msgspec.Struct)

LARGEST_FILE = 1_000_000
DEEPEST = 12
MOST_OPEN = 500
_BRACKETS = re.compile(r"[\[\]{}]")
_INDENTED = re.compile(r"^[ \t?:-]{100,}", re.MULTILINE)

Value = None | str | list["Value"] | dict[str, "Value"]


class Source(msgspec.Struct, frozen=True):
    """One law file: its name, its ``value`` (text, lists and mappings), and the line of each path in it."""

    name: str
    value: dict[str, Value]
    lines: dict[str, int]

    def at(self, path: str) -> str:
        """Return ``file:line`` of a path such as ``amendments[3].when``, or of its nearest parent."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return f"{self.name}:{self.lines.get(path, 1)}"


def read(path: Path) -> Source:
    """Read a law file.

    Raises :class:`LawError`, with file and line, for what is not YAML, not a mapping, too large, too deep, or uses
    anchors or a key twice.
    """
    return decode(content(path), path.name)


def content(path: Path) -> bytes:
    """Return the bytes of a law file. Raises :class:`LawError` where it is too large."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise LawError("the file is larger than 1 MB", where=path.name, fix="split the act")
    return data


def decode(data: bytes, name: str) -> Source:
    """Read the bytes of a law file. Errors as :func:`read`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LawError(f"not UTF-8 text: {error.reason}", where=name, fix="save the file as UTF-8") from error
    return parse(text.replace("\r\n", "\n").replace("\r", "\n"), name)


def parse(text: str, name: str) -> Source:
    """Read law text; ``name`` stands for the file in messages. Errors as :func:`read`."""
    import yaml  # noqa: PLC0415 - where the law is kept in the cache, no file is parsed

    _refuse_depth(text, name)
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LawError(
            f"not YAML: {error.problem}", where=f"{name}:{line}", fix="check indentation and quotes"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LawError(f"not YAML: {error}", where=name, fix="remove control characters or deep nesting") from error
    lines: dict[str, int] = {}
    value = _Walk(name, lines).value(node, "", 0) if node else None
    if not isinstance(value, dict):
        raise LawError("a law file is a mapping of keys", where=f"{name}:1", fix="start with 'act:' or 'facts:'")
    return Source(name, value, lines)


def _refuse_depth(text: str, name: str) -> None:
    """Refuse what could be nested so deep that the parser, which calls itself, would end the whole program.

    Brackets are counted wherever they stand, and a line's indentation with its dashes: no honest file comes near.
    """
    open_now = deepest = 0
    for match in _BRACKETS.finditer(text):
        open_now += 1 if match[0] in "[{" else -1 if open_now else 0
        deepest = max(deepest, open_now)
    indented = max((len(match[0]) for match in _INDENTED.finditer(text)), default=0)
    if deepest + indented > MOST_OPEN:
        raise LawError("nested too deep", where=f"{name}:1", fix=f"stay within {DEEPEST} levels")


class _Walk:
    """Turns YAML nodes into text, lists and mappings, and notes lines."""

    def __init__(self, name: str, lines: dict[str, int]) -> None:
        self.name = name
        self.lines = lines
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: str, depth: int) -> Value:
        import yaml  # noqa: PLC0415 - as in parse

        line = node.start_mark.line + 1
        self.lines[path] = line
        if depth > DEEPEST:
            raise LawError("nested too deep", where=f"{self.name}:{line}", fix=f"stay within {DEEPEST} levels")
        if id(node) in self.seen:
            raise LawError(
                "anchors and aliases are not used in law files", where=f"{self.name}:{line}", fix="write it out"
            )
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            plain_nothing = not node.style and node.value in ("", "~", "null")
            return None if plain_nothing else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(node.value)]
        return self.mapping(node, path, depth)

    def mapping(self, node: yaml.Node, path: str, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, item in node.value:
            name = str(key.value)
            if name in found:
                raise LawError(
                    f"'{name}' is given twice", where=f"{self.name}:{key.start_mark.line + 1}", fix="keep one"
                )
            found[name] = self.value(item, f"{path}.{name}" if path else name, depth + 1)
        return found


def shape(source: Source, value: Value, form: type[Form], path: str) -> Form:
    """Convert ``value``, which stands at ``path`` of ``source``, into ``form``; raise :class:`LawError` at its line."""
    try:
        return msgspec.convert(value, form, strict=False)
    except msgspec.ValidationError as error:
        message, _, inner = str(error).partition(" - at `$")
        where = source.at((path + inner.rstrip("`")).lstrip("."))
        raise LawError(
            message, where=where, fix=f"see the form of {form.__name__} in docs/manual/law-data.md"
        ) from error
