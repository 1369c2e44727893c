"""The distance between names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.catalog.nearness import cost, distance

NAMES = st.text(alphabet="abh0123瑞士", max_size=7)
FAR = 10_000


@given(NAMES, NAMES)
def test_the_distance_is_that_of_the_other_way_round(one, other):
    assert distance(one, other, FAR) == distance(other, one, FAR)
    assert (distance(one, other, FAR) == 0) == (one == other)


@given(NAMES, NAMES, st.integers(0, 900))
def test_a_limit_only_cuts_off(one, other, most):
    found = distance(one, other, FAR)
    assert distance(one, other, most) == (found if found <= most else None)


@given(NAMES, NAMES, NAMES)
def test_a_change_elsewhere_never_brings_names_nearer_than_nothing(one, other, same):
    assert distance(one + same, other + same, FAR) <= distance(one, other, FAR)


@pytest.mark.parametrize(
    ("typed", "nearer", "further"),
    [
        ("h100smx", "h100sxm", "h200sxm"),
        ("h10sxm", "h100sxm", "h200sxm"),
        ("a100x", "a100", "a800"),
        ("k100", "k200", "h100"),
        ("瑞土", "瑞士", "埃及"),
    ],
)
def test_what_is_nearer(typed, nearer, further):
    assert cost(typed, nearer) is not None
    assert cost(typed, further) is None or cost(typed, nearer) < cost(typed, further)


def test_what_is_not_alike_has_no_cost():
    assert cost("h100", "switzerland") is None
    assert cost("", "h100") is None
    assert cost("eu", "us") is None


def test_a_beginning_is_near():
    assert cost("rtx40", "rtx4090d") is not None
    assert cost("r", "rtx4090d") is None
