"""From bytes to text: UTF-8 if it is that, then what the page or the server declares, then what fits."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_\-]{2,30})""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
_GUESSES = ("gb18030", "big5hkscs", "cp1252")
_FAMILIES = ("utf-8", "utf-16", "utf-32", "gb", "big5", "iso8859", "cp", "koi8", "shift_jis", "euc_", "ascii", "mac-")
_HEAD = 8192


def decode(data: bytes, charset: str | None = None) -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding used; bytes that fit nowhere become U+FFFD.

    ``charset`` is what the server declared. GB2312 and GBK are read as GB18030, which contains them.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = [name for name in (charset, _declared(data)) if name]
    for name in declared:
        codec = _codec(name)
        if codec and codec != "utf-8":
            return data.decode(codec, "replace"), codec
    if declared or _mostly_utf8(data):
        return data.decode("utf-8", "replace"), "utf-8"
    return _guess(data)


def _declared(data: bytes) -> str | None:
    found = _META.search(data[:_HEAD]) or _XML.search(data[:_HEAD])
    return found.group(1).decode("ascii") if found else None


def _codec(name: str) -> str | None:
    """Return Python's name of a declared encoding of text; None for one that is unknown, or that no page has."""
    try:
        found = codecs.lookup(_WIDER.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    return found if found.startswith(_FAMILIES) else None


def _mostly_utf8(data: bytes) -> bool:
    """Say whether only a few bytes are broken: a page cut or mended by hand."""
    text = data.decode("utf-8", "replace")
    return text.count("�") * 200 < len(text)


def _guess(data: bytes) -> tuple[str, str]:
    for name in _GUESSES:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace"), "gb18030"
