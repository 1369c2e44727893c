"""``licet serve``: the web desk."""

from __future__ import annotations

from typing import Annotated

import typer

from licet.home import home


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the web desk and its API over the data folder, until stopped."""
    from licet.desk.app import serve as run  # noqa: PLC0415 - other commands need not wait for the web parts to load

    run(home(), host, port)


def register(app: typer.Typer) -> None:
    """Add the command to ``licet``."""
    app.command()(serve)
