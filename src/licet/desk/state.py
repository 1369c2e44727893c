"""What every page works with: the law, the archive, the settings, and the one clock."""

from __future__ import annotations

import datetime as dt
import os
from threading import Lock
from typing import TYPE_CHECKING, Any

from licet.catalog.own_names import NONE
from licet.desk.books.store import Books
from licet.desk.books.work import Work
from licet.desk.decided.index import Decided
from licet.desk.recent import Recent
from licet.ledger.home import ledger_file
from licet.statutes.editions import Editions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from licet.archive import Archive
    from licet.catalog.own_names import OwnNames
    from licet.decisions import Verdict
    from licet.desk.people import People
    from licet.desk.settings import Settings
    from licet.journal import Journal
    from licet.ledger import Ledger
    from licet.statutes import Statutes

SYSTEM = "us-ear"
MOST_RECENT = 256
"""Answers that a desk holds ready; each is some 50,000 bytes."""


class Desk:
    """One desk over one data folder. ``today`` and ``now`` are the only clocks: nothing below the desk reads one.

    ``edition`` is the digest of the law files that ``statutes`` were read from, empty where they are not kept.
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
        home: Path,
        edition: str = "",
    ) -> None:
        self.statutes = statutes
        self.archive = archive
        self.settings = settings
        self.today = today
        self.places = places
        self.people = people
        self.journal = journal
        self.now = now
        self.home = home
        self.edition = edition
        self.editions = Editions(home / "editions")
        self.verdicts: Recent[Verdict] = Recent(MOST_RECENT)
        self.decided = Decided(home / "desk" / "decided.sqlite", journal)
        self.ledger_url = os.environ.get("LICET_LEDGER", "")
        self._ledger: Ledger | None = None
        self._turn = Lock()
        self.books = Books(home / "desk" / "orders")
        self.work = Work(self, self.books)

    def ledger(self) -> Ledger | None:
        """Return the ledger of the desk, opened when it is first asked for; None while there is none."""
        with self._turn:
            if self._ledger is None and (self.ledger_url or ledger_file(self.home).is_file()):
                self._ledger = self._opened()
            return self._ledger

    def ledger_to_write(self) -> Ledger:
        """Return the ledger of the desk, begun if there is none."""
        with self._turn:
            if self._ledger is None:
                self._ledger = self._opened()
            return self._ledger

    def _opened(self) -> Ledger:
        from licet.ledger import Ledger  # noqa: PLC0415 - most desks are only asked

        return Ledger.open(self.ledger_url or ledger_file(self.home), journal=self.journal, clock=self.now)

    def close(self) -> None:
        """Close what the desk has opened."""
        self.work.close()
        self.archive.close()
        self.people.close()
        self.decided.close()
        if self._ledger is not None:
            self._ledger.close()

    def noted(self, kind: str, **facts: Any) -> None:
        """Write into the journal what somebody did here, as of now."""
        self.journal.append(kind, facts, time=self.now().astimezone(dt.UTC).isoformat(timespec="seconds"))
