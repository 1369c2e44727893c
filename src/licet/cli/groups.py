"""The commands by name, each imported when it is asked for: a question about a chip need not wait for the archive."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

# Which module of this package registers a command; the order is that of the help.
MODULES = {
    "check": "check",
    "explain": "check",
    "drafts": "drafts",
    "chips": "catalog",
    "places": "catalog",
    "verify": "verify",
    "backup": "backup",
    "restore": "backup",
    "serve": "serve",
    "demo": "demo",
    "law": "law",
    "ledger": "ledger",
    "orders": "orders",
    "archive": "archive",
    "people": "people",
}


class Commands(MutableMapping[str, Any]):
    """The commands of :data:`MODULES`: to know their names nothing is imported, to have one only its module is."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            app = typer.Typer()
            import_module(f"licet.cli.{MODULES[name]}").register(app)
            self._made |= get_group(app).commands
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield from MODULES
        yield from (name for name in self._made if name not in MODULES)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class OnDemand(TyperGroup):
    """The command ``licet``."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands()
