import datetime as dt

import pytest

from licet import statutes
from licet.catalog.places import places
from licet.decisions import ask
from licet.decisions.classify import classify
from licet.decisions.places import everywhere, tier
from licet.home import law_folder

LAW = statutes.load(law_folder())
FACTS = {"chip": "h100-sxm", "quantity": 2000}


def answers(verdict):
    return verdict.outcome, verdict.tier, verdict.exceptions, verdict.review_policy, verdict.allocation_tpp


@pytest.mark.parametrize(("on", "basis"), [(dt.date(2025, 6, 2), "written"), (dt.date(2026, 8, 1), "enforced")])
def test_the_map_says_of_every_place_what_a_question_of_its_own_says(on, basis):
    query = statutes.Query(on=on, basis=basis)
    found = everywhere(LAW.law(query), query, FACTS)
    assert set(found) == set(places())
    for code in places():
        asked = ask(LAW, {**FACTS, "destination": code}, on=on, basis=basis, headquarters_taken=True)
        assert answers(found[code]) == answers(asked), code


def test_before_the_rule_no_place_has_a_tier():
    law = LAW.law(statutes.Query(on=dt.date(2025, 1, 12)))
    assert {tier(law, code) for code in places()} == {None}


@pytest.mark.parametrize(
    ("item", "eccn", "known"),
    [
        ({"chip": "h100-sxm"}, "3A090.a", True),
        ({"chip": "h20"}, None, True),
        ({"chip": "mi308x"}, None, False),
        ({"kind": "hbm", "memory_bandwidth_density": 3}, "3A090.c", True),
        ({"kind": "model_weights", "published_weights": False, "training_operations": "1" + "0" * 26}, "4E091", True),
        ({"kind": "model_weights", "published_weights": True}, None, True),
        ({"kind": "equipment"}, None, True),
        ({}, None, False),
    ],
)
def test_an_item_is_classified_by_itself(item, eccn, known):
    found = classify(LAW.law(statutes.Query(on=dt.date(2025, 6, 2))), item)
    assert (found.eccn, found.known) == (eccn, known)
