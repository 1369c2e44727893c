import base64
import hashlib
import sqlite3

import pytest
from warcio.archiveiterator import ArchiveIterator

from licet.archive import Archive
from licet.errors import ArchiveError


def records(folder):
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                yield record.rec_headers, record.content_stream().read()


def test_a_file_is_a_resource_record_any_tool_can_read(add, pages, tmp_path):
    data = pages.model()
    add("page.html", data, url="https://news.example/1")
    info, resource, metadata = records(tmp_path / "home" / "archive" / "warc")
    assert info[0]["WARC-Type"] == "warcinfo"
    headers, payload = resource
    assert payload == data
    assert headers["WARC-Type"] == "resource"
    assert headers["WARC-Target-URI"] == "https://news.example/1"
    assert headers["WARC-Date"] == "2025-02-28T09:45:05Z"
    digest = base64.b32encode(hashlib.sha256(data).digest()).decode()
    assert headers["WARC-Payload-Digest"] == f"sha256:{digest}"
    headers, payload = metadata
    assert payload == b"captured-from: file:page.html\r\n"
    assert headers["WARC-Concurrent-To"] == resource[0]["WARC-Record-ID"]


def test_each_record_is_read_at_its_own_offset(archive, add, pages):
    added = [add(f"{n}.html", pages.chinese(f"第{n}号仓库盘点完成", pages.paragraphs)) for n in range(4)]
    for number, snapshot in enumerate(added):
        assert f"第{number}号".encode() in archive.raw(snapshot.id)[1]


def test_a_day_has_a_file_of_its_own(add, pages, at, tmp_path):
    add("a.html", pages.chinese("甲仓库盘点", pages.paragraphs))
    add("b.html", pages.chinese("乙仓库盘点", pages.paragraphs), at=at.replace(day=27))
    names = [path.name for path in sorted((tmp_path / "home" / "archive" / "warc").iterdir())]
    assert names == ["licet-20250227-00001.warc.gz", "licet-20250228-00001.warc.gz"]


@pytest.mark.parametrize("rest", [b"\x1f\x8b\x08\x00torn", b"garbage", b"\x00" * 3000])
def test_the_rest_of_an_interrupted_write_is_moved_aside(archive, add, pages, tmp_path, rest):
    first = add("a.html", pages.chinese("甲仓库盘点", pages.paragraphs))
    folder = tmp_path / "home" / "archive" / "warc"
    (path,) = folder.glob("*.warc.gz")
    with path.open("ab") as stream:
        stream.write(rest)
    second = add("b.html", pages.chinese("乙仓库盘点", pages.paragraphs))
    assert archive.verify() == []
    assert {len(archive.raw(s.id)[1]) > 0 for s in (first, second)} == {True}
    assert [torn.read_bytes() for torn in (folder / "torn").iterdir()] == [rest]
    assert len(list(records(folder))) == 5


def test_a_file_cut_short_is_left_alone_and_named(add, pages, tmp_path, archive):
    first = add("a.html", pages.chinese("甲仓库盘点", pages.paragraphs))
    folder = tmp_path / "home" / "archive" / "warc"
    (path,) = folder.glob("*.warc.gz")
    path.write_bytes(path.read_bytes()[:-900])
    second = add("b.html", pages.chinese("乙仓库盘点", pages.paragraphs))
    assert [finding.where for finding in archive.verify()] == [path.name, f"snapshot {first.id}"]
    assert archive.raw(second.id)
    assert len(list(folder.glob("*.warc.gz"))) == 2


def test_an_archive_of_a_newer_version_is_not_touched(tmp_path):
    Archive.open(tmp_path).close()
    database = sqlite3.connect(tmp_path / "archive" / "catalogue.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ArchiveError, match="newer Licet"):
        Archive.open(tmp_path)
