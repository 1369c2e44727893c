"""Many small parts of a row as few whole numbers in SQL, equal exactly where all the parts are.

By such keys an engine finds the rows that a law cannot tell apart; one of each is decided, and the answers are joined
back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_IN_A_KEY = 2**62
"""Parts are packed into one signed 64-bit number as long as their combinations stay below this."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One part as an expression between 0 and ``size`` - 1."""

    text: str
    size: int


def packed(digits: Iterable[Digit]) -> list[str]:
    """Pack digits into as few 64-bit numbers as hold them, in mixed radix."""
    return [_number(group) for group in grouped(digits)]


def grouped(digits: Iterable[Digit]) -> list[list[Digit]]:
    """Return the digits of each key, the lowest first."""
    groups: list[list[Digit]] = [[]]
    for digit in digits:
        if prod(other.size for other in groups[-1]) * digit.size > MOST_IN_A_KEY:
            groups.append([])
        groups[-1].append(digit)
    return groups


def _number(digits: list[Digit]) -> str:
    terms, radix = [], 1
    for digit in digits:
        terms.append(f"CAST({digit.text} AS BIGINT) * {radix}" if radix > 1 else f"CAST({digit.text} AS BIGINT)")
        radix *= digit.size
    return " + ".join(terms) or "CAST(0 AS BIGINT)"
