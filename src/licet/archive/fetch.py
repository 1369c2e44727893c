"""Fetch one page politely: robots.txt obeyed, an honest name, limits on everything, no way into a private network."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from licet.archive import addresses
from licet.archive.capture import LIMIT, Capture, Exchange, check_page, decoded
from licet.errors import BadFile, FetchFailed, FetchRefused

if TYPE_CHECKING:
    from types import TracebackType

AGENT = "Licet"
USER_AGENT = "Licet/0.1 (news snapshot archive; obeys robots.txt)"
REDIRECTS = 5
SECONDS = 60.0
"""The most wall-clock time for one page, redirects included."""

_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_ROBOTS_LIMIT = 512 * 1024
_PAGES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


class Fetcher:
    """Fetches pages; keeps each host's robots.txt as long as it lives. ``allow_private`` is for one's own network."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private
        # Proxies from the environment are not used: the address that was checked is the one that is connected to.
        # Connections are not kept: the pool knows them by IP address, and two hosts may share one; what TLS proved for
        # one host would be believed of the other.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(timeout=_TIMEOUT, limits=fresh, follow_redirects=False, trust_env=False)
        self._robots: dict[str, Protego] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def page(self, url: str) -> Capture:
        """Fetch ``url``; :class:`FetchRefused` where we may not, :class:`FetchFailed` where it did not work."""
        deadline = time.monotonic() + SECONDS
        current = addresses.checked(url)
        for _ in range(REDIRECTS + 1):
            self._ask_robots(current, deadline)
            status, exchange, payload = self._get(current, LIMIT, deadline)
            onward = _redirect(status, exchange)
            if onward is None:
                return _captured(current, status, exchange, payload)
            current = addresses.checked(urljoin(current, onward))
        raise FetchFailed(f"{url} redirects more than {REDIRECTS} times", fix="give the final address")

    def _ask_robots(self, url: str, deadline: float) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin, deadline)
        if not self._robots[origin].can_fetch(url, AGENT):
            raise FetchRefused(f"robots.txt of {parts.hostname} does not allow {url}", fix="save the page as a file")

    def _read_robots(self, origin: str, deadline: float) -> Protego:
        """RFC 9309: no such file allows everything; a server that cannot answer allows nothing."""
        current = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            status, exchange, payload = self._get(current, _ROBOTS_LIMIT, deadline, cut=True)
            onward = _redirect(status, exchange)
            if onward is None:
                break
            current = addresses.checked(urljoin(current, onward))
        if status >= 500:
            raise FetchRefused(f"robots.txt of {origin} cannot be read (status {status})", fix="try again later")
        body = decoded(payload, _header(exchange, "content-encoding")) if status < 300 else b""
        return Protego.parse(body.decode("utf-8", "replace"))

    def _get(self, url: str, limit: int, deadline: float, *, cut: bool = False) -> tuple[int, Exchange, bytes]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = addresses.resolved(host, addresses.port_of(parts), allow_private=self._allow_private)
        request = self._request(url, host, address)
        try:
            response = self._client.send(request, stream=True)
            try:
                payload = _read(response, url, limit, deadline, cut=cut)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise FetchFailed(f"{host} did not answer in time", fix="try again later") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(f"{url} could not be fetched: {error}", fix="check the address and try again") from error
        return response.status_code, _exchange(request, response), payload

    def _request(self, url: str, host: str, address: str) -> httpx.Request:
        """Build a request to the checked IP address that still names the host, also to TLS."""
        target = httpx.URL(url)
        pinned = target.copy_with(host=address)
        headers = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
            "Accept-Encoding": "gzip, identity",
        }
        return self._client.build_request("GET", pinned, headers=headers, extensions={"sni_hostname": host})


def _read(response: httpx.Response, url: str, limit: int, deadline: float, *, cut: bool) -> bytes:
    """Read the body as sent (transfer encoding taken off by HTTP itself); stop at the limits."""
    chunks, size = [], 0
    for chunk in response.iter_raw():
        size += len(chunk)
        chunks.append(chunk)
        if time.monotonic() > deadline:
            raise FetchFailed(f"{url} took longer than {SECONDS:.0f} s", fix="try again later")
        if size > limit:
            if cut:
                break
            raise FetchRefused(f"{url} is larger than {limit // (1024 * 1024)} MB", fix="give the address of a page")
    return b"".join(chunks)[:limit]


def _exchange(request: httpx.Request, response: httpx.Response) -> Exchange:
    path = request.url.raw_path.decode("ascii")
    version = response.extensions.get("http_version", b"HTTP/1.1").decode("ascii")
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers.raw
        if name.lower() != b"transfer-encoding"  # the body is stored without its chunks
    ]
    return Exchange(
        address=request.url.host,
        request_line=f"GET {path} HTTP/1.1",
        request_headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
        status_line=f"{version} {response.status_code} {response.reason_phrase}".rstrip(),
        response_headers=headers,
    )


def _header(exchange: Exchange, wanted: str) -> str:
    return next((value for name, value in exchange.response_headers if name.lower() == wanted), "")


def _redirect(status: int, exchange: Exchange) -> str | None:
    return _header(exchange, "location") or None if status in {301, 302, 303, 307, 308} else None


def _captured(url: str, status: int, exchange: Exchange, payload: bytes) -> Capture:
    if status != 200:
        raise FetchFailed(f"{url} answered with status {status}", fix="check the address in a browser")
    content_type = _header(exchange, "content-type")
    if content_type and not content_type.lower().startswith(_PAGES):
        raise FetchRefused(f"{url} is {content_type.split(';')[0]}, not a page", fix="give the address of a page")
    encoding = _header(exchange, "content-encoding")
    try:
        check_page(url, decoded(payload, encoding))
    except BadFile as error:
        raise FetchFailed(error.message, fix="check the address in a browser") from error
    return Capture(
        payload=payload,
        content_type=content_type or "text/html",
        content_encoding=encoding,
        url=url,
        captured_from=url,
        exchange=exchange,
    )
