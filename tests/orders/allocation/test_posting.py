"""A plan is posted whole, or nothing of it; asked again nothing changes; thrown away, it leaves room."""

import datetime as dt

import pytest

from licet.errors import BadFile, BadInput, Settled
from licet.ledger import Ledger
from licet.orders.allocation import discard, post, read_plan, reserve

LPP, NATIONAL = "lpp/Nordhafen Gruppe/2025", "national allocation/PL/2025 to 2027"
JUNE = dt.date(2025, 6, 2)


@pytest.fixture
def rows(buyer):
    return [buyer(id=n, quantity=600) for n in range(4)]


def test_a_plan_that_is_posted_is_in_the_ledger_once(plan_of, rows, ledger):
    plan, _ = plan_of(rows, ledger=ledger)
    assert post(plan, ledger).done == 4
    head = ledger.head()
    assert post(plan, ledger).done == 4
    assert ledger.head() == head
    assert ledger.balance(LPP, on=JUNE).posted == 2 * 600 * 15_832
    assert ledger.balance(NATIONAL, on=JUNE).posted == 2 * 600 * 15_832
    assert ledger.verify() == []


def test_the_next_book_finds_what_was_posted(plan_of, rows, ledger):
    post(plan_of(rows, ledger=ledger)[0], ledger)
    _, lines = plan_of(rows[:1], ledger=ledger, name="next.jsonl")
    assert lines[0].way == "license"


def test_a_plan_may_hold_its_room_until_it_is_posted_or_thrown_away(plan_of, rows, ledger):
    plan, _ = plan_of(rows, ledger=ledger, expires=dt.date(2025, 7, 1))
    assert reserve(plan, ledger).done == 4
    assert ledger.balance(LPP, on=JUNE).reserved == 2 * 600 * 15_832
    assert discard(plan, ledger).done == 4
    assert ledger.balance(LPP, on=JUNE).reserved == 0
    head = ledger.head()
    discard(plan, ledger)
    assert ledger.head() == head
    with pytest.raises(Settled, match="discarded"):
        post(plan, ledger)


def test_reservations_expire_on_their_day(plan_of, rows, ledger):
    plan, _ = plan_of(rows, ledger=ledger, expires=dt.date(2025, 7, 1))
    reserve(plan, ledger)
    assert len(ledger.expire(dt.date(2025, 7, 2))) == 4
    assert ledger.balance(NATIONAL, on=JUNE).available == 790_000_000


def test_where_others_took_the_room_nothing_is_posted(plan_of, rows, ledger):
    plan, _ = plan_of(rows, ledger=ledger)
    ledger.open_account(LPP, 26_900_000, first="2025-01-01", last="2025-12-31")
    ledger.reserve(LPP, 20_000_000, key="another", on=JUNE)
    with pytest.raises(BadInput, match="no room any more") as refused:
        post(plan, ledger)
    assert "--what-fits" in refused.value.fix
    assert ledger.balance(LPP, on=JUNE).reserved == 20_000_000
    assert ledger.balance(NATIONAL, on=JUNE).available == 790_000_000


def test_what_fits_may_be_posted_alone(plan_of, rows, ledger):
    plan, lines = plan_of(rows, ledger=ledger)
    ledger.open_account(LPP, 26_900_000, first="2025-01-01", last="2025-12-31")
    ledger.reserve(LPP, 10_000_000, key="another", on=JUNE)
    done = post(plan, ledger, what_fits=True)
    assert (done.done, done.refused) == (3, (plan.key(lines[1]),))
    assert ledger.balance(LPP, on=JUNE).posted == 600 * 15_832
    assert ledger.verify() == []


def test_a_plan_of_another_ledger_is_refused(plan_of, rows, ledger):
    plan, _ = plan_of(rows, ledger=ledger)
    with Ledger.open(":memory:") as other, pytest.raises(BadInput, match="another ledger"):
        post(plan, other)


def test_limits_that_assurances_raised_are_set_when_the_plan_is_posted(plan_of, buyer, ledger):
    rows = [buyer(quantity=60_000, ultimate_parent="", government_assurances="true")]
    plan, _ = plan_of(rows, ledger=ledger)
    assert post(plan, ledger).done == 1
    assert post(plan, ledger).done == 1
    assert ledger.balance(NATIONAL, on=JUNE).limit == 1_580_000_000
    assert ledger.balance(NATIONAL, on=dt.date(2025, 6, 1)).limit == 790_000_000


@pytest.mark.parametrize("change", ["line", "head", "cut"])
def test_a_plan_that_was_edited_is_not_read(plan_of, rows, change):
    plan, _ = plan_of(rows)
    text = plan.path.read_bytes()
    changed = {
        "line": text.replace(b'"amount":"9499200"', b'"amount":"9499201"', 1),
        "head": text.replace(b'"planned":"', b'"planned":"1', 1),
        "cut": b"\n".join(text.split(b"\n")[:-2]),
    }[change]
    assert changed != text
    plan.path.write_bytes(changed)
    with pytest.raises(BadFile, match="not as it was made"):
        read_plan(plan.path)


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"plan": 7}\n', b"\xff\xfe\n", b"[" * 1000])
def test_what_is_no_plan_is_refused(tmp_path, content):
    path = tmp_path / "plan.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        read_plan(path)
    assert refused.value.fix
