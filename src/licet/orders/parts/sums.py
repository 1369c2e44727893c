"""What only all parts together say: lines by account, what accounts draw, how many patterns there are.

Each part writes its own sums with a bucket beside each key; then each bucket is summed up over all parts, anywhere.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licet import storage
from licet.orders.book import connect, one, quoted_text
from licet.orders.parts.plan import scanned
from licet.orders.summary import grouped, grouping, ordered
from licet.orders.together import MOST_IDS, MOST_WARNINGS, POSITION, called, drawing, drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from licet.orders.screening import Screened

PARTS_IN_A_BUCKET = 64
_GROUP = 20_480
"""Rows of a row group of sums: a bucket reads little of the others'."""
_KINDS = ("patterns", "accounts", "draws")
_IDS = f"arg_min({{'p': {POSITION}, 'n': %s}}, {POSITION}, {MOST_IDS}) FILTER (%s IS NOT NULL)"


def buckets(parts: int) -> int:
    """Return in how many shares the sums of so many parts are made."""
    return -(-parts // PARTS_IN_A_BUCKET)


def _path(work: str, kind: str, number: int) -> str:
    return storage.joined(work, f"{kind}-{number:06}.parquet")


def write(found: Screened, count: int, work: str, number: int) -> None:
    """Write the sums of a part."""
    keys = ", ".join(found.answers.keys)
    _copy(found, f"SELECT {keys}, hash({keys}) % {count} AS bucket FROM found", _path(work, "patterns", number))
    if "account" in grouping(found.made):
        accounts = f"SELECT *, hash(of) % {count} AS bucket FROM ({grouped(found, 'account')})"
        _copy(found, accounts, _path(work, "accounts", number))
    ids = _IDS % (called(found), called(found))
    queries = []
    for name, law in drawing(found):
        if rows := drawn(found, found.made.laws[law].clauses[name], ids):
            queries.append(f"SELECT {quoted_text(name)} AS clause, *, hash(holder) % {count} AS bucket FROM ({rows})")
    if queries:
        _copy(found, " UNION ALL ".join(queries), _path(work, "draws", number))


def _copy(found: Screened, query: str, name: str) -> None:
    with storage.written(name) as draft:
        one(
            found.book.base,
            f"COPY (SELECT * FROM ({query}) ORDER BY bucket) TO {quoted_text(str(draft))} "
            f"(FORMAT parquet, ROW_GROUP_SIZE {_GROUP})",
        )


@dataclass(frozen=True, slots=True)
class Summed:
    """A bucket: how many patterns, its accounts with most lines, and by clause what most is drawn on its accounts."""

    patterns: int
    accounts: list[Any]
    draws: dict[str, list[Any]]


def summed(bucket: int, work: str, numbers: dict[str, Sequence[int]], passing: dict[str, str]) -> Summed:
    """Sum up a bucket over the files of all parts (``numbers`` by kind); ``passing``: by clause, which rows count."""
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled)) as base:
        base.execute("SET threads = 1")
        patterns, accounts, draws = (_rows(base, work, kind, numbers[kind], bucket) for kind in _KINDS)
        count = one(base, f"SELECT count(*) FROM (SELECT DISTINCT * FROM {patterns})")
        by_account = (
            []
            if not accounts
            else base.execute(
                "SELECT of, CAST(sum(lines) AS BIGINT) AS lines, sum(drawn) AS drawn, sum(allocation) AS allocation "
                f"FROM {accounts} GROUP BY of{ordered('account')}"
            ).fetchall()
        )
        found = {}
        for clause, which in passing.items() if draws else ():
            joined = (
                "SELECT holder, period, sum(total) AS total, CAST(sum(lines) AS BIGINT) AS lines, max(last) AS last, "
                f"max(used) AS used, [s.n FOR s IN list_slice(list_sort(flatten(list(ids))), 1, {MOST_IDS})] AS ids "
                f"FROM {draws} WHERE clause = {quoted_text(clause)} GROUP BY holder, period"
            )
            found[clause] = base.execute(f"SELECT * FROM ({joined}) {which}").fetchall()
    return Summed(count, by_account, found)


def _rows(base: duckdb.DuckDBPyConnection, work: str, kind: str, numbers: Sequence[int], bucket: int) -> str:
    if not numbers:
        return ""
    listed = ", ".join(scanned(base, _path(work, kind, number)) for number in numbers)
    return f"(SELECT * FROM read_parquet([{listed}], hive_partitioning = false) WHERE bucket = {bucket})"


def accounts(found: Sequence[Summed]) -> list[Any]:
    """Return the accounts with most lines of all buckets, in order."""
    rows = [row for item in found for row in item.accounts]
    return sorted(rows, key=lambda row: (-row[1], row[0] is None, (row[0] or "").encode()))


def draws(found: Sequence[Summed], clause: str) -> list[Any]:
    """Return what most is drawn on the accounts of a clause, in order."""
    rows = [row for item in found for row in item.draws.get(clause, ())]
    return sorted(rows, key=lambda row: (-row[2], row[0].encode(), (row[1] or "").encode()))[:MOST_WARNINGS]
