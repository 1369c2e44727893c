"""The addresses of replay, in the forms that web archives share: ``/news/replay/20250301093005mp_/https://…``.

The stamp is the time of capture in UTC, shortened from the right where less is known. Behind it stands what is wanted:
nothing the page with our banner around it, ``mp_`` the page alone, scripts neutralised, ``id_`` the bytes as captured,
``im_`` a picture, ``cs_`` a style sheet.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import quote

from licet.errors import BadValue

ROOT = "/news/replay/"
TIMEGATE = "/news/timegate/"
TIMEMAP = "/news/timemap/"
LONGEST_ADDRESS = 4096

Modifier = Literal["", "mp_", "id_", "im_", "cs_"]

_REPLAY = re.compile(r"([0-9]{4,14})(mp_|id_|im_|cs_)?/(.+)", re.DOTALL)
# A path in which "//" was folded to "/", as some proxies do.
_FOLDED = re.compile(r"(https?):/(?!/)", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
# Everything that may stand in an address as it is, but not what would end it in a header, a style or an attribute.
_SAFE = "/:?&=%+,;@!$*~[]"


class Asked(NamedTuple):
    """What a replay address asks for: the stamp as written, what is wanted, and the original address."""

    stamp: str
    modifier: Modifier
    url: str


def read(rest: str) -> Asked:
    """Read what stands behind :data:`ROOT`; :class:`BadValue` where it is no replay address."""
    found = _REPLAY.fullmatch(rest[: LONGEST_ADDRESS + 20])
    if found is None:
        raise BadValue("this is no address of a captured page", fix=f"write {ROOT}20250301093005/https://host/path")
    return Asked(found[1], found[2] or "", original(found[3]))  # type: ignore[arg-type]  # of the pattern


def original(text: str) -> str:
    """Return the original address at the end of an address of ours, mended; :class:`BadValue` if it is none."""
    url = _FOLDED.sub(r"\1://", text, count=1) if text[:8].lower().startswith("http") else text
    if not _SCHEME.match(url):
        url = f"http://{url}"
    if len(url) > LONGEST_ADDRESS or any(ord(mark) <= 32 or ord(mark) == 127 for mark in url):
        raise BadValue("the original address is too long, or holds spaces or control characters", fix="check it")
    return url


def replay(url: str, stamp: str, modifier: Modifier = "") -> str:
    """Return the path that replays ``url`` as of ``stamp``."""
    return f"{ROOT}{stamp}{modifier}/{written(url)}"


def timegate(url: str) -> str:
    """Return the path of the TimeGate of ``url``."""
    return TIMEGATE + written(url)


def timemap(url: str, form: Literal["link", "json"] = "link", page: int = 1) -> str:
    """Return the path of the TimeMap of ``url``, or of one page of it."""
    return f"{TIMEMAP}{form}/{f'{page}/' if page > 1 else ''}{written(url)}"


def written(url: str) -> str:
    """Return an original address as part of a path: what could end it anywhere is percent-encoded."""
    return quote(url, safe=_SAFE)
