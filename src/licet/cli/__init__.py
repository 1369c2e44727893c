"""The command ``licet``: one file per command group.

Exit status: 0 done; 1 bad input, with one clear message that names the fix; 2 usage.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from licet.errors import LicetError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _licet() -> None:
    """Answer, with dated evidence: may this AI chip go there?

    Exit status: 0 done; 1 bad input, with one message that names the fix; 2 usage.
    """


def _register() -> None:
    """Import the command groups; each adds itself to ``app``."""
    from licet.cli import archive, catalog, check, demo, drafts, law, serve, verify  # noqa: PLC0415 (loaded when a command runs, not with the package)

    for group in (check, drafts, law, catalog, archive, verify, serve, demo):
        group.register(app)


def main() -> None:
    """Run the command; show a :class:`LicetError` as one message and its fix, and end with status 1."""
    _register()
    try:
        app()
    except LicetError as error:
        console = Console(stderr=True)
        console.print(f"licet: {error.message}", style="bold", highlight=False, markup=False)
        if error.fix:
            console.print(f"  {error.fix}", highlight=False, markup=False)
        sys.exit(1)
