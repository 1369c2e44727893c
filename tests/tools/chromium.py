"""Where the Chromium is that the browser tests drive, and how it is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
ABSENT = "no Chromium: install one (package chromium or google-chrome), or name it in LICET_CHROMIUM"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path(own: str = "") -> str | None:
    """The Chromium named in LICET_CHROMIUM, else one on PATH, else ``own`` (Playwright's) where it is installed."""
    named = os.environ.get("LICET_CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or (own if own and Path(own).is_file() else None)
