"""The catalog against the tables that it was built from, where these lie beside the checkout."""

import csv
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from licet.catalog import chips, items
from licet.catalog.places import place

TOLERANCE = {"tpp": Fraction(3, 1000), "density": Fraction(1, 100)}


def _rows(shared, name):
    with (shared / "chips" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(text):
    return Decimal(text) if re.fullmatch(r"[\d.]+", text) else None


def _bool(text):
    return {"true": True, "false": False, "": None}[text]


def test_every_figure_is_the_tables(shared):
    rows = _rows(shared, "chips.csv")
    assert len(rows) == len(chips.chips())
    for row in rows:
        item = items.item(row["chip_id"])
        assert item.tpp == _number(row["tpp"]), item.id
        assert (item.tpp_format or "") == row["tpp_basis"].split(" ")[0], item.id
        density = item.performance_density
        assert (density is None) == (row["performance_density"] == "")
        if density is not None:
            assert abs(Fraction(row["performance_density"]) - density) <= Fraction(1, 2000), item.id
        for field in ("die_area_mm2", "memory_gb", "memory_bandwidth_gbs", "interconnect_gbs", "tdp_w"):
            assert getattr(item, field) == _number(row[field]), (item.id, field)
        for rate, column in (
            ("int8", "int8_tops"),
            ("fp8", "fp8_tflops"),
            ("fp16", "fp16_tflops"),
            ("fp4", "fp4_tflops"),
        ):
            assert item.rates.get(rate) == _number(row[f"dense_{column}"]), (item.id, rate)
        assert item.non_planar == _bool(row["non_planar"])
        assert item.datacenter == _bool(row["designed_or_marketed_for_datacenter"])
        assert item.designer == row["vendor"]
        assert item.designer_headquarters == place(row["country_of_designer_hq"]).code
        assert (item.released or "") == row["release_date"]
        assert (item.memory_type or "") == row["memory_type"]
        assert item.confidence == row["confidence"]
        assert set(item.sources) == set(row["source_urls"].split(";")), item.id


# Hosts that repost other people's pages under names to which a reader should not be sent.
NOT_CITED = ("ffmzz35", "www27dydycom")


def test_every_published_statement_is_in_the_catalog_with_its_source(shared):
    compared = left_out = 0
    for row in _rows(shared, "stated-tpp.csv"):
        figures = {name: _number(row[column]) for name, column in (("tpp", "stated_tpp"), ("density", "stated_pd"))}
        figures = {name: value for name, value in figures.items() if value is not None}
        if any(host in row["source_url"] for host in NOT_CITED):
            left_out += len(figures)
            continue
        compared += len(figures)
        known = [item for item in items.item(row["chip_id"]).stated if item.source == row["source_url"]]
        for name, value in figures.items():
            assert value in {getattr(item, name) for item in known}, row
    assert (compared, left_out) == (138, 11)


def test_statements_of_a_bound_hold(shared):
    compared = 0
    for row in _rows(shared, "stated-tpp.csv"):
        bound = re.fullmatch(r"([<>])([\d,]+)", row["stated_tpp"])
        tpp = items.item(row["chip_id"]).tpp
        if bound and tpp is not None:
            limit = Decimal(bound[2].replace(",", ""))
            compared += 1
            assert (tpp < limit) if bound[1] == "<" else (tpp > limit), row
    assert compared == 3


@pytest.mark.parametrize("item", chips.chips().values(), ids=lambda item: item.id)
def test_what_others_state_is_ours_or_the_reason_is_given(item):
    for stated in item.stated:
        pairs = (("tpp", stated.tpp, item.tpp), ("density", stated.density, item.performance_density))
        agrees = all(
            ours is not None and abs(Fraction(value) - Fraction(ours)) <= TOLERANCE[name] * Fraction(ours)
            for name, value, ours in pairs
            if value is not None
        )
        assert agrees == (stated.differs is None), stated
        assert (stated.tpp, stated.density) != (None, None)
