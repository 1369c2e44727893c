"""Where a number changes the law's mind, found exactly."""

import datetime as dt
import itertools
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import statutes
from licet.clauses import expression as e
from licet.clauses.evaluate import Interval, Table
from licet.clauses.program import Program
from licet.decisions import Query, thresholds
from licet.decisions.facts import Facts
from licet.decisions.thresholds import Thresholds, starts_of_signs
from licet.home import law_folder
from tools import strategies

LAW = statutes.load(law_folder())


def sign(coefficients, at):
    value = sum(c * at**power for power, c in enumerate(coefficients))
    return (value > 0) - (value < 0)


coefficients = st.lists(st.fractions(-60, 60, max_denominator=7), min_size=1, max_size=5)


@given(coefficients, st.integers(-40, 40), st.integers(0, 60))
def test_the_runs_of_one_sign_are_those_found_by_looking_at_every_number(found, first, length):
    while len(found) > 1 and not found[-1]:
        found.pop()
    numbers = range(first, first + length + 1)
    changes = [at for at in numbers if at == first or sign(found, at) != sign(found, at - 1)]
    assert starts_of_signs(tuple(found), numbers[0], numbers[-1]) == changes


def test_a_far_root_is_found_without_looking_at_every_number():
    root = 10**40 + 7
    assert starts_of_signs((Fraction(-root), Fraction(1)), 0, 10**60) == [0, root, root + 1]
    square = (Fraction(-(root**2)), Fraction(0), Fraction(1))
    assert starts_of_signs(square, 0, 10**60) == [0, root, root + 1]


def small(conditions, *, tables=None, assumed=None):
    """A law of the tests' small vocabulary, in which ``density`` is a ratio and ``total`` is made of two facts."""
    vocabulary = strategies.vocabulary()
    program = Program(
        vocabulary=vocabulary,
        conditions=conditions,
        sets=strategies.SETS,
        tables=tables or {},
        derived={},
        assumed=assumed or {},
    )
    return SimpleNamespace(
        program=program,
        vocabulary=vocabulary,
        conditions=conditions,
        sets=strategies.SETS,
        tables=tables or {},
        derived={},
        assumed=assumed or {},
    )


QUANTITY, TPP, AREA = (e.FactTerm(name, "number") for name in ("quantity", "tpp", "area"))
AMOUNT = e.Arithmetic("*", TPP, QUANTITY)


def number(text):
    return e.Constant(Decimal(text), "number")


def starts(law, name, **given_facts):
    facts = {key: Decimal(value) for key, value in given_facts.items()}
    return [str(first) for first, _ in Thresholds(law).stretches(name, facts)]


def test_a_threshold_of_a_product_is_met_on_and_beside():
    law = small({"limit": e.Compare("<=", AMOUNT, number("1000"))})
    assert starts(law, "quantity", tpp=250) == ["1", "4", "5"]
    assert starts(law, "quantity", tpp=300) == ["1", "4"]
    assert starts(law, "quantity", tpp=0) == ["1"]
    assert starts(law, "tpp", quantity=3) == ["0", "333.334"]


def test_without_the_other_facts_a_threshold_is_nowhere():
    assert starts(small({"limit": e.Compare("<=", AMOUNT, number("1000"))}), "quantity") == ["1"]


def test_a_power_has_every_threshold_it_crosses():
    # (quantity - 3) * (quantity - 10) * quantity < 0 between 3 and 10
    factors = [e.Arithmetic("-", QUANTITY, number(text)) for text in ("3", "10")]
    product = e.Arithmetic("*", e.Arithmetic("*", *factors), QUANTITY)
    law = small({"between": e.Compare("<", product, number("0"))})
    assert starts(law, "quantity") == ["1", "3", "4", "10", "11"]


def test_the_ends_of_a_table_s_rows_are_thresholds():
    rows = (Interval(Decimal(5), Decimal(9), Decimal(100)), Interval(Decimal(10), None, Decimal(7)))
    lookup = e.Lookup("quota", QUANTITY)
    law = small({"quota": e.Compare(">", lookup, QUANTITY)}, tables={"quota": Table(rows, Decimal(0))})
    assert starts(law, "quantity") == ["1", "5", "6", "9", "10", "11"]


def test_a_ratio_is_met_by_product_and_none_where_there_is_no_area():
    law = small({"dense": e.CompareRatio(">=", e.FactTerm("density", "number"), TPP, AREA, number("2"))})
    assert starts(law, "tpp", area=10) == ["0", "20", "20.001"]
    assert starts(law, "tpp", area=0) == ["0", "0.001"]
    assert starts(law, "tpp", density=3) == ["0"]
    assert starts(law, "area", tpp=10) == ["0", "0.001", "5", "5.001"]


def test_what_an_assumption_needs_is_a_threshold_too():
    few = SimpleNamespace(value=Decimal(2000), when=e.Compare("<", QUANTITY, number("4")))
    law = small({"limit": e.Compare("<=", AMOUNT, number("4000"))}, assumed={"tpp": few})
    assert starts(law, "quantity") == ["1", "2", "3", "4", "5"]
    assert Thresholds(law).rests_on("tpp") == {"tpp", "quantity"}


def test_how_many_stretches_are_made_has_a_limit(monkeypatch):
    monkeypatch.setattr(thresholds, "MOST_STRETCHES", 2)
    law = small({"limit": e.Compare("<=", AMOUNT, number("1000"))})
    assert starts(law, "quantity", tpp=250) == ["1", "4"]


@pytest.mark.parametrize("name", ["quantity", "tpp", "allocation_used_tpp", "lpp_used_tpp", "training_operations"])
def test_the_stretches_of_the_real_law_tile_all_that_the_vocabulary_takes(name):
    law = LAW.law(Query(on=dt.date(2025, 6, 2), basis="written"))
    facts = {"tpp": Decimal(15832), "circuits": Decimal(1), "quantity": Decimal(20), "date": dt.date(2025, 6, 2)}
    found = Thresholds(law).stretches(name, facts)
    fact = law.vocabulary[name]
    unit = Decimal(1).scaleb(-fact.scale)
    assert (found[0][0], found[-1][1]) == (fact.least, fact.most)
    assert all(after[0] - before[1] == unit for before, after in itertools.pairwise(found))


@given(st.integers(1, 10**9), st.sampled_from(["9000", "15832", "4799.999", "1000000000"]), st.integers(0, 3 * 10**7))
def test_every_clause_is_the_same_all_along_a_stretch(quantity, tpp, used):
    law = LAW.law(Query(on=dt.date(2025, 6, 2), basis="written"))
    facts = {"tpp": Decimal(tpp), "circuits": Decimal(1), "destination": "CH", "date": dt.date(2025, 6, 2)}
    facts |= {"kind": "chip", "datacenter": True, "movement": "export", "lpp_used_tpp": Decimal(used)}
    found = Thresholds(law).stretches("quantity", facts)
    first, last = next(stretch for stretch in found if stretch[0] <= quantity <= stretch[1])
    truths = [
        [Facts(law, {**facts, "quantity": Decimal(at)}).oracle.clause(name) for name in law.clauses]
        for at in (first, quantity, last)
    ]
    assert truths[0] == truths[1] == truths[2]
