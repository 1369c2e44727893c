import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench" / "ledger.py"


def test_both_ways_are_timed_beside_a_bare_update():
    command = [sys.executable, str(BENCH), "--rounds", "1", "--kills", "0", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    told = json.loads(done.stdout)
    for way in ("single", "grouped"):
        assert told[f"{way}_ledger"] > 0
        assert told[f"{way}_of_bare"] > 0
    assert set(told["missed"]) <= {"single", "grouped"}
    assert done.returncode == (1 if told["missed"] else 0)
