"""Catalogue and index come back from the WARC files and the journal alone."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from licet.archive import Archive
from licet.archive.keeping.outbox import Outbox
from licet.errors import ArchiveError
from licet.journal import Journal
from tools.captures import AT, URL, later, page, picture, state, stock


def lose(home):
    """Delete the catalogue and the index."""
    for path in (home / "archive").glob("catalogue.sqlite*"):
        path.unlink()
    shutil.rmtree(home / "archive" / "index")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_everything_comes_back(home, monkeypatch):
    with Archive.open(home) as archive:
        stock(archive)
        monkeypatch.setattr("licet.archive.extraction.reading.EXTRACTOR", "licet-next")
        archive.process(at=later(50))
        before = state(archive)
        assert before["readings"]
        assert archive.verify() == []
    entries = list(Journal.open(home).entries())
    lose(home)
    with Archive.open(home) as archive:
        rebuilt = archive.rebuild()
        assert rebuilt.lost == []
        assert state(archive) == before
        assert archive.verify() == []
    assert list(Journal.open(home).entries()) == entries


def test_a_rebuild_of_what_is_there_changes_nothing(home):
    with Archive.open(home) as archive:
        stock(archive)
        before = state(archive)
        archive.rebuild()
        archive.rebuild()
        assert state(archive) == before
        archive.take(page("北港仓库完成了年度盘点", url=URL + "9"), at=later(60))
        assert archive.verify() == []


def test_nothing_is_written_to_an_archive_that_lost_its_catalogue(home):
    with Archive.open(home) as archive:
        stock(archive)
        before = state(archive)
    files = {path: path.read_bytes() for path in (home / "archive" / "warc").glob("*.warc.gz")}
    lose(home)
    with Archive.open(home) as archive:
        with pytest.raises(ArchiveError, match="rebuild"):
            archive.take(page("北港仓库完成了年度盘点"), at=AT)
        with pytest.raises(ArchiveError, match="rebuild"):
            archive.not_modified(URL, at=AT, exchange=page("x").exchange)
        assert {path: path.read_bytes() for path in files} == files
        archive.rebuild()
        assert state(archive) == before


def test_a_catalogue_restored_from_an_older_copy_is_not_trusted(home, tmp_path):
    with Archive.open(home) as archive:
        archive.take(page("东港仓库完成了年度盘点"), at=AT)
    shutil.copytree(home / "archive", tmp_path / "copy")
    with Archive.open(home) as archive:
        stock(archive)
        before = state(archive)
    for path in (home / "archive").glob("catalogue.sqlite*"):
        path.unlink()
    shutil.copy(tmp_path / "copy" / "catalogue.sqlite", home / "archive" / "catalogue.sqlite")
    with Archive.open(home) as archive:
        with pytest.raises(ArchiveError, match="rebuild"):
            archive.take(page("北港仓库完成了年度盘点"), at=AT)
        archive.rebuild()
        assert state(archive) == before
        assert archive.verify() == []


def test_a_record_that_the_journal_never_heard_of_is_taken_in(home, monkeypatch):
    with Archive.open(home) as archive:
        archive.take(page("东港仓库完成了年度盘点"), at=AT)
        with monkeypatch.context() as patched:
            patched.setattr(Outbox, "post", lambda *_: (_ for _ in ()).throw(OSError("power is out")))
            with pytest.raises(OSError, match="power"):
                archive.take(
                    page("西港仓库完成了年度盘点", url=URL + "2"),
                    at=later(1),
                    category="港口",
                    via="td.example",
                    requisites=[picture()],
                )
    lose(home)
    with Archive.open(home) as archive:
        archive.rebuild()
        found = archive.by_address(URL + "2")
        assert (found.article.category, found.via, found.captured_at) == ("港口", "td.example", later(1))
        assert archive.verify() == []


def test_a_damaged_record_is_named_and_the_rest_comes_back(home):
    with Archive.open(home) as archive:
        stock(archive)
        lost = archive.by_address(URL + "2")
        place = archive._captures.of_snapshot(lost.id).place
        before = archive.count()
    path = home / "archive" / "warc" / place.file
    data = bytearray(path.read_bytes())
    data[place.offset + 200] ^= 0xFF
    path.write_bytes(bytes(data))
    lose(home)
    with Archive.open(home) as archive:
        rebuilt = archive.rebuild()
        assert [finding.where for finding in rebuilt.lost] == [str(place)]
        assert archive.count() == before - 1
        assert lost.id in {finding.where.removeprefix("snapshot ") for finding in archive.verify()}


def test_the_rest_of_a_torn_write_is_moved_aside_at_the_next_start(home):
    with Archive.open(home) as archive:
        stock(archive)
        before = state(archive)
    folder = home / "archive" / "warc"
    path = min(folder.glob("*.warc.gz"))
    with path.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08 torn")
    with Archive.open(home) as archive:
        assert state(archive) == before
    assert [torn.read_bytes() for torn in (folder / "torn").iterdir()] == [b"\x1f\x8b\x08 torn"]


def test_a_rebuild_that_is_interrupted_leaves_the_catalogue_as_it_was(home, monkeypatch):
    with Archive.open(home) as archive:
        stock(archive)
        before = state(archive)
        with monkeypatch.context() as patched:
            patched.setattr("licet.archive.rebuilding.payload_of", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                archive.rebuild()
        assert state(archive) == before
        assert archive.verify() == []


def test_other_tables_lose_only_what_lost_its_snapshot(home):
    with Archive.open(home) as archive:
        stock(archive)
        kept = archive.recent(9)
        with archive._catalogue.writing():
            archive._catalogue.execute("CREATE TABLE notes (snapshot TEXT REFERENCES snapshots (id), text TEXT)")
            archive._catalogue.execute_many("INSERT INTO notes VALUES (?, 'x')", [(s.id,) for s in kept])
        place = archive._captures.of_snapshot(archive.by_address(URL + "2").id).place
        path = home / "archive" / "warc" / place.file
        data = bytearray(path.read_bytes())
        data[place.offset + 200] ^= 0xFF
        path.write_bytes(bytes(data))
        archive.rebuild()
        database = sqlite3.connect(home / "archive" / "catalogue.sqlite")
        assert database.execute("SELECT COUNT(*) FROM notes").fetchone() == (len(kept) - 1,)
        database.close()
