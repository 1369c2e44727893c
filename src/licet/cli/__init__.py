"""The command ``licet``: one file per command group.

Exit status: 0 done; 1 bad input, with one clear message that names the fix; 2 usage.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from licet.cli.groups import OnDemand
from licet.errors import LicetError

app = typer.Typer(cls=OnDemand, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _licet() -> None:
    """Answer, with dated evidence: may this AI chip go there?

    Exit status: 0 done; 1 bad input, with one message that names the fix; 2 usage.
    """


def main() -> None:
    """Run the command; show a :class:`LicetError` as one message and its fix, and end with status 1."""
    try:
        app()
    except LicetError as error:
        console = Console(stderr=True)
        console.print(f"licet: {error.message}", style="bold", highlight=False, markup=False)
        if error.fix:
            console.print(f"  {error.fix}", highlight=False, markup=False)
        sys.exit(1)
