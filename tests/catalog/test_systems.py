"""Systems: what is inside them, and the facts that follow."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import statutes
from licet.catalog import chips, systems
from licet.errors import BadFile

ALL = list(systems.systems().values())


def _chip(identifier, tpp=None, area=None):
    """A chip of this TPP and die area; None for what is unknown."""
    return chips.Chip(
        id=identifier, name=identifier, designer="NVIDIA", designer_headquarters="US", confidence="low", sources=("x",),
        rates={} if tpp is None else {"int8": Decimal(tpp) / 8},
        die_area_mm2=None if area is None else Decimal(area),
    )  # fmt: skip


def _system(monkeypatch, *parts):
    """A system of chips and their counts, the chips put into the catalog."""
    known = {chip.id: chip for chip, _ in parts}
    monkeypatch.setattr(systems, "chips", lambda: known)
    inside = tuple(systems.Part(chip.id, count) for chip, count in parts)
    return systems.System(
        id="x", name="X", maker="NVIDIA", form="server", chips=inside, confidence="low", sources=("x",), datacenter=True
    )


def test_what_an_officer_ships_is_there():
    assert {"dgx-h100", "dgx-b300", "hgx-h200-8gpu", "hgx-a100-4gpu", "gb200-nvl72", "gb300-nvl72", "gb200-nvl4"} <= {
        item.id for item in ALL
    }
    assert {"mi300x-platform", "mi355x-platform", "gaudi3-baseboard", "atlas-800t-a2", "atlas-900-a3-superpod"} <= {
        item.id for item in ALL
    }


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_system_has_sources_and_facts_of_what_is_inside(item):
    inside = chips.chips()[item.chips[0].chip].facts()
    facts = item.facts()
    assert all(source.startswith(("https://", "http://")) for source in item.sources)
    assert item.maker in chips.designers()
    assert item.notes == {} or item.notes.keys() == {"en", "zh"}
    assert facts["kind"] == "computer"
    assert facts["name"] == item.name
    assert facts["circuits"] == sum(part.count for part in item.chips)
    shared = ("tpp", "performance_density", "applicable_die_area_mm2", "memory_bandwidth_gbs", "designer_headquarters")
    assert [facts.get(name) for name in shared] == [inside.get(name) for name in shared]
    assert None not in facts.values()


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_the_vocabulary_takes_every_fact(item):
    vocabulary = statutes.load().vocabulary
    for name, value in item.facts().items():
        assert vocabulary.read(name, value) == value


@pytest.mark.parametrize(
    ("name", "circuits", "total"),
    [
        ("dgx-h100", 8, "126656"), ("hgx-h100-4gpu", 4, "63328"), ("dgx-a100-640gb", 8, "39936"),
        ("gb200-nvl72", 72, "2880000"), ("hgx-h20-8gpu", 8, "18944"), ("mi325x-platform", 8, "167353.6"),
        ("atlas-900-a3-superpod", 384, "4915200"), ("cs-3", 1, None),
    ],
)  # fmt: skip
def test_known_aggregates(name, circuits, total):
    item = systems.systems()[name]
    assert (item.circuits, item.unit_tpp) == (circuits, None if total is None else Decimal(total))
    assert ("unit_tpp" in item.facts()) == (total is not None)


def test_facts_are_the_callers_to_change():
    systems.systems()["dgx-h100"].facts()["tpp"] = 0
    assert systems.systems()["dgx-h100"].facts()["tpp"] == 15832


def test_what_is_not_known_of_a_system_is_absent():
    station = systems.systems()["dgx-station-a100"].facts()
    assert "datacenter" not in station
    assert station["circuit_datacenter"] is True
    assert "tpp" not in systems.systems()["cs-3"].facts()


@pytest.mark.parametrize(
    ("stricter", "other"),
    [
        # .a.1 before .a.1 of less TPP, .a.2 (density 5.92) before .b.1 (1.6) of more TPP, .b.1 and .b.2 before nothing
        ((16000, 1000), (4800, 100)),
        ((1776, 300), (4704, 2940)),
        ((2400, 1500), (2340, 780)),
        ((1600, 500), (2399, 1500)),
        # what is not known may meet .a, but counts less than what does
        ((None, None), (2400, 1200)),
        ((2000, None), (4700, 2000)),
        ((4800, None), (None, None)),
        ((4800, None), (4000, None)),
    ],
)
def test_the_most_capable_meets_the_stricter_paragraph(monkeypatch, stricter, other):
    first, second = _chip("first", *stricter), _chip("second", *other)
    assert systems.strictness(first) > systems.strictness(second)
    for parts in (((first, 1), (second, 7)), ((second, 7), (first, 1))):
        mixed = _system(monkeypatch, *parts)
        assert mixed.most_capable.id == "first"
        assert mixed.facts().get("tpp") == first.tpp


def test_a_mixed_system_sums_over_all_its_circuits(monkeypatch):
    mixed = _system(monkeypatch, (_chip("large", 5000, 1250), 2), (_chip("small", 1000, 500), 6))
    assert mixed.facts() == {
        "kind": "computer", "name": "X", "circuits": 8, "unit_tpp": 16000, "datacenter": True, "tpp": 5000,
        "performance_density": Decimal("4.000"), "applicable_die_area_mm2": 1250, "designer": "NVIDIA",
        "designer_headquarters": "US",
    }  # fmt: skip


@given(st.lists(st.tuples(st.none() | st.integers(1, 60_000), st.integers(1, 1000)), min_size=1, max_size=4))
def test_the_sum_is_exact_or_unknown(parts):
    with pytest.MonkeyPatch.context() as patch:
        mixed = _system(patch, *((_chip(f"c{at}", tpp), count) for at, (tpp, count) in enumerate(parts)))
        known = all(tpp is not None for tpp, _ in parts)
        assert mixed.unit_tpp == (sum(tpp * count for tpp, count in parts) if known else None)
        assert mixed.circuits == sum(count for _, count in parts)


def test_families_hold_their_defaults_and_say_why():
    for family in systems.families().values():
        assert family.default is None or family.default in family.members
        assert len(family.members) > 1
        assert family.why.keys() == {"en", "zh"}


def _read(tmp_path, monkeypatch, row, families="{}"):
    path = tmp_path / "systems.yaml"
    path.write_text(f"families: {families}\nsystems: {{x: {{name: X, {row}}}}}\n", encoding="utf-8")
    monkeypatch.setattr(systems, "_FILE", path)
    return systems._read_catalog()


GOOD = "maker: AMD, form: board, confidence: low, sources: [s]"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{GOOD}, chips: [{{chip: h9, count: 8}}]", r"systems\.yaml, system x: there is no chip 'h9'"),
        (f"{GOOD}, chips: [{{chip: h20, count: 0}}]", "system x: .*count"),
        (f"{GOOD}, chips: [{{chip: h20, count: many}}]", "system x: .*count"),
        (f"{GOOD}, chips: []", "system x: .*chips"),
        (f"{GOOD}, chips: [{{chip: h20, count: 1}}, {{chip: h20, count: 2}}]", "a chip stands there twice"),
        ("maker: X, form: board, confidence: low, sources: [s], chips: [{chip: h20, count: 8}]", "no designer 'X'"),
        ("maker: AMD, form: box, confidence: low, sources: [s], chips: [{chip: h20, count: 8}]", "system x: .*box"),
        (f"{GOOD}, chips: [{{chip: h20, count: 8}}], tpp: 1", "system x: .*tpp"),
    ],
)
def test_wrong_data_name_file_and_system(tmp_path, monkeypatch, row, message):
    with pytest.raises(BadFile, match=message):
        _read(tmp_path, monkeypatch, row)


def test_a_family_of_an_unknown_system_is_refused(tmp_path, monkeypatch):
    row = f"{GOOD}, chips: [{{chip: h20, count: 8}}]"
    with pytest.raises(BadFile, match="family F: there is no system 'y'"):
        _read(tmp_path, monkeypatch, row, "{F: {why: {en: w, zh: w}, members: [x, y]}}")
