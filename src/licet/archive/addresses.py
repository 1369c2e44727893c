"""Addresses: which we may ask, and when two are the same."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, safe_url_string, url_query_cleaner

from licet.errors import BadValue, FetchRefused

_TRACKING = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "gclid", "spm", "from")
PORTS = {"http": 80, "https": 443}
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOOPBACK = ipaddress.IPv6Address("::1")
_NEVER = [
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32", "224.0.0.0/4", "ff00::/8")
]
_SCHEMES = ("http", "https")


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """Return the form in which two spellings of one address are equal: sorted query, no fragment, no tracking marks.

    What cannot be taken apart as an address is equal to itself only.
    """
    try:
        cleaned = url_query_cleaner(url, _TRACKING, remove=True, unique=False, keep_fragments=False)
        return str(canonicalize_url(_without_default_port(cleaned)))
    except ValueError:
        return url


def _without_default_port(url: str) -> str:
    for scheme, port in PORTS.items():
        host, mark, rest = url.removeprefix(f"{scheme}://").partition(f":{port}")
        if mark and url.startswith(f"{scheme}://") and not set(host) & set("/?#") and rest[:1] in ("", "/", "?", "#"):
            return f"{scheme}://{host}{rest}"
    return url


def checked(url: str) -> str:
    """Return ``url`` made safe for the wire; :class:`BadValue` or :class:`FetchRefused` if it is no web address."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadValue(f"{url!r} is not an address", fix="write https://host/path") from error
    if parts.scheme not in _SCHEMES:
        raise FetchRefused(
            f"only http and https addresses are fetched, not {parts.scheme or 'this'}: {url}", reason="scheme"
        )
    if not host:
        raise BadValue(f"{url!r} names no host", fix="write https://host/path")
    if parts.username is not None:
        raise FetchRefused(
            "an address that carries a user name is not fetched", reason="scheme", fix="take the part before @ out"
        )
    return str(safe_url_string(url.strip()))


def permitted(host: str, found: list[str], *, allow_private: bool) -> list[str]:
    """Return the IP addresses of ``host`` that may be connected to, which are all or none.

    Unless ``allow_private``, every address the name resolves to must be public: a name that resolves to this machine
    or its network as well is refused with :class:`FetchRefused`. Link-local addresses and the metadata services of
    clouds, which hand out keys to whoever asks, are refused always.
    """
    for address in found:
        if any(address_of in network for address_of in _forms(address) for network in _NEVER):
            told = f"{host} is an address that is never asked ({address})"
            raise FetchRefused(told, reason="private", fix="give the address of a web site")
        if not allow_private and not public(address):
            told = f"{host} is a private address ({address})"
            raise FetchRefused(told, reason="private", fix="--allow-private fetches from your own network")
    return found


def public(address: str) -> bool:
    """Say whether an IP address can be reached by everyone, also what an IPv6 address wraps."""
    innermost = _forms(address)[-1]
    return innermost.is_global and not innermost.is_multicast


def _forms(address: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return an IP address, and the IPv4 address that it wraps, if it does."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if ip in _NAT64 or ip in _IPV4_COMPATIBLE:
        inner = ipaddress.IPv4Address(ip.packed[-4:])
    return [ip, inner] if inner is not None and ip != _LOOPBACK else [ip]
