import datetime as dt
from decimal import Decimal

import pytest

from licet import statutes
from licet.catalog.places import places
from licet.decisions import read_transaction, take_headquarters
from licet.decisions.facts import on_day
from licet.errors import BadInput, BadValue, UnknownName
from licet.home import law_folder

VOCABULARY = statutes.load(law_folder()).vocabulary


def read(raw):
    return read_transaction(raw, VOCABULARY)


def test_a_case_line_and_flat_facts_are_the_same_transaction():
    nested = {
        "id": "X-1",
        "basis": "written",
        "transaction": {"destination": "CH", "quantity": 5, "item": {"tpp": 15831.2}, "date": "2025-06-02"},
        "state": {"lpp_used_tpp": 7},
        "expect": {"outcome": "license_required"},
    }
    flat = {"id": "X-1", "destination": "CH", "quantity": 5, "tpp": 15831.2, "date": "2025-06-02", "lpp_used_tpp": 7}
    assert read(nested) == read(flat)
    assert read(flat).id == "X-1"


def test_a_float_is_the_number_that_was_typed():
    assert read({"tpp": 15831.2}).facts["tpp"] == Decimal("15831.2")


def test_a_system_of_the_catalog_fills_in_the_item():
    found = read({"chip": "DGX H100", "quantity": 10})
    assert found.chip == "dgx-h100"
    figures = {"kind": "computer", "circuits": 8, "tpp": 15832, "unit_tpp": 126656, "datacenter": True}
    figures["circuit_datacenter"] = True
    assert {name: found.facts[name] for name in figures} == figures
    assert found.facts["name"] == "NVIDIA DGX H100"
    assert found.facts["designer_headquarters"] == "US"


@pytest.mark.parametrize(
    ("raw", "fact"),
    [
        ({"chip": "DGX H100", "circuits": 4}, "circuits"),
        ({"chip": "DGX H100", "unit_tpp": 15832}, "unit_tpp"),
        ({"chip": "DGX H100", "kind": "chip"}, "kind"),
        ({"chip": "DGX H100", "tpp": 126656}, "tpp"),
        ({"chip": "H100 SXM", "circuits": 8}, "circuits"),
        ({"chip": "H100 SXM", "unit_tpp": 1}, "unit_tpp"),
        ({"chip": "H100 SXM", "kind": "computer", "tpp": 1}, "tpp"),
    ],
)
def test_a_figure_stated_against_the_catalog_is_an_error(raw, fact):
    with pytest.raises(BadValue, match=f"^{fact} of ") as caught:
        read(raw)
    assert caught.value.fix


def test_figures_stated_as_the_catalog_has_them_are_none():
    assert read({"chip": "DGX H100", "unit_tpp": 126656, "circuits": 8}) == read({"chip": "dgx-h100"})
    assert read({"chip": "H100 SXM", "unit_tpp": 15832}).facts["unit_tpp"] == 15832


def test_a_chip_beside_a_computer_is_the_one_inside():
    facts = read({"chip": "H100 SXM", "kind": "computer", "circuits": 4, "datacenter": False, "name": "a server"}).facts
    assert (facts["kind"], facts["circuits"], facts["tpp"], facts["datacenter"]) == ("computer", 4, 15832, False)
    assert (facts["name"], facts["circuit_datacenter"]) == ("a server", True)
    assert {"circuits", "name", "datacenter"}.isdisjoint(read({"chip": "H100 SXM", "kind": "computer"}).facts)


def test_what_is_not_known_of_a_system_stays_unknown():
    assert {"tpp", "unit_tpp"}.isdisjoint(read({"chip": "CS-3"}).facts)


def test_a_chip_of_the_catalog_fills_in_the_item():
    found = read({"chip": "H100 SXM", "tpp": 15832, "letter_item": True})
    assert (found.chip, found.facts["tpp"]) == ("h100-sxm", 15832)
    assert found.facts["datacenter"] is True
    assert found.facts["designer"] == "NVIDIA"
    assert found.facts["letter_item"] is True


def test_a_figure_that_contradicts_the_catalog_is_refused():
    with pytest.raises(BadValue, match="tpp of h100-sxm is 15832 in the catalog, and 100 is stated"):
        read({"chip": "H100 SXM", "tpp": 100})


@pytest.mark.parametrize(("stated", "row"), [("HK", "CN"), ("MO", "MO"), ("PR", "US"), ("CH", "CH")])
def test_a_place_counts_as_its_row_and_what_was_stated_is_kept(stated, row):
    found = read({"destination": stated, "headquarters": stated})
    assert (found.facts["destination"], found.facts["headquarters"]) == (row, row)
    assert found.stated_places == {"destination": stated, "headquarters": stated}


