import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench" / "start.py"


def test_every_program_is_timed_and_the_floor_is_held_against_the_later_run():
    done = subprocess.run([sys.executable, str(BENCH), "--times", "1", "--json"], capture_output=True, check=False)
    told = json.loads(done.stdout)
    rows = {row["program"]: row for row in told["programs"]}
    assert {"python -c pass", "import typer, rich", "licet check", "licet check, empty cache"} <= set(rows)
    assert all(row["cpu"] > 0 and 0 < row["least_wall"] <= row["wall"] for row in rows.values())
    assert told["missed"] == (rows["licet check"][told["judged_by"]] > told["floor"])
    assert done.returncode == (1 if told["missed"] else 0)
