"""The catalogue: which snapshots there are, of which items, and what was read from them. SQLite."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from licet.archive.database import Database, closed_unless_done
from licet.archive.keeping.identity import text_digest
from licet.archive.model import Article, Reading, Snapshot, Tag
from licet.errors import NoSuchSnapshot, TakenDown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.archive.model import Display, State

__all__ = ["Catalogue", "closed_unless_done"]

_SNAPSHOT = """
SELECT s.id, c.url, c.captured_at, c.captured_from, c.via, c.digest, c.content_type, s.article, s.extracted_with,
    s.item, s.version, s.display, s.zone, s.state
FROM snapshots AS s JOIN captures AS c ON c.id = s.capture
"""


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """How a snapshot is filed: the capture it was first seen in, its item, the time and moment, what may be shown.

    ``stamp`` is the time of capture, ``moment`` that of publication or capture in seconds since 1970, UTC.
    """

    id: str
    capture: int
    item: str
    stamp: str
    moment: int
    display: Display = "full"
    zone: str | None = None


class Catalogue(Database):
    """The snapshots of one archive, and the outbox of its journal. What is hidden comes out of no list."""

    def put(self, filed: Filed, article: Article, tags: Sequence[Tag]) -> None:
        """Insert a snapshot and bring the versions of its item into order."""
        self.execute(
            "INSERT INTO snapshots (id, capture, lang, category, source, moment, article, extracted_with, item, text,"
            " captured_at, last_seen, display, zone, latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                filed.id,
                filed.capture,
                article.lang,
                article.category,
                article.source,
                filed.moment,
                msgspec.json.encode(article).decode(),
                article.extractor,
                filed.item,
                text_digest(article),
                filed.stamp,
                filed.stamp,
                filed.display,
                filed.zone,
            ),
        )
        self._put_tags(filed.id, tags)
        self.count_versions(filed.item)
        self._choose_latest(filed.item)

    def replace(self, snapshot: str, article: Article, tags: Sequence[Tag], moment: int) -> None:
        """Replace what was read from a snapshot, and keep the older reading; it waits for the index again."""
        self.execute(
            "INSERT INTO extractions (snapshot, extractor, text, article)"
            " SELECT id, extracted_with, text, article FROM snapshots"
            " WHERE id = ? AND (extracted_with <> ? OR text <> ?)",
            (snapshot, article.extractor, text_digest(article)),
        )
        self.execute(
            "UPDATE snapshots SET lang = ?, category = ?, source = ?, moment = ?, article = ?, extracted_with = ?,"
            " text = ?, indexed = 0 WHERE id = ?",
            (
                article.lang,
                article.category,
                article.source,
                moment,
                msgspec.json.encode(article).decode(),
                article.extractor,
                text_digest(article),
                snapshot,
            ),
        )
        self.execute("DELETE FROM tags WHERE snapshot = ?", (snapshot,))
        self._put_tags(snapshot, tags)

    def seen(self, snapshot: str, stamp: str) -> None:
        """Note that the text of a snapshot was what its address showed at ``stamp``."""
        rows = self.rows("SELECT item, last_seen FROM snapshots WHERE id = ?", (snapshot,))
        if rows and rows[0][1] < stamp:
            self.execute("UPDATE snapshots SET last_seen = ? WHERE id = ?", (stamp, snapshot))
            self._choose_latest(rows[0][0])

    def set_state(self, snapshot: str, state: State, *, ground: str | None = None, at: str | None = None) -> None:
        """Show or hide a snapshot: ``ground`` and ``at`` (RFC 3339) are what :class:`TakenDown` will say.

        Call it inside :meth:`writing`; the index follows with the next refresh.
        """
        self.execute(
            "UPDATE snapshots SET state = ?, ground = ?, state_at = ?, indexed = 0 WHERE id = ?",
            (state, ground, at, snapshot),
        )
        for (item,) in self.rows("SELECT item FROM snapshots WHERE id = ?", (snapshot,)):
            self._choose_latest(item)

    def same_text(self, item: str, text: str) -> str | None:
        """Return the snapshot of ``item`` that has this text, the newest if there are several."""
        query = "SELECT id FROM snapshots WHERE item = ? AND text = ? ORDER BY version DESC LIMIT 1"
        rows = self.rows(query, (item, text))
        return str(rows[0][0]) if rows else None

    def has_item(self, item: str) -> bool:
        """Say whether anything is known of an item."""
        return bool(self.rows("SELECT 1 FROM snapshots WHERE item = ? LIMIT 1", (item,)))

    def snapshot(self, identity: str) -> Snapshot:
        """Return one snapshot; :class:`NoSuchSnapshot` if there is none, :class:`TakenDown` if it is not public."""
        found = self.snapshots([identity])
        if found:
            return found[0]
        self.refuse_hidden(identity)
        raise NoSuchSnapshot(f"there is no snapshot {identity}", fix="licet archive search finds the id of a snapshot")

    def refuse_hidden(self, identity: str) -> None:
        """Raise :class:`TakenDown` for a snapshot that is there and not public."""
        rows = self.rows(
            "SELECT s.ground, s.state_at, c.digest FROM snapshots AS s JOIN captures AS c ON c.id = s.capture"
            " WHERE s.id = ? AND s.state <> 'public'",
            (identity,),
        )
        for ground, at, digest in rows:
            raise TakenDown(
                f"snapshot {identity} was taken down", ground=ground, at=at, digest=digest, snapshot=identity
            )

    def snapshots(self, identities: Sequence[str]) -> list[Snapshot]:
        """Return the public snapshots of these ids, in their order; other ids are left out."""
        marks = ",".join("?" * len(identities))
        rows = self.rows(f"{_SNAPSHOT} WHERE s.id IN ({marks}) AND s.state = 'public'", list(identities))
        found = {snapshot.id: snapshot for snapshot in self._with_tags(rows)}
        return [found[identity] for identity in identities if identity in found]

    def listed(self, identities: Sequence[str]) -> list[Snapshot]:
        """Return the snapshots of these ids that lists show, in their order: the latest versions of what is public."""
        marks = ",".join("?" * len(identities))
        found = {
            row[0] for row in self.rows(f"SELECT id FROM listed_snapshots WHERE id IN ({marks})", list(identities))
        }
        return self.snapshots([identity for identity in identities if identity in found])

    def any_snapshot(self, identity: str) -> Snapshot | None:
        """Return a snapshot whatever its state: for keeping, never for showing."""
        found = self._with_tags(self.rows(f"{_SNAPSHOT} WHERE s.id = ?", (identity,)))
        return found[0] if found else None

    def versions(self, item: str) -> list[Snapshot]:
        """Return the public snapshots of an item, oldest first."""
        query = f"{_SNAPSHOT} WHERE s.item = ? AND s.state = 'public' ORDER BY s.version"
        return self._with_tags(self.rows(query, (item,)))

    def latest(self, item: str) -> Snapshot | None:
        """Return the snapshot of an item that lists show."""
        query = f"{_SNAPSHOT} WHERE s.item = ? AND s.state = 'public' AND s.latest = 1"
        found = self._with_tags(self.rows(query, (item,)))
        return found[0] if found else None

    def recent(self, limit: int, *, category: str | None, offset: int, excluding: str | None = None) -> list[Snapshot]:
        """Return the newest listed snapshots, by publication, else by capture."""
        rows = self.rows(
            f"{_SNAPSHOT} WHERE s.state = 'public' AND s.latest = 1"
            " AND (?1 IS NULL OR s.category = ?1) AND (?2 IS NULL OR s.id <> ?2)"
            " ORDER BY s.moment DESC, s.id LIMIT ?3 OFFSET ?4",
            (category, excluding, limit, offset),
        )
        return self._with_tags(rows)

    def categories(self) -> list[tuple[str, int]]:
        """Return every category with the number of its listed snapshots, the largest first."""
        return self.rows(
            "SELECT category, COUNT(*) FROM listed_snapshots WHERE category IS NOT NULL"
            " GROUP BY category ORDER BY COUNT(*) DESC, category"
        )

    def count(self) -> int:
        """Return the number of public snapshots, every version counted."""
        return int(self.rows("SELECT COUNT(*) FROM public_snapshots")[0][0])

    def readings(self, identity: str) -> list[Reading]:
        """Return what a snapshot said by older rules, oldest first."""
        query = "SELECT extractor, text, article FROM extractions WHERE snapshot = ? ORDER BY id"
        return [
            Reading(extractor, text, _article(a) if a else None) for extractor, text, a in self.rows(query, (identity,))
        ]

    def to_index(self, limit: int) -> tuple[list[tuple[Snapshot, int]], list[str]]:
        """Return what the index does not know yet: listed snapshots with their moments, and ids that are not listed."""
        rows = self.rows(
            "SELECT id, moment, state = 'public' AND latest = 1 FROM snapshots WHERE indexed = 0 LIMIT ?", (limit,)
        )
        moments = {identity: moment for identity, moment, listed in rows if listed}
        found = [(snapshot, moments[snapshot.id]) for snapshot in self.snapshots(list(moments))]
        return found, [identity for identity, _, listed in rows if not listed]

    def listed_ids(self) -> list[str]:
        """Return the ids of all listed snapshots in the order of capture."""
        return [str(row[0]) for row in self.rows("SELECT id FROM listed_snapshots ORDER BY capture")]

    def mark_indexed(self, identities: Iterable[str]) -> None:
        """Note that the index has these as they are, or rightly not."""
        with self.writing():
            self.execute_many("UPDATE snapshots SET indexed = 1 WHERE id = ?", ((i,) for i in identities))

    def mark_all_unindexed(self) -> None:
        """Note that the index has nothing."""
        with self.writing():
            self.execute("UPDATE snapshots SET indexed = 0")

    def note(self, kind: str, time: str, payload: dict[str, Any]) -> None:
        """Lay an entry for the journal into the outbox; call it inside :meth:`writing`."""
        text = json.dumps(payload, ensure_ascii=False)
        self.execute("INSERT INTO outbox (kind, time, payload) VALUES (?, ?, ?)", (kind, time, text))

    def count_versions(self, item: str) -> None:
        """Count the versions of an item from 1 in the order of capture, whatever the order they came in."""
        self.execute(
            "UPDATE snapshots SET version = ranked.place FROM ("
            " SELECT id, ROW_NUMBER() OVER (ORDER BY captured_at, capture) AS place FROM snapshots WHERE item = ?"
            ") AS ranked WHERE ranked.id = snapshots.id AND version <> ranked.place",
            (item,),
        )

    def _choose_latest(self, item: str) -> None:
        """Let lists show the public version that was seen last; what changes waits for the index."""
        self.execute(
            "UPDATE snapshots SET latest = 1 - latest, indexed = 0 WHERE item = ?1 AND latest <> (id = COALESCE(("
            " SELECT id FROM snapshots WHERE item = ?1 AND state = 'public'"
            " ORDER BY last_seen DESC, version DESC LIMIT 1"
            "), ''))",
            (item,),
        )

    def _put_tags(self, snapshot: str, tags: Sequence[Tag]) -> None:
        rows = ((snapshot, n, t.kind, t.key, t.field, t.start, t.end) for n, t in enumerate(tags))
        self.execute_many("INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _with_tags(self, rows: Iterable[Any]) -> list[Snapshot]:
        found = list(rows)
        tags: dict[str, list[Tag]] = {row[0]: [] for row in found}
        marks = ",".join("?" * len(tags))
        query = (
            f'SELECT snapshot, kind, key, field, start, "end" FROM tags WHERE snapshot IN ({marks}) ORDER BY position'
        )
        for identity, *tag in self.rows(query, list(tags)):
            tags[identity].append(Tag(*tag))
        return [_snapshot(row, tuple(tags[row[0]])) for row in found]


def _article(text: str) -> Article:
    return msgspec.json.decode(text, type=Article)


def _snapshot(row: Sequence[Any], tags: tuple[Tag, ...]) -> Snapshot:
    identity, url, captured_at, captured_from, via, digest, content_type, article, extracted_with, *filed = row
    item, version, display, zone, state = filed
    return Snapshot(
        id=identity,
        url=url,
        captured_at=datetime.fromisoformat(captured_at).astimezone(UTC),
        captured_from=captured_from,
        via=via,
        digest=digest,
        content_type=content_type,
        article=_article(article),
        tags=tags,
        extracted_with=extracted_with,
        item=item,
        version=version,
        display=display,
        zone=zone,
        state=state,
    )
