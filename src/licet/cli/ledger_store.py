"""Which ledger a command means: the one of the data folder, or another that it names."""

from __future__ import annotations

from typing import Annotated

import typer

from licet.home import home
from licet.journal import Journal
from licet.ledger import Ledger
from licet.ledger.home import ledger_file

Store = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="sqlite:///path or postgresql://…; default: in the data folder.", envvar="LICET_LEDGER"
    ),
]


def opened(store: str | None) -> Ledger:
    """Open the ledger that is meant; its chain is marked in the journal of the data folder."""
    return Ledger.open(store or ledger_file(home()), journal=Journal.open(home()))


def there(store: str | None) -> bool:
    """Say whether there is a ledger to read: one that is named, or one in the data folder."""
    return store is not None or ledger_file(home()).is_file()
