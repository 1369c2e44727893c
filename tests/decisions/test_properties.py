"""Random transactions on random days."""

import datetime as dt
import json

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from licet import statutes
from licet.clauses import expression as e
from licet.decisions import Query, decide, verdict_line
from licet.decisions.facts import Transaction
from licet.home import law_folder
from tools.values import values_of

LAW = statutes.load(law_folder())
STATED = {name: fact for name, fact in LAW.vocabulary.facts.items() if not fact.derive and name != "date"}
CORE = ["destination", "headquarters", "parent_headquarters", "tpp", "datacenter", "quantity", "kind", "end_use"]
REST = {name: values_of(fact) for name, fact in STATED.items() if name not in CORE}
transactions = st.builds(
    lambda core, rest: {**core, **rest},
    st.fixed_dictionaries({}, optional={name: values_of(STATED[name]) for name in CORE}),
    st.lists(st.sampled_from(sorted(REST)), max_size=12, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: REST[name] for name in names})
    ),
)
days = st.dates(dt.date(2022, 1, 1), dt.date(2029, 12, 31))
READINGS = [(name, choice) for act in LAW.acts() for name, r in act.head.readings.items() for choice in r.choices]
queries = st.builds(
    lambda on, basis, readings: Query(on=on, basis=basis, readings=tuple(readings)),
    days,
    st.sampled_from(["written", "enforced"]),
    st.lists(st.sampled_from(READINGS), max_size=2, unique_by=lambda reading: reading[0]),
)


def answer(query, facts):
    return decide(LAW.law(query), Transaction({**facts, "date": query.on}), query)


@given(queries, transactions)
def test_every_transaction_has_a_verdict_that_agrees_with_itself(query, facts):
    verdict = answer(query, facts)
    controlled = {
        "not_subject": {False},
        "not_an_export": {False},
        "no_license_required": {False},
        "license_exception": {True},
        "license_required": {True},
        "prohibited": {True, False, None},
        "undecided": {True, False, None},
    }
    assert verdict.controlled in controlled[verdict.outcome]
    assert (verdict.exception is not None) is (verdict.outcome == "license_exception")
    assert verdict.exceptions[:1] == ((verdict.exception,) if verdict.exception else ())
    if verdict.outcome == "license_required":
        # The review policy is named, or what is wanted to name it.
        assert (verdict.review_policy is None) is bool(verdict.missing)
    else:
        assert verdict.review_policy is None
    assert not verdict.missing or verdict.outcome in {"license_required", "undecided"}
    if verdict.outcome == "undecided" and verdict.law.acts and not verdict.missing:
        # Nothing to ask: nobody knows whether the clause in doubt is in force.
        unsure = [clause for clause in LAW.law(query).clauses.values() if verdict.trace[clause.id] is None]
        assert any(clause.form.status == "unknown" for clause in unsure)
    assert not set(verdict.assumed) & set(facts)
    assert json.dumps(verdict_line(verdict)) == json.dumps(verdict_line(answer(query, facts)))


@given(queries, transactions)
def test_what_is_asked_for_was_not_stated(query, facts):
    verdict = answer(query, facts)
    wanted = {missing.fact for missing in verdict.missing} | {fact for way in verdict.could_use for fact in way.missing}
    assert not wanted & set(facts)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(queries, transactions, transactions)
def test_more_facts_never_turn_round_what_was_decided_without_assumptions(query, facts, more):
    before = answer(query, facts)
    # Taken, asked for or settled by what is not stated, a verdict may change; so it may where a clause asks whether a
    # fact is known, and where an area takes the place of a stated density.
    assume(before.outcome != "undecided" and not before.could_use)
    conditions = LAW.law(query).conditions.values()
    asked_known = {node.fact for condition in conditions for node in e.walk(condition) if isinstance(node, e.Known)}
    loose = set(before.assumed) | asked_known | {"applicable_die_area_mm2"}
    added = {name: value for name, value in more.items() if name not in loose}
    assert answer(query, {**added, **facts}).outcome == before.outcome


@given(queries, transactions)
def test_what_is_taken_and_named_may_be_stated_and_changes_nothing(query, facts):
    before = answer(query, facts)
    after = answer(query, {**facts, **before.assumed})
    assert (after.outcome, after.exception, after.review_policy) == (
        before.outcome,
        before.exception,
        before.review_policy,
    )
