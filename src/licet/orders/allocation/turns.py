"""In which order the lines of a book have their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.errors import BadValue, UnknownName
from licet.orders.book import FILE, LINE

if TYPE_CHECKING:
    from licet.orders.screening import Screened

DATE, LARGEST, COLUMN = "date", "largest", "column:"


def ordering(screened: Screened, order: str, day: str) -> str:
    """Return the ORDER BY of a declared order: ``date``, ``largest``, or ``column:NAME`` (its least value first).

    ``day``: the column of the day in SQL. Ties go by day, file and line, so that an order is one. Raises
    :class:`BadValue`, or :class:`UnknownName` for a column that the book does not have.
    """
    rest = f"{day}, x.{FILE}, x.{LINE}"
    if order == DATE:
        return rest
    if order == LARGEST:
        return f"x.total DESC NULLS LAST, {rest}"
    if not order.startswith(COLUMN):
        raise BadValue(f"no order is called '{order[:40]}'", fix="date, largest, or column:NAME with a column's name")
    name = order.removeprefix(COLUMN).strip()
    found = next((column for column in screened.book.columns if column.name.casefold() == name.casefold()), None)
    if found is None:
        names = tuple(column.name for column in screened.book.columns)
        raise UnknownName(f"the book has no column '{name[:60]}'", near=names[:10])
    # Numbers in a text file are texts: they are put in the order of numbers, before what is none.
    return f"TRY_CAST(x.{found.sql} AS DECIMAL(38, 9)) NULLS LAST, x.{found.sql} NULLS LAST, {rest}"
