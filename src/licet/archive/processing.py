"""Reading again: what is stored, by the rules of today; the older reading is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from licet.archive.articles import article_of, moment_of
from licet.archive.keeping.payloads import payload_of
from licet.archive.keeping.taking import extracted
from licet.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures, Stored
    from licet.archive.model import Article, Snapshot, Tag


class Reader:
    """Reads the articles of stored captures, each with its zone; ``batch``: so many are handed to it at once."""

    batch = 1

    def read(self, folder: Path, batch: Sequence[tuple[Stored, str | None]]) -> list[Article | None]:
        """Return the article of each; None where its bytes are damaged, or hold none any more."""
        return read_again(batch, folder)


def read_again(batch: Sequence[tuple[Stored, str | None]], folder: Path) -> list[Article | None]:
    """Return the articles of captures whose records stand in the files of ``folder``."""
    found: list[Article | None] = []
    for stored, zone in batch:
        try:
            payload = payload_of(folder, stored)
            found.append(article_of(payload, stored, stored.given_category, zone=zone, folder=folder))
        except ArchiveError:
            found.append(None)
    return found


class Reprocessing:
    """Reads every snapshot of one archive again."""

    def __init__(self, folder: Path, catalogue: Catalogue, captures: Captures) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._captures = captures

    def run(
        self,
        tags: Callable[[Article], list[Tag]],
        progress: Callable[[int, int], None] | None,
        at: str | None,
        reader: Reader | None = None,
    ) -> int:
        """Read each again; return how many. ``at`` is the time the journal gets, by default that of the capture.

        ``reader``: by whom they are read; by default here, one after the other. What was read is written here alone.
        """
        total = self._catalogue.count()
        reader = reader or Reader()
        done = 0
        known = self._known()
        while batch := list(islice(known, reader.batch)):
            found = reader.read(self._folder, [(stored, before.zone) for stored, before in batch])
            for (stored, before), article in zip(batch, found, strict=True):
                self._write_again(stored, before, article or before.article, tags(article or before.article), at)
                done += 1
                if progress:
                    progress(done, total)
        return done

    def _known(self) -> Iterator[tuple[Stored, Snapshot]]:
        """Yield the first capture of each snapshot that was not erased."""
        for stored in self._captures.stored(pages=True):
            first = self._captures.of_snapshot(stored.snapshot or "")
            before = self._catalogue.any_snapshot(stored.snapshot or "")
            if first and first.number == stored.number and before and before.state != "erased":
                yield stored, before

    def _write_again(self, stored: Stored, before: Snapshot, article: Article, tags: list[Tag], at: str | None) -> None:
        moment = moment_of(article, datetime.fromisoformat(stored.captured_at).astimezone(UTC))
        with self._catalogue.writing():
            self._catalogue.replace(before.id, article, tags, moment)
            if article != before.article:
                self._catalogue.note("extracted", at or stored.captured_at, extracted(before.id, article))
