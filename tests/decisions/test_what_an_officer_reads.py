"""What stands beside the outcome: papers to be had, warnings, on the days on which they are true."""

import pytest

from licet import statutes
from licet.decisions import ask
from licet.home import law_folder

LAW = statutes.load(law_folder())
JUNE = "2025-06-02"
UVEU = {
    "headquarters": "US",
    "parent_headquarters": "US",
    "uveu": True,
    "uveu_country_share": "0.01",
    "uveu_outside_tier_1_share": "0.01",
    "uveu_outside_us_share": "0.01",
}
WEIGHTS = {"kind": "model_weights", "training_operations": 2 * 10**26, "published_weights": False}


def answered(on=JUNE, basis="written", **facts):
    return ask(LAW, {**facts, "date": on}, basis=basis, headquarters_taken=True)


def warned(**facts):
    return {warning.id for warning in answered(**facts).warnings}


def asked_for(**facts):
    return {obligation.id for obligation in answered(**facts).obligations}


@pytest.mark.parametrize("holder", [UVEU, {"nveu_country": "CH"}])
def test_a_validated_end_user_certifies_and_is_told_of_each_shipment(holder):
    # Paragraphs (e) and (g) of 748.15 were not among those that 90 FR 4544 revised.
    due = {o.id: o.side for o in answered(chip="h100-sxm", quantity=3000, destination="CH", **holder).obligations}
    assert (due["veu_certificate"], due["veu_notice"]) == ("before", "with")


def test_a_national_holder_reports_what_its_ceiling_does_not_count_too():
    facts = {"kind": "software", "for_eccn": "4A090.a", "destination": "AE", "movement": "reexport", "origin": "TW"}
    due = asked_for(**facts, nveu_country="AE")
    assert {"veu_certificate", "veu_notice", "veu_end_user_report", "veu_reexport_report"} <= due
    assert "veu_chip_accounting" not in due


def test_a_universal_holder_is_warned_of_new_sites():
    facts = {"chip": "h100-sxm", "quantity": 3000, "destination": "CH"}
    assert "warning_uveu_sites" in warned(**facts, **UVEU)
    assert "warning_uveu_sites" not in warned(**facts)


@pytest.mark.parametrize(
    ("on", "more", "expected"),
    [
        ("2026-08-02", {"destination": "CH"}, True),
        ("2026-08-02", {"destination": "AE"}, False),
        ("2026-08-02", {"destination": "AE", "end_user_status": "uae_government"}, False),
        ("2026-07-09", {"destination": "AE"}, False),
        ("2025-05-14", {"destination": "CH"}, False),
        ("2025-05-15", {"destination": "CH"}, True),
    ],
)
def test_printed_and_not_enforced_is_said_where_it_is_so(on, more, expected):
    # The UAE is named by a requirement of its own from 2026-07-10, which is enforced.
    found = warned(on=on, basis="enforced", chip="h100-sxm", quantity=10, **more)
    assert ("warning_not_enforced" in found) is expected


@pytest.mark.parametrize("on", [JUNE, "2026-08-02"])
def test_the_requirement_for_model_weights_is_said_to_be_printed(on):
    assert "warning_not_enforced" in warned(on=on, basis="enforced", destination="SG", **WEIGHTS)
    assert "warning_not_enforced" not in warned(on=on, destination="SG", **WEIGHTS)


def test_deemed_exports_of_weights_to_employees_are_left_out_of_the_requirement():
    assert "warning_deemed_weights" in warned(destination="SG", **WEIGHTS)
    assert "warning_deemed_weights" not in warned(destination="SG", **{**WEIGHTS, "training_operations": 10**25})


def test_an_export_that_leaves_from_abroad_is_questioned():
    facts = {"chip": "h100-sxm", "quantity": 10, "destination": "CN"}
    assert "warning_export_from_abroad" in warned(**facts, origin="TW")
    assert "warning_export_from_abroad" not in warned(**facts, origin="TW", movement="reexport")
    assert "warning_export_from_abroad" not in warned(**facts)
    assert "warning_export_from_abroad" not in warned(**facts, origin="PR")


@pytest.mark.parametrize(("eccn", "expected"), [("5A002.z.1.b", True), ("5D002.z.3.b", True), ("5A992.z.2", False)])
def test_nac_and_aca_for_encryption_items_want_the_terms_of_enc(eccn, expected):
    verdict = answered(eccn=eccn, destination="VN", kind="software" if eccn.startswith("5D") else "chip")
    assert verdict.exception == "ACA"
    assert ("warning_encryption_terms" in {warning.id for warning in verdict.warnings}) is expected


def test_an_application_for_any_z_commodity_comes_with_a_purchase_order():
    # Paragraph (c)(3) names the .z paragraphs whole, those at the level of 3A090.b too.
    facts = {"destination": "CN", "movement": "in_country_transfer", "end_use": "military_end_user"}
    assert "license_purchase_order" in asked_for(eccn="5A992.z.2", **facts)
    assert "license_purchase_order" not in asked_for(eccn="3A090.b", **facts)
