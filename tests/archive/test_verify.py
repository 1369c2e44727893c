"""What is stored is held against the journal, both ways."""

import datetime as dt
import sqlite3

import pytest

from licet.archive.extraction.reading import LONGEST_TITLE
from licet.archive.warc import Place
from licet.archive.warcs.scanning import Scan
from licet.errors import BadValue
from tools.captures import URL, later, page, stock


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


def damage(home, place, at=60):
    path = home / "archive" / "warc" / place.file
    data = bytearray(path.read_bytes())
    data[place.offset + at] ^= 0xFF
    path.write_bytes(bytes(data))


def test_each_damaged_record_is_named_with_file_offset_and_address(archive, tmp_path):
    stock(archive)
    visits = archive._catalogue.rows("SELECT warc, warc_offset, warc_length, canonical FROM visits ORDER BY id")
    for file, offset, length, _ in visits:
        damage(tmp_path / "home", Place(file, offset, length))
    told = [finding.message for finding in archive.verify()]
    for file, offset, _, address in visits:
        assert any(f"{file}@{offset}:" in message and address in message for message in told)
    assert len(told) == len(visits)


def test_damage_beside_the_captures_is_named(archive, tmp_path):
    stock(archive)
    file, offset, length = archive._catalogue.rows("SELECT warc, warc_offset, warc_length FROM visits ORDER BY id")[0]
    beside = Place(file, offset + length, 0)
    damage(tmp_path / "home", beside)
    assert [finding.where for finding in archive.verify()] == [str(beside)]


def test_a_file_that_is_gone_is_named_with_all_that_was_in_it(archive, stored, tmp_path):
    (path,) = (tmp_path / "home" / "archive" / "warc").glob("*.warc.gz")
    path.unlink()
    assert {where for where, _ in findings(archive)} == {path.name, *(f"snapshot {one.id}" for one in stored)}


def test_a_record_that_nobody_knows_is_found(archive, stored, tmp_path):
    change(tmp_path / "home", "DELETE FROM visits WHERE id = 2")
    told = findings(archive)
    assert any("the catalogue does not know this record" in message for _, message in told)
    assert any(where == f"snapshot {stored[1].id}" for where, _ in told)


def test_what_is_written_meanwhile_is_no_finding(archive, tmp_path, monkeypatch):
    stock(archive)
    scan = Scan.folder

    def meanwhile(self, *given, **named):
        archive.take(page("后来的仓库完成了年度盘点", url=URL + "/later"), at=later(90))
        return scan(self, *given, **named)

    monkeypatch.setattr(Scan, "folder", meanwhile)
    assert archive.verify() == []
