import contextlib
import gzip
import os
import uuid
import zipfile
from datetime import UTC, datetime

import pytest

from licet.archive.collecting.files import captures_in
from licet.errors import BadFile
from tools.virtual import START, Web, crawl

DAY = datetime(2025, 3, 3, tzinfo=UTC)


def record(kind, url, block, content_type):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nContent-Type: {content_type}\r\nContent-Length: {len(block)}\r\n"
    )
    return gzip.compress(head.encode() + b"\r\n" + block + b"\r\n\r\n")


def warc(*pages):
    """Write a file as crawlers do: the request first, chunks left in."""
    written = record("warcinfo", "", b"software: a test\r\n", "application/warc-fields")
    for url, status, headers, body in pages:
        request = b"GET / HTTP/1.1\r\nHost: n.example\r\n\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        written += record("request", url, request, "application/http; msgtype=request")
        answer = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
        written += record("response", url, answer, "application/http; msgtype=response")
    return written


HTML = [("Content-Type", "text/html; charset=utf-8")]


def test_pages_of_a_warc_file(tmp_path):
    path = tmp_path / "a.warc.gz"
    chunked = b"5\r\n<h1>a\r\n5\r\n</h1>\r\n0\r\n\r\n"
    path.write_bytes(
        warc(
            ("https://n.example/1", "200 OK", HTML, b"<h1>1</h1>"),
            ("https://n.example/2", "404 Not Found", HTML, b"<h1>2</h1>"),
            ("https://n.example/3", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
            ("https://n.example/4", "200 OK", [*HTML, ("Transfer-Encoding", "chunked")], chunked),
        )
    )
    found = list(captures_in(path, at=DAY))
    assert [(capture.url, capture.payload) for capture, _ in found] == [
        ("https://n.example/1", b"<h1>1</h1>"),
        ("https://n.example/4", b"<h1>a</h1>"),
    ]
    assert {at for _, at in found} == {datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)}
    assert found[0][0].captured_from == "file:a.warc.gz"
    assert found[0][0].exchange.status_line == "HTTP/1.1 200 OK"


def test_pages_of_a_wacz_package(tmp_path):
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/data.warc.gz", warc(("https://n.example/1", "200 OK", HTML, b"<h1>1</h1>")))
        package.writestr("pages/pages.jsonl", "{}")
    ((capture, _),) = captures_in(path, at=DAY)
    assert (capture.url, capture.captured_from) == ("https://n.example/1", "file:a.wacz/archive/data.warc.gz")


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.wacz", "a.html"])
@pytest.mark.parametrize(
    "data", [b"", b"no such thing", b"\x1f\x8b\x08\x00broken", b"WARC/1.0\r\nContent-Length: x\r\n"]
)
def test_a_broken_file_yields_nothing_or_one_clear_error(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    if name == "a.html" and data.strip() and not data.startswith(b"\x1f"):
        assert len(list(captures_in(path, at=DAY))) == 1
        return
    found = []
    with contextlib.suppress(BadFile):
        found.extend(captures_in(path, at=DAY))
    assert found == []


def test_what_stands_before_the_break_counts(tmp_path):
    whole = warc(*((f"https://n.example/{n}", "200 OK", HTML, b"<h1>x</h1>" * 50) for n in range(9)))
    path = tmp_path / "a.warc.gz"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = []
    with contextlib.suppress(BadFile):
        found.extend(capture.url for capture, _ in captures_in(path, at=DAY))
    assert 3 <= len(found) < 9


def test_a_source_of_files_is_taken_once_and_again_when_a_file_changes(kept, queue, sources, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "saved").mkdir()
    page = tmp_path / "saved" / "1.html"
    page.write_bytes(b"<h1>1</h1>")
    (tmp_path / "saved" / "a.warc.gz").write_bytes(warc(("https://n.example/1", "200 OK", HTML, b"<h1>2</h1>")))
    for path in (tmp_path / "saved").iterdir():
        os.utime(path, (START.timestamp() - 60,) * 2)
    made = sources(sources.one("files", "saved/**/*", category="旧闻"))
    summary, end = crawl(kept, queue, made, Web())
    assert summary.of("news") == {"stored": 2}
    assert [take.category for take in kept.takes] == ["旧闻", "旧闻"]
    again, end = crawl(kept, queue, made, Web(), begin=end + 10)
    assert again.visits == 0
    page.write_bytes(b"<h1>changed</h1>")
    os.utime(page, (START.timestamp() + end + 5,) * 2)
    third, _ = crawl(kept, queue, made, Web(), begin=end + 10)
    assert third.visits == 1
