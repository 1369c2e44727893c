"""Style sheets and style attributes of captured pages, read token by token (CSS Syntax Level 3) and written anew.

Addresses lead to the archive or go; ``@import`` likewise; what ever ran a program in some browser (``expression``,
``behavior``, ``-moz-binding``) loses its name. Escapes are read before anything is judged, comments are dropped. The
time is linear in the length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n0-9a-fA-F])"
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = re.compile(rf"\"(?:[^\"\\\n]|\\\n|{_ESCAPE})*+\"?|'(?:[^'\\\n]|\\\n|{_ESCAPE})*+'?")
_NAME = re.compile(rf"(?:[-\w]|[^\x00-\x7f]|{_ESCAPE})++")
_SPACE = re.compile(r"\s++")
_BARE = re.compile(rf"(?:[^\"'()\\\s]|{_ESCAPE})*+")
_ONE_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(\n)|(.))", re.DOTALL)
_PLAIN = re.compile(r"[-A-Za-z0-9_]|[^\x00-\x7f]")
_UNTIL = re.compile(r"[^;}]*+;?")

_RUN = frozenset({"expression", "behavior", "-ms-behavior", "-moz-binding", "-o-link", "-o-link-source", "binding"})
_ADDRESSED = frozenset({"url", "src", "url-prefix"})
_SETS = frozenset({"image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"})
_HEX = 16
_LAST_CHARACTER = 0x10FFFF


def clean(text: str, *, picture: Callable[[str], str | None], sheet: Callable[[str], str | None]) -> str:
    """Return a style sheet, or the text of a style attribute, that loads nothing but from the archive.

    ``picture`` and ``sheet`` say where an address found in it leads, None where it leads nowhere.
    """
    return _Cleaner(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"), picture, sheet).run()


def unescaped(text: str) -> str:
    """Return a name or the inside of a string with its escapes read."""
    return _ONE_ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    if found[1]:
        number = int(found[1], _HEX)
        surrogate = 0xD800 <= number <= 0xDFFF
        return chr(number) if 0 < number <= _LAST_CHARACTER and not surrogate else "�"
    return found[3] or ""


def _name(text: str) -> str:
    """Write a name: letters, digits, ``-`` and ``_`` as they are, all else as an escape."""
    written = [mark if _PLAIN.fullmatch(mark) else f"\\{ord(mark):x} " for mark in text]
    return "".join(written)


def _string(text: str) -> str:
    """Write a string so that neither a quote, a line end nor a tag ends it."""
    return '"' + "".join(f"\\{ord(mark):x} " if mark in '"\\<>&\n' or ord(mark) < 32 else mark for mark in text) + '"'


class _Cleaner:
    def __init__(self, text: str, picture: Callable[[str], str | None], sheet: Callable[[str], str | None]) -> None:
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._picture = picture
        self._sheet = sheet
        self._functions: list[str] = []

    def run(self) -> str:
        while self._at < len(self._text):
            self._step()
        # A tag inside a style element would end it.
        return "".join(self._out).replace("</", "<\\/").replace("<!", "<\\!")

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._text, self._at)
        if not found or not found[0]:
            return None
        self._at = found.end()
        return found[0]

    def _step(self) -> None:
        if self._take(_COMMENT) is not None:
            self._out.append(" ")
        elif (quoted := self._take(_STRING)) is not None:
            self._quoted(quoted)
        elif self._text[self._at] == "@":
            self._at += 1
            self._rule()
        elif (name := self._take(_NAME)) is not None:
            self._named(unescaped(name))
        else:
            self._mark(self._text[self._at])

    def _mark(self, mark: str) -> None:
        self._at += 1
        if mark == "(":
            self._functions.append("")
        elif mark == ")" and self._functions:
            self._functions.pop()
        if mark not in "\\\x00":
            self._out.append(mark)

    def _quoted(self, quoted: str) -> None:
        inner = unescaped(_inside(quoted))
        if any(name in _SETS for name in self._functions):
            self._out.append(_string(self._picture(inner) or ""))
        else:
            self._out.append(_string(inner))

    def _named(self, name: str) -> None:
        lowered = name.lower()
        if lowered in _RUN:
            name = "removed"
        if self._text[self._at : self._at + 1] != "(":
            self._out.append(_name(name))
            return
        self._at += 1
        if lowered in _ADDRESSED:
            placed = self._picture(self._address())
            self._out.append(f"url({_string(placed)})" if placed else "none")
            return
        self._functions.append(lowered)
        self._out.append(_name(name) + "(")

    def _address(self) -> str:
        """Read the rest of ``url(``, with or without quotes, to its end."""
        self._take(_SPACE)
        quoted = self._take(_STRING)
        inner = _inside(quoted) if quoted is not None else self._take(_BARE) or ""
        end = self._text.find(")", self._at)
        self._at = len(self._text) if end < 0 else end + 1
        return unescaped(inner)

    def _rule(self) -> None:
        name = unescaped(self._take(_NAME) or "").lower()
        if name == "import":
            self._import()
        elif name == "charset":
            self._take(_UNTIL)
        else:
            self._out.append("@" + _name("removed" if name in _RUN | _ADDRESSED else name))

    def _import(self) -> None:
        while self._take(_SPACE) or self._take(_COMMENT):
            pass
        quoted = self._take(_STRING)
        if quoted is not None:
            address = unescaped(_inside(quoted))
        elif unescaped(self._take(_NAME) or "").lower() == "url" and self._text[self._at : self._at + 1] == "(":
            self._at += 1
            address = self._address()
        else:
            address = ""
        placed = self._sheet(address) if address else None
        if placed:
            self._out.append(f"@import url({_string(placed)})")
        else:
            self._take(_UNTIL)


def _inside(quoted: str) -> str:
    return quoted[1:-1] if len(quoted) > 1 and quoted[-1] == quoted[0] else quoted[1:]
