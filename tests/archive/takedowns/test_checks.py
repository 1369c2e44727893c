from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive.takedowns import checks
from licet.errors import BadValue


@given(st.text(max_size=40))
def test_what_is_taken_is_one_line_within_its_limit(text):
    try:
        taken = checks.line("the name", text, 20)
    except BadValue:
        return
    assert 0 < len(taken) <= 20
    assert len(taken.splitlines()) == 1


@given(st.text(max_size=40))
def test_what_is_taken_of_several_lines_holds_no_control_characters(text):
    try:
        taken = checks.lines("the text", text, 20)
    except BadValue:
        return
    assert 0 < len(taken) <= 20
    assert not set(map(ord, taken)) & {*range(9), *range(11, 32), 127}


@pytest.mark.parametrize("text", ["rights", "privacy", "correction", "other"])
def test_a_ground_is_one_of_four(text):
    assert checks.ground(text) == text
    with pytest.raises(BadValue, match="no ground"):
        checks.ground(text.upper())


def test_a_scope_is_one_of_two():
    assert (checks.scope("item"), checks.scope("snapshot")) == ("item", "snapshot")
    with pytest.raises(BadValue, match="no scope"):
        checks.scope("all")


def test_a_time_has_a_zone_and_a_year_that_can_be():
    china = datetime(2025, 3, 1, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert checks.time(china) == datetime(2025, 3, 1, tzinfo=UTC)
    for wrong in (datetime(2025, 3, 1), datetime(1066, 3, 1, tzinfo=UTC)):  # noqa: DTZ001 - the zone is what lacks
        with pytest.raises(BadValue):
            checks.time(wrong)


@pytest.mark.parametrize(
    "text", ["court", "javascript:x", 'https://a.example/"><b>', "https://a.example/ b", "x" * 600]
)
def test_a_blocker_is_a_web_address(text):
    assert checks.blocker("https://court.example/order/7") == "https://court.example/order/7"
    assert checks.blocker(" ") == ""
    with pytest.raises(BadValue):
        checks.blocker(text)
