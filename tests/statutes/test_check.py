import pytest

from licet.home import law_folder
from licet.statutes.check import check

NOT_STATED = "review: not_stated"


def found(folder):
    return check(folder.path).findings


def test_nothing_is_wrong_with_the_law():
    report = check(law_folder())
    assert (report.findings, report.broken, report.unseen) == ([], [], [])


def test_a_sound_little_law_has_no_findings(folder, clause, members):
    obligation = "attends: [way], due: {side: before}, text: {en: t, zh: t}"
    folder.act(
        "one",
        "2025-01-01",
        members("s", "members: [CH]"),
        clause("heavy", "tpp > 1 AND destination IN s", kind="definition"),
        clause("a", "heavy", NOT_STATED),
        clause("way", "tpp < 5", "yields: WAY", kind="exception"),
        clause("barred", "heavy", "allows: [way]", kind="bar"),
        clause("duty", "TRUE", obligation, kind="obligation"),
    )
    assert found(folder) == []


OBLIGATION = "attends: [way], due: {side: before}, text: {en: t, zh: t}"
TABLE = "table: roof, cite: section 1, seen: primary, unit: TPP"
GAP = "rows: [{from: 2025-01-01, to: 2025-03-31, value: 1}, {from: 2025-05-01, to: 2025-06-30, value: 2}]"
LINE = 10  # the first amendment of an act of these tests


@pytest.mark.parametrize(
    ("amendments", "message"),
    [
        ([("a", "tppp > 1")], "'tppp' is no fact"),
        ([("a", "tpp > 1"), ("a", "tpp > 2")], "a is in force on 2025-01-01"),
        ([("a", "b"), ("b", "a")], "clauses in a circle"),
        ([("a", "destination IN s")], "'s' is no set"),
        ([("a", "FALSE")], "a can never be true"),
        ([("a", "tpp > 1 AND NOT tpp > 1")], "a can never be true"),
        ([("a", "tpp > 1", "status: in_force"), ("b", "a AND NOT a")], "b can never be true"),
        ([("d", "tpp > 1", "", "definition")], "the definition d is used by no clause"),
        ([("o", "TRUE", OBLIGATION, "obligation")], "o names 'way', no exception or authorization in force"),
        ([("b", "tpp > 1", "allows: [wya]", "bar")], "b names 'wya', no exception or authorization in force"),
        (["mask: a, where: 'TRUE', cite: c, seen: primary"], "the mask is of 'a', which no act made"),
        (["settles: r, choice: c, cite: c, seen: primary"], "no reading 'r' has the choice 'c'"),
        ([("a", "tpp > 1", "reading: {r: c}")], "no reading 'r' has the choice 'c'"),
        ([f"{TABLE}, {GAP}"], "the table roof has no value between 2025-03-31 and 2025-05-01"),
        (["repeal: a"], "a is not in force"),
    ],
)
def test_a_planted_fault_is_found_with_its_place_and_fix(folder, clause, amendments, message):
    def text(name, when, more="", kind="requirement"):
        return clause(name, when, *([more] if more else []), kind=kind)

    folder.act("one", "2025-01-01", *(item if isinstance(item, str) else text(*item) for item in amendments))
    findings = [finding for finding in found(folder) if message in finding.what]
    assert len(findings) == 1
    assert findings[0].where.startswith("one.yaml:")
    assert int(findings[0].where.partition(":")[2]) in range(LINE, LINE + len(amendments))
    assert findings[0].fix


def test_a_table_whose_rows_meet_or_that_has_a_value_outside_has_no_gap(folder, clause):
    folder.act(
        "one",
        "2025-01-01",
        f"{TABLE}, {GAP}, outside: 3",
        f"{TABLE.replace('roof', 'ground')}, rows: [{{value: 1}}]",
        clause("a", "tpp > roof(date) AND tpp > ground(date)", NOT_STATED),
    )
    assert found(folder) == []


def test_a_proposal_that_does_not_fit_the_law_is_found(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", NOT_STATED))
    folder.proposal("wish", "2025-02-01", "repeal: b")
    assert [(finding.where, finding.what) for finding in found(folder)] == [
        ("wish.yaml:11", "b is not in force on 2025-01-01")
    ]
