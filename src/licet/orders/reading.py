"""Reads files of one kind as one order book: CSV (also compressed), Parquet, spreadsheets."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from licet.errors import BadFile
from licet.orders import delimited, sheets
from licet.orders.book import FILE, LINE, Book, Column, named, quoted, quoted_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FILES = 10_000
_KINDS = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "sheet",
    ".xlsm": "sheet",
    ".xls": "sheet",
    ".ods": "sheet",
}
_KNOWN = "CSV (.csv, .tsv, .txt, also .gz), Parquet (.parquet) and spreadsheets (.xlsx, .xls, .ods)"


def read(base: duckdb.DuckDBPyConnection, inputs: Sequence[str]) -> Book:
    """Read files, given by path or glob, as one book. Raises :class:`BadFile` with the fix."""
    files = expand(inputs)
    kinds = {kind_of(path) for path in files}
    if len(kinds) > 1:
        raise BadFile("the files are of different kinds", fix="screen those of one kind at a time")
    kind = kinds.pop()
    if kind == "parquet":
        return _parquet(base, files)
    return delimited.read(base, files) if kind == "delimited" else sheets.read(base, files)


def expand(inputs: Sequence[str]) -> list[Path]:
    """Return the files that paths and globs name, each once, those of a glob in the order of their names."""
    found: dict[Path, None] = {}
    for text in inputs:
        path = Path(text)
        if path.is_dir():
            raise BadFile(f"{text} is a folder", fix=f"name files, such as {text.rstrip('/')}/*.parquet")
        if path.is_file():
            found[path] = None
            continue
        matches = sorted(Path(name) for name in glob.glob(text, recursive=True) if Path(name).is_file())  # noqa: PTH207 - patterns may be absolute
        if not matches:
            raise BadFile(f"there is no file {text}", fix="check the path")
        found |= dict.fromkeys(matches)
    if not found:
        raise BadFile("no file is named", fix="name the order book")
    if len(found) > MOST_FILES:
        raise BadFile(f"{len(found)} files are named", fix=f"join them into at most {MOST_FILES}")
    for path in found:
        if path.stat().st_size == 0:
            raise BadFile(f"{path} is empty", fix="leave it out")
    return list(found)


def kind_of(path: Path) -> str:
    """Return how a file is read, by the ending of its name."""
    name = path.name.lower()
    ending = Path(name.removesuffix(".gz")).suffix
    kind = _KINDS.get(ending)
    if kind is None or (kind != "delimited" and name.endswith(".gz")):
        raise BadFile(f"{path.name} is of no kind that is read", fix=f"use {_KNOWN}")
    return kind


def _parquet(base: duckdb.DuckDBPyConnection, files: list[Path]) -> Book:
    listed = ", ".join(quoted_text(str(path)) for path in files)
    scan = f"read_parquet([{listed}], union_by_name = {len(files) > 1})"
    try:
        described = base.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    except duckdb.Error as error:
        raise BadFile(
            f"{_names(files)}: no Parquet that can be read: {said(error)}", fix="write the file again"
        ) from error
    named([row[0] for row in described], _names(files))
    columns = tuple(Column(row[0], f"c{number}", row[1]) for number, row in enumerate(described))
    shown = [f"{quoted(column.name)} AS {column.sql}" for column in columns]
    number = "file_index" if len(files) > 1 else "0"
    shown += [f"file_row_number + 1 AS {LINE}", f"CAST({number} AS INTEGER) AS {FILE}"]
    source = f"SELECT {', '.join(shown)} FROM {scan}"
    return Book(base, source, columns, tuple(str(path) for path in files))


def said(error: Exception) -> str:
    """Return the first line of what an engine said, short."""
    return str(error).partition("\n")[0][:200]


def _names(files: list[Path]) -> str:
    return files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} others"
