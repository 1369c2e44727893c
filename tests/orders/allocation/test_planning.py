"""What a plan says of each line: which way it goes, what it draws, what it waits for."""

import datetime as dt
from decimal import Decimal

import pytest

from licet.errors import BadInput, BadValue, UnknownName
from licet.ledger.law import granted, uveu
from licet.ledger.model import Receipt
from licet.statutes.law import Query

LPP, NATIONAL = "lpp/Nordhafen Gruppe/2025", "national allocation/PL/2025 to 2027"
JUNE = dt.date(2025, 6, 2)


def drawn(plan):
    return {account.name: (account.lines, Decimal(account.planned)) for account in plan.head.accounts}


def waits(line):
    return {wait.what: wait for wait in line.waits_for}


@pytest.mark.parametrize(
    ("figures", "counts"),
    [
        ({}, ("15832", 1_699, 49_898)),
        ({"chip": "", "name": "h100", "tpp": "15831.2"}, ("15831.2", 1_699, 49_901)),
    ],
)
def test_sixty_thousand_for_one_polish_buyer_a_unit_a_line(plan_of, buyer, figures, counts):
    each, under_lpp, licensed = counts
    item = {
        "kind": "chip",
        "datacenter": "true",
        "designer": "NVIDIA",
        "designer_status": "approved",
        "performance_density": "19.45",
        "circuits": "1",
    }
    rows = [buyer(**(item | figures if figures else {}))] * 60_000
    plan, lines = plan_of(rows)
    assert drawn(plan) == {
        LPP: (under_lpp, under_lpp * Decimal(each)),
        NATIONAL: (licensed, licensed * Decimal(each)),
    }
    assert [line.turn for line in lines] == list(range(1, 60_001))
    assert {line.way for line in lines[:under_lpp]} == {"LPP"}
    assert {line.way for line in lines[under_lpp : under_lpp + licensed]} == {"license"}
    for line in lines[under_lpp + licensed :]:
        assert (line.status, line.review_policy) == ("waits", "policy_of_denial")
        volume, allocation, more = line.waits_for
        assert (volume.account, volume.last, volume.needed) == (LPP, "2025-12-31", each)
        assert (allocation.account, allocation.last) == (NATIONAL, "2027-12-31")
        assert Decimal(allocation.available) < Decimal(each)
        assert (more.what, more.clause) == ("clause", "allocation_doubled")


def test_what_the_ledger_holds_is_gone_before_the_book_begins(plan_of, buyer, ledger):
    ledger.open_account(LPP, 26_900_000, first="2025-01-01", last="2025-12-31")
    ledger.reserve(LPP, 26_900_000 - 2 * 15_832, key="before", on=JUNE)
    _, lines = plan_of([buyer()] * 3, ledger=ledger)
    assert [line.way for line in lines] == ["LPP", "LPP", "license"]
    assert ledger.balance(LPP, on=JUNE).reserved == 26_900_000 - 2 * 15_832


def test_a_plan_only_reads_the_ledger_and_names_its_end(plan_of, buyer, ledger):
    before = ledger.head()
    plan, _ = plan_of([buyer()], ledger=ledger)
    assert ledger.head() == before
    assert plan.head.ledger == {"identity": ledger.identity, "sequence": before[0], "digest": before[1]}
    assert ledger.accounts() == []


def test_the_same_book_and_order_give_the_same_bytes(plan_of, buyer, ledger):
    rows = [buyer(id=n, quantity=n + 1, date=f"2025-0{6 + n % 3}-02") for n in range(40)]
    first, _ = plan_of(rows, ledger=ledger, name="a.jsonl")
    second, _ = plan_of(rows, ledger=ledger, name="b.jsonl")
    assert first.path.read_bytes() == second.path.read_bytes()


