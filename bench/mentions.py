"""Measure how fast the mentions of places, chips, ECCNs and acts are found in texts, against the bare matcher.

usage: mentions.py FILE [--json]

FILE holds JSON lines; of each line the strings in ``text``, else ``title`` and ``body``, else all strings are read. The
bare matcher is the same Aho-Corasick automaton over the same names, on text folded before the clock starts, its matches
counted and thrown away. By turns, CPU time, the best of five rounds each. Exits 1 when the floor is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ahocorasick_rs

from licet.archive.model import Article
from licet.evidence.tagger import fold, mentions, names

if TYPE_CHECKING:
    from collections.abc import Callable

FLOOR = 0.4
ROUNDS = 5


def text_of(line: dict[str, Any]) -> str:
    """Return the text of a line."""
    for fields in (("text",), ("title", "body"), tuple(line)):
        found = [line[field] for field in fields if isinstance(line.get(field), str)]
        if found:
            return "\n".join(found)
    return ""


def bare() -> Callable[[str], int]:
    """Return the automaton alone: text in, number of matches out."""
    matcher = ahocorasick_rs.AhoCorasick(sorted({fold(name) for name in names()}))
    return lambda text: len(matcher.find_matches_as_indexes(text, overlapping=True))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Return CPU seconds and what the work gives."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def measure(texts: list[str]) -> dict[str, float]:
    """Return the figures over ``texts``."""
    articles = [Article(body=text) for text in texts]
    folded = [fold(text) for text in texts]
    matcher = bare()
    ours, plain = [], []
    count = 0
    for _ in range(ROUNDS):
        seconds, count = timed(lambda: sum(len(mentions(article)) for article in articles))
        ours.append(seconds)
        plain.append(timed(lambda: sum(map(matcher, folded)))[0])
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    return {
        "texts": len(texts),
        "megabytes": megabytes,
        "mentions": count,
        "mentions, MB a CPU-second": megabytes / min(ours),
        "bare matcher, MB a CPU-second": megabytes / min(plain),
        "ratio": min(plain) / min(ours),
    }


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as file:
        texts = [text_of(json.loads(line)) for line in file if line.strip()]
    figures = measure(texts)
    missed = figures["ratio"] < FLOOR
    if options.json:
        print(json.dumps({**figures, "floor": FLOOR, "missed": ["ratio"] if missed else []}))
    else:
        for name, value in figures.items():
            print(f"{name:32}{value:>14,.2f}")
        print(f"floor: ratio ≥ {FLOOR}" + (" MISSED" if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
