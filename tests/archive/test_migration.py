"""An archive of the first version: its captures become items, versions and visits."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from importlib import resources

from licet.archive import Archive


def downgrade(path):
    """Bring a catalogue back to the tables and the columns of the first version, with what it holds."""
    first = (resources.files("licet.archive") / "migrations" / "0001_first.sql").read_text(encoding="utf-8")
    database = sqlite3.connect(path)
    kept = {
        table: (
            [row[1] for row in old.execute(f"PRAGMA table_info({table})")],
            old.execute(f"SELECT * FROM {table}").fetchall(),  # noqa: S608 - names of our own
        )
        for old in [database]
        for table in ("captures", "snapshots", "tags")
    }
    database.close()
    path.unlink()
    for rest in path.parent.glob("catalogue.sqlite-*"):
        rest.unlink()
    database = sqlite3.connect(path)
    database.executescript(first)
    for table, (columns, rows) in kept.items():
        there = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        picked = [columns.index(name) for name in there]
        marks = ",".join("?" * len(there))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", ([row[i] for i in picked] for row in rows))  # noqa: S608
    database.execute("PRAGMA user_version = 1")
    database.commit()
    database.close()


def test_an_archive_of_the_first_version_is_brought_up(tmp_path, pages):
    home, url = tmp_path / "home", "https://news.example/1"
    path = tmp_path / "page.html"
    with Archive.open(home) as archive:
        for day, title in ((27, "甲仓库盘点"), (28, "甲仓库盘点完成")):
            path.write_bytes(pages.chinese(title, pages.paragraphs))
            archive.add_file(path, at=datetime(2025, 2, day, tzinfo=UTC), url=url)
        path.write_bytes(pages.chinese("乙仓库盘点", pages.paragraphs))
        archive.add_file(path, at=datetime(2025, 2, 28, tzinfo=UTC))
        before = [archive.versions(snapshot.id) for snapshot in archive.recent(9)]
        visits, records = archive.captures_of(url), [stored.record for stored in archive._captures.stored()]
    downgrade(home / "archive" / "catalogue.sqlite")
    with Archive.open(home) as archive:
        assert [archive.versions(snapshot.id) for snapshot in archive.recent(9)] == before
        assert archive.captures_of(url) == visits
        assert [stored.record for stored in archive._captures.stored()] == records
        assert archive.verify() == []
        assert len(archive.search("仓库").hits) == 2
        path.write_bytes(pages.chinese("丙仓库盘点", pages.paragraphs))
        archive.add_file(path, at=datetime(2025, 2, 28, tzinfo=UTC))
        assert archive.verify() == []


def test_an_archive_opens_while_another_process_holds_the_write_lock(tmp_path):
    Archive.open(tmp_path).close()
    other = sqlite3.connect(tmp_path / "archive" / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Archive.open(tmp_path) as archive:
        assert archive.recent(9) == []
    other.execute("ROLLBACK")
    other.close()