def test_whose_turn_comes_first_is_declared(plan_of, buyer):
    rows = [
        buyer(id="small", quantity=10, date="2025-07-01", rank="2"),
        buyer(id="large", quantity=1500, date="2025-08-01", rank="10"),
        buyer(id="early", quantity=1000, date="2025-06-01", rank=""),
    ]
    orders = {"date": ["early", "small", "large"], "largest": ["large", "early", "small"]}
    orders["column:Rank"] = ["small", "large", "early"]
    for order, names in orders.items():
        plan, lines = plan_of(rows, order=order)
        assert [line.id for line in lines] == names
        assert plan.head.order == order
    # 1,510 fit under LPP together, 1,000 more do not: who comes last needs a license.
    assert [line.way for line in lines] == ["LPP", "LPP", "license"]


def test_an_order_that_is_none_is_refused(plan_of, buyer):
    with pytest.raises(BadValue, match="no order is called 'biggest'"):
        plan_of([buyer()], order="biggest")
    with pytest.raises(UnknownName, match="no column 'priority'"):
        plan_of([buyer()], order="column:priority")


def test_an_earlier_day_must_leave_the_later_ones_their_room(plan_of, buyer, ledger):
    ledger.open_account(LPP, 26_900_000, first="2025-01-01", last="2025-12-31")
    ledger.reserve(LPP, 26_900_000, key="december", on=dt.date(2025, 12, 1))
    _, lines = plan_of([buyer(date="2025-06-02")], ledger=ledger)
    assert lines[0].way == "license"


def test_volume_of_the_next_year_is_another_account(plan_of, buyer):
    rows = [buyer(quantity=1699), buyer(quantity=1699, date="2026-06-02"), buyer(quantity=1)]
    plan, lines = plan_of(rows)
    assert [line.account for line in lines] == [LPP, NATIONAL, "lpp/Nordhafen Gruppe/2026"]
    assert drawn(plan)[NATIONAL] == (1, 15_832)


def test_a_line_without_the_parents_name_draws_on_the_allocation(plan_of, buyer):
    _, lines = plan_of([buyer(ultimate_parent=""), buyer(ultimate_parent="", quantity=49_898)])
    assert (lines[0].way, lines[0].account) == ("license", NATIONAL)
    assert waits(lines[1])["account"].account == NATIONAL


def test_a_validated_end_user_has_a_stock_that_grows_by_quarter(plan_of, buyer, ledger):
    name = "nveu/Nordhafen Rechenzentrum/PL"
    rows = [
        buyer(nveu_country="PL", quantity=35_000),
        buyer(nveu_country="PL", quantity=35_000),
        buyer(nveu_country="PL", quantity=35_000, date="2025-07-01"),
    ]
    plan, lines = plan_of(rows, ledger=ledger)
    assert [line.account for line in lines] == [name, NATIONAL, name]
    assert lines[1].way == "license"
    assert drawn(plan)[name] == (2, 70_000 * 15_832)
    opened = next(account.open for account in plan.head.accounts if account.name == name)
    assert opened["kind"] == "stock"


def test_volume_is_used_before_a_validated_end_user_s_ceiling(plan_of, buyer):
    _, lines = plan_of([buyer(nveu_country="PL", quantity=1000)] * 2)
    assert [line.way for line in lines] == ["LPP", "NVEU"]


def test_the_next_quarter_is_named_where_it_has_room(plan_of, buyer):
    rows = [buyer(nveu_country="PL", quantity=55_000), buyer(nveu_country="PL", quantity=60_000)]
    _, lines = plan_of(rows)
    accounts = {wait.account: wait for wait in lines[1].waits_for if wait.account}
    assert accounts["nveu/Nordhafen Rechenzentrum/PL"].opens == "2026-01-01"


def test_what_can_never_fit_waits_for_no_room(plan_of, buyer):
    _, lines = plan_of([buyer(quantity=60_000, government_assurances="true"), buyer(quantity=99_800)])
    assert lines[0].way == "license"
    assert [(wait.what, wait.review_policy) for wait in lines[1].waits_for] == [("license", "policy_of_denial")]


