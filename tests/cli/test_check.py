import datetime as dt
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from licet import cli
from licet.cli import question
from licet.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
QUESTION = ("--chip", "h100-sxm", "--quantity", "2000", "--to", "CH", "--on", "2025-06-02")
LINE = '{"id": "%s", "chip": "h100-sxm", "quantity": %s, "destination": "CH", "headquarters": "CH", '
LINE += '"parent_headquarters": "CH", "date": "2025-06-02", "basis": "written"}\n'


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("LICET_LANG", raising=False)


def run(*arguments, text=""):
    return CliRunner().invoke(cli.app, [*arguments], input=text, catch_exceptions=False)


def answer(*arguments):
    result = run("check", *arguments, "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def lines(text, *arguments):
    result = run("check", "--jsonl", "-", *arguments, text=text)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def process(*arguments, text=b"", **environment):
    """The command as a process of its own."""
    settings = {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200", "PYTHONIOENCODING": "", **environment}
    command = [sys.executable, "-m", "licet", *arguments]
    return subprocess.run(command, input=text, capture_output=True, env={**os.environ, **settings}, check=False)


def test_one_question_has_one_verdict():
    found = answer(*QUESTION, "--basis", "written")
    assert (found["outcome"], found["tier"], found["allocation_tpp"]) == ("license_required", 2, 31664000)
    assert (found["law"]["on"], found["law"]["basis"], found["law"]["system"]) == ("2025-06-02", "written", "us-ear")


def test_every_flag_reaches_the_question():
    found = answer("--chip", "rtx-4090", "--quantity", "5", "--to", "Hong Kong", "--hq", "CN", "--parent", "中国",
                   "--from", "US", "--on", "2025-06-02", "--known", "2025-06-01", "--exporter", "AMD",
                   "--law", "us-ear", "--fact", "end_use=commercial", "--reading", "cyprus-d5=not_listed",
                   "--with", "microsoft-2025-02-27")  # fmt: skip
    assert (found["exception"], found["tier"]) == ("NAC", 3)
    assert found["law"]["known"] == "2025-06-01"
    assert found["law"]["readings"]["cyprus-d5"] == "not_listed"
    assert found["law"]["proposals"] == ["microsoft-2025-02-27"]
    assert found["not_examined"] == ["parties"]
    assert not {"headquarters", "parent_headquarters", "exporter", "end_use"} & set(found["assumed"])


def test_an_omitted_headquarters_is_the_destination_and_named():
    assert {"headquarters", "parent_headquarters"} <= set(answer(*QUESTION)["assumed"])


def test_the_day_is_todays_unless_it_is_given(monkeypatch):
    monkeypatch.setattr(question, "day", lambda text: dt.date.fromisoformat(text or "2025-06-03"))
    assert answer("--chip", "h100-sxm", "--quantity", "1", "--to", "CH")["law"]["on"] == "2025-06-03"


def test_a_date_among_the_facts_is_the_day():
    flags = ("--chip", "h100-sxm", "--quantity", "1", "--to", "CH", "--fact", "date=2024-06-01")
    assert answer(*flags)["law"]["on"] == "2024-06-01"
    with pytest.raises(BadInput, match="give one of them"):
        answer(*flags, "--on", "2025-06-02")


@pytest.mark.parametrize(("language", "word"), [("en", "Switzerland"), ("zh", "瑞士")])
def test_the_verdict_is_told_in_words(language, word):
    result = run("check", *QUESTION, "--lang", language)
    assert result.exit_code == 0
    assert word in result.stdout
    assert "3A090.a" in result.stdout


def test_where_no_act_is_in_force_the_answer_says_so():
    result = run("check", *QUESTION[:-1], "2020-01-01")
    assert result.exit_code == 0
    assert "no act" in result.stdout


def test_explain_shows_every_clause_and_why_each_way_is_closed():
    told = run("explain", *QUESTION, "--basis", "written").stdout
    assert "✓ eccn_3a090_a" in told
    assert "✗ aia " in told
    assert "lpp_used_tpp + total_tpp <= 26900000" in told
    data = json.loads(run("explain", *QUESTION, "--basis", "written", "--json").stdout)
    assert data["trace"]["eccn_3a090_a"] is True
    assert {miss["id"] for miss in data["near_misses"]} >= {"AIA", "LPP", "UVEU", "NVEU"}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--chip", "h1000"), "h1000"),
        (("--to", "Switzerlnd"), "Switzerlnd"),
        (("--quantity", "many"), "quantity is a number"),
        (("--quantity", "-1"), "outside"),
        (("--on", "yesterday"), "'yesterday' is no date"),
        (("--on", "1492-10-12"), "outside"),
        (("--known", "soon"), "'soon' is no date"),
        (("--basis", "hoped"), "no basis is called 'hoped'"),
        (("--law", "martian"), "no law is called 'martian'"),
        (("--with", "nothing"), "no act is called 'nothing'"),
        (("--with", "us-ear-2025-01-13-ai-diffusion"), "no proposal"),
        (("--on", "2024-01-01", "--with", "microsoft-2025-02-27"), "cannot be laid over the law of 2024-01-01"),
        (("--reading", "cyprus-d5=maybe"), "no choice 'maybe'"),
        (("--reading", "cyprus-d5"), "no NAME=VALUE"),
        (("--fact", "speed=9"), "no fact is called 'speed'"),
        (("--fact", "quantity=3", "--quantity", "2"), "two options"),
        (("--lang", "fr"), "no language is called 'fr'"),
        (("--jsonl", "no-such-file.jsonl"), "cannot be read"),
        (("--jsonl", "-", "--to", "CH"), "--to does not go with --jsonl"),
    ],
)
def test_bad_input_is_one_error_with_a_fix(flags, message):
    with pytest.raises(BadInput) as caught:
        run("check", *flags)
    assert message in caught.value.message
    assert caught.value.fix


