from __future__ import annotations

import json
import re
import struct
import time
import zlib

import feedparser
import httpx
import pytest
from lxml import etree, html

from licet.demo import newsroom, pages, trouble
from licet.demo.rendering import pictures, site_resources


@pytest.fixture(scope="module")
def site():
    with newsroom() as running:
        yield running


@pytest.fixture(scope="module")
def client(site):
    with httpx.Client(base_url=site.address, trust_env=False) as client:
        yield client


def served(client, page):
    return client.get(page.path).content.decode(page.encoding)


def text_of(markup):
    return re.sub(r"\s+", " ", html.fromstring(re.sub(r"^<\?xml[^>]*>", "", markup)).text_content())


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_a_page_holds_what_it_is_said_to_hold(client, page):
    answer = client.get(page.path)
    assert answer.status_code == 200
    text = text_of(answer.content.decode(page.encoding))
    for piece in (page.title, *page.body, *page.author, page.dateline.strip(), page.signature):
        assert piece in text
    assert str(page.published.year) in served(client, page)


def test_there_are_two_languages_five_styles_and_three_encodings():
    every = pages()
    assert len(every) >= 8
    assert {page.language for page in every} == {"en", "zh"}
    assert len({page.outlet.layout for page in every}) == 5
    assert {page.encoding for page in every} == {"utf-8", "gb18030", "big5"}


def test_pages_are_dated_with_their_zone_in_the_spring_of_2025():
    for page in pages():
        assert page.published.tzinfo is not None
        assert (2025, 2) <= (page.published.year, page.published.month) <= (2025, 6)


def test_one_encoding_is_declared_under_a_name_that_is_too_small(client):
    page = next(page for page in pages() if page.encoding == "gb18030" and "輝達" in "".join(page.body))
    answer = client.get(page.path)
    assert b"charset=gb2312" in answer.content
    assert answer.headers["content-type"] == "text/html"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("gb2312")
    assert "輝達" in answer.content.decode("gb18030")


def test_the_explainer_names_every_tier_2_place_of_the_model_report():
    explainer = "".join(pages()[0].body)
    for place in ["瑞士", "波兰", "希腊", "新加坡", "印度", "印度尼西亚", "以色列", "阿联酋", "沙特阿拉伯"]:
        assert place in explainer


def test_a_reprint_names_the_outlet_that_the_text_comes_from():
    reprint = next(page for page in pages() if page.source != page.outlet.name)
    original = next(
        page for page in pages() if page.outlet.name == reprint.source and page.body[1:] == reprint.body[1:]
    )
    assert original.body[0] == original.dateline + reprint.body[0]
    assert original.published < reprint.published


def test_bylines_are_desks():
    assert {name for page in pages() for name in page.author} == {
        "财经组",
        "天气组",
        "科技编辑部",
        "本報財經組",
        "Newsdesk",
        "Business desk",
        "Sports desk",
    }


def test_the_linked_data_says_what_the_page_says(client):
    page = next(page for page in pages() if page.outlet.layout == "wire.html")
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', served(client, page), re.DOTALL)
    data = json.loads(script[1])
    assert data["headline"] == page.title
    assert data["datePublished"] == page.published.isoformat()


def test_a_client_that_knows_a_page_gets_it_confirmed(client):
    first = client.get(pages()[0].path)
    again = client.get(pages()[0].path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["last-modified"] == "Fri, 28 Feb 2025 02:05:00 GMT"


def test_head_gives_the_headers_alone(client):
    answer = client.head(pages()[0].path)
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(client.get(pages()[0].path).content))


def test_what_is_not_there_is_not_found(client):
    assert client.get("/drafts/tomorrow.html").status_code == 404


def test_front_page_feed_and_sitemap_list_every_page(client, site):
    front = html.fromstring(client.get("/").content).xpath("//li/a/@href")
    feed = etree.fromstring(client.get("/feed.xml").content).findall(".//item/link")
    sitemap = etree.fromstring(client.get("/sitemap.xml").content).findall("{*}url/{*}loc")
    assert sorted(front) == sorted(page.path for page in site.pages)
    addresses = sorted(map(site.url, site.pages))
    assert sorted(link.text for link in feed) == addresses
    assert sorted(link.text for link in sitemap) == addresses


