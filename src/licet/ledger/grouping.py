"""Group commit: callers that come while a commit is on its way share the next one."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from licet.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from licet.errors import LicetError
    from licet.ledger.model import Receipt, Request

MOST_TOGETHER = 2_000
"""Requests in one transaction: no caller waits for more than so many others."""


class _Slot:
    """A caller's requests and, once they are on the disk, what came of each."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self.requests = requests
        self.outcomes: list[Receipt | LicetError] | None = None
        self.error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.outcomes is not None or self.error is not None


class Grouping:
    """No thread of its own: whoever holds the turn commits for all who wait."""

    def __init__(self, run: Callable[[Sequence[Request]], list[Receipt | LicetError]], turn: Lock) -> None:
        self._run = run
        self._turn = turn
        self._gate = Lock()
        self._waiting: list[_Slot] = []

    def submit(self, requests: Sequence[Request]) -> list[Receipt | LicetError]:
        """Return what came of each request, once it is on the disk. Raises what kept all of them from it."""
        slot = _Slot(requests)
        with self._gate:
            self._waiting.append(slot)
        with self._turn:
            while not slot.done:
                self._commit(self._next())
        if slot.error is not None:
            raise slot.error
        assert slot.outcomes is not None  # noqa: S101 - the slot is done
        return slot.outcomes

    def _next(self) -> list[_Slot]:
        """Take slots from the front: at least one, and no more requests than go together."""
        with self._gate:
            taken, count = 0, 0
            for slot in self._waiting:
                count += len(slot.requests)
                if taken and count > MOST_TOGETHER:
                    break
                taken += 1
            slots, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return slots

    def _commit(self, slots: list[_Slot]) -> None:
        try:
            outcomes = self._run([request for slot in slots for request in slot.requests])
        except LedgerError as error:
            for slot in slots:
                slot.error = error
            return
        except BaseException as error:
            for slot in slots:
                slot.error = LedgerError(f"another request of the same commit failed: {error!r}", fix="try again")
            raise
        start = 0
        for slot in slots:
            slot.outcomes = outcomes[start : start + len(slot.requests)]
            start += len(slot.requests)
