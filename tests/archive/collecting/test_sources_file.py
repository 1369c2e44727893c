import pytest

from licet.archive.collecting.sources import Duration, category_of, matches
from licet.archive.collecting.sources_file import read_sources
from licet.errors import BadFile, BadValue

WHOLE = """\
contact: newsroom@dongang.example
defaults:
  every: 30m
  zone: Asia/Shanghai
sources:
  - name: dongang
    publisher: 东港日报
    kind: feed
    address: https://news.dongang.example/rss.xml
    category: 要闻
    categories: {business: 财经, /tech/*: 科技}
    display: excerpt
    every: 15m
    deny: ['*/video/*']
    delay: 2s
  - name: sections
    kind: list
    addresses: [https://beigang.example/news/, https://beigang.example/tech/]
    select: "ul.list > li > a"
    follow: ['/202?/*']
    lists: ['/news/?page=*']
    via: 聚合站
    requisites: false
    max_pages: 50
  - name: saved
    kind: files
    address: saved/*.warc.gz
readers: {display: link}
"""


def read(tmp_path, text):
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return read_sources(path)


def test_a_whole_file_is_read_with_its_defaults(tmp_path):
    found = read(tmp_path, WHOLE)
    first, second, third = found.sources
    assert found.contact == "newsroom@dongang.example"
    assert (first.every, second.every, first.delay) == (900.0, 1800.0, 2.0)
    assert first.categories == {"business": "财经", "/tech/*": "科技"}
    assert second.addresses == ("https://beigang.example/news/", "https://beigang.example/tech/")
    assert (second.requisites, second.max_pages, second.zone) == (False, 50, "Asia/Shanghai")
    assert third.kind == "files"
    assert found.readers.display == "link"
    assert not found.readers.allow_private
    assert found.named("sections") is second


@pytest.mark.parametrize(
    ("written", "instead", "line", "message"),
    [
        ("every: 15m", "every: 15 minutes", 13, "every cannot be '15 minutes': write a time span"),
        ("every: 15m", "evry: 15m", 13, "unknown key 'evry': did you mean every?"),
        ("kind: feed", "kind: rdf", 8, "kind cannot be 'rdf': write feed, rss"),
        ("    kind: feed\n", "", 6, "kind is missing"),
        ("zone: Asia/Shanghai", "zone: Asia/Dongang", 4, "no time zone is called 'Asia/Dongang'"),
        ("display: excerpt", "display: half", 12, "display cannot be 'half'"),
        ("max_pages: 50", "max_pages: many", 24, "max_pages cannot be 'many': write a number"),
        ("max_pages: 50", "max_pages: 0", 24, "max_pages cannot be '0'"),
        ('select: "ul.list > li > a"', 'select: "ul..list"', 19, "the selector cannot be read"),
        ('select: "ul.list > li > a"', 'select: "//li["', 19, "the selector cannot be read"),
        ("name: sections", "name: dongang", 16, "two sources are called dongang"),
        ("name: sections", "name: readers", 16, "the name readers is taken"),
        ("address: https://news.dongang", "address: ftp://news.dongang", 6, "only http and https"),
        ("https://beigang.example/news/,", "https://news.dongang.example/rss.xml,", 16, "stands in dongang and in"),
        ("contact: newsroom@dongang.example", "contact: somebody", 1, "'somebody' is no contact"),
        ("    display: excerpt", "    display: full\n    display: link", 13, "display stands twice"),
        ("every: 15m", "every: 2d", 6, "every must lie between 1s and most"),
        ("via: 聚合站", "via: {a: b}", 22, "via cannot be"),
        ("requisites: false", "requisites: maybe", 23, "write true or false"),
        ("readers: {display: link}", "readers: {allow_private: true}", 28, "unknown key 'allow_private'"),
        ("defaults:\n", "defaults: &d\n", 2, None),
    ],
)
def test_each_mistake_names_its_line_and_its_fix(tmp_path, written, instead, line, message):
    assert WHOLE.count(written)
    text = WHOLE.replace(written, instead, 1)
    if message is None:
        assert read(tmp_path, text)
        return
    with pytest.raises(BadFile) as raised:
        read(tmp_path, text)
    assert raised.value.message.startswith(f"sources.yaml:{line}: ")
    assert message in raised.value.message


def test_all_mistakes_are_told_at_once(tmp_path):
    text = (
        WHOLE.replace("every: 15m", "every: soon").replace("kind: list", "kind: page").replace("max_pages: 50", "m: 1")
    )
    with pytest.raises(BadFile) as raised:
        read(tmp_path, text)
    assert [part.split(":")[1] for part in raised.value.message.splitlines()] == ["13", "24"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no mapping"),
        ("- a", "no mapping"),
        ("sources: []", "no list of sources"),
        ("sources: {a: b}", "no list of sources"),
        ("sources:\n  - name: [", "expected"),
        ("sources: &a\n  - *a", "alias"),
        ("[" * 5000, "expected"),
        ("sources:\n  - just text\n", "no mapping"),
    ],
)
def test_what_is_no_sources_file(tmp_path, text, message):
    with pytest.raises(BadFile, match=message):
        read(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        read_sources(tmp_path / "none.yaml")
    (tmp_path / "large.yaml").write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(BadFile, match="larger than 1 MB"):
        read_sources(tmp_path / "large.yaml")
    (tmp_path / "other.yaml").write_bytes("来源".encode("gb18030"))
    with pytest.raises(BadFile, match="UTF-8"):
        read_sources(tmp_path / "other.yaml")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1.5h", 5400), ("30d", 2592000)]
)
def test_a_span_of_time(text, seconds):
    assert Duration.read(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "-1s", "1w", "1e3s", "99999d", "٣s", None, 5])
def test_what_is_no_span_of_time(text):
    with pytest.raises(BadValue):
        Duration.read(text)


@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("/tech/*", "https://a.example/tech/1.html", True),
        ("/tech/*", "https://a.example/x/tech/1.html", False),
        ("*/tech/*", "https://a.example/x/tech/1.html", True),
        ("/n?id=*", "https://a.example/n?id=5", True),
        ("/202?/*.html", "https://a.example/2025/03/1.html", True),
        ("https://*.a.example/*", "https://www.a.example/", True),
        ("/", "https://a.example", True),
        ("/*", "https://a.example/", True),
        ("/a", "https://a.example/ab", False),
        ("", "https://a.example/", False),
    ],
)
def test_patterns_of_addresses(pattern, url, fits):
    assert matches(pattern, url) == fits


def test_a_pattern_made_to_be_slow_is_not(tmp_path):
    assert not matches("*a" * 200 + "b", "https://a.example/" + "a" * 1900)


def test_categories_go_by_the_feed_then_by_the_address_in_the_order_of_the_file(tmp_path):
    one = read(tmp_path, WHOLE).sources[0]
    assert category_of(one, "https://x.example/tech/1", ("business",)) == "财经"
    assert category_of(one, "https://x.example/tech/1", ("sports",)) == "科技"
    assert category_of(one, "https://x.example/1") == "要闻"
