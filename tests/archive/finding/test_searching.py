"""Searching, held against an evaluator of our own that reads every text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.archive import Article
from licet.archive.finding.folding import fold
from licet.archive.finding.index import SearchIndex
from licet.archive.finding.language import All, Either, Not, Phrase, Word, read_query
from licet.archive.finding.limits import Filters, Limit
from licet.archive.finding.schema import Entry
from licet.archive.finding.searching import DEEPEST, HALF_LIFE, Searcher, Wanted
from licet.archive.finding.terms import Words, is_cjk, needed, runs, stem, terms
from licet.errors import BadValue

WORDS = Words()
CHINESE = "港口仓库盘点浮吊"
ENGLISH = ("port", "ports", "crane", "cranes", "stock", "ship")
DAY = 86_400


def made(number, rng):
    pieces = [
        rng.choice(ENGLISH) if rng.random() < 0.3 else "".join(rng.choices(CHINESE, k=rng.randint(1, 4)))
        for _ in range(rng.randint(1, 12))
    ]
    text = "".join(piece + rng.choice(["", " ", ",", "。"]) if is_cjk(piece) else f" {piece} " for piece in pieces)
    title = "".join(rng.choices(CHINESE, k=3)) if rng.random() < 0.5 else ""
    article = Article(
        url=f"https://{rng.choice(['www.a.example', 'n.a.example', 'b.example'])}/{number}",
        lang=rng.choice(["zh", "en"]),
        title=title,
        body=text,
        category=rng.choice(["港口", "生活", None]),
        source=rng.choice(["东港日报", "Harbor Ledger"]),
    )
    tags = tuple(rng.sample(["place:CH", "chip:h100-sxm"], rng.randint(0, 2)))
    return Entry(f"id{number}", article, number * DAY, tags)


@pytest.fixture(scope="module")
def entries():
    rng = random.Random(5)  # noqa: S311 - a made corpus
    return [made(number, rng) for number in range(300)]


@pytest.fixture(scope="module")
def searcher(entries, tmp_path_factory):
    index = SearchIndex(tmp_path_factory.mktemp("index") / "index", WORDS)
    index.add(entries[:150])
    index.add(entries[150:])
    return Searcher([index])


def holds(entry, node):
    """Say whether a text holds what a query asks for; slowly and plainly."""
    if isinstance(node, Limit):
        return has(entry, node)
    if isinstance(node, Not):
        if isinstance(node.part, Word):
            return not all(there(entry, term) for term in needed(node.part.text))
        return not holds(entry, node.part)
    if isinstance(node, All | Either):
        return (all if isinstance(node, All) else any)(holds(entry, part) for part in node.parts)
    if isinstance(node, Phrase):
        return phrase(terms(whole(entry)), terms(node.text))
    return all(there(entry, term) for piece in WORDS.parts(node.text) for term in needed(piece))


def whole(entry):
    return fold(f"{entry.article.title}\n{entry.article.body}")


def there(entry, term):
    every = terms(whole(entry))
    if is_cjk(term):
        return phrase(every, list(term))
    return term in {stem(word) for word in every}


def phrase(every, wanted):
    return any(every[at : at + len(wanted)] == wanted for at in range(len(every) - len(wanted) + 1))


def has(entry, limit):
    article = entry.article
    if limit.field == "moment":
        return (limit.since is None or entry.moment >= limit.since) and (
            limit.until is None or entry.moment < limit.until
        )
    if limit.field == "tag":
        return limit.value in {tag.lower() for tag in entry.tags}
    if limit.field == "site":
        return f".{article.url.split('/')[2]}".endswith(f".{limit.value}")
    return getattr(article, limit.field) == limit.value


ATOMS = st.one_of(
    st.text(CHINESE, min_size=1, max_size=3),
    st.sampled_from(ENGLISH),
    st.text(CHINESE, min_size=1, max_size=3).map('"{}"'.format),
    st.tuples(st.sampled_from(ENGLISH), st.text(CHINESE, min_size=1, max_size=2)).map(
        lambda two: '"{} {}"'.format(*two)
    ),
    st.sampled_from(["lang:zh", "来源:东港日报", "category:港口", "tag:place:CH", "site:a.example", "before:1970-03"]),
)
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: "({} AND {})".format(*two)),
        st.tuples(inner, inner).map(lambda two: "({} OR {})".format(*two)),
        st.tuples(inner, inner).map(lambda two: "({} NOT {})".format(*two)),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(query=QUERIES)
def test_what_is_found_is_what_holds(searcher, entries, query):
    query = f"{query} AND ({query})"
    asked = read_query(query)
    assert asked.notes == ()
    found = searcher.search(query, Wanted(limit=1000))
    wanted = {entry.id for entry in entries if all(holds(entry, node) for node in asked.strict)}
    assert {identity for identity, _ in found.hits} == wanted
    assert found.total == len(wanted)


def test_a_phrase_is_exact_and_a_word_is_not(tmp_path):
    index = SearchIndex(tmp_path / "index", WORDS)
    texts = {"a": "Export controls on chips", "b": "Controls: export, control", "c": "the export control list"}
    index.add([Entry(name, Article(body=text), 0) for name, text in texts.items()])
    ids = lambda query: {identity for identity, _ in Searcher([index]).search(query).hits}  # noqa: E731
    assert ids("export control") == {"a", "b", "c"}
    assert ids('"export controls"') == {"a"}
    assert ids('"export control"') == {"b", "c"}
    assert ids('title:"export"') == set()


def test_filters_hold(searcher, entries):
    filters = Filters(category="港口", lang="zh", since=50 * DAY, until=200 * DAY, source="东港日报", site="a.example")
    found = searcher.search("港", Wanted(filters, limit=1000))
    wanted = {
        entry.id for entry in entries if "港" in whole(entry) and all(has(entry, limit) for limit in filters.limits())
    }
    assert {identity for identity, _ in found.hits} == wanted != set()
    with pytest.raises(BadValue):
        searcher.search("港", Wanted(Filters(lang="xx")))


def test_order_by_time(searcher):
    for sort, reverse in (("newest", True), ("oldest", False)):
        numbers = [int(i[2:]) for i, _ in searcher.search("港 OR 仓", Wanted(sort=sort, limit=1000)).hits]
        assert len(numbers) > 20
        assert numbers == sorted(numbers, reverse=reverse)
    filters_alone = searcher.search("lang:zh", Wanted(limit=1000)).hits
    assert [int(i[2:]) for i, _ in filters_alone] == sorted((int(i[2:]) for i, _ in filters_alone), reverse=True)


def test_age_counts_only_as_asked(tmp_path):
    index = SearchIndex(tmp_path / "index", WORDS)
    index.add(
        [
            Entry("old", Article(title="港口港口", body="港口"), 0),
            Entry("new", Article(body="港口" + "仓库" * 9), HALF_LIFE * 9),
        ]
    )
    searcher = Searcher([index])
    assert [i for i, _ in searcher.search("港口").hits] == ["old", "new"]
    fading = Wanted(sort="fading", at=HALF_LIFE * 9)
    assert [i for i, _ in searcher.search("港口", fading).hits] == ["new", "old"]


def test_pages_are_parts_of_one_order(searcher):
    for query in ("港口 仓库", "港口在哪个仓库盘点浮吊?", "港"):
        every = searcher.search(query, Wanted(limit=90))
        pages = [searcher.search(query, Wanted(limit=30, offset=offset)) for offset in (0, 30, 60)]
        assert [hit for page in pages for hit in page.hits] == every.hits
        assert {page.total for page in pages} == {every.total}
    assert searcher.search("港", Wanted(limit=10, offset=DEEPEST)).hits == []


def test_facets_count_what_fits(searcher, entries):
    found = searcher.search("港", Wanted(facets=True, limit=1))
    fitting = [entry for entry in entries if "港" in whole(entry)]
    assert dict(found.facets["category"])["港口"] == sum(entry.article.category == "港口" for entry in fitting)
    assert sum(count for _, count in found.facets["source"]) == found.total == len(fitting)
    assert found.facets["year"] == [("1970", found.total)]


def test_some_words_where_no_text_has_all(searcher):
    found = searcher.search("ship 月季花展")
    assert found.total > 0
    assert "some of them" in str(found.notes[0])
    assert searcher.search("ship +月季花展").total == 0
    assert searcher.search("ship AND 月季花展").total == 0


def test_a_question_is_answered_by_the_text_that_has_all_it_asks_for(tmp_path):
    index = SearchIndex(tmp_path / "index", WORDS)
    long = "东港的仓库建于二十年前,历年都有扩建。" + "码头与堆场的照明今年换新。" * 30 + "浮吊的起重能力为三百吨。"
    short = [Entry(f"s{n}", Article(body=f"浮吊起重{n}"), 0) for n in range(30)]
    index.add([*short, Entry("long", Article(body=long), 0)])
    assert Searcher([index]).search("东港浮吊的起重能力是多少吨?").hits[0][0] == "long"


def test_nothing_is_found_without_a_term(searcher):
    for query in ("", "  ", "...", "()"):
        assert searcher.search(query).total == 0
    assert searcher.search("港", Wanted(limit=0)).hits == []
    assert runs("...") == []
