"""Worked cases against the law: which agree, which differ, which no law of ours decides yet.

    python bench/cases.py FILE [--json]

FILE holds one case a line (the form of ``licet check --jsonl``, with ``expect``). Every key that ``expect`` states is
compared. A case of a system of law that is not here yet is counted by its system; exits 1 when a solid or likely case
differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from licet import statutes
from licet.decisions import ask, verdict_line
from licet.errors import LicetError

_NUMBERS = ("allocation_tpp", "duty_pct", "band")
_COMPARED = ("classification", "tier", "controlled", "outcome", "exception", "review_policy", *_NUMBERS)


@dataclass
class Tally:
    """What came of the cases."""

    agree: list[str] = field(default_factory=list)
    differ: dict[str, dict[str, Any]] = field(default_factory=dict)
    allowed: dict[str, dict[str, Any]] = field(default_factory=dict)
    uncovered: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Print the table; 1 when a solid or likely case differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    law = statutes.load()
    for line in options.file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line, parse_float=Decimal)
        _weigh(law, case, tally)
    if options.json:
        print(json.dumps(dict(vars(tally).items()), default=str, ensure_ascii=False, indent=1))
    else:
        _table(tally)
    if not (tally.agree or tally.differ or tally.allowed):
        print("no case was compared", file=sys.stderr)
        return 1
    return 1 if tally.differ else 0


def _weigh(law: statutes.Statutes, case: dict[str, Any], tally: Tally) -> None:
    if case["law"] not in law.library.systems:
        tally.uncovered[f"the system {case['law']}"] += 1
        return
    differences = compare(law, case)
    if not differences:
        tally.agree.append(case["id"])
    else:
        (tally.allowed if case["confidence"] == "uncertain" else tally.differ)[case["id"]] = differences


def compare(law: statutes.Statutes, case: dict[str, Any]) -> dict[str, Any]:
    """Return ``{key: [expected, found]}`` for what a case states and we answer otherwise."""
    try:
        line = verdict_line(ask(law, case, system=case["law"], basis=case["basis"]))
    except LicetError as error:
        return {"error": [None, str(error)]}
    expect = case["expect"]
    found = {}
    for key in _COMPARED:
        if key not in expect or (key in ("outcome", "controlled") and expect[key] is None):
            continue
        stated, ours = expect[key], line.get(key)
        if key == "review_policy" and stated is None and expect.get("outcome") == "license_required":
            continue  # the case does not say
        same = (
            Decimal(str(ours)) == Decimal(str(stated))
            if key in _NUMBERS and None not in (ours, stated)
            else ours == stated
        )
        if not same:
            found[key] = [stated, ours]
    return found


def _table(tally: Tally) -> None:
    print(f"agree      {len(tally.agree)}")
    print(f"differ     {len(tally.differ)}   (solid or likely)")
    for name, what in tally.differ.items():
        print(f"  {name}  " + "; ".join(f"{key}: stated {a}, ours {b}" for key, (a, b) in what.items()))
    print(f"uncertain  {len(tally.allowed)}   (may differ)")
    for name, what in tally.allowed.items():
        print(f"  {name}  " + "; ".join(f"{key}: stated {a}, ours {b}" for key, (a, b) in what.items()))
    print(f"not yet covered  {sum(tally.uncovered.values())}, by system")
    for act, count in tally.uncovered.most_common():
        print(f"  {count:4} {act}")


if __name__ == "__main__":
    sys.exit(main())
