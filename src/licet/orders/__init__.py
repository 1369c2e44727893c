"""Order books: files or tables in, decisions out, at scale."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from licet.orders.run import Reject, screen, screen_files
    from licet.orders.screening import Asked

__all__ = ["Asked", "Reject", "screen", "screen_files"]


def __getattr__(name: str) -> Any:
    """Load the engine when it is asked for: the law as SQL does without."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("licet.orders.screening" if name == "Asked" else "licet.orders.run"), name)