def test_shares_of_an_installed_base(plan_of, buyer, ledger, loaded):
    law = loaded.law(Query(on=JUNE, basis="written"))
    entity = "Nordhafen Rechenzentrum"
    opening = uveu(law, entity, us_headquartered=False)
    assert isinstance(ledger.batch([opening])[0], Receipt)
    ledger.add(opening.name, 100 * 15_832, key="base", on="2025-05-20", place="DE")
    facts = {"headquarters": "DE", "parent_headquarters": "DE", "uveu": "true", "ultimate_parent": ""}
    # 7 of 107 are 6.5 percent in one place; 8 of 108 would be 7.4.
    rows = [buyer(**facts, quantity=7), buyer(**facts, quantity=1)]
    _, lines = plan_of(rows, ledger=ledger)
    assert (lines[0].way, lines[0].account, lines[0].place) == ("UVEU", opening.name, "PL")
    assert lines[1].way == "license"


def test_a_granted_license_is_used_within_its_quantity_and_validity(plan_of, buyer, ledger):
    days = {"first": dt.date(2025, 6, 1), "last": dt.date(2025, 12, 31)}
    ledger.batch([granted("D1234567", item="h100-sxm", consignee="Nordhafen", quantity=100, **days)])
    rows = [
        buyer(license="D1234567", quantity=60),
        buyer(license="D1234567", quantity=60),
        buyer(license="D1234567", quantity=1, date="2026-02-01"),
        buyer(license="D7654321"),
    ]
    _, lines = plan_of(rows, ledger=ledger)
    name = "license/D1234567/h100-sxm"
    first, second, other, late = lines
    assert (first.account, first.amount, first.unit) == (name, "60", "unit")
    assert (second.status, waits(second)["account"].available) == ("waits", "40")
    assert (late.date, late.status, waits(late)["account"].last) == ("2026-02-01", "waits", "2025-12-31")
    assert waits(other)["account"].account == "license/D7654321/h100-sxm"


def test_assurances_double_the_allocation_from_their_day(plan_of, buyer):
    rows = [
        buyer(quantity=49_000, ultimate_parent=""),
        buyer(quantity=49_000, ultimate_parent="", government_assurances="true", date="2025-07-01"),
        buyer(quantity=1_000, ultimate_parent="", date="2025-07-02"),
    ]
    plan, lines = plan_of(rows)
    assert [line.status for line in lines] == ["planned", "planned", "waits"]
    (account,) = plan.head.accounts
    assert [(raised.start, raised.amount) for raised in account.raised] == [("2025-07-01", "1580000000")]


def test_what_needs_no_volume_is_free_and_what_no_volume_helps_waits_for_a_license(plan_of, buyer):
    rows = [
        buyer(id="consumer", chip="rtx-4080", destination="PL"),
        buyer(id="tier 3", destination="CN", headquarters="CN", parent_headquarters="CN"),
        buyer(id="unknown", headquarters="", parent_headquarters="", destination="DE"),
        buyer(id="bad", quantity="many"),
    ]
    plan, lines = plan_of(rows)
    by_id = {line.id: line for line in lines}
    assert by_id["consumer"].status == "free"
    assert (by_id["tier 3"].status, by_id["tier 3"].review_policy) == ("waits", "presumption_of_denial")
    assert waits(by_id["tier 3"])["license"].review_policy == "presumption_of_denial"
    assert "bad" not in by_id
    assert plan.head.counts["lines"] == 3


def test_a_book_that_states_what_was_used_is_refused(plan_of, buyer):
    with pytest.raises(BadInput, match="lpp_used_tpp") as refused:
        plan_of([buyer(lpp_used_tpp="1000")])
    assert "ledger" in refused.value.fix


def test_under_the_law_as_enforced_nothing_is_drawn(plan_of, buyer):
    plan, lines = plan_of([buyer(basis="enforced")])
    assert lines[0].status == "free"
    assert plan.head.accounts == ()
