"""Who asks, where a proxy stands in between: its word counts only when it is one of ours."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import HTTPScope

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDING = (b"x-forwarded-for", b"forwarded", b"x-real-ip")
_MOST_HOPS = 20


def networks(given: Sequence[str]) -> tuple[Network, ...]:
    """Return addresses and networks of proxies. Raises :class:`BadFile` for one that is none."""
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in given)
    except ValueError as error:
        raise BadFile(f"trusted_proxies: {error}", fix='write trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]') from error


def heed(scope: HTTPScope, proxies: Sequence[Network]) -> None:
    """Put the client's own address and scheme into ``scope``, where a trusted proxy tells them.

    The last address of ``X-Forwarded-For`` that is no proxy of ours is the client: what stands before it anybody can
    have written.
    """
    client = scope.get("client")
    if not proxies or not client or not _among(client[0], proxies):
        return
    told = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    hops = [hop.strip() for hop in told.decode("latin-1").split(",")[-_MOST_HOPS:] if hop.strip()]
    for hop in reversed(hops):
        if not _among(hop, proxies):
            if _address(hop) is not None:
                scope["client"] = (hop, 0)
            break
    schemes = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    if schemes and schemes[-1] in (b"http", b"https"):
        scope["scheme"] = schemes[-1].decode()


def is_local(scope: HTTPScope) -> bool:
    """Say whether a request comes from this machine itself, and not through a proxy on it."""
    client = scope.get("client")
    found = _address(client[0]) if client else None
    through = any(name in FORWARDING for name, _ in scope["headers"])
    return found is not None and found.is_loopback and not through


def _among(text: str, proxies: Sequence[Network]) -> bool:
    found = _address(text)
    return found is not None and any(found in network for network in proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
