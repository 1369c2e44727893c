"""The reports that belong with a snapshot: its copies, and the story it is part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.desk.news.items import item
from licet.errors import NoSuchSnapshot

if TYPE_CHECKING:
    from licet.archive.relating.model import Report
    from licet.desk.state import Desk
    from licet.desk.tongue import Tongue

MOST_COPIES = 20
MOST_DAYS = 30


def together(desk: Desk, identity: str, tongue: Tongue) -> dict[str, Any]:
    """Return the copies of a snapshot with their origin, and its story where that has other reports as well."""
    found = desk.archive.copies(identity)
    copies = [{**item(copy.snapshot, tongue), "share": round(copy.shared * 100)} for copy in found.copies[:MOST_COPIES]]
    return {"copies": copies, "origin": found.origin, "story": _story(desk, identity)}


def _story(desk: Desk, identity: str) -> dict[str, Any] | None:
    try:
        story = desk.archive.story(identity)
    except NoSuchSnapshot:
        return None  # an older version is in no story
    if len(story.members) < 2:
        return None
    timeline = [
        {"day": day.day, "reports": [_report(report) for report in day.reports]} for day in story.timeline[-MOST_DAYS:]
    ]
    return {"title": story.title, "first": story.first[:10], "last": story.last[:10], "timeline": timeline}


def _report(report: Report) -> dict[str, Any]:
    snapshot = report.snapshot
    return {
        "id": snapshot.id,
        "title": snapshot.title,
        "source": snapshot.article.source or "",
        "news": report.news if snapshot.display == "full" else [],
    }
