"""The search half of ``bench/relevance.py``: how well, how fast, beside plain BM25 in the same run.

All texts of the folder go into one index; headlines are put together at random until it holds 200,000. News: a headline
or paragraph finds the report of the same event (its own text is left out; labels are incomplete, about one for each
query). QA: a question finds the passage that answers it. Time is CPU time of the thread that searches, so that other
work on the machine does not count; the wall's is told beside it.
"""

from __future__ import annotations

import math
import random
import re
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy
from tantivy import Occur, Query

from licet.archive import Article
from licet.archive.finding.excerpts import excerpt, marked_terms
from licet.archive.finding.folding import CJK, fold
from licet.archive.finding.index import SearchIndex
from licet.archive.finding.limits import Filters
from licet.archive.finding.schema import Entry
from licet.archive.finding.searching import Searcher, Wanted
from licet.archive.finding.shards import Shards, build
from licet.archive.finding.terms import Words
from parts import Row, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SIZE, QUICK_SIZE = 200_000, 20_000
QUESTIONS, QUICK_QUERIES = 1_200, 150
TIMED = 300
SHARDED = 30_000
SLOW = 150
HEAP = 32 * 1024 * 1024
DAY = 86_400
CATEGORIES = ("finance", "sports", "society", "technology", "culture")
RUN = re.compile(rf"[{CJK}]+|[^\W{CJK}_]+")


class Asked(NamedTuple):
    """A query, the number of its own text (None for a question), the numbers of the texts it should find."""

    text: str
    own: int | None
    relevant: frozenset[int]


class Corpus(NamedTuple):
    """Titles and texts by number, and the judged queries."""

    titles: list[str]
    texts: list[str]
    news: list[Asked]
    questions: list[Asked]


def load(folder: Path, *, quick: bool) -> Corpus:
    """Read the folder and fill up with composed texts."""
    news, passages = lines(folder / "zh_news_corpus.jsonl"), lines(folder / "zh_qa_passages.jsonl")
    headlines = [line["text"] for line in lines(folder / "zh_headlines.jsonl")]
    titles = [""] * len(news) + [line.get("title") or "" for line in passages] + [""] * len(headlines)
    texts = [line["text"] for line in (*news, *passages)] + headlines
    rng = random.Random(20261122)
    while len(texts) < (QUICK_SIZE if quick else SIZE) and headlines:
        texts.append("。".join(rng.sample(headlines, min(len(headlines), rng.choice((2, 3, 4, 5, 6))))))
        titles.append("")
    numbers = {line["id"]: number for number, line in enumerate((*news, *passages))}

    def asked(name: str) -> list[Asked]:
        found = [
            Asked(line["text"], numbers.get(line["qid"]), frozenset(numbers[r] for r in line["rel"] if r in numbers))
            for line in lines(folder / name)
        ]
        found = [one for one in found if one.relevant]
        most = QUICK_QUERIES if quick else QUESTIONS
        return rng.sample(found, most) if len(found) > most else found

    return Corpus(titles, texts, asked("zh_news_queries.jsonl"), asked("zh_qa_queries.jsonl"))


def entries(corpus: Corpus) -> Iterable[Entry]:
    """Return what the index takes: categories, languages and days are dealt out, for the filters."""
    for number, (title, text) in enumerate(zip(corpus.titles, corpus.texts, strict=True)):
        category = CATEGORIES[number % len(CATEGORIES)]
        article = Article(title=title, body=text, lang="zh", category=category, source=f"source {number % 40}")
        yield Entry(str(number), article, number % 3650 * DAY)


def quality(asked: Sequence[Asked], find: Callable[[str], list[int]]) -> tuple[float, float]:
    """Return mean nDCG@10 and recall@100, the query's own text left out."""
    gain = recall = 0.0
    for one in asked:
        found = [number for number in find(one.text) if number != one.own][:100]
        best = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(one.relevant))))
        gain += sum(1 / math.log2(rank + 2) for rank, n in enumerate(found[:10]) if n in one.relevant) / best
        recall += len(one.relevant.intersection(found)) / len(one.relevant)
    return gain / max(1, len(asked)), recall / max(1, len(asked))


