"""What things are called: snapshots, items, WARC records. The same facts always give the same name."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec

from licet.archive.addresses import canonical
from licet.archive.model import Article

if TYPE_CHECKING:
    from licet.archive.capture import Capture

_NAMESPACE = uuid.UUID("6d1fb2d8-6c5c-5c9b-8f0e-3a6f2f0e7a11")
_HEAD = 256 * 1024
_LINK = re.compile(rb"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_CANONICAL = re.compile(rb"""\brel\s*=\s*["']?\s*canonical\b""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_DEVICES = ("www.", "m.", "wap.", "mobile.", "amp.")


def snapshot_id(digest: str, address: str, stamp: str) -> str:
    """Return 12 letters and digits made from the bytes, their canonical address and the time of capture."""
    made = hashlib.sha256(f"{digest}\n{address}\n{stamp}".encode()).digest()
    return base64.b32encode(made)[:12].decode("ascii").lower()


def record_id(*parts: str) -> str:
    """Return a WARC-Record-ID (ISO 28500, 5.2): a UUID of version 5 made from ``parts``."""
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, '|'.join(parts))}>"


def record_of_old(kind: str, url: str | None, stamp: str, digest: str) -> str:
    """Return the record ID that the first version of the archive gave to a capture."""
    return record_id(kind, url or "urn:sha256:" + digest.removeprefix("sha256:"), stamp, digest)


def text_digest(article: Article) -> str:
    """Return ``sha256:hex`` over the text of an article: its title, its time as printed, its body."""
    text = f"{article.title}\n{article.published}\n{article.body}"
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def text_of_json(article: str) -> str:
    """Return :func:`text_digest` of a stored article."""
    return text_digest(msgspec.json.decode(article, type=Article))


def item_of(capture: Capture, page: bytes) -> str:
    """Return the item that a page is a version of: its canonical address; without an address, its digest.

    ``page`` is the body with its content encoding taken off. A ``<link rel=canonical>`` (RFC 6596) is believed where
    it stays with the host, another form of it for another device included, and does not name the front page: a page
    can claim to be a version of its own site's articles only.
    """
    if capture.url is None:
        return capture.digest
    claimed = _claimed(capture.url, page)
    return canonical(claimed or capture.url)


def _claimed(url: str, page: bytes) -> str | None:
    for link in _LINK.findall(page[:_HEAD]):
        found = _HREF.search(link) if _CANONICAL.search(link) else None
        if found:
            href = next(group for group in found.groups() if group is not None)
            return _believed(url, html.unescape(href.decode("utf-8", "replace")).strip())
    return None


def _believed(url: str, href: str) -> str | None:
    try:
        claimed = urljoin(url, href)
        own, other = urlsplit(url), urlsplit(claimed)
        same = _site(own.hostname) == _site(other.hostname) and own.port == other.port
    except ValueError:
        return None
    front = other.path in {"", "/"} and not other.query and own.path not in {"", "/"}
    plain = other.scheme in {"http", "https"} and other.username is None and claimed.isprintable()
    return claimed if same and plain and not front and len(claimed) <= 2048 else None


def _site(host: str | None) -> str:
    name = host or ""
    return next((name.removeprefix(device) for device in _DEVICES if name.startswith(device)), name)
