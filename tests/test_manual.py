"""The manual says what the program does."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parent.parent / "docs" / "tools" / "cli_reference.py"


@pytest.fixture(scope="module")
def tool():
    return runpy.run_path(str(TOOL))


def test_the_command_reference_is_current(tool):
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["reference"](), "run: make manual"


def test_the_command_reference_names_every_option(tool):
    page = tool["reference"]()
    assert "## licet demo\n" in page
    for option in ("--no-serve", "--host", "--port", "--home"):
        assert f"`{option}" in page
