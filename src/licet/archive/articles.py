"""From stored bytes to an article that is filed: its category, its moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from licet.archive.capture import decoded
from licet.archive.extraction import Overrides, extract
from licet.archive.extraction.timezones import known

if TYPE_CHECKING:
    from pathlib import Path

    from licet.archive.capture import Capture
    from licet.archive.keeping.captures import Stored
    from licet.archive.model import Article

_CHINA = timezone(timedelta(hours=8))


def article_of(
    payload: bytes,
    origin: Capture | Stored,
    category: str | None,
    *,
    zone: str | None = None,
    folder: Path | None = None,
) -> Article:
    """Read the article in a captured payload; ``category`` was given with the capture and goes before the page's.

    ``zone`` is the source's; a name that this system has no zone of counts as none. ``folder`` is the archive's of WARC
    files: what the user knows of single sites lies beside it, in ``sites``.
    """
    page = decoded(payload, origin.content_encoding)
    charset = _charset(origin.content_type)
    sites = Overrides.load(folder.parent / "sites") if folder else None
    article = extract(page, url=origin.url, charset=charset, zone=zone if known(zone) else None, sites=sites)
    if not category:
        return article
    return msgspec.structs.replace(article, category=category, confidence={**article.confidence, "category": 1.0})


def moment_of(article: Article, captured_at: datetime) -> int:
    """Return the moment an article is filed under: publication, where it is known and possible, else capture."""
    if article.published_at:
        return int(datetime.fromisoformat(article.published_at).timestamp())
    if article.published:
        zone = _CHINA if article.lang == "zh" else UTC
        return int(datetime.fromisoformat(article.published).replace(tzinfo=zone).timestamp())
    return int(captured_at.timestamp())


def _charset(content_type: str) -> str | None:
    _, found, charset = content_type.lower().partition("charset=")
    return charset.split(";")[0].strip(" \"'") or None if found else None
