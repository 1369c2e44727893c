"""Faults planted one at a time in a copy of the real law: each is found at its place, with a fix."""

# ruff: noqa: E501, Q003 - a fault a line, as the law file has it, so that the tables can be read down

from dataclasses import dataclass
from functools import cache

import pytest

from licet.decisions.case_check import check_cases
from licet.home import law_folder
from licet.statutes.check import Memory, check_files
from licet.statutes.check.reading import texts

CN, CN_US = "cn-mofcom/2023-07-03-gallium-germanium.yaml", "cn-mofcom/2024-12-03-united-states.yaml"
CN_SUSPENDED = "cn-mofcom/2025-11-09-paragraph-2-suspended.yaml"
NL, NL_MORE = "nl/2023-09-01-advanced-equipment.yaml", "nl/2024-09-07-immersion-lithography.yaml"
JP, ICTS = "jp/2023-07-23-manufacturing-equipment.yaml", "us-icts/2025-01-16-connected-vehicles.yaml"
TARIFF = "us-tariff-232/2026-01-14-semiconductors.yaml"
DIFFUSION, WORDS = "us-ear/2025-01-13-ai-diffusion.yaml", "vocabulary.yaml"
MICROSOFT, CASES = "proposals/2025-02-27-microsoft-tier-2.yaml", "cases/other-systems.yaml"
BASELINE, RULE_2023 = "us-ear/2022-08-01-baseline.yaml", "us-ear/2023-10-17-advanced-computing.yaml"
UAE, LETTERS = "us-ear/2026-07-10-uae.yaml", "us-ear/2025-04-14-letters.yaml"


@dataclass(frozen=True)
class Fault:
    """``old`` becomes ``new`` in ``file``; the finding says ``what``, at the line that holds ``at`` (any where empty)."""

    name: str
    file: str
    old: str
    new: str
    what: str
    at: str = ""


CLAUSE = "cite: c, seen: primary, title: {en: t, zh: t}"


def added(name, file, clause, what):
    """A fault in an amendment that is added at the end of a file."""
    return Fault(name, file, "", f"  - {{{clause}}}\n", what, at=clause[:40])


