import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.clauses.vocabulary import load
from licet.errors import BadInput, BadValue, LawError, UnknownName
from tools.strategies import vocabulary

VOCABULARY = vocabulary()


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("tpp", 15831.2, Decimal("15831.2")),
        ("tpp", "15,831.2", Decimal("15831.2")),
        ("tpp", 4800, Decimal(4800)),
        ("tpp", "1e3", Decimal(1000)),
        ("quantity", "2,000,000", Decimal(2000000)),
        ("datacenter", "yes", True),
        ("datacenter", False, False),
        ("destination", "ch", "CH"),
        ("date", "2025-06-02", dt.date(2025, 6, 2)),
        ("movement", "export", "export"),
        ("lists", "A", ("A",)),
        ("lists", "B, A", ("A", "B")),
        ("lists", ["C", "A", "C"], ("A", "C")),
        ("lists", [], ()),
        ("lists", "", None),
        ("movement", "", None),
        ("tpp", None, None),
    ],
)
def test_a_value_is_read_exactly(name, raw, value):
    assert VOCABULARY.read(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("tpp", "NaN", "must be finite"),
        ("tpp", float("inf"), "must be finite"),
        ("tpp", -1, "outside"),
        ("tpp", "4800.0001", "4 decimals"),
        ("tpp", "1e999999999", "outside"),
        ("tpp", "1e-999999999", "too many digits"),
        ("tpp", True, "is a number"),
        ("tpp", "many", "is a number"),
        ("tpp", "15831,2", "parts no thousands"),
        ("tpp", "1,58,31", "parts no thousands"),
        ("tpp", [1], "is a number"),
        ("quantity", 0, "outside"),
        ("datacenter", 1, "true or false"),
        ("destination", "Atlantis", "is a place"),
        ("date", "2025-02-30", "is a date"),
        ("date", "yesterday", "is a date"),
        ("movement", "import", "cannot be"),
        ("movement", "x" * 400, "longer than"),
    ],
)
def test_a_wrong_value_is_one_error_with_the_fix(name, raw, message):
    with pytest.raises(BadValue, match=message) as caught:
        VOCABULARY.read(name, raw)
    assert caught.value.fix


def test_an_unknown_fact_names_what_was_meant():
    with pytest.raises(UnknownName) as caught:
        VOCABULARY.read("quantiti", 1)
    assert caught.value.near == ("quantity",)


@given(
    st.sampled_from(sorted(VOCABULARY.facts)),
    st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.lists(st.text())),
)
def test_any_value_is_read_or_refused(name, raw):
    try:
        VOCABULARY.read(name, raw)
    except BadInput as error:
        refused = error
    else:
        return
    assert refused.fix


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (["A", "D"], "lists cannot be 'D'"),
        (["A", 1], "lists is text"),
        ([["A"]], "lists is text"),
        (["A"] * 101, "100"),
    ],
)
def test_a_wrong_member_of_many_values_is_refused(raw, message):
    with pytest.raises(BadValue, match=message):
        VOCABULARY.read("lists", raw)


def test_only_a_text_may_have_many_values(tmp_path):
    words = "title: {en: n, zh: n}, question: {en: n, zh: n}"
    (tmp_path / "v.yaml").write_text(f"facts:\n  n: {{type: number, many: true, {words}}}\n", encoding="utf-8")
    with pytest.raises(LawError, match="n is a number"):
        load(tmp_path / "v.yaml", ())