class Plain:
    """Tantivy as it comes, with BM25 over one field of ready terms."""

    def __init__(self, texts: Sequence[str], terms: Callable[[str], list[str]]) -> None:
        self.terms = terms
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", fast=True)
        builder.add_text_field("terms", tokenizer_name="spaces", index_option="freq")
        self.schema = builder.build()
        index = tantivy.Index(self.schema)
        index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(heap_size=HEAP * 4, num_threads=1)
        for number, text in enumerate(texts):
            document = tantivy.Document()
            document.add_unsigned("number", number)
            document.add_text("terms", " ".join(terms(text)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def find(self, query: str, limit: int = 101) -> list[int]:
        """Return the numbers of the best texts."""
        parts = [
            (Occur.Should, Query.term_query(self.schema, "terms", term, "freq"))
            for term in dict.fromkeys(self.terms(query))
        ]
        if not parts:
            return []
        hits = self.searcher.search(Query.boolean_query(parts), limit=limit, count=False).hits
        return [int(n or 0) for n in self.searcher.fast_field_values("number", [address for _, address in hits])]


class Fts5:
    """SQLite's full text search, fed with folded characters and pairs."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE VIRTUAL TABLE texts USING fts5(terms, content='', tokenize='unicode61')")
        rows = ((number, " ".join(both(text))) for number, text in enumerate(texts))
        self.db.executemany("INSERT INTO texts (rowid, terms) VALUES (?, ?)", rows)

    def find(self, query: str, limit: int = 101) -> list[int]:
        """Return the numbers of the best texts by bm25()."""
        asked = " OR ".join(f'"{term}"' for term in dict.fromkeys(both(query)))
        if not asked:
            return []
        rows = self.db.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (asked, limit))
        return [number for (number,) in rows]


def pairs(text: str) -> list[str]:
    """Return the pairs of each Chinese run of a text, folded, and its other words."""
    found: list[str] = []
    for run in RUN.findall(fold(text)):
        found += [run[at : at + 2] for at in range(max(1, len(run) - 1))] if "㐀" <= run[0] <= "鿿" else [run]
    return found


def both(text: str) -> list[str]:
    """Return characters and pairs."""
    found = pairs(text)
    return found + [character for run in RUN.findall(fold(text)) if "㐀" <= run[0] <= "鿿" for character in run]


def measure(folder: Path, *, quick: bool) -> list[Row]:
    """Measure the search; nothing where the folder has no queries."""
    corpus = load(folder, quick=quick)
    if not corpus.news and not corpus.questions:
        return []
    words = Words()
    with tempfile.TemporaryDirectory() as made:
        index = SearchIndex(Path(made) / "index", words)
        rows = [indexing(corpus, index, Path(made))]
        searcher = Searcher([index])
        rows += relevance(corpus, searcher, words)
        rows += speed(corpus, searcher, words, quick=quick)
        rows.append(sharding(corpus, Path(made), words))
    return rows


def indexing(corpus: Corpus, index: SearchIndex, folder: Path) -> Row:
    """Time indexing beside tantivy alone, which gets the same texts folded and cuts them itself."""
    ready = list(entries(corpus))
    start, wall = time.process_time(), time.perf_counter()
    index.add(ready, afresh=True)
    ours, wall = len(ready) / (time.process_time() - start), len(ready) / (time.perf_counter() - wall)
    bare = bare_indexing([fold(text) for text in corpus.texts], folder / "bare")
    detail = f"{len(ready):,} texts; {ours:,.0f} a CPU-second, {wall:,.0f} a second; tantivy alone {bare:,.0f}"
    return Row("indexing, of tantivy alone", ours / bare, 0.5, "×", detail)


def bare_indexing(folded: Sequence[str], folder: Path) -> float:
    """Return the texts a CPU-second that tantivy takes with its own cutter into characters and pairs."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="pairs", index_option="freq")
    folder.mkdir()
    start = time.process_time()
    index = tantivy.Index(builder.build(), path=str(folder))
    index.register_tokenizer("pairs", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, 2)).build())
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for number, text in enumerate(folded):
        document = tantivy.Document()
        document.add_text("id", str(number))
        document.add_text("text", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return len(folded) / (time.process_time() - start)


def relevance(corpus: Corpus, searcher: Searcher, words: Words) -> list[Row]:
    """Score our search and each baseline on the same queries."""
    whole = [f"{title}\n{text}" if title else text for title, text in zip(corpus.titles, corpus.texts, strict=True)]

    def ours(query: str) -> list[int]:
        return [int(identity) for identity, _ in searcher.search(query, Wanted(limit=101)).hits]

    mine = [quality(asked, ours) for asked in (corpus.news, corpus.questions)]
    others: dict[str, list[tuple[float, float]]] = {}
    for name, terms in (
        ("tantivy, words (rjieba, as it comes)", lambda text: words.cut(text.lower())),
        ("tantivy, pairs, folded", pairs),
        ("tantivy, characters and pairs, folded", both),
    ):
        plain = Plain(whole, terms)
        others[name] = [quality(asked, plain.find) for asked in (corpus.news, corpus.questions)]
    fts5 = Fts5(whole)
    name = f"SQLite FTS5, the same terms ({SLOW} queries)"
    others[name] = [quality(asked[:SLOW], fts5.find) for asked in (corpus.news, corpus.questions)]
    rows = []
    for place, floor, what, asked in ((0, 0.51, "news", corpus.news), (1, 0.87, "QA", corpus.questions)):
        detail = f"{len(asked):,} queries among {len(whole):,} texts"
        for figure, least, part in (("nDCG@10", floor, 0), ("R@100", 0.85 if what == "news" else None, 1)):
            beside = {name: figures[place][part] for name, figures in others.items()}
            rows.append(Row(f"{what} {figure}", mine[place][part], least, "", detail, beside))
    return rows


def speed(corpus: Corpus, searcher: Searcher, words: Words, *, quick: bool) -> list[Row]:
    """Time searches with a filter and the excerpts of 20 hits: keywords, and the judged sentences."""
    rng = random.Random(7)
    count = TIMED // 4 if quick else TIMED
    texts = rng.sample(corpus.texts, min(len(corpus.texts), count * 3))
    keywords = [" ".join(found[:2]) for text in texts if (found := [w for w in words.plain(fold(text)) if len(w) > 1])]
    sentences = [one.text for one in (*corpus.news, *corpus.questions)]
    rows = []
    for name, queries in (("keywords", keywords), ("sentences", sentences)):
        chosen = rng.sample(queries, min(len(queries), count))
        for query in chosen[:20]:
            look(corpus, searcher, words, query, 0)
        times = sorted(look(corpus, searcher, words, query, number) for number, query in enumerate(chosen))
        walls = sorted(wall for _, wall in times)
        cpu = [one for one, _ in times]
        detail = (
            f"p50 {at(cpu, 0.5):.2f} ms; wall p50 {at(walls, 0.5):.2f}, p95 {at(walls, 0.95):.2f}; {len(cpu)} queries"
        )
        rows.append(Row(f"{name}, p95 with a filter and excerpts", at(cpu, 0.95), 5.0, "ms", detail, at_most=True))
    return rows


def look(corpus: Corpus, searcher: Searcher, words: Words, query: str, number: int) -> tuple[float, float]:
    """Search as a page of results does; return milliseconds of CPU and of the wall's clock."""
    filters = (
        Filters(category=CATEGORIES[number % len(CATEGORIES)]),
        Filters(lang="zh", since=365 * DAY, until=3000 * DAY),
        Filters(source=f"source {number % 40}"),
        Filters(since=1000 * DAY),
    )[number % 4]
    cpu, wall = time.thread_time(), time.perf_counter()
    terms = marked_terms(query, words)
    for identity, _ in searcher.search(query, Wanted(filters, limit=20)).hits:
        excerpt(corpus.texts[int(identity)], terms)
    return (time.thread_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def at(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of ordered figures."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else math.nan


def sharding(corpus: Corpus, folder: Path, words: Words) -> Row:
    """Compare the ten best of one index with those of two that are searched as one."""
    some: list[Any] = list(entries(corpus))[:SHARDED]
    build(folder / "whole", some, words)
    for part in (0, 1):
        build(folder / f"part{part}", some[part::2], words)
    one, two = Shards([folder / "whole"], words), Shards([folder / "part0", folder / "part1"], words)
    same = total = 0
    for asked in (corpus.news + corpus.questions)[::5]:
        first, second = (shards.search(asked.text, Wanted(limit=10)).hits for shards in (one, two))
        same += len({identity for identity, _ in first} & {identity for identity, _ in second})
        total += len(first)
    return Row("two shards, top-10 overlap", same / max(1, total), 0.99, "", f"{len(some):,} texts")