IN_SMALL_SYSTEMS = [
    Fault("a fact misspelled", JP, "when: kind IN ('equ", "when: knid IN ('equ", "'knid' is no fact", "- clause: meti_listed"),
    Fault("a clause misspelled", JP, "    when: meti_listed", "    when: meti_lsted", "'meti_lsted' is no fact and no clause", "- clause: requirement_meti"),
    Fault("a set misspelled", NL, "NOT IN eu\n", "NOT IN eue\n", "'eue' is no set", "- clause: requirement_outside_eu"),
    Fault("a number held against a text", ICTS, "gvwr_lb > 10000", "gvwr_lb > 'heavy'", "a number is compared with a text", "- clause: heavy_vehicle"),
    Fault("units mixed", ICTS, "gvwr_lb > 10000", "gvwr_lb > model_year", "units differ: lb and year", "- clause: heavy_vehicle"),
    Fault("an exponent", ICTS, "gvwr_lb > 10000", "gvwr_lb > 1e4", "'1e4' is no exact number", "- clause: heavy_vehicle"),
    Fault("a value that the fact never has", JP, "'METI-2023-23'", "'METI-2032-23'", "listed_by is never 'METI-2032-23'", "- clause: meti_listed"),
    Fault("a key given twice", JP, "    kind: requirement\n", "    kind: requirement\n    kind: requirement\n", "'kind' is given twice", "    kind: requirement"),
    Fault("an indentation by tab", NL, "    yields: case_by_case", "\tyields: case_by_case", "not YAML", "\tyields"),
    Fault("a bracket left open", NL, "members: [NL-2023-09-01]", "members: [NL-2023-09-01", "not YAML"),
    Fault("an unknown key", JP, "    kind: definition", "    kindly: definition", "unknown field `kindly`", "- clause: meti_listed"),
    Fault("a kind that is none", JP, "    kind: definition", "    kind: definiton", "Invalid enum value 'definiton'", "kind: definiton"),
    Fault("a day that is none", JP, "effective: 2023-07-23", "effective: 2023-07-32", "date", "dates:"),
    Fault("no source", JP, 'sources:\n  - {url: "https://www.engage', 'sources: []\nx:\n  - {url: "https://www.engage', "unknown field `x`"),
    Fault("an empty list of sources", NL_MORE, '\n  - {url: "https://take', ' []\n#  - {url: "https://take', "has no source", "sources: []"),
    Fault("a source without an address", NL_MORE, 'url: "https://taketonews.com', 'url: "taketonews.com', "is no address", "  - {url:"),
    Fault("no citation", JP, "    cite: METI ordinance of 2023-05-23\n    seen: secondary\n    title: {en: \"One", "    cite: ' '\n    seen: secondary\n    title: {en: \"One", "it has no citation", "- clause: meti_listed"),
    Fault("a title in one language", JP, 'title: {en: "One of the twenty-three items", zh: "23项之一"}', 'title: {en: "One"}', "meti_listed is not in both languages", "- clause: meti_listed"),
    Fault("an empty translation", JP, 'zh: "23项之一"', 'zh: ""', "meti_listed has an empty title", "- clause: meti_listed"),
    Fault("checked before it was there", NL_MORE, "checked_through: 2026-09-25", "checked_through: 2024-09-05", "before its release", "checked_through"),
    Fault("in effect before its release", NL_MORE, "effective: 2024-09-07", "effective: 2024-09-05", "takes effect on 2024-09-05, before its release", "dates:"),
    Fault("published before its release", ICTS, "published: 2025-01-16", "published: 2025-01-15", "is published on 2025-01-15, before", "dates:"),
    Fault("it ends before it begins", CN_SUSPENDED, "    to: 2026-11-27", "    to: 2025-11-08", "it ends on 2025-11-08, before it begins", "- repeal:"),
    Fault("it reaches back", NL, "    from: 2023-06-30\n    kind: warning", "    from: 2023-06-29\n    kind: warning", "before the release of nl-2023", "- clause: warning_annex_i"),
    Fault("two acts of one id", NL_MORE, "act: nl-2024-09-07-immersion-lithography", "act: nl-2023-09-01-advanced-equipment", "two acts are called nl-2023-09-01-advanced-equipment", "act:"),
    Fault("a member that is no place", NL, "[AT, BE,", "[UK, BE,", "UK in eu is no place", "- set: eu"),
    Fault("a member twice", NL, "[AT, BE,", "[AT, AT, BE,", "AT is in eu twice", "- set: eu"),
    Fault("a text that no fact can have", NL_MORE, "add: [NL-2024-09-07]", "add: [NL-2024-09-08]", "NL-2024-09-08 in nl_lists is no value of listed_by", "- set: nl_lists"),
    Fault("a set of the other type", NL, "listed_by IN nl_lists", "listed_by IN eu", "listed_by is a text, and eu is a set of places", "- set: eu"),
    Fault("a set changed before it is there", NL_MORE, "- set: nl_lists", "- set: nl_list", "'nl_list' is no set on 2024-09-07", "- set: nl_list"),
    Fault("a member removed that is none", NL_MORE, "add: [NL-2024-09-07]", "remove: [NL-2024-09-07]", "NL-2024-09-07 is not in nl_lists", "- set: nl_lists"),
    Fault("a clause added twice", CN_US, "- clause: prohibition_us_military", "- clause: review_gallium_germanium", "review_gallium_germanium is in force on 2024-12-03", "- clause: review_gallium"),
    Fault("a replacement of nothing", CN_US, "- clause: prohibition_us_military", "- replace: prohibition_us_military", "prohibition_us_military is not in force on 2024-12-03", "- replace: prohibition"),
    Fault("a repeal of nothing", CN_SUSPENDED, "- repeal: review_us_in_principle_none", "- repeal: review_us_none", "review_us_none is not in force", "- repeal:"),
    Fault("a repealed clause still named", CN_US, "  - clause: review_us_in_principle_none\n", "  - repeal: gallium_or_germanium\n  - clause: review_us_in_principle_none\n", "review_us_in_principle_none names 'gallium_or_germanium', which is not in force", "- clause: review_us_in"),
    Fault("a circle through two clauses", CN, "when: kind IN ('material', 'other') AND (hs_code", "when: requirement_gallium_germanium AND (hs_code", "clauses in a circle"),
    added("a mask of what never was", JP, "mask: requirement_meta, where: 'TRUE', cite: c, seen: primary", "the mask is of 'requirement_meta', which no act made"),
    added("a mask that never lies on anything", JP, "mask: requirement_meti, where: kind = 'chip', cite: c, seen: primary", "the mask of requirement_meti is never true where"),
    added("a reading that nobody defined", JP, "mask: requirement_meti, where: 'TRUE', reading: {r: c}, cite: c, seen: primary", "no reading 'r' has the choice 'c'"),
    added("a settlement of nothing", JP, "settles: r, choice: c, cite: c, seen: primary", "no reading 'r' has the choice 'c'"),
    added("thresholds that contradict", ICTS, f"clause: x, kind: warning, {CLAUSE}, when: tpp >= 4800 AND tpp < 1600, text: {{en: t, zh: t}}", "x can never be true"),
    added("a condition beyond its law", ICTS, f"clause: x, kind: warning, {CLAUSE}, when: \"date < DATE '2020-01-01'\", text: {{en: t, zh: t}}", "x can never be true"),
    added("a contradiction through another clause", ICTS, f"clause: x, kind: warning, {CLAUSE}, when: heavy_vehicle AND gvwr_lb < 9000, text: {{en: t, zh: t}}", "x can never be true"),
    added("a definition without use", JP, f"clause: x, kind: definition, {CLAUSE}, when: tpp > 1", "the definition x is used by no clause"),
    added("an obligation of no exception", JP, f"clause: x, kind: obligation, {CLAUSE}, when: 'TRUE', attends: [gbl], due: {{side: before}}, text: {{en: t, zh: t}}", "x names 'gbl', no exception"),
    added("an order with nothing", JP, f"clause: x, kind: review, {CLAUSE}, when: requirement_meti, yields: not_stated, overrides: [review_met]", "says 'overrides' of 'review_met', which is no clause"),
    added("an order between two kinds", JP, f"clause: x, kind: review, {CLAUSE}, when: requirement_meti, yields: not_stated, behind: [meti_listed]", "which is no review"),
    Fault("a review more lenient and first", CN_US, "    overrides: [review_gallium_germanium]\n", "", "review_gallium_germanium and review_us_in_principle_none are both true", "- clause: review_us_in"),
    Fault("a requirement without a review", JP, "    review: not_stated\n", "", "no review policy is given for requirement_meti", "- clause: requirement_meti"),
    Fault("two duties at once", TARIFF, "when: band_1 AND NOT exempt_use", "when: band_1", "are both true where", "- clause: duty_"),
    Fault("no duty for some", TARIFF, "when: NOT band_1 AND NOT band_2", "when: NOT band_1 AND NOT band_2 AND tpp > 5", "no duty is given where", "- clause: duty_none"),
    Fault("a duty that is no number", TARIFF, "    yields: 25\n    band: 1", "    yields: much\n    band: 1", "is no percentage", "yields: much"),
    Fault("a default that is no choice", TARIFF, "default: inclusive", "default: inclusiv", "the default of the reading 'band-bounds'", "    question:"),
    Fault("a day without any law", JP, "amendments:\n", "amendments:\n  - clause: early\n    from: 2023-05-23\n    to: 2023-05-22\n    kind: requirement\n    cite: c\n    seen: primary\n    title: {en: t, zh: t}\n    when: 'TRUE'\n", "it ends on 2023-05-22, before it begins", "- clause: early"),
]  # fmt: skip

