import datetime as dt
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet import statutes
from licet.catalog.places import places
from licet.decisions.difference import difference, refuse_same
from licet.errors import BadInput
from licet.home import law_folder
from licet.statutes import Query

LAW = statutes.load(law_folder())
MICROSOFT = ("microsoft-2025-02-27",)
JUNE = dt.date(2025, 6, 2)
# Tier 3: Country Group D:5 as of 2025-01-15, and Macau. Tier 1: Supplement No. 5(a) to part 740, less the US.
TIER_3 = {
    *("AF", "BY", "MM", "KH", "CF", "CN", "CD", "CU", "ER", "HT", "IR", "IQ"),
    *("KP", "LB", "LY", "NI", "RU", "SO", "SS", "SD", "SY", "VE", "ZW", "MO"),
}
TIER_1 = {
    *("AU", "BE", "CA", "DK", "FI", "FR", "DE", "IE", "IT"),
    *("JP", "NL", "NZ", "NO", "KR", "ES", "SE", "TW", "GB"),
}


def day(text, **query):
    return Query(on=dt.date.fromisoformat(text), **query)


def test_the_framework_sorts_the_world():
    found = difference(LAW, day("2025-01-12", basis="written"), day("2025-05-20", basis="written"), chips=["h100-sxm"])
    tiers = found.tiers
    assert tiers.before == ()
    first, second, third = tiers.after
    assert (first.count, first.with_us, set(first.places)) == (18, True, {*TIER_1, "US"})
    assert (third.count, third.with_us, set(third.places)) == (24, False, TIER_3)
    own = {code for code, place in places().items() if place.row == code}
    assert set(second.places) == own - set(first.places) - set(third.places)
    assert second.count == len(second.places)
    assert {(move.before, move.after, len(move.places)) for move in tiers.moved} == {
        (None, 1, 19),
        (None, 2, second.count),
        (None, 3, 24),
    }
    assert tiers.territories["CN"] == ("HK",)
    assert tiers.territories["CH"] == ("LI",)
    assert tiers.no_row == tuple(code for code, place in places().items() if place.row is None)
    assert "requirement_3a090_a_worldwide" in {c.clause for c in found.law.clauses if c.change == "added"}
    assert TIER_1 | {"CH", "SG", "VN"} <= set(found.gains.losing)
    assert "CN" in found.gains.otherwise  # a presumption of denial before and after; the form of the application is new


def changes_at(found, code):
    return [
        (quantity, change)
        for effect in found.gains.effects
        for change in effect.changes
        if code in change.places
        for quantity in effect.quantities
    ]


def test_the_proposal_of_microsoft_lifts_the_allocation_of_switzerland_as_written():
    written = Query(on=JUNE, basis="written")
    found = difference(
        LAW, written, replace(written, proposals=MICROSOFT), chips=["h100-sxm"], quantities=[1000, 2000, 60000]
    )
    told = dict(changes_at(found, "CH"))
    assert sorted(told) == ["2000", "60000"]  # 1,000 are within License Exception LPP and draw on nothing
    within, beyond = told["2000"], told["60000"]
    assert within.before.review_policy == within.after.review_policy == "presumption_of_approval"
    assert (within.before.allocates, within.after.allocates, within.direction) == (True, False, "gain")
    assert (beyond.before.review_policy, beyond.after.review_policy) == ("policy_of_denial", "presumption_of_approval")
    assert (beyond.before.allocates, beyond.after.allocates, beyond.direction) == (True, False, "gain")
    assert found.gains.losing == found.gains.both == found.gains.otherwise == ()
    assert {c.clause: c.change for c in found.law.clauses}["allocation"] == "gone"


def test_the_default_quantities_show_the_proposal_to_all_of_tier_2_and_to_nobody_else():
    written = Query(on=JUNE, basis="written")
    found = difference(LAW, written, replace(written, proposals=MICROSOFT))
    second = found.tiers.after[1]
    own = {code for code in found.gains.gaining if places()[code].row == code}
    assert own == set(second.places)
    assert "CH" in own
    assert found.gains.losing == found.gains.both == found.gains.otherwise == ()


def test_the_proposal_of_microsoft_has_no_effect_as_enforced():
    enforced = Query(on=JUNE)
    found = difference(LAW, enforced, replace(enforced, proposals=MICROSOFT))
    assert not found.effective
    assert (found.gains.changed, found.gains.effects, found.gains.gaining) == (0, (), ())
    assert {c.enforced_before for c in found.law.clauses if c.clause.startswith(("review", "allocation"))} == {"not"}


