"""A write of the API that may be sent twice, and lists that come in pages."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter

from licet.desk.people.guards import who
from licet.desk.people.requests import Told
from licet.desk.render import address
from licet.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from licet.desk.state import Desk

LONGEST_KEY = 200
_KEPT = ("location",)
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 200 printable ASCII characters of your own; the same request with the same key is done once",
    ),
]


def key_in(given: str | None) -> str | None:
    """Return an idempotency key, checked."""
    if given is not None and not (0 < len(given) <= LONGEST_KEY and given.isascii() and given.isprintable()):
        raise BadInput("the Idempotency-Key is no fit key", fix=f"give 1 to {LONGEST_KEY} printable ASCII characters")
    return given


def key_needed(given: str | None) -> str:
    """Return an idempotency key, which must be there."""
    key = key_in(given)
    if key is None:
        raise BadInput(
            "the Idempotency-Key is missing", fix="send a header Idempotency-Key: it is the ledger's own key"
        )
    return key


def once(
    request: Request[Any, Any, Any],
    desk: Desk,
    given: str | None,
    facts: Mapping[str, Any],
    do: Callable[[], Response[Any]],
) -> Response[Any]:
    """Do a write, or return what it was answered when it was sent before; what failed may be tried again.

    ``facts``: what makes this the same request, beside method and address.
    """
    key = key_in(given)
    if key is None:
        return do()
    told = msgspec.json.encode([request.method, request.url.path, sorted(facts.items())], enc_hook=str)
    owner, requests = who(request).name, desk.people.requests
    before = requests.claim(owner, key, hashlib.sha256(told).hexdigest(), at=desk.now())
    if before is not None:
        content = msgspec.json.decode(before.content) if before.content else None
        return Response(content, status_code=before.status, headers={**before.headers, "idempotency-replayed": "true"})
    try:
        response = do()
    except BaseException:
        requests.forget(owner, key)
        raise
    headers = {name: value for name, value in response.headers.items() if name.lower() in _KEPT}
    content = b"" if response.content is None else msgspec.json.encode(response.content)
    requests.settle(owner, key, Told(response.status_code or 200, headers, content))
    return response


def links(request: Request[Any, Any, Any], **relations: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a ``Link`` header (RFC 8288) to other pages of a list: by relation, the parameters that differ there."""
    path = request.url.path
    found = []
    for relation, changes in relations.items():
        if changes is not None:
            kept = {name: value for name, value in request.query_params.items() if name not in changes}
            found.append(f'<{address(path, {**kept, **changes})}>; rel="{relation}"')
    return {"link": ", ".join(found)} if found else {}


def pages(request: Request[Any, Any, Any], limit: int, offset: int, total: int) -> dict[str, str]:
    """Return the ``Link`` header of a list that is read by ``limit`` and ``offset``."""
    before = {"limit": limit, "offset": max(offset - limit, 0)} if offset else None
    after = {"limit": limit, "offset": offset + limit} if offset + limit < total else None
    return links(request, prev=before, next=after)
