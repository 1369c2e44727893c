"""The law as one could know it on an earlier day."""

import datetime as dt

import pytest

from licet import statutes
from licet.decisions import ask
from licet.home import law_folder

LAW = statutes.load(law_folder())
BEFORE_THE_ANNOUNCEMENT, NEW_YEAR_2026 = dt.date(2025, 5, 10), dt.date(2026, 1, 1)
BEFORE_THE_GUIDANCE, GUIDANCE = dt.date(2026, 5, 30), dt.date(2026, 5, 31)


def asked(to, on, known, chip="h100-sxm", quantity=2000, **more):
    facts = {"chip": chip, "quantity": quantity, "destination": to, **more.pop("facts", {})}
    return ask(LAW, facts, on=on, known=known, headquarters_taken=True, **more)


def test_before_the_announcement_the_framework_was_to_be_enforced():
    then = asked("CH", dt.date(2025, 6, 2), BEFORE_THE_ANNOUNCEMENT)
    assert (then.outcome, then.review_policy) == ("license_required", "presumption_of_approval")
    assert then.allocation_tpp == 31_664_000
    assert asked("CH", dt.date(2025, 6, 2), None).outcome == "no_license_required"


def test_what_was_known_then_had_its_compliance_date():
    assert asked("CH", dt.date(2025, 5, 14), BEFORE_THE_ANNOUNCEMENT).outcome == "no_license_required"
    assert asked("CH", dt.date(2025, 5, 15), BEFORE_THE_ANNOUNCEMENT).outcome == "license_required"


def test_at_new_year_2026_the_h200_was_still_under_a_presumption_of_denial():
    certified = dict.fromkeys(
        (
            "commercially_available_in_us",
            "us_supply_sufficient",
            "no_foundry_diversion",
            "kyc_and_remote_access_controls",
            "third_party_us_test",
            "end_user_not_prohibited",
        ),
        True,
    )
    facts = {**certified, "share_of_us_tpp": "0.4"}
    on = dt.date(2026, 2, 1)
    assert asked("CN", on, NEW_YEAR_2026, "h200-sxm", facts=facts).review_policy == "presumption_of_denial"
    assert asked("CN", on, None, "h200-sxm", facts=facts).review_policy == "case_by_case"


def test_at_new_year_2026_the_suspension_was_known_and_its_end_too():
    owned = {"owned_by_listed_parties_pct": 60}
    assert asked("DE", dt.date(2026, 6, 1), NEW_YEAR_2026, facts=owned).outcome == "no_license_required"
    assert asked("DE", dt.date(2026, 11, 10), NEW_YEAR_2026, facts=owned).outcome == "undecided"


@pytest.mark.parametrize(("to", "headquarters"), [("SG", "CN"), ("SG", "SG"), ("CH", "CN"), ("AE", "AE"), ("CN", "CN")])
def test_the_guidance_changes_only_what_it_settled(to, headquarters):
    on = dt.date(2026, 6, 10)
    facts = {"headquarters": headquarters}
    before, after = (
        asked(to, on, known, facts=facts, readings_weighed=True) for known in (BEFORE_THE_GUIDANCE, GUIDANCE)
    )
    assert (before.outcome, before.review_policy, before.tier) == (after.outcome, after.review_policy, after.tier)
    open_before, open_after = ({item.reading for item in verdict.rests_on} for verdict in (before, after))
    headed_there = headquarters == "CN" and to != "CN"
    assert open_before - open_after == ({"headquarters-rule"} if headed_there else set())
    assert open_after <= open_before


def test_what_is_settled_can_still_be_asked_otherwise():
    facts = {"headquarters": "CN"}
    dropped = asked("SG", dt.date(2026, 6, 10), None, facts=facts, readings={"headquarters-rule": "dropped"})
    assert dropped.outcome == "no_license_required"
