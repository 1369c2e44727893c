from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from licet.clauses import expression as e
from licet.clauses.evaluate import Interval, Oracle, Table
from tools.strategies import SETS, conditions, facts


class Given:
    def __init__(self, values):
        self.values = values

    def value(self, name):
        return self.values.get(name)


def oracle(values, **others):
    return Oracle(Given(values), others.get("clauses", {}), SETS, others.get("tables", {}))


def density(values, sign="<", bound="5.92"):
    terms = (e.FactTerm("density", "number"), e.FactTerm("tpp", "number"), e.FactTerm("area", "number"))
    return oracle(values).truth(e.CompareRatio(sign, *terms, e.Constant(Decimal(bound), "number")))


@given(conditions, facts)
def test_a_double_negation_changes_nothing(condition, values):
    found = oracle(values)
    assert found.truth(e.Not(e.Not(condition))) is found.truth(condition)


@given(conditions, conditions, facts)
def test_de_morgan_holds_with_unknowns(left, right, values):
    found = oracle(values)
    assert found.truth(e.Not(e.And((left, right)))) is found.truth(e.Or((e.Not(left), e.Not(right))))


@given(conditions, facts)
def test_an_answer_that_is_not_unknown_needs_no_facts_and_an_unknown_one_names_some(condition, values):
    found = oracle(values)
    assert bool(found.wanted(condition)) is (found.truth(condition) is None)


@given(conditions, facts, facts)
def test_learning_more_never_turns_an_answer_round(condition, values, more):
    def asks_what_is_known(node):
        return any(isinstance(part, e.Known) for part in e.walk(node))

    before = oracle(values).truth(condition)
    # A stated density counts only while the area is unknown: learning the area replaces it.
    if before is not None and not asks_what_is_known(condition) and "area" not in set(more) - set(values):
        assert oracle({**more, **values}).truth(condition) is before


@given(conditions, facts)
def test_the_grounds_alone_give_the_same_answer(condition, values):
    found = oracle(values)
    if found.truth(condition) is not None:
        kept = {name: value for name, value in values.items() if name in found.grounds(condition)}
        assert oracle(kept).truth(condition) is found.truth(condition)


@pytest.mark.parametrize(("tpp", "below"), [("4799.999", True), ("4800", False)])
def test_4799_999_is_not_4800(tpp, below):
    condition = e.Compare("<", e.FactTerm("tpp", "number"), e.Constant(Decimal(4800), "number"))
    assert oracle({"tpp": Decimal(tpp)}).truth(condition) is below


@given(facts)
def test_a_ratio_is_compared_as_the_exact_fraction(values):
    tpp, area = values.get("tpp"), values.get("area")
    if tpp is not None and area:
        assert density(values) is (Fraction(tpp) / Fraction(area) < Fraction("5.92"))


def test_the_area_goes_before_a_rounded_density():
    # 4819.0 / 814 = 5.92014…, printed as 5.92; 4818 / 814 = 5.9189…, printed as 5.92 too.
    assert density({"tpp": Decimal(4819), "area": Decimal(814), "density": Decimal("5.92")}, ">=") is True
    assert density({"tpp": Decimal(4818), "area": Decimal(814), "density": Decimal("5.92")}, ">=") is False


def test_no_area_at_all_makes_every_density_comparison_false():
    assert density({"tpp": Decimal(4000), "area": Decimal(0)}, ">=") is False
    assert density({"tpp": Decimal(4000), "area": Decimal(0)}, "<") is False


def test_a_table_is_unknown_outside_its_rows_unless_it_says_otherwise():
    rows = (Interval(Decimal(1), Decimal(5), Decimal(10)),)
    assert [Table(rows).at(Decimal(n)) for n in (0, 1, 5, 6)] == [None, 10, 10, None]
    assert Table(rows, Decimal(7)).at(Decimal(6)) == 7


@pytest.mark.parametrize(
    ("lists", "truth"), [(None, None), ((), False), (("B",), False), (("A",), True), (("A", "B"), True)]
)
def test_a_fact_of_many_values_is_a_member_when_any_of_them_is(lists, truth):
    term = e.FactTerm("lists", "text")
    found = oracle({"lists": lists} if lists is not None else {})
    assert found.truth(e.Member(term, ("A",))) is truth
    assert Oracle(found.facts, {}, {"named": frozenset({"A", "C"})}, {}).truth(e.Member(term, set="named")) is truth
