"""What a clause may name besides facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Names:
    """The ids of clauses, sets (with the type of their members) and tables."""

    clauses: Collection[str] = ()
    sets: Collection[str] = ()
    tables: Collection[str] = ()
