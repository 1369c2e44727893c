"""Where the ledger of a data folder lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def ledger_file(home: Path) -> Path:
    """Return the file of the ledger of the data folder ``home``."""
    return home / "ledger" / "ledger.sqlite"
