import json
from itertools import takewhile

import pytest
from typer.testing import CliRunner

from licet import cli
from licet.errors import BadInput

MICROSOFT = "microsoft-2025-02-27"
H100 = ("--chip", "h100-sxm")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "2000")
    monkeypatch.delenv("LICET_LANG", raising=False)


def run(*arguments):
    result = CliRunner().invoke(cli.app, ["law", "diff", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def data(*arguments):
    return json.loads(run(*arguments, "--json"))


def lines(told, heading):
    """The lines of one section."""
    listed = told.splitlines()
    start = listed.index(heading) + 1
    return list(takewhile(lambda line: line.startswith((" ", "+", "−", "~")), listed[start:]))


def test_the_tiers_are_told_with_the_us_beside_the_18_and_what_has_none():
    told = run("2025-01-12", "2025-05-20", "--basis", "written", *H100)
    tiers = lines(told, "Tiers")
    assert tiers[0] == "  The first law has no tiers."
    assert tiers[1].startswith("  Tier 1 (18 and the US): Australia, Belgium, Canada, Denmark")
    assert "Taiwan, United Kingdom, United States" in tiers[1]
    assert tiers[2].startswith("  Tier 2 (157): Albania,")
    assert tiers[3].startswith("  Tier 3 (24): Afghanistan, Belarus,")
    assert "China (Hong Kong)" in tiers[4]
    assert tiers[5] == (
        "  No tier, since the country chart gives them no row: Antarctica, Cook Islands, Niue, Palestinian Territories"
    )
    assert "− requirement_3a090_a_scope" in told
    assert "      → leaves_or_moves AND not_a_datacenter_item AND (NOT (destination IN d5_macau" in told
    assert "    2025-01-01 … 2027-12-31: – → 790,000,000" in told
    assert "Less free: No license required → License exception available (AIA, LPP)" in told


def test_a_second_law_without_tiers_tells_those_of_the_first():
    told = run("2025-05-20", "2025-01-12", "--basis", "written", *H100, "--to", "CH")
    assert "The second law has no tiers. Those of the first:" in told
    assert "Tier 1 (18 and the US)" in told


def test_a_proposal_shows_its_effect_as_written_and_none_as_enforced():
    asked = ("2025-06-02", "--with", MICROSOFT, *H100, "--to", "CH", "--quantity", "2000", "--quantity", "60000")
    written = run(*asked, "--basis", "written")
    assert written.startswith(f"us-ear: 2025-06-02 as written → 2025-06-02 as written, with {MICROSOFT}\n")
    gains = lines(written, "Who gains and who loses")
    drawing = "License required (presumption of approval, drawing on the allocation)"
    denial = "License required (policy of denial, drawing on the allocation)"
    approval = "License required (presumption of approval)"
    assert gains[-4:] == [
        "    2,000 units",
        f"      Freer: {drawing} → {approval}: Switzerland",
        "    60,000 units",
        f"      Freer: {denial} → {approval}: Switzerland",
    ]
    enforced = run(*asked)
    told = "No effect as enforced: with “Microsoft: lift the quantity limits for Tier 2”, no verdict changes (2 asked)."
    assert told in enforced
    cite = "15 CFR 742.6(b)(10)(iii)(B)(1); us-ear-2025-01-13-ai-diffusion"
    assert f"− allocation  National allocation [{cite}] (not enforced)" in enforced


def test_places_whose_answers_change_alike_are_named_by_their_tier():
    told = run("2025-06-02", "--with", MICROSOFT, "--basis", "written")
    assert "  Gain only: Tier 2 (157)\n" in told
    assert "  Group 1: Tier 2 (157)\n" in told
    assert told.count("License required (presumption of approval): Group 1") == 2
    assert "1 unit, just above 26,900,000 (License Exception LPP), 790,000,000 (National allocation)" in told


def test_one_basis_beside_the_other():
    told = run("2025-06-02", "--basis-after", "written", *H100, "--to", "CH")
    assert told.startswith("us-ear: 2025-06-02 as enforced → 2025-06-02 as written\n")
    assert "    enforced again [BIS press release of 2025-05-13]" in told
    back = run("2025-06-02", "--basis", "written", "--basis-after", "enforced", *H100, "--to", "CH")
    assert "    no longer enforced [BIS press release of 2025-05-13]" in back
    assert "no longer enforced where destination NOT IN scope_2023 AND NOT headed_in_d5_macau" in back


def test_a_reading_chosen_and_a_reading_settled():
    chosen = run("2026-05-30", "--reading-after", "headquarters-rule=dropped", *H100, "--to", "CH")
    assert "~ headquarters-rule: Enforced: it predates the rule → Not enforced with the rest" in chosen
    settled = run("2026-05-30", "2026-05-31", *H100, "--to", "CH")
    assert "~ headquarters-rule = enforced, settled by us-ear-2026-05-31-headquarters-guidance" in settled
    assert "Clauses" not in settled
    assert "No effect as enforced: no verdict changes (5 asked)." in settled
    back = run("2026-05-31", "2026-05-30", *H100, "--to", "CH")
    assert "in the first law only" in back


def test_readings_of_both_laws_are_kept_unless_the_second_has_its_own():
    both = ("--reading", "headquarters-rule=dropped", "--reading", "lpp-restricted-groups=permissive")
    told = data("2026-05-30", *both, "--reading-after", "headquarters-rule=enforced", *H100, "--to", "CH")
    assert told["law"]["before"]["readings"] == {
        "headquarters-rule": "dropped",
        "lpp-restricted-groups": "permissive",
    }
    assert told["law"]["after"]["readings"] == {
        "headquarters-rule": "enforced",
        "lpp-restricted-groups": "permissive",
    }


def test_what_was_known_beside_what_is_known():
    told = data("2026-01-01", "--known", "2025-05-10", "--known-after", "all", *H100, "--to", "CH")
    assert (told["law"]["before"]["known"], told["law"]["after"]["known"]) == ("2025-05-10", None)
    assert "us-ear-2025-05-13-not-enforced" in [act["act"] for act in told["law"]["acts"]]
    assert told["gains"]["gaining"] == ["CH"]
    shown = run("2026-01-01", "--known-after", "2025-05-10", *H100, "--to", "CH")
    assert shown.startswith("us-ear: 2026-01-01 as enforced → 2026-01-01 as enforced, known on 2025-05-10\n")


def test_who_moved_between_tiers():
    told = lines(run("2025-11-06", "2025-11-07", *H100), "Tiers")
    assert told[:4] == [
        "  Tier 1: 18 and the US",
        "  Tier 2: 157 → 158",
        "  Tier 3: 24 → 23",
        "  Tier 3 → Tier 2: Cambodia",
    ]


def test_the_united_arab_emirates_are_named():
    told = run("2026-07-09", "2026-07-10", *H100)
    assert "~ a5  Country Group A:5: + United Arab Emirates" in told
    assert "  Neither gain nor lose: United Arab Emirates" in told


def test_laws_that_do_not_differ_say_so():
    told = run("2025-06-02", "2025-06-03", *H100, "--to", "CH")
    assert "The two laws do not differ." in told
    assert "No effect as enforced: no verdict changes (5 asked)." in told


def test_an_item_described_by_facts_and_what_stays_undecided():
    facts = ("--fact", "kind=equipment", "--fact", "listed_by=NL-2023-09-01")
    told = run("2023-08-31", "2023-09-01", "--law", "nl", *facts, "--fact", "origin=NL", "--to", "CN")
    assert "Asked: the item, to China" in told
    assert "kind=equipment, listed_by=NL-2023-09-01, origin=NL, all else as it is assumed." in told
    assert "Less free: No license required → License required (case-by-case review): China" in told
    unknown = run("2023-08-31", "2023-09-01", "--law", "nl", *facts, "--to", "CN")
    assert "Undecided under both laws: 1." in unknown


def test_a_duty_and_its_band_and_a_new_classification_are_told():
    tariff = ("--law", "us-tariff-232", "--fact", "movement=import", "--to", "US")
    told = run("2026-01-13", "2026-01-16", *tariff, "--chip", "h20", "--chip", "a100-80gb-sxm")
    assert "(0 %): United States" in told
    told = run("2022-09-01", "2023-12-01", *H100, "--to", "CN")
    assert "ECCN – → 3A090.a: 1 item (NVIDIA H100 SXM5 80GB)" in told


def test_the_answer_in_chinese():
    told = run("2025-06-02", "--with", MICROSOFT, "--basis", "written", *H100, "--lang", "zh")
    assert "  不变：第1层级（18个国家和地区及美国）、第2层级（157）、第3层级（24）" in told
    assert "谁放宽，谁收紧" in told
    assert (
        "      放宽：需要许可证（拒绝政策、占用国家配额） → 需要许可证（推定批准）：第1组" in told or "第2层级" in told
    )
    both = run("2025-06-02", "--basis-after", "written", *H100, "--lang", "zh")
    assert "  仅收紧：第1层级；第2层级（175）" in both
    told = run("2025-06-02", "--with", MICROSOFT, *H100, "--lang", "zh")
    assert "按执行没有影响：加上“微软提议：取消第二层级的数量限制”，结论无一改变" in told


def test_the_json_has_both_laws_the_tiers_and_every_change():
    told = data("2025-06-02", "--with", MICROSOFT, "--basis", "written", *H100, "--to", "CH", "--quantity", "60000")
    assert (told["law"]["before"]["proposals"], told["law"]["after"]["proposals"]) == ([], [MICROSOFT])
    assert [(tier["tier"], tier["count"], tier["with_us"]) for tier in told["tiers"]["after"]] == [
        (1, 18, True),
        (2, 157, False),
        (3, 24, False),
    ]
    (effect,) = told["gains"]["effects"]
    (change,) = effect["changes"]
    assert (change["direction"], change["places"]) == ("gain", ["CH"])
    assert change["before"]["review_policy"] == "policy_of_denial"
    assert told["gains"]["quantities"] == [
        {"id": "60000", "units": 60000, "limit": None, "accounts": [], "by_item": {"h100-sxm": 60000}}
    ]


@pytest.mark.parametrize(
    "flags",
    [
        ("2025-06-02",),
        ("2025-06-02", "2025-06-02"),
        ("2025-06-02", "--basis-after", "enforced"),
        ("soon", "2025-06-02"),
        ("2025-06-02", "soon"),
        ("2025-06-02", "--basis-after", "printed"),
        ("2025-06-02", "--known-after", "soon"),
        ("2025-06-02", "--reading-after", "headquarters-rule"),
        ("2025-06-02", "--reading-after", "headquarters-rule=maybe"),
        ("2025-06-02", "--with", "no-such-proposal"),
        ("2024-01-01", "--with", MICROSOFT),
        ("2025-06-02", "2025-06-03", "--law", "none"),
        ("2025-06-02", "2025-06-03", "--chip", "none"),
        ("2025-06-02", "2025-06-03", "--to", "none"),
        ("2025-06-02", "2025-06-03", "--quantity", "-1"),
        ("2025-06-02", "2025-06-03", "--fact", "quantity=3"),
        ("2025-06-02", "2025-06-03", "--lang", "fr"),
    ],
)
def test_bad_options_are_errors_with_a_fix(flags):
    with pytest.raises(BadInput) as caught:
        run(*flags)
    assert caught.value.fix
