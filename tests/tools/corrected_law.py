"""The law data with one figure corrected, as a folder: the LPP volume of the AI diffusion rule."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from licet.home import law_folder

if TYPE_CHECKING:
    from pathlib import Path

ACT = "2025-01-13-ai-diffusion.yaml"
FIGURE = "26900000"


def corrected(folder: Path, figure: str) -> Path:
    """Copy the law data into ``folder`` with another LPP volume, and return the folder."""
    shutil.copytree(law_folder(), folder)
    act = folder / "us-ear" / ACT
    text = act.read_text(encoding="utf-8")
    assert FIGURE in text
    act.write_text(text.replace(FIGURE, figure), encoding="utf-8")
    return folder
