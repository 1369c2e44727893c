from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.clauses import expression as e
from licet.clauses import parse
from licet.clauses.words import sql
from licet.errors import LawError
from tools.strategies import NAMES, conditions, vocabulary

VOCABULARY = vocabulary()


def read(text):
    return parse.condition(text, VOCABULARY, NAMES, "act.yaml:7")


@given(conditions)
def test_text_made_of_a_condition_reads_as_the_same_condition(condition):
    assert read(sql(condition)) == condition


def test_an_apostrophe_in_a_text_is_doubled():
    member = e.Member(e.FactTerm("exporter", "text"), ("O'Hara",))
    assert sql(member) == "exporter IN ('O''Hara')"


def test_a_condition_becomes_typed_parts():
    found = read("tpp * quantity <= 26900000 AND destination NOT IN d5 AND NOT other")
    total = e.Arithmetic("*", e.FactTerm("tpp", "number"), e.FactTerm("quantity", "number"))
    assert found == e.And(
        (
            e.Compare("<=", total, e.Constant(Decimal(26900000), "number")),
            e.Not(e.Member(e.FactTerm("destination", "place"), set="d5")),
            e.Not(e.Refer("other")),
        )
    )


def test_a_number_before_its_fact_is_turned_round():
    assert read("4800 <= tpp") == read("tpp >= 4800")


def test_equality_with_a_fact_of_many_values_asks_whether_one_of_them_is_it():
    assert read("lists = 'A'") == read("lists IN ('A')") == read("'A' = lists")
    assert read("NOT lists = 'A'") == e.Not(e.Member(e.FactTerm("lists", "text"), ("A",)))


def test_between_takes_both_ends():
    assert read("tpp BETWEEN 1 AND 2") == e.And((read("tpp >= 1"), read("tpp <= 2")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tpp >= ", "not a condition"),
        ("tp >= 4800", "'tp' is no fact"),
        ("tpp", "tpp is a number, not true or false"),
        ("datacenter = 1", "datacenter is true or false"),
        ("destination IN d9", "'d9' is no set"),
        ("destination = 'XX'", "'XX' is no place"),
        ("movement = 'import'", "movement is never 'import'"),
        ("tpp = 'many'", "a number is compared with a text"),
        ("tpp >= 1e3", "no exact number"),
        ("tpp >= area", "units differ"),
        ("lists <> 'A'", "a fact of many values is compared"),
        ("lists = movement", "a fact of many values is compared"),
        ("lists = 'D'", "lists is never 'D'"),
        ("movement < 'export'", "a text has no order"),
        ("nothing_here", "'nothing_here' is no fact and no clause"),
        ("tpp >= roof(date)", "'roof' is no table"),
        ("tpp >= quota(date, date)", "takes one key"),
        ("date >= DATE 'someday'", "is no date"),
        ("SELECT 1", "no condition of the clause language"),
        ("tpp / 2 > 1", "no value of the clause language"),
        ("EXISTS (SELECT 1)", "no condition of the clause language"),
        ("t.tpp > 1", "no plain name"),
        ("x" * 5000, "longer than"),
        (" OR ".join(["other"] * 300), "more than"),
    ],
)
def test_what_is_not_in_the_language_is_an_error_at_its_line(text, message):
    with pytest.raises(LawError, match=r"act\.yaml:7") as caught:
        read(text)
    assert message in str(caught.value)


@given(st.text(max_size=60))
def test_junk_is_a_law_error_or_a_condition_and_nothing_else(text):
    try:
        found = read(text)
    except LawError:
        return
    assert isinstance(found, e.Condition)
