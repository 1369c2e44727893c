"""What every page works with: the law, the archive, the settings, and the one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.catalog.own_names import NONE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from licet.archive import Archive
    from licet.catalog.own_names import OwnNames
    from licet.desk.settings import Settings
    from licet.statutes import Statutes

SYSTEM = "us-ear"


class Desk:
    """One desk over one data folder. ``today`` is the only clock; nothing below the desk reads one.

    A plain class: Litestar would take a dataclass apart to check it.
    """

    def __init__(
        self,
        statutes: Statutes,
        archive: Archive,
        settings: Settings,
        today: Callable[[], dt.date],
        places: OwnNames = NONE,
    ) -> None:
        self.statutes = statutes
        self.archive = archive
        self.settings = settings
        self.today = today
        self.places = places
