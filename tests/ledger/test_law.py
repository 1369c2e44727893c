"""The accounts that the law speaks of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from licet import statutes
from licet.decisions import Query, ask
from licet.errors import BadValue, LimitExceeded
from licet.home import law_folder
from licet.ledger import Ledger, Receipt, Reserve
from licet.ledger.law import accounts_of, ensure, granted, used, uveu

LAW = statutes.load(law_folder())
JUNE = dt.date(2025, 6, 2)
POLAND = {"chip": "h100-sxm", "destination": "PL", "headquarters": "PL", "parent_headquarters": "PL"}


def drawn(on=JUNE, **facts):
    """The accounts of a transaction, by the clause that draws on them."""
    given = {**POLAND, "quantity": 1, "ultimate_parent": "Wisła SA", "ultimate_consignee": "Wisła Cloud", **facts}
    law = LAW.law(Query(on=on, basis="written"))
    return {one.clause: one for one in accounts_of(law, ask(LAW, given, on=on, basis="written"))}


@pytest.fixture
def ledger(clock):
    with Ledger.open(":memory:", clock=clock) as opened:
        yield opened


def test_a_national_allocation_is_counted_by_place_and_period():
    found = drawn(quantity=2000)["allocation"]
    account = found.account
    assert account.name == "national allocation/PL/2025 to 2027"
    assert (account.first, account.last) == (dt.date(2025, 1, 1), dt.date(2027, 12, 31))
    assert [(limit.start, limit.amount) for limit in account.limits] == [(dt.date(2025, 1, 1), 790_000_000)]
    assert (found.amount, found.limit, found.used) == (31_664_000, 790_000_000, "allocation_used_tpp")
    assert account.details["cite"].startswith("15 CFR 742.6")


def test_lpp_is_counted_by_ultimate_parent_and_calendar_year():
    found = drawn()["lpp"]
    assert found.account.name == "lpp/Wisła SA/2025"
    assert (found.account.first, found.account.last) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert (found.amount, found.limit) == (15_832, 26_900_000)
    assert drawn(dt.date(2026, 3, 1))["lpp"].account.name == "lpp/Wisła SA/2026"


def test_nveu_is_a_stock_by_company_and_place_with_a_limit_by_quarter():
    account = drawn(nveu_country="PL")["nveu"].account
    assert (account.name, account.kind) == ("nveu/Wisła Cloud/PL", "stock")
    assert [(limit.start.isoformat(), limit.amount) for limit in account.limits[:2]] == [
        ("2025-01-01", 633_000_000),
        ("2025-04-01", 949_500_000),
    ]
    assert (account.limits[-1].amount, account.last) == (5_064_000_000, dt.date(2027, 12, 31))


def test_without_the_holder_no_account_can_be_named():
    with pytest.raises(BadValue, match="ultimate_parent") as refused:
        drawn(ultimate_parent=None)
    assert refused.value.fix


def test_a_company_with_a_slash_keeps_its_name_to_itself():
    assert drawn(ultimate_parent=" A/S  Nord 5% ")["lpp"].account.name == "lpp/A%2FS Nord 5%25/2025"


def test_an_account_is_opened_once_and_says_what_was_used(ledger):
    found = drawn()["lpp"]
    assert used(ledger, found) == ("lpp_used_tpp", 0)
    assert ensure(ledger, found) == ensure(ledger, found) == "lpp/Wisła SA/2025"
    ledger.reserve("lpp/Wisła SA/2025", 1_000, key="a", on=JUNE)
    assert used(ledger, found) == ("lpp_used_tpp", 1_000)
    assert len(ledger.accounts()) == 1


def test_assurances_double_an_allocation_from_the_day_on(ledger):
    name = ensure(ledger, drawn(quantity=2000)["allocation"])
    later = dt.date(2026, 1, 1)
    doubled = drawn(later, quantity=2000, government_assurances=True)["allocation_doubled"]
    assert ensure(ledger, doubled) == ensure(ledger, doubled) == name
    assert [ledger.balance(name, on=day).limit for day in (JUNE, later)] == [790_000_000, 1_580_000_000]
    ensure(ledger, drawn(dt.date(2025, 7, 1), quantity=2000)["allocation"])
    assert [ledger.balance(name, on=day).limit for day in (JUNE, later)] == [790_000_000, 1_580_000_000]
    assert ledger.verify() == []


def test_a_doubled_allocation_that_comes_first_leaves_the_days_before_it_as_they_were(ledger):
    later = dt.date(2026, 1, 1)
    name = ensure(ledger, drawn(later, quantity=2000, government_assurances=True)["allocation_doubled"])
    assert [ledger.balance(name, on=day).limit for day in (JUNE, later)] == [790_000_000, 1_580_000_000]


def test_a_buyer_of_many_h100_gets_1699_under_lpp_and_49898_from_the_allocation(ledger):
    """A unit a request, in the order of the regulation: the exception first, then the country's allocation."""
    unit = Decimal(15_832)
    lpp, allocation = (ensure(ledger, one) for one in (drawn()["lpp"], drawn(quantity=2000)["allocation"]))
    taken = {lpp: 0, allocation: 0}
    for account, units in ((lpp, 1_700), (allocation, 49_900)):
        asked = [Reserve(account=account, amount=unit, key=f"{account} {n}", on=JUNE) for n in range(units)]
        taken[account] = sum(isinstance(one, Receipt) for one in ledger.batch(asked))
    assert (taken[lpp], taken[allocation]) == (1_699, 49_898)


def test_the_shares_of_a_universal_validated_end_user_are_those_of_the_law(ledger):
    law = LAW.law(Query(on=JUNE, basis="written"))
    account = uveu(law, "Cloud", us_headquartered=True)
    assert [(share.percent, share.each_place) for share in account.shares] == [(25, False), (7, True), (50, False)]
    assert account.shares[2].within == ("US",)
    assert {"US", "JP", "TW"} < set(account.shares[0].within)
    assert len(uveu(law, "Wolke", us_headquartered=False).shares) == 2
    assert isinstance(ledger.batch([account])[0], Receipt)
    ledger.add(account.name, 93, key="us", on=JUNE, place="US")
    with pytest.raises(LimitExceeded):
        ledger.add(account.name, 8, key="in", on=JUNE, place="IN")


def test_there_is_no_universal_validated_end_user_before_there_was_one():
    with pytest.raises(BadValue, match="no UVEU"):
        uveu(LAW.law(Query(on=dt.date(2024, 6, 1), basis="written")), "Cloud", us_headquartered=True)


def test_a_granted_license_is_an_account_of_units_within_its_validity(ledger):
    valid = {"first": dt.date(2025, 3, 1), "last": dt.date(2026, 2, 28)}
    account = granted("D1234567", item="H100", consignee="Wisła Cloud", quantity=100, **valid)
    assert (account.name, account.unit) == ("license/D1234567/H100", "unit")
    assert isinstance(ledger.batch([account])[0], Receipt)
    assert ledger.account(account.name).details["consignee"] == "Wisła Cloud"
    ledger.reserve(account.name, 100, key="a", on=JUNE)
    with pytest.raises(LimitExceeded):
        ledger.reserve(account.name, 1, key="b", on=JUNE)
    with pytest.raises(BadValue, match="outside the period"):
        ledger.reserve(account.name, 1, key="b", on=dt.date(2026, 3, 1))
    with pytest.raises(BadValue):
        granted("D1", item="H100", consignee="x", quantity=1.5, **valid)
