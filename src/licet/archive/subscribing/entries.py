"""Snapshots as the entries of a feed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

from licet.archive.articles import moment_of
from licet.archive.subscribing.feeds import MOST_ENTRIES, Entry
from licet.archive.subscribing.wanted import together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from licet.archive.archive import Archive
    from licet.archive.model import Snapshot
    from licet.archive.subscribing.wanted import Wanted

EXCERPT = 200
SINCE = "2026"
"""The year from which on the names of entries are given out (RFC 4151 asks for a date)."""

_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def tag(host: str, *path: str) -> str:
    """Return a ``tag:`` URI (RFC 4151) under the host of a desk."""
    name = host.lower() if _HOST.fullmatch(host.lower()) else "licet.invalid"
    return f"tag:{name},{SINCE}:{'/'.join(path)}"


def identity_of(snapshot: Snapshot, host: str) -> str:
    """Return the name of an article in feeds: it stays the same through all its versions."""
    item = snapshot.item or snapshot.id
    return tag(host, "news", hashlib.sha256(item.encode()).hexdigest()[:24])


def entry_of(snapshot: Snapshot, *, root: str, host: str, notice: Callable[[Snapshot], str]) -> Entry:
    """Return the entry of a snapshot, with as much of its text as its source allows.

    ``root`` is the scheme and host that links begin with, ``host`` the one that names do; ``notice`` says whose it is.
    """
    article = snapshot.article
    published = dt.datetime.fromisoformat(article.published_at) if article.published_at else None
    lines = tuple(line for line in article.body.split("\n") if line)
    plain = " ".join(lines)
    start = plain[:EXCERPT].strip() + ("…" if len(plain) > EXCERPT else "")
    return Entry(
        identity=identity_of(snapshot, host),
        link=f"{root}/news/{snapshot.id}",
        title=snapshot.title,
        updated=snapshot.captured_at,
        published=published,
        lang="zh-Hans" if article.lang == "zh" else article.lang,
        author=article.author,
        source=article.source or "",
        category=article.category or "",
        original=snapshot.url if snapshot.url and snapshot.url.startswith(("http://", "https://")) else "",
        summary="" if snapshot.display == "link" else start,
        paragraphs=lines if snapshot.display == "full" else (),
        notice=notice(snapshot),
    )


def newest(archive: Archive, wishes: Sequence[Wanted], limit: int = MOST_ENTRIES) -> list[Snapshot]:
    """Return the newest articles that any of the wishes finds."""
    return together(wishes, lambda wanted, most: _found(archive, wanted, most), limit, _moment)


def _found(archive: Archive, wanted: Wanted, limit: int) -> Sequence[Snapshot]:
    if not (wanted.query or wanted.source or wanted.lang):
        return archive.recent(limit, category=wanted.category or None)
    found = archive.search(
        wanted.query,
        category=wanted.category or None,
        source=wanted.source or None,
        lang=wanted.lang or None,
        sort="newest",
        limit=limit,
    )
    return [hit.snapshot for hit in found.hits]


def _moment(snapshot: Snapshot) -> int:
    return moment_of(snapshot.article, snapshot.captured_at)
