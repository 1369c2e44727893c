"""What every page works with: the law, the archive, the settings, and the one clock."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from licet.catalog.own_names import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.archive import Archive
    from licet.catalog.own_names import OwnNames
    from licet.desk.people import People
    from licet.desk.settings import Settings
    from licet.journal import Journal
    from licet.statutes import Statutes

SYSTEM = "us-ear"


class Desk:
    """One desk over one data folder. ``today`` and ``now`` are the only clocks: nothing below the desk reads one.

    A plain class: Litestar would take a dataclass apart to check it.
    """

    def __init__(  # noqa: PLR0913 - what a desk works with
        self,
        statutes: Statutes,
        archive: Archive,
        settings: Settings,
        today: Callable[[], dt.date],
        places: OwnNames = NONE,
        *,
        people: People,
        journal: Journal,
        now: Callable[[], dt.datetime],
    ) -> None:
        self.statutes = statutes
        self.archive = archive
        self.settings = settings
        self.today = today
        self.places = places
        self.people = people
        self.journal = journal
        self.now = now

    def noted(self, kind: str, **facts: Any) -> None:
        """Write into the journal what somebody did here, as of now."""
        self.journal.append(kind, facts, time=self.now().astimezone(dt.UTC).isoformat(timespec="seconds"))
