"""The ledger beside a bare guarded update, on SQLite with every commit flushed to the disk; and under the hammer.

    python bench/ledger.py [--rounds 9] [--kills 20] [--json]

The bare one is what a program without a ledger would write: one guarded UPDATE that refuses where there is no room, and
the row that says what was taken, under a unique key. The ledger does the same and answers a request that comes twice as
it did the first, keeps what is held for every day, and chains its entries. Beside it the UPDATE alone, without a row.
Both are run by turns in the same folder, one request a commit and a thousand a commit; the figure is the median of the
ratios. Then eight processes hammer twenty accounts, some of them killed, and everything acknowledged is looked for.
Exits 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licet.ledger import Ledger, Receipt, Reserve

if TYPE_CHECKING:
    from collections.abc import Callable

FLOORS = {"single": 0.7, "grouped": 0.3}
ACCOUNTS = [f"national allocation/{code}/2025 to 2027" for code in "ABCDEFGHIJKLMNOPQRST"]
DAY = dt.date(2025, 6, 2)
TOGETHER = 1_000
SINGLE, GROUPS = 200, 10
TESTS = Path(__file__).resolve().parent.parent / "tests"


class Bare:
    """A table of limits and a table of what was taken."""

    def __init__(self, folder: Path, *, row: bool) -> None:
        self.db = sqlite3.connect(folder / f"bare-{row}.sqlite", isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute(
            "CREATE TABLE room (id INTEGER PRIMARY KEY, used INTEGER, cap INTEGER, CHECK (used <= cap)) STRICT"
        )
        self.db.execute("CREATE TABLE taken (key TEXT PRIMARY KEY, id INTEGER, amount INTEGER, day TEXT) STRICT")
        self.db.executemany("INSERT INTO room VALUES (?, 0, ?)", [(n, 10**15) for n in range(len(ACCOUNTS))])
        self.row = row

    def take(self, first: int, count: int) -> None:
        """Take for ``count`` requests in one commit."""
        run = self.db.execute
        run("BEGIN IMMEDIATE")
        for number in range(first, first + count):
            account = number % len(ACCOUNTS)
            guarded = "UPDATE room SET used = used + ? WHERE id = ? AND used + ? <= cap"
            assert run(guarded, (7000, account, 7000)).rowcount == 1  # noqa: S101 - there is room
            if self.row:
                run("INSERT INTO taken VALUES (?, ?, ?, ?)", (f"order-{number}", account, 7000, "2025-06-02"))
        run("COMMIT")


class Ours:
    """The ledger, asked as a caller asks it."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger.open(folder / "ledger.sqlite")
        for name in ACCOUNTS:
            self.ledger.open_account(name, 10**12)

    def take(self, first: int, count: int) -> None:
        """Reserve for ``count`` requests in one commit."""
        if count == 1:
            self.ledger.reserve(ACCOUNTS[first % len(ACCOUNTS)], 7, key=f"order-{first}", on=DAY)
            return
        names = (ACCOUNTS[number % len(ACCOUNTS)] for number in range(first, first + count))
        asked = [Reserve(account=name, amount=7, key=f"order-{first + n}", on=DAY) for n, name in enumerate(names)]
        outcomes = self.ledger.batch(asked)
        assert all(type(outcome) is Receipt for outcome in outcomes)  # noqa: S101 - there is room


def rate(take: Callable[[int, int], None], first: int, commits: int, together: int) -> float:
    """Return how many requests a second are answered, ``together`` in each of some commits."""
    start = time.perf_counter()
    for number in range(commits):
        take(first + number * together, together)
    return commits * together / (time.perf_counter() - start)


def speeds(rounds: int) -> dict[str, Any]:
    """Return the median speeds and ratios."""
    with tempfile.TemporaryDirectory() as name:
        makers = {"ledger": Ours(Path(name)), "bare": Bare(Path(name), row=True), "update": Bare(Path(name), row=False)}
        found: dict[str, dict[str, list[float]]] = {way: {who: [] for who in makers} for way in FLOORS}
        first = 0
        for _ in range(rounds):
            for way, (commits, together) in {"single": (SINGLE, 1), "grouped": (GROUPS, TOGETHER)}.items():
                for who, maker in makers.items():
                    found[way][who].append(rate(maker.take, first, commits, together))
                first += commits * together
        makers["ledger"].ledger.close()  # type: ignore[union-attr]
    told: dict[str, Any] = {}
    for way, rates in found.items():
        for who, values in rates.items():
            told[f"{way}_{who}"] = round(statistics.median(values))
        for beside in ("bare", "update"):
            pairs = zip(rates["ledger"], rates[beside], strict=True)
            told[f"{way}_of_{beside}"] = round(statistics.median(ours / other for ours, other in pairs), 3)
    return told


def hammered(kills: int) -> dict[str, int]:
    """Return what was found after the hammering: on SQLite, and on PostgreSQL where there is a server."""
    sys.path.insert(0, str(TESTS))
    from tools.hammering import hammer, judge, lines  # noqa: PLC0415 - the tests' own
    from tools.postgres import Server, programs  # noqa: PLC0415

    told: dict[str, int] = {}

    def run(name: str, url: str, folder: Path) -> None:
        folder.mkdir()
        acks = hammer(url, folder, kills=kills, refusals=10 * kills)
        told[f"{name}_acknowledged"] = sum(word in {"reserved", "posted", "voided"} for word in lines(acks))
        told[f"{name}_refused"] = lines(acks).count("refused")
        told[f"{name}_wrong"] = len(judge(url, acks))

    with tempfile.TemporaryDirectory() as name:
        run("sqlite", f"sqlite:///{name}/hammered.sqlite", Path(name) / "sqlite")
        if (found := programs()) is not None:
            server = Server(found)
            try:
                run("postgresql", server.url(), Path(name) / "postgresql")
            finally:
                server.stop()
    return told


def main() -> int:
    """Print the figures; 1 below a floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--kills", type=int, default=20, help="processes to kill under the hammer; 0: no hammering")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = speeds(options.rounds) | (hammered(options.kills) if options.kills else {})
    missed = [way for way, floor in FLOORS.items() if found[f"{way}_of_bare"] < floor]
    missed += [name for name, count in found.items() if name.endswith("_wrong") and count]
    found |= {f"{way}_floor": floor for way, floor in FLOORS.items()} | {"missed": missed}
    if options.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>24} {value}" for name, value in found.items()))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
