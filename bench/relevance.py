"""Search, related reports, events and copies against a folder of judged texts, beside others in the same run.

usage: relevance.py FOLDER [--json] [--quick] [--only searching|events]

FOLDER holds JSON lines: zh_news_corpus, zh_news_queries, zh_qa_passages, zh_qa_queries, zh_headlines (search);
zh_same_event_pairs, zh_same_topic_pairs, en_event_clusters, zh_neardup_docs and _pairs (stories). What a file is needed
for is left out where it is not there. ``--quick`` takes a part of each. Exits 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parts import Row

PARTS = ("searching", "events")
HERE = Path(__file__).resolve().parent


def measured(folder: Path, names: list[str], *, quick: bool) -> list[Row]:
    """Run the halves that are there, one after the other."""
    rows: list[Row] = []
    for name in names:
        if (HERE / "parts" / f"{name}.py").exists():
            rows += importlib.import_module(f"parts.{name}").measure(folder, quick=quick)
    return rows


def shown(value: float, unit: str) -> str:
    """Return a figure as the table has it."""
    if unit in ("", "×"):
        return f"{value:.3f}{unit}"
    return f"{value:,.2f} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def show(rows: list[Row]) -> None:
    """Print the table, and under each figure what the others give."""
    for row in rows:
        floor = "" if row.floor is None else f"{'≤' if row.at_most else '≥'} {shown(row.floor, row.unit)}"
        print(f"{row.name:44}{shown(row.value, row.unit):>14}  {floor:14}{'MISSED ' if row.missed else ''}{row.detail}")
        for name, value in row.baselines.items():
            print(f"    {name:40}{shown(value, row.unit):>14}")
    missed = [row.name for row in rows if row.missed]
    print("\n" + ("missed: " + "; ".join(missed) if missed else "every floor is held"))


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--quick", action="store_true", help="a part of the data: the order of the figures, no more")
    parser.add_argument("--only", choices=PARTS, help="one half")
    options = parser.parse_args()
    rows = measured(options.folder, [options.only] if options.only else list(PARTS), quick=options.quick)
    if not rows:
        print(f"nothing to measure in {options.folder}: no zh_news_corpus.jsonl and the like", file=sys.stderr)
        return 1
    if options.json:
        missed = [row.name for row in rows if row.missed]
        print(json.dumps({"rows": [row._asdict() for row in rows], "missed": missed}, ensure_ascii=False))
    else:
        show(rows)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
