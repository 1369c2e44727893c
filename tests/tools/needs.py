"""What to do about a test whose needs this machine does not meet."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}


def unavailable(reason: str) -> NoReturn:
    """Skip the test with the reason, or fail it in CI: nothing is skipped there."""
    raise (pytest.fail.Exception if IN_CI else pytest.skip.Exception)(reason)
