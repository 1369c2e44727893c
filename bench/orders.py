# ruff: noqa: E501 - a query written by hand is read better in its own lines
"""An order book through the law, beside a query of one act written by hand: lines a second.

    python bench/orders.py [--lines 2000000] [--oracle 2000] [--seed 1] [--json]

The book is generated, and the same for one seed: every chip of the catalog, every place, 1,500 dates, one fact in
twenty missing, one line in a hundred broken; Parquet. It is screened twice on all cores, Parquet to Parquet with rejects
and summary: all lines on one day (one law, 2025-06-02 as written), and each line on its own date (the whole chain).
Beside the first stands what an expert would write by hand in DuckDB for one act, the three tiers for chips of 3A090.a,
with the same columns and deciding clauses; where that table speaks, both must say the same. ``--oracle``: of each book
so many lines, spread over it, are asked of the oracle one by one; any difference fails.

Floors: 0.5 of the query by hand, 1,000,000 lines a second, and the whole chain at 0.5 of the one law's speed. Exits 1
below one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from licet import statutes
from licet.catalog import chips
from licet.catalog.places import places
from licet.decisions import ask
from licet.errors import BadInput
from licet.home import law_folder
from licet.orders import Asked, screen_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from licet.statutes import Statutes

DAY = dt.date(2025, 6, 2)
FLOORS = {"to_by_hand": 0.5, "lines_a_second": 1_000_000, "chain_to_one_law": 0.5}
COMPARED = (
    "outcome",
    "classification",
    "tier",
    "controlled",
    "exception",
    "review_policy",
    "total_tpp",
    "allocation_tpp",
)
EMBARGOED = ("CU", "IR", "KP", "SY", "BY", "RU")


def generate(path: Path, lines: int, seed: int, day: dt.date | None) -> None:
    """Write the book; ``day``: of all lines, else each has its own of 1,500."""

    def dice(number: int, sides: int) -> str:
        return f"CAST(hash(i * 64 + {number} + {seed} * 1000003) % {sides} AS BIGINT)"

    def one_of(names: list[str], number: int) -> str:
        listed = ", ".join(f"'{name}'" for name in names)
        return f"([{listed}])[1 + {dice(number, len(names))}]"

    codes = sorted(places())
    to = one_of(codes, 7)
    elsewhere = f"CASE WHEN {dice(9, 10)} = 0 THEN {one_of(codes, 10)} ELSE {to} END"
    date = f"DATE '{day}'" if day else f"DATE '2022-10-07' + CAST({dice(1, 1500)} AS INTEGER)"
    with duckdb.connect() as base:
        base.execute(
            f"COPY (SELECT 'L' || i AS id, {date} AS date, "
            f"CASE WHEN {dice(2, 100)} >= 5 THEN {one_of(sorted(chips.chips()), 3)} END AS chip, "
            f"CASE WHEN {dice(4, 200)} = 0 THEN -1 ELSE CAST(1 + pow(10, {dice(5, 4500)} / 1000.0) AS INTEGER) END AS quantity, "
            f"CASE WHEN {dice(6, 200)} = 0 THEN 'XX' ELSE {to} END AS destination, "
            f"CASE WHEN {dice(8, 100)} >= 5 THEN {elsewhere} END AS headquarters, "
            f"CASE WHEN {dice(11, 100)} >= 5 THEN {elsewhere} END AS parent_headquarters, "
            f"'Buyer ' || {dice(12, 5000)} AS ultimate_consignee, 'Parent ' || {dice(13, 1500)} AS ultimate_parent, "
            f"CASE WHEN {dice(14, 20)} = 0 THEN 'reexport' ELSE 'export' END AS movement, "
            f"CAST({dice(15, 10_000_000)} AS DECIMAL(12, 2)) AS value_usd FROM range({lines}) AS t(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )


def by_hand(book: Path, out: Path, loaded: Statutes) -> None:
    """Write the answers of one act: chips of 3A090.a for datacenters, exported, everything stated. The rest is NULL."""
    law = loaded.law(statutes.Query(on=DAY, basis="written"))
    first, third = law.sets["supplement_5a"], law.sets["d5_macau"]
    with duckdb.connect() as base:
        base.execute(
            "CREATE TABLE place(code VARCHAR, tier INTEGER, row VARCHAR, embargoed BOOLEAN, restricted BOOLEAN)"
        )
        rows = [
            (code, _tier(item.row, first, third), item.row, item.row in EMBARGOED, item.row in law.sets["scope_2023"])
            for code, item in places().items()
        ]
        base.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", [row for row in rows if row[2]])
        base.execute("CREATE TABLE chip(chip VARCHAR, tpp DECIMAL(18, 3), a BOOLEAN, aia BOOLEAN)")
        base.executemany(
            "INSERT INTO chip VALUES (?, ?, ?, ?)",
            [_figures(chip, third, law.sets["approved_designers"]) for chip in chips.chips().values()],
        )
        base.execute(f"COPY ({_QUERY.format(book=book)}) TO '{out}' (FORMAT parquet)")


def _tier(row: str | None, first: frozenset[str], third: frozenset[str]) -> int:
    return 1 if row in first else 3 if row in third else 2


def _figures(chip: chips.Chip, third: frozenset[str], approved: frozenset[str]) -> tuple[str, Any, bool, bool]:
    """Return what the act's table asks of a chip."""
    dense = chip.tpp is not None and chip.die_area_mm2 is not None and chip.tpp >= chip.die_area_mm2 * 592 / 100
    a = bool(
        chip.datacenter
        and chip.non_planar
        and chip.tpp is not None
        and (chip.tpp >= 4800 or (chip.tpp >= 1600 and dense))
    )
    return chip.id, chip.tpp, a, chip.designer_headquarters not in third and chip.designer in approved


