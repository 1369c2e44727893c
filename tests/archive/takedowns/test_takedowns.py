from __future__ import annotations

from datetime import timedelta

import pytest

from licet.archive import Archive
from licet.archive.takedowns import Policy
from licet.errors import BadValue, NoSuchCase, NoSuchSnapshot, NotInThatState, TakenDown, TooManyRequests
from licet.journal import Journal
from tools.takedowns import AT, DUE, LATER, NAMED, REVISED, ask, capture


def test_a_granted_request_hides_and_an_undone_one_shows_again(opened, granted):
    archive = opened.archive
    assert archive.search(REVISED).hits[0].snapshot.id == opened.second.id
    case = granted(opened.second.id)
    assert case.status == "granted"
    with pytest.raises(TakenDown) as caught:
        archive.snapshot(opened.second.id)
    assert (caught.value.ground, caught.value.digest) == ("privacy", opened.second.digest)
    assert caught.value.snapshot == opened.second.id
    assert opened.second.id not in [hit.snapshot.id for hit in archive.search(REVISED).hits]
    assert archive.by_address("https://news.example/a").id == opened.first.id
    again = opened.takedowns.undo(case.reference, by="editor", at=LATER, reason="it was the wrong page")
    assert again.status == "undone"
    assert archive.snapshot(opened.second.id).title == REVISED
    assert archive.by_address("https://news.example/a").id == opened.second.id


def test_the_whole_item_goes_and_no_new_version_of_it_comes(opened, granted, pages):
    granted("https://news.example/a", scope="item")
    for gone in (opened.first, opened.second):
        with pytest.raises(TakenDown):
            opened.archive.snapshot(gone.id)
    assert opened.archive.by_address("https://news.example/a") is None
    assert opened.archive.captures_of("https://news.example/a") == []
    with pytest.raises(TakenDown, match="not captured again"):
        opened.archive.take(capture("https://news.example/a", pages.chinese("又一版", pages.paragraphs)), at=DUE)
    assert opened.archive.snapshot(opened.other.id)
    assert opened.archive.verify() == []


def test_one_version_goes_and_the_next_may_still_come(opened, granted, pages):
    granted(opened.first.id)
    named = (f"{NAMED}仓库主管的住址被写进了报道,东港日报后来删去了这一段,并向当事人致歉。", *pages.paragraphs[1:])
    same = pages.chinese(f"{NAMED}谈港口盘点", named)
    for url, body in (("https://news.example/a", same + b" "), ("https://mirror.example/z", same)):
        with pytest.raises(TakenDown):
            opened.archive.take(capture(url, body), at=DUE)
    taken = opened.archive.take(capture("https://news.example/a", pages.chinese("第三版", pages.paragraphs)), at=DUE)
    assert taken.snapshot.version == 3


def test_a_request_for_what_is_asked_for_already_joins_it(opened):
    first = ask(opened.takedowns, opened.first.id)
    assert ask(opened.takedowns, opened.first.id) == first
    joined = ask(opened.takedowns, opened.first.id, name="Publisher", contact="rights@paper.example", ground="rights")
    assert joined.reference == first.reference
    assert [one.name for one in joined.reporters] == ["Reader", "Publisher"]
    wider = ask(opened.takedowns, "https://news.example/a?utm_source=x", scope="item")
    assert wider.reference != first.reference
    assert set(wider.snapshots) == {opened.first.id, opened.second.id}
    assert ask(opened.takedowns, opened.second.id, name="Other").reference == wider.reference


def test_who_asked_is_in_no_journal_and_is_forgotten(opened, home):
    case = ask(opened.takedowns, opened.first.id, policy=Policy(personal=timedelta(days=10)))
    granted = opened.takedowns.grant(case.reference, by="editor", at=LATER)
    told = (home / "journal" / "journal.jsonl").read_text(encoding="utf-8")
    assert case.reference in told
    for private in ("Reader", "reader@mail.example", "My address"):
        assert private not in told
    assert granted.reporters[0].forget_at == LATER + timedelta(days=10)
    assert opened.takedowns.forget(LATER + timedelta(days=9)) == 0
    assert opened.takedowns.forget(LATER + timedelta(days=10)) == 1
    assert opened.takedowns.case(case.reference).reporters == ()


