"""Addresses: which we may ask, and when two are the same."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, safe_url_string, url_query_cleaner

from licet.errors import BadValue, FetchRefused

_TRACKING = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "fbclid", "gclid", "spm", "from")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SCHEMES = ("http", "https")


def canonical(url: str) -> str:
    """Return the form in which two spellings of one address are equal: sorted query, no fragment, no tracking marks."""
    cleaned = url_query_cleaner(url, _TRACKING, remove=True, unique=False, keep_fragments=False)
    return str(canonicalize_url(cleaned))


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
    or its network as well is refused with :class:`FetchRefused`.
    """
    for address in found:
        if not allow_private and not public(address):
            told = f"{host} is a private address ({address})"
            raise FetchRefused(told, reason="private", fix="--allow-private fetches from your own network")
    return found


def public(address: str) -> bool:
    """Say whether an IP address can be reached by everyone, also what an IPv6 address wraps."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64 or ip in _IPV4_COMPATIBLE:
            inner = ipaddress.IPv4Address(ip.packed[-4:])
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast
