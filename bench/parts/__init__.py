"""The halves of ``bench/relevance.py``. Each has ``measure(folder, *, quick) -> list[Row]``; none is a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Row(NamedTuple):
    """One figure of ours, its floor, and what others give for the same in the same run.

    ``floor`` None: shown, not held. ``unit`` "" for a share from 0 to 1; with ``at_most`` the floor is a ceiling.
    ``detail`` says on how much it rests. ``baselines`` has a figure by the name of each other.
    """

    name: str
    value: float
    floor: float | None = None
    unit: str = ""
    detail: str = ""
    baselines: dict[str, float] = {}  # noqa: RUF012 - never written to
    at_most: bool = False

    @property
    def missed(self) -> bool:
        """Say whether the floor is missed."""
        if self.floor is None:
            return False
        return self.value > self.floor if self.at_most else self.value < self.floor


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines; a file that is not there has none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
