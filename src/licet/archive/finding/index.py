"""The search index: tantivy, fed with folded terms. It holds nothing that the catalogue does not have.

A broken or older index is put aside and filled again from the catalogue. One process writes at a time; readers see what
was committed. A writer that is killed, or whose disk is full, leaves the index as the last commit made it.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Occur
from tantivy import Query as Part

from licet.archive.finding import schema as fields
from licet.archive.finding.asking import Asking, Statistics
from licet.archive.finding.folding import fold
from licet.archive.finding.limits import Filters
from licet.archive.finding.schema import Entry
from licet.errors import ArchiveError
from licet.journal.locking import locked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from licet.archive.finding.terms import Words
    from licet.archive.model import Article

__all__ = ["Entry", "Filters", "SearchIndex"]

_HEAP = 32 * 1024 * 1024
_BUSY_SECONDS = 10.0
_KNOWN_TERMS = 200_000


class SearchIndex:
    """The index in ``folder``. ``fresh`` says that it was just made and holds nothing."""

    def __init__(self, folder: Path, words: Words) -> None:
        self.folder = folder
        self.words = words
        self.schema = fields.schema()
        self._index, self.fresh = self._open()
        self._seen: tuple[tuple[int, int], Any, Statistics] | None = None

    def add(self, entries: Iterable[Entry], *, dropping: Iterable[str] = (), afresh: bool = False) -> list[str] | None:
        """Add or replace entries, and take out those of ``dropping``, in one commit; drop all others with ``afresh``.

        Return the ids that were added; None where another process holds the index for longer than 10 s, and nothing
        was changed. :class:`~licet.errors.ArchiveError` where the disk did not take it; the index is as it was.
        """
        writer = self._writer()
        if writer is None:
            return None
        try:
            added = self._feed(writer, entries, dropping, afresh=afresh)
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as error:  # tantivy says ValueError to whatever fails
            fix = "free some space, or check that the data folder may be written; the index is as it was before"
            raise ArchiveError(f"the search index could not be written: {error}", fix=fix) from error
        return added

    def asking(self, shared: Statistics | None = None) -> tuple[Any, Asking]:
        """Return a searcher of what is committed now, and what makes queries for it."""
        searcher, statistics = self._now()
        return searcher, Asking(self.schema, self.words, statistics, shared)

    def statistics(self) -> Statistics:
        """Return the statistics of what is committed now."""
        return self._now()[1]

    def weighted(self, weights: dict[str, float], *, excluding: str, limit: int) -> list[tuple[str, float]]:
        """Find snapshots that share words; the score is the sum of the weights of those that are there."""
        searcher, asking = self.asking()
        parts = [
            (Occur.Should, Part.const_score_query(asking.having(word), weight)) for word, weight in weights.items()
        ]
        if not parts or limit <= 0:
            return []
        parts.append((Occur.MustNot, asking.term("id", excluding)))
        result = searcher.search(Part.boolean_query(parts), limit=limit, count=False)
        return [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in result.hits]

    def frequency(self, word: str) -> int:
        """Return how many snapshots have ``word``."""
        return self.statistics().having(word)

    def count(self) -> int:
        """Return how many snapshots the index holds."""
        return self.statistics().count

    def words_of(self, article: Article) -> Counter[str]:
        """Return the words of an article with how often each stands there; those of the title count three times."""
        counts = Counter(self.words.plain(fold(article.body)))
        for word in self.words.plain(fold(article.title)):
            counts[word] += 3
        return counts

    def _now(self) -> tuple[Any, Statistics]:
        """Return the newest searcher, and its statistics; both are kept while nothing was committed."""
        status = (self.folder / "meta.json").stat()  # a new file at every commit
        mark = (status.st_ino, status.st_mtime_ns)
        if self._seen is None or self._seen[0] != mark:
            self._index.reload()
            searcher = self._index.searcher()
            known = lru_cache(maxsize=_KNOWN_TERMS)(searcher.doc_freq)
            self._seen = (mark, searcher, Statistics(int(searcher.num_docs), known))
        return self._seen[1:]

    def _feed(self, writer: Any, entries: Iterable[Entry], dropping: Iterable[str], *, afresh: bool) -> list[str]:
        added = []
        if afresh:
            writer.delete_all_documents()
        for identity in dropping:
            writer.delete_documents_by_term("id", identity)
        for entry in entries:
            if not afresh:
                writer.delete_documents_by_term("id", entry.id)
            writer.add_document(fields.document(entry, self.words))
            added.append(entry.id)
        return added

    def _open(self) -> tuple[Any, bool]:
        """Open the index, or make it: one process at a time, so that none deletes what another has just made."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.folder.with_suffix(".lock")):
            return self._opened()

    def _opened(self) -> tuple[Any, bool]:
        mark = self.folder / "VERSION"
        if mark.exists() and mark.read_text(encoding="ascii", errors="replace") == fields.VERSION:
            try:
                return self._made(), False
            except (ValueError, OSError):  # tantivy says ValueError to whatever it cannot read
                pass
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        index = self._made()
        mark.write_text(fields.VERSION, encoding="ascii")
        return index, True

    def _made(self) -> Any:
        index = tantivy.Index(self.schema, path=str(self.folder))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer(fields.SPACES, spaces)
        return index

    def _writer(self) -> Any:
        """Return the one writer, waiting for another process to give it back; None if it does not."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return self._index.writer(heap_size=_HEAP, num_threads=1)
            except ValueError as error:
                if "lock" not in str(error).lower():
                    raise
                if time.monotonic() > deadline:
                    return None
                time.sleep(0.05)