IN_THE_VOCABULARY = [
    Fault("an assumption that its fact cannot have", WORDS, 'assume: {value: "unnamed"', 'assume: {value: ""', "exporter assumes nothing", "    assume: {value: \"\""),
    Fault("an assumption that is no value", WORDS, 'assume: {value: "other"', 'assume: {value: "others"', "exporter_role cannot be what it is assumed to be", "others"),
    Fault("an assumption in no system", WORDS, "systems: [us-ear, cn-mofcom, nl, jp]", "systems: [us-aer, nl]", "is assumed in 'us-aer', which is no system", "us-aer"),
    Fault("a question in one language", WORDS, ', zh: "哪一天发货？"}', "}", "the question of date is not in both languages", "On which day does it ship"),
    Fault("a range without room", WORDS, "    least: 1\n    most: 1000000000\n", "    least: 1\n    most: 0\n", "quantity lies from 1 to 0"),
    Fault("a fact derived from itself", WORDS, "derive: unit_tpp * quantity", "derive: total_tpp * quantity", "it needs itself: total_tpp"),
    Fault("a type that is none", WORDS, "  date:\n    type: date", "  date:\n    type: day", "Invalid enum value 'day'", "    type: day"),
]  # fmt: skip

IN_THE_CASES = [
    Fault("a case that comes out otherwise", CASES, "expect: {outcome: not_subject, duty_pct: null}", "expect: {outcome: prohibited}", "expects outcome prohibited and comes out as not_subject", "id: duty-export"),
    Fault("a case on a day without law", CASES, "on: 2023-07-22, basis", "on: 2020-07-22, basis", "no clause decides the case jp-before", "id: jp-before"),
    Fault("a case of a fact that is none", CASES, "hs_code: ", "hs_cod: ", "cannot be asked: no fact is called 'hs_cod'"),
    Fault("a case that expects nothing", CASES, "expect: {outcome: not_subject, duty_pct: null}", "expect: {}", "expects nothing", "id: duty-export"),
    Fault("a case of an unknown key", CASES, "expect: {outcome: not_subject, duty_pct: null}", "expect: {outcom: x}", "a verdict has no 'outcom'", "id: duty-export"),
    Fault("a case of no law", CASES, "id: duty-export, system: us-tariff-232", "id: duty-export, system: us-tarif", "no law is called 'us-tarif'", "id: duty-export"),
    Fault("two cases of one id", CASES, "{id: jp-china,", "{id: jp-before,", "two cases are called jp-before"),
]  # fmt: skip

