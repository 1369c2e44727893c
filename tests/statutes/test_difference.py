import datetime as dt

import pytest

from licet.errors import BadInput
from licet.statutes import Query
from licet.statutes.difference import FieldChange, RowChange, differ

SYSTEM = "test-law"


def compared(folder, before, after, **query):
    """The difference of the laws of two days; ``query`` is of the second."""
    first = Query(on=dt.date.fromisoformat(before), system=SYSTEM)
    second = Query(on=dt.date.fromisoformat(after), system=SYSTEM, **query)
    return differ(folder.statutes(), first, second)


def by_name(changes, key):
    return {getattr(change, key): change for change in changes}


def test_clauses_come_change_and_go_with_the_text_of_each_side(folder, clause):
    folder.act("a", "2024-01-01", clause("kept", "tpp > 1"), clause("gone", "tpp > 2"), clause("new", "tpp > 3"))
    folder.act("b", "2024-06-01", clause("new", "tpp   > 4", verb="replace"), "repeal: gone", clause("came", "tpp > 5"))
    found = compared(folder, "2024-05-31", "2024-06-01")
    changes = by_name(found.clauses, "clause")
    assert {name: change.change for name, change in changes.items()} == {
        "new": "changed",
        "came": "added",
        "gone": "gone",
    }
    assert changes["new"].fields == (FieldChange("when", "tpp > 3", "tpp > 4"), FieldChange("act", "a", "b"))
    assert (changes["gone"].act, changes["came"].act) == ("a", "b")
    assert [(act.act, act.change) for act in found.acts] == [("b", "added")]


def test_a_text_that_is_only_broken_otherwise_does_not_differ(folder, clause):
    folder.act("a", "2024-01-01", clause("one", "tpp > 1 AND tpp < 9"))
    folder.act("b", "2024-06-01", clause("one", "tpp > 1   AND tpp < 9", verb="replace"))
    (change,) = compared(folder, "2024-05-31", "2024-06-01").clauses
    assert [field.name for field in change.fields] == ["act"]


def test_every_key_that_changes_is_named(folder, clause):
    folder.act("a", "2024-01-01", clause("one", "TRUE", "yields: presumption_of_approval", kind="review"))
    folder.act(
        "b",
        "2024-06-01",
        clause("one", "TRUE", "yields: policy_of_denial", "binds: NVIDIA", kind="review", verb="replace"),
    )
    (change,) = compared(folder, "2024-05-31", "2024-06-01").clauses
    assert change.fields == (
        FieldChange("yields", "presumption_of_approval", "policy_of_denial"),
        FieldChange("binds", None, "NVIDIA"),
        FieldChange("act", "a", "b"),
    )


def test_a_clause_becomes_unenforced_and_is_enforced_again(folder, clause):
    folder.act("a", "2024-01-01", clause("whole", "tpp > 1"), clause("part", "tpp > 1"))
    masks = ("mask: whole, where: 'TRUE'", "mask: part, where: 'tpp > 5'")
    folder.act("b", "2024-06-01", *(f"{mask}, to: 2024-06-30, cite: c, seen: primary" for mask in masks))
    changes = by_name(compared(folder, "2024-05-31", "2024-06-01").clauses, "clause")
    assert [(c.enforced_before, c.enforced_after) for c in changes.values()] == [
        ("wholly", "not"),
        ("wholly", "partly"),
    ]
    assert [mask.where for mask in changes["part"].masked] == ["tpp > 5"]
    again = by_name(compared(folder, "2024-06-30", "2024-07-01").clauses, "clause")
    assert [(c.enforced_before, c.enforced_after) for c in again.values()] == [("not", "wholly"), ("partly", "wholly")]
    assert [mask.act for mask in again["whole"].unmasked] == ["b"]
    written = compared(folder, "2024-06-02", "2024-06-02", basis="written")
    assert [c.clause for c in written.clauses] == ["whole", "part"]
    assert written.acts == ()


