"""From stored bytes to an article that is filed: its category, its moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from licet.archive.capture import decoded
from licet.archive.extraction import extract

if TYPE_CHECKING:
    from licet.archive.capture import Capture
    from licet.archive.keeping.captures import Stored
    from licet.archive.model import Article

_CHINA = timezone(timedelta(hours=8))


def article_of(payload: bytes, origin: Capture | Stored, category: str | None) -> Article:
    """Read the article in a captured payload; ``category`` was given with the capture and goes before the page's."""
    page = decoded(payload, origin.content_encoding)
    article = extract(page, url=origin.url, charset=_charset(origin.content_type))
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
