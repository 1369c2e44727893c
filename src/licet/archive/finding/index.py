"""The search index: tantivy, fed with folded terms. It holds nothing that the catalogue does not have.

A broken or older index is put aside and filled again from the catalogue.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Part

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import Words, grams, needed, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from licet.archive.finding.terms import Query
    from licet.archive.model import Article

VERSION = "1"
"""Changes when what is in the index changes; an index of another version is filled again."""

_TITLE_BOOST = 2.5
_WORD_BOOST = 0.6
_FEW = 4
_HEAP = 32 * 1024 * 1024
_BUSY_SECONDS = 10.0


class Entry(NamedTuple):
    """What the index holds of one snapshot; ``moment`` is in seconds since 1970, UTC."""

    id: str
    article: Article
    moment: int


class Filters(msgspec.Struct, frozen=True):
    """What a search is limited to; ``since`` and ``until`` are moments, the second not included."""

    category: str | None = None
    lang: str | None = None
    since: int | None = None
    until: int | None = None


class Found(NamedTuple):
    """Ids and scores, best first; ``total`` counts all that fit."""

    total: int
    hits: list[tuple[str, float]]


class SearchIndex:
    """The index in ``folder``. ``fresh`` says that it was just made and holds nothing."""

    def __init__(self, folder: Path, words: Words) -> None:
        self._folder = folder
        self._words = words
        self._schema = _schema()
        self._index, self.fresh = self._open()

    def add(self, entries: Iterable[Entry], *, afresh: bool = False, dropping: Iterable[str] = ()) -> list[str] | None:
        """Add or replace entries and drop others in one commit, after dropping all with ``afresh``.

        Return their ids; None where another process holds the index for longer than 10 s, and nothing was added.
        """
        writer = self._writer()
        if writer is None:
            return None
        added = []
        if afresh:
            writer.delete_all_documents()
        for identity in dropping:
            writer.delete_documents_by_term("id", identity)
        for entry in entries:
            if not afresh:
                writer.delete_documents_by_term("id", entry.id)
            writer.add_document(self._document(entry))
            added.append(entry.id)
        writer.commit()
        writer.wait_merging_threads()
        return added

    def search(self, query: str, filters: Filters, *, limit: int, offset: int) -> Found:
        """Find snapshots; a query without a term, or an impossible one, finds nothing."""
        asked = read_query(query)
        if not asked.wanted or limit <= 0:
            return Found(0, [])
        ranking = self._ranking(asked.text)
        pieces = [
            p for piece in asked.wanted for p in ([piece] if piece in asked.phrases else self._words.parts(piece))
        ]
        if asked.phrases or len(pieces) <= _FEW:
            found = self._run(self._limited(ranking + self._all(pieces), asked, filters), limit, offset)
            if found.total or asked.phrases:
                return found
        return self._run(self._limited([*ranking, self._some(asked)], asked, filters), limit, offset)

    def weighted(self, weights: dict[str, float], *, excluding: str, limit: int) -> list[tuple[str, float]]:
        """Find snapshots that share words, each word counting with its weight."""
        parts = []
        for word, weight in weights.items():
            for field, boost in (("words", 1.0), ("title_words", _TITLE_BOOST)):
                parts.append((Occur.Should, Part.boost_query(self._term(field, word), weight * boost)))
        if not parts:
            return []
        parts.append((Occur.MustNot, self._term("id", excluding)))
        return self._run(Part.boolean_query(parts), limit, 0).hits

    def frequency(self, word: str) -> int:
        """Return how many snapshots have ``word``."""
        return int(self._index.searcher().doc_freq("words", word))

    def count(self) -> int:
        """Return how many snapshots the index holds."""
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def words_of(self, article: Article) -> Counter[str]:
        """Return the words of an article with how often each stands there; those of the title count three times."""
        counts = Counter(self._words.plain(fold(article.body)))
        for word in self._words.plain(fold(article.title)):
            counts[word] += 3
        return counts

    def _open(self) -> tuple[Any, bool]:
        mark = self._folder / "VERSION"
        if mark.exists() and mark.read_text(encoding="ascii", errors="replace") == VERSION:
            try:
                return self._made(), False
            except (ValueError, OSError):  # tantivy says ValueError to whatever it cannot read
                pass
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        index = self._made()
        mark.write_text(VERSION, encoding="ascii")
        return index, True

    def _made(self) -> Any:
        index = tantivy.Index(self._schema, path=str(self._folder))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", spaces)
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

    def _document(self, entry: Entry) -> Any:
        title, body = fold(entry.article.title), fold(entry.article.body)
        document = tantivy.Document()
        document.add_text("id", entry.id)
        document.add_text("lang", entry.article.lang)
        document.add_text("category", entry.article.category or "")
        document.add_integer("moment", entry.moment)
        document.add_text("title", " ".join(grams(title)))
        document.add_text("body", " ".join(grams(body)))
        document.add_text("title_words", " ".join(self._words.cut(title)))
        document.add_text("words", " ".join(self._words.cut(body)))
        return document

    def _term(self, field: str, word: str) -> Any:
        return Part.term_query(self._schema, field, word, "freq")

    def _ranking(self, text: str) -> list[tuple[Any, Any]]:
        """Return what ranks: every character, pair and word of the query, in title and body."""
        parts = []
        for term in dict.fromkeys(grams(text)):
            parts.append((Occur.Should, self._term("body", term)))
            parts.append((Occur.Should, Part.boost_query(self._term("title", term), _TITLE_BOOST)))
        for word in dict.fromkeys(self._words.cut(text)):
            parts.append((Occur.Should, Part.boost_query(self._term("words", word), _WORD_BOOST)))
            parts.append((Occur.Should, Part.boost_query(self._term("title_words", word), _WORD_BOOST * _TITLE_BOOST)))
        return parts

    def _anywhere(self, term: str) -> Any:
        return Part.boolean_query([(Occur.Should, self._term("body", term)), (Occur.Should, self._term("title", term))])

    def _all(self, pieces: list[str]) -> list[tuple[Any, Any]]:
        """Ask for every word of a short query: each must be there, of a phrase all it is made of."""
        terms = dict.fromkeys(term for piece in pieces for term in needed(piece))
        return [(Occur.Must, self._anywhere(term)) for term in terms]

    def _some(self, asked: Query) -> tuple[Any, Any]:
        """Ask for a part of a long query: one word or pair at least, of a very long one two."""
        terms = list(dict.fromkeys(term for piece in asked.wanted for term in needed(piece)))
        least = 1 if len(terms) < 6 else 2
        some = [(Occur.Should, self._anywhere(term)) for term in terms]
        return Occur.Must, Part.boolean_query(some, minimum_number_should_match=least)

    def _limited(self, parts: list[tuple[Any, Any]], asked: Query, filters: Filters) -> Any:
        parts = list(parts)
        for piece in asked.unwanted:
            terms = [(Occur.Must, self._anywhere(term)) for term in needed(piece)]
            parts.append((Occur.MustNot, Part.boolean_query(terms)))
        for field, value in (("category", filters.category), ("lang", filters.lang)):
            if value is not None:
                parts.append((Occur.Must, Part.const_score_query(self._term(field, value), 0.0)))
        if filters.since is not None or filters.until is not None:
            bounds = Part.range_query(
                self._schema,
                "moment",
                FieldType.Integer,
                filters.since,
                filters.until,
                include_upper=filters.until is None,
            )
            parts.append((Occur.Must, Part.const_score_query(bounds, 0.0)))
        return Part.boolean_query(parts)

    def _run(self, query: Any, limit: int, offset: int) -> Found:
        self._index.reload()
        searcher = self._index.searcher()
        result = searcher.search(query, limit=limit, count=True, offset=offset)
        hits = [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in result.hits]
        return Found(int(result.count), hits)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("lang", "category"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("moment", indexed=True, fast=True)
    for name in ("title", "body", "title_words", "words"):
        builder.add_text_field(name, tokenizer_name="spaces", index_option="freq")
    return builder.build()
