"""The catalogue: which captures there are, where they stand, and what was read from them. SQLite."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from licet.archive.addresses import canonical
from licet.archive.model import Article, Snapshot, Tag
from licet.archive.warc import Place
from licet.errors import ArchiveError, NoSuchSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from licet.archive.capture import Capture

_WAIT_SECONDS = 60.0
_SNAPSHOT = """
SELECT s.id, c.url, c.captured_at, c.captured_from, c.via, c.digest, c.content_type, s.article, s.extracted_with
FROM snapshots AS s JOIN captures AS c ON c.id = s.capture
"""


class Stored(NamedTuple):
    """A stored capture, as re-reading needs it."""

    snapshot: str
    digest: str
    url: str | None
    captured_at: str
    given_category: str | None
    content_type: str
    content_encoding: str
    place: Place


@contextmanager
def closed_unless_done(opened: Catalogue | sqlite3.Connection) -> Iterator[None]:
    """Close what was opened when the rest of an opening fails: nobody else holds it yet."""
    try:
        yield
    except BaseException:
        opened.close()
        raise


class Catalogue:
    """The tables of one archive. Reads see the last whole write; :meth:`writing` holds the only write lock."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            with closed_unless_done(self._db):
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._migrate()
        except sqlite3.DatabaseError as error:
            fix = "restore archive/catalogue.sqlite from a copy; the WARC files beside it are not touched"
            raise ArchiveError(f"the catalogue cannot be opened: {error}", fix=fix) from error

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write: all of it or nothing; a second writer, in this process or another, waits."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                fix = "wait for the other command to end, then try again"
                raise ArchiveError(f"the archive is busy: {error}", fix=fix) from error
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read; threads that share the catalogue take turns, and none sees another's unfinished write."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def known_ends(self) -> dict[str, int]:
        """Return, for each WARC file, where its last known record ends."""
        return dict(self._rows("SELECT warc, MAX(warc_end) FROM captures GROUP BY warc"))

    def find(self, digest: str, url: str | None) -> str | None:
        """Return the snapshot of the same bytes from the same address."""
        rows = self._rows(
            "SELECT s.id FROM captures AS c JOIN snapshots AS s ON s.capture = c.id"
            " WHERE c.digest = ? AND c.canonical = ?",
            (digest, canonical(url) if url else ""),
        )
        return str(rows[0][0]) if rows else None

    def add(self, capture: Capture, place: Place, *, at: str, via: str | None, category: str | None) -> int:
        """Insert a capture and return its number."""
        cursor = self._db.execute(
            "INSERT INTO captures (digest, url, canonical, captured_at, captured_from, via, given_category,"
            " content_type, content_encoding, warc, warc_offset, warc_length, warc_end)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                capture.digest,
                capture.url,
                canonical(capture.url) if capture.url else "",
                at,
                capture.captured_from,
                via,
                category,
                capture.content_type,
                capture.content_encoding,
                *place,
            ),
        )
        return int(cursor.lastrowid or 0)

    def put(self, snapshot: str, number: int, article: Article, tags: Sequence[Tag], moment: int) -> None:
        """Insert what was read from capture ``number``."""
        text = msgspec.json.encode(article).decode()
        self._db.execute(
            "INSERT INTO snapshots (id, capture, lang, category, source, moment, article, extracted_with)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (snapshot, number, article.lang, article.category, article.source, moment, text, article.extractor),
        )
        self._put_tags(snapshot, tags)

    def replace(self, snapshot: str, article: Article, tags: Sequence[Tag], moment: int) -> None:
        """Replace what was read from the capture of ``snapshot``; it waits for the index again."""
        text = msgspec.json.encode(article).decode()
        self._db.execute(
            "UPDATE snapshots SET lang = ?, category = ?, source = ?, moment = ?, article = ?, extracted_with = ?,"
            " indexed = 0 WHERE id = ?",
            (article.lang, article.category, article.source, moment, text, article.extractor, snapshot),
        )
        self._db.execute("DELETE FROM tags WHERE snapshot = ?", (snapshot,))
        self._put_tags(snapshot, tags)

    def _put_tags(self, snapshot: str, tags: Sequence[Tag]) -> None:
        rows = ((snapshot, n, t.kind, t.key, t.field, t.start, t.end) for n, t in enumerate(tags))
        self._db.executemany("INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def snapshot(self, identity: str) -> Snapshot:
        """Return one snapshot; :class:`NoSuchSnapshot` if there is none of that id."""
        found = self.snapshots([identity])
        if not found:
            raise NoSuchSnapshot(
                f"there is no snapshot {identity}", fix="licet archive search finds the id of a snapshot"
            )
        return found[0]

    def snapshots(self, identities: Sequence[str]) -> list[Snapshot]:
        """Return the snapshots of these ids, in their order; ids without one are left out."""
        marks = ",".join("?" * len(identities))
        rows = self._rows(f"{_SNAPSHOT} WHERE s.id IN ({marks})", list(identities))
        found = {snapshot.id: snapshot for snapshot in self._with_tags(rows)}
        return [found[identity] for identity in identities if identity in found]

    def recent(self, limit: int, *, category: str | None, offset: int, excluding: str | None = None) -> list[Snapshot]:
        """Return the newest snapshots, by publication, else by capture."""
        rows = self._rows(
            f"{_SNAPSHOT} WHERE (?1 IS NULL OR s.category = ?1) AND (?2 IS NULL OR s.id <> ?2)"
            " ORDER BY s.moment DESC, s.id LIMIT ?3 OFFSET ?4",
            (category, excluding, limit, offset),
        )
        return self._with_tags(rows)

    def categories(self) -> list[tuple[str, int]]:
        """Return every category with the number of its snapshots, the largest first."""
        return self._rows(
            "SELECT category, COUNT(*) FROM snapshots WHERE category IS NOT NULL"
            " GROUP BY category ORDER BY COUNT(*) DESC, category"
        )

    def stored(self, identity: str | None = None) -> Iterator[Stored]:
        """Yield every stored capture in the order of capture, or that of one snapshot."""
        rows = self._rows(
            "SELECT s.id, c.digest, c.url, c.captured_at, c.given_category, c.content_type, c.content_encoding,"
            " c.warc, c.warc_offset, c.warc_length, c.warc_end"
            " FROM snapshots AS s JOIN captures AS c ON c.id = s.capture WHERE ?1 IS NULL OR s.id = ?1 ORDER BY c.id",
            (identity,),
        )
        return map(_stored, rows)

    def to_index(self, limit: int) -> list[tuple[Snapshot, int]]:
        """Return snapshots that the index does not have yet, each with its moment (seconds since 1970, UTC)."""
        moments = dict(self._rows("SELECT id, moment FROM snapshots WHERE indexed = 0 LIMIT ?", (limit,)))
        return [(snapshot, moments[snapshot.id]) for snapshot in self.snapshots(list(moments))]

    def mark_indexed(self, identities: Iterable[str]) -> None:
        """Note that the index has these."""
        with self.writing():
            self._db.executemany("UPDATE snapshots SET indexed = 1 WHERE id = ?", ((i,) for i in identities))

    def mark_all_unindexed(self) -> None:
        """Note that the index has nothing."""
        with self.writing():
            self._db.execute("UPDATE snapshots SET indexed = 0")

    def count(self) -> int:
        """Return the number of snapshots."""
        return int(self._rows("SELECT COUNT(*) FROM snapshots")[0][0])

    def note(self, kind: str, time: str, payload: dict[str, Any]) -> None:
        """Lay an entry for the journal into the outbox; call it inside :meth:`writing`."""
        text = json.dumps(payload, ensure_ascii=False)
        self._db.execute("INSERT INTO outbox (kind, time, payload) VALUES (?, ?, ?)", (kind, time, text))

    def outbox(self) -> list[tuple[int, str, str, dict[str, Any]]]:
        """Return what waits for the journal: number, kind, time, payload."""
        rows = self._rows("SELECT id, kind, time, payload FROM outbox ORDER BY id")
        return [(number, kind, time, json.loads(payload)) for number, kind, time, payload in rows]

    def clear_outbox(self, upto: int) -> None:
        """Take out what the journal has; call it inside :meth:`writing`."""
        self._db.execute("DELETE FROM outbox WHERE id <= ?", (upto,))

    def _with_tags(self, rows: Iterable[Any]) -> list[Snapshot]:
        found = list(rows)
        tags: dict[str, list[Tag]] = {row[0]: [] for row in found}
        marks = ",".join("?" * len(tags))
        query = (
            f'SELECT snapshot, kind, key, field, start, "end" FROM tags WHERE snapshot IN ({marks}) ORDER BY position'  # noqa: S608
        )
        for identity, *tag in self._rows(query, list(tags)):
            tags[identity].append(Tag(*tag))
        return [_snapshot(row, tuple(tags[row[0]])) for row in found]

    def _migrate(self) -> None:
        """Apply the numbered migrations that this database has not seen; each whole, in order."""
        folder = resources.files("licet.archive") / "migrations"
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
        with self.writing():
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version > len(files):
                raise ArchiveError("this archive was written by a newer Licet", fix="update Licet")
            for number, file in enumerate(files[version:], start=version + 1):
                for statement in _statements(file.read_text(encoding="utf-8")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Split a script, so that its statements run inside the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _stored(row: Sequence[Any]) -> Stored:
    identity, digest, url, captured_at, category, content_type, encoding, file, offset, length, end = row
    place = Place(file, offset, length, end)
    return Stored(identity, digest, url, captured_at, category, content_type, encoding, place)


def _snapshot(row: Sequence[Any], tags: tuple[Tag, ...]) -> Snapshot:
    identity, url, captured_at, captured_from, via, digest, content_type, article, extracted_with = row
    return Snapshot(
        id=identity,
        url=url,
        captured_at=datetime.fromisoformat(captured_at).astimezone(UTC),
        captured_from=captured_from,
        via=via,
        digest=digest,
        content_type=content_type,
        article=msgspec.json.decode(article, type=Article),
        tags=tags,
        extracted_with=extracted_with,
    )
