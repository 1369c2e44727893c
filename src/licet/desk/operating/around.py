"""What surrounds every request: the proxy's word, limits, the digest of an answer, measures, the log."""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import TYPE_CHECKING, Any

from litestar import Litestar

from licet.desk.operating import logs
from licet.desk.operating.forwarded import heed
from licet.desk.security import HEADERS

if TYPE_CHECKING:
    from litestar.types import HTTPScope, Message, Receive, Scope, Send

    from licet.desk.operating.operation import Operation
    from licet.desk.state import Desk

NOWHERE = "(none)"
"""The route of an address that there is not: the address itself is not kept."""
_API = "/api/v1/"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_KEPT = (b"cache-control", b"content-location", b"date", b"etag", b"expires", b"vary", b"link")


class Application(Litestar):
    """The desk, and what surrounds it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        """Answer one request, or follow the beginning and the end of the process."""
        found: Any = scope
        if found["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        operation: Operation = self.state.operation
        heed(found, operation.proxies)
        noted = _Noted(send, found, operation)
        try:
            if wait := _too_soon(found, self.state.desk, operation):
                operation.measures.limited()
                await _refuse(noted.send, wait)
            elif found["method"] == "GET" and found["path"].startswith(_API):
                await super().__call__(scope, receive, _Tagged(found, noted.send).send)
            else:
                await super().__call__(scope, receive, noted.send)
        finally:
            noted.end()


class _Noted:
    """Sends an answer on, and notes its status and size."""

    def __init__(self, send: Send, scope: HTTPScope, operation: Operation) -> None:
        self._send = send
        self._scope = scope
        self._operation = operation
        self._start = time.perf_counter()
        self._status = 0
        self._size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        elif message["type"] == "http.response.body":
            self._size += len(message.get("body", b""))
        await self._send(message)

    def end(self) -> None:
        if not self._status:
            return  # the client left before there was an answer
        seconds = time.perf_counter() - self._start
        route = str(self._scope.get("path_template") or NOWHERE)
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        self._operation.measures.answered(method, route, self._status, seconds)
        logs.request(method, route, self._status, seconds, self._size)


def _too_soon(scope: HTTPScope, desk: Desk, operation: Operation) -> int:
    """Return the seconds to wait, 0 for a request that may be answered now."""
    if not scope["path"].startswith(_API):
        return 0
    client = scope.get("client")
    subject, most = f"client {client[0] if client else ''}", operation.settings.api_per_minute
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    form, _, secret = given.decode("latin-1").partition(" ")
    if form.lower() == "bearer" and (key := desk.people.key(secret.strip(), at=desk.now())) is not None:
        subject, most = f"key {key.id}", operation.settings.api_per_minute_with_key
    return operation.rates.take(subject, most)


async def _refuse(send: Send, wait: int) -> None:
    problem = {
        "type": "urn:licet:problem:too-soon",
        "title": "Too many requests",
        "status": 429,
        "detail": "more requests than a minute has room for",
        "fix": f"try again in {wait} seconds",
    }
    body = json.dumps(problem).encode()
    headers = {"content-type": "application/problem+json", "retry-after": str(wait), **HEADERS}
    headers["content-length"] = str(len(body))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    start: Any = {"type": "http.response.start", "status": 429, "headers": raw}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})


class _Tagged:
    """Sends an answer on with the digest of its body (RFC 9110, 8.8.3), or 304 to who has it already.

    An answer in pieces is sent as it comes, and so is one that is not to be stored or has a tag of its own.
    """

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self._send = send
        self._known = b",".join(value for name, value in scope["headers"] if name == b"if-none-match").decode("latin-1")
        self._start: Any = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200 and _plain(message["headers"]):
            self._start = message
            return
        if self._start is not None and message["type"] == "http.response.body":
            start, self._start = self._start, None
            if not message.get("more_body"):
                await self._whole(start, message)
                return
            await self._send(start)
        await self._send(message)

    async def _whole(self, start: Any, message: Any) -> None:
        tag = f'"{hashlib.sha256(message["body"]).hexdigest()[:32]}"'
        headers = [*start["headers"], (b"etag", tag.encode())]
        names = {name.lower() for name, _ in headers}
        headers += [(b"cache-control", b"no-cache")] if b"cache-control" not in names else []
        headers += [(b"vary", b"Accept-Language, Cookie, Authorization")] if b"vary" not in names else []
        if tag[1:-1] in _TAG.findall(self._known) or self._known.strip() == "*":
            kept = [(name, value) for name, value in headers if name.lower() in _KEPT or name.lower().startswith(b"x-")]
            await self._send({"type": "http.response.start", "status": 304, "headers": kept})
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        start["headers"] = headers
        await self._send(start)
        await self._send(message)


def _plain(headers: Any) -> bool:
    found = {name.lower(): value.lower() for name, value in headers}
    return b"etag" not in found and b"no-store" not in found.get(b"cache-control", b"")
