import datetime as dt
from decimal import Decimal

import pytest

from licet import statutes
from licet.catalog.places import places
from licet.decisions import ask
from licet.decisions.difference import difference
from licet.decisions.gains import Answer, direction
from licet.errors import BadInput
from licet.home import law_folder
from licet.statutes import Query

LAW = statutes.load(law_folder())
WRITTEN = Query(on=dt.date(2025, 6, 2), basis="written")
ENFORCED = Query(on=dt.date(2025, 6, 2))


def answer(outcome, policy=None, *, allocates=False, duty=None, exceptions=()):
    return Answer(outcome, tuple(exceptions), policy, allocates, duty, None, ())


# From the least free to the freest.
ORDER = [
    answer("prohibited"),
    answer("license_required", "policy_of_denial"),
    answer("license_required", "presumption_of_denial"),
    answer("license_required", "case_by_case"),
    answer("license_required", "presumption_of_approval", allocates=True),
    answer("license_required", "presumption_of_approval"),
    answer("license_exception", exceptions=["LPP"]),
    answer("no_license_required"),
]


def test_answers_are_ordered_by_how_free_they_are():
    for low, less in enumerate(ORDER):
        for high, more in enumerate(ORDER):
            expected = "gain" if low < high else "loss" if low > high else "sideways"
            assert direction(less, more) == expected, (less, more)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (answer("undecided"), answer("no_license_required")),
        (answer("prohibited"), answer("undecided")),
        (answer("license_required", "presumption_of_approval"), answer("license_required", "not_stated")),
        (answer("license_required", None), answer("license_required", "policy_of_denial")),
        (answer("license_exception", exceptions=["LPP"]), answer("license_exception", exceptions=["AIA"])),
        (answer("not_subject"), answer("no_license_required")),
        (answer("license_required", "case_by_case", allocates=None), answer("license_required", "case_by_case")),
    ],
)
def test_what_cannot_be_ordered_goes_sideways(before, after):
    assert direction(before, after) == direction(after, before) == "sideways"


def test_a_policy_that_is_not_stated_is_still_less_free_than_no_license_and_freer_than_a_prohibition():
    unstated = answer("license_required", "not_stated")
    assert direction(answer("no_license_required"), unstated) == "loss"
    assert direction(answer("prohibited"), unstated) == "gain"


def test_a_lower_duty_is_a_gain():
    before, after = (answer("no_license_required", duty=Decimal(n)) for n in (25, 0))
    assert (direction(before, after), direction(after, before)) == ("gain", "loss")
    assert direction(before, answer("no_license_required")) == "sideways"


@pytest.mark.parametrize(("chip", "units"), [("h100-sxm", 60000), ("rtx-4090", 10), ("l4", 3000), ("mi308x", 1)])
def test_the_changes_are_those_of_the_verdicts_themselves(chip, units):
    found = difference(LAW, ENFORCED, WRITTEN, chips=[chip], quantities=[units]).gains
    (effect,) = found.effects or [None]
    told = {code: change for change in (effect.changes if effect else ()) for code in change.places}
    for code in places():
        sides = [
            ask(
                LAW,
                {"chip": chip, "quantity": units, "destination": code},
                on=query.on,
                basis=query.basis,
                headquarters_taken=True,
            )
            for query in (ENFORCED, WRITTEN)
        ]
        whole = [_essence(verdict) for verdict in sides]
        assert (whole[0] != whole[1]) == (code in told), code
        if code in told:
            assert whole == [_of(told[code].before), _of(told[code].after)], code
    assert found.changed == len(told)
    assert (found.questions, len(found.places)) == (250, 250) == (len(places()), len(places()))


def _essence(verdict):
    draws = verdict.outcome == "license_required" and verdict.allocation_tpp
    policy = verdict.review_policy if verdict.outcome == "license_required" else None
    obliged = tuple(item.id for item in verdict.obligations)
    return verdict.outcome, verdict.exceptions, policy, bool(draws), obliged


def _of(item):
    return item.outcome, item.exceptions, item.review_policy, bool(item.allocates), item.obligations


