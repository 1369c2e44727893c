import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import statutes
from licet.decisions import ask
from licet.decisions.decide import due_day
from licet.decisions.drafts import draft, drafts
from licet.errors import BadInput, BadValue, LawError
from licet.home import law_folder
from licet.statutes import Query
from licet.statutes.forms import Due

DAY = dt.date(2025, 6, 2)


def asked(basis="written", on=DAY, **facts):
    loaded = statutes.load(law_folder())
    verdict = ask(loaded, facts, on=on, basis=basis, headquarters_taken=True)
    return loaded.law(Query(on=on, basis=basis)), verdict


def drawn(more=None, **facts):
    return {found.obligation: found for found in drafts(*asked(**facts), more)}


def names(found):
    return {item.name for item in found.blanks}


def h100(quantity, to, **facts):
    return {"chip": "h100-sxm", "quantity": quantity, "destination": to, **facts}


def test_lpp_asks_for_a_certification_a_copy_and_a_notice():
    papers = drawn(**h100(1699, "CH", ultimate_consignee="Matterhorn Rechenzentrum AG"))
    assert list(papers) == ["lpp_certificate", "lpp_copy", "lpp_notice"]
    certificate = papers["lpp_certificate"]
    assert certificate.form == "certification"
    assert certificate.due is None
    assert certificate.side == "before"
    assert certificate.values == {
        "ultimate_consignee": "Matterhorn Rechenzentrum AG",
        "name": "NVIDIA H100 SXM5 80GB",
        "eccn": "3A090.a",
        "date": DAY,
    }
    assert names(certificate) == {"consignee_address", "signer_name", "signer_title", "signature", "signed_on"}
    assert papers["lpp_copy"].due == dt.date(2025, 7, 2)
    assert papers["lpp_copy"].subject == "LPP Shipment"
    assert papers["lpp_notice"].values["total_tpp"] == Decimal(26898568)


def test_a_small_shipment_under_lpp_needs_no_notice_and_a_last_one_tells_the_limit():
    assert "lpp_notice" not in drawn(**h100(100, "CH"))
    last = drawn(**h100(1, "CH", lpp_used_tpp=26900000 - 15832))["lpp_limit_reached"]
    assert last.subject == "LPP TPP Limit Reached"
    assert last.values["lpp_used_tpp"] == Decimal(26884168)


def test_aia_asks_for_its_papers_and_files_from_253_million_tpp():
    papers = drawn(**h100(2000, "DE", aia_cumulative_tpp=300000000))
    assert set(papers) == {"aia_eccn", "aia_certificate", "aia_filing", "aia_notice"}
    assert papers["aia_filing"].subject == "AIA Certification"
    assert "unsettled" not in papers["aia_filing"].warnings
    assert "aia_filing" not in drawn(**h100(2000, "DE", aia_cumulative_tpp=200000000))
    assert "unsettled" in drawn(**h100(2000, "DE"))["aia_filing"].warnings


def test_software_under_aia_needs_no_certification():
    papers = drawn(kind="software", for_eccn="4A090.a", destination="DE")
    assert set(papers) == {"aia_eccn", "aia_notice"}
    assert papers["aia_eccn"].values["eccn"] == "4D090"


def test_a_computer_stands_with_its_own_classification_and_the_tpp_of_its_circuits():
    computer = {"kind": "computer", "name": "Eight-way server", "tpp": 15832, "circuits": 8, "datacenter": True}
    papers = drawn(**computer, quantity=300, destination="CH")
    values = papers["license_purchase_order"].values
    assert values["eccn"] == asked(**computer, quantity=300, destination="CH")[1].classification
    assert values["eccn"] != "3A090.a"
    assert (values["unit_tpp"], values["total_tpp"]) == (Decimal(126656), Decimal(37996800))


