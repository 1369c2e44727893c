"""Limits that are shares of one's own whole: 25 % outside Tier 1, 7 % in one place, 50 % abroad."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from fractions import Fraction

import pytest

from licet.errors import BadValue, LimitExceeded
from licet.ledger import (
    Add,
    Ledger,
    Open,
    Post,
    Receipt,
    Remove,
    Reserve,
    Share,
    Transfer,
    Void,
)

HOME, FRIENDS, OTHERS = "US", ("JP", "NL"), ("IN", "BR", "CH", "PL", "KE")
TIER_1 = (HOME, *FRIENDS)
SHARES = (
    Share(name="outside Tier 1", percent=25, within=TIER_1),
    Share(name="one place", percent=7, within=TIER_1, each_place=True),
    Share(name="outside the United States", percent=50, within=(HOME,)),
)
JUNE = dt.date(2025, 6, 2)


@pytest.fixture
def cloud(ledger):
    ledger.open_account("uveu/Cloud", kind="shares", shares=SHARES)
    return ledger


def add(ledger, place, amount, key, on=JUNE, **facts):
    return ledger.add("uveu/Cloud", amount, key=key, on=on, place=place, **facts)


def test_each_share_has_its_limit(cloud):
    with pytest.raises(LimitExceeded):
        add(cloud, "IN", 1, "nothing yet")
    add(cloud, "US", 93, "home")
    with pytest.raises(LimitExceeded) as refused:
        add(cloud, "IN", 8, "too much")
    assert refused.value.available == 7
    add(cloud, "IN", 7, "seven of a hundred")
    assert cloud.balance("uveu/Cloud", place="IN").available == 0
    assert cloud.balance("uveu/Cloud").posted == 100
    assert cloud.verify() == []


def test_all_places_outside_tier_1_have_a_limit_together(cloud):
    add(cloud, "US", 75, "home")
    for place in OTHERS[:3]:
        add(cloud, place, 5, place)
    add(cloud, "PL", 6, "PL")
    assert cloud.balance("uveu/Cloud", place="KE").available == 4
    add(cloud, "KE", 4, "KE")
    with pytest.raises(LimitExceeded):
        add(cloud, "BR", 1, "one more")


def test_half_may_be_abroad_and_no_more(cloud):
    add(cloud, "US", 50, "home")
    with pytest.raises(LimitExceeded) as refused:
        add(cloud, "JP", 51, "x")
    assert refused.value.available == 50
    add(cloud, "JP", 50, "abroad")
    with pytest.raises(LimitExceeded, match="pass their limits"):
        cloud.remove("uveu/Cloud", 1, key="r", on=JUNE, place="US")


def test_what_is_lost_is_entered_whatever_becomes_of_the_shares(cloud):
    add(cloud, "US", 50, "home")
    add(cloud, "JP", 50, "abroad")
    cloud.remove("uveu/Cloud", 20, key="fire", on=JUNE, place="US", lost=True)
    assert cloud.verify() == []
    with pytest.raises(LimitExceeded):
        add(cloud, "JP", 1, "x")
    with pytest.raises(LimitExceeded, match="has 30 posted"):
        cloud.remove("uveu/Cloud", 31, key="more", on=JUNE, place="US", lost=True)
    add(cloud, "US", 30, "again")
    cloud.remove("uveu/Cloud", 5, key="r", on=JUNE, place="JP")
    assert cloud.verify() == []


def test_the_shares_hold_whichever_reservations_are_posted(cloud):
    add(cloud, "US", 93, "home")
    cloud.reserve("uveu/Cloud", 100, key="us", on=JUNE, place="US")
    with pytest.raises(LimitExceeded):  # the reservation at home may be given up
        cloud.reserve("uveu/Cloud", 8, key="in", on=JUNE, place="IN")
    cloud.post("us")
    cloud.reserve("uveu/Cloud", 8, key="in", on=JUNE, place="IN")
    cloud.post("in", 3)
    assert cloud.balance("uveu/Cloud", place="IN").posted == 3
    assert cloud.verify() == []


def test_a_move_between_places_leaves_the_whole_as_it_is(cloud):
    add(cloud, "US", 93, "home")
    add(cloud, "IN", 7, "in")
    move = {"on": JUNE, "source_place": "IN", "target_place": "BR"}
    cloud.transfer("uveu/Cloud", "uveu/Cloud", 7, key="t", **move)
    assert [cloud.balance("uveu/Cloud", place=place).posted for place in ("IN", "BR")] == [0, 7]
    with pytest.raises(LimitExceeded):
        cloud.transfer("uveu/Cloud", "uveu/Cloud", 1, key="u", **move)
    with pytest.raises(LimitExceeded, match="KE"):
        cloud.transfer("uveu/Cloud", "uveu/Cloud", 8, key="u", on=JUNE, source_place="US", target_place="KE")
    assert cloud.verify() == []


def test_entries_come_in_the_order_of_their_days(cloud):
    add(cloud, "US", 93, "home")
    with pytest.raises(BadValue, match="already"):
        add(cloud, "US", 1, "late", on=dt.date(2025, 6, 1))
    cloud.correct("home", 3, key="c", reason="counted twice")
    assert cloud.balance("uveu/Cloud").posted == 90


@pytest.mark.parametrize(
    "facts",
    [
        {"shares": SHARES},
        {"kind": "shares"},
        {"kind": "shares", "shares": (SHARES[0], SHARES[0])},
        {"kind": "shares", "shares": (Share(name="total", percent=5, within=()),)},
        {"kind": "shares", "shares": (Share(name="x", percent=101, within=()),)},
    ],
)
def test_shares_that_make_no_sense_are_refused(ledger, facts):
    assert isinstance(ledger.batch([Open(name="x", **facts)])[0], BadValue)


@pytest.mark.parametrize("place", [None, "", "U\nS"])
def test_a_place_is_wanted(cloud, place):
    with pytest.raises(BadValue):
        add(cloud, place, 1, "k")


def over(posted, reserved):
    """Every share that would be passed if the reservations of its places were posted and all others given up."""
    found = set()
    for share in SHARES:
        outside = [place for place in {*posted, *reserved} if place not in share.within]
        for places in [[place] for place in outside] if share.each_place else [outside]:
            part = sum(posted[place] + reserved[place] for place in places)
            whole = sum(posted.values()) + sum(reserved[place] for place in places)
            if part and Fraction(part, whole) > Fraction(share.percent, 100):
                found.add((share.name, *sorted(places)))
    return found


def trial(ledger, dice, name):  # noqa: C901 - one arm for each kind of request
    """Random requests on one account, beside counts by place that are compared with fractions."""
    posted, reserved, held = Counter(), Counter(), {}
    ledger.batch([Open(name=name, kind="shares", shares=SHARES)])
    for number in range(dice.randint(3, 25)):
        key, amount = f"{name} {number}", dice.randint(1, 30)
        place, other = dice.sample((*TIER_1, *OTHERS), 2)
        if number == 0:
            place, amount = "US", 500
        after, promised = Counter(posted), Counter(reserved)
        match dice.randrange(5) if number else 0:
            case 0:
                asked = Add(account=name, amount=amount, key=key, on=JUNE, place=place)
                after[place] += amount
            case 1:
                asked = Reserve(account=name, amount=amount, key=key, on=JUNE, place=place)
                promised[place] += amount
            case 2:
                asked = Remove(account=name, amount=amount, key=key, on=JUNE, place=place)
                after[place] -= amount
            case 3 if held:
                old = dice.choice(sorted(held))
                where, size = held.pop(old)
                promised[where] -= size
                asked = Void(key=old)
                if dice.random() < 0.6:
                    asked = Post(key=old)
                    after[where] += size
            case _:
                ends = {"source_place": place, "target_place": other}
                asked = Transfer(source=name, target=name, amount=amount, key=key, on=JUNE, **ends)
                after[place] -= amount
                after[other] += amount
        fits = min(after.values(), default=0) >= 0 and not over(after, promised)
        (outcome,) = ledger.batch([asked])
        assert isinstance(outcome, Receipt) == fits, (asked, outcome, posted, reserved)
        if fits:
            posted, reserved = after, promised
            if isinstance(asked, Reserve):
                held[key] = (place, amount)
    for place in (*TIER_1, *OTHERS):
        room = ledger.balance(name, place=place).available
        assert room is not None
        grown = Counter(posted)
        grown[place] += int(room)
        assert not over(grown, reserved)


def test_the_shares_agree_with_fractions_in_every_trial(clock):
    with Ledger.open(":memory:", clock=clock) as ledger:
        for seed in range(400):
            trial(ledger, random.Random(seed), f"entity {seed}")  # noqa: S311 - a trial, no secret
        assert ledger.verify() == []
