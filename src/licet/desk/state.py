"""What every page works with: the law, the archive, the settings, and the one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from licet.archive import Archive
    from licet.desk.settings import Settings
    from licet.statutes import Statutes

SYSTEM = "us-ear"


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk over one data folder. ``today`` is the only clock; nothing below the desk reads one."""

    home: Path
    statutes: Statutes
    archive: Archive
    settings: Settings
    today: Callable[[], dt.date]