def test_a_holder_of_a_uveu_would_gain_by_it_even_as_enforced():
    # Its shares are lifted, and the authorization itself is not among what is not enforced.
    enforced = Query(on=JUNE)
    holder = {"uveu": True, "headquarters": "DE", "parent_headquarters": "DE"}
    facts = {**holder, "uveu_country_share": "0.1", "uveu_outside_tier_1_share": "0.1"}
    found = difference(LAW, enforced, replace(enforced, proposals=MICROSOFT), chips=["h100-sxm"], facts=facts)
    assert "SA" in found.gains.gaining
    assert "CH" not in found.gains.gaining


def test_a_draft_that_amends_nothing_has_no_effect_on_either_basis():
    for basis in ("written", "enforced"):
        query = day("2026-03-10", basis=basis)
        found = difference(LAW, query, replace(query, proposals=("reported-draft-2026-03-05",)), chips=["h100-sxm"])
        assert not found.effective
        assert [act.act for act in found.law.acts] == ["reported-draft-2026-03-05"]
        assert (found.law.clauses, found.law.sets, found.law.tables) == ((), (), ())


def test_what_was_not_enforced_from_2025_05_13():
    found = difference(LAW, day("2025-05-12"), day("2025-05-13"))
    assert {act.act for act in found.law.acts} == {"us-ear-2025-05-13-guidance", "us-ear-2025-05-13-not-enforced"}
    stopped = {c.clause for c in found.law.clauses if (c.enforced_before, c.enforced_after) == ("wholly", "not")}
    assert stopped == {
        "acm",
        "aia",
        "lpp",
        "review_a_within_allocation",
        "review_a_over_allocation",
        "allocation",
        "allocation_doubled",
    }
    # Where a license was required before the compliance date too, it no longer draws on the allocation.
    law = LAW.law(day("2025-05-13"))
    scope = law.sets["scope_2023"] - law.sets["d5_macau"]
    assert set(found.gains.gaining) == scope
    assert found.gains.losing == found.gains.both == found.gains.otherwise == ()


def test_the_guidance_of_2026_05_31_changes_only_what_it_settled():
    found = difference(LAW, day("2026-05-30"), day("2026-05-31"))
    (reading,) = found.law.readings
    assert (reading.reading, reading.before, reading.after) == ("headquarters-rule", "enforced", "enforced")
    assert (reading.settled_before, reading.settled_after) == ("", "us-ear-2026-05-31-headquarters-guidance")
    assert (found.law.clauses, found.law.sets, found.law.tables) == ((), (), ())
    assert not found.effective
    # To one who had read it otherwise, it changes what a company headed in China meets elsewhere.
    dropped = day("2026-05-30", known=dt.date(2026, 5, 30), readings=(("headquarters-rule", "dropped"),))
    facts = {"headquarters": "CN", "parent_headquarters": "CN"}
    other = difference(LAW, dropped, day("2026-05-31"), chips=["h100-sxm"], facts=facts)
    assert "CH" in other.gains.losing
    assert {c.clause for c in other.law.clauses} == {"requirement_3a090_a_worldwide"}


def test_the_rule_of_2026_07_10_names_the_united_arab_emirates():
    found = difference(LAW, day("2026-07-09"), day("2026-07-10"))
    members = {change.set: (change.added, change.removed) for change in found.law.sets}
    assert members == {"d4": ((), ("AE",)), "a5": (("AE",), ()), "scope_2023": ((), ("AE",))}
    met = {code for effect in found.gains.effects for change in effect.changes for code in change.places}
    assert met == {"AE"}
    assert found.gains.otherwise == ("AE",)  # its review policy was not read: neither freer nor less free
    named = difference(
        LAW, day("2026-07-09"), day("2026-07-10"), chips=["h100-sxm"], facts={"end_user_status": "uae_government"}
    )
    assert named.gains.gaining == ("AE",)


