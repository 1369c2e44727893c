"""The commands `licet chips` and `licet places`, as a user starts them."""

import json
import sys

import pytest

from licet import cli
from licet.catalog import chips, items, places
from licet.cli import catalog


def _licet(monkeypatch, capsys, *arguments):
    """Run the command; return its exit status, its output and its messages."""
    monkeypatch.setattr(sys, "argv", ["licet", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr()
    return ended.value.code, shown.out, shown.err


def test_all_chips(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips")
    assert status == 0
    lines = out.splitlines()
    assert sum(any(f" {identifier} " in line for line in lines) for identifier in chips.chips()) == 126
    (line,) = (line for line in lines if "│ h20 " in line)
    assert "2368" in line
    assert "2.909" in line
    assert "yes" in line


def test_all_chips_as_json(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "--json")
    assert status == 0
    sheets = {sheet["id"]: sheet for sheet in json.loads(out)}
    assert sheets.keys() == items.every().keys()
    assert sheets["h100-sxm"]["tpp"] == 15832
    assert sheets["mi308x"]["tpp"] is None
    assert sheets["mi308x"]["performance_density"] is None
    assert sheets["mi355x"]["tpp_by_format"].keys() == {"int8", "fp8", "fp16", "fp4", "fp6"}
    assert sheets["mi355x"]["tpp_format"] == "fp6"
    assert {sheet["kind"] for sheet in sheets.values()} == {"chip", "computer"}
    assert sheets["dgx-h100"]["chips"] == [{"chip": "h100-sxm", "count": 8}]
    assert [sheets["dgx-h100"][name] for name in ("circuits", "tpp", "unit_tpp")] == [8, 15832, 126656]


def test_one_chip_with_its_sources_and_its_reckoning(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "h100")
    assert status == 0
    assert "taken for" in out
    assert "h100-pcie, h100-nvl" in out
    assert "1979 × 8 (int8) = 15832" in out
    assert "int8 1979 (TPP 15832), fp8 1979 (TPP 15832), fp16 989.5 (TPP 15832)" in out
    assert "15832 / 814 mm² = 19.450" in out
    for source in chips.chips()["h100-sxm"].sources:
        assert source in out


def test_one_chip_as_json(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "昇腾 910B", "--json")
    assert status == 0
    sheet = json.loads(out)
    assert sheet["id"] == "ascend-910b1"
    assert sheet["taken_for"]["family"] == "Ascend 910B"
    assert sheet["taken_for"]["others"] == ["ascend-910b2", "ascend-910b3", "ascend-910b4"]
    assert sheet["tpp"] == 6400


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("identifier", list(items.every()))
def test_every_item_can_be_shown(monkeypatch, capsys, identifier, lang):
    monkeypatch.setattr(catalog, "_PIPE_WIDTH", 400)
    catalog.list_chips(identifier, lang=lang)
    out = capsys.readouterr().out
    assert identifier in out
    assert "None" not in out
    assert ("性能密度" in out) == (lang == "zh")


def test_a_system_shows_what_is_inside_and_its_sum(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "DGX H100")
    assert status == 0
    assert "8 × h100-sxm" in out
    assert "8 × 15832 = 126656" in out
    status, out, _ = _licet(monkeypatch, capsys, "chips", "HGX H100", "--lang", "zh")
    assert "整件TPP" in out
    assert "HGX H100：GPU较多的基板；也可能是hgx-h100-4gpu" in out


def test_the_list_has_chips_and_systems(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "--lang", "zh")
    assert status == 0
    (line,) = (line for line in out.splitlines() if " gb200-nvl72 " in line)
    assert "72 × gb200" in line
    assert "2880000" in line
    assert "是" in line


def test_an_unknown_chip_is_one_message_with_the_fix(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "chips", "h100-smx")
    assert (status, out) == (1, "")
    assert "there is no chip or system called 'h100-smx'" in err
    assert "did you mean h100-sxm" in err


def test_all_places(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "places", "--lang", "zh")
    assert status == 0
    (line,) = (line for line in out.splitlines() if " KY " in line)
    assert "开曼群岛" in line
    assert " GB " in line
    assert len(out.splitlines()) >= 250


def test_one_place(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "places", "Hong Kong")
    assert status == 0
    assert "China (CN)" in out
    assert "85 FR 83788" in out
    assert "香港" in out


def test_a_place_without_a_row(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "places", "AQ")
    assert status == 0
    assert "unknown" in out


def test_places_as_json(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "places", "--json")
    assert status == 0
    assert {sheet["code"] for sheet in json.loads(out)} == places.places().keys()
    status, out, _ = _licet(monkeypatch, capsys, "places", "瑞士", "--json")
    assert status == 0
    sheet = json.loads(out)
    assert sheet["names"] == sheet["display"] == {"en": "Switzerland", "zh": "瑞士"}


def test_places_have_the_names_of_the_operator(monkeypatch, capsys, licet_home):
    (licet_home / "names.yaml").write_text("places: {TW: {zh: 中国台湾, en: 'Taiwan, China'}}", encoding="utf-8")
    status, out, _ = _licet(monkeypatch, capsys, "places", "中国台湾", "--lang", "zh")
    assert status == 0
    assert "中国台湾" in next(line for line in out.splitlines() if "国家或地区" in line)
    assert "TW, TWN" in out
    _, out, _ = _licet(monkeypatch, capsys, "places", "TW", "--json")
    assert json.loads(out)["display"] == {"en": "Taiwan, China", "zh": "中国台湾"}
    assert json.loads(out)["names"] == {"en": "Taiwan", "zh": "台湾"}


def test_a_wrong_file_of_names_is_one_message(monkeypatch, capsys, licet_home):
    (licet_home / "names.yaml").write_text("places:\n  UK: {en: Albion}\n", encoding="utf-8")
    status, out, err = _licet(monkeypatch, capsys, "places")
    assert (status, out) == (1, "")
    assert "names.yaml:2: there is no place of code 'UK'" in err


def test_an_ambiguous_place_is_one_message_with_the_fix(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "places", "Korea", "--json")
    assert (status, out) == (1, "")
    assert "more than one place" in err
    assert "North Korea, South Korea" in err


def test_a_wrong_language_is_one_message_with_the_fix(monkeypatch, capsys):
    for command in ("places", "chips"):
        status, out, err = _licet(monkeypatch, capsys, command, "--lang", "fr")
        assert (status, out) == (1, "")
        assert "no language is called 'fr'" in err


def test_a_wrong_option_is_a_usage_error(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "places", "--tongue", "en")
    assert (status, out) == (2, "")
    assert "--tongue" in err
