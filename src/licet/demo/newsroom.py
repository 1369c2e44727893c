"""The demo newsroom as a server on the loopback address."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from licet.demo.rendering import Resource, site_resources
from licet.demo.stories import Page, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Site:
    """A running newsroom: ``address`` is its origin, without a final slash; ``pages`` are its articles."""

    address: str
    pages: tuple[Page, ...]

    def url(self, page: Page) -> str:
        """Return the full address of one of the pages."""
        return self.address + page.path


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    resources: Mapping[str, Resource]


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
            found, status = Resource(b"Not found\n", "text/plain; charset=utf-8"), HTTPStatus.NOT_FOUND
        elif self.headers.get("If-None-Match") == found.etag:
            status = HTTPStatus.NOT_MODIFIED
        else:
            status = HTTPStatus.OK
        body = b"" if status is HTTPStatus.NOT_MODIFIED else found.body
        self.send_response(status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", found.etag)
        if found.modified:
            self.send_header("Last-Modified", found.modified)
        self.end_headers()
        return body

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is http.server's)
        """Say nothing: the output belongs to the command that runs the newsroom."""


@contextmanager
def newsroom() -> Iterator[Site]:
    """Serve the newsroom on a free port of the loopback address while the block runs."""
    with _Server((LOOPBACK, 0), _Handler) as server:
        address = f"http://{LOOPBACK}:{server.server_port}"
        server.resources = site_resources(pages(), address)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="newsroom", daemon=True)
        thread.start()
        try:
            yield Site(address, pages())
        finally:
            server.shutdown()
            thread.join()
