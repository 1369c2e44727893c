import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.clauses import source
from licet.errors import LawError


def test_scalars_are_text_so_that_norway_stays_a_place():
    read = source.parse("set: x\nmembers: [NO, ON, 1e3, 2025-01-13]\nempty:\n", "a.yaml")
    assert read.value == {"set": "x", "members": ["NO", "ON", "1e3", "2025-01-13"], "empty": None}


def test_every_value_knows_its_line():
    read = source.parse("act: x\namendments:\n  - clause: a\n    when: b\n", "a.yaml")
    assert read.at("amendments[0].when") == "a.yaml:4"
    assert read.at("amendments[0].nothing") == "a.yaml:3"
    assert read.at("elsewhere") == "a.yaml:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "'a' is given twice"),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("- a", "is a mapping"),
        ("a: [", "not YAML"),
        ("", "is a mapping"),
        ("a: " + "[" * 40 + "]" * 40, "nested too deep"),
    ],
)
def test_a_malformed_file_is_one_error_with_its_line(text, message):
    with pytest.raises(LawError, match=message) as caught:
        source.parse(text, "a.yaml")
    assert caught.value.where.startswith("a.yaml")
    assert caught.value.fix


@given(st.text(max_size=200))
def test_junk_is_a_law_error_or_a_mapping(text):
    try:
        read = source.parse(text, "a.yaml")
    except LawError:
        return
    assert isinstance(read.value, dict)


def test_a_large_file_and_one_that_is_not_text_are_refused(tmp_path):
    large, binary = tmp_path / "large.yaml", tmp_path / "binary.yaml"
    large.write_text("a: " + "x" * 1_000_001)
    binary.write_bytes(b"a: \xff\xfe")
    for path, message in ((large, "larger than 1 MB"), (binary, "not UTF-8")):
        with pytest.raises(LawError, match=message):
            source.read(path)