@pytest.mark.parametrize(
    ("flags", "near"), [(("--chip", "h10"), "h100"), (("--to", "Switzerlnd"), "Switzerland")], ids=["chip", "place"]
)
def test_an_unknown_name_ends_with_status_1_and_near_names_and_no_traceback(flags, near):
    result = process("check", *flags, "--on", "2025-06-02")
    assert result.returncode == 1
    assert near in result.stderr.decode().lower() or near in result.stderr.decode()
    assert b"Traceback" not in result.stderr
    assert result.stdout == b""


def test_wrong_options_end_with_status_2():
    assert run("check", "--chp", "h100-sxm").exit_code == 2
    assert run("check", "--to").exit_code == 2
    assert run("chek").exit_code == 2


def test_lines_are_answered_in_order_and_a_bad_one_in_its_place():
    text = LINE % ("a", 1) + "junk\n" + LINE % ("c", -1) + LINE % ("d", 2000) + "\n[]\n" + LINE % ("e", 1)
    status, found = lines(text)
    assert status == 1
    assert [line.get("outcome") for line in found] == [
        "license_exception",
        None,
        None,
        "license_required",
        None,
        "license_exception",
    ]
    assert [line["id"] for line in found] == ["a", None, "c", "d", None, "e"]
    errors = [line for line in found if "error" in line]
    assert [line["line"] for line in errors] == [2, 3, 6]
    assert all(set(line["error"]) == {"message", "fix"} and line["error"]["fix"] for line in errors)


def test_good_lines_alone_end_with_status_0(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text(LINE % ("a", 1) + LINE % ("b", 2), encoding="utf-8")
    result = run("check", "--jsonl", str(file))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_a_line_says_its_own_law_basis_and_date_and_the_options_stand_for_what_it_leaves_out():
    facts = '"destination": "CH", "headquarters": "CH", "parent_headquarters": "CH", "quantity": 2000'
    text = f'{{{facts}, "chip": "h100-sxm"}}\n'
    text += f'{{"transaction": {{{facts}, "chip": "h100-sxm"}}}}\n'
    text += f'{{{facts}, "chip": "h100-sxm", "basis": "enforced", "date": "2025-06-03"}}\n'
    options = ("--on", "2025-06-02", "--basis", "written", "--reading", "cyprus-d5=not_listed", "--known", "2025-07-01")
    status, found = lines(text, *options, "--with", "microsoft-2025-02-27")
    assert status == 0
    assert [(line["law"]["on"], line["law"]["basis"]) for line in found] == [
        ("2025-06-02", "written"),
        ("2025-06-02", "written"),
        ("2025-06-03", "enforced"),
    ]
    assert all(line["law"]["readings"]["cyprus-d5"] == "not_listed" for line in found)
    assert all(line["law"]["known"] == "2025-07-01" for line in found)
    assert all(line["law"]["proposals"] == ["microsoft-2025-02-27"] for line in found)


def test_without_a_date_a_line_is_an_error_that_says_so():
    status, found = lines('{"id": 7, "destination": "CH"}\n')
    assert (status, found[0]["error"]["message"]) == (1, "the transaction has no date")


@pytest.mark.parametrize(
    "line",
    [
        '{"transaction": 5}',
        '{"transaction": ["date"]}',
        '{"quantity": 1e99999999999999999999}',
        '{"quantity": NaN}',
        '{"quantity": ' + "9" * 6000 + "}",
        '{"destination": {"a": 1}}',
        '{"chip": [1]}',
        '{"law": 5, "destination": "CH"}',
        '{"basis": [], "destination": 1}',
        "[" * 50_000,
        '{"a":' * 5_000,
        "x" * 150_000,
        "\x00",
        "null",
    ],
    ids=range(14),
)
def test_an_odd_line_is_an_error_line(line):
    status, found = lines(line + "\n" + LINE % ("after", 1), "--on", "2025-06-02")
    assert status == 1
    assert found[0]["error"]["fix"]
    assert [entry["id"] for entry in found[1:]] == ["after"]


def test_half_a_surrogate_pair_goes_out_as_it_came_in():
    _, found = lines('{"id": "\\ud800", "destination": "CH", "date": "2025-06-02"}\n')
    assert found[0]["id"] == "\ud800"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["transaction", "item", "state", "id", "law", "basis", "date", "chip", "quantity", "tpp"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_any_object_is_answered_on_one_line(case):
    _, found = lines(json.dumps(case) + "\n", "--on", "2025-06-02")
    assert len(found) == 1
    assert "outcome" in found[0] or found[0]["error"]["message"]


# Linux counts in a child's ru_maxrss what its parent had at the fork; VmHWM is the program's own.
MEASURED = """
import pathlib, resource, sys
from licet import cli
sys.argv = ["licet", "check", "--jsonl", "-", "--on", "2025-06-02"]
status = pathlib.Path("/proc/self/status")
try:
    cli.main()
finally:
    own = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line] if status.exists() else []
    print(*(own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]), file=sys.stderr)
"""


def test_ten_megabytes_of_junk_are_error_lines_in_bounded_memory():
    junk = random.Random(7).randbytes(2_000_000)  # noqa: S311 - junk
    junk += b"{" * 8_000_000 + b"\n" + (LINE % ("end", 1)).encode()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, "-c", MEASURED], input=junk, capture_output=True, env=environment, check=False
    )
    found = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr
    assert found[-1]["id"] == "end"
    assert found[-1]["outcome"] == "license_exception"
    assert all("error" in line for line in found[:-1])
    assert int(result.stderr.split()[-1]) < 400_000  # kilobytes


