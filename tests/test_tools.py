"""The tools that other tests lean on."""

from __future__ import annotations

import pytest

from licet.demo import newsroom
from licet.home import home
from tools import needs
from tools.axe import serious
from tools.chromium import chromium_path

POOR = '<html lang="en"><title>Poor</title><main><h1>Poor</h1><img src="data:,"><input></main></html>'
GOOD = '<html lang="en"><title>Good</title><main><h1>Good</h1><img src="data:," alt="Nothing"></main></html>'


def test_axe_names_the_rule_and_the_place(page):
    shown = page()
    shown.set_content(POOR)
    found = serious(shown)
    assert [line.split(":")[0] for line in found] == ["image-alt", "label"]
    assert "(img)" in found[0]


def test_axe_is_silent_about_a_good_page(page):
    shown = page()
    shown.set_content(GOOD)
    assert serious(shown) == []


def test_the_front_page_of_the_newsroom_is_accessible(page):
    with newsroom() as site:
        shown = page()
        shown.goto(site.address)
        assert serious(shown) == []


def test_a_page_has_the_size_language_and_script_that_were_asked_for(page):
    shown = page(width=390, height=844, language="zh", script=False)
    shown.set_content("<html><script>document.title = 'script ran'</script></html>")
    assert shown.title() == ""
    assert shown.viewport_size == {"width": 390, "height": 844}
    spoken = page(language="zh")
    assert spoken.evaluate("navigator.language") == "zh-CN"


def test_a_named_chromium_is_taken_before_all_others(tmp_path, monkeypatch):
    named = tmp_path / "browser"
    named.touch(mode=0o755)
    monkeypatch.setenv("LICET_CHROMIUM", str(named))
    assert chromium_path() == str(named)
    monkeypatch.setenv("LICET_CHROMIUM", str(tmp_path / "absent"))
    assert chromium_path() is None


def test_playwrights_own_chromium_is_the_last_choice(tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.touch()
    monkeypatch.delenv("LICET_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium_path(str(own)) == str(own)
    assert chromium_path(str(tmp_path / "absent")) is None
    (tmp_path / "chromium").touch(mode=0o755)
    assert chromium_path(str(own)) == str(tmp_path / "chromium")


@pytest.mark.parametrize(("in_ci", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)])
def test_what_is_missing_skips_here_and_fails_in_ci(monkeypatch, in_ci, outcome):
    monkeypatch.setattr(needs, "IN_CI", in_ci)
    with pytest.raises(outcome, match="no such thing"):
        needs.unavailable("no such thing")


def test_a_data_folder_of_ones_own(licet_home):

    assert home() == licet_home
    assert list(licet_home.iterdir()) == []
