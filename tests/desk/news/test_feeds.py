import feedparser
import pytest
from lxml import etree, html

from licet.desk.news import subscriptions
from licet.desk.news.limiting import Limiter

from .conftest import SITE, TODAY

FORMS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


@pytest.fixture(autouse=True)
def fresh_limit(monkeypatch):
    monkeypatch.setattr(subscriptions, "_LIMITER", Limiter(subscriptions.MADE_A_DAY))


def entries(desk, path, **options):
    found = desk.get(path, **options)
    assert found.status_code == 200, found.text
    parsed = feedparser.parse(found.content)
    assert not parsed.bozo
    return parsed.entries


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_comes_in_every_form_and_only_once(desk, form):
    path = f"/news/feed.{form}?category=%E8%B4%A2%E7%BB%8F"
    found = desk.get(path)
    assert found.headers["content-type"] == f"{FORMS[form]}; charset=utf-8"
    again = desk.get(path, headers={"if-none-match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == found.headers["etag"]
    weak = f'"x", W/{found.headers["etag"]}'
    assert desk.get(path, headers={"if-none-match": weak}).status_code == 304
    assert desk.get(path, headers={"if-modified-since": found.headers["last-modified"]}).status_code == 304
    assert desk.get(path, headers={"if-modified-since": "Sat, 01 Mar 2025 00:00:00 GMT"}).status_code == 200
    assert desk.get(path, headers={"if-none-match": '"other"', "if-modified-since": "x"}).status_code == 200


def test_a_feed_has_the_latest_version_under_a_name_that_stays(desk, harbor):
    (entry,) = entries(desk, "/news/feed.atom?category=%E8%B4%A2%E7%BB%8F")
    assert entry.title == "港口周三关闭"
    assert entry.id.startswith("tag:desk.example,2026:news/")
    assert entry.link == f"http://desk.example/news/{harbor.second}"
    assert entry.updated == "2025-03-02T09:30:05Z"
    assert "更正：先前的报道" in entry.content[0].value
    assert (
        "不代表本站立场"
        in entries(desk, "/news/feed.atom?category=%E8%B4%A2%E7%BB%8F", headers={"accept-language": "zh"})[0]
        .content[0]
        .value
    )


def test_a_feed_shows_as_much_as_a_source_allows_and_nothing_hidden(desk):
    found = {entry.title: entry for entry in entries(desk, "/news/feed.atom?category=%E8%88%AA%E8%BF%90")}
    assert "content" not in found["excerpt报道：码头开放"]
    assert "第0号" in found["excerpt报道：码头开放"].summary
    assert "第1号" not in found["link报道：码头开放"].get("summary", "")
    assert not [title for title in found if title.startswith("full")]
    for form in FORMS:
        assert "第2号" not in desk.get(f"/news/feed.{form}").text


def test_a_search_is_a_feed(desk):
    assert [entry.title for entry in entries(desk, "/news/feed.rss?q=%E5%B2%B8%E6%A1%A5&in=zh")][:1]
    assert entries(desk, "/news/feed.rss?q=zeppelin") == []
    assert desk.get("/news/feed.atom?q=" + "x" * 300).status_code == 400
    assert desk.get("/api/v1/news/feed?form=atom").headers["content-type"].startswith("application/atom+xml")
    assert desk.get("/api/v1/news/feed?form=x").status_code == 400


def test_the_feeds_of_all_categories_as_a_list(desk):
    found = etree.fromstring(desk.get("/news/feeds.opml").content)
    assert found.xpath("//outline/@text") == ["All news", "航运", "财经"]
    for address in found.xpath("//outline/@xmlUrl"):
        assert entries(desk, address.removeprefix("http://desk.example"))


def made(desk, **form):
    found = desk.post("/news/subscriptions", data=form)
    assert found.status_code == 303
    return found.headers["location"]


def test_a_subscription_is_made_read_changed_and_deleted(desk):
    path = made(desk, category="财经", q="岸桥", **{"in": "zh"})
    page = desk.get(path)
    assert page.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in page.headers
    tree = html.document_fromstring(page.text)
    assert [label.text_content().strip() for label in tree.xpath("//input[@name='drop']/..")] == [
        "财经",
        "岸桥 · Chinese",
    ]
    titles = [entry.title for entry in entries(desk, f"{path}/feed.atom")]
    assert "港口周三关闭" in titles
    assert len(titles) == len(set(titles))
    listed = etree.fromstring(desk.get(f"{path}/feeds.opml").content)
    assert len(listed.xpath("//outline")) == 2
    assert desk.post(path, data={"drop": "0"}).status_code == 303
    assert desk.post(path, data={"category": "航运"}).status_code == 303
    tree = html.document_fromstring(desk.get(path).text)
    assert [label.text_content().strip() for label in tree.xpath("//input[@name='drop']/..")] == [
        "岸桥 · Chinese",
        "航运",
    ]
    assert desk.post(path, data={"do": "delete"}).headers["location"] == "/news/subscriptions?gone=1"
    assert [desk.get(one).status_code for one in (path, f"{path}/feed.atom")] == [404, 404]
    assert "None of it is left" in desk.get("/news/subscriptions?gone=1").text


def test_a_list_of_another_reader_is_taken_over(desk):
    text = desk.get("/news/feeds.opml").text.replace("</body>", '<outline xmlUrl="https://x.example/feed"/></body>')
    path = made(desk, opml=text)
    tree = html.document_fromstring(desk.get(path).text)
    assert len(tree.xpath("//input[@name='drop']")) == 3
    assert desk.post("/news/subscriptions", data={"opml": "<no"}).status_code == 400


def test_the_name_of_a_private_feed_does_not_tell_its_link(desk):
    path = made(desk, category="财经")
    token = path.rpartition("/")[2]
    feed = feedparser.parse(desk.get(f"{path}/feed.atom").content).feed
    assert token not in feed.id
    assert desk.get(f"{path}/feed.atom").headers["cache-control"].startswith("private")
    assert desk.get(f"{path}/feed.pdf").status_code == 400


def test_another_site_makes_and_changes_nothing(desk):
    path = made(desk, category="财经")
    for at in ("/news/subscriptions", path):
        found = desk.post(at, data={"category": "航运"}, headers={"sec-fetch-site": "cross-site"})
        assert found.status_code == 403
    assert desk.post("/news/subscriptions", data={}).status_code == 400
    assert desk.post("/news/subscriptions/" + "x" * 32, data={"category": "a"}).status_code == 404


def test_one_client_makes_so_many_a_day(desk):
    for _ in range(subscriptions.MADE_A_DAY):
        made(desk, category="财经")
    assert desk.post("/news/subscriptions", data={"category": "财经"}).status_code == 429


def test_a_limit_forgets_clients_with_the_day():
    limiter = Limiter(1)
    limiter.count("192.0.2.1", TODAY)
    limiter.count("192.0.2.2", TODAY)
    assert not [key for key in limiter._counts if b"192" in key]
    limiter.count("192.0.2.1", TODAY.replace(day=23))


def test_the_operator_sets_where_the_desk_is(desk, harbor, tmp_path):
    assert SITE in desk.get("/news/feed.json").text
    assert "http://desk.example/news/" in desk.get("/news/feed.json").text
    hostile = desk.get("/news/feed.json", headers={"host": 'x"><script>'})
    assert "<script>" not in hostile.text
