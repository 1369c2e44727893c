"""The operator's display names of places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.catalog import own_names
from licet.catalog.places import display_name, place, places
from licet.errors import BadFile, UnknownName


def _read(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / own_names.FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return own_names.read_own_names(folder)


def test_without_a_file_there_are_no_names(tmp_path):
    assert own_names.read_own_names(tmp_path) is own_names.NONE
    assert own_names.read_own_names(tmp_path / "nowhere") is own_names.NONE
    assert own_names.NONE.of("zh") == {}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "places: {}\n"])
def test_a_file_of_nothing_changes_nothing(tmp_path, text):
    assert dict(_read(tmp_path, text).of("en")) == {}


def test_names_are_shown_and_found_and_codes_stay(tmp_path):
    own = _read(tmp_path, "places:\n  TW: {zh: 中国台湾, en: 'Taiwan, China'}\n  NO: {en: Kingdom of Norway}\n")
    assert display_name("TW", "zh", own.of("zh")) == "中国台湾"
    assert display_name("TW", "en", own.of("en")) == "Taiwan, China"
    assert display_name("NO", "zh", own.of("zh")) == "挪威"
    assert place("Kingdom of Norway", own).code == "NO"
    assert place("Norway", own).code == place("挪威", own).code == "NO"
    with pytest.raises(UnknownName):
        place("Kingdom of Norway")


def test_a_file_that_changed_is_read_again(tmp_path):
    assert _read(tmp_path, "places: {CH: {en: Helvetia}}").of("en")["CH"] == "Helvetia"
    assert _read(tmp_path, "places: {CH: {en: Confoederatio}}").of("en")["CH"] == "Confoederatio"


def test_the_data_folder_is_that_of_the_environment(licet_home):
    (licet_home / own_names.FILE).write_text("places: {CH: {zh: 瑞士联邦}}", encoding="utf-8")
    assert own_names.here().of("zh") == {"CH": "瑞士联邦"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- TW", 1, "keys and values"),
        ("places:\n  - TW", 2, "keys and values"),
        ("places:\n  TW: 台湾", 2, "keys and values"),
        ("names: {}", 1, "nothing is called 'names'"),
        ("places:\n  CH: {en: A}\n  UK: {en: B}", 3, "no place of code 'UK'"),
        ("places:\n  tw: {en: A}", 2, "no place of code 'tw'"),
        ("places:\n  TW:\n    fr: Taïwan", 3, "no language is called 'fr'"),
        ("places:\n  TW: {en: A}\n  TW: {en: B}", 3, "given twice"),
        ("places:\n  TW: {en: A, en: B}", 2, "given twice"),
        ("places:\n  TW: {en: ''}", 2, "cannot be shown"),
        ("places:\n  TW: {en: [A]}", 2, "nested too deep|a name belongs here"),
        ('places:\n  TW: {en: "a\\nb"}', 2, "cannot be shown"),
        ('places:\n  TW: {en: "a\\u202eb"}', 2, "cannot be shown"),
        (f"places:\n  TW: {{en: {'x' * 81}}}", 2, "cannot be shown"),
        ("places:\n  TW: {zh: 中国}", 2, "'中国' is a name of CN already"),
        ("places:\n  TW: {en: CH}", 2, "'CH' is a name of CH already"),
        ("places:\n  TW: {en: Korea}", 2, "'Korea' is a name of KP already"),
        ("places:\n  CH: {en: Same}\n  TW: {en: Same}", 3, "'Same' is a name of CH already"),
        ("places:\n  CH: &a {en: A}\n  TW: *a", 3, "alias"),
        ("places:\n  TW: {en: [[[[x]]]]}", 2, "nested too deep"),
        ("places:\n\tTW: {}", 2, "not YAML"),
        ("places: {TW: {en: A}", 2, "not YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, line, message):
    with pytest.raises(BadFile, match=message) as caught:
        _read(tmp_path, text)
    assert f"names.yaml:{line}: " in caught.value.message
    assert caught.value.fix


@pytest.mark.parametrize("text", [b"places: {TW: {en: \xff}}", b"\x00", b"[" * 100_000, b"x" * 200_001, b"{" * 9000])
def test_junk_is_one_error(tmp_path, text):
    with pytest.raises(BadFile, match=r"names\.yaml") as caught:
        _read(tmp_path, text)
    assert caught.value.fix


def test_a_folder_of_that_name_is_one_error(tmp_path):
    (tmp_path / own_names.FILE).mkdir()
    with pytest.raises(BadFile, match="cannot be read"):
        own_names.read_own_names(tmp_path)


@given(st.text(max_size=60))
def test_any_text_is_names_or_one_error(tmp_path_factory, text):
    refused = None
    try:
        own = _read(tmp_path_factory.getbasetemp() / "any", text.encode("utf-8", "replace"))
    except BadFile as error:
        refused = error
    assert (refused is not None and refused.fix) or own.of("en").keys() <= places().keys()
