import datetime as dt

import pytest

from licet import statutes
from licet.decisions import ask
from licet.decisions.cases import differences, read_cases
from licet.errors import LawError
from licet.home import law_folder

CASE = """cases:
  - id: {name}
    title: {{en: t, zh: t}}
    facts: {{chip: h100-sxm, quantity: 2000, destination: CH}}
    on: 2025-06-02
    basis: written
    expect: {{{expect}}}
    cite: c
"""


@pytest.fixture
def verdict():
    facts = {"chip": "h100-sxm", "quantity": 2000, "destination": "CH"}
    return ask(statutes.load(law_folder()), facts, on=dt.date(2025, 6, 2), basis="written", headquarters_taken=True)


def case(folder, expect="outcome: license_required", name="one"):
    (folder / f"{name}.yaml").write_text(CASE.format(expect=expect, name=name), encoding="utf-8")
    return read_cases(folder)[0]


def test_a_case_that_agrees_has_no_differences(tmp_path, verdict):
    expect = "outcome: license_required, tier: 2, controlled: true, exception: null, total_tpp: 31664000.0"
    assert differences(case(tmp_path, expect), verdict) == {}


@pytest.mark.parametrize(
    ("expect", "differs"),
    [
        ("outcome: prohibited", {"outcome": ("prohibited", "license_required")}),
        ("tier: 3", {"tier": ("3", 2)}),
        ("tier: two", {"tier": ("two", 2)}),
        ("controlled: false", {"controlled": ("false", True)}),
        ("exception: LPP", {"exception": ("LPP", None)}),
        ("review_policy: null", {"review_policy": (None, "presumption_of_approval")}),
    ],
)
def test_what_differs_is_told_with_both_values(tmp_path, verdict, expect, differs):
    assert differences(case(tmp_path, expect), verdict) == differs


def test_an_id_stands_for_one_case_only(tmp_path):
    case(tmp_path, name="one")
    (tmp_path / "two.yaml").write_text((tmp_path / "one.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(LawError, match=r"two\.yaml:2: two cases are called one"):
        read_cases(tmp_path)


def test_a_faulty_case_names_its_line(tmp_path):
    (tmp_path / "a.yaml").write_text("cases: 5\n", encoding="utf-8")
    with pytest.raises(LawError, match=r"a\.yaml:1: no cases"):
        read_cases(tmp_path)
    (tmp_path / "a.yaml").write_text(
        CASE.format(expect="", name="one").replace("basis: written", "basis: hoped"), encoding="utf-8"
    )
    with pytest.raises(LawError, match=r"a\.yaml:6: Invalid enum value 'hoped'"):
        read_cases(tmp_path)
    (tmp_path / "a.yaml").write_text(CASE.format(expect="outcme: prohibited", name="one"), encoding="utf-8")
    with pytest.raises(LawError, match=r"a\.yaml:7: a verdict has no 'outcme'"):
        read_cases(tmp_path)