def test_cambodia_moves_from_tier_3_to_tier_2_by_either_reading():
    found = difference(LAW, day("2025-11-06"), day("2025-11-07"), chips=["h100-sxm"])
    assert [(m.before, m.after, m.places) for m in found.tiers.moved] == [(3, 2, ("KH",))]
    table = (("cambodia-d5-exit", "table"),)
    later = difference(LAW, day("2026-02-02", readings=table), day("2026-02-03", readings=table), chips=["h100-sxm"])
    assert [(m.before, m.after, m.places) for m in later.tiers.moved] == [(3, 2, ("KH",))]
    assert not difference(LAW, day("2026-02-02"), day("2026-02-03"), chips=["h100-sxm"]).tiers.moved


def test_there_is_nothing_to_compare_between_a_law_and_itself():
    with pytest.raises(BadInput, match="nothing to compare") as caught:
        refuse_same(day("2025-06-02"), day("2025-06-02"))
    assert caught.value.fix
    refuse_same(day("2025-06-02"), day("2025-06-02", basis="written"))


def test_the_whole_of_it_is_plain_data():
    found = difference(LAW, day("2025-05-12"), day("2025-05-13"), chips=["h100-sxm"])
    again = msgspec.json.decode(msgspec.json.encode(found), type=type(found))
    assert again == found


DAYS = [d for change in LAW.days_of_change() for d in (change - dt.timedelta(days=1), change)]
READINGS = [
    ((name, choice),) for act in LAW.acts() for name, reading in act.head.readings.items() for choice in reading.choices
]
queries = st.builds(
    Query,
    on=st.sampled_from(DAYS),
    basis=st.sampled_from(["written", "enforced"]),
    known=st.none() | st.sampled_from([dt.date(2024, 1, 1), dt.date(2025, 5, 10), dt.date(2026, 1, 1)]),
    readings=st.just(()) | st.sampled_from(READINGS),
)
chips = st.lists(st.sampled_from(["h100-sxm", "rtx-4090", "a30", "h20", "mi308x"]), min_size=1, max_size=2, unique=True)


@given(query=queries, chips=chips)
@settings(max_examples=25)
def test_a_law_does_not_differ_from_itself(query, chips):
    found = difference(LAW, query, query, chips=chips)
    assert found.law.empty
    assert not found.effective
    assert found.tiers is None or (found.tiers.moved == () and found.tiers.before == found.tiers.after)


TURNED = {"gain": "loss", "loss": "gain", "sideways": "sideways"}
UNDONE = {"added": "gone", "gone": "added", "changed": "changed"}


@given(before=queries, after=queries, chips=chips)
@settings(max_examples=25)
def test_the_mirror_has_what_came_gone_and_who_gained_losing(before, after, chips):
    one, other = difference(LAW, before, after, chips=chips), difference(LAW, after, before, chips=chips)
    assert [(m.after, m.before, m.places) for m in _moved(one)] == [
        (m.before, m.after, m.places) for m in _moved(other)
    ]
    for kind, name in {"acts": "act", "clauses": "clause", "sets": "set", "tables": "table"}.items():
        ours = {getattr(c, name): UNDONE[c.change] for c in getattr(one.law, kind)}
        assert ours == {getattr(c, name): c.change for c in getattr(other.law, kind)}, kind
    assert {(c.clause, *((f.name, str(f.after), str(f.before)) for f in c.fields)) for c in one.law.clauses} == {
        (c.clause, *((f.name, str(f.before), str(f.after)) for f in c.fields)) for c in other.law.clauses
    }
    assert {(c.set, c.removed, c.added) for c in one.law.sets} == {(c.set, c.added, c.removed) for c in other.law.sets}
    assert {(c.reading, c.after, c.before, c.settled_after, c.settled_before) for c in one.law.readings} == {
        (c.reading, c.before, c.after, c.settled_before, c.settled_after) for c in other.law.readings
    }
    assert (one.gains.gaining, one.gains.losing) == (other.gains.losing, other.gains.gaining)
    assert (one.gains.both, one.gains.otherwise) == (other.gains.both, other.gains.otherwise)
    assert _told(one, turned=True) == _told(other, turned=False)


def _moved(found):
    return sorted(found.tiers.moved, key=lambda move: move.places) if found.tiers else []


def _told(found, *, turned):
    """Every change with all that it is about, turned around or as it is."""
    return {
        (
            effect.items,
            effect.quantities,
            change.places,
            *((TURNED[change.direction], change.after, change.before) if turned else _as_it_is(change)),
        )
        for effect in found.gains.effects
        for change in effect.changes
    }


def _as_it_is(change):
    return change.direction, change.before, change.after
