"""Where the desk stands: the scheme and host of its absolute links, and what stands behind a path of replay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from litestar import Request

    from licet.desk.state import Desk

_ROOT = re.compile(r"https?://[A-Za-z0-9.\-]{1,253}(?::\d{1,5})?|https?://\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")


def root_of(request: Request[Any, Any, Any], desk: Desk) -> str:
    """Return scheme and host as the operator set them, else as the reader asked for them: ``https://desk.example``."""
    if desk.settings.address:
        return desk.settings.address.rstrip("/")
    asked = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return asked if _ROOT.fullmatch(asked) else ""


def host_of(root: str) -> str:
    """Return the host of a root, without its port."""
    return urlsplit(root).hostname or ""


def behind(request: Request[Any, Any, Any], prefix: str) -> str:
    """Return what stands behind ``prefix`` in the address as it was sent: nothing decoded, its query included."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    sent = path.split(b"?", 1)[0] + (b"?" + query if query else b"")
    return sent.decode("ascii", "replace").removeprefix(prefix)
