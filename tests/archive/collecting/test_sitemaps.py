import gzip
from datetime import UTC, datetime

import pytest

from licet.archive.collecting import sitemaps
from licet.archive.collecting.links import wanted
from licet.archive.collecting.sitemaps import read_sitemap
from licet.errors import BadFile, LicetError

BASE = "https://news.example/sitemap.xml"
SPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
NEWS = "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"


def urlset(entries, more=""):
    return f"<?xml version='1.0'?><urlset {SPACE} {more}>{entries}</urlset>".encode()


def test_an_address_set():
    data = urlset(
        "<url><loc> https://news.example/1 </loc><lastmod>2025-03-03</lastmod></url><url><loc>bad:</loc></url>"
    )
    (link,) = read_sitemap(data, url=BASE)
    assert (link.url, link.role) == ("https://news.example/1", "page")
    assert link.modified == datetime(2025, 3, 3, tzinfo=UTC)


def test_an_index_packed():
    data = f"<sitemapindex {SPACE}><sitemap><loc>https://news.example/a.xml.gz</loc></sitemap></sitemapindex>".encode()
    (link,) = read_sitemap(gzip.compress(data), url=BASE)
    assert (link.url, link.role) == ("https://news.example/a.xml.gz", "sitemap")


def test_news():
    told = (
        "<news:news><news:publication><news:name>东港日报</news:name></news:publication><news:title>盘点</news:title>"
        "<news:publication_date>2025-03-03T08:30:00+08:00</news:publication_date>"
        "<news:keywords>港口, 仓库</news:keywords></news:news>"
    )
    data = urlset(
        f"<url><loc>https://news.example/1</loc>{told}</url><url><loc>https://news.example/2</loc></url>", NEWS
    )
    (link,) = read_sitemap(data, url=BASE, news=True)
    assert (link.title, link.categories, link.published.hour) == ("盘点", ("港口", "仓库"), 8)
    assert len(read_sitemap(data, url=BASE)) == 2


def test_plain_text():
    links = read_sitemap(b"https://news.example/1\n\nnothing\nhttps://news.example/2\n", url=BASE)
    assert [link.url for link in links] == ["https://news.example/1", "https://news.example/2"]


def test_what_breaks_off_yields_what_stands_before():
    data = urlset("<url><loc>https://news.example/1</loc></url>").replace(b"</urlset>", b"<url><loc>https://ne")
    assert [link.url for link in read_sitemap(data, url=BASE)] == ["https://news.example/1"]


def test_no_more_than_the_protocol_allows(monkeypatch):
    monkeypatch.setattr(sitemaps, "ADDRESSES", 100)
    data = urlset("".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(500)))
    assert len(read_sitemap(data, url=BASE)) == 100
    monkeypatch.setattr(sitemaps, "LIMIT", 1000)
    for large in (data, gzip.compress(data)):
        with pytest.raises(LicetError, match="MB"):
            read_sitemap(large, url=BASE)


def test_a_sitemap_speaks_for_its_host_only(sources):
    data = urlset("<url><loc>https://news.example/1</loc></url><url><loc>https://other.example/1</loc></url>")
    links = read_sitemap(data, url=BASE)
    assert len(wanted(links, sources.one("sitemap"), own_host="news.example")) == 1
    assert len(wanted(links, sources.one("sitemap", follow=("https://*.example/*",)), own_host="news.example")) == 2


@pytest.mark.parametrize("data", [b"", b"<html/>", b"hello", b"<url", b"<" * 100_000, b"\x1f\x8bnot packed"])
def test_what_is_no_sitemap(data):
    with pytest.raises(LicetError):
        read_sitemap(data, url=BASE)


def test_bombs_do_no_harm(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("https://news.example/secret", encoding="utf-8")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    for inside in (f'<!ENTITY e0 "ha">{entities}', f"<!ENTITY e9 SYSTEM '{secret.as_uri()}'>"):
        data = f"<!DOCTYPE urlset [{inside}]><urlset {SPACE}><url><loc>&e9;</loc></url></urlset>".encode()
        assert read_sitemap(data, url=BASE) == []
    deep = f"<urlset {SPACE}>".encode() + b"<url>" * 1_000_000
    assert read_sitemap(deep, url=BASE) == []
    with pytest.raises(BadFile):
        read_sitemap(b"<a>" * 1_000_000, url=BASE)
