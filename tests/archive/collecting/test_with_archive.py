"""The crawler and the archive together, in virtual time: what changes becomes a version, what does not a visit."""

import pytest

from licet.archive import Archive
from licet.archive.collecting.queue import Queue
from tools.virtual import START, crawl

HTML = {"Content-Type": "text/html; charset=utf-8"}
URL = "https://news.example/1"


def page(number, foot=""):
    text = f"<p>东港仓库本周完成了第{number}次盘点，历时三天，账面数量与实物数量完全相符，结果已经公布。</p>" * 2
    return f"<html><title>东港仓库盘点</title><body><h1>东港仓库盘点</h1>{text}{foot}</body></html>".encode()


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def hourly(home, web, made, hours):
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        summary, _ = crawl(archive, queue, made, web, mode="on", until=hours * 3600)
        return summary, archive.captures_of(URL), archive.verify(), archive.recent(10)


def test_a_page_that_changes_gets_versions_and_the_rest_are_visits(home, web, sources):
    def answer(request):
        hour = int(web.asked[-1][0] // 3600)
        if request.headers.get("if-none-match") == f'"{hour // 4}"':
            return (304, {"ETag": f'"{hour // 4}"'}, b"")
        return (200, {**HTML, "ETag": f'"{hour // 4}"'}, page(hour // 4))

    web.pages[URL] = answer
    made = sources(
        sources.one("page", URL, page_every=3600.0, page_most=3600.0, zone="Asia/Shanghai", display="excerpt")
    )
    summary, visits, findings, recent = hourly(home, web, made, 12)
    assert findings == []
    counts = summary.of("news")
    assert counts["new"] == 1
    assert counts["version"] == 2
    assert counts["not modified"] >= 7
    assert [visit.visit for visit in visits].count("capture") == 3
    assert [visit.visit for visit in visits].count("not modified") == counts["not modified"]
    (latest,) = recent
    assert (latest.version, latest.display, latest.zone) == (3, "excerpt", "Asia/Shanghai")
    assert latest.captured_at > START


def test_other_bytes_with_the_same_text_make_no_version(home, web, sources):
    web.pages[URL] = lambda _: (200, HTML, page(1, f"<!-- served at {web.asked[-1][0]} -->"))
    made = sources(sources.one("page", URL, page_every=3600.0, page_most=3600.0))
    summary, visits, findings, recent = hourly(home, web, made, 4)
    assert findings == []
    assert summary.of("news")["new"] == 1
    assert summary.of("news")["same text"] >= 2
    assert [snapshot.version for snapshot in recent] == [1]
    assert {visit.visit for visit in visits} == {"capture"}


def test_redirects_and_requisites_are_found_by_their_addresses(home, web, sources):
    web.pages["https://news.example/old"] = (301, {"Location": "/1"}, b"moved")
    web.pages[URL] = (200, HTML, page(1, "<img src=/p.png>"))
    web.pages["https://news.example/p.png"] = (200, {"Content-Type": "image/png"}, b"\x89PNG of ours")
    made = sources(sources.one("page", "https://news.example/old", requisites=True))
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        crawl(archive, queue, made, web)
        (hop,) = archive.captures_of("https://news.example/old")
        assert (hop.status, hop.kind) == (301, "requisite")
        (picture,) = archive.captures_of("https://news.example/p.png")
        assert archive.payload(picture.capture).body == b"\x89PNG of ours"
        (snapshot,) = archive.recent(10)
        assert snapshot.url == URL
        before = [archive.captures_of(url) for url in web.pages]
        archive.rebuild()
        assert [archive.captures_of(url) for url in web.pages] == before
        assert archive.recent(10) == [snapshot]
        assert archive.verify() == []


def test_pages_without_an_article_are_told_and_not_kept(home, web, sources):
    web.pages[URL] = (200, HTML, b"<html><body><img src=x></body></html>")
    made = sources(sources.one("page", URL))
    with Archive.open(home) as archive, Queue(home / "archive") as queue:
        summary, _ = crawl(archive, queue, made, web)
        assert summary.of("news") == {"no article": 1}
        assert archive.count() == 0
