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
    assert (verdict.outcome, cyprus.choice) == ("license_required", "listed")
    assert [(other.choice, other.outcome) for other in cyprus.otherwise] == [("not_listed", "no_license_required")]
    assert set(cyprus.question) == {"en", "zh"}


def test_an_answer_under_the_other_choice_rests_on_the_same_reading():
    verdict = asked("CY", dt.date(2024, 6, 1), readings={"cyprus-d5": "not_listed"})
    assert verdict.outcome == "no_license_required"
    assert [item.choice for item in verdict.rests_on] == ["not_listed"]


def test_an_answer_that_no_reading_would_change_rests_on_none():
    assert asked("DE", dt.date(2025, 6, 2), basis="written").rests_on == ()
    assert asked("CN", dt.date(2025, 6, 2), basis="written").rests_on == ()


def test_readings_are_weighed_only_when_asked():
    facts = {"chip": "h100-sxm", "quantity": 1, "destination": "CY", "headquarters": "CY", "parent_headquarters": "CY"}
    assert ask(LAW, facts, on=dt.date(2024, 6, 1)).rests_on == ()
