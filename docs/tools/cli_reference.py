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


def row(parameter: Any, context: Any) -> str:
    """Return one table row of an option or an argument: how it is written, what it does, its default."""
    is_option = parameter.param_type_name == "option"
    names = [*parameter.opts, *parameter.secondary_opts] if is_option else [parameter.make_metavar(context)]
    metavar = parameter.make_metavar(context) if is_option and not parameter.is_flag else ""
    written = " ".join(filter(None, [", ".join(names), metavar]))
    default = parameter.default
    shown = default if isinstance(default, str | int | Path) and not isinstance(default, bool) else None
    texts = [getattr(parameter, "help", None) or "", "required" if parameter.required else ""]
    texts.append(f"default: {shown}" if shown not in {None, ""} and not parameter.required else "")
    told = "; ".join(text.strip().rstrip(".") for text in texts if text)
    return f"| `{written}` | {told} |".replace("\n", " ")


def section(command: Any, context: Any) -> list[str]:
    """Return the lines of one command: its help, its usage, its parameters."""
    shown = [each for each in command.params if not getattr(each, "hidden", False)]
    pieces = command.collect_usage_pieces(context)
    lines = [f"## {context.command_path}", "", inspect.cleandoc(command.help or ""), ""]
    lines += ["```", " ".join([context.command_path, *pieces]), "```", ""]
    if shown:
        lines += ["| | |", "| --- | --- |", *(row(each, context) for each in shown), ""]
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
    cli._register()  # noqa: SLF001 (the script is the command's own)
    command = get_command(cli.app)
    context = command.make_context("licet", [], resilient_parsing=True)
    return "\n".join([HEAD, *walk(command, context)]).rstrip() + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(reference(), encoding="utf-8")
    else:
        print(reference(), end="")
