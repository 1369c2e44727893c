"""Addresses that readers submit: a bounded queue of its own, which the next crawl takes from."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

from licet.archive import addresses
from licet.archive.collecting.links import ADDRESS_LIMIT, host_of
from licet.archive.collecting.queue import New, Queue
from licet.archive.collecting.sources import HOUR, READERS
from licet.errors import BadValue, FetchRefused, LimitReached

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from licet.archive.collecting.sources import Source

WAITING = 1000
"""The most addresses that wait for a crawl."""
PER_HOUR = 10
"""The most addresses of one sender in an hour."""
_OWN = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".test", ".invalid", ".onion")
_PORTS = {None, 80, 443}


class Submission(NamedTuple):
    """What became of a submitted address: ``waiting`` for the next crawl, or ``known`` already."""

    url: str
    state: Literal["waiting", "known"]


def submit(folder: Path, url: str, *, at: datetime, sender: str) -> Submission:
    """Put an address that a reader submits into the queue of the archive in ``folder``.

    ``sender`` tells one reader from another (a token, an address); only a digest of it is kept. Raises
    :class:`BadValue` for what is no address, :class:`FetchRefused` for a private one, :class:`LimitReached` where the
    queue is full or the sender has sent too many. Nothing is fetched and no name resolved here; whether a name leads
    to a private address is checked when it is connected to.
    """
    address = checked(url)
    key, now = addresses.canonical(address), at.timestamp()
    who = hashlib.sha256(f"licet submission {sender}".encode()).hexdigest()[:32]
    with Queue(folder, durable=True) as queue, queue.writing():
        if queue.knows(address) or queue.rows("SELECT 1 FROM submissions WHERE key = ?", (key,)):
            return Submission(address, "known")
        _check_limits(queue, who, now)
        queue.execute(
            "INSERT INTO submissions (url, key, sender, sent_at) VALUES (?, ?, ?, ?)", (address, key, who, now)
        )
    return Submission(address, "waiting")


def checked(url: str) -> str:
    """Return an address that a reader may submit; only public hosts on the ports of the web are."""
    if len(url) > ADDRESS_LIMIT:
        raise BadValue(f"the address is longer than {ADDRESS_LIMIT} characters", fix="give the address of one page")
    address = addresses.checked(url).partition("#")[0]
    host = host_of(address)
    if urlsplit(address).port not in _PORTS:
        raise FetchRefused("only the ports 80 and 443 are asked", reason="private", fix="take the port out")
    if not _maybe_public(host):
        raise FetchRefused(f"{host} is not on the public network", reason="private", fix="give a public address")
    return address


def _maybe_public(host: str) -> bool:
    """Judge a host by how it is written; what it resolves to is judged when it is asked."""
    try:
        return addresses.public(host)
    except ValueError:
        pass
    try:
        # Spellings that only a resolver understands (127.1, 2130706433, 0x7f000001) are no name of a public host.
        ipaddress.ip_address(int(host.replace(".", ""), 0))
    except ValueError:
        return "." in host.strip(".") and not f".{host.rstrip('.')}".endswith(_OWN)
    return False


def _check_limits(queue: Queue, who: str, now: float) -> None:
    if queue.rows("SELECT COUNT(*) FROM submissions WHERE taken = 0")[0][0] >= WAITING:
        raise LimitReached(f"{WAITING} submitted addresses are waiting", fix="submit it again tomorrow")
    sent = queue.rows("SELECT COUNT(*) FROM submissions WHERE sender = ? AND sent_at > ?", (who, now - HOUR))
    if sent[0][0] >= PER_HOUR:
        raise LimitReached(f"{PER_HOUR} addresses were submitted within the hour", fix="submit it in an hour")


def take(queue: Queue, source: Source, *, at: float) -> int:
    """Make entries of the source of readers from the addresses that wait; return how many are new."""
    if not queue.rows("SELECT 1 FROM submissions WHERE taken = 0 LIMIT 1"):
        return 0
    with queue.writing():
        waiting = queue.rows("SELECT id, url FROM submissions WHERE taken = 0 ORDER BY id")
        entries = [New(READERS, "page", url, source.page_every, category=source.category) for _, url in waiting]
        new = queue.put(entries, at=at)
        if waiting:
            queue.execute("UPDATE submissions SET taken = 1 WHERE id <= ?", (waiting[-1][0],))
    return new
