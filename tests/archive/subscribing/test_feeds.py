import datetime as dt
import json

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from licet.archive.subscribing import FORMS, Entry, Feed, feeds, opml
from licet.errors import BadFile

AT = dt.datetime(2025, 3, 1, 9, 30, 5, tzinfo=dt.UTC)
CHINA = dt.timezone(dt.timedelta(hours=8))
FULL = Entry(
    identity="tag:desk.example,2026:news/1",
    link="https://desk.example/news/1",
    title="港口 <周三> 关闭 & 其他",
    updated=AT,
    published=dt.datetime(2025, 2, 28, 14, 28, tzinfo=CHINA),
    lang="zh-Hans",
    author=("本报编辑部",),
    source="晨港财经",
    category="财经",
    original="https://news.example/zh/1?a=1&b=2",
    paragraphs=("第一段 <b>不是标记</b>。", "第二段 & 末段。"),
    notice="晨港财经的文字",
)
PART = Entry(
    identity="tag:desk.example,2026:news/2", link="https://desk.example/news/2", title="Part", updated=AT, summary="A…"
)
BARE = Entry(identity="tag:desk.example,2026:news/3", link="https://desk.example/news/3", title="Link", updated=AT)


def feed(*entries):
    return Feed(
        identity="tag:desk.example,2026:feed/1",
        address="https://desk.example/news/feed.atom?q=%E6%B8%AF%E5%8F%A3&a=b",
        home="https://desk.example/news?q=1",
        title="港口",
        subtitle="Not ours",
        publisher="Licet",
        lang="zh-Hans",
        updated=AT,
        entries=entries,
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_same_entries_give_the_same_bytes(form):
    assert feeds.written(feed(FULL, PART, BARE), form) == feeds.written(feed(FULL, PART, BARE), form)


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_another_reader_understands_the_xml(form):
    found = feedparser.parse(feeds.written(feed(FULL, PART, BARE), form))
    assert not found.bozo
    assert found.version == {"atom": "atom10", "rss": "rss20"}[form]
    assert found.feed.title == "港口"
    first, second, third = found.entries
    assert first.title == FULL.title
    assert (first.id, first.link) == (FULL.identity, FULL.link)
    assert first.published_parsed[:6] == (2025, 2, 28, 6, 28, 0)
    assert [tag.term for tag in first.tags] == ["财经"]
    assert "&lt;b&gt;" in first.content[0].value
    assert "晨港财经的文字" in first.content[0].value
    assert "content" not in second or second.summary == second.content[0].value
    assert "A…" in second.summary
    assert third.get("summary", "") == ""


def test_atom_holds_what_the_rfc_asks_of_every_feed_and_entry():
    root = etree.fromstring(feeds.written(feed(FULL, PART, BARE), "atom"))
    space = {"a": "http://www.w3.org/2005/Atom"}
    for path in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert root.xpath(path, namespaces=space), path
    for entry in root.xpath("a:entry", namespaces=space):
        for path in ("a:id", "a:title", "a:updated", "a:link[@rel='alternate']"):
            assert len(entry.xpath(path, namespaces=space)) == 1, path
    assert root.xpath("a:entry[1]/a:link[@rel='via']/@href", namespaces=space) == [FULL.original]
    assert root.xpath("a:entry[1]/a:updated/text()", namespaces=space) == ["2025-03-01T09:30:05Z"]
    assert root.xpath("a:entry[1]/a:published/text()", namespaces=space) == ["2025-02-28T14:28:00+08:00"]


def test_json_feed_holds_what_version_1_1_asks():
    found = json.loads(feeds.written(feed(FULL, PART, BARE), "json"))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    first, second, third = found["items"]
    assert first["authors"] == [{"name": "本报编辑部"}]
    assert first["date_published"] == "2025-02-28T14:28:00+08:00"
    assert first["tags"] == ["财经"]
    assert first["external_url"] == FULL.original
    assert "<p>A…</p>" in second["content_html"]
    assert third["content_html"] == ""
    assert all({"id", "url", "content_html"} <= set(item) for item in found["items"])


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_captured_text_breaks_a_feed_or_becomes_its_markup(title, paragraph):
    entry = Entry(
        identity="tag:x,2026:1", link="https://x.example/1", title=title, updated=AT, paragraphs=(paragraph,), lang="en"
    )
    for form in ("atom", "rss"):
        root = etree.fromstring(feeds.written(feed(entry), form))
        assert len(root.xpath("//*[local-name()='entry' or local-name()='item']")) == 1
        shown = root.xpath("string(//*[local-name()='entry' or local-name()='item']/*[local-name()='title'])")
        # XML reads a lone carriage return and the line ends in text as they were written, escaped.
        assert shown == feeds.seen(title)
    assert json.loads(feeds.written(feed(entry), "json"))["items"][0]["id"] == "tag:x,2026:1"


def test_a_list_of_feeds_is_written_and_read_again():
    outlines = [
        opml.Outline(
            "财经 & <港口>", "https://desk.example/news/feed.rss?category=%E8%B4%A2", "https://desk.example/news"
        ),
        opml.Outline("Harbor", "https://desk.example/news/feed.rss?q=harbor"),
    ]
    data = opml.written("我的订阅", outlines, at=AT)
    root = etree.fromstring(data)
    assert root.get("version") == "2.0"
    assert root.findtext("head/dateCreated") == "Sat, 01 Mar 2025 09:30:05 +0000"
    assert opml.read(data) == outlines


BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY file SYSTEM "file:///etc/hostname">]>
<opml version="2.0"><body><outline xmlUrl="https://x.example/" text="t">&b;&file;</outline></body></opml>"""


@pytest.mark.parametrize("data", [b"", b"<opml", b"<rss/>", b"{}", b"\xff\xfe\x00", b"x" * 600_000])
def test_what_is_no_list_of_feeds_is_refused(data):
    with pytest.raises(BadFile):
        opml.read(data)


def test_entities_of_a_list_are_not_resolved():
    assert [outline.title for outline in opml.read(BOMB)] == ["t"]