def test_nac_gives_the_data_of_the_notice():
    papers = drawn(basis="enforced", chip="rtx-4090", quantity=10, destination="CN", end_user="Lianhua Games")
    assert set(papers) == {"nac_notice", "purchase_order"}
    notice = papers["nac_notice"]
    assert notice.due == dt.date(2025, 5, 8)
    known = {"tpp": Decimal("5284.8"), "datacenter": False, "memory_bandwidth_gbs": Decimal(1008), "destination": "CN"}
    assert known.items() <= notice.values.items()
    assert {"earlier_approvals", "cluster", "data_sheet"} <= names(notice)
    assert "as_written" not in notice.warnings
    assert "not_primary" not in papers["purchase_order"].warnings


def test_the_list_of_a_later_amendment_is_marked_on_an_earlier_day():
    facts = {"chip": "rtx-4090", "quantity": 10, "destination": "CN"}
    assert "earlier_text" in drawn(on=dt.date(2024, 6, 1), **facts)["nac_notice"].warnings
    assert "earlier_text" not in drawn(on=DAY, **facts)["nac_notice"].warnings


def test_an_application_states_the_tpp_of_one_country():
    papers = drawn(**h100(2000, "CH", circuits=1))
    application = papers["license_purchase_order"]
    assert application.values["total_tpp"] == Decimal(31664000)
    assert application.values["unit_tpp"] == application.values["tpp"] == Decimal(15832)
    assert {"purchase_order", "ordered_quantity"} <= names(application)


def test_what_was_taken_or_assumed_stands_on_no_paper():
    papers = drawn(**h100(2000, "CH"))
    assert {"headquarters", "parent_headquarters"} <= names(papers["license_purchase_order"])
    stated = drawn(**h100(2000, "CH", headquarters="CH", parent_headquarters="CH"))["license_purchase_order"]
    assert stated.values["headquarters"] == "CH"
    assert "headquarters" in papers["license_purchase_order"].assumed


def test_a_figure_that_rests_on_a_guess_is_a_blank():
    item = {"name": "A part", "tpp": 15832, "datacenter": True, "quantity": 10, "destination": "CH"}
    assert "total_tpp" in names(drawn(**item)["lpp_copy"])
    assert drawn(kind="chip", **item)["lpp_copy"].values["total_tpp"] == Decimal(158320)


def test_a_place_stands_as_it_was_stated():
    papers = drawn(basis="enforced", chip="rtx-4090", quantity=10, destination="HK")
    assert papers["nac_notice"].values["destination"] == "HK"


@pytest.mark.parametrize(
    ("way", "more"), [("uveu", {"uveu": True, "headquarters": "DE"}), ("nveu", {"nveu_country": "CH"})]
)
def test_a_validated_end_user_reports_on_days_of_the_year(way, more):
    shares = {"uveu_country_share": "0.01", "uveu_outside_tier_1_share": "0.02", "uveu_outside_us_share": "0.02"}
    facts = h100(3000, "CH", movement="reexport", origin="TW", **more, **shares)
    _, verdict = asked(**facts)
    assert verdict.exception == way.upper()
    papers = drawn(**facts)
    assert "not_primary" in papers["veu_certificate"].warnings
    assert {name: found.due for name, found in papers.items()} == {
        "veu_certificate": None,
        "veu_notice": None,
        "veu_reexport_report": dt.date(2025, 7, 15),
        "veu_end_user_report": dt.date(2025, 7, 15),
        "veu_chip_accounting": dt.date(2025, 8, 1),
    }


@pytest.mark.parametrize(
    ("shipped", "reported", "accounted"),
    [
        ("2025-01-01", "2025-07-15", "2025-02-01"),
        ("2025-06-30", "2025-07-15", "2025-08-01"),
        ("2025-07-01", "2026-01-15", "2025-08-01"),
        ("2025-08-01", "2026-01-15", "2025-08-01"),
        ("2025-12-31", "2026-01-15", "2026-02-01"),
        ("2026-01-01", "2026-07-15", "2026-02-01"),
    ],
)
def test_the_report_is_that_of_the_half_year_of_the_shipment(shipped, reported, accounted):
    day = dt.date.fromisoformat(shipped)
    assert due_day(Due("after", each=("07-15", "01-15"), lag=15), day) == dt.date.fromisoformat(reported)
    assert due_day(Due("after", each=("02-01", "08-01")), day) == dt.date.fromisoformat(accounted)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_a_report_covers_every_day_once(day):
    due = due_day(Due("after", each=("07-15", "01-15"), lag=15), day)
    covered = due - dt.timedelta(days=15)
    assert (covered.month, covered.day) in {(6, 30), (12, 31)}
    assert day <= covered <= day + dt.timedelta(days=184)


