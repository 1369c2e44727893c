"""Captures of our own making, for tests that need many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from licet.archive.capture import Capture, Exchange

AT = datetime(2025, 2, 28, 9, 45, 5, tzinfo=UTC)
URL = "https://news.example/port/1"


def later(hours):
    return AT + timedelta(hours=hours)


def exchange(status="200 OK", content_type="text/html; charset=utf-8", headers=()):
    return Exchange(
        address="203.0.113.9",
        request_line="GET /port/1 HTTP/1.1",
        request_headers=[("Host", "news.example"), ("User-Agent", "Licet")],
        status_line=f"HTTP/1.1 {status}",
        response_headers=[("Content-Type", content_type), ("Server", "harbor"), *headers],
    )


def page(text, *, url=URL, head="", note="", headers=()):
    body = f"<p>{text},账面数量与实物数量完全相符。</p><p>盘点小组表示,下一步将推广到其他港口。</p>"
    data = (
        f"<html><head><meta charset=utf-8>{head}</head><body><h1>东港仓库盘点</h1>{body}<!-- {note} --></body></html>"
    )
    return Capture(
        payload=data.encode(),
        content_type="text/html; charset=utf-8",
        url=url,
        captured_from=url,
        exchange=exchange(headers=headers),
    )


def picture(url="https://news.example/a.png", data=b"\x89PNG harbor"):
    return Capture(
        payload=data, content_type="image/png", url=url, captured_from=url, exchange=exchange(content_type="image/png")
    )


def stock(archive):
    """Fill an archive with one of everything that becomes of captures."""
    archive.take(page("东港仓库完成了年度盘点"), at=AT, category="港口", zone="Asia/Shanghai", requisites=[picture()])
    archive.take(page("东港仓库完成了年度盘点,更正:共二十五个库区"), at=later(1), category="港口", via="td.example")
    archive.take(page("东港仓库完成了年度盘点", note="counter"), at=later(2), requisites=[picture()])
    archive.take(page("东港仓库完成了年度盘点"), at=later(3))
    archive.not_modified(URL, at=later(4), exchange=exchange("304 Not Modified"))
    archive.take(page("西港仓库完成了年度盘点", url=URL + "2"), at=later(30), display="excerpt", requisites=[picture()])
    archive.take(page("更早的一则:西港仓库开工", url=URL + "2"), at=later(20))
    archive.take(page("附页:东港的库区表", url=URL + "/t"), at=later(31), requisites=[page("库区表二", url=URL + "/u")])
    archive.take(page("库区表二", url=URL + "/u"), at=later(32))
    file = Capture(
        payload=page("南港仓库完成了年度盘点").payload, content_type="text/html", url=None, captured_from="file:s.html"
    )
    archive.take(file, at=later(40), category="文件")


def state(archive):
    """Return everything that a reader and a keeper can see of an archive, but for where records stand."""
    database = archive._catalogue
    tables = {
        "captures": "SELECT id, digest, url, captured_at, captured_from, via, given_category, content_type,"
        " content_encoding, kind, status, record, snapshot, warc, warc_offset, warc_length FROM captures ORDER BY id",
        "visits": "SELECT capture, kind, canonical, visited_at, status, captured_from, via, record, warc, warc_offset,"
        " warc_length FROM visits ORDER BY record",
        "snapshots": "SELECT id, capture, lang, category, source, moment, article, extracted_with, item, version, text,"
        " captured_at, last_seen, latest, display, zone, state FROM snapshots ORDER BY id",
        "tags": "SELECT * FROM tags ORDER BY snapshot, position",
        "requisites": "SELECT * FROM requisites ORDER BY page, requisite",
        "readings": "SELECT snapshot, extractor, text FROM extractions ORDER BY snapshot, id",
        "files": "SELECT * FROM warc_files ORDER BY name",
    }
    seen = {name: database.rows(query) for name, query in tables.items()}
    seen["listed"] = [(s.id, s.version) for s in archive.recent(1000)]
    seen["found"] = {hit.snapshot.id for hit in archive.search("盘点", limit=1000).hits}
    seen["categories"] = archive.categories()
    return seen
