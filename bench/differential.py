"""The three back ends against one another on random transactions: the oracle, generated Python, SQL on DuckDB.

    python bench/differential.py [--count 200000] [--seed 1] [--oracle 1.0] [--json]

Every law of every chain (each day of change, each basis, each other choice of a reading) gets its share. Compared are
the truth of every clause and the scalar fields of the verdict with the clauses that decided. ``--oracle`` is the share
of transactions for which the oracle, which is slow, is asked too. Exits 1 at any difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from licet import statutes
from licet.clauses.sql import SETTINGS, column_type
from licet.decisions.compiled import Decider, Decision, pattern_of
from licet.decisions.decide import Case
from licet.decisions.query import FIELDS, query
from licet.home import law_folder
from licet.statutes.check import queries
from transactions import Dice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.decisions import Query, Transaction
    from licet.statutes import Law, Statutes

Answer = tuple[tuple[Any, ...], tuple[bool | None, ...]]
MOST_SHOWN = 10


def laws(loaded: Statutes) -> Iterator[tuple[Query, Law]]:
    """Yield every law that differs from those before it, with the query that asks for it."""
    seen = set()
    for system in sorted(loaded.library.systems):
        for asked in queries(loaded, system):
            law = loaded.law(asked)
            if law.digest not in seen:
                seen.add(law.digest)
                yield asked, law


def by_python(decision: Decision) -> Answer:
    """Return what is compared of a compiled decision."""
    found = decision.pattern
    amounts = {"total_tpp": decision.total_tpp, "allocation_tpp": decision.allocation_tpp}
    return tuple(amounts[name] if name in amounts else getattr(found, name) for name in FIELDS), found.trace


def by_oracle(law: Law, transaction: Transaction, asked: Query) -> Answer:
    """Return what is compared of the oracle's answer, every clause interpreted."""
    case = Case(law, transaction, asked)
    return by_python(Decision(pattern_of(case), case.total_tpp, case.allocation_tpp))


def by_sql(law: Law, transactions: Sequence[Transaction]) -> list[Answer]:
    """Return what is compared of the query's rows, run on DuckDB."""
    names = law.program.facts()
    with duckdb.connect() as base:
        for setting in SETTINGS:
            base.execute(setting)
        types = ", ".join(f'"{name}" {column_type(law.vocabulary[name])}' for name in names)
        base.execute(f"CREATE TABLE given (row_number BIGINT, {types})")
        columns = {name: [_plain(t.facts.get(name)) for t in transactions] for name in names}
        rows = pa.table({"row_number": range(len(transactions)), **{k: _column(v) for k, v in columns.items()}})
        base.register("stated", rows)
        casts = ", ".join(f'CAST("{name}" AS {column_type(law.vocabulary[name])})' for name in names)
        base.execute(f"INSERT INTO given SELECT row_number, {casts} FROM stated")
        text = query(law, "given", names, keep=["row_number"], traced=True)
        found = base.execute(f"SELECT * FROM ({text}) ORDER BY row_number").fetchall()
    width = 1 + len(FIELDS)
    return [(tuple(tuple(v) if isinstance(v, list) else v for v in row[1:width]), row[width:]) for row in found]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else None if value is None else str(value)


def _column(values: list[Any]) -> pa.Array:
    listed = any(isinstance(value, list) for value in values)
    return pa.array(values, pa.list_(pa.string()) if listed else pa.string())


def compare(law: Law, asked: Query, transactions: list[Transaction], oracle: float) -> list[str]:
    """Return the differences between the back ends, in words."""
    decider = Decider(law, asked)
    python = [by_python(decider.decide(transaction)) for transaction in transactions]
    sql = by_sql(law, transactions)
    told = round(len(transactions) * oracle)
    plain = [by_oracle(law, transaction, asked) for transaction in transactions[:told]]
    found = []
    for name, others in (("SQL", sql), ("the oracle", plain)):
        for transaction, ours, theirs in zip(transactions, python, others, strict=False):
            if ours != theirs:
                found.append(f"{asked}: {dict(transaction.facts)}: Python and {name}: {_apart(law, ours, theirs)}")
    return found


def _apart(law: Law, ours: Answer, theirs: Answer) -> str:
    names = (*FIELDS, *law.clauses)
    pairs = zip(names, (*ours[0], *ours[1]), (*theirs[0], *theirs[1]), strict=True)
    return "; ".join(f"{name} {a} / {b}" for name, a, b in pairs if a != b)


def main() -> int:
    """Print the figures; 1 where any two differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--oracle", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    start = time.perf_counter()
    every = list(laws(statutes.load(law_folder())))
    each = -(-options.count // len(every))
    differences: list[str] = []
    for number, (asked, law) in enumerate(every):
        drawn = list(Dice(law, options.seed * 1_000_003 + number).transactions(each))
        differences += compare(law, asked, drawn, options.oracle)
    seconds = round(time.perf_counter() - start)
    count = each * len(every)
    result = {"laws": len(every), "transactions": count, "differences": len(differences), "seconds": seconds}
    print(json.dumps(result) if options.json else "\n".join([*differences[:MOST_SHOWN], str(result)]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
