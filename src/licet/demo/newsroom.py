"""The demo newsroom as a server on the loopback address."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from licet.demo import trouble
from licet.demo.rendering import site_resources
from licet.demo.resources import Resource
from licet.demo.stories import Page, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Site:
    """A running newsroom: ``address`` is its origin, without a final slash; ``pages`` are its articles at first."""

    address: str
    pages: tuple[Page, ...]
    _server: _Server

    def url(self, page: Page) -> str:
        """Return the full address of one of the pages."""
        return self.address + page.path

    def correct(self) -> tuple[Page, ...]:
        """Let the outlets correct their pages, and return those that changed, as they are served from now on."""
        every = tuple(page.corrected or page for page in self.pages)
        self._server.show(every, self.address)
        return tuple(page for page in every if page.updated)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    resources: Mapping[str, Resource]

    def show(self, every: Sequence[Page], address: str) -> None:
        """Serve these articles, with the lists and feeds of them."""
        self.resources = {**site_resources(every, address), **trouble.resources()}


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD, with the answers to conditional requests that a polite crawler makes use of."""

    server: _Server
    server_version = "newsroom"
    sys_version = ""

    def do_GET(self) -> None:
        body = self._head()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self._head()

    def _head(self) -> bytes:
        """Send status and headers; return the body that goes with them."""
        found = self.server.resources.get(urlsplit(self.path).path)
        if found is None:
            found = Resource(b"Not found\n", "text/plain; charset=utf-8", status=HTTPStatus.NOT_FOUND)
        time.sleep(found.delay)
        if self.headers.get("If-None-Match") == found.etag:
            status = HTTPStatus.NOT_MODIFIED
        else:
            status = HTTPStatus(found.status)
        body = b"" if status is HTTPStatus.NOT_MODIFIED else found.body
        self.send_response(status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", found.etag)
        if found.modified:
            self.send_header("Last-Modified", found.modified)
        self.end_headers()
        return body[: found.sent]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is http.server's)
        """Say nothing: the output belongs to the command that runs the newsroom."""


@contextmanager
def newsroom() -> Iterator[Site]:
    """Serve the newsroom on a free port of the loopback address while the block runs."""
    with _Server((LOOPBACK, 0), _Handler) as server:
        address = f"http://{LOOPBACK}:{server.server_port}"
        server.show(pages(), address)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="newsroom", daemon=True)
        thread.start()
        try:
            yield Site(address, pages(), server)
        finally:
            server.shutdown()
            thread.join()
