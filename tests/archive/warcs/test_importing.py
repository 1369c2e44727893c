"""WARC and WACZ files of others come in with their own dates and headers."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from licet.archive import Archive
from licet.errors import BadFile
from tools.captures import AT, URL, later, page, stock

HTML = page("东港仓库完成了年度盘点").payload


def write(path, *, packed=True, order="request first", pages=((URL, HTML),), headers=(), status="200 OK"):  # noqa: PLR0913
    """Write a WARC file with warcio, as a crawler does."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a crawler"}))
        for url, body in pages:
            response = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2024-03-05T01:02:03Z", "WARC-IP-Address": "203.0.113.7"},
            )
            asked = StatusAndHeaders("GET /port/1 HTTP/1.1", [("User-Agent", "a crawler")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=asked)
            request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
            for one in (request, response) if order == "request first" else (response, request):
                writer.write_record(one)
    return path


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("order", ["request first", "response first"])
def test_a_page_keeps_its_date_and_headers(archive, tmp_path, packed, order):
    path = write(tmp_path / "crawl.warc.gz", packed=packed, order=order, headers=[("X-Desk", "port")])
    imported = archive.add_warc(path, via="td.example", category="港口", zone="Asia/Shanghai")
    assert (imported.taken, imported.damage) == ({"new": 1}, 0)
    snapshot = archive.by_address(URL)
    assert snapshot.captured_at == datetime(2024, 3, 5, 1, 2, 3, tzinfo=UTC)
    assert (snapshot.via, snapshot.zone, snapshot.article.category) == ("td.example", "Asia/Shanghai", "港口")
    assert snapshot.captured_from.startswith("file:crawl.warc.gz@")
    number = archive.captures_of(URL)[0].capture
    response = archive.payload(number)
    assert (response.status_line, response.body) == ("HTTP/1.1 200 OK", HTML)
    assert ("X-Desk", "port") in response.headers
    assert archive.add_warc(path).taken == {"same bytes": 1}
    assert len(archive.captures_of(URL)) == 1
    assert archive.verify() == []


def test_a_body_in_chunks_is_joined(archive, tmp_path):
    body = f"{len(HTML):x}".encode() + b"\r\n" + HTML + b"\r\n0\r\n\r\n"
    path = write(tmp_path / "c.warc.gz", pages=[(URL, body)], headers=[("Transfer-Encoding", "chunked")])
    archive.add_warc(path)
    response = archive.payload(archive.captures_of(URL)[0].capture)
    assert response.body == HTML
    assert "transfer-encoding" not in {name.lower() for name, _ in response.headers}


def test_a_compression_that_was_taken_off_is_not_taken_off_again(archive, tmp_path):
    pages = [(URL, gzip.compress(HTML, mtime=0)), (URL + "2", page("西港仓库完成了年度盘点").payload)]
    path = write(tmp_path / "c.warc.gz", pages=pages, headers=[("Content-Encoding", "gzip")])
    assert archive.add_warc(path).taken == {"new": 2}
    assert archive.raw(archive.by_address(URL).id)[1] == HTML


def test_what_is_no_page_is_counted(archive, tmp_path):
    path = write(tmp_path / "c.warc.gz", pages=[(URL, b"<html></html>"), ("dns:news.example", b"x"), (URL + "2", HTML)])
    imported = archive.add_warc(path)
    assert imported.taken == {"new": 1}
    assert imported.skipped == {"NotExtractable": 1, "not a web address": 1}
    assert archive.add_warc(write(tmp_path / "d.warc.gz", status="404 Not Found")).skipped == {"not status 200": 1}


def test_damage_is_named_and_the_rest_is_taken(archive, tmp_path):
    pages = [(f"{URL}/{n}", page(f"第{n}号仓库完成了年度盘点").payload) for n in range(6)]
    path = write(tmp_path / "c.warc.gz", pages=pages, order="response first")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    imported = archive.add_warc(path)
    assert imported.damage == 1
    assert imported.damaged[0].where.startswith("c.warc.gz@")
    assert imported.taken["new"] >= 5
    assert archive.verify() == []


def test_a_wacz_file_is_read_without_unpacking(archive, tmp_path):
    path = write(tmp_path / "c.warc.gz")
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as packed:
        packed.write(path, "archive/c.warc.gz")
        packed.writestr("archive/../../evil.warc.gz", b"no")
        packed.writestr("pages/pages.jsonl", "{}")
    imported = archive.add_warc(tmp_path / "c.wacz")
    assert imported.taken == {"new": 1}
    assert archive.by_address(URL).captured_from.startswith("file:c.wacz/archive/c.warc.gz@")


def test_our_own_file_comes_back_as_it_was(archive, tmp_path):
    stock(archive)
    before = {s.id: (s.item, s.article.category, s.via, s.captured_at, s.captured_from) for s in archive.recent(99)}
    del before[archive.by_address(URL + "/u").id]  # it was a requisite first, and those say nothing of themselves
    with Archive.open(tmp_path / "other") as other:
        for path in sorted((tmp_path / "home" / "archive" / "warc").glob("*.warc.gz")):
            assert other.add_warc(path).damage == 0
        for identity, known in before.items():
            s = other.snapshot(identity)
            assert (s.item, s.article.category, s.via, s.captured_at, s.captured_from) == known


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 no zip", b"%PDF-1.4"])
def test_what_is_no_web_archive_is_refused(archive, tmp_path, data):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    with pytest.raises(BadFile) as refused:
        archive.add_warc(path)
    assert refused.value.fix
    with pytest.raises(BadFile):
        archive.add_warc(tmp_path / "none.warc.gz")


@pytest.mark.parametrize(
    ("field", "value"),
    [("WARC-Date", "yesterday"), ("WARC-Date", "0001-01-01T00:00:00Z"), ("WARC-Target-URI", "http://[bad")],
)
def test_a_header_that_lies_harms_nothing(archive, tmp_path, field, value):
    path = tmp_path / "c.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url in (URL, URL + "2"):
            answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            one = writer.create_warc_record(
                url, "response", payload=io.BytesIO(HTML), length=len(HTML), http_headers=answer
            )
            if url == URL:
                one.rec_headers.replace_header(field, value)
            else:
                one.rec_headers.replace_header("WARC-Date", later(1).isoformat())
            writer.write_record(one)
    imported = archive.add_warc(path)
    assert imported.taken == {"new": 1}
    assert imported.damage + sum(imported.skipped.values()) == 1
    assert archive.by_address(URL + "2").captured_at > AT
