"""Law files that nobody would write in good faith: a finding, never another error."""

import string
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.clauses import parse
from licet.errors import LawError
from licet.statutes.check import check, check_files
from licet.statutes.check.reading import PRIVATE
from tools import strategies

HEAD = """act: one
citation: c
issuer: i
kind: rule
titles: {en: t, zh: t}
dates: {released: 2025-01-01}
checked_through: 2026-01-01
sources: [{url: 'https://example.org', seen: primary}]
"""
KEYS = "cite: c, seen: primary, title: {en: t, zh: t}"
LINE = "TRUE tpp destination s a AND OR NOT IN ( ) = > 1 1e9 'CH' -- IS NULL DATE '2025-01-01' BETWEEN CASE"
WORDS = [*LINE.split(), "SELECT", "*", ",", "/*", "NaN", "-", "[", "::", ";"]


def found(text, path="test-law/one.yaml", vocabulary=strategies.TEXT):
    return check_files({"vocabulary.yaml": vocabulary, path: text}).findings


@given(st.text(max_size=300))
def test_any_text_is_a_finding(text):
    assert found(text)


@given(st.recursive(st.text(max_size=20), lambda inner: st.lists(inner, max_size=4).map(str), max_leaves=10))
def test_anything_under_a_key_is_read_or_told(text):
    for key in ("amendments", "readings", "consultation", "dates", "summary"):
        for finding in found(f"{HEAD}{key}: {text}\n"):
            assert finding.fix


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_condition_is_read_or_told(condition):
    vocabulary, names = strategies.vocabulary(), strategies.NAMES
    for read in (parse.condition, parse.term):
        with suppress(LawError):
            read(condition, vocabulary, names, "a.yaml:1")


@given(st.text(alphabet=string.printable, max_size=60))
def test_any_condition_in_an_act_is_read_or_told(condition):
    quoted = condition.replace("'", "''").replace("\r", " ").replace("\x0b", " ").replace("\x0c", " ")
    text = f"{HEAD}amendments:\n  - {{clause: a, kind: requirement, review: not_stated, {KEYS}, when: '{quoted}'}}\n"
    for finding in found(text):
        assert finding.where.startswith("one.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "[" * 50_000,
        "a: " + "{b: " * 5_000,
        HEAD + "amendments:\n" + "  - {settles: r, choice: c, cite: c, seen: primary}\n" * 3_000,
        HEAD + f"amendments:\n  - {{clause: a, kind: requirement, {KEYS}, when: '{'(' * 3_000}'}}\n",
        HEAD + f"amendments:\n  - {{clause: a, kind: requirement, {KEYS}, when: '{'NOT ' * 900}TRUE'}}\n",
        HEAD + f"amendments:\n  - {{clause: a, kind: requirement, {KEYS}, when: '{'tpp > 1 OR ' * 3_000}TRUE'}}\n",
        HEAD + "x" * 200_000 + ": y\n",
        HEAD + f"amendments:\n  - {{table: t, cite: c, seen: primary, unit: x, rows: [{{value: {'9' * 9_000}}}]}}\n",
        HEAD
        + "amendments:\n  - {table: t, cite: c, seen: primary, unit: x, rows: [{value: NaN}, {value: 1e999999}]}\n",
        HEAD + f"amendments:\n  - {{clause: a, kind: duty, yields: 5, band: {'9' * 5_000}, {KEYS}, when: 'TRUE'}}\n",
        "? [a, b]\n: c\n",
        "\x00",
        "%YAML 9.9\n---\na: b\n",
        "a: !!python/object/apply:os.system [ls]\n",
    ],
    ids=lambda text: text[-40:].strip()[:30],
)
def test_a_hostile_file_is_a_finding(text):
    findings = found(text)
    assert findings
    assert all(finding.fix and finding.where.startswith("one.yaml") for finding in findings)
    assert len(findings) < 4_000


@given(st.text(max_size=200))
def test_any_text_for_a_vocabulary_is_a_finding(text):
    assert found(HEAD, vocabulary=text)


def test_files_that_are_no_text_or_too_large_are_findings(tmp_path):
    (tmp_path / "test-law").mkdir()
    (tmp_path / "vocabulary.yaml").write_text(strategies.TEXT, encoding="utf-8")
    (tmp_path / "test-law" / "binary.yaml").write_bytes(b"a: \xff\xfe")
    (tmp_path / "test-law" / "large.yaml").write_text("a: " + "x" * 1_000_001, encoding="utf-8")
    (tmp_path / "test-law" / "folder.yaml").mkdir()
    (tmp_path / "test-law" / "sound.yaml").write_text(HEAD, encoding="utf-8")
    report = check(tmp_path)
    assert {finding.where for finding in report.findings} == {"binary.yaml", "large.yaml", "folder.yaml"}
    assert report.broken == ["test-law"]


def test_a_private_act_is_checked_with_the_rest():
    findings = found(f"{HEAD}amendments:\n  - {{repeal: a}}\n", path=f"{PRIVATE}test-law/one.yaml")
    assert [finding.where for finding in findings] == ["one.yaml:10"]
    assert "a is not in force" in findings[0].what


def test_a_folder_without_a_vocabulary_says_so(tmp_path):
    assert [finding.what for finding in check(tmp_path).findings] == ["there is no vocabulary"]
