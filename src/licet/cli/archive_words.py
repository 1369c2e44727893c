"""What commands of the archive share: the option of JSON, and a line of it."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def line(value: dict[str, Any]) -> None:
    """Print an object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
