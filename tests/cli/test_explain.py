"""``licet explain``: why other ways are closed, and what would be decided otherwise, in both languages and as JSON."""

import json
import re

import pytest
from typer.testing import CliRunner

from licet import cli
from licet.decisions import changes

CHINESE = re.compile("[\u4e00-\u9fff]")
SWISS = ("--chip", "h100-sxm", "--quantity", "2000", "--to", "CH", "--on", "2025-06-02", "--basis", "written")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "4000")
    monkeypatch.delenv("LICET_LANG", raising=False)


def explain(*arguments):
    result = CliRunner().invoke(cli.app, ["explain", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def items(text, heading):
    """The lines under one heading of the answer."""
    lines = text[text.index(f"\n{heading}\n") :].splitlines()[2:]
    found = []
    for line in lines:
        if not line.startswith("  "):
            break
        found.append(line.strip(" ·"))
    return found


def after(lines, start):
    """The lines after the first one that begins so."""
    at = next(index for index, line in enumerate(lines) if line.startswith(start))
    return lines[at + 1 :]


def test_quantities_are_told_with_what_holds_for_each():
    assert items(explain(*SWISS), "By quantity") == [
        "at most 1,699 units: License exception available, LPP",
        "with it, for 203 to 1,699 units: LPP notice before the shipment [15 CFR 740.29(g)(3)]",
        "1,700 to 49,898 units: License required, presumption of approval",
        "49,899 units or more: License required, policy of denial",
        "Largest quantity under an exception or authorization: 1,699",
        "Largest quantity within what is left of the national allocation: 49,898",
    ]


def test_the_smallest_changes_are_told_with_what_holds_now():
    told = explain(*SWISS)
    better, worse = items(told, "It would be decided better if:"), items(told, "It would be decided worse if:")
    assert "quantity: at most 1,699 units (now 2,000 units) → License exception available, LPP" in better
    assert (
        "destination: in “Artificial Intelligence Authorization countries”, except United States (now Switzerland), "
        "and with it what was not stated: headquarters of the ultimate consignee, headquarters of the ultimate parent "
        "→ License exception available, AIA"
    ) in better
    assert "country of the NVEU authorization: Switzerland (nothing is stated) → License exception available, NVEU" in (
        better
    )
    assert worse[0] == (
        "headquarters of the ultimate consignee: in “Country Group D:5 and Macau” (Switzerland is assumed) "
        "→ License required, presumption of denial"
    )
    assert "it is no advice to state facts otherwise" in worse[-1]


def test_two_facts_changed_are_told_as_one_change():
    told = explain("--chip", "h100-sxm", "--quantity", "20", "--to", "CH", "--hq", "CN", "--parent", "CN",
                   "--on", "2025-06-02", "--basis", "written")  # fmt: skip
    assert (
        "headquarters of the ultimate consignee: outside “Country Group D:5 and Macau” (now China) and headquarters of "
        "the ultimate parent: outside “Country Group D:5 and Macau” (now China) → License exception available, LPP"
    ) in items(told, "It would be decided better if:")


def test_a_near_miss_says_by_how_much():
    closed = items(explain(*SWISS), "Closed")
    assert after(closed, "LPP [")[0] == (
        "LPP volume used in the calendar year + aggregate TPP is at most 26,900,000; "
        "here 31,664,000, 4,764,000 too much"
    )
    assert "private sector end user; here no" in closed
    barred = items(explain(*SWISS[:4], "--to", "VN", "--on", "2025-06-02", "--basis", "written"), "Closed")
    line = next(line for line in after(barred, "LPP [") if "barred by" in line)
    assert line.endswith("[15 CFR 740.2(a)(9)(ii)]; here destination: Vietnam")


def test_each_open_question_has_its_answers():
    told = explain("--to", "CH", "--fact", "tpp=3000", "--quantity", "3", "--on", "2025-06-02", "--basis", "written")
    assert items(told, "Is it designed or marketed for use in a datacenter?") == [
        "yes: Undecided, still wanting: performance density",
        "no: No license required",
    ]
    assert items(told, "By quantity") == ["any number: Undecided"]


@pytest.mark.parametrize(
    "arguments",
    [
        SWISS,
        ("--chip", "h20", "--to", "CN", "--on", "2026-02-01"),
        ("--to", "CH", "--fact", "tpp=3000", "--quantity", "3", "--on", "2025-06-02"),
        ("--chip", "h100-sxm", "--to", "RU", "--quantity", "3", "--on", "2025-06-02"),
        (*SWISS, "--fact", "total_tpp=5"),
        ("--law", "us-tariff-232", "--chip", "h200", "--to", "US", "--on", "2026-02-01", "--fact", "movement=import"),
        ("--law", "cn-mofcom", "--to", "US", "--from", "CN", "--on", "2025-01-02"),
        ("--chip", "h100-sxm", "--to", "CH", "--on", "2010-01-01"),
    ],
)
def test_the_whole_is_told_in_chinese_and_as_json(arguments):
    told = explain(*arguments, "--lang", "zh")
    start = told.index("按数量")
    shown = told[start : told.index("全部条款")] if "全部条款" in told else told[start:]
    for line in shown.splitlines():
        assert CHINESE.search(line), line
        assert not re.search(r"[\u4e00-\u9fff][,:;]|[,:;][\u4e00-\u9fff]", line), line
    data = json.loads(explain(*arguments, "--json"))
    assert {"quantities", "changes", "answers", "near_misses", "trace", "outcome"} <= set(data)


def test_the_json_of_an_explanation():
    data = json.loads(explain(*SWISS, "--json"))
    quantities = data["quantities"]
    assert [(s["first"], s["last"], s["exception"]) for s in quantities["stretches"]] == [
        (1, 1699, "LPP"),
        (1700, 49898, None),
        (49899, 10**9, None),
    ]
    assert quantities["stretches"][0]["obligations"] == [{"id": "lpp_notice", "first": 203, "last": 1699}]
    assert (quantities["without_license"], quantities["within_allocation"], quantities["complete"]) == (
        1699,
        49898,
        True,
    )
    (headquarters,) = [c for c in data["changes"]["worse"] if [f["fact"] for f in c["facts"]] == ["headquarters"]]
    assert headquarters["review_policy"] == "presumption_of_denial"
    (fact,) = headquarters["facts"]
    assert (fact["before"], fact["how"], fact["group"]) == ("CH", "assumed", "parties")
    assert (fact["values"]["inside"], fact["values"]["outside"], fact["values"]["but"]) == (["d5_macau"], [], [])
    assert "CN" in fact["values"]["values"]
    assert data["changes"]["complete"] is True
    (lpp,) = [miss for miss in data["near_misses"] if miss["id"] == "LPP"]
    assert lpp["lacks"] == [
        {
            "needed": "lpp_used_tpp + total_tpp <= 26900000",
            "facts": {"lpp_used_tpp": 0, "total_tpp": 31664000},
            "has": 31664000,
            "bound": 26900000,
            "by": 4764000,
            "barred": False,
        }
    ]


def test_a_search_that_ended_early_says_so(monkeypatch):
    monkeypatch.setattr(changes.smallest_changes, "__defaults__", (30,))
    assert "The search for changes ended after 30 decisions" in explain(*SWISS)
    assert json.loads(explain(*SWISS, "--json"))["changes"]["complete"] is False


def test_check_works_out_none_of_this(monkeypatch):
    monkeypatch.setattr(changes, "smallest_changes", None)
    result = CliRunner().invoke(cli.app, ["check", *SWISS, "--json"], catch_exceptions=False)
    assert not {"quantities", "changes", "answers"} & set(json.loads(result.stdout))
