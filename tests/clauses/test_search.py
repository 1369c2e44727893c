import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from licet.clauses import expression as e
from licet.clauses import parse, witness
from licet.clauses.classes import Classes
from licet.clauses.evaluate import Interval, Table
from licet.clauses.program import Program
from licet.clauses.search import FALSE, TRUE, UNKNOWN, Search, leaves_of
from tools import strategies

VOCABULARY = strategies.vocabulary()
BIT = {True: TRUE, False: FALSE, None: UNKNOWN}
TABLES = {"quota": Table((Interval(dt.date(2025, 1, 1), dt.date(2025, 12, 31), Decimal(9)),))}


def program(conditions):
    return Program(VOCABULARY, conditions, strategies.SETS, TABLES, {}, {})


def asked(goals, conditions=None, **ranges):
    conditions = conditions or {}
    leaves = leaves_of([goal for goal, _ in goals], conditions)
    classes = Classes(VOCABULARY, strategies.SETS, leaves, strategies.PLACES, ranges=ranges)
    return Search(conditions, classes).satisfy(goals)


def condition(text):
    return parse.condition(text, VOCABULARY, strategies.NAMES, "a.yaml:1")


@settings(max_examples=300)
@given(strategies.conditions, strategies.facts, st.sampled_from([TRUE, FALSE, UNKNOWN]))
def test_what_some_facts_show_is_never_refuted(root, facts, want):
    oracle = witness.Completed(program({}), facts).oracle
    if BIT[oracle.truth(root)] == want:
        assert asked([(root, want)]) != "refuted"


@settings(max_examples=300)
@given(strategies.conditions, st.sampled_from([TRUE, FALSE]))
def test_classes_that_are_found_are_those_of_a_transaction(root, want):
    model = asked([(root, want)])
    assert model != "unsettled"
    if model != "refuted" and all(kind == "fact" for kind, _ in model):
        assert witness.transaction([(root, want)], program({}), model) is not None


def refuted(text, want=TRUE, **ranges):
    return asked([(condition(text), want)], **ranges) == "refuted"


def test_contradictions_are_refuted_and_what_lies_on_a_threshold_is_not():
    assert refuted("tpp >= 4800 AND tpp < 1600")
    assert refuted("tpp > 4800 AND tpp < 4800.001")
    assert not refuted("tpp > 4800 AND tpp < 4800.002")
    assert refuted("quantity < 1")
    assert refuted("destination IN d5 AND destination = 'CH'")
    assert refuted("movement <> 'export' AND movement <> 'reexport'")
    assert refuted("destination IS NULL AND destination = 'CH'")
    assert refuted("density >= 5.92 AND density < 5.92")
    assert not refuted("lists = 'A' AND lists = 'B'")
    assert refuted("lists = 'A' AND NOT lists IN ('A', 'B')")
    assert refuted("datacenter OR NOT datacenter", FALSE)
    assert not refuted("datacenter OR NOT datacenter", UNKNOWN)


def test_a_law_that_has_ended_refutes_a_later_day():
    later = "date >= DATE '2030-01-01'"
    assert not refuted(later)
    assert refuted(later, date=(dt.date(2025, 1, 1), dt.date(2029, 12, 31)))


def test_clauses_are_seen_through_and_a_doubtful_one_may_be_true():
    conditions = {"other": condition("tpp > 10")}
    assert asked([(condition("other AND tpp < 5"), TRUE)], conditions) == "refuted"
    assert asked([(condition("other"), TRUE)], {"other": e.Always(None)}) != "refuted"


def test_facts_are_tried_where_a_condition_is_on_several():
    goals = [(condition("tpp * quantity > quota(date) AND quantity = 3"), TRUE)]
    model = {("fact", "date"): dt.date(2025, 6, 1), **asked(goals)}
    facts = witness.transaction(goals, program({}), model)
    assert facts["tpp"] * 3 > 9
    model[("fact", "date")] = dt.date(2026, 6, 1)
    assert witness.transaction(goals, program({}), model) is None
