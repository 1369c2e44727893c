"""Programs of others that stand beside Licet in tests: pywb, wacz, warcio; ``make peers`` installs them."""

from __future__ import annotations

import os
from pathlib import Path

from tools.needs import unavailable

ROOT = Path(__file__).resolve().parent.parent.parent


def peer(name: str) -> Path:
    """Return the path of the program ``name``; without it the test is skipped with the reason, and fails in CI."""
    path = Path(os.environ.get("LICET_PEERS") or ROOT / ".venv-peers") / "bin" / name
    if not path.exists():
        unavailable(f"the program {name} is not there: make peers installs it")
    return path
