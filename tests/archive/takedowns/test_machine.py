from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.takedowns import machine
from licet.archive.takedowns.model import STATUSES
from licet.errors import NotInThatState

NOW = datetime(2025, 3, 1, tzinfo=UTC)
STEPS = ("grant", "refuse", "undo", "erase")
ENDS = {"refused", "undone", "erased"}


@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_case_is_decided_once_and_ends_once(steps):
    status, taken = "open", []
    for step in steps:
        with suppress(NotInThatState):
            status = machine.after(status, step)
            taken.append(step)
    assert taken in ([], ["grant"], ["refuse"], ["grant", "undo"], ["grant", "erase"])


@pytest.mark.parametrize("status", sorted(ENDS))
@pytest.mark.parametrize("step", STEPS)
def test_an_end_is_an_end(status, step):
    with pytest.raises(NotInThatState) as caught:
        machine.after(status, step)
    assert caught.value.fix


def test_what_waits_or_holds_is_joined_and_what_ended_is_not():
    assert {status for status in STATUSES if machine.joins(status)} == {"open", "granted"}


@given(st.lists(st.sampled_from(STATUSES)), st.booleans())
def test_one_granted_case_hides_and_erased_stays_erased(covering, erased):
    found = machine.state(covering, erased=erased)
    assert found == ("erased" if erased else "hidden" if {"granted", "erased"} & {*covering} else "public")


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)))))
def test_erasing_waits_for_the_last_grant_that_can_be_undone(covering):
    running = [until for status, until in covering if status == "granted"]
    assert machine.due(covering, NOW) == (bool(running) and max(running) <= NOW)


def test_the_last_moment_of_the_period_still_counts():
    machine.check_undo(NOW, NOW)
    with pytest.raises(NotInThatState, match="ended at"):
        machine.check_undo(NOW, NOW + timedelta(seconds=1))
