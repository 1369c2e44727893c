"""The catalog against the tables that it was built from, where these lie beside the checkout."""

import csv
import re
from decimal import Decimal
from fractions import Fraction

from licet.catalog import chips
from licet.catalog.places import place

TOLERANCE = {"stated_tpp": Fraction(3, 1000), "stated_pd": Fraction(1, 100)}
#: Published statements that differ from what we compute, by chip and value, with the reason.
EXPLAINED = {
    ("gb300", "61120"): "does not follow from the source's own columns",
    ("mi325x", "20800"): "1,300 TFLOPS or 2,600 TOPS, rounded",
    ("mi350x", "37440"): "2.34 PFLOPS at 16 bits; no FP6",
    ("mi350x", "36910"): "no FP6",
    ("mi350x", "36.29"): "no FP6, and the die area of another generation; ours is unknown",
    ("mi355x", "37440"): "the value of the MI350X",
    ("mi355x", "40265"): "no FP6",
    ("mi355x", "38400"): "no FP6",
    ("mi355x", "39.59"): "no FP6, and the die area of another generation; ours is unknown",
    ("gaudi2", "7200"): "450 TFLOPS of BF16 from advertising",
    ("gaudi3", "26848"): "a later BF16 figure, 1,678",
    ("gaudi3", "30000"): "rounded on a chart",
    ("max-1550", "1677.76"): "FP32 vector rate; no matrix engines",
    ("trainium2", "10672"): "BF16; no TF32",
    ("maia-100", "12800"): "BF16; no 6-bit mode",
    ("mtia-300", "2832"): "the value of the MTIA 200",
    ("bi-v100", "2048"): "128 and 256 instead of 147 and 295",
    ("rubin", "86.0"): "assumes a die area that is unpublished",
    ("b30a", "28000"): "half of the HGX B300",
    ("b30a", "34.4"): "half of the HGX B300",
    ("mi308x", "2368"): "a placeholder that its author took from the H20",
    ("mi308x", "2.91"): "a placeholder that its author took from the H20",
    ("mi250x", "3.88"): "an estimated die area, 790 mm2 a die",
    ("mi210", "3.67"): "an estimated die area, 790 mm2",
    ("rtx-4090", "10570"): "doubles a rate that counts two operations already",
    ("rtx-4090", "2642.56"): "FP32 vector rate; no tensor cores",
    ("rtx-4090", "4.34"): "FP32 vector rate; no tensor cores",
    ("b300", "60000"): "the rate of the GB300",
    ("ppu", "12800"): "the chart does not name the model; no rate is published",
}


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
        item = chips.chip(row["chip_id"])
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


def test_published_statements_agree_or_are_explained(shared):
    differing, compared = set(), 0
    for row in _rows(shared, "stated-tpp.csv"):
        item = chips.chip(row["chip_id"])
        for column, ours in (("stated_tpp", item.tpp), ("stated_pd", item.performance_density)):
            stated = _number(row[column])
            if stated is None:
                continue
            compared += 1
            if ours is None or abs(Fraction(stated) - Fraction(ours)) > TOLERANCE[column] * Fraction(ours):
                differing.add((item.id, row[column]))
    assert compared == 149
    assert differing == EXPLAINED.keys()
