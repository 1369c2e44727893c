"""The course of a case: which step may follow which. Pure; the tables and the journal only record its results.

::

    (filed) ──> open ──grant──> granted ──erase──> erased
                 │                 └─────undo────> undone
                 └────refuse──> refused

``refused``, ``undone`` and ``erased`` are ends: whoever asks again opens a new case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from licet.errors import NotInThatState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from licet.archive.takedowns.model import Status

Step = Literal["grant", "refuse", "undo", "erase"]
State = Literal["public", "hidden", "erased"]

_STEPS: dict[tuple[Status, Step], Status] = {
    ("open", "grant"): "granted",
    ("open", "refuse"): "refused",
    ("granted", "undo"): "undone",
    ("granted", "erase"): "erased",
}
_JOINED: frozenset[Status] = frozenset({"open", "granted"})


def after(status: Status, step: Step) -> Status:
    """Return the status that ``step`` leads to; :class:`~licet.errors.NotInThatState` where it leads nowhere."""
    found = _STEPS.get((status, step))
    if found is None:
        raise NotInThatState(f"a case that is {status} cannot be followed by: {step}", fix=_fix(status, step))
    return found


def _fix(status: Status, step: Step) -> str:
    if status == "erased":
        return "the record is gone; nothing brings it back from here"
    if status == "open":
        return "grant or refuse it first"
    if step in ("grant", "refuse"):
        return "a decided case stays as it is; file a new request"
    return "only a granted case can be undone or erased"


def joins(status: Status) -> bool:
    """Say whether a further request for the same thing joins a case of this status instead of opening a new one."""
    return status in _JOINED


def check_undo(retain_until: datetime, at: datetime) -> None:
    """Refuse to undo a grant after its retention period."""
    if at > retain_until:
        raise NotInThatState(
            f"the period in which this could be undone ended at {retain_until.isoformat()}",
            fix="capture the page again, if it may be shown after all",
        )


def state(covering: Iterable[Status], *, erased: bool) -> State:
    """Return the state of a snapshot from the cases that cover it; one granted case is enough to hide it.

    A case that ended with erasing hides too: what it named may have come back with a file from elsewhere.
    """
    if erased:
        return "erased"
    return "hidden" if {"granted", "erased"} & {*covering} else "public"


def due(covering: Iterable[tuple[Status, datetime | None]], at: datetime) -> bool:
    """Say whether a snapshot may be erased: some granted case covers it, and none of these can be undone any more."""
    ends = [until for status, until in covering if status == "granted" and until is not None]
    return bool(ends) and all(until <= at for until in ends)
