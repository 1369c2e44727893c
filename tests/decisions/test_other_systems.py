"""The acts of other systems of law: what the form needs for them beside what the export regulations need."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import statutes
from licet.decisions import Query, ask, decide, verdict_line
from licet.decisions.facts import Transaction, read_transaction
from licet.decisions.places import everywhere
from licet.home import law_folder
from tools.values import values_of

LAW = statutes.load(law_folder())
SYSTEMS = sorted(set(LAW.library.systems) - {"us-ear"})
GALLIUM = {"kind": "material", "hs_code": "8112929010"}
H200 = {"chip": "h200-sxm", "movement": "import", "destination": "US"}


def asked(system, on, readings=None, **facts):
    return ask(LAW, facts, on=dt.date.fromisoformat(on), system=system, readings=readings, headquarters_taken=True)


def test_there_are_five_of_them():
    assert SYSTEMS == ["cn-mofcom", "jp", "nl", "us-icts", "us-tariff-232"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_a_system_does_not_reach_is_not_subject_to_it(system):
    export = asked(system, "2026-02-01", movement="export", origin="US", destination="DE", **GALLIUM)
    assert (export.outcome, export.controlled, export.warnings) == ("not_subject", False, ())


@pytest.mark.parametrize("system", SYSTEMS)
def test_before_the_first_act_of_a_system_nothing_is_said(system):
    verdict = asked(system, "2023-01-01", movement="import", origin="CN", destination="US", kind="chip")
    assert verdict.outcome == "undecided"
    assert "no_act_in_force" in verdict.not_examined


def test_an_assumption_of_one_system_is_not_made_in_another():
    chinese = asked("cn-mofcom", "2024-01-02", destination="DE", **GALLIUM)
    assert chinese.outcome == "undecided"
    assert {missing.fact for missing in chinese.missing} == {"origin"}
    assert chinese.assumed["movement"] == "export"
    tariff = asked("us-tariff-232", "2026-02-01", destination="US", tpp=15832)
    assert {missing.fact for missing in tariff.missing} == {"movement", "memory_bandwidth_gbs"}


def test_a_territory_counts_as_another_place_under_the_country_chart_only():
    facts = read_transaction({"destination": "GL", "origin": "HK"}, LAW.vocabulary)
    assert facts.under("us-ear").facts == {"destination": "DK", "origin": "CN"}
    assert facts.under("nl").facts == {"destination": "GL", "origin": "HK"}
    # A place without a row of the chart is a place nonetheless.
    assert read_transaction({"destination": "PS"}, LAW.vocabulary).under("jp").facts == {"destination": "PS"}


def test_only_a_law_with_duties_answers_with_a_duty():
    line = verdict_line(asked("us-tariff-232", "2026-02-01", **H200, import_purpose="reexport"))
    assert (line["outcome"], line["duty_pct"], line["band"]) == ("no_license_required", 25, 1)
    assert [citation["clause"] for citation in line["citations"]] == ["duty_band_1"]
    other = verdict_line(asked("nl", "2026-02-01", origin="NL", destination="CN", kind="chip"))
    assert not {"duty_pct", "band"} & set(other)


def test_a_duty_that_hangs_on_a_fact_asks_for_it():
    verdict = asked("us-tariff-232", "2026-02-01", **H200)
    assert (verdict.duty_pct, verdict.band) == (None, None)
    assert [missing.fact for missing in verdict.missing] == ["import_purpose"]


@pytest.mark.parametrize(("choice", "duty"), [("inclusive", 25), ("exclusive", 0)])
def test_whether_a_band_holds_its_bounds_is_a_reading(choice, duty):
    facts = {"movement": "import", "destination": "US", "import_purpose": "other", "memory_bandwidth_gbs": 4800}
    verdict = asked("us-tariff-232", "2026-02-01", {"band-bounds": choice}, tpp=14000, **facts)
    assert verdict.duty_pct == duty


def test_a_chip_is_assumed_where_the_law_is_about_chips():
    facts = {"movement": "import", "destination": "US", "import_purpose": "other", "memory_bandwidth_gbs": 4800}
    assert asked("us-tariff-232", "2026-02-01", tpp=15832, **facts).assumed["kind"] == "chip"
    assert "kind" in {fact.fact for fact in asked("us-icts", "2026-02-01", **facts).missing}


def test_a_policy_of_which_nobody_could_tell_whether_it_holds_is_cited_and_nothing_asked():
    verdict = asked("cn-mofcom", "2026-11-28", origin="CN", destination="US", **GALLIUM)
    assert (verdict.outcome, verdict.review_policy, verdict.missing) == ("license_required", None, ())
    assert "review_us_in_principle_none" in {citation.clause for citation in verdict.citations}
    assert "after_checked_through" in verdict.not_examined


def test_an_item_that_several_lists_name_is_on_each_of_them():
    listed = ["METI-2023-23", "NL-2023-09-01"]
    for system, origin in (("nl", "NL"), ("jp", "JP")):
        verdict = asked(system, "2024-01-02", origin=origin, destination="CN", kind="equipment", listed_by=listed)
        assert verdict.outcome == "license_required"
        assert verdict.facts["listed_by"] == tuple(listed)
    none = asked("jp", "2024-01-02", origin="JP", destination="CN", kind="equipment", listed_by=[])
    assert none.outcome == "no_license_required"


def test_the_bulk_license_of_japan_is_told_as_not_read():
    texts = {
        to: {
            warning.id
            for warning in asked(
                "jp", "2024-01-02", origin="JP", destination=to, kind="equipment", listed_by="METI-2023-23"
            ).warnings
        }
        for to in ("CN", "DE")
    }
    assert "warning_individual_license" in texts["CN"]
    assert "warning_bulk_license" in texts["DE"]


STATED = {name: fact for name, fact in LAW.vocabulary.facts.items() if not fact.derive and name != "date"}
DAYS = {system: LAW.days_of_change(system) for system in SYSTEMS}
some = st.lists(st.sampled_from(sorted(STATED)), max_size=14, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: values_of(STATED[name]) for name in names})
)


@given(st.sampled_from(SYSTEMS), st.data(), some)
def test_every_transaction_has_a_verdict_that_agrees_with_itself(system, data, facts):
    on = data.draw(st.sampled_from(DAYS[system]) | st.dates(DAYS[system][0], dt.date(2031, 1, 1)))
    query = Query(on=on, system=system)
    verdict = decide(LAW.law(query), Transaction({**facts, "date": on}), query)
    assert (verdict.outcome == "not_subject") is any(
        verdict.trace[clause.id] for clause in LAW.law(query).of_kind("jurisdiction")
    )
    assert verdict.exception is None
    assert verdict.tier is None
    assert not {missing.fact for missing in verdict.missing} & set(facts)
    if verdict.outcome == "undecided":
        assert verdict.missing
    duties = [clause for clause in LAW.law(query).of_kind("duty") if verdict.trace[clause.id]]
    assert len(duties) <= 1  # two that both apply would be an error of the law
    if verdict.dutiable and verdict.outcome == "no_license_required":
        assert (verdict.duty_pct is None) is bool(verdict.missing)


def test_everywhere_tells_a_territory_from_its_state():
    query = Query(on=dt.date(2024, 1, 2), system="nl")
    facts = {"origin": "NL", "kind": "equipment", "listed_by": "NL-2023-09-01"}
    found = everywhere(LAW.law(query), query, facts)
    assert found["DK"].outcome == "no_license_required"
    assert found["GL"].outcome == found["HK"].outcome == found["PS"].outcome == "license_required"
