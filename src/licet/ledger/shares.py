"""The guard of accounts whose limits are shares of their own whole, in whole numbers.

``ledger_shares`` has a row for the whole, one for each place, one for each share that counts places together, and one
for each place of a share that counts them one by one. An amount at a place goes into the whole and into every part that
the place belongs to, in one statement that compares each part with the whole as both would stand: they cannot drift
apart.

A reservation counts in its parts at once, in the whole only when it is posted. So the shares hold whichever of the open
reservations are posted and whichever are given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.ledger.database import Database
    from licet.ledger.model import Account, Share

TOTAL, AT = "total", "at"
SEPARATOR = ": "

# {plus}, {minus}: the marks of the parts that grow and that shrink; {column}: which amount of theirs.
_CHANGE = """
UPDATE ledger_shares SET {column} = {column} + CASE WHEN part IN ({plus}) THEN ? ELSE ? END
WHERE account = ? AND (part IN ({plus}) OR part IN ({minus})) AND NOT EXISTS (
    SELECT 1 FROM ledger_shares AS t JOIN ledger_shares AS p ON p.account = t.account
    WHERE t.account = ? AND t.part = 'total' AND (
        (p.part IN ({plus}) AND 100 * (p.posted + p.reserved + ?) > p.percent * (t.posted + p.reserved + ?))
        OR (? < 0 AND p.part NOT IN ({minus})
            AND 100 * (p.posted + p.reserved) > p.percent * (t.posted + p.reserved + ?))
        OR (p.part IN ({minus}) AND p.posted + ? < 0)
        OR (p.part IN ({plus}) AND p.{column} + ? > {most})))
"""
_SETTLE = (
    "UPDATE ledger_shares SET reserved = reserved - ?, posted = posted + ? WHERE account = ? AND part IN ({parts})"
)
_MOST = 4 * 10**16


class Standing(NamedTuple):
    """A part of an account: its limit in percent (None for the whole), and what is held, in thousandths."""

    part: str
    percent: int | None
    reserved: int
    posted: int


def part_at(place: str, name: str = AT) -> str:
    """Return the name of the part of one place."""
    return f"{name}{SEPARATOR}{place}"


def parts_of(account: Account, place: str) -> dict[str, int | None]:
    """Return the parts that a place belongs to, with their limits in percent; the whole is the first."""
    parts: dict[str, int | None] = {TOTAL: None, part_at(place): None}
    for share in account.shares:
        if place not in share.within:
            parts[part_at(place, share.name) if share.each_place else share.name] = share.percent
    return parts


def opened(database: Database, number: int, shares: Iterable[Share]) -> None:
    """Insert the rows of a new account."""
    rows = [(TOTAL, None), *((share.name, share.percent) for share in shares if not share.each_place)]
    _insert(database, number, rows)


def change(database: Database, account: Account, grows: str | None, shrinks: str | None, amount: int) -> bool:
    """Post ``amount`` at the place ``grows``, take it from ``shrinks``; False, and nothing changed, if shares forbid.

    A part that has both places stays as it is.
    """
    plus, minus = _present(database, account, grows), _present(database, account, shrinks)
    plus, minus = plus - minus, minus - plus
    return _changed(database, account.id, ("posted", plus, minus), amount, _whole(plus, minus, amount))


def reserve(database: Database, account: Account, place: str, amount: int) -> bool:
    """Reserve ``amount`` at a place; False, and nothing changed, if the shares forbid it."""
    return _changed(database, account.id, ("reserved", _present(database, account, place), set()), amount, amount)


def settle(database: Database, account: Account, place: str, released: int, posted: int) -> None:
    """Turn a reservation into what is posted of it: no share can grow by that."""
    parts = list(parts_of(account, place))
    statement = _SETTLE.format(parts=_marks(parts))
    database.change(statement, (released, posted, account.id, *parts))


def lose(database: Database, account: Account, place: str, amount: int) -> bool:
    """Take out what is gone, whatever the shares of the rest become; False where there is not so much."""
    parts = list(parts_of(account, place))
    enough = posted_at(database, account, place) >= amount
    if enough:
        database.change(_SETTLE.format(parts=_marks(parts)), (0, -amount, account.id, *parts))
    return enough


def standing(database: Database, account: int) -> list[Standing]:
    """Return every part as it stands, the whole first."""
    rows = database.rows("SELECT part, percent, reserved, posted FROM ledger_shares WHERE account = ?", (account,))
    return sorted((Standing(*row) for row in rows), key=lambda row: (row.part != TOTAL, row.part))


def free(database: Database, account: Account, place: str) -> int:
    """Return the most that could be added at a place now."""
    rows = {row.part: row for row in standing(database, account.id)}
    whole = rows[TOTAL].posted
    room = _MOST - max(rows[TOTAL].posted, rows[TOTAL].reserved)
    for part, percent in parts_of(account, place).items():
        if percent is not None and percent < 100:
            row = rows.get(part, Standing(part, percent, 0, 0))
            room = min(room, (percent * (whole + row.reserved) - 100 * (row.posted + row.reserved)) // (100 - percent))
    return max(room, 0)


def posted_at(database: Database, account: Account, place: str) -> int:
    """Return what is posted at a place."""
    return sum(row.posted for row in standing(database, account.id) if row.part == part_at(place))


def _present(database: Database, account: Account, place: str | None) -> set[str]:
    """Return the parts of a place, with rows made for those that have none yet."""
    if place is None:
        return set()
    parts = parts_of(account, place)
    there = {row.part for row in standing(database, account.id)}
    _insert(database, account.id, [(part, percent) for part, percent in parts.items() if part not in there])
    return set(parts)


def _changed(database: Database, account: int, parts: tuple[str, set[str], set[str]], amount: int, whole: int) -> bool:
    """Run the guarded statement. ``parts``: the column that changes, the parts that grow, those that shrink."""
    column, more, less = parts[0], sorted(parts[1]), sorted(parts[2])
    marks = {"plus": _marks(more), "minus": _marks(less), "column": column, "most": _MOST}
    values = [*more, amount, -amount, account, *more, *less, account]
    values += [*more, amount, whole, whole, *less, whole, *less, -amount, *more, amount]
    return database.change(_CHANGE.format(**marks), values) > 0


def _whole(plus: set[str], minus: set[str], amount: int) -> int:
    return amount if TOTAL in plus else -amount if TOTAL in minus else 0


def _marks(parts: Iterable[str]) -> str:
    return ", ".join("?" for _ in parts) or "NULL"


def _insert(database: Database, account: int, rows: Iterable[tuple[str, int | None]]) -> None:
    statement = "INSERT INTO ledger_shares (account, part, percent, reserved, posted) VALUES (?, ?, ?, 0, 0)"
    wanted = [(account, part, percent) for part, percent in rows]
    if wanted:
        database.insert(statement, wanted)