_QUERY = """
SELECT b.* EXCLUDE (a, aia, total, lpp, supplied, headed, embargoed, tier_of, us),
  CASE WHEN NOT a THEN NULL WHEN us THEN 'not_an_export'
    WHEN tier_of = 3 THEN 'license_required' WHEN tier_of = 1 AND aia THEN 'license_exception'
    WHEN lpp THEN 'license_exception' ELSE 'license_required' END AS outcome,
  CASE WHEN a THEN '3A090.a' END AS classification,
  CASE WHEN a AND NOT us THEN tier_of END AS tier,
  CASE WHEN a THEN NOT us END AS controlled,
  CASE WHEN NOT a OR us OR tier_of = 3 THEN NULL WHEN tier_of = 1 AND aia THEN 'AIA' WHEN lpp THEN 'LPP' END AS exception,
  CASE WHEN NOT a OR us THEN NULL WHEN tier_of = 3 THEN 'presumption_of_denial' WHEN tier_of = 1 AND aia THEN NULL
    WHEN lpp THEN NULL WHEN supplied OR headed OR total <= 790000000 THEN 'presumption_of_approval'
    ELSE 'policy_of_denial' END AS review_policy,
  CASE WHEN NOT a THEN NULL WHEN us OR tier_of = 3 OR (tier_of = 1 AND aia) OR lpp OR supplied THEN 0
    ELSE total END AS allocation_tpp,
  total AS total_tpp,
  CASE WHEN NOT a THEN NULL WHEN us THEN ['not_an_export'] WHEN tier_of = 3 AND embargoed
      THEN ['tier_3', 'eccn_3a090_a', 'requirement_embargo', 'requirement_3a090_a_worldwide', 'review_a_d5']
    WHEN tier_of = 3 THEN ['tier_3', 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'review_a_d5']
    WHEN tier_of = 1 AND aia THEN ['tier_1', 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'aia']
    WHEN lpp THEN ['tier_' || tier_of, 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'lpp']
    WHEN supplied THEN ['tier_' || tier_of, 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'review_a_supplement_5a']
    WHEN headed THEN ['tier_2', 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'review_a_headed_in_supplement_5a', 'allocation']
    WHEN total <= 790000000
      THEN ['tier_2', 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'review_a_within_allocation', 'allocation']
    ELSE ['tier_2', 'eccn_3a090_a', 'requirement_3a090_a_worldwide', 'review_a_over_allocation', 'allocation'] END AS clauses,
  CAST([] AS VARCHAR[]) AS missing
FROM (
  SELECT b.*, COALESCE(c.a AND b.movement = 'export' AND b.quantity >= 1 AND d.tier IS NOT NULL AND h.tier IS NOT NULL
      AND p.tier IS NOT NULL AND NOT (d.embargoed AND d.tier <> 3), FALSE) AS a, c.aia, c.tpp * b.quantity AS total,
    c.tpp * b.quantity <= 26900000 AND NOT d.restricted AS lpp,
    d.tier = 1 AS supplied, (h.tier = 1 OR p.tier = 1) AS headed, d.embargoed, d.row = 'US' AS us,
    CASE WHEN d.tier = 3 OR h.tier = 3 OR p.tier = 3 THEN 3 WHEN d.tier = 1 AND h.tier = 1 AND p.tier = 1 THEN 1 ELSE 2 END
      AS tier_of
  FROM read_parquet('{book}') AS b LEFT JOIN chip AS c ON c.chip = b.chip LEFT JOIN place AS d ON d.code = b.destination
  LEFT JOIN place AS h ON h.code = b.headquarters LEFT JOIN place AS p ON p.code = b.parent_headquarters
) AS b
"""


