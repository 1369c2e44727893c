import json

import pytest
from typer.testing import CliRunner

from licet import cli, statutes
from licet.cli import law as group
from licet.errors import BadInput, UnknownName
from licet.home import law_folder
from licet.statutes.check import Finding

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


def test_the_check_of_sound_law_ends_with_status_0_and_counts(monkeypatch):
    monkeypatch.setattr(group, "find_faults", lambda loaded: [])
    result = run("check")
    assert result.exit_code == 0
    assert "0 findings" in result.stdout
    assert json.loads(run("check", "--json").stdout) == []


def test_findings_are_printed_one_a_line_and_end_with_status_1(monkeypatch):
    monkeypatch.setattr(group, "find_faults", lambda loaded: [Finding("a.yaml:3", "wrong", "mend it")])
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "a.yaml:3: wrong (mend it)"
    assert json.loads(run("check", "--json").stdout) == [{"where": "a.yaml:3", "what": "wrong", "fix": "mend it"}]
