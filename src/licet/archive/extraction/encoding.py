"""From bytes to text: UTF-8 if it is that, then what the page or the server declares, then what fits."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_\-]{2,30})""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
_GUESSES = ("gb18030", "big5hkscs")
# Characters that any Chinese page is full of, in both scripts, and the marks of both languages: bytes read by a wrong
# table give rare ones.
_COMMON = frozenset(
    "的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要下以生会會自着去之过過家学學对對可她里裡裏后後小么麼心多"
    "天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經头頭面公同三已老从從动動两兩长長新闻聞月区區市部"
    "，。、：；！？“”‘’《》（）—…·"
)
_PLAUSIBLE = 0.12
_SAMPLE = 200_000
_FAMILIES = ("utf-8", "utf-16", "utf-32", "gb", "big5", "iso8859", "cp", "koi8", "shift_jis", "euc_", "ascii", "mac-")
# Declared, these say little: they would have been found above, or any bytes fit them.
_UNTOLD = frozenset(("utf-8", "utf-8-sig", "utf-16", "utf-32", "iso8859-1", "cp1252", "ascii"))
_HEAD = 8192


def decode(data: bytes, charset: str | None = None) -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding used; bytes that fit nowhere become U+FFFD.

    ``charset`` is what the server declared. GB2312 and GBK are read as GB18030, which contains them.
    """
    for mark, name in (*_MARKS, *_unmarked(data)):
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = [codec for name in (charset, _declared(data)) if name and (codec := _codec(name))]
    for codec in declared:
        text = data.decode(codec, "replace")
        if codec not in _UNTOLD and _sound(text):
            return text, codec
    if _mostly_utf8(data):
        return data.decode("utf-8", "replace"), "utf-8"
    return _guess(data)


def _unmarked(data: bytes) -> tuple[tuple[bytes, str], ...]:
    """Return the kind of UTF-16 that text without a mark is in: every other byte of its ASCII is zero."""
    head = data[:_HEAD]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        zeros = half.count(0) > 0.4 * len(half) and head[1 - start :: 2].count(0) < 0.1 * len(half)
        if len(half) > 20 and (zeros or head.startswith((b"\0<", b"<\0")[start])):
            return ((b"", name),)
    return ()


def _sound(text: str) -> bool:
    """Say whether text read by a table has few holes, and, if it is Chinese, the characters of Chinese."""
    wide, share = _plausible(text)
    return text.count("\ufffd") * 200 < len(text) and (wide < 20 or share > _PLAUSIBLE)


def _plausible(text: str) -> tuple[int, float]:
    """Return how many characters are Chinese or marks, and the share of common ones among them."""
    wide = [c for c in text[:_SAMPLE] if c >= "\u2014"]
    return len(wide), sum(c in _COMMON for c in wide) / len(wide) if wide else 0.0


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
    """Say whether only a few bytes are broken, and others beyond ASCII are not: a page cut or mended by hand."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 200 < len(text) and sum(c > "\x7f" for c in text) > 2 * broken


def _guess(data: bytes) -> tuple[str, str]:
    """Return the text by the table that gives the likeliest Chinese, or Western European if none gives any."""
    read = [(data.decode(name, "replace"), name) for name in _GUESSES]
    ranked = [(_plausible(text)[1] - text.count("\ufffd") * 20 / (len(text) + 1), text, name) for text, name in read]
    rank, text, name = max(ranked, key=lambda entry: entry[0])
    if rank > _PLAUSIBLE:
        return text, name
    return data.decode("cp1252", "replace"), "cp1252"