def test_a_place_without_a_row_stays_unknown():
    (code, *_) = [code for code, place in places().items() if place.row is None]
    found = take_headquarters(read({"destination": code}))
    assert "destination" not in found.facts
    assert "headquarters" not in found.facts
    assert found.stated_places == {"destination": code}


def test_omitted_headquarters_are_taken_from_the_destination_and_named():
    found = take_headquarters(read({"destination": "HK"}))
    assert (found.facts["headquarters"], found.facts["parent_headquarters"]) == ("CN", "CN")
    assert found.taken == {"headquarters", "parent_headquarters"}


def test_stated_headquarters_are_kept_and_an_omitted_parent_is_the_destination():
    found = take_headquarters(read({"destination": "SG", "headquarters": "CN"}))
    assert (found.facts["headquarters"], found.facts["parent_headquarters"]) == ("CN", "SG")
    assert found.taken == {"parent_headquarters"}


def test_no_die_on_a_nonplanar_node_makes_the_applicable_area_nothing():
    assert read({"non_planar": False}).facts["applicable_die_area_mm2"] == 0
    assert read({"non_planar": False, "applicable_die_area_mm2": 5}).facts["applicable_die_area_mm2"] == 5


@pytest.mark.parametrize("date", ["2025-06-02", dt.date(2025, 6, 2)])
def test_both_forms_of_a_date_are_read(date):
    assert read({"date": date}).on == dt.date(2025, 6, 2)


def test_the_date_of_a_case_may_stand_beside_its_transaction_which_goes_before():
    assert read({"date": "2025-06-02", "transaction": {"destination": "CH"}}).on == dt.date(2025, 6, 2)
    assert read({"date": "2025-06-02", "transaction": {"date": "2024-01-01"}}).on == dt.date(2024, 1, 1)


def test_a_transaction_without_a_date_says_so():
    with pytest.raises(BadInput, match="no date"):
        _ = read({"destination": "CH"}).on


def test_a_day_that_is_not_the_stated_date_is_refused():
    transaction = read({"date": "2025-06-02"})
    assert on_day(transaction, dt.date(2025, 6, 2)).on == dt.date(2025, 6, 2)
    with pytest.raises(BadValue, match="the law is asked on 2025-06-03"):
        on_day(transaction, dt.date(2025, 6, 3))


def test_empty_and_missing_values_are_unknown():
    assert dict(read({"destination": "", "quantity": None, "item": None}).facts) == {}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"quantity": "NaN"}, "must be finite"),
        ({"quantity": float("nan")}, "must be finite"),
        ({"quantity": -5}, "outside"),
        ({"quantity": 10**18}, "outside"),
        ({"quantity": 10**5000}, "outside"),
        ({"quantity": 1.5}, "1 decimals"),
        ({"chips": 3}, "no fact is called 'chips'"),
        ({"chip": "h1000-sxm"}, "h1000-sxm"),
        ({"destination": "Atlantis"}, "is a place"),
        ({"tpp": 1, "item": {"tpp": 2}}, "given twice"),
        ({"item": [1]}, "'item' is an object"),
        ({"transaction": 5}, "'transaction' is an object"),
        (["CH"], "a transaction is an object"),
        ({"date": "1492-10-12"}, "outside 1900-01-01"),
    ],
)
def test_a_transaction_that_cannot_be_read_is_one_error_with_the_fix(raw, message):
    with pytest.raises(BadInput, match=message) as caught:
        read(raw)
    assert caught.value.fix
    assert len(caught.value.message) < 200


def test_the_same_value_twice_is_no_conflict():
    assert read({"tpp": 2, "item": {"tpp": 2}}).facts["tpp"] == 2


def test_an_unknown_fact_names_what_was_probably_meant():
    with pytest.raises(UnknownName) as caught:
        read({"headquarter": "CH"})
    assert "headquarters" in caught.value.near


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("4a090.A", "4A090.a"),
        (" 5a992.Z.1 ", "5A992.z.1"),
        ("ear99", "EAR99"),
        ("3A 090", "3A090"),
        ("none of it", "none of it"),
    ],
)
def test_an_eccn_is_read_however_it_is_written(given, expected):
    facts = read_transaction({"eccn": given, "for_eccn": given, "date": "2025-06-02"}, VOCABULARY).facts
    assert facts["eccn"] == facts["for_eccn"] == expected
