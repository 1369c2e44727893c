"""Folding and the index of names."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licet.catalog.names import MAX_NEAR, Index, fold, key
from licet.errors import UnknownName


@settings(deadline=None)
@given(st.text())
@example("ﷺ" * 30)
@example("s t")
@example("the the st.")
def test_folding_what_is_folded_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=8))
def test_folding_chinese_what_is_folded_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("South Korea", "SOUTH-KOREA"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("St. Lucia", "Saint Lucia"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("The Gambia", "Gambia"),
        ("臺灣", "台湾"),
        ("阿拉伯聯合大公國", "阿拉伯联合大公国"),
        ("H100", "Ｈ１００"),
        ("刚果（金）", "刚果(金)"),
    ],
)
def test_names_that_are_one(one, other):
    assert key(one) == key(other)


def test_different_names_stay_different():
    assert len({key(name) for name in ("Niger", "Nigeria", "Guinea", "Guinea-Bissau", "H100", "H20", "H200")}) == 7


@pytest.fixture
def fruit():
    index = Index("fruit", "licet fruit")
    index.add("apple", "Apple", ["apple", "pomme"])
    index.add("pineapple", "Pineapple", ["pineapple", "ananas"])
    index.add("potato", "Potato", ["potato", "pomme de terre", "pomme"])
    return index


def test_an_unknown_name_offers_near_ones(fruit):
    with pytest.raises(UnknownName) as caught:
        fruit.find("aple")
    assert caught.value.near[0] == "Apple"
    assert "'aple'" in caught.value.message
    assert "did you mean Apple" in caught.value.fix


def test_an_unknown_name_with_nothing_near_names_the_command(fruit):
    with pytest.raises(UnknownName) as caught:
        fruit.find("zzzzzz")
    assert caught.value.near == ()
    assert "licet fruit" in caught.value.fix


def test_an_ambiguous_name_is_not_guessed(fruit):
    with pytest.raises(UnknownName, match="more than one fruit") as caught:
        fruit.find("Pomme")
    assert caught.value.near == ("Apple", "Potato")
    assert fruit.ambiguous() == {"pomme": ("apple", "potato")}


def test_a_long_name_is_shortened_in_the_message(fruit):
    with pytest.raises(UnknownName) as caught:
        fruit.find("x" * 100_000)
    assert len(caught.value.message) < 200


@settings(deadline=None)
@given(st.text())
def test_near_names_are_few(text):
    index = Index("letter", "licet letters")
    for number in range(20):
        index.add(str(number), str(number), [f"name{number}"])
    assert len(index.near(text)) <= MAX_NEAR
