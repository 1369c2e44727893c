"""Which snapshots are listed: of every item the text that was seen last."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import uuid4

import duckdb

from licet import storage
from licet.archive.parts import layout

_LISTED = """
COPY (
  WITH texts AS (
    SELECT *, max(captured) OVER (PARTITION BY item, text) AS seen FROM {documents}
    QUALIFY row_number() OVER (PARTITION BY item, text ORDER BY captured, number) = 1
  )
  SELECT * FROM texts
  QUALIFY row_number() OVER (PARTITION BY item ORDER BY seen DESC, captured DESC, number DESC) = 1 ORDER BY number
) TO '{target}' (FORMAT parquet)
"""


def settle(work: str, parts: int) -> list[tuple[int, int]]:
    """Write which snapshots are listed; return how many each part has, in order.

    The same text of one item counts once, as it was captured first. Of the texts of an item the one that was seen last
    is listed, as an archive has it.
    """
    with opened() as base, storage.written(layout.listed(work)) as draft:
        known = layout.scanned(base, [layout.documents(work, part) for part in range(parts)])
        base.execute(_LISTED.format(documents=known, target=str(draft).replace("'", "''")))
        rows = base.execute(
            f"SELECT number // {layout.IN_A_PART} AS part, count(*) "
            f"FROM {layout.scanned(base, [str(draft)])} GROUP BY part ORDER BY part"
        ).fetchall()
    return [(int(part), int(count)) for part, count in rows]


def opened() -> duckdb.DuckDBPyConnection:
    """Return an engine that spills to temporary files."""
    base = duckdb.connect()
    # The engine makes the folder when it spills, and removes it.
    folder = Path(tempfile.gettempdir()) / f"licet-parts-{uuid4().hex}"
    base.execute(f"SET temp_directory = '{folder}'")
    return base
