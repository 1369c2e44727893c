"""One decision with its whole trace, from Python, on one core: decisions a second.

    python bench/decisions.py [--count 200000] [--json]

The law is the whole of us-ear on 2025-06-02, as written. The transactions are those of a trade: every chip of the
catalog, every place as destination, nine headquarters in ten at the destination, any quantity. They are decided twice:
anew, where each pattern that comes for the first time is worked out, and again, when all are known; the floor is held
against the first. Beside it stand the oracle, and one act alone (the three tiers for one kind of chip, no trace) as a
decision table in ZEN and as Python written by hand. Exits 1 below the floor.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zen import ZenEngine

from licet import statutes
from licet.catalog import chips
from licet.catalog.places import places
from licet.decisions import Query, decide, read_transaction, take_headquarters
from licet.decisions.compiled import Decider
from licet.home import law_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from licet.decisions import Transaction
    from licet.statutes import Law

FLOOR = 50_000
LPP = Decimal(26_900_000)
FEW = 2_000
"""Of the slow ones, so many are asked."""


def trade(law: Law, day: dt.date, count: int) -> list[Transaction]:
    """Return ``count`` transactions, the same each time."""
    dice = random.Random(20250602)
    ids, codes = sorted(chips.chips()), sorted(places())
    found = []
    for _ in range(count):
        destination = dice.choice(codes)
        facts: dict[str, Any] = {"chip": dice.choice(ids), "destination": destination, "date": day}
        facts["quantity"] = int(10 ** dice.uniform(0, 4.5))
        if dice.random() < 0.1:
            facts["headquarters"] = dice.choice(codes)
        found.append(take_headquarters(read_transaction(facts, law.vocabulary)))
    return found


def rate(answer: Callable[[Any], Any], asked: Iterable[Any], count: int) -> float:
    """Return how many answers a CPU-second gives."""
    start = time.process_time()
    for item in asked:
        answer(item)
    return count / (time.process_time() - start)


def by_hand(tier_1: frozenset[str], tier_3: frozenset[str]) -> Callable[[dict[str, Any]], str]:
    """Return the act's table as Python."""

    def outcome(facts: dict[str, Any]) -> str:
        if not facts["a"]:
            return "no_license_required"
        if facts["destination"] in tier_3 or facts["headquarters"] in tier_3:
            return "denial"
        if facts["destination"] in tier_1 and facts["headquarters"] in tier_1:
            return "AIA"
        return "LPP" if facts["total_tpp"] <= LPP else "approval"

    return outcome


def as_table(tier_1: frozenset[str], tier_3: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    """Return the act's table as a ZEN decision."""

    def among(members: frozenset[str]) -> str:
        return ", ".join(f"'{code}'" for code in sorted(members))

    rules = [
        ("false", "", "", "", "'no_license_required'"),
        ("", among(tier_3), "", "", "'denial'"),
        ("", "", among(tier_3), "", "'denial'"),
        ("", among(tier_1), among(tier_1), "", "'AIA'"),
        ("", "", "", f"<= {LPP}", "'LPP'"),
        ("", "", "", "", "'approval'"),
    ]
    names = ("a", "destination", "headquarters", "total_tpp")
    columns = [*names, "outcome"]
    inputs = [{"id": name, "name": name, "field": name} for name in names]
    table = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "outcome", "name": "outcome", "field": "outcome"}],
        "rules": [{"_id": str(n), **dict(zip(columns, rule, strict=True))} for n, rule in enumerate(rules)],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [{"id": "1", "sourceId": "in", "targetId": "table"}, {"id": "2", "sourceId": "table", "targetId": "out"}]
    decision = ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: decision.evaluate(facts)["result"]["outcome"]


def plain(transaction: Transaction) -> dict[str, Any]:
    """Return what the one act's table reads."""
    facts = transaction.facts
    tpp = facts.get("tpp") or Decimal(0)
    return {
        "a": bool(tpp >= Decimal(4800)),  # type: ignore[operator]
        "destination": facts.get("destination", ""),
        "headquarters": facts.get("headquarters", ""),
        "total_tpp": tpp * facts["quantity"],  # type: ignore[operator]
    }


def measure(count: int) -> dict[str, float]:
    """Return every figure by name."""
    query = Query(on=dt.date(2025, 6, 2), basis="written")
    law = statutes.load(law_folder()).law(query)
    asked = trade(law, query.on, count)
    decider = Decider(law, query)
    new = rate(decider.decide, asked, count)
    again = rate(decider.decide, asked, count)
    slow = rate(lambda transaction: decide(law, transaction, query), asked[:FEW], FEW)
    tier_1, tier_3 = law.sets["supplement_5a"], law.sets["d5_macau"]
    flat = [plain(transaction) for transaction in asked]
    hand, table = by_hand(tier_1, tier_3), as_table(tier_1, tier_3)
    texts = [{**facts, "total_tpp": float(facts["total_tpp"])} for facts in flat[:FEW]]
    wrong = [facts for facts, text in zip(flat, texts, strict=False) if hand(facts) != table(text)]
    assert not wrong, wrong[:3]  # noqa: S101 - the two must be the same table, else the ratio says nothing
    return {
        "clauses": len(law.clauses),
        "patterns": decider.patterns,
        "anew": round(new),
        "again": round(again),
        "oracle": round(slow),
        "one_act_zen": round(rate(table, texts, len(texts))),
        "one_act_by_hand": round(rate(hand, flat, count)),
        "floor": FLOOR,
    }


def main() -> int:
    """Print the figures; 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.count)
    print(
        json.dumps(found) if options.json else "\n".join(f"{name:>16} {value:>12,.0f}" for name, value in found.items())
    )
    return 1 if found["anew"] < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main())
