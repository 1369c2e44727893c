"""The guard of accounts with limits by day.

Each row of ``ledger_ceilings`` is a stretch of days with one limit, and holds what is counted on the fullest of them.
An amount of the day ``on`` counts on every later day, so it goes into the row of that day and all rows after it, in one
statement that refuses unless all of them have room. Within a row the last day is the fullest: where an amount can fall
(a removal, a transfer out), the row is cut in two at that day first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licet.ledger.database import Database

CHANGE = """
UPDATE ledger_ceilings SET reserved = reserved + ?, posted = posted + ?
WHERE account = ? AND last_day >= ? AND NOT EXISTS (
    SELECT 1 FROM ledger_ceilings WHERE account = ? AND last_day >= ? AND (
        (? > 0 AND reserved + posted + ? > ceiling) OR reserved + ? < 0 OR posted + ? < 0))
"""
_FREE = "SELECT MIN(ceiling - reserved - posted) FROM ledger_ceilings WHERE account = ? AND last_day >= ?"
_BY_DAY = """
SELECT on_day, SUM(posted) FROM ledger_entries WHERE account = ? AND on_day IS NOT NULL GROUP BY on_day ORDER BY on_day
"""
_HELD = (
    "SELECT COALESCE(SUM(reserved), 0), COALESCE(SUM(posted), 0) FROM ledger_entries WHERE account = ? AND on_day <= ?"
)
_AROUND = "WHERE account = ? AND first_day < ? AND last_day >= ?"
_INSERT = """
INSERT INTO ledger_ceilings (account, first_day, last_day, ceiling, reserved, posted) VALUES (?, ?, ?, ?, ?, ?)
"""


def change(database: Database, account: int, on: str, reserved: int, posted: int) -> bool:
    """Change what is held from the day ``on``; False, and nothing changed, where it does not fit on some day."""
    grown = reserved + posted
    values = (reserved, posted, account, on, account, on, grown, grown, reserved, posted)
    return database.change(CHANGE, values) > 0


def free(database: Database, account: int, on: str) -> int:
    """Return how much more fits for the day ``on``; below zero where a limit was lowered under what is held."""
    return int(database.rows(_FREE, (account, on))[0][0])


def removable(database: Database, account: int, on: str) -> int:
    """Return how much of what is posted stays through every day from ``on``; every entry must have been written."""
    held, least = 0, None
    for day, posted in database.rows(_BY_DAY, (account,)):
        if day > on:
            least = held if least is None else min(least, held)
        held += int(posted)
    return held if least is None else min(least, held)


def cut(database: Database, account: int, day: str, before: str) -> None:
    """Cut the row that holds ``day`` in two at it, unless one begins there. ``before`` is the day before it.

    Every entry so far must have been written: what is held through ``before`` is summed from them.
    """
    found = database.rows(f"SELECT first_day, ceiling FROM ledger_ceilings {_AROUND}", (account, day, day))  # noqa: S608
    if not found:
        return
    begins, ceiling = found[0]
    reserved, posted = database.rows(_HELD, (account, before))[0]
    database.insert(_INSERT, [(account, begins, before, ceiling, int(reserved), int(posted))])
    database.change(f"UPDATE ledger_ceilings SET first_day = ? {_AROUND}", (day, account, day, day))  # noqa: S608


def set_limit(database: Database, account: int, first: str, last: str, ceiling: int) -> None:
    """Give the rows of some days another limit; the row of ``first`` must begin there, that of ``last`` end there."""
    stretch = "UPDATE ledger_ceilings SET ceiling = ? WHERE account = ? AND first_day >= ? AND last_day <= ?"
    database.change(stretch, (ceiling, account, first, last))
