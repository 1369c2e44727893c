"""Writes answers and rejects to files: whole under their names, or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from licet.errors import BadFile
from licet.orders.book import one, quoted, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

# A column of ids has as many values as lines: the dictionary that DuckDB begins for it is given up early.
PARQUET = "FORMAT parquet, DICTIONARY_SIZE_LIMIT 5000"
_FORMATS = {
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".csv": "FORMAT csv, HEADER true",
    ".csv.gz": "FORMAT csv, HEADER true, COMPRESSION gzip",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}
_AMOUNTS = ("DECIMAL(38,3)",)


def format_of(path: Path) -> str:
    """Return how a file is written, by the ending of its name. Raises :class:`BadFile`."""
    return _FORMATS[ending_of(path)]


def columnar(path: Path) -> bool:
    """Say whether a file is written column by column."""
    return format_of(path) == PARQUET


def ending_of(path: Path) -> str:
    """Return the ending of a name that says how a file is written. Raises :class:`BadFile`."""
    name = path.name.lower()
    for ending in _FORMATS:
        if name.endswith(ending):
            return ending
    raise BadFile(f"{path.name} is of no kind that is written", fix=f"end its name in {', '.join(_FORMATS)}")


def checked(path: Path, inputs: Sequence[str]) -> Path:
    """Return a path that can be written to. Raises :class:`BadFile` with the fix."""
    format_of(path)
    if path.is_dir() or not path.parent.is_dir():
        raise BadFile(f"{path} cannot be written", fix="name a file in a folder that exists")
    if any(Path(name).resolve() == path.resolve() for name in inputs):
        raise BadFile(f"{path} is the book itself", fix="name another file to write to")
    return path


@contextmanager
def whole(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Hand out names to write to, and give the files their own names when all is done; else remove them."""
    drafts = tuple(path.with_name(f".{path.name}.{os.getpid()}.partial") for path in paths)
    try:
        yield drafts
        for draft, path in zip(drafts, paths, strict=True):
            draft.replace(path)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def copy(base: duckdb.DuckDBPyConnection, query: str, draft: Path, path: Path, *, headed: bool = True) -> int:
    """Write the rows of a query to ``draft`` in the format of ``path``; return how many.

    ``headed``: a text file begins with the names of the columns.
    """
    words = format_of(path) if headed else format_of(path).replace("HEADER true", "HEADER false")
    if "csv" in words:
        query = _flat(base, query)
    try:
        return one(base, f"COPY ({query}) TO {quoted_text(str(draft))} ({words})")
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror}", fix="check the folder and its space") from error


def _flat(base: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return a query whose lists are texts parted by semicolons, and whose amounts have no needless decimals."""
    described = base.execute(f"DESCRIBE {query}").fetchall()
    shown = []
    for name, kind, *_ in described:
        column = quoted(name)
        if kind.endswith("[]"):
            column = f"array_to_string({column}, ';') AS {column}"
        elif kind in _AMOUNTS:
            column = f"regexp_replace(CAST({column} AS VARCHAR), '\\.?0+$', '') AS {column}"
        shown.append(column)
    return f"SELECT {', '.join(shown)} FROM ({query})"
