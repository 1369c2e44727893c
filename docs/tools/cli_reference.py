"""Write docs/manual/cli.md from the commands' own help: ``python docs/tools/cli_reference.py --write``.

Without ``--write`` it prints the page. A test compares the page with what this prints, so the manual cannot drift.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

from typer.main import get_command

from licet import cli

PAGE = Path(__file__).resolve().parent.parent / "manual" / "cli.md"
HEAD = """# The command line

Written by `make manual` from the commands' own help; do not edit.
"""


def rows(command: Any, context: Any) -> list[str]:
    """Return a table row for each option and argument that is shown: how it is written, what it does, its default."""
    records = filter(None, (parameter.get_help_record(context) for parameter in command.params))
    cells = ((written.replace("|", "\\|"), " ".join(told.replace("|", "\\|").split())) for written, told in records)
    return [f"| `{written}` | {told} |" for written, told in cells]


def section(command: Any, context: Any) -> list[str]:
    """Return the lines of one command: its help, its usage, its parameters."""
    shown = rows(command, context)
    pieces = command.collect_usage_pieces(context)
    lines = [f"## {context.command_path}", "", inspect.cleandoc(command.help or ""), ""]
    lines += ["```", " ".join([context.command_path, *pieces]), "```", ""]
    if shown:
        lines += ["| | |", "| --- | --- |", *shown, ""]
    return lines


def walk(command: Any, context: Any) -> list[str]:
    """Return the sections of a command and of those below it, by name."""
    lines = section(command, context)
    for name, below in sorted(getattr(command, "commands", {}).items()):
        if not below.hidden:
            lines += walk(below, type(context)(below, info_name=name, parent=context))
    return lines


def reference() -> str:
    """Return the whole page."""
    command = get_command(cli.app)
    context = command.make_context("licet", [], resilient_parsing=True)
    return "\n".join([HEAD, *walk(command, context)]).rstrip() + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(reference(), encoding="utf-8")
    else:
        print(reference(), end="")