def test_members_come_and_go_also_through_the_sets_that_a_set_is_made_of(folder, members):
    folder.act("a", "2024-01-01", members("s", "members: [CH, CN]"), members("u", "union: [s]", "members: [DE]"))
    folder.act("b", "2024-06-01", members("s", "add: [FR]", "remove: [CN]"), members("t", "members: []"))
    found = compared(folder, "2024-05-31", "2024-06-01")
    changes = by_name(found.sets, "set")
    assert {name: (c.change, c.added, c.removed) for name, c in changes.items()} == {
        "s": ("changed", ("FR",), ("CN",)),
        "u": ("changed", ("FR",), ("CN",)),
        "t": ("added", (), ()),
    }


def test_rows_of_a_table_are_compared_by_their_days(folder):
    head = "table: t, cite: c, seen: primary, unit: TPP"
    row = "{from: 2024-01-01, to: 2024-12-31, value: %s}"
    later = "{from: 2025-01-01, to: 2025-12-31, value: 9}"
    folder.act("a", "2024-01-01", f"{head}, rows: [{row % 5}]")
    folder.act("b", "2024-06-01", f"{head}, rows: [{row % 6}, {later}], outside: 0")
    (change,) = compared(folder, "2024-05-31", "2024-06-01").tables
    assert change.change == "changed"
    assert change.rows == (
        RowChange(None, None, None, "0"),
        RowChange(dt.date(2024, 1, 1), dt.date(2024, 12, 31), "5", "6"),
        RowChange(dt.date(2025, 1, 1), dt.date(2025, 12, 31), None, "9"),
    )


READINGS = """
readings:
  open:
    question: {en: Which, zh: 哪个}
    default: x
    choices: {x: {en: X, zh: X}, y: {en: Y, zh: Y}}
"""


def test_a_reading_comes_with_its_act_is_settled_by_a_later_one_and_may_be_chosen(folder, clause):
    folder.act("a", "2024-01-01", clause("one", "tpp > 1"))
    folder.act("b", "2024-06-01", clause("two", "tpp > 1", "reading: {open: x}"), head=READINGS)
    folder.act("c", "2024-09-01", "settles: open, choice: x, cite: c, seen: primary")
    (came,) = compared(folder, "2024-05-31", "2024-06-01").readings
    assert (came.before, came.after, came.words_after, came.settled_after) == (None, "x", {"en": "X", "zh": "X"}, "")
    settled = compared(folder, "2024-08-31", "2024-09-01")
    (change,) = settled.readings
    assert (change.before, change.after, change.settled_before, change.settled_after) == ("x", "x", "", "c")
    assert (settled.clauses, settled.sets, settled.tables) == ((), (), ())
    chosen = compared(folder, "2024-08-31", "2024-08-31", readings=(("open", "y"),))
    assert [(c.before, c.after) for c in chosen.readings] == [("x", "y")]
    assert [(c.clause, c.change) for c in chosen.clauses] == [("two", "gone")]


def test_an_act_that_amends_nothing_comes_on_its_day_to_those_who_know_of_it(folder, clause):
    folder.act("a", "2024-01-01", clause("one", "tpp > 1"))
    folder.act("decision", "2024-06-01")
    folder.proposal("wish", "2024-02-01")
    assert [act.act for act in compared(folder, "2024-05-31", "2024-06-01").acts] == ["decision"]
    assert compared(folder, "2024-05-31", "2024-06-01", known=dt.date(2024, 5, 1)).empty
    assert [act.act for act in compared(folder, "2024-02-01", "2024-02-01", proposals=("wish",)).acts] == ["wish"]


def test_a_law_does_not_differ_from_itself_and_laws_of_two_systems_are_not_compared(folder, clause):
    folder.act("a", "2024-01-01", clause("one", "tpp > 1"))
    assert compared(folder, "2024-05-31", "2024-06-01").empty
    query = Query(on=dt.date(2024, 6, 1), system=SYSTEM)
    with pytest.raises(BadInput, match="two systems") as caught:
        differ(folder.statutes(), query, Query(on=query.on, system="us-ear"))
    assert caught.value.fix
