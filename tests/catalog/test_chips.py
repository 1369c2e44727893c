"""Chips: figures, names, facts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.catalog import chips
from licet.catalog.places import places
from licet.errors import BadFile

ALL = list(chips.chips().values())


def test_every_chip_of_the_contract_is_there():
    assert len(ALL) == 126
    assert {"h100-sxm", "a100-80gb-sxm", "h20", "rtx-4090", "mi300x", "ascend-910b1", "br106"} <= chips.chips().keys()
    assert sum(item.tpp is not None for item in ALL) == 114
    assert sum(item.performance_density is not None for item in ALL) == 68


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_tpp_is_the_most_over_all_formats(item):
    products = {name: rate * chips.BIT_LENGTHS[name] for name, rate in item.rates.items()}
    assert item.tpp == (max(products.values()) if products else None)
    assert item.tpp_format is None or products[item.tpp_format] == item.tpp
    assert item.products == products
    assert item.unit_tpp == item.tpp


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(chips.BIT_LENGTHS)),
        st.decimals(min_value="0.001", max_value=100_000, places=3),
        min_size=1,
    ),
    st.decimals(min_value="0.01", max_value=50_000, places=2),
)
def test_tpp_and_density_are_exact(rates, area):
    item = chips.Chip(
        id="x", name="x", designer="x", designer_headquarters="US", confidence="low", sources=("x",),
        rates=rates, die_area_mm2=area,
    )  # fmt: skip
    assert Fraction(item.tpp) == max(Fraction(rate) * chips.BIT_LENGTHS[name] for name, rate in rates.items())
    assert item.performance_density * Fraction(area) == Fraction(item.tpp)
    assert abs(Fraction(chips.thousandths(item.performance_density)) - item.performance_density) <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("name", "tpp", "setting"),
    [
        ("h100-sxm", "15832", "int8"), ("a100-80gb-sxm", "4992", "int8"), ("a40", "2395.2", "fp16"),
        ("mi350x", "55365.0", "fp6"), ("maia-100", "18000", "mx6"), ("trainium1", "3610", "tf32"),
        ("gaudi3", "29360", "fp16"), ("rtx-4090d", "4706.56", "fp16"), ("b200", "36000", "fp4"),
        ("h20", "2368", "int8"), ("mi325x", "20919.2", "int8"), ("s4000", "1600", "int8"),
    ],
)  # fmt: skip
def test_known_tpp(name, tpp, setting):
    assert chips.chips()[name].tpp == Decimal(tpp)
    assert chips.chips()[name].tpp_format == setting


@pytest.mark.parametrize("item", [item for item in ALL if item.performance_density], ids=lambda item: item.id)
def test_rounding_the_density_crosses_no_threshold(item):
    exact = item.performance_density
    rounded = Fraction(chips.thousandths(exact))
    assert [exact >= Fraction(t) for t in ("1.6", "3.2", "5.92")] == [
        rounded >= Fraction(t) for t in ("1.6", "3.2", "5.92")
    ]


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_facts_hold_what_is_known_and_nothing_else(item):
    facts = item.facts()
    assert facts["kind"] == "chip"
    assert None not in facts.values()
    assert not any(isinstance(value, float) for value in facts.values())
    assert facts.get("tpp") == item.tpp
    assert ("performance_density" in facts) == (item.tpp is not None and item.die_area_mm2 is not None)
    assert facts["designer_headquarters"] in places()


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_text_is_in_both_languages(item):
    texts = [item.notes, *(stated.differs for stated in item.stated)]
    for text in texts:
        if text:
            assert text.keys() == {"en", "zh"}
            assert any("一" <= character <= "鿿" for character in text["zh"])


def test_facts_are_the_callers_to_change():
    chips.chips()["h20"].facts()["tpp"] = 0
    assert chips.chips()["h20"].facts()["tpp"] == 2368


def test_sram_is_not_dram():
    sram = [item for item in ALL if item.memory_type == "SRAM"]
    assert len(sram) == 7
    assert all("memory_bandwidth_gbs" not in item.facts() for item in sram)
    assert chips.chips()["wse3"].memory_bandwidth_gbs == 21_000_000
    assert chips.chips()["h20"].facts()["memory_bandwidth_gbs"] == 4000


def test_bandwidth_of_unknown_memory_is_no_fact():
    kunlun = chips.chips()["k200"]
    assert kunlun.memory_bandwidth_gbs == 512
    assert "memory_bandwidth_gbs" not in kunlun.facts()


def test_unknown_is_absent():
    assert chips.chips()["mi308x"].tpp is None
    assert "tpp" not in chips.chips()["mi308x"].facts()
    assert chips.chips()["n150"].datacenter is None
    assert chips.chips()["n150"].facts().keys().isdisjoint({"datacenter", "non_planar"})


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_chip_has_sources_that_are_addresses(item):
    assert item.sources
    for source in (*item.sources, *(stated.source for stated in item.stated)):
        assert source.startswith(("https://", "http://"))


def test_every_family_is_of_one_designer_and_holds_its_default():
    for name, family in chips.families().items():
        assert len({chips.chips()[member].designer for member in family.members}) == 1, name
        assert family.default is None or family.default in family.members
        assert len(family.members) > 1
        assert family.why.keys() == {"en", "zh"}


HEAD = """
sources: {s: {title: t, url: "https://example.org/"}}
designers: {D: {headquarters: NO, names: [D]}}
families: {}
"""


def _read(tmp_path, monkeypatch, text):
    path = tmp_path / "chips.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(chips, "_FILE", path)
    return chips._catalog.__wrapped__()


def test_text_stays_text_and_numbers_stay_exact(tmp_path, monkeypatch):
    row = "chips: {x: {name: NO, designer: D, confidence: low, sources: [s], rates: {fp16: 294.16}, datacenter: false}}"
    item = _read(tmp_path, monkeypatch, HEAD + row).chips["x"]
    assert (item.name, item.designer_headquarters, item.datacenter) == ("NO", "NO", False)
    assert item.tpp == Decimal("4706.56")
    assert item.sources == ("https://example.org/",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("designer: D, confidence: sure, sources: [s]", r"chips\.yaml, chip x: .*sure"),
        ("designer: E, confidence: low, sources: [s]", "chip x: there is no designer 'E'"),
        ("designer: D, confidence: low, sources: []", "chip x: .*sources"),
        ("designer: D, confidence: low, sources: [s], rates: {fp16: fast}", "chip x: .*rates"),
        ("designer: D, confidence: low, sources: [s], rates: {fp12: 1}", "chip x: .*fp12"),
        ("designer: D, confidence: low, sources: [s], rates: {fp16: 0}", "chip x: fp16 is 0"),
        ("designer: D, confidence: low, sources: [s], memory_gb: 0", "chip x: memory_gb is 0"),
        ("designer: D, confidence: low, sources: [s], memory: 80", "chip x: .*memory"),
        ("designer: D, confidence: low, sources: [s], released: soon", "chip x: .*released"),
    ],
)
def test_wrong_data_name_file_and_chip(tmp_path, monkeypatch, row, message):
    with pytest.raises(BadFile, match=message):
        _read(tmp_path, monkeypatch, f"{HEAD}chips: {{x: {{name: X, {row}}}}}")


def test_a_family_of_an_unknown_chip_is_refused(tmp_path, monkeypatch):
    text = HEAD.replace("families: {}", "families: {F: {why: {en: w, zh: w}, members: [y]}}") + "chips: {}"
    with pytest.raises(BadFile, match="family F: there is no chip 'y'"):
        _read(tmp_path, monkeypatch, text)