def test_a_refusal_has_a_reason_and_a_new_request_a_new_case(opened):
    case = ask(opened.takedowns, opened.first.id)
    refused = opened.takedowns.refuse(case.reference, by="editor", at=LATER, reason="the figure is right")
    assert (refused.status, refused.reason, refused.by) == ("refused", "the figure is right", "editor")
    assert opened.takedowns.refuse(case.reference, by="editor", at=LATER, reason="again") == refused
    with pytest.raises(NotInThatState):
        opened.takedowns.grant(case.reference, by="editor", at=LATER)
    assert ask(opened.takedowns, opened.first.id).reference != case.reference
    assert opened.archive.snapshot(opened.first.id)


def test_two_cases_over_one_snapshot_hide_it_until_both_are_undone(opened, granted):
    one = granted(opened.first.id)
    two = granted(opened.first.id, scope="item")
    opened.takedowns.undo(one.reference, by="editor", at=LATER, reason="enough with the other")
    with pytest.raises(TakenDown):
        opened.archive.snapshot(opened.first.id)
    opened.takedowns.undo(two.reference, by="editor", at=LATER, reason="settled")
    assert opened.archive.snapshot(opened.first.id)
    assert opened.archive.snapshot(opened.second.id)


def test_the_period_of_a_grant_ends(opened, granted):
    case = granted(opened.first.id, retention=timedelta(days=2))
    with pytest.raises(NotInThatState, match="ended"):
        opened.takedowns.undo(case.reference, by="editor", at=LATER + timedelta(days=3), reason="late")


def test_limits_by_client_day_and_number(opened):
    rules = Policy(per_client=2, open_cases=3, reporters=2)
    for number in range(2):
        ask(opened.takedowns, opened.first.id, name=f"n{number}", client="198.51.100.4", policy=rules)
    with pytest.raises(TooManyRequests, match="today"):
        ask(opened.takedowns, opened.other.id, client="198.51.100.4", policy=rules)
    ask(opened.takedowns, opened.other.id, client="198.51.100.4", at=LATER + timedelta(days=1), policy=rules)
    with pytest.raises(TooManyRequests, match="more people"):
        ask(opened.takedowns, opened.first.id, name="third", policy=rules)
    ask(opened.takedowns, opened.second.id, policy=rules)
    with pytest.raises(TooManyRequests, match="wait"):
        ask(opened.takedowns, opened.second.id, scope="item", policy=rules)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "whim"},
        {"text": "x" * 4001},
        {"name": ""},
        {"contact": "a\nb"},
        {"scope": "all"},
        {"at": AT.replace(tzinfo=None)},
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(opened, wrong):
    with pytest.raises(BadValue):
        ask(opened.takedowns, opened.first.id, **wrong)
    assert opened.takedowns.cases() == []


def test_what_is_not_there_has_no_case(opened):
    for target in ("nothing", "https://news.example/none", ""):
        with pytest.raises(NoSuchSnapshot):
            ask(opened.takedowns, target)
    with pytest.raises(NoSuchCase):
        opened.takedowns.case("TD-AAAAA-AAAAA")
    with pytest.raises(NoSuchCase):
        opened.takedowns.release(7, by="counsel", at=LATER, reason="over")


def test_a_second_process_sees_it_at_once(opened, home):
    with Archive.open(home) as serving:
        found = serving.search(REVISED).total
        case = ask(opened.takedowns, opened.second.id, scope="item")
        opened.takedowns.grant(case.reference, by="editor", at=LATER)
        with pytest.raises(TakenDown):
            serving.snapshot(opened.second.id)
        assert serving.search(REVISED).total == found - 1
        assert [
            hit.snapshot.id for hit in serving.search(REVISED).hits if hit.snapshot.item == opened.second.item
        ] == []


def test_every_step_is_in_the_journal(opened, granted, home):
    case = granted(opened.first.id)
    hold = opened.takedowns.hold(opened.other.id, by="counsel", at=LATER, reason="proceedings")
    assert opened.takedowns.hold(opened.other.id, by="counsel", at=LATER, reason="proceedings") == hold
    opened.takedowns.release(hold.number, by="counsel", at=LATER, reason="settled")
    opened.takedowns.undo(case.reference, by="editor", at=LATER, reason="wrong page")
    kinds = [entry.kind for entry in Journal.open(home).entries()]
    assert kinds[-5:] == ["requested", "granted", "held", "released", "undone"]
    assert opened.archive.verify() == []
