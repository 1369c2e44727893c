"""The tables of reports: what each is compared by, its copies, its story. Made from the snapshots, and made anew."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from licet.archive.keeping.identity import text_digest
from licet.archive.model import Article
from licet.archive.relating.copies import Text, text_of
from licet.archive.relating.frequencies import Frequencies, terms
from licet.archive.relating.profiles import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

_CACHED = 2000
_TABLES = ("reports", "stories", "report_keys", "report_bands", "report_terms", "report_links", "related_queue")


class Tables(Protocol):
    """What is asked of the database: :class:`licet.archive.database.Database` has it."""

    def writing(self) -> AbstractContextManager[None]:
        """Write, all of it or nothing."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Read."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Write one statement."""

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write one statement for each row."""


class Known(NamedTuple):
    """A report as stored; ``copies`` and ``story`` are the numbers of its groups."""

    number: int
    item: str
    snapshot: str
    text: str
    moment: int
    copies: int
    story: int


class Fresh(NamedTuple):
    """A listed snapshot that waits to be compared."""

    item: str
    snapshot: str
    moment: int
    article: Article

    @property
    def text(self) -> str:
        """The digest of its text."""
        return text_digest(self.article)


_KNOWN = "SELECT number, item, snapshot, text, moment, copies, story FROM reports "


class Store:
    """Reads and writes the tables of reports. Call what writes inside :meth:`Tables.writing`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.frequencies = StoredFrequencies(tables)
        self._profiles: OrderedDict[int, Profile] = OrderedDict()
        self._texts: OrderedDict[str, Text] = OrderedDict()

    # The queue

    def waiting(self, most: int) -> list[str]:
        """Return the items that wait, in their order."""
        return [item for (item,) in self.tables.rows("SELECT item FROM related_queue ORDER BY number LIMIT ?", (most,))]

    def done(self, item: str) -> None:
        """Take an item out of the queue."""
        self.tables.execute("DELETE FROM related_queue WHERE item = ?", (item,))

    def clear(self) -> None:
        """Forget every report, and let all that are listed wait in the order of their capture."""
        for table in _TABLES:
            self.tables.execute(f"DELETE FROM {table}")
        names = ",".join(f"'{table}'" for table in _TABLES)
        self.tables.execute(f"DELETE FROM sqlite_sequence WHERE name IN ({names})")
        self.tables.execute("INSERT INTO related_queue (item) SELECT item FROM listed_snapshots ORDER BY capture")
        self.frequencies.forget()
        self._profiles.clear()

    def listed(self, item: str) -> Fresh | None:
        """Return the listed snapshot of an item."""
        rows = self.tables.rows("SELECT id, moment, article FROM listed_snapshots WHERE item = ?", (item,))
        if not rows:
            return None
        identity, moment, article = rows[0]
        return Fresh(item, identity, moment, msgspec.json.decode(article, type=Article))

    # Reports

    def by_item(self, item: str) -> Known | None:
        """Return the report of an item."""
        return self._one("WHERE item = ?", item)

    def by_snapshot(self, identity: str) -> Known | None:
        """Return the report of a snapshot."""
        return self._one("WHERE snapshot = ?", identity)

    def _one(self, where: str, value: object) -> Known | None:
        return next((Known(*row) for row in self.tables.rows(_KNOWN + where, (value,))), None)

    def members(self, story: int) -> list[Known]:
        """Return the reports of a story in the order of time."""
        rows = self.tables.rows(_KNOWN + "WHERE story = ? ORDER BY moment, number", (story,))
        return [Known(*row) for row in rows]

    def copies(self, group: int) -> list[Known]:
        """Return the reports that are copies of one another, in the order of time."""
        rows = self.tables.rows(_KNOWN + "WHERE copies = ? ORDER BY moment, number", (group,))
        return [Known(*row) for row in rows]

    def numbered(self, numbers: Sequence[int]) -> list[Known]:
        """Return the reports of these numbers, in the order of the numbers."""
        marks = ",".join("?" * len(numbers))
        rows = self.tables.rows(_KNOWN + f"WHERE number IN ({marks}) ORDER BY number", numbers)
        return [Known(*row) for row in rows]

    def profile(self, number: int) -> Profile:
        """Return what a report is compared by."""
        found = self._profiles.get(number)
        if found is None:
            rows = self.tables.rows("SELECT profile FROM reports WHERE number = ?", (number,))
            found = msgspec.msgpack.decode(rows[0][0], type=Profile)
            _keep(self._profiles, number, found)
        return found

    def text(self, known: Known) -> Text:
        """Return what of a report's text is compared for copies."""
        key = f"{known.snapshot} {known.text}"
        found = self._texts.get(key)
        if found is None:
            rows = self.tables.rows("SELECT article FROM snapshots WHERE id = ?", (known.snapshot,))
            found = text_of(msgspec.json.decode(rows[0][0], type=Article)) if rows else Text(frozenset(), {})
            _keep(self._texts, key, found)
        return found

    def insert(self, fresh: Fresh, profile: Profile) -> int:
        """Insert a report, as yet its own copy and of no story; return its number."""
        number = self.tables.execute(
            "INSERT INTO reports (item, snapshot, text, moment, profile, copies, story) VALUES (?, ?, ?, ?, ?, 0, 0)",
            (fresh.item, fresh.snapshot, fresh.text, fresh.moment, msgspec.msgpack.encode(profile)),
        )
        self.tables.execute("UPDATE reports SET copies = number WHERE number = ?", (number,))
        self.frequencies.add(profile)
        _keep(self._profiles, number, profile)
        return number

    def remove(self, known: Known) -> None:
        """Take a report out, and its story if it was the last."""
        self.frequencies.add(self.profile(known.number), -1)
        self._profiles.pop(known.number, None)
        self.tables.execute("DELETE FROM report_keys WHERE number = ?", (known.number,))
        self.tables.execute("DELETE FROM report_links WHERE later = ?1 OR earlier = ?1", (known.number,))
        self.tables.execute("DELETE FROM reports WHERE number = ?", (known.number,))
        self.drop_if_empty(known.story)

    # What finds candidates

    def put_keys(self, number: int, moment: int, keys: Iterable[str]) -> None:
        """Keep the words by which a report is found."""
        rows = ((key, moment, number) for key in keys)
        self.tables.execute_many("INSERT INTO report_keys (term, moment, number) VALUES (?, ?, ?)", rows)

    def sharing_keys(self, keys: Sequence[str], since: int, until: int, most: int) -> list[int]:
        """Return the reports of a span of time that share most of these words."""
        marks = ",".join("?" * len(keys))
        query = (
            f"SELECT number FROM report_keys WHERE term IN ({marks}) AND moment BETWEEN ? AND ?"
            " GROUP BY number ORDER BY COUNT(*) DESC, number DESC LIMIT ?"
        )
        return [number for (number,) in self.tables.rows(query, (*keys, since, until, most))]

    def put_bands(self, number: int, bands: Sequence[int]) -> None:
        """Keep the bands of a report's signature."""
        rows = ((band, number) for band in bands)
        self.tables.execute_many("INSERT OR IGNORE INTO report_bands (band, number) VALUES (?, ?)", rows)

    def sharing_bands(self, bands: Sequence[int], most: int) -> list[Known]:
        """Return the reports that share most bands with this signature."""
        marks = ",".join("?" * len(bands))
        query = (
            f"SELECT b.number FROM report_bands AS b JOIN reports AS r ON r.number = b.number"
            f" WHERE b.band IN ({marks}) GROUP BY b.number ORDER BY COUNT(*) DESC, b.number LIMIT ?"
        )
        return self.numbered([number for (number,) in self.tables.rows(query, (*bands, most))])

    # Links

    def put_links(self, links: Mapping[tuple[int, int], float]) -> None:
        """Keep the chance that two reports are of one event, the later first."""
        rows = ((later, earlier, chance) for (later, earlier), chance in links.items())
        self.tables.execute_many("INSERT OR REPLACE INTO report_links (later, earlier, chance) VALUES (?, ?, ?)", rows)

    def links(self, numbers: Sequence[int]) -> dict[tuple[int, int], float]:
        """Return the chances kept of any two of these reports, the later first."""
        marks = ",".join("?" * len(numbers))
        query = f"SELECT later, earlier, chance FROM report_links WHERE later IN ({marks}) AND earlier IN ({marks})"
        return {(later, earlier): chance for later, earlier, chance in self.tables.rows(query, (*numbers, *numbers))}

    # Groups

    def join_copies(self, groups: Iterable[int]) -> int:
        """Make one group of copies of several; the lowest number stays."""
        numbers = sorted(set(groups))
        marks = ",".join("?" * len(numbers))
        self.tables.execute(f"UPDATE reports SET copies = ? WHERE copies IN ({marks})", (numbers[0], *numbers))
        return numbers[0]

    def new_story(self, identity: str) -> int:
        """Begin a story."""
        return self.tables.execute("INSERT INTO stories (id) VALUES (?)", (identity,))

    def move(self, numbers: Iterable[int], story: int) -> None:
        """Put reports into a story."""
        self.tables.execute_many("UPDATE reports SET story = ? WHERE number = ?", ((story, n) for n in numbers))

    def drop_if_empty(self, story: int) -> None:
        """Forget a story that has no report left."""
        self.tables.execute(
            "DELETE FROM stories WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM reports WHERE story = ?1)", (story,)
        )

    def story_id(self, story: int) -> str | None:
        """Return the id of a story."""
        return next((one for (one,) in self.tables.rows("SELECT id FROM stories WHERE number = ?", (story,))), None)

    def story_number(self, identity: str) -> int | None:
        """Return the number of the story of that id."""
        return next((n for (n,) in self.tables.rows("SELECT number FROM stories WHERE id = ?", (identity,))), None)


