"""Worked cases against the law: which agree, which differ, which no law of ours decides yet.

    python bench/cases.py FILE [--json]

FILE holds one case a line (the form of ``licet check --jsonl``, with ``expect``). Every key that ``expect`` states is
compared, and of what ``also`` states whatever the answer has a field for. A case of a system of law that is not here
yet is counted by its system; exits 1 when a solid or likely case differs.
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

_NUMBERS = ("allocation_tpp", "total_tpp", "duty_pct", "band")
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
        same = _equal(ours, stated) if key in _NUMBERS and None not in (ours, stated) else ours == stated
        if not same:
            found[key] = [stated, ours]
    return found | _also(law, case, line)


def _also(law: statutes.Statutes, case: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    """Return what ``also`` states and we answer otherwise: papers, days, ceilings, figures, another reading."""
    also, found = case["expect"].get("also") or {}, {}
    asked = {obligation["id"]: obligation for obligation in line["obligations"]}
    limits = {volume["account"]: volume["limit"] for volume in line["volumes"]}
    ours: dict[str, Any] = {
        "pre_shipment_notice": lambda: "lpp_notice" in asked,
        "certification_to_bis_before_first_shipment": lambda: "aia_filing" in asked,
        "notice_days": lambda: asked.get("nac_notice", {}).get("days"),
        "nveu_limit_tpp": lambda: limits.get("nveu"),
        "prohibited": lambda: line["outcome"] == "prohibited",
        **{key: lambda key=key: line.get(key) for key in _NUMBERS},
        "reading_permissive": lambda: _permissive(law, case),
    }
    if "nveu" not in limits:  # where not one unit more fits, no account is shown
        del ours["nveu_limit_tpp"]
    for key in [key for key in also if key in ours]:
        stated = also[key]["exception"] if key == "reading_permissive" else also[key]
        answer = ours[key]()
        if answer != stated and not (key in _NUMBERS and None not in (answer, stated) and _equal(answer, stated)):
            found[f"also.{key}"] = [stated, answer]
    return found


def _permissive(law: statutes.Statutes, case: dict[str, Any]) -> str | None:
    """Return the exception under the reading that lets LPP through to D:1 and D:4."""
    readings = {"lpp-restricted-groups": "permissive"}
    return ask(law, case, system=case["law"], basis=case["basis"], readings=readings).exception


def _equal(ours: object, stated: object) -> bool:
    return Decimal(str(ours)) == Decimal(str(stated))


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
