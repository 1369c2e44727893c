"""People of a desk that exists in tests only, one of each role, with one password; and a clock to move."""

from __future__ import annotations

import datetime as dt

START = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PASSWORD = "a long enough password"  # noqa: S105 - of people who exist in tests only
NAMES = {"reader": "Reading desk", "analyst": "Screening desk", "officer": "Export control desk"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += dt.timedelta(**time)
