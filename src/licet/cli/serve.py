"""``licet serve``: the web desk."""

from __future__ import annotations

from typing import Annotated

import typer

from licet.home import home


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Processes that answer, on this machine.")] = 1,
) -> None:
    """Serve the web desk and its API over the data folder, until stopped."""
    from licet.desk.operating.serving import serve as run  # noqa: PLC0415 - other commands need not wait for the web

    run(home(), host, port, workers)


def register(app: typer.Typer) -> None:
    """Add the command to ``licet``."""
    app.command()(serve)
