"""What is stored is held against the journal, both ways."""

import datetime as dt
import sqlite3

import pytest

from licet.archive.extraction.reading import LONGEST_TITLE
from licet.errors import BadValue


@pytest.fixture
def stored(archive, add, pages):
    return [add(f"{n}.html", pages.chinese(f"第{n}号仓库盘点完成", pages.paragraphs)) for n in range(3)]


def findings(archive):
    return [(finding.where, finding.message) for finding in archive.verify()]


def change(home, statement, *values):
    """Change the catalogue behind the archive's back."""
    database = sqlite3.connect(home / "archive" / "catalogue.sqlite")
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute(statement, values)
    database.commit()
    database.close()


def test_what_nobody_touched_has_no_findings(archive, stored):
    assert archive.verify() == []


def test_a_text_that_was_altered_in_the_catalogue_is_found(archive, stored, tmp_path):
    altered = "UPDATE snapshots SET article = replace(article, '盘点', '清点') WHERE id = ?"
    change(tmp_path / "home", altered, stored[1].id)
    assert findings(archive) == [
        (f"snapshot {stored[1].id}", "the text is not the one that the journal has the digest of")
    ]


def test_a_snapshot_that_is_gone_from_the_catalogue_is_found(archive, stored, tmp_path):
    change(tmp_path / "home", "DELETE FROM snapshots WHERE id = ?", stored[0].id)
    assert findings(archive) == [(f"snapshot {stored[0].id}", "the journal has it, the catalogue has not")]


def test_a_journal_that_lost_its_entries_is_found(archive, stored, tmp_path):
    journal = tmp_path / "home" / "journal" / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-2]))
    assert (f"snapshot {stored[2].id}", "the journal has no entry of this capture") in findings(archive)


@pytest.mark.parametrize(
    "origin",
    [
        {"url": "http://news.example/\r\nWARC-Type: metadata"},
        {"url": "javascript:alert(1)"},
        {"via": "an aggregator\nX: y"},
        {"at": dt.datetime.max.replace(tzinfo=dt.UTC)},
        {"at": dt.datetime(2025, 2, 28)},  # noqa: DTZ001 - a time without a zone is what is refused
    ],
)
def test_an_origin_that_is_more_than_one_line_or_no_time_is_refused(archive, pages, tmp_path, at, origin):
    path = tmp_path / "page.html"
    path.write_bytes(pages.chinese("仓库盘点完成", pages.paragraphs))
    with pytest.raises(BadValue) as refused:
        archive.add_file(path, **{"at": at, **origin})
    assert refused.value.fix
    assert archive.count() == 0


def test_a_headline_of_megabytes_is_cut(add, pages):
    assert len(add("long.html", pages.chinese("盘点" * 500_000, pages.paragraphs)).title) <= LONGEST_TITLE