OTHER_SYSTEMS = {
    "cn-mofcom": (
        ("--from", "CN", "--to", "US", "--fact", "kind=material", "--fact", "hs_code=8112929010"),
        {"en": "nobody could tell whether its policy is in force", "zh": "未能查明"},
    ),
    "nl": (
        ("--from", "NL", "--to", "DE", "--fact", "kind=equipment", "--fact", "listed_by=NL-2023-09-01, METI-2023-23"),
        {"en": "No requirement of this law applies on this day.", "zh": "该日本法没有适用的许可要求"},
    ),
    "jp": (
        ("--from", "JP", "--to", "DE", "--fact", "kind=equipment", "--fact", "listed_by=METI-2023-23"),
        {"en": "A general bulk license may be used for 42 places", "zh": "42个国家和地区"},
    ),
    "us-icts": (
        (
            *("--to", "US", "--fact", "movement=import", "--fact", "kind=vehicle_software"),
            *("--fact", "model_year=2027", "--fact", "supplier_nexus=CN", "--fact", "gvwr_lb=5000"),
        ),
        {"en": "No covered software with a nexus from model year 2027", "zh": "2027年款起禁止"},
    ),
    "us-tariff-232": (
        ("--chip", "h200-sxm", "--to", "US", "--fact", "movement=import", "--fact", "import_purpose=reexport"),
        {"en": "The duty is 25 percent. Band 1 (", "zh": "关税税率为25%。区间1"},
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("system", OTHER_SYSTEMS)
def test_another_system_of_law_answers_in_both_languages(system, language):
    arguments, told = OTHER_SYSTEMS[system]
    result = run("check", "--law", system, "--on", "2026-11-28", *arguments, "--lang", language)
    assert result.exit_code == 0
    assert told[language] in result.stdout
    assert run("explain", "--law", system, "--on", "2026-11-28", *arguments, "--lang", language).exit_code == 0


def test_the_line_of_a_tariff_has_its_duty():
    arguments, _ = OTHER_SYSTEMS["us-tariff-232"]
    found = answer("--law", "us-tariff-232", "--on", "2026-02-01", *arguments)
    assert (found["duty_pct"], found["band"]) == (25, 1)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "The text says nothing of this day: its ceilings end before it."), ("zh", "法规条文未就该日作出规定")],
)
def test_where_the_allocations_end_the_text_is_silent_and_no_status_in_doubt(language, told):
    arguments = ("--chip", "h100-sxm", "--quantity", "2000", "--to", "IN", "--basis", "written", "--lang", language)
    assert told in " ".join(run("check", "--on", "2028-01-02", *arguments).stdout.split())
    assert told not in " ".join(run("check", "--on", "2027-12-31", *arguments).stdout.split())


def test_what_a_smaller_quantity_would_have_is_a_sentence():
    arguments = ("--chip", "h100-sxm", "--quantity", "80000", "--to", "IN", "--fact", "nveu_country=IN")
    told = " ".join(run("check", "--on", "2025-06-02", "--basis", "written", *arguments).stdout.split())
    assert ". The NVEU authorization would still allow 59,973 units." in told


@pytest.mark.parametrize(("language", "told"), [("en", "No fact would settle it"), ("zh", "补充事实也无法判定")])
def test_what_no_fact_would_settle_is_said_to_be_so(language, told):
    arguments = ("--fact", "eccn=4A003.z.1.b", "--to", "CH", "--quantity", "10", "--lang", language)
    result = run("check", "--on", "2025-06-02", *arguments)
    assert told in result.stdout
    assert "0 facts" not in result.stdout
    assert "0项" not in result.stdout
