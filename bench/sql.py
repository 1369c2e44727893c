"""The law as a query on DuckDB: how long the engine plans it, and lines a second, beside one act written by hand.

    python bench/sql.py [--count 1000000] [--json]

The law is the whole of us-ear on 2025-06-02, as written; the lines are every chip of the catalog to every place, in any
quantity, with every fact of the chip as a column. Times are CPU seconds of this process over all its threads. Floor:
planning takes at most a tenth of what answering a million lines takes. The query by hand is one rule for one kind of
chip, without clauses, for scale only. Exits 1 below the floor.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from typing import TYPE_CHECKING

import duckdb

from licet import statutes
from licet.catalog.places import places
from licet.clauses.dialects import DUCKDB
from licet.decisions import Query
from licet.home import law_folder
from licet.orders import sql

if TYPE_CHECKING:
    from licet.orders.sql_lines import Lines

DAY = dt.date(2025, 6, 2)
MOST_OF_A_MILLION = 0.1
MILLION = 1_000_000
# Tier 3 and the eighteen of Tier 1 of 2025-01-13 as one statement would have them.
BY_HAND = """
SELECT id, CASE
    WHEN tpp < 1600 OR (tpp < 4800 AND tpp < 5.92 * applicable_die_area_mm2) THEN 'no_license_required'
    WHEN destination IN ({third}) THEN 'license_required'
    WHEN destination IN ({first}) THEN 'no_license_required'
    WHEN tpp * quantity <= 26900000 THEN 'license_exception'
    ELSE 'license_required' END AS outcome
FROM order_lines
"""


def lines(base: duckdb.DuckDBPyConnection, given: Lines, count: int) -> None:
    """Fill the table of lines, the same each time."""
    base.execute(sql.table(given))
    base.execute(sql.catalog(given))
    base.execute("CREATE TABLE codes AS SELECT unnest(?) AS code, unnest(?) AS number", [[*places()], [*range(250)]])
    chips = [name for (name,) in base.execute("SELECT column_name FROM (DESCRIBE chips)").fetchall()]
    stated = [name for name in given.columns if name in chips]
    own = ["id", "date", "destination", "headquarters", "parent_headquarters", "quantity"]
    base.execute(
        f"INSERT INTO order_lines ({', '.join([*own, *stated])}) "
        f"SELECT r.range, DATE '{DAY}', p.code, h.code, h.code, 1 + hash(r.range, 3) % 30000, "
        f"{', '.join(f'c.{name}' for name in stated)} FROM range({count}) AS r "
        "JOIN (SELECT *, row_number() OVER (ORDER BY chip) - 1 AS number FROM chips) AS c "
        "ON c.number = hash(r.range, 1) % (SELECT count(*) FROM chips) "
        "JOIN codes AS p ON p.number = hash(r.range, 2) % 250 "
        "JOIN codes AS h "
        "ON h.number = CASE WHEN hash(r.range, 4) % 10 = 0 THEN hash(r.range, 5) % 250 ELSE p.number END"
    )


def seconds(base: duckdb.DuckDBPyConnection, text: str) -> float:
    """Return the CPU seconds that a statement takes."""
    start = time.process_time()
    base.execute(text).fetchall()
    return time.process_time() - start


def measure(count: int) -> dict[str, float]:
    """Return the figures of one run."""
    asked = Query(on=DAY, basis="written")
    law = statutes.load(law_folder()).law(asked)
    given = sql.lines(law, asked, DUCKDB)
    text = sql.query(given).rstrip().rstrip(";")
    sets = {name: ", ".join(f"'{code}'" for code in sorted(law.sets[name])) for name in ("d5_macau", "supplement_5a")}
    with duckdb.connect() as base:
        lines(base, given, count)
        planning = seconds(base, f"EXPLAIN {text}")
        whole = seconds(base, f"CREATE TABLE answers AS {text}")
        by_hand = seconds(
            base, f"CREATE TABLE others AS {BY_HAND.format(third=sets['d5_macau'], first=sets['supplement_5a'])}"
        )
        answered = base.execute("SELECT count(*) FROM answers").fetchall()[0][0]
    if answered != count:
        sys.exit(f"{count} lines in, {answered} out")
    million = (whole - planning) / count * MILLION
    return {
        "characters": len(text),
        "planning_s": round(planning, 3),
        "lines_a_cpu_second": round(count / whole),
        "by_hand_lines_a_cpu_second": round(count / by_hand),
        "planning_of_a_million": round(planning / million, 3),
    }


def main() -> int:
    """Print the figures; 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=MILLION)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.count)
    print(json.dumps(found) if options.json else "\n".join(f"{name:30} {value:>12}" for name, value in found.items()))
    return 1 if found["planning_of_a_million"] > MOST_OF_A_MILLION else 0


if __name__ == "__main__":
    sys.exit(main())
