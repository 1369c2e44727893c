"""``licet orders``: order books. Each command stands in a file of its own."""

from __future__ import annotations

import typer

orders = typer.Typer(no_args_is_help=True, help="Order books: the law over many lines.")


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    from licet.cli import (  # noqa: PLC0415 - they add themselves to the group
        orders_allocate,  # noqa: F401
        orders_plan,  # noqa: F401
        orders_screen,  # noqa: F401
        orders_sql,  # noqa: F401
    )

    app.add_typer(orders, name="orders")
