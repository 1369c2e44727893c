import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.collecting.schedule import LONGEST_WAIT, next_interval, wait_after_failure

LEAST, MOST = 900.0, 86400.0
intervals = st.floats(LEAST, MOST)


@given(intervals, st.booleans())
def test_the_interval_stays_within_its_bounds(interval, changed):
    assert LEAST <= next_interval(interval, changed=changed, least=LEAST, most=MOST) <= MOST


@given(intervals)
def test_a_change_never_lengthens_it_and_none_never_shortens_it(interval):
    assert next_interval(interval, changed=True, least=LEAST, most=MOST) <= interval
    assert next_interval(interval, changed=False, least=LEAST, most=MOST) >= interval


@given(intervals, intervals, st.lists(st.booleans(), max_size=50))
def test_who_begins_shorter_never_comes_to_be_longer(one, other, history):
    one, other = min(one, other), max(one, other)
    for changed in history:
        one = next_interval(one, changed=changed, least=LEAST, most=MOST)
        other = next_interval(other, changed=changed, least=LEAST, most=MOST)
        assert one <= other


@pytest.mark.parametrize(("changed", "end"), [(True, LEAST), (False, MOST)])
def test_it_settles_at_a_bound(changed, end):
    interval = 7200.0
    for _ in range(20):
        interval = next_interval(interval, changed=changed, least=LEAST, most=MOST)
    assert interval == end


@given(st.integers(1, 10_000), st.one_of(st.none(), st.floats(0, 1e9)))
def test_the_wait_after_failures_grows_and_is_bounded(failures, asked):
    wait = wait_after_failure(failures, asked)
    assert 60 <= wait <= max(LONGEST_WAIT, 86400)
    assert wait <= wait_after_failure(failures + 1, asked)
    assert wait >= min(asked or 0, 86400)
