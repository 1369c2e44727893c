"""An archive's tables in memory, filled with texts that no page was captured for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from licet.archive.catalogue import Catalogue, Filed
from licet.archive.finding.terms import Words
from licet.archive.model import Article
from licet.archive.relating.grouping import Grouping
from licet.archive.relating.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STAMP = "2023-11-14T22:13:20Z"
_CAPTURE = (
    "INSERT INTO captures (digest, captured_at, captured_from, content_type, warc, warc_offset, warc_length, warc_end)"
    f" VALUES (?, '{_STAMP}', 'bench', 'text/plain', 'none', 0, 0, 0)"
)
_BATCH = 200


class Newsroom:
    """Groups texts as the archive does, in the order they are given in."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._catalogue = Catalogue(Path(":memory:"))
        self._store = Store(self._catalogue)
        self._words = Words()

    def stories(self, order: Sequence[str], moment: int) -> dict[str, int]:
        """Return the story of each text, all of them being of one ``moment``."""
        for start in range(0, len(order), _BATCH):
            with self._catalogue.writing():
                self._store.frequencies.forget()
                grouping = Grouping(self._store, self._words)
                for one in order[start : start + _BATCH]:
                    self._put(one, moment)
                    grouping.update(one)
                self._store.frequencies.save()
        return dict(self._catalogue.rows("SELECT snapshot, story FROM reports"))

    def _put(self, one: str, moment: int) -> None:
        number = self._catalogue.execute(_CAPTURE, (one,))
        filed = Filed(id=one, capture=number, item=one, stamp=_STAMP, moment=moment)
        self._catalogue.put(filed, Article(body=self._texts[one]), [])
