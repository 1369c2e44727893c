"""Where Licet keeps what it stores, and where the law data lies."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the data folder: ``LICET_HOME``, else the user's data directory. It is not created here."""
    given = os.environ.get("LICET_HOME")
    return Path(given).expanduser() if given else Path(platformdirs.user_data_dir("licet"))


def law_folder() -> Path:
    """Return the folder of law data: inside the installed package, else ``law/`` of the checkout."""
    here = Path(__file__).resolve().parent
    packed = here / "_law"
    return packed if packed.is_dir() else here.parent.parent / "law"


def cache_folder() -> Path | None:
    """Return the folder of :mod:`licet.cache`: ``LICET_CACHE``, else the user's cache directory; None if it is off."""
    given = os.environ.get("LICET_CACHE")
    if given and given.lower() in ("off", "0", "no", "false"):
        return None
    try:
        return Path(given).expanduser() if given else Path(platformdirs.user_cache_dir("licet"))
    except RuntimeError:
        return None  # this user has no home directory
