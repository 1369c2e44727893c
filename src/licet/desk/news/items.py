"""Snapshots as pages show them in lists: title, start or excerpt, time, source."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from licet.desk.render import address

if TYPE_CHECKING:
    from licet.archive import Hit, Snapshot
    from licet.desk.state import Desk
    from licet.desk.tongue import Tongue

EXCERPT = 120


def item(snapshot: Snapshot, tongue: Tongue, hit: Hit | None = None) -> dict[str, Any]:
    """Return one line of a list of snapshots; of one that is shown by its title alone, no text."""
    article = snapshot.article
    return {
        "id": snapshot.id,
        "title": snapshot.title,
        "lang": language_tag(article.lang),
        "parts": [] if snapshot.display == "link" else hit.excerpt_parts if hit else _start(snapshot),
        "source": article.source or snapshot.via or "",
        "category": article.category or "",
        **when(snapshot, tongue),
    }


def _start(snapshot: Snapshot) -> list[tuple[str, bool]]:
    plain = snapshot.article.body.replace("\n", " ")
    if not snapshot.article.title:
        plain = plain.removeprefix(snapshot.title)
    return [(plain[:EXCERPT].strip() + ("…" if len(plain) > EXCERPT else ""), False)]


def language_tag(code: str) -> str:
    """Return the ``lang`` attribute of a captured text."""
    return "zh-Hans" if code == "zh" else code or "und"


def when(snapshot: Snapshot, tongue: Tongue) -> dict[str, str]:
    """Return the time of publication, machine-readable and in words; that of the capture where none is known."""
    article = snapshot.article
    if article.published_at:
        moment = dt.datetime.fromisoformat(article.published_at)
        return {"iso": article.published_at, "time": tongue.moment(moment), "unpublished": ""}
    if article.published:
        clock = article.published[10:].strip()
        return {
            "iso": article.published[:10],
            "time": f"{tongue.day(article.published)} {clock}".strip(),
            "unpublished": "",
        }
    return {"iso": snapshot.captured_at.isoformat(), "time": tongue.moment(snapshot.captured_at), "unpublished": "true"}


def categories(desk: Desk, chosen: str | None) -> list[dict[str, Any]]:
    """Return the bar of categories."""
    return [
        {"name": name, "count": count, "href": address("/news", {"category": name}), "current": name == chosen}
        for name, count in desk.archive.categories()
    ]
