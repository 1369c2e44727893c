"""What a captured response is answered with: neutralised pages, styles and pictures, or the bytes as captured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from litestar import Response

from licet.archive.capture import decoded
from licet.archive.extraction.encoding import decode
from licet.archive.replaying import addresses, clean_sheet, neutralised
from licet.archive.replaying.moments import stamp
from licet.desk.news.pictures import is_picture
from licet.desk.news.snapshot import media_type
from licet.desk.security import CAPTURED_POLICY, replayed_policy
from licet.errors import TakenDown, UnknownName

if TYPE_CHECKING:
    from licet.archive.model import Memento
    from licet.archive.replaying import Use
    from licet.desk.state import Desk

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ENCODINGS = frozenset({"gzip", "deflate", "br"})
_TOKEN = re.compile(r"[A-Za-z0-9-]{1,60}")
MOST_HEADERS = 60
_A_DAY = 24 * 3600


class Answered(NamedTuple):
    """A visit that is replayed, what was asked for, and the scheme and host of the desk."""

    visit: Memento
    asked: addresses.Asked
    root: str

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.visit.content_type.partition(";")[0].strip().lower()


def answer(desk: Desk, wanted: Answered, headers: dict[str, str]) -> Response[Any]:
    """Answer the address of a page alone, a style sheet, a picture, or the bytes as captured."""
    match wanted.asked.modifier:
        case "id_":
            return _as_captured(desk, wanted, headers)
        case "im_":
            return _picture(desk, wanted, headers)
        case "cs_":
            return _sheet(desk, wanted, headers)
        case _ if wanted.kind in _PAGES:
            return _page(desk, wanted, headers)
        case _ if is_picture(wanted.kind):
            return _picture(desk, wanted, headers)
        case _:
            plain = {**headers, "content-disposition": "attachment"}
            return _as_captured(desk, wanted, plain)


def _as_captured(desk: Desk, wanted: Answered, headers: dict[str, str]) -> Response[Any]:
    """Serve the bytes as they came, with their own encoding and, renamed, their headers."""
    response = desk.archive.payload(wanted.visit.capture)
    encoding = desk.archive.capture(wanted.visit.capture).content_encoding.strip().lower()
    found = {**headers, "content-type": media_type(wanted.visit.content_type)}
    found["content-security-policy"] = CAPTURED_POLICY
    if encoding in _ENCODINGS:
        found["content-encoding"] = encoding
    for name, value in response.headers[:MOST_HEADERS]:
        if _TOKEN.fullmatch(name) and value.isascii() and value.isprintable():
            found[f"x-archive-orig-{name.lower()}"] = value
    return Response(response.body, headers=found)


def _content(desk: Desk, wanted: Answered) -> bytes:
    stored = desk.archive.capture(wanted.visit.capture)
    return decoded(desk.archive.payload(wanted.visit.capture).body, stored.content_encoding)


def _text(desk: Desk, wanted: Answered) -> str:
    _, _, charset = wanted.visit.content_type.lower().partition("charset=")
    return decode(_content(desk, wanted), charset.split(";")[0].strip(" \"'") or None)[0]


def _page(desk: Desk, wanted: Answered, headers: dict[str, str]) -> Response[Any]:
    base = wanted.visit.url or wanted.asked.url
    text = neutralised(_text(desk, wanted), base=base, place=_places(desk, wanted))
    return Response(
        text.encode("utf-8", "replace"),
        headers={
            **headers,
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": replayed_policy(wanted.root),
            "x-frame-options": "SAMEORIGIN",
        },
    )


def _sheet(desk: Desk, wanted: Answered, headers: dict[str, str]) -> Response[Any]:
    if wanted.kind not in ("text/css", "text/plain", "application/octet-stream"):
        raise UnknownName("what was captured at this address is no style sheet", fix="check the address")
    base = wanted.visit.url or wanted.asked.url
    text = clean_sheet(_text(desk, wanted), base=base, place=_places(desk, wanted))
    return _for_a_page(text.encode("utf-8", "replace"), "text/css; charset=utf-8", headers)


def _picture(desk: Desk, wanted: Answered, headers: dict[str, str]) -> Response[Any]:
    if not is_picture(wanted.kind):
        raise UnknownName("what was captured at this address is no picture", fix="check the address")
    return _for_a_page(_content(desk, wanted), wanted.kind, headers)


def _for_a_page(content: bytes, kind: str, headers: dict[str, str]) -> Response[Any]:
    """Answer what a replayed page needs: it stands in a sandbox, which counts as another origin."""
    found = {
        **headers,
        "content-type": kind,
        "content-security-policy": CAPTURED_POLICY,
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": f"max-age={_A_DAY}",
    }
    return Response(content, headers=found)


def _places(desk: Desk, wanted: Answered) -> Any:
    """Return how the addresses in a replayed page lead on: to the captures nearest to its own time."""
    at = stamp(wanted.visit.at)

    def place(use: Use, url: str) -> str | None:
        if len(url) > addresses.LONGEST_ADDRESS:
            return None
        if use == "page":
            return addresses.replay(url, at)
        try:
            held = bool(desk.archive.mementos(url))
        except TakenDown:
            held = False
        return addresses.replay(url, at, "im_" if use == "picture" else "cs_") if held else None

    return place
