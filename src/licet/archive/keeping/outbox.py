"""From the catalogue to the journal: each entry once, whatever crash or other writer comes in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from licet.archive.catalogue import Catalogue
    from licet.journal import Journal


class Outbox:
    """Entries that were committed with what they tell of, on their way to the journal.

    Each gets a number. After a crash between the journal's write and ours, the entries that the journal has gained
    since the outbox was last emptied are looked through for those numbers; others may have written in between.
    """

    def __init__(self, catalogue: Catalogue, journal: Journal) -> None:
        self._catalogue = catalogue
        self._journal = journal

    def post(self) -> None:
        """Hand what waits to the journal; it is on the disk when this returns."""
        if not self._catalogue.rows("SELECT 1 FROM outbox LIMIT 1"):
            return
        with self._catalogue.writing():
            waiting = self._waiting()
            if not waiting:
                return
            there = self._there()
            missing = [
                (kind, payload, time)
                for kind, payload, time in waiting
                if there.get((kind, payload["note"])) != payload
            ]
            if missing:
                self._journal.append_each(missing)
            self._catalogue.execute("DELETE FROM outbox")
            self.reached(self._journal.position())

    def reached(self, position: int) -> None:
        """Note how long the journal is; call it inside ``writing``."""
        self._catalogue.execute("UPDATE journal_reached SET position = ?", (position,))

    def _waiting(self) -> list[tuple[str, dict[str, Any], str]]:
        rows = self._catalogue.rows("SELECT id, kind, time, payload FROM outbox ORDER BY id")
        return [(kind, {**json.loads(payload), "note": number}, time) for number, kind, time, payload in rows]

    def _there(self) -> dict[tuple[str, Any], dict[str, Any]]:
        """Return the payloads, by kind and number, that the journal has gained since the outbox was last emptied."""
        ((position,),) = self._catalogue.rows("SELECT position FROM journal_reached")
        entries = self._journal.entries(position)
        return {(entry.kind, entry.payload["note"]): entry.payload for entry in entries if "note" in entry.payload}