def test_the_other_feeds_and_lists_name_every_page(client, site):
    addresses = sorted(map(site.url, site.pages))
    atom = etree.fromstring(client.get("/atom.xml").content).findall("{*}entry/{*}link")
    news = etree.fromstring(client.get("/news-sitemap.xml").content).findall("{*}url/{*}loc")
    latest = html.fromstring(client.get("/latest.html").content).xpath("//ol//a/@href")
    assert sorted(link.get("href") for link in atom) == addresses
    assert sorted(item["url"] for item in client.get("/feed.json").json()["items"]) == addresses
    assert sorted(link.text for link in news) == addresses
    assert sorted(site.address + path for path in latest) == addresses
    for path in ("/feed.xml", "/atom.xml", "/feed.json"):
        read = feedparser.parse(client.get(path).content) if path.endswith("xml") else None
        assert read is None or (not read.bozo and len(read.entries) == len(site.pages))


def test_a_correction_changes_the_page_its_tag_and_its_place_in_the_feeds():
    with newsroom() as site, httpx.Client(base_url=site.address, trust_env=False) as own:
        changing = [page for page in site.pages if page.corrected]
        assert {page.language for page in changing} == {"en", "zh"}
        before = {page.path: own.get(page.path) for page in changing}
        corrected = site.correct()
        assert [page.path for page in corrected] == [page.path for page in changing]
        for page, new in zip(changing, corrected, strict=True):
            answer = own.get(page.path, headers={"If-None-Match": before[page.path].headers["etag"]})
            assert answer.status_code == 200
            assert new.title in text_of(answer.text)
            assert page.title not in text_of(answer.text)
            assert new.updated > new.published == page.published
        times = {item["url"]: item["date_modified"] for item in own.get("/feed.json").json()["items"]}
        assert [times[site.url(page)] for page in corrected] == [page.updated.isoformat() for page in corrected]


def test_another_outlet_prints_the_same_text_shortened():
    copy = next(page for page in pages() if page.path == "/business/2025/03/swiss-cluster-wire.html")
    original = next(page for page in pages() if page.path == "/en/2025/03/swiss-research-cluster")
    assert copy.outlet != original.outlet
    assert copy.published > original.published
    assert copy.body[1:3] == original.body[1:3]
    assert copy.body[0].endswith(original.body[0].removeprefix(original.dateline))
    assert original.body[3].startswith(copy.body[3].removesuffix("."))


def test_one_event_is_told_by_all_outlets():
    told = [page for page in pages() if page.published.date().isoformat() in {"2025-05-13", "2025-05-14"}]
    assert {page.outlet.name for page in told} == {page.outlet.name for page in pages()}


def test_one_page_is_to_be_taken_down():
    assert [page.removal for page in pages() if page.removal] == ["privacy"]


def test_the_trouble_is_what_it_is_called(client):
    started = time.monotonic()
    assert client.get(trouble.SLOW).status_code == 200
    assert time.monotonic() - started >= trouble.SLOW_SECONDS
    assert client.get(trouble.BROKEN).status_code == 500
    wrong = client.get(trouble.CHARSET)
    assert wrong.headers["content-type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        wrong.content.decode()
    assert "图书馆" in wrong.content.decode("gb18030")
    assert not client.get(trouble.CUT).text.endswith(("</html>", "</p>"))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(trouble.SHORT)


def test_robots_may_read_everything_but_drafts(client, site):
    robots = client.get("/robots.txt").text
    assert "Disallow: /drafts/" in robots
    assert f"Sitemap: {site.address}/sitemap.xml" in robots


def test_every_picture_of_a_page_is_served(client):
    for page in pages():
        assert client.get(page.picture).status_code == 200


def test_pictures_are_what_they_say():
    for path, picture in pictures().items():
        if path.endswith(".png"):
            assert picture.body.startswith(b"\x89PNG\r\n\x1a\n")
            width, height = struct.unpack(">II", picture.body[16:24])
            length = struct.unpack(">I", picture.body[33:37])[0]
            assert len(zlib.decompress(picture.body[41 : 41 + length])) == height * (1 + 3 * width)
        else:
            assert etree.fromstring(picture.body).tag == "{http://www.w3.org/2000/svg}svg"


def test_two_newsrooms_stand_side_by_side():
    with newsroom() as one, newsroom() as other:
        assert one.address != other.address


def test_nothing_is_served_after_the_end():
    with newsroom() as running:
        address = running.address
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_every_page_says_that_it_is_invented():
    for page in pages():
        text = site_resources(pages(), "http://newsroom.invalid")[page.path].body.decode(page.encoding)
        assert any(word in text for word in ("均为虚构", "均為虛構", "are invented"))


def test_the_data_file_is_read_as_text_alone():
    assert all(isinstance(text, str) for page in pages() for text in (page.title, *page.body))


@pytest.mark.parametrize("story", [page for page in pages() if page.encoding != "utf-8"], ids=lambda story: story.path)
def test_a_browser_shows_pages_of_other_encodings(site, story, page):
    shown = page(language="zh")
    shown.goto(site.url(story))
    assert story.title in shown.locator("body").inner_text()
