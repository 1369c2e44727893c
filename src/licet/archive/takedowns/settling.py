"""The state of snapshots follows from the cases that cover them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.archive.takedowns import machine
from licet.archive.takedowns.tombstone import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from licet.archive.catalogue import Catalogue
    from licet.archive.takedowns.model import Case
    from licet.archive.takedowns.register import Register


def settle(catalogue: Catalogue, register: Register, snapshots: Iterable[str]) -> None:
    """Bring the state of snapshots to what their cases say; what is erased stays so. Within the caller's write."""
    for snapshot in snapshots:
        rows = catalogue.rows("SELECT state, state_at FROM snapshots WHERE id = ?", (snapshot,))
        if not rows or rows[0][0] == "erased":
            continue
        cases = register.covering(snapshot)
        state = machine.state([case.status for case in cases], erased=False)
        hiding = [case for case in cases if case.status in ("granted", "erased")]
        first = min(hiding, key=_decided_at, default=None)
        at = _decided_at(first) if first else None
        if rows[0] != (state, at):
            catalogue.set_state(snapshot, state, ground=first.ground if first else None, at=at)


def _decided_at(case: Case) -> str:
    return stamp(case.decided_at) if case.decided_at else ""
