"""How long `licet check` takes from nothing to its answer, beside what Python and the command-line libraries take.

    python bench/start.py [--times 15] [--json]

Each program runs as a process of its own, all of them by turns, so that another's load falls on each alike. Wall time
is what a person waits, CPU time what the process itself needed. Before anything is timed, each runs once: Python has
compiled the modules and the files lie in memory. "Empty cache" is a first run (LICET_CACHE names an empty folder each
time), "no cache" one that may keep nothing.

The floor is held against the median wall time of a later run; on a machine so busy that even the bare libraries wait
longer than they work, against its CPU time, which is what the wall time would be there if the machine were free. Exits
1 when it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

FLOOR_SECONDS = 0.4
FLOOR_OF = "licet check"
LIBRARIES = "import typer, rich"
QUESTION = ["check", "--chip", "h100-sxm", "--quantity", "2000", "--to", "CH", "--on", "2025-06-02"]
QUESTION += ["--basis", "written"]
BUSY = 1.2
"""So many times its CPU time a process takes on a machine that is busy with something else."""


class Program(NamedTuple):
    """One command line; ``cache``: the folder it is given, ``empty`` whether that is emptied before each run."""

    name: str
    arguments: list[str]
    cache: str
    empty: bool = False


def programs(folder: Path) -> list[Program]:
    """Return what is timed; ``folder`` is a new one for their caches."""
    kept, fresh = str(folder / "kept"), str(folder / "fresh")
    ask = ["-m", "licet", *QUESTION]
    return [
        Program("python -c pass", ["-c", "pass"], kept),
        Program(LIBRARIES, ["-c", LIBRARIES], kept),
        Program(FLOOR_OF, ask, kept),
        Program("licet check --json", [*ask, "--json"], kept),
        Program("licet check --lang zh", [*ask, "--lang", "zh"], kept),
        Program("licet check, empty cache", ask, fresh, empty=True),
        Program("licet check, no cache", ask, "off"),
    ]


def run(program: Program, home: Path) -> tuple[float, float]:
    """Run a program and return its wall and CPU seconds. Raises CalledProcessError when it fails."""
    if program.empty:
        shutil.rmtree(program.cache, ignore_errors=True)
    settings = {"LICET_CACHE": program.cache, "LICET_HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    # An installed Licet has its modules compiled; in a checkout Python does that once, unless it is forbidden.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *program.arguments], env={**inherited, **settings}, stdout=subprocess.DEVNULL, check=True
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(times: int) -> list[dict[str, Any]]:
    """Return a row for each program, in seconds."""
    with tempfile.TemporaryDirectory(prefix="licet-start-") as name:
        folder = Path(name)
        asked = programs(folder)
        for program in asked:
            run(program, folder / "home")
        timed = {program.name: [] for program in asked}
        for _ in range(times):
            for program in asked:
                timed[program.name].append(run(program, folder / "home"))
    return [row(name, found) for name, found in timed.items()]


def row(name: str, found: list[tuple[float, float]]) -> dict[str, Any]:
    """Return the figures of one program."""
    walls, cpus = [wall for wall, _ in found], [cpu for _, cpu in found]
    return {
        "program": name,
        "wall": round(statistics.median(walls), 3),
        "least_wall": round(min(walls), 3),
        "cpu": round(statistics.median(cpus), 3),
    }


def main() -> int:
    """Print the table; 1 when the floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = {found["program"]: found for found in measure(options.times)}
    libraries = rows[LIBRARIES]
    for found in rows.values():
        found["times_the_libraries"] = round(found["cpu"] / libraries["cpu"], 1)
    judged = "cpu" if libraries["wall"] > BUSY * libraries["cpu"] else "wall"
    missed = rows[FLOOR_OF][judged] > FLOOR_SECONDS
    if options.json:
        told = {"programs": list(rows.values()), "floor": FLOOR_SECONDS, "judged_by": judged, "missed": missed}
        print(json.dumps(told | {"load": os.getloadavg()[0]}))
    else:
        table(rows.values())
        by = "wall time" if judged == "wall" else f"CPU time: the machine is busy, load {os.getloadavg()[0]:.1f}"
        print(f"floor: {FLOOR_OF} in {FLOOR_SECONDS} s at the median: {'missed' if missed else 'held'} (by {by})")
    return 1 if missed else 0


def table(rows: Iterable[dict[str, Any]]) -> None:
    """Print the figures."""
    print(f"{'seconds':<26} {'wall':>7} {'least':>7} {'CPU':>7} {'× libraries':>12}")
    for found in rows:
        figures = (found["wall"], found["least_wall"], found["cpu"])
        shown = "".join(f" {value:7.3f}" for value in figures)
        print(f"{found['program']:<26}{shown} {found['times_the_libraries']:12.1f}")


if __name__ == "__main__":
    sys.exit(main())