def test_by_default_one_unit_and_the_first_number_above_each_account_are_asked():
    found = difference(LAW, ENFORCED, WRITTEN, chips=["h100-sxm", "b200"]).gains
    assert [quantity.units for quantity in found.quantities] == [1, None, None, None, None]
    limits = {quantity.limit: quantity.accounts for quantity in found.quantities[1:]}
    # 15 CFR 740.29(a), 742.6(b)(10)(iii)(B)(1) and (C), and the quarter's row of Table 1 of 748.15(a)(2)(iii)(B).
    assert limits == {
        Decimal(26_900_000): ("lpp",),
        Decimal(790_000_000): ("national allocation",),
        Decimal(949_500_000): ("nveu",),
        Decimal(1_580_000_000): ("national allocation",),
    }
    for quantity in found.quantities[1:]:
        for name, units in quantity.by_item.items():
            each = ask(LAW, {"chip": name, "quantity": 1}, on=WRITTEN.on).total_tpp
            assert (units - 1) * each <= quantity.limit < units * each


def test_a_chip_without_a_known_tpp_is_asked_by_the_unit_only():
    found = difference(LAW, ENFORCED, WRITTEN, chips=["mi308x", "h100-sxm"]).gains
    assert [sorted(quantity.by_item) for quantity in found.quantities] == [["h100-sxm", "mi308x"], *[["h100-sxm"]] * 4]


def test_facts_hold_in_all_that_is_asked_and_headquarters_may_be_elsewhere():
    found = difference(
        LAW, ENFORCED, WRITTEN, chips=["h100-sxm"], quantities=[1], places=["DE"], facts={"headquarters": "CN"}
    ).gains
    assert found.facts == {"headquarters": "CN"}
    assert found.empty  # the headquarters requirement is enforced as it is written
    with_none = difference(LAW, ENFORCED, WRITTEN, chips=["h100-sxm"], quantities=[1], places=["DE"]).gains
    assert [change.direction for effect in with_none.effects for change in effect.changes] == ["loss"]


def test_a_place_that_a_fact_names_is_told_apart():
    facts = {"nveu_country": "PL", "nveu_installed_tpp": 0}
    found = difference(LAW, ENFORCED, WRITTEN, chips=["h100-sxm"], quantities=[2000], facts=facts).gains
    nveu = [c for effect in found.effects for c in effect.changes if "NVEU" in c.after.exceptions]
    assert [change.places for change in nveu] == [("PL",)]


def test_an_item_may_be_described_instead_of_a_chip():
    facts = {"kind": "equipment", "listed_by": "NL-2023-09-01", "origin": "NL"}
    before, after = (Query(on=dt.date(2023, 8, 31), system="nl"), Query(on=dt.date(2023, 9, 1), system="nl"))
    found = difference(LAW, before, after, facts=facts).gains
    assert found.items == ("item",)
    assert "CN" in found.losing
    assert "DE" not in found.losing


def test_a_new_classification_is_told_apart_from_the_answers():
    found = difference(LAW, Query(on=dt.date(2022, 9, 1)), Query(on=dt.date(2023, 12, 1)), chips=["h100-sxm", "a30"])
    assert {item.items: (item.before, item.after) for item in found.gains.reclassified} == {
        ("h100-sxm",): (None, "3A090.a"),
        ("a30",): (None, "3A090.b"),
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"facts": {"destination": "CH"}},
        {"facts": {"date": "2025-06-02"}},
        {"facts": {"quantity": 2}},
        {"facts": {"chip": "h100-sxm"}},
        {"facts": {"no_such_fact": "1"}},
        {"facts": {"tpp": "5"}, "chips": ["h100-sxm"]},
        {"quantities": [0]},
        {"quantities": [""]},
        {"quantities": ["1.5"]},
        {"quantities": range(1, 14)},
        {"chips": ["no such chip"]},
        {"places": ["no such place"]},
    ],
)
def test_what_cannot_be_asked_is_an_error_with_a_fix(asked):
    with pytest.raises(BadInput) as caught:
        difference(LAW, ENFORCED, WRITTEN, **asked)
    assert caught.value.fix
