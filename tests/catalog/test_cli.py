"""The commands `licet chips` and `licet places`, as a user starts them."""

import json
import sys

import pytest

from licet import cli
from licet.catalog import chips, places
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
    (line,) = (line for line in lines if " h20 " in line)
    assert "2368" in line
    assert "2.909" in line
    assert "yes" in line


def test_all_chips_as_json(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "--json")
    assert status == 0
    sheets = {sheet["id"]: sheet for sheet in json.loads(out)}
    assert sheets.keys() == chips.chips().keys()
    assert sheets["h100-sxm"]["tpp"] == 15832
    assert sheets["mi308x"]["tpp"] is None
    assert sheets["mi308x"]["performance_density"] is None


def test_one_chip_with_its_sources_and_its_reckoning(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "h100")
    assert status == 0
    assert "taken for" in out
    assert "h100-pcie, h100-nvl" in out
    assert "1979 × 8 (int8) = 15832" in out
    assert "15832 / 814 mm² = 19.450" in out
    for source in chips.chip("h100-sxm").sources:
        assert source in out


def test_one_chip_as_json(monkeypatch, capsys):
    status, out, _ = _licet(monkeypatch, capsys, "chips", "昇腾 910B", "--json")
    assert status == 0
    sheet = json.loads(out)
    assert sheet["id"] == "ascend-910b1"
    assert sheet["taken_for"]["family"] == "Ascend 910B"
    assert sheet["taken_for"]["others"] == ["ascend-910b2", "ascend-910b3", "ascend-910b4"]
    assert sheet["tpp"] == 6400


@pytest.mark.parametrize("identifier", list(chips.chips()))
def test_every_chip_can_be_shown(monkeypatch, capsys, identifier):
    monkeypatch.setattr(catalog, "_PIPE_WIDTH", 400)
    catalog.list_chips(identifier)
    out = capsys.readouterr().out
    assert identifier in out
    assert "None" not in out


def test_an_unknown_chip_is_one_message_with_the_fix(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "chips", "h100-smx")
    assert (status, out) == (1, "")
    assert "there is no chip called 'h100-smx'" in err
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
    assert json.loads(out)["names"] == {"en": "Switzerland", "zh": "瑞士"}


def test_an_ambiguous_place_is_one_message_with_the_fix(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "places", "Korea", "--json")
    assert (status, out) == (1, "")
    assert "more than one place" in err
    assert "North Korea, South Korea" in err


def test_a_wrong_option_is_a_usage_error(monkeypatch, capsys):
    status, out, err = _licet(monkeypatch, capsys, "places", "--lang", "fr")
    assert (status, out) == (2, "")
    assert "--lang" in err
