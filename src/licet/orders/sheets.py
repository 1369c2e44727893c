"""Reads spreadsheets: the first sheet, its first row being the header."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

from licet.errors import BadFile
from licet.orders.book import named
from licet.orders.delimited import LONGEST_CELL, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from licet.orders.book import Book

MOST_BYTES = 4_000_000_000
"""A spreadsheet is a packed file; past this size unpacked it is refused: it stands in memory while it is read."""


def read(base: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Book:
    """Read spreadsheets as one book, all cells as text. Raises :class:`BadFile` with the fix."""
    opened = [_rows(path) for path in files]
    headers = [_header(path, rows) for path, rows in zip(files, opened, strict=True)]
    table = Table(base, headers)
    for number, (names, rows) in enumerate(zip(headers, opened, strict=True)):
        table.add(number, names, _filled(table, number, rows, len(names)))
    return table.book(files)


def _rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows of the first sheet with their numbers."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise BadFile(f"{path.name} is too large unpacked", fix="save it as CSV or Parquet")
    try:
        sheet = calamine.load_workbook(str(path)).get_sheet_by_index(0)
        first = sheet.start[0] + 1 if sheet.start else 1
        rows = sheet.to_python(skip_empty_area=True)
    except (calamine.CalamineError, OSError, IndexError) as error:
        raise BadFile(f"{path.name} is no spreadsheet that can be read", fix="save it again, or as CSV") from error
    return iter(list(enumerate(rows, start=first)))


def _header(path: Path, rows: Iterator[tuple[int, list[Any]]]) -> tuple[str, ...]:
    first = next(rows, None)
    if first is None:
        raise BadFile(f"the first sheet of {path.name} is empty", fix="put the order book on the first sheet")
    return named([cell_text(cell) or "" for cell in first[1]], path.name)


def _filled(
    table: Table, file: int, rows: Iterator[tuple[int, list[Any]]], width: int
) -> Iterator[tuple[int, list[str | None]]]:
    for line, row in rows:
        cells = [cell_text(cell) for cell in row]
        if not any(cells):
            continue
        cells += [None] * (width - len(cells))
        if max(len(cell or "") for cell in cells) > LONGEST_CELL or any("\0" in (cell or "") for cell in cells):
            table.broken(file, line, "a cell is too long or holds a zero byte", "shorten it")
        else:
            yield line, cells[:width]


def cell_text(value: Any) -> str | None:
    """Return a cell as a text file would have it: a whole number without decimals, a date as 2025-06-02."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return f"{int(value)}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
