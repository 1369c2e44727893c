import datetime as dt
import json
from decimal import Decimal

import pytest

from licet import statutes
from licet.catalog import chips
from licet.decisions import Query, ask, verdict_line
from licet.home import law_folder

LAW = statutes.load(law_folder())
JUNE = dt.date(2025, 6, 2)
CERTIFIED = dict.fromkeys(
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


def decided(on=JUNE, basis="written", chip="h100-sxm", quantity=2000, to="CH", **others):
    law = {key: others.pop(key) for key in ("known", "readings", "proposals") if key in others}
    facts = {"chip": chip, "quantity": quantity, "destination": to, **others}
    return ask(LAW, facts, on=on, basis=basis, headquarters_taken=True, **law)


def by(items):
    return {item.id: item for item in items}


@pytest.mark.parametrize(
    ("facts", "outcome", "controlled"),
    [
        ({"to": "US"}, "not_an_export", False),
        ({"chip": None, "kind": "model_weights", "published_weights": True}, "not_subject", False),
        ({"basis": "enforced"}, "no_license_required", False),
        ({"to": "DE"}, "license_exception", True),
        ({}, "license_required", True),
        ({"chip": None}, "undecided", None),
    ],
)
def test_each_outcome(facts, outcome, controlled):
    verdict = decided(**facts)
    assert (verdict.outcome, verdict.controlled) == (outcome, controlled)


def test_a_delivery_at_home_has_no_tier_and_no_warning():
    verdict = decided(to="US", headquarters="CN")
    assert (verdict.tier, verdict.warnings, verdict.near_misses) == (None, (), ())
    assert [citation.clause for citation in verdict.citations] == ["not_an_export"]


def test_an_embargoed_place_never_gets_by_without_a_license():
    for chip in ("h100-sxm", "h20", "rtx-4090"):
        verdict = decided(to="IR", chip=chip, basis="enforced")
        assert verdict.outcome == "license_required"
        assert all(miss.barred_by == "bar_embargo" for miss in verdict.near_misses)


def test_an_undecided_verdict_asks_for_exactly_the_facts_that_matter():
    verdict = decided(chip="mi308x", quantity=10, to="CN")
    assert verdict.outcome == "undecided"
    assert [missing.fact for missing in verdict.missing] == ["tpp", "performance_density"]
    assert all(set(missing.question) == {"en", "zh"} for missing in verdict.missing)


def test_the_answers_to_what_was_asked_decide():
    facts = {"chip": "mi308x", "quantity": 10, "to": "CN"}
    assert decided(**facts, tpp=5000, performance_density=3).outcome == "license_required"
    assert decided(**facts, tpp=1000, performance_density=3).outcome == "no_license_required"


def test_a_place_without_a_row_is_undecided():
    verdict = decided(to="AQ")
    assert verdict.outcome == "undecided"
    assert "destination" in [missing.fact for missing in verdict.missing]


def test_near_misses_say_which_part_failed_or_what_barred_them():
    misses = {miss.clause: miss for miss in decided().near_misses}
    assert misses["lpp"].failed == ("lpp_used_tpp + total_tpp <= 26900000",)
    assert set(misses["lpp"].facts) == {"lpp_used_tpp", "total_tpp"}
    assert misses["aia"].failed == ("tier_1",)
    assert set(misses["aia"].facts) == {"destination", "headquarters", "parent_headquarters"}
    barred = {miss.clause: miss for miss in decided(to="VN", quantity=100).near_misses}
    assert (barred["lpp"].failed, barred["lpp"].barred_by) == ((), "bar_advanced_computing")


def test_what_is_available_is_no_near_miss():
    verdict = decided(to="DE")
    assert verdict.exceptions[0] == "AIA"
    assert "aia" not in [miss.clause for miss in verdict.near_misses]


def test_a_holder_of_a_universal_authorization_is_asked_for_its_shares():
    holder = {"uveu": True, "headquarters": "DE", "parent_headquarters": "DE"}
    (usable,) = decided(**holder).could_use
    assert (usable.id, usable.missing) == ("UVEU", ("uveu_country_share", "uveu_outside_tier_1_share"))
    shares = {"uveu_country_share": "0.07", "uveu_outside_tier_1_share": "0.25"}
    assert decided(**holder, **shares).exception == "UVEU"
    assert decided(**holder, **{**shares, "uveu_country_share": "0.070001"}).exception is None


def test_a_universal_authorization_is_held_by_who_is_headed_in_a_supplement_5a_place():
    shares = {"uveu": True, "uveu_country_share": "0.01", "uveu_outside_tier_1_share": "0.01"}
    assert decided(**shares, headquarters="CH", parent_headquarters="CH").exception is None
    assert decided(**shares, headquarters="CH", parent_headquarters="DE").exception == "UVEU"


def test_technology_has_no_volume():
    verdict = decided(chip=None, quantity=None, kind="technology", for_eccn="3A090.a", to="DE")
    assert (verdict.outcome, verdict.volumes) == ("license_required", ())


def test_the_volume_left_under_lpp_is_1699_h100():
    volumes = {volume.clause: volume for volume in decided().volumes}
    assert (volumes["lpp"].units, volumes["lpp"].available, volumes["lpp"].amount) == (1699, 26_900_000, None)
    assert volumes["allocation"].amount == 31_664_000
    assert decided(quantity=1699).exception == "LPP"
    assert decided(quantity=1700).exception is None


def test_volume_that_was_used_is_not_left():
    volumes = {volume.clause: volume for volume in decided(lpp_used_tpp=26_000_000).volumes}
    assert (volumes["lpp"].available, volumes["lpp"].units) == (900_000, 56)
    spent = {volume.clause: volume for volume in decided(lpp_used_tpp=26_900_001).volumes}
    assert (spent["lpp"].available, spent["lpp"].units) == (0, 0)


@pytest.mark.parametrize("facts", [{"to": "VN"}, {"to": "CN"}, {"movement": "in_country_transfer"}])
def test_a_way_that_is_closed_to_any_quantity_has_no_volume(facts):
    assert "lpp" not in [volume.clause for volume in decided(**facts).volumes]


def test_the_allocation_is_drawn_by_a_license_and_not_by_an_exception():
    assert decided().allocation_tpp == 31_664_000
    assert decided(quantity=1699).allocation_tpp == 0
    assert decided(chip=None).allocation_tpp is None


def test_above_the_allocation_the_policy_is_denial():
    assert decided(quantity=49_898).review_policy == "presumption_of_approval"
    assert decided(quantity=49_899).review_policy == "policy_of_denial"
    assert decided(quantity=49_899, government_assurances=True).review_policy == "presumption_of_approval"
    assert decided(quantity=1700, allocation_used_tpp=790_000_000).review_policy == "policy_of_denial"


def test_a_nac_notice_is_due_25_days_before():
    verdict = decided(chip="rtx-4090", quantity=10, to="CN")
    notice = by(verdict.obligations)["nac_notice"]
    assert (verdict.exception, verdict.aes) == ("NAC", "C67")
    assert (notice.side, notice.days, notice.due) == ("before", 25, dt.date(2025, 5, 8))


def test_a_copy_of_the_lpp_certification_is_due_30_days_after():
    copy = by(decided(quantity=100).obligations)["lpp_copy"]
    assert (copy.side, copy.days, copy.due) == ("after", 30, dt.date(2025, 7, 2))


def test_an_lpp_notice_is_due_from_an_aggregate_of_3200000():
    assert "lpp_notice" not in by(decided(quantity=202).obligations)
    assert "lpp_notice" in by(decided(quantity=203).obligations)
    exact = decided(chip=None, tpp=5000, datacenter=True, quantity=640)
    assert exact.total_tpp == 3_200_000
    assert "lpp_notice" in by(exact.obligations)


def test_an_obligation_on_the_last_day_of_the_calendar_still_has_its_day():
    assert by(decided(quantity=100, on=dt.date(2027, 12, 31)).obligations)["lpp_copy"].due == dt.date(2028, 1, 30)


def test_an_assumption_is_named_where_it_counts_and_only_there():
    assert decided().assumed["lpp_used_tpp"] == 0
    assert "lpp_used_tpp" not in decided(lpp_used_tpp=0).assumed
    assert "designer_status" in decided(to="DE").assumed
    assert "designer_status" not in decided(to="CN").assumed
    assert "uae_listed" not in decided().assumed
    assert decided().assumed["headquarters"] == "CH"
    assert "headquarters" not in decided(headquarters="CH").assumed


def test_the_permissive_reading_opens_lpp_to_vietnam():
    strict, permissive = ({"readings": {"lpp-restricted-groups": choice}} for choice in ("strict", "permissive"))
    assert decided(to="VN", quantity=100, **strict).exception is None
    verdict = decided(to="VN", quantity=100, **permissive)
    assert (verdict.exception, verdict.law.readings["lpp-restricted-groups"]) == ("LPP", "permissive")
    assert decided(to="CN", quantity=100, **permissive).exception is None


def test_cambodia_leaves_the_third_tier_on_the_day_of_the_reading():
    day, table = dt.date(2025, 11, 7), {"cambodia-d5-exit": "table"}
    assert [decided(to="KH", on=on).tier for on in (day - dt.timedelta(days=1), day)] == [3, 2]
    assert decided(to="KH", on=dt.date(2026, 2, 2), readings=table).tier == 3
    assert decided(to="KH", on=dt.date(2026, 2, 3), readings=table).tier == 2


def test_cyprus_was_reviewed_as_d5_by_one_reading():
    on, other = dt.date(2024, 1, 10), {"cyprus-d5": "listed"}
    kept = decided(to="CY", on=on, headquarters="CN", readings=other)
    assert "CY" not in LAW.law(statutes.Query(on=on)).sets["d5_macau"]
    assert "CY" in LAW.law(statutes.Query(on=on, readings=tuple(other.items()))).sets["d5_macau"]
    assert "CY" not in LAW.law(statutes.Query(on=dt.date(2025, 1, 13), readings=tuple(other.items()))).sets["d5_macau"]
    assert kept.law.readings["cyprus-d5"] == "listed"


def test_the_proposal_lifts_the_policy_of_denial_above_the_allocation():
    plain, laid = decided(quantity=60_000), decided(quantity=60_000, proposals=("microsoft-2025-02-27",))
    assert (plain.review_policy, plain.allocation_tpp) == ("policy_of_denial", 949_920_000)
    assert (laid.outcome, laid.review_policy, laid.allocation_tpp) == (
        "license_required",
        "presumption_of_approval",
        0,
    )
    assert laid.law.proposals == ("microsoft-2025-02-27",)
    assert laid.law.digest != plain.law.digest
    assert decided(to="CN", proposals=("microsoft-2025-02-27",)).review_policy == "presumption_of_denial"


def test_who_knew_nothing_of_the_rule_saw_no_tiers():
    verdict = decided(known=dt.date(2025, 1, 12))
    assert (verdict.outcome, verdict.tier, verdict.law.known) == ("no_license_required", None, dt.date(2025, 1, 12))


@pytest.mark.parametrize("law", [{"on": dt.date(2020, 1, 1)}, {"known": dt.date(2021, 1, 1)}])
def test_where_no_act_is_in_force_nothing_is_decided(law):
    verdict = decided(**law)
    assert (verdict.outcome, verdict.controlled, verdict.missing) == ("undecided", None, ())
    assert "no_act_in_force" in verdict.not_examined
    assert "after_checked_through" not in verdict.not_examined
    assert json.dumps(verdict_line(verdict))


def test_a_day_long_after_the_last_check_is_answered_and_marked():
    verdict = decided(on=dt.date(2150, 1, 1), basis="enforced")
    assert verdict.outcome == "no_license_required"
    assert "after_checked_through" in verdict.not_examined
    assert "after_checked_through" not in decided().not_examined


def test_where_nobody_knows_whether_a_rule_is_in_force_only_an_outcome_that_hangs_on_it_is_undecided():
    owned = {"on": dt.date(2026, 11, 12), "basis": "enforced", "owned_by_listed_parties_pct": 60}
    hangs, stands = decided(to="DE", **owned), decided(to="CN", **owned)
    assert (hangs.outcome, hangs.controlled, hangs.missing) == ("undecided", None, ())
    assert "requirement_affiliates" in [citation.clause for citation in hangs.citations]
    assert stands.outcome == "license_required"
    assert decided(to="DE", **{**owned, "owned_by_listed_parties_pct": "49.999"}).outcome == "no_license_required"


def test_unscreened_parties_are_always_named():
    assert "parties" in decided(end_use="commercial", exporter="Acme").not_examined
    assert {"end_use", "exporter_letters"} <= set(decided().not_examined)
    assert not {"end_use", "exporter_letters"} & set(decided(end_use="commercial", exporter="NVIDIA").not_examined)


def test_letters_to_others_stay_unexamined_for_an_exporter_whom_none_binds():
    assert "exporter_letters" in decided(exporter="Acme").not_examined
    assert "exporter_letters" not in decided(exporter="Acme", on=dt.date(2023, 12, 1)).not_examined


def test_a_letter_binds_its_addressee_by_any_form_of_the_name():
    for name in ("NVIDIA", "nvidia", "Nvidia Corporation", "NVIDIA Corp.", "英伟达", "英伟达公司"):
        verdict = decided(chip="h20", destination="CN", on=dt.date(2025, 6, 2), basis="enforced", exporter=name)
        assert verdict.outcome == "license_required", name
    assert decided(chip="h20", destination="CN", basis="enforced", exporter="Nvidio").outcome == "no_license_required"


def test_letters_reach_the_chips_that_they_name():
    early = decided(chip="a100-80gb-sxm", destination="CN", on=dt.date(2022, 9, 15), exporter="NVIDIA")
    late = decided(chip="mi308x", destination="CN", on=dt.date(2025, 6, 2), basis="enforced", exporter="AMD")
    assert (early.outcome, late.outcome) == ("license_required", "license_required")


def test_a_stated_classification_counts():
    stated = {"chip": None, "destination": "CN", "on": dt.date(2026, 9, 1), "basis": "enforced"}
    assert decided(eccn="3A090.a", **stated).classification == "3A090.a"
    rugged = decided(eccn="4A001.a", kind="computer", **stated)
    assert (rugged.outcome, rugged.missing) == ("undecided", ())
    assert "warning_another_entry" in by(rugged.warnings)
    assert decided(kind="equipment", **stated).outcome == "undecided"
    assert decided(eccn="EAR99", kind="other", **stated).outcome == "no_license_required"


def test_no_exception_is_offered_to_a_military_end_user():
    military = {"destination": "CN", "end_use": "military_end_user", "on": dt.date(2024, 6, 1), "basis": "enforced"}
    assert decided(chip="rtx-4090", **military).outcome == "license_required"
    assert decided(chip="h20", **military).outcome == "undecided"


def test_after_the_last_period_of_the_allocation_nothing_is_drawn_and_nothing_offered():
    verdict = decided(quantity=60000, on=dt.date(2028, 6, 2), nveu_country="CH")
    assert (verdict.allocation_tpp, verdict.review_policy, verdict.missing, verdict.could_use) == (None, None, (), ())


def test_a_masked_requirement_is_cited_with_what_masks_it():
    verdict = decided(basis="enforced")
    masked = {citation.clause: citation.masked for citation in verdict.citations}
    assert "2025-05-13" in masked["requirement_3a090_a_worldwide"]
    assert "warning_not_enforced" in by(verdict.warnings)
    assert all(citation.masked == "" for citation in decided().citations)


def test_confidence_is_that_of_the_weakest_clause():
    assert decided().confidence == "primary"
    assert decided(to="AE", basis="enforced").confidence == "reconstructed"


def test_a_chip_below_the_line_by_a_thousandth_is_below_it():
    facts = {"chip": None, "datacenter": False, "applicable_die_area_mm2": 1000, "to": "CN", "kind": "chip"}
    assert decided(tpp="4800", **facts).classification == "3A090.a"
    assert decided(tpp="4799.999", **facts).classification is None


def test_a_float_tpp_adds_up_exactly():
    verdict = decided(chip=None, tpp=15831.2, datacenter=True, quantity=1699)
    assert verdict.total_tpp == Decimal("26897208.8")
    assert verdict_line(verdict)["total_tpp"] == 26897208.8


def test_h200_to_china_is_case_by_case_only_up_to_half_of_us_shipments():
    january = {"chip": "h200-sxm", "to": "CN", "on": dt.date(2026, 1, 15), "basis": "enforced", **CERTIFIED}
    assert decided(**january, share_of_us_tpp="0.5").review_policy == "case_by_case"
    assert decided(**january, share_of_us_tpp="0.500001").review_policy == "presumption_of_denial"
    assert decided(**january).review_policy == "presumption_of_denial"


def test_the_same_question_has_the_same_line():
    lines = [json.dumps(verdict_line(decided(to="VN", uveu=True))) for _ in range(3)]
    assert len(set(lines)) == 1


def test_a_line_is_in_the_language_asked_and_has_the_keys_of_the_contract():
    line = verdict_line(decided(), "zh")
    assert line["obligations"][0]["text"] == by(decided().obligations)["license_purchase_order"].text["zh"]
    contract = (
        "id outcome classification tier controlled exception review_policy allocation_tpp total_tpp obligations "
        "missing assumed could_use citations"
    )
    assert set(contract.split()) <= set(line)
    assert line["law"]["digest"] == decided().law.digest


def test_a_designer_of_the_catalog_stands_on_the_list_under_the_catalog_s_name():
    law = LAW.law(Query(on=JUNE, basis="written"))
    listed = law.sets["approved_designers"]
    named = {name: designer for name, designer in chips.designers().items() if listed & {name, *designer.names}}
    assert {"NVIDIA", "AMD", "Amazon Web Services", "Google"} <= set(named)
    assert set(named) <= listed
