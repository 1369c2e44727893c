"""The soak runs, without an error, and says so."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent.parent / "bench" / "soak.py"


def test_twenty_seconds_of_mixed_load_without_an_error():
    done = subprocess.run(
        [sys.executable, BENCH, "--seconds", "20", "--json"], check=False, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert {row["kind"] for row in found["kinds"]} == {"page", "check", "batch", "upload"}
    assert all(row["times"] and row["p50_ms"] <= row["p95_ms"] for row in found["kinds"])
    assert done.returncode == (0 if found["memory"]["flat"] else 1)
