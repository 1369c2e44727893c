"""CDXJ: a sorted text index of WARC records, by address in sort-friendly form (SURT) and time.

The key is written from its rules and agrees with the program that replay tools use (decision 0015): host parts
reversed, ``www.`` and default port off, path and query in small letters, query sorted, session marks out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from licet.archive.keeping.records import base32

if TYPE_CHECKING:
    from licet.archive.model import VisitKind

_WWW = re.compile(r"^www\d*\.")
_SLASHES = re.compile(r"/{2,}")
_SESSION = re.compile(
    r"(?:^|&)(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?=&|$)",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SPACES = re.compile(r"[;\s]")
_UNESCAPES = 8


class Line(NamedTuple):
    """What a line tells of a record: ``stamp`` is its WARC-Date, ``digest`` ``sha256:hex`` of the payload."""

    url: str
    stamp: str
    visit: VisitKind
    content_type: str
    status: int | None
    digest: str
    file: str
    offset: int
    length: int


def key(url: str) -> str:
    """Return the sort-friendly form of an address: ``https://www.a.example/B?y&x`` is ``example,a)/b?x&y``."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return url
    name = ",".join(reversed(_WWW.sub("", _plain_host(host)).split(".")))
    shown = f":{port}" if port and port != _DEFAULT_PORTS[parts.scheme] else ""
    path = _path(_escaped(parts.path))
    query = _query(_escaped(parts.query))
    return f"{name}{shown}){path}{query}".lower()


def line(told: Line, **more: str) -> str:
    """Return one line, with its end; values are text, as the tools write them."""
    fields = {
        "url": told.url,
        "mime": "warc/revisit" if told.visit != "capture" else _SPACES.split(told.content_type, maxsplit=1)[0],
        "status": str(told.status) if told.status else None,
        "digest": base32(told.digest),
        "length": str(told.length),
        "offset": str(told.offset),
        "filename": told.file,
        **more,
    }
    shown = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=True)
    return f"{key(told.url)} {timestamp(told.stamp)} {shown}\n"


def timestamp(stamp: str) -> str:
    """Return a WARC-Date in the fourteen digits of an index."""
    return re.sub(r"\D", "", stamp)[:14]


def _plain_host(host: str) -> str:
    name = host.strip(".")
    try:
        return name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        return name


def _escaped(text: str) -> str:
    """Take off every percent escape, whatever number of times it was put on, and put on those that must be."""
    data = text.encode()
    for _ in range(_UNESCAPES):
        plain = unquote_to_bytes(data)
        if plain == data:
            break
        data = plain
    return "".join(f"%{byte:02x}" if byte <= 0x20 or byte >= 0x7F or byte in b"#%" else chr(byte) for byte in data)


def _path(path: str) -> str:
    parts: list[str] = []
    for part in _SLASHES.sub("/", path or "/").split("/")[1:]:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/" + "/".join(parts).rstrip("/")


def _query(query: str) -> str:
    left = _SESSION.sub("", query).removeprefix("&")
    return "?" + "&".join(sorted(left.lower().split("&"))) if left else ""
