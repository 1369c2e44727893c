import json
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from licet.archive.collecting.feeds import ENTRIES, LIMIT, read_feed
from licet.errors import BadFile

BASE = "https://news.example/feed"
CHINA = ZoneInfo("Asia/Shanghai")


def rss(items, head='<?xml version="1.0" encoding="utf-8"?>', charset="utf-8"):
    return f'{head}<rss version="2.0"><channel><title>东港</title>{items}</channel></rss>'.encode(charset)


def test_rss():
    item = (
        "<item><title>仓库\n 盘点</title><link>/n/1#top</link><category>财经</category><category>港口</category>"
        "<pubDate>Mon, 03 Mar 2025 08:30:00 +0800</pubDate></item>"
    )
    (link,) = read_feed(rss(item), url=BASE)
    assert link.url == "https://news.example/n/1"
    assert link.title == "仓库 盘点"
    assert link.categories == ("财经", "港口")
    assert link.published == datetime(2025, 3, 3, 0, 30, tzinfo=UTC)


def test_atom_with_a_base_and_the_right_link():
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>盘点</title>"
        "<link rel='enclosure' href='/a.mp3'/><link rel='alternate' href='/n/2'/><category term='港口'/>"
        "<published>2025-03-03T08:30:00+08:00</published><updated>2025-03-04T08:30:00Z</updated></entry></feed>"
    )
    (link,) = read_feed(text.encode(), url=BASE, content_type="application/atom+xml")
    assert link.url == "https://news.example/n/2"
    assert (link.published.day, link.modified.day) == (3, 4)


def test_a_time_without_a_zone_is_that_of_the_source():
    item = "<item><title>a</title><link>/1</link><pubDate>2025-03-03 08:30:00</pubDate></item>"
    (link,) = read_feed(rss(item), url=BASE, zone=CHINA)
    assert link.published == datetime(2025, 3, 3, 8, 30, tzinfo=CHINA)


def test_gb18030_that_calls_itself_gb2312():
    item = "<item><title>镕字与喆字都在盘点之列</title><link>/1</link></item>"
    data = rss(item, '<?xml version="1.0" encoding="gb2312"?>', "gb18030")
    (link,) = read_feed(data, url=BASE, content_type="text/xml")
    assert link.title == "镕字与喆字都在盘点之列"


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>港 & 仓</title><link>/1</link></item>",
        "<item><title>港\x0b仓</title><link>/1</link></item>",
        "<item><title>港&nbsp;仓</title><link>/1</link></item>",
        "<item><title>港<b>仓</title><link>/1</link></item>",
    ],
)
def test_a_broken_feed_is_read_all_the_same(item):
    (link,) = read_feed(rss(item), url=BASE)
    assert link.url == "https://news.example/1"
    assert link.title.startswith("港")


def test_json_feed():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "t",
        "items": [
            {
                "id": "1",
                "url": "/n/1",
                "title": "盘点",
                "date_published": "2025-03-03T08:30:00+08:00",
                "tags": ["港口"],
            },
            {"id": "https://news.example/n/2", "content_text": "x"},
            {"id": 3, "external_url": "https://other.example/3"},
            {"id": "4"},
            {"id": "5", "url": "javascript:alert(1)"},
        ],
    }
    links = read_feed(b"\xef\xbb\xbf" + json.dumps(feed).encode(), url=BASE, content_type="application/feed+json")
    assert [link.url for link in links] == [
        "https://news.example/n/1",
        "https://news.example/n/2",
        "https://other.example/3",
    ]
    assert links[0].categories == ("港口",)
    assert links[0].published.hour == 8


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body><p>no feed</p></body></html>",
        b'{"version": "1", "items": []}',
        b'{"items": []}',
        b"{",
        b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
        b"x" * (LIMIT + 1),
    ],
)
def test_what_is_no_feed(data):
    with pytest.raises(BadFile):
        read_feed(data, url=BASE)


def laughs():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY e0 "ha">{entities}]><rss version="2.0"><channel><item><title>&e9;</title>'.encode()


@pytest.mark.parametrize(
    "data",
    [
        laughs(),
        b"<rss version='2.0'><channel>" + b"<a>" * 1_000_000,
        b"<rss version='2.0'><channel>" + b"<item><link>/1</link></item>" * (ENTRIES + 1),
        b"<" * 1_000_000,
        b"<![CDATA[" * 400_000,
        b"<!--" * 1_000_000,
        b"<rss><channel><title>" + b"&" * 1_000_000,
        b"<rss " + b"a='1' " * 200_000,
    ],
    ids=["laughs", "nested", "entries", "open", "cdata", "comments", "ampersands", "attributes"],
)
def test_a_bomb_does_no_harm(data):
    begun = time.process_time()
    try:
        links = read_feed(data, url=BASE)
    except BadFile:
        links = []
    assert all(len(link.title or "") < 1000 for link in links)
    assert time.process_time() - begun < 10


def test_no_entity_is_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("harbor key", encoding="utf-8")
    text = (
        f"<!DOCTYPE r [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
        + rss("<item><title>&x;</title><link>/1</link></item>", "").decode()
    )
    assert all("harbor" not in (link.title or "") for link in read_feed(text.encode(), url=BASE))
