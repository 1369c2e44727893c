"""The catalogue after an erasure: places in the new files, and nothing left of what was erased but its tombstone.

Every statement is part of the caller's write. The database overwrites what it deletes (``secure_delete``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.archive.model import Article
from licet.archive.takedowns import tombstone
from licet.archive.takedowns.tombstone import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from licet.archive.catalogue import Catalogue
    from licet.archive.takedowns.files import Replaced
    from licet.archive.takedowns.model import Tombstone
    from licet.archive.takedowns.plans import Doomed, Plan
    from licet.archive.warc import Place

_NOTHING = msgspec.json.encode(Article()).decode()


class Scrubber:
    """Takes erased captures out of the tables of one archive."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._db = catalogue

    def move(self, one: Replaced) -> None:
        """Point everything that stands in a file to its place in the new one."""
        for table in ("captures", "visits"):
            rows = self._db.rows(f"SELECT id, warc_offset FROM {table} WHERE warc = ?", (one.old,))
            self._db.execute_many(
                f"UPDATE {table} SET warc = ?, warc_offset = ? WHERE id = ?",
                [(one.new, one.moved(offset), number) for number, offset in rows],
            )
        self._db.execute(
            "UPDATE captures SET warc_end = warc_offset + warc_length WHERE warc = ?",
            (one.new,),
        )
        self._db.execute("DELETE FROM warc_files WHERE name = ?", (one.old,))
        self._db.execute("INSERT INTO warc_files VALUES (?, ?)", (one.new, one.length))
        self._db.execute("INSERT INTO takedown_rewrites (old, new) VALUES (?, ?)", (one.old, one.new))

    def erase(self, plan: Plan, done: Sequence[Replaced], stones: Mapping[str, Tombstone]) -> None:
        """Take out the captures of a plan: where one stood first, the place of its tombstone stays."""
        places = {cut.filling: (one.new, one.moved(cut.start)) for one in done for cut in one.cuts if cut.filling}
        first = {self._first(snapshot) for snapshot in plan.snapshots}
        for capture in plan.captures:
            self._db.execute("DELETE FROM visits WHERE capture = ?", (capture.number,))
            self._db.execute("DELETE FROM requisites WHERE page = ?1 OR requisite = ?1", (capture.number,))
        for capture in plan.captures:
            if capture.number in first:
                self._stand_in(capture, stones[capture.record], places)
            else:
                self._db.execute("DELETE FROM captures WHERE id = ?", (capture.number,))
        for snapshot in plan.snapshots:
            self.empty(snapshot, next(stone for stone in stones.values() if stone.snapshot == snapshot))

    def empty(self, snapshot: str, stone: Tombstone) -> None:
        """Leave of a snapshot its id, its time of capture, its number, and that it was erased."""
        ((item, moment),) = self._db.rows("SELECT item, captured_at FROM snapshots WHERE id = ?", (snapshot,))
        shared = self._db.rows(
            "SELECT 1 FROM snapshots WHERE item = ? AND id <> ? AND state <> 'erased'", (item, snapshot)
        )
        self._db.set_state(snapshot, "erased", ground=stone.ground, at=stamp(stone.erased_at))
        self._db.execute(
            "UPDATE snapshots SET lang = '', category = NULL, source = NULL, zone = NULL, moment = 0, article = ?,"
            " extracted_with = '', text = '', last_seen = ?, item = ?, latest = 0, indexed = 0 WHERE id = ?",
            (_NOTHING, moment, item if shared else f"erased:{snapshot}", snapshot),
        )
        for table in ("tags", "extractions"):
            self._db.execute(f"DELETE FROM {table} WHERE snapshot = ?", (snapshot,))

    def restore(self, stone: Tombstone, place: Place, item: str) -> None:
        """Insert an erased snapshot anew, with the place of its tombstone; ``item`` is what it was a version of."""
        number = self._db.execute(
            "INSERT INTO captures (digest, canonical, captured_at, captured_from, content_type, kind, record, snapshot,"
            " warc, warc_offset, warc_length, warc_end) VALUES (?, ?, ?, '', '', 'page', ?, ?, ?, ?, ?, ?)",
            (
                stone.digest,
                f"erased:{stone.snapshot}",
                stamp(stone.captured_at),
                tombstone.identity(stone),
                stone.snapshot,
                *place,
                place.offset + place.length,
            ),
        )
        self._db.execute(
            "INSERT INTO snapshots (id, capture, lang, moment, article, extracted_with, item, captured_at)"
            " VALUES (?, ?, '', 0, ?, '', ?, ?)",
            (stone.snapshot, number, _NOTHING, item or stone.snapshot, stamp(stone.captured_at)),
        )
        self.empty(stone.snapshot, stone)

    def _first(self, snapshot: str) -> int:
        ((number,),) = self._db.rows("SELECT capture FROM snapshots WHERE id = ?", (snapshot,))
        return int(number)

    def _stand_in(self, capture: Doomed, stone: Tombstone, places: Mapping[bytes, tuple[str, int]]) -> None:
        packed = tombstone.record(stone)
        file, offset = places[packed]
        self._db.execute(
            "UPDATE captures SET url = NULL, canonical = 'erased:' || id, captured_from = '', via = NULL,"
            " given_category = NULL, content_type = '', content_encoding = '', status = NULL, record = ?, warc = ?,"
            " warc_offset = ?, warc_length = ?, warc_end = ? WHERE id = ?",
            (tombstone.identity(stone), file, offset, len(packed), offset + len(packed), capture.number),
        )
