"""The style sheet, the script and the icon."""

from __future__ import annotations

from functools import cache

from litestar import Response, get
from litestar.params import FromPath

from licet.desk.render import STATIC
from licet.errors import UnknownName

_TYPES = {"desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml"}
_ONE_YEAR = 365 * 24 * 3600


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False)
def static_file(name: FromPath[str]) -> Response[bytes]:
    """Serve one of our own files; its address changes with its content."""
    if name not in _TYPES:
        raise UnknownName(f"the desk has no file '{name[:60]}'", fix="check the address")
    return Response(
        _content(name), media_type=_TYPES[name], headers={"cache-control": f"max-age={_ONE_YEAR}, immutable"}
    )
