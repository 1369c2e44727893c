"""The equal-tile map of the world page: every place as one tile, all of one size, without a border."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from licet.errors import BadFile
from licet.i18n import N_

COLUMNS = 9
"""The width of a region, so that one fits a screen of 320 pixels."""
REGIONS = {
    "americas": N_("Americas"),
    "europe": N_("Europe"),
    "africa": N_("Africa"),
    "asia": N_("Asia"),
    "oceania": N_("Oceania and the far south"),
}
_FILE = Path(__file__).with_name("tiles.txt")
_GAP = ".."


class Spot(NamedTuple):
    """Where a place stands in its region: ``column`` and ``row`` count from 1."""

    code: str
    column: int
    row: int


@cache
def spots() -> dict[str, tuple[Spot, ...]]:
    """Return the tiles by region, row by row."""
    return read(_FILE.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, tuple[Spot, ...]]:
    """Read a map as ``tiles.txt`` has it. Raises :class:`BadFile` for a row that is none, or a place that is twice."""
    found: dict[str, list[Spot]] = {}
    region, row, seen = "", 0, set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("[") and line.strip("[]") in REGIONS:
            region, row = line.strip("[]"), 0
            found[region] = []
        elif line and not line.startswith("#"):
            row += 1
            codes = [code for code in _cells(line, number, region) if code != _GAP]
            if twice := seen & set(codes) or {code for code in codes if codes.count(code) > 1}:
                raise BadFile(f"tiles.txt, line {number}: {min(twice)} has a tile already", fix="give it one")
            seen |= set(codes)
            cells = enumerate(line.split(), 1)
            found[region] += [Spot(code, column, row) for column, code in cells if code != _GAP]
    return {name: tuple(members) for name, members in found.items()}


def _cells(line: str, number: int, region: str) -> list[str]:
    cells = line.split()
    if not region or len(cells) > COLUMNS or not all(re.fullmatch(r"[A-Z]{2}|\.\.", cell) for cell in cells):
        raise BadFile(
            f"tiles.txt, line {number}: no row of a region", fix=f"write at most {COLUMNS} codes, '{_GAP}' for a gap"
        )
    return cells
