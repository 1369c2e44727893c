import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import Words, grams, needed, read_query


def test_grams_are_characters_pairs_and_words():
    assert grams("港口ai芯片 h100") == ["港", "口", "港口", "ai", "芯", "片", "芯片", "h100"]


def test_needed_terms_are_pairs_or_the_single_character():
    assert needed("港口仓") == ["港口", "口仓"]
    assert needed("港") == ["港"]
    assert needed("h100 pcie") == ["h100", "pcie"]


def test_names_of_entities_stay_whole():
    name = "东港浮吊联合体"
    assert fold(name) not in Words().plain(fold(f"昨日{name}表示"))
    assert fold(name) in Words([name]).plain(fold(f"昨日{name}表示"))


@pytest.mark.parametrize(
    ("query", "wanted", "phrases", "unwanted"),
    [
        ("港口 盤點", ("港口", "盘点"), (), ()),
        ('"年度 盘点" 港口', ("年度 盘点", "港口"), ("年度 盘点",), ()),
        ("港口 -仓库", ("港口",), (), ("仓库",)),
        ('-"两个 词" A', ("a",), (), ("两个 词",)),
        ('"没有结尾', ("没有结尾",), ("没有结尾",), ()),
        ("((( -- + && :", (), (), ()),
        ("", (), (), ()),
    ],
)
def test_queries(query, wanted, phrases, unwanted):
    asked = read_query(query)
    assert (asked.wanted, asked.phrases, asked.unwanted) == (wanted, phrases, unwanted)


@given(st.text(max_size=600))
def test_any_query_is_read(query):
    for piece in read_query(query).wanted:
        assert needed(piece)