def apart(hand: Path, ours: Path) -> tuple[int, int]:
    """Return on how many lines the act's table speaks, and on how many of them it says something else."""
    fields = [*COMPARED, "clauses"]
    differs = " OR ".join(f"h.{name} IS DISTINCT FROM o.{name}" for name in fields)
    with duckdb.connect() as base:
        row = base.execute(
            f"SELECT count(*), count(*) FILTER ({differs}) FROM read_parquet('{hand}') AS h "
            f"JOIN read_parquet('{ours}') AS o USING (id) WHERE h.outcome IS NOT NULL"
        ).fetchone()
    assert row is not None  # noqa: S101
    return row[0], row[1]


def wrong(book: Path, ours: Path, loaded: Statutes, count: int, lines: int) -> int:
    """Return on how many of ``count`` lines, spread over the book, the oracle says something else."""
    step = max(lines // max(count, 1), 1)
    with duckdb.connect() as base:
        asked = base.sql(
            f"SELECT * EXCLUDE (value_usd) FROM read_parquet('{book}') WHERE file_row_number % {step} = 0"
        ).fetchall()
        names = [
            row[0]
            for row in base.execute(f"DESCRIBE SELECT * EXCLUDE (value_usd) FROM read_parquet('{book}')").fetchall()
        ]
        fields = ", ".join((*COMPARED, "clauses", "missing"))
        found = base.sql(f"SELECT id, {fields} FROM read_parquet('{ours}') WHERE (line - 1) % {step} = 0").fetchall()
    answers = {row[0]: row[1:] for row in found}
    return sum(_differs(loaded, dict(zip(names, row, strict=True)), answers) for row in asked)


def _differs(loaded: Statutes, facts: dict[str, Any], answers: dict[str, tuple[Any, ...]]) -> bool:
    try:
        verdict = ask(loaded, {name: value for name, value in facts.items() if value is not None}, basis="written")
    except BadInput:
        return facts["id"] in answers
    alone = tuple(getattr(verdict, name) for name in COMPARED)
    alone += ([item.clause for item in verdict.citations], [item.fact for item in verdict.missing])
    return answers.get(facts["id"]) != alone


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds that some work takes, and the CPU-seconds."""
    start, start_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - start_cpu


def measure(lines: int, oracle: int, seed: int, folder: Path) -> dict[str, Any]:
    """Return every figure by name."""
    loaded = statutes.load(law_folder())
    one, chain, hand, out = (folder / f"{name}.parquet" for name in ("one", "chain", "hand", "out"))
    generate(one, lines, seed, DAY)
    generate(chain, lines, seed, None)
    asked = Asked(basis="written")

    def screen(book: Path) -> Callable[[], Any]:
        return lambda: screen_files([str(book)], out, folder / "rejects.csv", loaded, asked)

    hands = [timed(lambda: by_hand(one, hand, loaded))]
    ours = timed(screen(one))
    hands.append(timed(lambda: by_hand(one, hand, loaded)))
    spoken, other = apart(hand, out)
    differences = wrong(one, out, loaded, oracle, lines)
    whole = timed(screen(chain))
    differences += wrong(chain, out, loaded, oracle, lines)
    best, cpu = min(h[0] for h in hands), min(h[1] for h in hands)
    return {
        "lines": lines,
        "by_hand_lines_a_second": round(lines / best),
        "lines_a_second": round(lines / ours[0]),
        "chain_lines_a_second": round(lines / whole[0]),
        "to_by_hand": round(best / ours[0], 2),
        "chain_to_one_law": round(ours[0] / whole[0], 2),
        "to_by_hand_cpu": round(cpu / ours[1], 2),
        "chain_to_one_law_cpu": round(ours[1] / whole[1], 2),
        "cpu_seconds": [round(value, 1) for value in (cpu, ours[1], whole[1])],
        "lines_of_the_act": spoken,
        "differ_from_by_hand": other,
        "lines_asked_of_the_oracle": 2 * oracle,
        "differ_from_the_oracle": differences,
    }


def main() -> int:
    """Print the figures; 1 below a floor or at any difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--oracle", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as folder:
        found = measure(options.lines, options.oracle, options.seed, Path(folder))
    print(json.dumps(found) if options.json else "\n".join(f"{name:>28} {value}" for name, value in found.items()))
    missed = [name for name, floor in FLOORS.items() if found[name] < floor]
    if missed and not options.json:
        print(f"below the floor: {', '.join(missed)}")
    return 1 if missed or found["differ_from_by_hand"] or found["differ_from_the_oracle"] else 0


if __name__ == "__main__":
    sys.exit(main())
