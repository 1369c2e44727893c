"""Chips: figures, names, facts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licet.catalog import chips
from licet.catalog.names import key
from licet.catalog.places import places
from licet.errors import BadFile, UnknownName

ALL = list(chips.chips().values())
OWN_NAMES = [(name, item.id) for item in ALL for name in chips._own_names(item)]
AMBIGUOUS = {"rtxpro6000", "rtxpro6000blackwell", "gaudi", "habanagaudi", "tpuv5"}
TOLERANCE = Fraction(3, 1000)


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


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_tpp_is_what_others_state_or_the_reason_is_given(item):
    for stated in item.stated:
        agrees = item.tpp is not None and abs(Fraction(stated.tpp) - Fraction(item.tpp)) <= TOLERANCE * Fraction(
            item.tpp
        )
        assert agrees == (stated.differs is None), stated


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


def test_facts_are_the_callers_to_change():
    chips.chip("h20").facts()["tpp"] = 0
    assert chips.chip("h20").facts()["tpp"] == 2368


def test_sram_is_not_dram():
    sram = [item for item in ALL if item.memory_type == "SRAM"]
    assert len(sram) == 7
    assert all("memory_bandwidth_gbs" not in item.facts() for item in sram)
    assert chips.chip("wse3").memory_bandwidth_gbs == 21_000_000
    assert chips.chip("h20").facts()["memory_bandwidth_gbs"] == 4000


def test_bandwidth_of_unknown_memory_is_no_fact():
    kunlun = chips.chip("k200")
    assert kunlun.memory_bandwidth_gbs == 512
    assert "memory_bandwidth_gbs" not in kunlun.facts()


def test_unknown_is_absent():
    assert chips.chip("MI308X").tpp is None
    assert "tpp" not in chips.chip("MI308X").facts()
    assert chips.chip("n150").datacenter is None
    assert chips.chip("n150").facts().keys().isdisjoint({"datacenter", "non_planar"})


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_chip_has_sources_that_are_addresses(item):
    assert item.sources
    for source in (*item.sources, *(stated.source for stated in item.stated)):
        assert source.startswith(("https://", "http://"))


@settings(deadline=None)
@given(st.sampled_from(OWN_NAMES), st.sampled_from([str, str.upper, str.lower, lambda name: name.replace(" ", "-")]))
def test_every_name_finds_its_chip(named, written):
    name, identifier = named
    found = chips.look_up(written(name))
    assert found.chip.id == identifier
    assert found.family is None


@settings(deadline=None)
@given(st.sampled_from(ALL), st.data())
def test_a_chip_is_found_after_its_designer(item, data):
    designer = data.draw(st.sampled_from(chips.designers()[item.designer].names))
    name = data.draw(st.sampled_from((*item.mentions, *item.with_designer, item.id)))
    space = data.draw(st.sampled_from(["", " "]))
    assert chips.chip(designer + space + name) == item


def test_only_what_is_meant_to_be_is_ambiguous():
    assert chips._index().ambiguous().keys() == AMBIGUOUS


@pytest.mark.parametrize("name", ["RTX PRO 6000", "NVIDIA RTX PRO 6000", "Gaudi", "TPU v5"])
def test_a_family_without_a_default_asks_which(name):
    with pytest.raises(UnknownName, match="more than one chip") as caught:
        chips.chip(name)
    assert name in caught.value.message
    assert all(near in chips.chips() for near in caught.value.near)
    assert len(caught.value.near) == 2


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("H100", "h100-sxm"), ("英伟达H100", "h100-sxm"), ("輝達 H100", "h100-sxm"), ("A100", "a100-80gb-sxm"),
        ("h200", "h200-sxm"), ("昇腾910B", "ascend-910b1"), ("昇騰 910B", "ascend-910b1"), ("思元370", "mlu370-x8"),
    ],
)  # fmt: skip
def test_a_family_name_is_taken_for_its_default_and_says_so(name, identifier):
    found = chips.look_up(name)
    assert found.chip.id == identifier
    assert found.family in chips.families()
    assert found.why
    assert identifier not in found.others
    assert set(found.others) | {identifier} == set(chips.families()[found.family].members)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("昇腾 910C", "ascend-910c"), ("RTX 4090D", "rtx-4090d"), ("思元590", "mlu590"), ("寒武纪思元590", "mlu590"),
        ("壁仞BR100", "br100"), ("摩尔线程S4000", "s4000"), ("海光深算三号", "bw1000"), ("天数智芯天垓100", "bi-v100"),
        ("昆仑芯P800", "p800"), ("Tesla V100", "v100-sxm2-32gb"), ("Tesla D1", "d1"), ("RTX 4090", "rtx-4090"),
        ("nvidia-h100-sxm", "h100-sxm"), ("NVIDIA H100 SXM5 80GB", "h100-sxm"), ("L4", "l4"),
    ],
)  # fmt: skip
def test_names_that_people_use(name, identifier):
    found = chips.look_up(name)
    assert (found.chip.id, found.family) == (identifier, None)


@pytest.mark.parametrize("name", ["寒武纪", "昆仑芯", "NVIDIA", "英伟达", "Moore Threads"])
def test_a_designer_is_not_a_chip(name):
    with pytest.raises(UnknownName, match="designs chips") as caught:
        chips.chip(name)
    assert 1 <= len(caught.value.near) <= 5


def test_another_designers_name_does_not_fit():
    with pytest.raises(UnknownName):
        chips.chip("AMD H100")


def test_a_slip_of_the_pen_offers_what_was_meant():
    with pytest.raises(UnknownName) as caught:
        chips.chip("h100-smx")
    assert "h100-sxm" in caught.value.near


@settings(deadline=None)
@given(st.text())
@example("")
@example("NVIDIA ")
@example("the")
def test_any_text_is_a_chip_or_an_unknown_name(text):
    refused = None
    try:
        found = chips.look_up(text)
    except UnknownName as error:
        refused = error
    if refused:
        assert len(refused.near) <= 5
        assert refused.fix
    else:
        assert found.chip.id in chips.chips()


def test_mentions_lead_to_the_chip_that_the_name_finds():
    mentions = chips.mention_names()
    for name, identifier in mentions.items():
        assert chips.chip(name).id == identifier
    expected = {
        "H100": "h100-sxm", "英伟达H100": "h100-sxm", "英伟达 H100": "h100-sxm", "NVIDIA H100": "h100-sxm",
        "RTX 4090": "rtx-4090", "RTX4090": "rtx-4090", "昇腾910B": "ascend-910b1", "昇腾 910B": "ascend-910b1",
        "NVIDIA L4": "l4", "英伟达L4": "l4", "含光800": "hanguang-800",
    }  # fmt: skip
    assert {name: mentions.get(name) for name in expected} == expected


def test_mentions_leave_out_what_is_something_else_in_running_text():
    left_out = ("L4", "L2", "A10", "A2", "T4", "T20", "S60", "D1", "Bow", "Dojo", "Rubin", "4090", "寒武纪", "NVIDIA")
    assert [name for name in left_out if name in chips.mention_names()] == []


def test_every_family_is_of_one_designer_and_holds_its_default():
    for name, family in chips.families().items():
        assert len({chips.chips()[member].designer for member in family.members}) == 1, name
        assert family.default is None or family.default in family.members
        assert len(family.members) > 1


def test_a_family_name_is_no_chips_own():
    own = {key(name) for name, _ in OWN_NAMES}
    assert own.isdisjoint(chips._family_keys())


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
    text = HEAD.replace("families: {}", "families: {F: {why: w, members: [y]}}") + "chips: {}"
    with pytest.raises(BadFile, match="family F: there is no chip 'y'"):
        _read(tmp_path, monkeypatch, text)