IN_THE_LONG_CHAIN = [
    Fault("a tier gone", DIFFUSION, "    when: NOT tier_3 AND NOT tier_1\n", "    when: NOT tier_3 AND NOT tier_1 AND destination <> 'PL'\n", "no tier is given where destination = PL", "- clause: tier_3"),
    Fault("two tiers at once", DIFFUSION, "    when: NOT tier_3 AND NOT tier_1\n", "    when: NOT tier_1\n", "tier_3 and tier_2 are both true where", "- clause: tier_2"),
    Fault("a table that ends", DIFFUSION, "value: 790000000}]\n    outside: unknown\n", "value: 790000000}]\n", "the table national_allocation has no value on 2028-01-01", "- table: national_allocation\n"),
    Fault("a row of a table gone", DIFFUSION, "      - {from: 2025-07-01, to: 2025-09-30, value: 1266000000}\n", "", "the table nveu_ceiling has no value between 2025-06-30 and 2025-10-01", "- table: nveu_ceiling"),
    Fault("a table of another unit", DIFFUSION, "    unit: TPP\n    rows: [{from: 2025-01-01, to: 2027-12-31, value: 790", "    unit: units\n    rows: [{from: 2025-01-01, to: 2027-12-31, value: 790", "units differ: TPP and units", "- clause: within_allocation"),
    Fault("an exception that every bar forbids", RULE_2023, " AND headed_in_d5_macau AND destination NOT IN scope_2023\n    allows: [nac]", "\n    allows: [rpl]", "nac can never be used", "- clause: nac\n"),
    Fault("a consultation that closes first", DIFFUSION, "closes: 2025-05-15}", "closes: 2025-01-14}", "closes", "consultation:"),
    Fault("two classifications at once", RULE_2023, " AND tpp < 4800 AND performance_density < 5.92\n", "\n", "eccn_3a090_a and eccn_3a090_b are both true", "- clause: eccn_3a090_b"),
]  # fmt: skip


@cache
def files():
    found, unread = texts(law_folder())
    assert not unread
    return found


MEMORY = Memory()


def until(last):
    """The chain as it was when ``last`` was its newest act: what is planted in it need not be folded for later years."""
    newest = last.rpartition("/")[2]
    chain = ("us-ear/", "proposals/")
    return {
        path: text
        for path, text in files().items()
        if not path.startswith(chain) or "/drafts/" in path or path.rpartition("/")[2] <= newest
    }


def planted(fault, before):
    text = before[fault.file]
    if not fault.old:
        return {**before, fault.file: text.rstrip() + "\n" + fault.new}
    assert fault.old in text, "the law has changed: plant the fault elsewhere"
    return {**before, fault.file: text.replace(fault.old, fault.new, 1)}


def lines_with(text, part):
    return {text[:at].count("\n") + 1 + (part[:1] == "\n") for at in range(len(text)) if text.startswith(part, at)}


def assert_found(fault, findings, after):
    name = fault.file.rpartition("/")[2]
    hits = [finding for finding in findings if fault.what in finding.what and finding.where.startswith(name)]
    assert hits, [(finding.where, finding.what) for finding in findings]
    assert all(finding.fix for finding in hits)
    if fault.at:
        lines = {int(finding.where.rpartition(":")[2]) for finding in hits}
        assert lines & lines_with(after[fault.file], fault.at), (lines, hits)


@pytest.mark.parametrize("fault", IN_SMALL_SYSTEMS, ids=lambda fault: fault.name)
def test_a_fault_in_a_small_system(fault):
    after = planted(fault, files())
    assert_found(fault, check_files(after, systems=[fault.file.partition("/")[0]], memory=MEMORY).findings, after)


@pytest.mark.parametrize("fault", IN_THE_LONG_CHAIN, ids=lambda fault: fault.name)
def test_a_fault_in_the_long_chain(fault):
    after = planted(fault, until(fault.file))
    assert_found(fault, check_files(after, systems=["us-ear"], memory=MEMORY).findings, after)


