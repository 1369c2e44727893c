"""One decision with its whole trace, from Python, on one core: decisions a second.

    python bench/decisions.py [--json]

The law is the whole of us-ear on 2025-06-02, as written; the transactions are every chip of the catalog to places of
each tier, so that short and long answers both count. Exits 1 below the floor.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time

from licet import statutes
from licet.catalog import chips
from licet.decisions import Query, decide, read_transaction, take_headquarters
from licet.home import law_folder

FLOOR = 50_000
PLACES = ("CH", "DE", "CN", "SG")


def main() -> int:
    """Print the figure; 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    loaded = statutes.load(law_folder())
    query = Query(on=dt.date(2025, 6, 2), basis="written")
    law = loaded.law(query)
    asked = [
        take_headquarters(
            read_transaction({"chip": chip, "quantity": 10, "destination": place, "date": query.on}, loaded.vocabulary)
        )
        for chip in chips.chips()
        for place in PLACES
    ]
    decide(law, asked[0], query)
    start = time.process_time()
    for transaction in asked:
        decide(law, transaction, query)
    rate = len(asked) / (time.process_time() - start)
    if options.json:
        print(json.dumps({"decisions": len(asked), "per_second": round(rate), "floor": FLOOR}))
    else:
        print(f"{len(asked)} decisions, {rate:,.0f} a CPU-second (floor {FLOOR:,})")
    return 1 if rate < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main())
