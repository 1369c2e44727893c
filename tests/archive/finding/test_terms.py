import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.finding.folding import fold
from licet.archive.finding.terms import LONGEST, Words, grams, indexed_pairs, needed, pairs, stem, terms

MIXED = st.text(st.one_of(st.sampled_from("港口仓库盘点ab1 ,。-"), st.characters(codec="utf-8")), max_size=60)


def test_grams_are_characters_pairs_and_words():
    assert grams("港口ai芯片 h100") == ["港", "口", "港口", "ai", "芯", "片", "芯片", "h100"]


def test_terms_are_characters_and_words_in_their_order():
    assert terms("港口ai, 芯 h100") == ["港", "口", "ai", "芯", "h100"]
    assert [len(term) for term in terms("x" * (LONGEST + 3))] == [LONGEST, 3]


def test_needed_terms_are_pairs_or_the_single_character():
    assert needed("港口仓") == ["港口", "口仓"]
    assert needed("港") == ["港"]
    assert needed("h100 controls") == ["h100", "control"]


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("chips", "chip"),
        ("countries", "country"),
        ("taxes", "tax"),
        ("branches", "branch"),
        ("gas", "gas"),
        ("class", "class"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("export", "export"),
        ("été", "été"),
    ],
)
def test_only_the_plural_is_taken_off(word, base):
    assert stem(word) == base


def test_pairs_run_over_marks_in_what_is_indexed_only():
    assert pairs("港口,仓库") == ["港口", "仓库"]
    assert indexed_pairs(terms("港口,仓库")) == ["港口", "口仓", "仓库"]
    assert indexed_pairs(terms("港口chips仓库")) == ["港口", "仓库", "chip"]


@given(MIXED)
def test_a_text_has_all_the_terms_that_any_part_of_it_needs(text):
    folded = fold(text)
    there = {*indexed_pairs(terms(folded)), *terms(folded)}
    for piece in folded.split():
        assert set(needed(piece)) <= there


def test_names_of_entities_stay_whole():
    name = "东港浮吊联合体"
    assert fold(name) not in Words().plain(fold(f"昨日{name}表示"))
    assert fold(name) in Words([name]).plain(fold(f"昨日{name}表示"))
