"""What is found wrong with the law data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licet.errors import LicetError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (``file:line``), what, and the fix."""

    where: str
    what: str
    fix: str


def of_error(error: LicetError, where: str = "") -> Finding:
    """Return what an error says of the data; ``where`` holds for one that does not say it itself."""
    place = getattr(error, "where", "") or where
    return Finding(place, error.message.removeprefix(f"{place}: "), error.fix)


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return each finding once, by file and line."""

    def key(finding: Finding) -> tuple[str, int]:
        name, _, line = finding.where.rpartition(":")
        return (name, int(line)) if name and line.isdigit() else (finding.where, 0)

    return sorted(dict.fromkeys(findings), key=key)
