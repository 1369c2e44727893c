"""The rooms of a plan let through what the ledger lets through."""

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from licet.errors import LicetError
from licet.ledger import Ledger, Limit, Share
from licet.ledger.model import Receipt, Reserve
from licet.orders.allocation.rooms import Rooms

FIRST = dt.date(2025, 1, 1)
DAYS = st.integers(0, 364).map(lambda days: FIRST + dt.timedelta(days=days))
AMOUNTS = st.integers(1, 120_000).map(lambda thousandths: Decimal(thousandths) / 1000)
PLACES = st.sampled_from(["US", "DE", "PL", "SG"])
CLOCK = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def accepted(ledger, account, number, **facts):
    request = Reserve(account=account, key=f"k{number}", **facts)
    return isinstance(ledger.batch([request])[0], Receipt)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(DAYS, st.integers(0, 300)), max_size=3, unique_by=lambda limit: limit[0]),
    st.lists(st.tuples(DAYS, AMOUNTS), max_size=6),
    st.lists(st.tuples(DAYS, AMOUNTS), max_size=12),
)
def test_days_with_limits(later, before, planned):
    limits = [Limit(FIRST, Decimal(100)), *(Limit(day, Decimal(amount)) for day, amount in sorted(later))]
    limits = [limit for n, limit in enumerate(limits) if n == 0 or limit.start > FIRST]
    with Ledger.open(":memory:", clock=lambda: CLOCK) as ledger:
        ledger.open_account("a", limits, first=FIRST, last="2025-12-31")
        for number, (on, amount) in enumerate(before):
            accepted(ledger, "a", f"before{number}", on=on, amount=amount)
        room = Rooms(ledger).known("a")
        for number, (on, amount) in enumerate(planned):
            assert room.free(on) == ledger.balance("a", on=on).available * 1000 or room.free(on) < 0
            taken = room.take(on, int(amount * 1000))
            assert taken is accepted(ledger, "a", number, on=on, amount=amount)


@settings(max_examples=60)
@given(st.lists(st.tuples(PLACES, AMOUNTS), max_size=6), st.lists(st.tuples(PLACES, AMOUNTS), max_size=12))
def test_shares_of_a_whole(before, planned):
    shares = [
        Share(name="outside", percent=50, within=("US",)),
        Share(name="one place", percent=25, within=("US", "DE"), each_place=True),
    ]
    with Ledger.open(":memory:", clock=lambda: CLOCK) as ledger:
        ledger.open_account("base", kind="shares", shares=shares)
        ledger.add("base", 1000, key="start", on=FIRST, place="US")
        for number, (place, amount) in enumerate(before):
            try:
                ledger.add("base", amount, key=f"b{number}", on=FIRST, place=place)
            except LicetError:
                continue
        portions = Rooms(ledger).shares("base")
        for number, (place, amount) in enumerate(planned):
            within = all(
                portions.share(share, place, int(amount * 1000)) <= Decimal(share.percent) / 100 for share in shares
            )
            taken = portions.take(place, int(amount * 1000))
            assert taken is accepted(ledger, "base", number, on=FIRST, amount=amount, place=place)
            assert taken is within or place in shares[0].within


def test_a_limit_is_raised_from_a_day_and_never_lowered():
    with Ledger.open(":memory:", clock=lambda: CLOCK) as ledger:
        ledger.open_account("a", 100, first=FIRST, last="2025-12-31")
        room = Rooms(ledger).known("a")
    june = dt.date(2025, 6, 1)
    room.raise_to(june, 200_000)
    room.raise_to(june, 150_000)
    assert (room.free(FIRST), room.free(june)) == (100_000, 200_000)
    assert room.raised == [(june, 200_000)]
    assert room.take(june, 150_000)
    assert not room.take(FIRST, 100_000)
    assert room.take(FIRST, 50_000)
    assert room.opens(FIRST, 10_000) is None
