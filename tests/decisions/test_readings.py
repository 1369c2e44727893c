import datetime as dt

from licet import statutes
from licet.decisions import ask
from licet.home import law_folder

LAW = statutes.load(law_folder())


def asked(to, on, **others):
    facts = {"chip": "h100-sxm", "quantity": 1, "destination": to}
    return ask(LAW, facts, on=on, headquarters_taken=True, readings_weighed=True, **others)


def test_an_answer_names_the_reading_that_it_rests_on_and_what_it_would_be_otherwise():
    verdict = asked("CY", dt.date(2024, 6, 1))
    (cyprus,) = [item for item in verdict.rests_on if item.reading == "cyprus-d5"]
    assert (verdict.outcome, cyprus.choice) == ("no_license_required", "not_listed")
    assert [(other.choice, other.outcome) for other in cyprus.otherwise] == [("listed", "license_required")]
    assert set(cyprus.question) == {"en", "zh"}


def test_an_answer_under_the_other_choice_rests_on_the_same_reading():
    verdict = asked("CY", dt.date(2024, 6, 1), readings={"cyprus-d5": "listed"})
    assert verdict.outcome == "license_required"
    assert [item.choice for item in verdict.rests_on if item.reading == "cyprus-d5"] == ["listed"]


def test_an_answer_that_no_reading_would_change_rests_on_none():
    assert asked("DE", dt.date(2025, 6, 2), basis="written").rests_on == ()
    assert asked("CN", dt.date(2025, 6, 2), basis="written").rests_on == ()


def test_two_paragraphs_may_govern_a_party_headed_in_d5_elsewhere():
    facts = {"chip": "h100-sxm", "quantity": 1, "destination": "DE", "headquarters": "CN"}

    def policy(on, choice, **others):
        readings = {"headed-elsewhere-review": choice}
        return ask(LAW, {**facts, **others}, on=on, headquarters_taken=True, readings=readings).review_policy

    first, second = dt.date(2023, 12, 1), dt.date(2024, 4, 4)
    assert (policy(first, "denial"), policy(first, "case_by_case")) == ("presumption_of_denial", "case_by_case")
    # From April 2024 both paragraphs presume denial of datacenter 3A090.a.
    assert {policy(second, "denial"), policy(second, "case_by_case")} == {"presumption_of_denial"}
    later, transfer = dt.date(2026, 3, 2), {"chip": "l40", "movement": "in_country_transfer"}
    assert policy(later, "denial", **transfer) == "presumption_of_denial"
    assert policy(later, "case_by_case", **transfer) == "case_by_case"


def test_readings_are_weighed_only_when_asked():
    facts = {"chip": "h100-sxm", "quantity": 1, "destination": "CY", "headquarters": "CY", "parent_headquarters": "CY"}
    assert ask(LAW, facts, on=dt.date(2024, 6, 1)).rests_on == ()
