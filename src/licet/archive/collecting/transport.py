"""Connections to checked addresses: a name is resolved and judged once, and that very address is connected to.

The check stands where the connection is made, below httpx, so that it holds for every request, redirect and requisite,
and a second look-up cannot give another answer (DNS rebinding). The connection keeps the name: TLS is verified against
it, and the pool never lends a connection of one host to another that has the same address.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from licet.archive import addresses
from licet.errors import FetchFailed

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator


IDLE_SECONDS = 30.0
CONNECTIONS = 64


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them; :class:`FetchFailed` if there is none."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"{host} has no address", reason="dns", fix="check the spelling, and the network") from error
    return [str(entry[4][0]) for entry in found]


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to what :func:`addresses.public_of` lets through, one address after another until one answers."""

    def __init__(self, resolver: Callable[[str, int], Awaitable[list[str]]], *, allow_private: bool) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._below = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = addresses.permitted(host, await self._resolver(host, port), allow_private=self._allow_private)
        for place, address in enumerate(found[:4]):
            try:
                return await self._below.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(found[:4]) - 1:
                    raise
        raise AssertionError(host)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.AsyncNetworkStream:
        raise FetchFailed(f"{path} is no web address", reason="scheme")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told_as_httpx():
            async for piece in self._stream:
                yield piece

    async def aclose(self) -> None:
        with _told_as_httpx():
            await self._stream.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """HTTP/2 where the server speaks it, else HTTP/1.1, to public addresses only unless ``allow_private``.

    Proxies and settings of the environment play no part: the address that was checked is the one connected to.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolver: Callable[[str, int], Awaitable[list[str]]] = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        context = tls or httpx.create_ssl_context(trust_env=False)
        context.set_alpn_protocols(["h2", "http/1.1"])
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            http1=True,
            http2=True,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS // 2,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Backend(resolver, allow_private=allow_private),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; redirects are the caller's."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=b"",
            extensions=request.extensions,
        )
        with _told_as_httpx():
            answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


@contextmanager
def _told_as_httpx() -> Iterator[None]:
    """Raise httpcore's errors under httpx's names, which are the same."""
    try:
        yield
    except (
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as e:
        kind = getattr(httpx, type(e).__name__, httpx.TransportError)
        raise kind(str(e)) from e