class StoredFrequencies(Frequencies):
    """Frequencies that are read as they are needed; :meth:`save` writes what has changed."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables
        self._changed: set[str] = set()

    def forget(self) -> None:
        """Read everything anew: another process may have written."""
        self.counts.clear()
        self._changed.clear()
        self.documents = int(self._tables.rows("SELECT COUNT(*) FROM reports")[0][0])

    def read(self, wanted: Iterable[str]) -> None:
        """Read the counts of terms, many at a time."""
        missing = sorted({term for term in wanted if term not in self.counts})
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            self.counts.update(dict.fromkeys(part, 0))
            marks = ",".join("?" * len(part))
            query = f"SELECT term, documents FROM report_terms WHERE term IN ({marks})"
            self.counts.update(dict(self._tables.rows(query, part)))

    def add(self, one: Profile, times: int = 1) -> None:
        """Count a report, or take it out."""
        self.read(terms(one))
        super().add(one, times)
        self._changed |= terms(one)

    def save(self) -> None:
        """Write what has changed; call it inside the same write."""
        statement = "INSERT OR REPLACE INTO report_terms (term, documents) VALUES (?, ?)"
        kept = [term for term in sorted(self._changed) if self.counts[term] > 0]
        self._tables.execute_many(statement, ((term, self.counts[term]) for term in kept))
        gone = self._changed.difference(kept)
        self._tables.execute_many("DELETE FROM report_terms WHERE term = ?", ((term,) for term in gone))
        self._changed.clear()


def _keep(cache: OrderedDict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > _CACHED:
        cache.popitem(last=False)
