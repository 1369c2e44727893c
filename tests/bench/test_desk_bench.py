import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench" / "desk.py"


def test_every_page_is_timed():
    command = [sys.executable, str(BENCH), "--no-browser", "--times", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    told = json.loads(done.stdout)
    assert {row["page"].split("?")[0] for row in told["pages"]} >= {"/", "/world", "/law", "/news", "/api/v1/check"}
    assert all(row["bytes"] > 200 for row in told["pages"])
    assert done.returncode == (1 if told["missed"] else 0)
