"""The pictures of an article that the archive has: shown from its own copy, never from the publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.archive.replaying import addresses
from licet.archive.replaying.moments import stamp
from licet.errors import TakenDown

if TYPE_CHECKING:
    from licet.archive import Snapshot
    from licet.desk.state import Desk

MOST_PICTURES = 60
PICTURE_TYPES = frozenset(
    f"image/{name}" for name in ("png", "jpeg", "jpg", "gif", "webp", "avif", "bmp", "x-icon", "vnd.microsoft.icon")
)
"""What is served as a picture; SVG only inside a sandbox of its own."""


def is_picture(content_type: str) -> bool:
    """Say whether bytes of this type are shown as a picture."""
    return content_type.partition(";")[0].strip().lower() in PICTURE_TYPES | {"image/svg+xml"}


def stored_pictures(desk: Desk, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the pictures of an article, each with where our copy is, empty where there is none."""
    shown = snapshot.article.images[:MOST_PICTURES] if snapshot.display == "full" else ()
    return [
        {
            "alt": image.alt,
            "url": image.url if image.url.startswith(("http://", "https://")) else "",
            "name": image.alt or image.url,
            "stored": addresses.replay(image.url, stamp(snapshot.captured_at), "im_") if _has(desk, image.url) else "",
        }
        for image in shown
    ]


def _has(desk: Desk, url: str) -> bool:
    if not url.startswith(("http://", "https://")):
        return False
    try:
        return any(is_picture(visit.content_type) for visit in desk.archive.mementos(url))
    except TakenDown:
        return False
