"""Reading again: what is stored, by the rules of today; the older reading is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from licet.archive.articles import article_of, moment_of
from licet.archive.keeping.payloads import payload_of
from licet.archive.keeping.taking import extracted
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures, Stored
    from licet.archive.model import Article, Tag


class Reprocessing:
    """Reads every snapshot of one archive again."""

    def __init__(self, folder: Path, catalogue: Catalogue, captures: Captures) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._captures = captures

    def run(
        self, tags: Callable[[Article], list[Tag]], progress: Callable[[int, int], None] | None, at: str | None
    ) -> int:
        """Read each again; return how many. ``at`` is the time the journal gets, by default that of the capture."""
        total = self._catalogue.count()
        done = 0
        for stored in self._captures.stored(pages=True):
            first = self._captures.of_snapshot(stored.snapshot or "")
            if first and first.number == stored.number and self._read_again(stored, tags, at):
                done += 1
                if progress:
                    progress(done, total)
        return done

    def _read_again(self, stored: Stored, tags: Callable[[Article], list[Tag]], at: str | None) -> bool:
        before = self._catalogue.any_snapshot(stored.snapshot or "")
        if before is None or before.state == "erased":
            return False
        try:
            payload = payload_of(self._folder, stored)
            article = article_of(payload, stored, stored.given_category, zone=before.zone, folder=self._folder)
        except ArchiveError:
            article = before.article
        moment = moment_of(article, datetime.fromisoformat(stored.captured_at).astimezone(UTC))
        with self._catalogue.writing():
            self._catalogue.replace(before.id, article, tags(article), moment)
            if article != before.article:
                self._catalogue.note("extracted", at or stored.captured_at, extracted(before.id, article))
        return True