@pytest.mark.parametrize("last", [RULE_2023, DIFFUSION])
def test_the_chain_is_sound_on_the_way(last):
    assert check_files(until(last), systems=["us-ear"], memory=MEMORY).findings == []


@pytest.mark.parametrize("fault", IN_THE_VOCABULARY, ids=lambda fault: fault.name)
def test_a_fault_in_the_vocabulary(fault):
    small = {path: text for path, text in files().items() if not path.startswith(("us-ear/", "proposals/"))}
    after = planted(fault, {**small, **({} if "us-ear" in fault.old else {BASELINE: files()[BASELINE]})})
    assert_found(fault, check_files(after).findings, after)


@pytest.mark.parametrize("fault", IN_THE_CASES, ids=lambda fault: fault.name)
def test_a_fault_in_the_cases(fault, statutes_of_small_systems):
    after = planted(fault, {CASES: files()[CASES]})
    known = {path.partition("/")[0] for path in files()}
    sound = check_cases({"other-systems.yaml": files()[CASES]}, statutes_of_small_systems, known)
    assert list(sound) == []
    found = list(check_cases({"other-systems.yaml": after[CASES]}, statutes_of_small_systems, known))
    assert_found(fault, found, after)


@pytest.fixture(scope="module")
def statutes_of_small_systems():
    return check_files(files(), systems=["jp", "cn-mofcom", "us-tariff-232"], memory=MEMORY).statutes


def test_a_proposal_without_a_system_is_found():
    text = files()[MICROSOFT]
    for old, new, what in (
        ("amends: us-ear\n", "", "a proposal, and only a proposal, says what it amends"),
        ("amends: us-ear\n", "amends: us-aer\n", "'us-aer' is no system of law"),
    ):
        after = {WORDS: files()[WORDS], JP: files()[JP], MICROSOFT: text.replace(old, new)}
        findings = check_files(after, memory=MEMORY).findings
        assert [finding for finding in findings if what in finding.what and "microsoft" in finding.where]


def test_a_file_that_cannot_be_read_hides_nothing_in_the_others():
    after = {
        **files(),
        NL: "act: [",
        NL_MORE: files()[NL_MORE].replace("checked_through: 2026-09-25", "checked_through: 2024-09-05"),
        JP: files()[JP].replace("    review: not_stated\n", ""),
    }
    report = check_files(after, systems=["nl", "jp"], memory=MEMORY)
    assert [finding.where.partition(":")[0] for finding in report.findings] == [
        path.rpartition("/")[2] for path in (JP, NL, NL_MORE)
    ]
    assert report.broken == ["nl"]
    assert set(report.statutes.library.systems) == {"jp"}


def test_every_fault_of_a_file_is_told_and_not_the_first_only():
    text = files()[JP]
    for old, new in (
        ("when: kind IN ('equ", "when: knid IN ('equ"),
        ("    when: requirement_meti AND destination IN", "    when: requirement_meat AND destination IN"),
        ("kind: warning\n    cite: Foreign", "kind: waning\n    cite: Foreign"),
        ("effective: 2023-07-23", "effective: 2023-05-01"),
    ):
        assert old in text
        text = text.replace(old, new)
    findings = check_files({**files(), JP: text}, systems=["jp"], memory=MEMORY).findings
    told = " / ".join(finding.what for finding in findings)
    for what in (
        "'knid' is no fact",
        "'requirement_meat' is no fact",
        "Invalid enum value 'waning'",
        "takes effect on",
    ):
        assert what in told
    assert len(findings) == 4 + told.count("before the release of")


def test_a_paper_that_nobody_wrote_and_one_that_cannot_be_read_are_found():
    papers = sorted(path for path in files() if path.startswith("us-ear/drafts/"))
    asked = next(
        path for path in papers if f"draft: {path.rpartition('/')[2].removesuffix('.yaml')}" in files()[DIFFUSION]
    )
    gone = {path: text for path, text in files().items() if path != asked}
    findings = check_files(gone, systems=["us-ear"], memory=MEMORY).findings
    assert findings
    assert all(
        finding.what == f"no template is called '{asked.rpartition('/')[2].removesuffix('.yaml')}'"
        for finding in findings
    )
    broken = {**until(BASELINE), asked: files()[asked].replace("paragraphs:", "paragraph:")}
    what = [
        finding
        for finding in check_files(broken, systems=["us-ear"], memory=MEMORY).findings
        if "drafts" not in finding.fix
    ]
    assert asked.rpartition("/")[2] in {finding.where.partition(":")[0] for finding in what}
