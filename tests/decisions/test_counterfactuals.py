"""What would be decided otherwise, asked of the real law and proved by deciding anew."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet import statutes
from licet.catalog.places import places
from licet.decisions import Query, alternatives, decide, read_transaction, take_headquarters
from licet.decisions.alternatives import Alternatives, Branch, Naming, Values
from licet.decisions.changes import _Search, smallest_changes
from licet.decisions.counterfactuals import answers, asked, largest_quantity, result_of, with_facts
from licet.decisions.decide import Case
from licet.decisions.facts import Transaction
from licet.decisions.trials import Result, Trials
from licet.home import law_folder
from tools.values import values_of

STATUTES = statutes.load(law_folder())
BILLION = 10**9


def question(on="2025-06-02", basis="written", system="us-ear", **facts):
    """The law, the transaction with its headquarters taken, and the query."""
    query = Query(on=dt.date.fromisoformat(on), basis=basis, system=system)
    given_facts = read_transaction({"date": query.on, **facts}, STATUTES.vocabulary)
    return STATUTES.law(query), take_headquarters(given_facts), query


def quantities(**facts):
    return largest_quantity(*question(**facts))


def changes(**facts):
    return smallest_changes(*question(**facts))


def of(found, *names):
    """The changes of just these facts."""
    return [change for change in found if [changed.fact for changed in change.facts] == list(names)]


def told(found):
    return [
        (s.first, s.last, s.result.exception or s.result.review_policy or s.result.outcome) for s in found.stretches
    ]


H100 = {"chip": "h100-sxm", "quantity": 2000}


def test_h100_to_switzerland_by_quantity():
    found = quantities(**H100, destination="CH")
    assert told(found) == [
        (1, 1699, "LPP"),
        (1700, 49898, "presumption_of_approval"),
        (49899, BILLION, "policy_of_denial"),
    ]
    assert (found.free, found.excepted, found.allocated, found.without_license) == (None, 1699, 49898, 1699)
    assert found.complete


def test_used_volumes_count():
    found = quantities(**H100, destination="CH", lpp_used_tpp=26_900_000 - 15_832 * 3, allocation_used_tpp=789_999_999)
    assert told(found) == [(1, 3, "LPP"), (4, BILLION, "policy_of_denial")]
    assert (found.excepted, found.allocated) == (3, None)


def test_obligations_of_some_quantities_only_are_told_with_them():
    found = quantities(**H100, destination="CH", lpp_used_tpp=26_900_000 - 15_832 * 500)
    lpp, *licensed = found.stretches
    assert [(o.clause, o.first, o.last) for o in lpp.obliged] == [
        ("lpp_notice", 203, 500),
        ("lpp_limit_reached", 500, 500),
    ]
    assert [stretch.obliged for stretch in licensed] == [(), ()]


def test_an_obligation_begins_where_it_is_said_to():
    law, transaction, query = question(**H100, destination="DE", aia_cumulative_tpp=0)
    (filed,) = largest_quantity(law, transaction, query).stretches[0].obliged
    for units, owed in ((filed.first - 1, False), (filed.first, True)):
        verdict = decide(law, with_facts(transaction, {"quantity": Decimal(units)}), query)
        assert (filed.clause in [obligation.id for obligation in verdict.obligations]) is owed


def test_assurances_double_the_allocation():
    assert quantities(**H100, destination="CH", government_assurances=True).allocated == 99797


def test_a_server_counts_what_is_inside_it():
    found = quantities(kind="chip", tpp="15832", circuits=8, datacenter=True, quantity=1, destination="CH")
    assert (found.excepted, found.allocated) == (26_900_000 // (15832 * 8), 790_000_000 // (15832 * 8))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"destination": "DE"}, "AIA"),
        ({"destination": "CN"}, "presumption_of_denial"),
        ({"destination": "CH", "basis": "enforced"}, "no_license_required"),
        ({"destination": "US"}, "not_an_export"),
    ],
)
def test_where_the_quantity_does_not_count_there_is_one_stretch(facts, expected):
    found = quantities(**H100, **facts)
    assert told(found) == [(1, BILLION, expected)]
    assert found.free == (BILLION if expected in {"no_license_required", "not_an_export"} else None)


def test_a_quantity_that_is_not_stated_may_be_asked_for_all_the_same():
    assert quantities(chip="h100-sxm", destination="CH").excepted == 1699


def test_a_stated_amount_that_would_change_with_the_quantity_is_named():
    assert quantities(**H100, destination="CH", total_tpp=2000 * 15832).excepted == 1699
    found = quantities(**H100, destination="CH", total_tpp=5)
    assert (found.stretches, found.fixed_by, found.complete) == ((), ("total_tpp",), False)
    assert quantities(tpp=15832, destination="CH", total_tpp=5, datacenter=True).fixed_by == ("total_tpp",)


def test_before_the_first_act_nothing_is_known_at_any_quantity():
    assert told(quantities(**H100, destination="CH", on="2010-01-01")) == [(1, BILLION, "undecided")]


def test_a_system_that_does_not_count_has_one_stretch():
    found = quantities(system="jp", origin="JP", destination="CN", listed_by="METI-2023-23", on="2025-06-02")
    assert len(found.stretches) == 1


def test_the_smallest_changes_for_switzerland():
    found = changes(**H100, destination="CH")
    (fewer,) = of(found.better, "quantity")
    assert (fewer.facts[0].after, fewer.result) == (1699, Result("license_exception", "LPP"))
    (more,) = of(found.worse, "quantity")
    assert (more.facts[0].after, more.result.review_policy) == (49899, "policy_of_denial")
    (headquarters,) = of(found.worse, "headquarters")
    changed = headquarters.facts[0]
    assert (changed.how, changed.before, changed.values.named) == ("assumed", "CH", (Naming("d5_macau", inside=True),))
    assert headquarters.assumed
    # Assumptions stand first: they may be wrong already.
    hows = [all(changed.how == "assumed" for changed in change.facts) for change in found.worse]
    assert hows == sorted(hows, reverse=True)


def test_of_a_number_the_nearest_value_of_a_result_is_taken():
    search = _Search(*question(**H100, destination="CH"), 10)
    one, other = Result("license_exception", "LPP"), Result("prohibited")
    ranges = [(1, 5, one), (10, 90, one), (1990, 1995, other), (2040, 3000, one), (5000, 5001, one)]
    runs = [Branch(Values(Decimal(first), Decimal(last)), Decimal(first), r) for first, last, r in ranges]
    nearest = search.nearest("quantity", runs)
    assert [(run.values.nearest(Decimal(2000)), run.result) for run in nearest] == [(1995, other), (2040, one)]
    assert [values.nearest(None) for values in (runs[0].values,)] == [1]


def test_headquarters_that_nobody_stated_go_with_the_destination():
    found = changes(**H100, destination="CH")
    (change,) = [c for c in of(found.better, "destination") if c.result.exception == "AIA"]
    assert change.facts[0].following == ("headquarters", "parent_headquarters")
    assert change.facts[0].values.but == ("US",)
    stated = changes(**H100, destination="CH", headquarters="CH", parent_headquarters="CH")
    assert not [c for c in of(stated.better, "destination") if c.result.exception == "AIA"]


def test_another_headquarters_lifts_the_denial():
    found = changes(chip="h100-sxm", quantity=20, destination="CH", headquarters="CN")
    (change,) = of(found.better, "headquarters")
    assert change.result == Result("license_exception", "LPP")
    assert change.facts[0].values.named == (Naming("d5_macau", inside=False),)
    assert change.facts[0].after == "CH"
    assert "CN" not in change.facts[0].values.values


def test_direct_shipment_opens_lpp():
    found = changes(chip="h100-sxm", quantity=20, destination="CH", direct_to_ultimate_consignee=False)
    (change,) = of(found.better, "direct_to_ultimate_consignee")
    assert change.result == Result("license_exception", "LPP")


BOTH_HEADED = {"destination": "CH", "headquarters": "CN", "parent_headquarters": "CN"}


def test_two_facts_are_changed_where_one_does_not_do():
    # Headquarters and parent are stated, and each of them alone keeps the presumption of denial.
    found = changes(chip="h100-sxm", quantity=20, **BOTH_HEADED)
    ones = [change for change in found.better if len(change.facts) == 1]
    assert {change.result.outcome for change in ones if not change.assumed} == {"not_an_export"}
    (change,) = [c for c in of(found.better, "headquarters", "parent_headquarters") if c.result.exception == "LPP"]
    assert [changed.values.named for changed in change.facts] == [(Naming("d5_macau", inside=False),)] * 2
    assert change.given == {"headquarters": "CH", "parent_headquarters": "CH"}


def test_two_facts_are_not_changed_where_one_does():
    found = changes(**H100, destination="CH")
    assert {len(change.facts) for change in (*found.better, *found.worse)} == {1}


def test_another_movement_is_no_change_where_it_was_stated():
    assert of(changes(chip="h100-sxm", quantity=20, destination="CN").better, "movement")
    assert not of(changes(chip="h100-sxm", quantity=20, destination="CN", movement="export").better, "movement")


def test_no_figure_of_a_catalog_chip_and_no_day_is_changed():
    for found in (changes(**H100, destination="CN"), changes(**H100, destination="CH")):
        names = {changed.fact for change in (*found.better, *found.worse) for changed in change.facts}
        assert not names & {"date", "tpp", "datacenter", "kind", "performance_density", "total_tpp", "unit_tpp"}


def test_a_stated_density_keeps_the_performance_from_being_changed_alone():
    item = {"tpp": 5000, "datacenter": True, "quantity": 10, "destination": "CN"}
    assert of(changes(**item, applicable_die_area_mm2=800).better, "tpp")
    assert not of(changes(**item, performance_density="6").better, "tpp")


def test_the_exporter_of_a_letter_is_a_change_for_the_worse():
    found = changes(chip="h20", quantity=20, destination="CN", on="2026-02-01")
    (change,) = of(found.worse, "exporter")
    assert (change.facts[0].how, change.facts[0].after) == ("assumed", "NVIDIA")
    named = changes(chip="h20", quantity=20, destination="CN", on="2026-02-01", exporter="NVIDIA")
    (other,) = of(named.better, "exporter")
    assert other.facts[0].values.others
    assert "NVIDIA" not in other.facts[0].values.values


def test_a_duty_is_better_when_it_is_lower():
    law, transaction, query = question(
        on="2026-02-01", system="us-tariff-232", chip="h200", destination="US", movement="import",
        import_purpose="reexport", quantity=1,
    )  # fmt: skip
    assert result_of(decide(law, transaction, query)).duty_pct == 25
    (change,) = of(smallest_changes(law, transaction, query).better, "import_purpose")
    assert change.result.duty_pct == 0
    assert "us_data_center" in change.facts[0].values.values


def test_an_undecided_verdict_has_no_better_or_worse_and_costs_nothing():
    found = changes(destination="CH", quantity=10)
    assert (found.better, found.worse, found.tried) == ((), (), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Result("not_subject"), Result("license_exception", "LPP")),
        (Result("license_exception", "LPP"), Result("license_required", None, "presumption_of_approval")),
        (Result("license_exception", "LPP"), Result("license_required", None, "not_stated")),
        (Result("license_required", None, "case_by_case"), Result("license_required", None, "presumption_of_denial")),
        (Result("license_required", None, None), Result("prohibited")),
        (
            Result("no_license_required", duty_pct=Decimal(0)),
            Result("no_license_required", duty_pct=Decimal(25)),
        ),
    ],
)
def test_what_is_better(one, other):
    assert one.better_than(other)
    assert not other.better_than(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Result("undecided"), Result("prohibited")),
        (Result("undecided"), Result("no_license_required")),
        (Result("license_required", None, "not_stated"), Result("license_required", None, "policy_of_denial")),
        (Result("license_required", None, None), Result("license_required", None, "presumption_of_approval")),
        (Result("license_exception", "LPP"), Result("license_exception", "AIA")),
        (Result("no_license_required", duty_pct=None), Result("no_license_required", duty_pct=Decimal(25))),
    ],
)
def test_what_cannot_be_said_to_be_better(one, other):
    assert not one.better_than(other)
    assert not other.better_than(one)


def test_each_answer_to_an_open_question_leads_somewhere():
    found = {item.fact: item.branches for item in answers(*question(tpp=3000, quantity=3, destination="CN"))}
    yes, no = found["datacenter"]
    assert (yes.typical, yes.result.outcome, yes.wants) == (True, "undecided", ("performance_density",))
    assert (no.typical, no.result.outcome, no.wants) == (False, "no_license_required", ())
    below, above = found["performance_density"]
    assert (below.values.last, above.values.first) == (Decimal("1.599999"), Decimal("1.6"))
    assert answers(*question(**H100, destination="CH")) == ()


def test_a_place_that_is_asked_for_is_answered_by_sets_of_the_law():
    facts = {"chip": "h100-sxm", "quantity": 20, "destination": "CH", "date": dt.date(2025, 6, 2)}
    query = Query(on=facts["date"], basis="enforced")
    transaction = read_transaction({**facts, "headquarters": "CH"}, STATUTES.vocabulary)
    (found,) = answers(STATUTES.law(query), transaction, query)
    assert found.fact == "parent_headquarters"
    by_result = {branch.result.outcome: branch.values for branch in found.branches}
    assert by_result["no_license_required"].named == (Naming("d5_macau", inside=False),)
    assert by_result["license_required"].named == (Naming("d5_macau", inside=True),)


def test_the_question_of_a_verdict_is_asked_again():
    law, transaction, query = question(**H100, destination="HK", headquarters="CN")
    verdict = decide(law, transaction, query)
    again, asked_of = asked(verdict)
    assert (again.taken, again.chip, again.stated_places) == (transaction.taken, "h100-sxm", transaction.stated_places)
    assert STATUTES.law(asked_of).digest == law.digest
    assert decide(STATUTES.law(asked_of), again, asked_of) == verdict


def test_the_cost_is_bounded_and_said():
    law, transaction, query = question(chip="h100-sxm", quantity=20, destination="CN")
    whole = smallest_changes(law, transaction, query)
    assert whole.complete
    assert whole.tried < 5_000
    few = smallest_changes(law, transaction, query, most=40)
    assert not few.complete
    assert few.tried == few.most == 40
    plain = changes(**H100, destination="CH")
    assert plain.tried <= 150, "one fact does: no two are tried"
    assert largest_quantity(law, transaction, query).tried <= 20
    assert not largest_quantity(*question(**H100, destination="CH"), most=2).complete


def test_places_without_a_set_of_their_own_are_listed():
    law, _, query = question(**H100, destination="CH")
    found = Alternatives(law, Trials(law, query, 10))
    assert found.named("destination", Values(values=("CH", "VN"))) == Values(values=("CH", "VN"))
    assert set(found.places) == {place.row for place in places().values()} - {None}
    assert found.named("headquarters", Values(values=tuple(law.sets["d5_macau"]))).named
    other = STATUTES.law(Query(on=query.on, system="nl"))
    assert set(Alternatives(other, Trials(other, query, 1)).places) == set(places())


# Properties: what is reported is so, and what is so is reported.

CORE = ("destination", "headquarters", "parent_headquarters", "quantity", "direct_to_ultimate_consignee")
REST = [
    "end_use", "movement", "exporter", "lpp_used_tpp", "allocation_used_tpp", "government_assurances", "uveu",
    "uveu_country_share", "uveu_outside_tier_1_share", "nveu_country", "nveu_installed_tpp", "private_sector_end_user",
    "final_customer", "designer_status", "total_tpp", "owned_by_listed_parties_pct",
]  # fmt: skip
FACTS = STATUTES.vocabulary.facts
ITEMS = [
    {"chip": "h100-sxm"},
    {"chip": "h20"},
    {"chip": "rtx-4090"},
    {"tpp": "5000", "datacenter": True, "applicable_die_area_mm2": "800"},
    {"tpp": "3000", "datacenter": False, "performance_density": "3.2"},
    {"tpp": "3000", "datacenter": True},
    {"tpp": "9000", "datacenter": True, "circuits": 8},
    {"kind": "model_weights", "training_operations": 10**26, "published_weights": False},
]
DAYS = ["2023-12-01", "2025-01-14", "2025-06-02", "2025-12-01", "2026-02-01", "2026-08-01", "2028-01-05"]


ONE_FACT = 600
"""Enough tries for every candidate of one fact; two facts are then left unfinished, which costs time only."""


def exact(fact):
    """Values of a fact at its own scale."""
    return values_of(fact).filter(lambda value: fact.type != "number" or value == round(value, fact.scale))


@st.composite
def questions(draw):
    chosen = draw(st.lists(st.sampled_from(REST), max_size=5, unique=True))
    core = draw(st.lists(st.sampled_from(CORE[1:]), max_size=4, unique=True))
    facts = {name: draw(exact(FACTS[name])) for name in ("destination", *core, *chosen)}
    facts |= draw(st.sampled_from(ITEMS)) | {"date": draw(st.sampled_from(DAYS))}
    transaction = read_transaction(facts, STATUTES.vocabulary)
    transaction = take_headquarters(transaction) if draw(st.booleans()) else transaction
    query = Query(on=transaction.on, basis=draw(st.sampled_from(["written", "enforced"])))
    return STATUTES.law(query), transaction, query


few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def result(asked_question, facts):
    law, transaction, query = asked_question
    return result_of(decide(law, with_facts(transaction, facts), query))


@few
@given(questions(), st.integers(1, BILLION))
def test_stretches_tile_all_quantities_and_are_decided_so_at_both_ends_and_within(asked_question, within):
    found = largest_quantity(*asked_question)
    if found.fixed_by:
        return
    assert found.complete
    stated = asked_question[1].facts.get("total_tpp")
    asked_question = asked_question[0], without(asked_question[1], "total_tpp"), asked_question[2]
    assert stated is None or found.stretches
    assert (found.stretches[0].first, found.stretches[-1].last) == (1, found.most)
    for before, after in zip(found.stretches, found.stretches[1:], strict=False):
        assert before.last + 1 == after.first
        assert before.result != after.result
    for stretch in found.stretches:
        for at in {stretch.first, stretch.last, min(max(within, stretch.first), stretch.last)}:
            assert result(asked_question, {"quantity": Decimal(at)}) == stretch.result


def without(transaction, name):
    facts = {key: value for key, value in transaction.facts.items() if key != name}
    return Transaction(facts, None, transaction.stated_places, transaction.taken, transaction.chip)


@few
@given(questions())
def test_the_largest_quantities_are_so_and_one_unit_more_is_not(asked_question):
    found = largest_quantity(*asked_question)
    law, transaction, query = asked_question[0], without(asked_question[1], "total_tpp"), asked_question[2]
    for largest, kind in ((found.free, Result.free.fget), (found.excepted, lambda r: r.outcome == "license_exception")):
        if largest is not None:
            assert kind(result((law, transaction, query), {"quantity": Decimal(largest)}))
            if largest < found.most:
                assert not kind(result((law, transaction, query), {"quantity": Decimal(largest + 1)}))
    if found.allocated is not None:
        for units in (found.allocated, found.allocated + 1):
            verdict = decide(law, with_facts(transaction, {"quantity": Decimal(units)}), query)
            national = {clause.id for clause in law.of_kind("allocation")}
            (account,) = [volume for volume in verdict.volumes if volume.clause in national]
            assert (account.amount <= account.available) is (units == found.allocated)


@few
@given(questions())
def test_every_change_gives_what_it_says_when_it_is_decided_anew(asked_question):
    found = smallest_changes(*asked_question, most=1500)
    now = result(asked_question, {})
    assert found.now == now
    for change in found.better:
        assert change.result.better_than(now)
    for change in found.worse:
        assert now.better_than(change.result)
    for change in (*found.better, *found.worse)[:30]:
        stated = asked_question[1].facts
        for changed in change.facts:
            assert changed.before == (stated.get(changed.fact) if changed.how == "given" else changed.before)
        follows = (
            {"total_tpp"} if {changed.fact for changed in change.facts} & {"quantity", "circuits", "tpp"} else set()
        )
        law, transaction, query = asked_question
        base = without(transaction, "total_tpp") if follows else transaction
        assert result((law, base, query), change.given) == change.result
        *others, last = change.facts
        for value in samples(last.values):
            facts = {**change.given, **dict.fromkeys((last.fact, *last.following), value)}
            facts |= {} if others else dict.fromkeys(last.following, value)
            assert result((law, base, query), facts) == change.result


@few
@given(questions())
def test_two_facts_stand_together_only_where_neither_does_alone(asked_question):
    found = smallest_changes(*asked_question, most=6000)
    for changes_of_one_kind in (found.better, found.worse):
        pairs = [change for change in changes_of_one_kind if len(change.facts) == 2]
        for change in pairs[:10]:
            for changed in change.facts:
                if changed.fact not in {"quantity", "circuits", "tpp"}:
                    alone = result(asked_question, dict.fromkeys((changed.fact, *changed.following), changed.after))
                    assert not alone.better_than(found.now)
                    assert not found.now.better_than(alone)


@few
@given(questions())
def test_an_assumption_that_flips_the_answer_is_one_that_the_verdict_names(asked_question):
    found = smallest_changes(*asked_question, most=ONE_FACT)
    named = set(decide(*asked_question).assumed)
    flipping = {c.facts[0].fact for c in (*found.better, *found.worse) if len(c.facts) == 1 and c.assumed}
    assert flipping <= named


def samples(values):
    """The ends of a number's values, or some of the others'."""
    if values.first is not None:
        return [values.first, values.last]
    return [values.values[0], values.values[-1]] if values.values else []


@few
@given(questions(), st.data())
def test_no_single_change_is_missed(asked_question, data):
    law, transaction, query = asked_question
    found = smallest_changes(law, transaction, query, most=ONE_FACT)
    reported = {(c.facts[0].fact, c.result) for c in (*found.better, *found.worse) if len(c.facts) == 1}
    now = result(asked_question, {})
    taken = {"destination": sorted(transaction.taken)}
    for name in ("destination", "headquarters", "quantity", "direct_to_ultimate_consignee", *REST):
        fact = FACTS[name]
        if name in {"total_tpp", "movement"} or name not in law.program.facts():
            continue
        if "total_tpp" in transaction.facts and name == "quantity":
            continue
        # Drawn from all that the fact may be, not from the candidates of the search.
        value = data.draw(exact(fact), label=name)
        if name in {"exporter", "designer_status"} or (fact.type == "place" and places()[value].row != value):
            continue
        other = result(asked_question, dict.fromkeys((name, *taken.get(name, ())), value))
        if other.better_than(now) or now.better_than(other):
            assert (name, other) in reported


@settings(few, max_examples=10)
@given(questions())
def test_no_candidate_of_one_fact_is_missed(asked_question):
    law, transaction, query = asked_question
    found = smallest_changes(law, transaction, query, most=ONE_FACT)
    reported = {(c.facts[0].fact, c.result) for c in (*found.better, *found.worse) if len(c.facts) == 1}
    now = result(asked_question, {})
    if not (now.could_be_better or now.could_be_worse) or now.outcome == "undecided":
        assert not reported
        return
    names = set(_Search(law, transaction, query, ONE_FACT).names) - {"total_tpp"}
    linked = {"destination": tuple(sorted(transaction.taken))}
    every = Alternatives(law, Trials(law, query, 10**6), linked)
    base = without(transaction, "total_tpp")
    for name in names:
        for _, value in every.parts(name, base.facts):
            held = transaction if name not in {"quantity", "circuits", "tpp"} else base
            case = Case(law, with_facts(held, every.setting(name, value)), query)
            other = result_of(case)
            if other.better_than(now) or now.better_than(other):
                assert (name, other) in reported


@few
@given(questions())
def test_every_answer_leads_where_it_says(asked_question):
    law, transaction, query = asked_question
    for item in answers(law, transaction, query):
        assert item.complete
        for branch in item.branches:
            for value in [branch.typical, *samples(branch.values)]:
                verdict = decide(law, with_facts(transaction, {item.fact: value}), query)
                assert result_of(verdict) == branch.result
                assert tuple(missing.fact for missing in verdict.missing) == branch.wants


def test_the_text_that_stands_for_all_others_is_none_that_is_named():
    assert Alternatives._unnamed("exporter", {}, frozenset({alternatives.UNNAMED})) == "0"
    assert Alternatives._unnamed("exporter", {"exporter": "Acme"}, frozenset({"AMD"})) == "Acme"
