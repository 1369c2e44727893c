import json
import shutil

import pytest
from typer.testing import CliRunner

from licet import cli, statutes
from licet.cli import law as group
from licet.cli import law_check
from licet.errors import BadInput, UnknownName
from licet.home import law_folder

DIFFUSION = "us-ear-2025-01-13-ai-diffusion"


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.delenv("LICET_LANG", raising=False)


def run(*arguments):
    return CliRunner().invoke(cli.app, ["law", *arguments], catch_exceptions=False)


def data(*arguments):
    result = run("show", *arguments, "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_the_law_on_a_date_lists_its_clauses_and_acts():
    found = data("--on", "2025-06-02", "--basis", "written")
    ids = [clause["clause"] for clause in found["clauses"]]
    assert "requirement_3a090_a_worldwide" in ids
    assert DIFFUSION in found["acts"]
    assert (found["on"], found["basis"]) == ("2025-06-02", "written")
    assert (
        found["digest"]
        == statutes.load(law_folder()).law(statutes.Query(on=group.day("2025-06-02"), basis="written")).digest
    )


def test_the_law_is_shown_as_a_table_with_its_masks():
    told = run("show", "--on", "2025-06-02").stdout
    assert "requirement_3a090_a_worldwide †" in told
    assert "† printed, but masked" in told
    assert "†" not in run("show", "--on", "2025-06-02", "--basis", "written").stdout


def test_a_clause_is_shown_with_its_condition_and_its_masks():
    told = run("show", "lpp", "--on", "2025-06-02").stdout
    assert "15 CFR 740.29" in told
    assert "26900000" in told
    assert "not enforced where TRUE" in told
    found = data("lpp", "--on", "2025-06-02")
    assert (found["clause"], found["kind"], found["yields"], found["seen"]) == ("lpp", "exception", "LPP", "primary")
    assert found["masked"][0]["act"] == "us-ear-2025-05-13-not-enforced"
    assert data("lpp", "--on", "2025-06-02", "--basis", "written")["masked"] == []


def test_an_act_is_shown_with_its_dates_sources_and_amendments():
    told = run("show", DIFFUSION, "--lang", "zh").stdout
    assert "人工智能扩散框架" in told
    assert "compliance 2025-05-15" in told
    assert "federalregister.gov" in told
    assert "clause tier_3\n" in told
    assert "replace review_a_d5\n" in told
    assert "table national_allocation\n" in told
    assert "None" not in told
    assert data(DIFFUSION)["citation"] == "90 FR 4544"


@pytest.mark.parametrize(
    ("on", "told", "state"),
    [
        ("2025-01-14", "not yet open on 2025-01-14", "not_yet_open"),
        ("2025-01-15", "open on 2025-01-15", "open"),
        ("2025-05-15", "open on 2025-05-15", "open"),
        ("2025-05-16", "closed on 2025-05-16", "closed"),
    ],
)
def test_an_act_says_whether_comments_are_taken_on_the_day(on, told, state):
    assert f"comments from 2025-01-15 to 2025-05-15: {told}\n" in run("show", DIFFUSION, "--on", on).stdout
    assert data(DIFFUSION, "--on", on)["consultation_state"] == state


def test_an_act_without_a_consultation_has_no_state():
    assert "comments from" not in run("show", "us-ear-2026-01-15-china-case-by-case").stdout
    assert data("us-ear-2026-01-15-china-case-by-case")["consultation_state"] is None


def test_an_act_is_shown_with_who_said_what_of_it():
    told = run("show", "microsoft-2025-02-27").stdout
    assert "2025-02-27 Brad Smith, vice chair and president of Microsoft [for]" in told
    assert "[against]" in told
    assert "[赞成]" in run("show", "microsoft-2025-02-27", "--lang", "zh").stdout
    assert [voice["position"] for voice in data("microsoft-2025-02-27")["said"]] == ["for", "for", "against"]


def test_an_unknown_clause_names_near_ones():
    with pytest.raises(UnknownName) as caught:
        run("show", "3a090_a_worldwide", "--on", "2025-06-02")
    assert "requirement_3a090_a_worldwide" in caught.value.near
    with pytest.raises(UnknownName) as caught:
        run("show", "zzz", "--on", "2025-06-02")
    assert "law show" in caught.value.fix


def test_a_clause_that_is_not_in_force_on_the_day_is_not_shown():
    with pytest.raises(UnknownName, match="no clause in force on 2024-06-01"):
        run("show", "lpp", "--on", "2024-06-01")


@pytest.mark.parametrize(
    "flags", [("--on", "soon"), ("--basis", "x"), ("--law", "x"), ("--with", "x"), ("--lang", "x")]
)
def test_bad_options_are_errors_with_a_fix(flags):
    with pytest.raises(BadInput) as caught:
        run("show", *flags)
    assert caught.value.fix


def test_wrong_usage_ends_with_status_2():
    assert run("show", "--nothing").exit_code == 2
    assert run("sho").exit_code == 2


@pytest.fixture
def law_of(monkeypatch, tmp_path):
    """Let the command read a folder with a vocabulary and one act of the system ``here``, made of this text."""

    def write(text):
        (tmp_path / "law" / "here").mkdir(parents=True)
        shutil.copy(law_folder() / "vocabulary.yaml", tmp_path / "law")
        (tmp_path / "law" / "here" / "one.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(law_check, "law_folder", lambda: tmp_path / "law")
        monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))

    return write


ACT = """act: one
citation: c
issuer: i
kind: rule
titles: {en: t, zh: t}
dates: {released: 2025-01-01}
checked_through: 2026-01-01
sources: [{url: 'https://example.org', seen: primary}]
amendments:
  - {clause: a, kind: requirement, review: not_stated, cite: c, seen: primary, title: {en: t, zh: t}, when: tpp > 1}
"""


def test_the_check_of_sound_law_ends_with_status_0_and_counts(law_of):
    law_of(ACT)
    result = run("check", "--law", "here")
    assert result.exit_code == 0
    assert "1 acts, 1 amendments" in result.stdout
    assert "0 findings" in result.stdout
    assert json.loads(run("check", "--law", "here", "--json").stdout) == []


def test_findings_are_printed_one_a_line_and_end_with_status_1(law_of):
    law_of(ACT.replace("tpp > 1", "tppp > 1").replace("kind: rule", "kind: rule\nmentions: x"))
    result = run("check", "--law", "here")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("one.yaml:5: Expected `array`, got `str` (see the form of ActHead")
    assert "here: not whole" in result.stderr
    law_of_here = json.loads(run("check", "--law", "here", "--json").stdout)
    assert [finding["where"] for finding in law_of_here] == ["one.yaml:5"]


def test_clauses_never_seen_true_are_listed_on_request(law_of):
    odd = "clause: b, kind: warning, cite: c, seen: primary, title: {en: t, zh: t}, text: {en: t, zh: t}"
    law_of(f'{ACT}  - {{{odd}, when: "tpp * quantity = 7919 AND tpp * tpp = 3"}}\n')
    assert "true for nothing that was tried" not in run("check", "--law", "here").stdout
    assert "one.yaml:11: the clause was true for nothing" in run("check", "--law", "here", "--thorough").stdout


def test_the_check_of_an_unknown_system_names_those_that_are_there(law_of):
    law_of(ACT)
    with pytest.raises(UnknownName) as caught:
        run("check", "--law", "there")
    assert "here" in caught.value.fix
