import gzip
import os
import uuid
import zipfile
from datetime import UTC, datetime

import pytest

from licet.archive import Archive
from licet.archive.collecting.queue import Queue
from tools.virtual import START, Web, crawl


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


def page(number):
    text = f"<p>东港仓库本周完成了第{number}次盘点，历时三天，账面数量与实物数量完全相符，结果已经公布。</p>" * 2
    return f"<html><title>第{number}次盘点</title><body><h1>第{number}次盘点</h1>{text}</body></html>".encode()


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """A folder of files of every kind, all older than the virtual time, beside the sources file."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "saved" / "deep"
    folder.mkdir(parents=True)
    (folder / "1.html").write_bytes(page(1))
    (folder / "2.html.gz").write_bytes(gzip.compress(page(2)))
    (folder / "a.warc.gz").write_bytes(
        warc(
            ("https://n.example/3", "200 OK", HTML, page(3)),
            ("https://n.example/none", "404 Not Found", HTML, page(4)),
            ("https://n.example/3.png", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        )
    )
    with zipfile.ZipFile(folder / "b.wacz", "w") as package:
        package.writestr("archive/data.warc.gz", warc(("https://n.example/5", "200 OK", HTML, page(5))))
    (folder / "broken.warc.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    (folder / "broken.wacz").write_bytes(b"no package")
    (folder / "empty.html").write_bytes(b"")
    for path in folder.iterdir():
        os.utime(path, (START.timestamp() - 60,) * 2)
    return folder


def test_files_of_every_kind_are_taken_once_and_again_when_they_change(saved, sources, tmp_path):
    made = sources(sources.one("files", "saved/**/*", category="旧闻", via="旧站"))
    home = tmp_path / "home"
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        summary, end = crawl(archive, queue, made, Web())
        counts = summary.of("news")
        assert (counts["new"], counts["stored"] + counts["failed"]) == (2, 5)
        assert counts["failed"] >= 2
        found = {snapshot.title: snapshot for snapshot in archive.recent(10)}
        assert set(found) == {f"第{number}次盘点" for number in (1, 2, 3, 5)}
        assert {(one.article.category, one.via) for one in found.values()} == {("旧闻", "旧站")}
        assert found["第3次盘点"].captured_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
        again, end = crawl(archive, queue, made, Web(), begin=end + 10)
        assert again.visits == 0
        changed = saved / "1.html"
        changed.write_bytes(page(6))
        os.utime(changed, (START.timestamp() + end + 5,) * 2)
        third, _ = crawl(archive, queue, made, Web(), begin=end + 10)
        assert third.of("news") == {"new": 1}
        assert archive.verify() == []