def test_more_facts_fill_blanks_and_may_not_contradict():
    facts = h100(100, "CH", exporter="NVIDIA Corporation")
    papers = drawn({"exporter": "NVIDIA Corporation", "exporter_contact": "Trade Desk"}, **facts)
    assert papers["lpp_copy"].values["exporter"] == "NVIDIA Corporation"
    assert papers["lpp_copy"].values["exporter_contact"] == "Trade Desk"
    with pytest.raises(BadInput, match="quantity is stated otherwise"):
        drawn({"quantity": "101"}, **facts)
    with pytest.raises(BadInput, match="exporter is stated otherwise"):
        drawn({"exporter": "Someone Else"}, **facts)
    with pytest.raises(BadInput, match="headquarters is stated otherwise"):
        drawn({"headquarters": "DE"}, **h100(2000, "CH"))
    with pytest.raises(BadInput, match="lpp_used_tpp is stated otherwise"):
        drawn({"lpp_used_tpp": "1"}, **h100(1, "CH", lpp_used_tpp=26900000 - 15832))


def test_a_signature_is_never_filled_in():
    with pytest.raises(BadValue, match="by hand"):
        drawn({"signature": "X"}, **h100(100, "CH"))
    assert "signature" in names(drawn({"signature": " "}, **h100(100, "CH"))["lpp_certificate"])


def test_a_value_that_is_no_text_or_too_long_is_refused():
    with pytest.raises(BadValue, match="signer_name is text"):
        drawn({"signer_name": 7}, **h100(100, "CH"))
    with pytest.raises(BadValue, match="longer than 300"):
        drawn({"signer_name": "x" * 301}, **h100(100, "CH"))
    assert drawn({"signer_name": "x" * 300}, **h100(100, "CH"))["lpp_certificate"].values["signer_name"] == "x" * 300


def test_an_obligation_without_a_paper_or_a_template_is_told():
    law, verdict = asked(**h100(100, "CH"))
    obligation = verdict.obligations[0]
    with pytest.raises(LawError) as error:
        draft(law, verdict, obligation, templates={})
    assert error.value.where.startswith("2025-01-13-ai-diffusion.yaml:")
    before, _ = asked(on=dt.date(2023, 1, 1), **h100(100, "CH"))
    with pytest.raises(BadInput, match="asks for no paper"):
        draft(before, verdict, obligation)
    assert drafts(before, verdict) == ()


@pytest.mark.parametrize("value", ["\u202e", "\x00\x07", "\u2028 \u200b", "\ud800"])
def test_a_text_that_shows_nothing_leaves_its_blank(value):
    found = drawn({"signer_name": value}, **h100(100, "CH", ultimate_consignee=value))["lpp_certificate"]
    assert {"signer_name", "ultimate_consignee"} <= names(found)


@given(st.dictionaries(st.sampled_from(["signer_name", "signer_title", "consignee_address"]), st.text(max_size=300)))
def test_a_value_is_kept_as_text_and_an_empty_one_is_a_blank(more):
    found = drawn(more, **h100(100, "CH"))["lpp_certificate"]
    for name in ("signer_name", "signer_title", "consignee_address"):
        value = more.get(name, "").strip()
        value = value if any(mark.isprintable() and not mark.isspace() for mark in value) else ""
        assert found.values.get(name, "") == value
        assert (name in names(found)) == (not value)
    assert names(found) & set(found.values) == set()
