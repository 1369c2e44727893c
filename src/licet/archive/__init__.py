"""The news archive: capture to snapshot to article; search and related reports.

>>> with Archive.open(home()) as archive:
...     snapshot = archive.add_file(Path("page.html"), at=now, url="https://…")
...     archive.search("出口管制").hits[0].snapshot.title
"""

from licet.archive.archive import Archive
from licet.archive.extraction import EXTRACTOR, extract
from licet.archive.keeping.origin import Take
from licet.archive.model import (
    Article,
    Finding,
    Hit,
    Image,
    Memento,
    Reading,
    Response,
    SearchResult,
    Snapshot,
    Tag,
    Taken,
)

__all__ = [
    "EXTRACTOR",
    "Archive",
    "Article",
    "Finding",
    "Hit",
    "Image",
    "Memento",
    "Reading",
    "Response",
    "SearchResult",
    "Snapshot",
    "Tag",
    "Take",
    "Taken",
    "extract",
]
