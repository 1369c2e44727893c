import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet import statutes
from licet.clauses.words import sql
from licet.decisions.facts import Facts
from licet.errors import BadInput, BadValue, LawError, UnknownName
from licet.home import law_folder
from licet.statutes import Query


def printed(law):
    return {name: sql(clause.printed) for name, clause in law.clauses.items()}


def test_a_clause_begins_on_the_day_of_its_act_and_not_before(folder, clause):
    folder.act("one", "2025-01-13", clause("a", "tpp > 1"))
    assert printed(folder.law("2025-01-12")) == {}
    assert printed(folder.law("2025-01-13")) == {"a": "tpp > 1"}


def test_a_replacement_takes_the_place_of_the_clause_and_keeps_its_position(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"), clause("b", "tpp > 2"))
    folder.act("two", "2025-02-01", clause("a", "tpp > 3", verb="replace"))
    assert list(printed(folder.law("2025-01-31")).items()) == [("a", "tpp > 1"), ("b", "tpp > 2")]
    assert list(printed(folder.law("2025-02-01")).items()) == [("a", "tpp > 3"), ("b", "tpp > 2")]


def test_a_repeal_ends_a_clause(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-02-01", "repeal: a")
    assert printed(folder.law("2025-02-01")) == {}


def test_a_clause_may_end_others_when_it_begins(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"), clause("b", "tpp > 2"))
    folder.act("two", "2025-02-01", clause("c", "tpp > 3", "replaces: [a, b]"))
    assert printed(folder.law("2025-02-01")) == {"c": "tpp > 3"}


def test_a_requirement_holds_from_the_compliance_date_and_all_else_from_the_effective_date(folder, clause):
    exception = clause("b", "tpp > 2", "yields: B", kind="exception")
    folder.act("one", "2025-01-13", clause("a", "tpp > 1"), exception, compliance="2025-05-15")
    assert list(printed(folder.law("2025-05-14"))) == ["b"]
    assert set(printed(folder.law("2025-05-15"))) == {"a", "b"}


def test_a_replacement_leaves_no_day_between_old_and_new(folder, clause):
    folder.act("one", "2025-01-01", clause("old", "tpp > 1"))
    folder.act("two", "2025-02-01", clause("new", "tpp > 2", "replaces: [old]"), compliance="2025-03-01")
    found = [set(printed(folder.law(day))) for day in ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01")]
    assert found == [{"old"}, {"old"}, {"old"}, {"new"}]


def test_an_amendment_may_say_its_own_days_and_both_ends_belong_to_it(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", "from: 2025-02-01", "to: 2025-02-28"))
    found = [bool(printed(folder.law(day))) for day in ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01")]
    assert found == [False, True, True, False]


def test_a_replacement_that_ends_gives_way_to_what_it_replaced(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-02-01", clause("a", "tpp > 2", "to: 2025-02-28", verb="replace"))
    assert printed(folder.law("2025-02-28")) == {"a": "tpp > 2"}
    assert printed(folder.law("2025-03-01")) == {"a": "tpp > 1"}


def test_an_overriding_clause_stands_before_those_that_it_names(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"), clause("b", "tpp > 2"))
    folder.act("two", "2025-02-01", clause("c", "tpp > 3", "overrides: [b]"))
    assert list(printed(folder.law("2025-02-01"))) == ["a", "c", "b"]


def test_a_set_is_added_to_and_taken_from(folder, members):
    folder.act("one", "2025-01-01", members("s", "members: [CH, DE]"))
    folder.act("two", "2025-02-01", members("s", "add: [FR]", "remove: [DE]"))
    assert folder.law("2025-01-31").sets["s"] == {"CH", "DE"}
    assert folder.law("2025-02-01").sets["s"] == {"CH", "FR"}


def test_a_derived_set_follows_later_changes_of_its_parts(folder, members):
    folder.act(
        "one",
        "2025-01-01",
        members("a", "members: [CH, DE]"),
        members("b", "members: [DE]"),
        members("c", "members: [FR]", "union: [a]", "less: [b]"),
    )
    folder.act("two", "2025-02-01", members("a", "add: [JP]"), members("b", "add: [CH]"))
    assert folder.law("2025-01-31").sets["c"] == {"CH", "FR"}
    assert folder.law("2025-02-01").sets["c"] == {"FR", "JP"}


def test_a_change_of_a_derived_set_keeps_what_it_is_made_of(folder, members):
    folder.act("one", "2025-01-01", members("a", "members: [CH]"), members("c", "union: [a]"))
    folder.act("two", "2025-02-01", members("c", "add: [FR]"))
    assert folder.law("2025-02-01").sets["c"] == {"CH", "FR"}


def test_a_table_is_read_at_its_key_and_outside_its_rows(folder, clause):
    rows = "rows: [{from: 2025-01-01, to: 2025-03-31, value: 10}, {from: 2025-04-01, to: 2025-06-30, value: 20}]"
    head = "table: roof, cite: section 1, seen: primary, unit: TPP"
    folder.act("one", "2025-01-01", f"{head}, {rows}, outside: 5", clause("a", "tpp > roof(date)"))
    law = folder.law("2025-01-01")

    def over(day, tpp=12):
        return Facts(law, {"tpp": Decimal(tpp), "date": dt.date.fromisoformat(day)}).oracle.clause("a")

    assert [over(day) for day in ("2025-03-31", "2025-04-01", "2025-07-01")] == [True, False, True]


def test_a_table_without_outside_leaves_the_other_days_unknown(folder, clause):
    head = "table: roof, cite: section 1, seen: primary, unit: TPP"
    rows = "rows: [{from: 2025-01-01, to: 2025-03-31, value: 10}]"
    folder.act("one", "2025-01-01", f"{head}, {rows}", clause("a", "tpp > roof(date)"))
    facts = Facts(folder.law("2025-01-01"), {"tpp": Decimal(99), "date": dt.date(2025, 4, 1)})
    assert facts.oracle.clause("a") is None


def test_a_mask_hides_a_clause_where_it_says_and_only_as_enforced(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-02-01", "mask: a, where: \"destination = 'CH'\", cite: section 2, seen: primary")

    def truth(basis, place):
        law = folder.law("2025-02-01", basis=basis)
        return Facts(law, {"tpp": Decimal(2), "destination": place}).oracle.clause("a")

    assert (truth("written", "CH"), truth("enforced", "CH"), truth("enforced", "DE")) == (True, False, True)


def test_a_mask_outlives_the_replacement_of_its_clause(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-02-01", "mask: a, where: 'TRUE', cite: section 2, seen: primary")
    folder.act("three", "2025-03-01", clause("a", "tpp > 3", verb="replace"))
    law = folder.law("2025-03-01")
    assert Facts(law, {"tpp": Decimal(4)}).oracle.clause("a") is False
    assert sql(law.clauses["a"].printed) == "tpp > 3"


def test_an_amendment_of_one_basis_is_not_on_the_other(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", "basis: enforced"))
    assert "a" in folder.law("2025-01-01", basis="enforced").clauses
    assert "a" not in folder.law("2025-01-01", basis="written").clauses


def test_only_acts_released_by_the_known_day_count(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-01-01", clause("b", "tpp > 2"), released="2025-03-01")
    assert set(folder.law("2025-04-01").clauses) == {"a", "b"}
    assert set(folder.law("2025-04-01", known=dt.date(2025, 2, 28)).clauses) == {"a"}
    assert set(folder.law("2025-04-01", known=dt.date(2025, 3, 1)).clauses) == {"a", "b"}
    assert folder.law("2025-04-01", known=dt.date(2024, 1, 1)).acts == ()


READINGS = """
    readings:
      scope:
        question: {en: Wide or narrow?, zh: 宽还是窄?}
        default: wide
        choices: {wide: {en: Wide, zh: 宽}, narrow: {en: Narrow, zh: 窄}}
"""


@pytest.fixture
def two_ways(folder, clause):
    return folder.act(
        "one",
        "2025-01-01",
        clause("a", "tpp > 1", "reading: {scope: wide}"),
        clause("a", "tpp > 9", "reading: {scope: narrow}"),
        head=READINGS,
    )


def test_a_reading_has_its_default_and_the_askers_choice(two_ways):
    assert printed(two_ways.law("2025-01-01")) == {"a": "tpp > 1"}
    asked = two_ways.law("2025-01-01", readings=(("scope", "narrow"),))
    assert (printed(asked), asked.readings) == ({"a": "tpp > 9"}, {"scope": "narrow"})


def test_a_later_act_settles_a_reading_for_those_who_know_it(two_ways):
    two_ways.act("two", "2025-06-01", "settles: scope, choice: narrow, cite: section 2, seen: primary")
    assert printed(two_ways.law("2025-01-01")) == {"a": "tpp > 9"}
    assert printed(two_ways.law("2025-01-01", known=dt.date(2025, 5, 31))) == {"a": "tpp > 1"}
    assert printed(two_ways.law("2025-07-01", readings=(("scope", "wide"),))) == {"a": "tpp > 1"}


def test_a_reading_or_choice_that_is_not_there_is_refused(two_ways):
    with pytest.raises(UnknownName, match="no reading"):
        two_ways.law("2025-01-01", readings=(("other", "wide"),))
    with pytest.raises(BadValue, match="no choice 'middle'"):
        two_ways.law("2025-01-01", readings=(("scope", "middle"),))


def test_a_letter_binds_the_exporter_that_it_names(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", "binds: Acme"))
    law = folder.law("2025-01-01")
    found = [Facts(law, {"tpp": Decimal(2), "exporter": who}).oracle.clause("a") for who in ("Acme", "Other")]
    assert found == [True, False]
    assert Facts(law, {"tpp": Decimal(2)}).oracle.clause("a") is None


def test_a_classification_says_its_eccn_by_a_fact(folder, clause):
    named = clause("z", "tpp > 1", "yields: 5A992.z.1, by: exporter, names: {one: 4A003.z.1.a}", kind="classification")
    stated = clause("s", "tpp < 1", "yields: 3A090.a, by: exporter", kind="classification")
    law = folder.act("one", "2025-01-01", named, stated).law("2025-01-01")
    assert [law.clauses["z"].eccn(value) for value in ("one", "two", None)] == ["4A003.z.1.a", "5A992.z.1", "5A992.z.1"]
    assert [law.clauses["s"].eccn(value) for value in ("4A090.a", None)] == ["4A090.a", "3A090.a"]
    assert law.program.told == {"exporter": frozenset({"one"})}


@pytest.mark.parametrize(
    ("kind", "keys", "message"),
    [
        ("requirement", "by: exporter", "a cannot yield by 'exporter'"),
        ("classification", "yields: X, by: tpp", "a cannot yield by 'tpp'"),
        ("classification", "yields: X, names: {one: Y}", "a cannot yield by ''"),
    ],
)
def test_what_cannot_say_an_eccn_is_an_error(folder, clause, kind, keys, message):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", keys, kind=kind))
    with pytest.raises(LawError, match=message):
        folder.law("2025-01-01")


def test_a_clause_of_unknown_status_is_never_true(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", "status: unknown"))
    law = folder.law("2025-01-01")
    assert [Facts(law, {"tpp": Decimal(tpp)}).oracle.clause("a") for tpp in (2, 1)] == [None, False]


def test_a_proposal_is_no_law_until_it_is_laid_over(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"), clause("b", "tpp > 2"))
    folder.proposal("wish", "2025-03-01", "repeal: a", clause("b", "tpp > 3", verb="replace"))
    assert printed(folder.law("2025-04-01")) == {"a": "tpp > 1", "b": "tpp > 2"}
    laid = folder.law("2025-04-01", proposals=("wish",))
    assert (printed(laid), laid.proposals) == ({"b": "tpp > 3"}, ("wish",))


def test_a_proposal_that_is_asked_for_is_laid_over_whenever_it_was_released(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.proposal("wish", "2025-03-01", "repeal: a")
    assert printed(folder.law("2025-02-01", proposals=("wish",))) == {}
    assert printed(folder.law("2025-02-01", proposals=("wish", "wish"), known=dt.date(2025, 1, 31))) == {}


def test_a_proposal_laid_over_a_law_that_it_does_not_fit_is_the_askers_error(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.proposal("wish", "2025-03-01", "repeal: a")
    with pytest.raises(BadInput, match="wish cannot be laid over the law of 2024-12-31"):
        folder.law("2024-12-31", proposals=("wish",))


def test_only_a_proposal_is_laid_over(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    with pytest.raises(BadValue, match="no proposal"):
        folder.law("2025-01-01", proposals=("one",))
    with pytest.raises(UnknownName, match="no act is called 'onn'"):
        folder.law("2025-01-01", proposals=("onn",))
    with pytest.raises(UnknownName, match="no law is called"):
        folder.statutes().law(Query(on=dt.date(2025, 1, 1), system="elsewhere"))


def test_a_law_knows_its_period_and_how_long_it_was_checked(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    folder.act("two", "2025-02-01", clause("b", "tpp > 1"))
    law = folder.law("2025-01-15")
    assert (law.first, law.last) == (dt.date(2025, 1, 1), dt.date(2025, 1, 31))
    assert folder.law("2025-02-01").last is None
    assert law.checked_through == dt.date(2026, 1, 1)


LINE = 10  # the first amendment of an act of these tests
SET = "set: s, cite: section 1, seen: primary"
TABLE = "table: roof, cite: section 1, seen: primary, unit: TPP"
OVERLAP = "rows: [{from: 2025-01-01, to: 2025-02-01, value: 1}, {from: 2025-02-01, to: 2025-03-01, value: 2}]"


@pytest.mark.parametrize(
    ("amendments", "message", "line"),
    [
        ([("a", "tppp > 1")], "'tppp' is no fact", LINE),
        ([("a", "tpp > 1"), ("a", "tpp > 2")], "a is in force on", LINE + 1),
        ([("a", "b"), ("b", "a")], "clauses in a circle: a -> b -> a", LINE),
        ([("a", "a")], "clauses in a circle: a -> a", LINE),
        (["repeal: a"], "a is not in force", LINE),
        ([f"{SET}, members: [XX]"], "XX in s is no place", LINE),
        ([f"{SET}, members: [CH]", f"{SET}, remove: [DE]"], "DE is not in s", LINE + 1),
        ([f"{SET}, add: [CH]"], "'s' is no set", LINE),
        ([f"{SET}, union: [s]"], "s is made of 's'", LINE),
        ([f"{SET}, union: [t]"], "s is made of 't'", LINE),
        ([("a", "destination IN s")], "'s' is no set", LINE),
        ([f"{SET}, members: [CH], from: 2026-01-01", ("a", "destination IN s")], "a names 's', which is not", LINE + 1),
        ([f"{TABLE}, {OVERLAP}"], "two rows of roof overlap", LINE),
        ([f"{TABLE}, rows: [{{value: many}}]"], "a value of the table roof is no number", LINE),
        (["mask: a, where: 'destination IN nowhere', cite: c, seen: primary"], "'nowhere' is no set", LINE),
    ],
)
def test_what_does_not_fold_is_an_error_at_its_line(folder, clause, amendments, message, line):
    texts = [text if isinstance(text, str) else clause(*text) for text in amendments]
    folder.act("one", "2025-01-01", *texts)
    with pytest.raises(LawError) as caught:
        folder.law("2025-01-01")
    assert message in caught.value.message
    assert caught.value.where == f"one.yaml:{line}"
    assert caught.value.fix


def test_a_replacement_of_nothing_is_an_error_that_names_the_verb(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1", verb="replace"))
    with pytest.raises(LawError, match="a is not in force on 2025-01-01") as caught:
        folder.law("2025-01-01")
    assert caught.value.where == f"one.yaml:{LINE}"
    assert "clause:" in caught.value.fix


REAL = statutes.load(law_folder())
CHANGES = REAL.days_of_change()
days = st.dates(dt.date(2021, 1, 1), dt.date(2031, 1, 1))
bases = st.sampled_from(["written", "enforced"])


@given(days, bases)
def test_the_real_law_folds_on_any_day_and_basis_and_is_one_within_a_period(day, basis):
    law = REAL.law(Query(on=day, basis=basis))
    for other in (law.first, law.last):
        if other not in (None, dt.date.min):
            assert REAL.law(Query(on=other, basis=basis)).digest == law.digest


@pytest.mark.parametrize("basis", ["written", "enforced"])
def test_the_digest_tells_two_laws_apart_and_only_those(basis):
    day = dt.timedelta(days=1)
    for change in CHANGES:
        before, after = (REAL.law(Query(on=on, basis=basis)) for on in (change - day, change))
        same = (before.conditions, before.sets, before.tables) == (after.conditions, after.sets, after.tables)
        forms = [[clause.form for clause in law.clauses.values()] for law in (before, after)]
        if not same or forms[0] != forms[1]:
            assert before.digest != after.digest, change


def test_the_digest_covers_what_a_fact_is_taken_to_be(folder, clause):
    folder.act("one", "2025-01-01", clause("a", "tpp > 1"))
    plain = folder.law("2025-01-01")
    vocabulary = folder.path / "vocabulary.yaml"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace("scale: 3,", "scale: 3, assume: {value: '5'},"), encoding="utf-8")
    taken = folder.law("2025-01-01")
    assert taken.conditions == plain.conditions
    assert taken.digest != plain.digest


@given(days, days, bases)
def test_an_act_that_was_not_released_is_never_known(day, known, basis):
    law = REAL.law(Query(on=day, basis=basis, known=known))
    assert all(act.head.dates.released <= known for act in law.acts)
