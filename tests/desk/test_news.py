import datetime as dt
import hashlib

import pytest
from litestar.testing import TestClient
from lxml import html

from licet import evidence
from licet.archive import Archive
from licet.desk.app import create_app


def read(response):
    return html.fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


def test_the_front_page_shows_categories_and_the_newest_first(client):
    tree = read(client.get("/news?lang=en"))
    assert words(tree, "//nav[@class='categories']") == "My subscriptions All 财经 2 Business 1"
    titles = [" ".join(node.text_content().split()) for node in tree.xpath("//ul[@class='items']//h3")]
    assert titles == [
        "Poland counts its accelerators <before> the ceiling",
        "瑞士研究机构谈H100采购：配额与例外",
        "瑞士想买两千块H100，额度怎么算",
    ]
    assert tree.xpath("//ul[@class='items']//h3/@lang") == ["en", "zh-Hans", "zh-Hans"]


def test_a_search_marks_what_it_found(client, newsroom):
    tree = read(client.get("/news?q=%E5%9B%BD%E5%AE%B6%E7%AE%97%E5%8A%9B%E9%85%8D%E9%A2%9D&lang=zh"))
    assert words(tree, "//h2[@id='list-title']") == "共找到2条"
    assert "国家算力配额" in "".join(tree.xpath("//ul[@class='items']//mark/text()"))
    assert f"/news/{newsroom.zh}" in tree.xpath("//ul[@class='items']//a/@href")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=H100&in=en", 0),
        ("q=H100&in=zh", 2),
        ("q=H100&category=Business", 0),
        ("q=H100&since=2025-03-01", 1),
        ("q=H100&until=2025-02-28", 1),
        ("q=zeppelin", 0),
    ],
)
def test_filters_narrow_a_search(client, query, count):
    tree = read(client.get(f"/news?{query}"))
    assert len(tree.xpath("//ul[@class='items']/li")) == count


@pytest.mark.parametrize(
    "query",
    ["q=%22", "q=-x", "q=((", "q=%00", "q=" + "y" * 400, "page=-4", "page=x", "since=x&q=H100", "category=none"],
)
def test_no_search_breaks_the_page(client, query):
    assert client.get(f"/news?{query}").status_code in (200, 400)


def test_the_snapshot_page_says_what_it_is_and_where_it_comes_from(client, newsroom):
    tree = read(client.get(f"/news/{newsroom.zh}?lang=zh"))
    assert words(tree, "//h1").startswith("瑞士")
    line = words(tree, "//dl[@class='line']")
    assert "财经" in line
    assert "2025年2月28日 14:28 (UTC+08:00)" in line
    assert "晨港财经" in line
    assert "未作任何修改" in words(tree, "//p[@class='kept']")
    origin = words(tree, "//dl[@class='origin']")
    assert "2025年3月1日 09:30:05 (UTC)" in origin
    assert "https://news.example/zh/1" in origin
    assert "Digest of the harbor" in origin
    assert "sha256:" in origin
    assert tree.xpath("//aside//a[starts-with(@href, 'mailto:desk@licet.example?subject=')]")


def test_what_the_text_names_is_marked_with_its_standing_on_that_day(client, newsroom):
    tree = read(client.get(f"/news/{newsroom.zh}?lang=en"))
    marks = {node.text.strip(): node for node in tree.xpath("//div[@class='body']//a[contains(@class, 'mark')]")}
    assert marks["瑞士"].get("title") == "Switzerland: Tier 2"
    assert marks["德国"].get("class") == "mark tier1"
    assert marks["澳门"].get("class") == "mark tier3"
    assert marks["英伟达H100"].get("title").endswith("3A090.a")
    assert "on=2025-02-28" in marks["瑞士"].get("href")
    answer = read(client.get(marks["瑞士"].get("href") + "&lang=en"))
    assert "Tier 2" in words(answer, "//p[@class='badges']")
    legend = words(tree, "//table[contains(@class, 'legend')]")
    assert "Switzerland Tier 2" in legend
    assert "as the law stood on February 28, 2025" in legend


def test_the_text_is_whole_with_its_marks(client, newsroom):
    article = client.get(f"/api/v1/news/{newsroom.zh}").json()
    tree = read(client.get(f"/news/{newsroom.zh}"))
    for sign in tree.xpath("//div[@class='body']//sup"):
        sign.drop_tree()
    shown = "\n".join(node.text_content().strip() for node in tree.xpath("//div[@class='body']/p"))
    assert shown == article["body"]


def test_an_address_that_is_not_known_is_said(client, newsroom):
    tree = read(client.get(f"/news/{newsroom.related}?lang=en"))
    assert "Original address none is known" in words(tree, "//dl[@class='origin']")


def test_related_reports_and_more_of_the_category(client, newsroom):
    tree = read(client.get(f"/news/{newsroom.zh}?lang=en"))
    assert f"/news/{newsroom.related}" in tree.xpath("//section[@aria-labelledby='related-title']//a/@href")
    assert f"/news/{newsroom.related}" in tree.xpath("//section[@aria-labelledby='more-title']//a/@href")
    assert f"/news/{newsroom.zh}" not in tree.xpath("//section[@aria-labelledby='more-title']//a/@href")


def test_nothing_is_loaded_from_elsewhere(client, newsroom):
    for path in ("/", "/world", "/law", "/news", f"/news/{newsroom.zh}", f"/news/{newsroom.en}"):
        tree = read(client.get(path))
        loaded = tree.xpath("//img/@src | //script/@src | //link/@href | //iframe/@src | //form/@action")
        assert [address for address in loaded if not address.startswith("/")] == []
        assert tree.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick]") == []


def test_captured_markup_stays_text(client, newsroom):
    tree = read(client.get(f"/news/{newsroom.en}"))
    assert words(tree, "//h1").startswith("Poland")
    assert tree.xpath("//before") == []
    assert "taken over" not in tree.text_content()


def test_captured_bytes_come_as_they_were_in_a_sandbox(client, newsroom):
    response = client.get(f"/news/{newsroom.zh}/raw")
    captured = (newsroom.home / "page0.html").read_bytes()
    assert response.content == captured
    policy = response.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-type"] == "text/html", "no charset that the page has not named"
    assert response.headers["memento-datetime"] == "Sat, 01 Mar 2025 09:30:05 GMT"
    digest = client.get(f"/api/v1/news/{newsroom.zh}").json()["digest"]
    assert digest == "sha256:" + hashlib.sha256(captured).hexdigest()


@pytest.mark.parametrize("path", ["/news/nothing", "/news/nothing/raw", "/news/%3Cb%3E"])
def test_a_snapshot_that_is_not_there(client, path):
    response = client.get(path, headers={"accept-language": "zh"})
    assert response.status_code == 404
    assert "此地址没有内容" in response.text
    assert "<b></h1>" not in response.text
    assert "'<b>'" not in response.text


UNTITLED = """<!doctype html><html lang="zh"><head><meta charset="utf-8"></head><body><div class="content">
<p>晨港财经快讯：波兰数据中心计划采购H200芯片。采购须核对国家算力配额，发货前还要确认最终收货人的总部所在地和最终母公司。</p>
<p>相关机构表示，许可申请须附采购订单并写明合计总处理性能，审查时间尚不确定，申请人应预留足够时间。</p></div></body></html>"""


def test_an_item_without_a_title_is_shown_by_its_first_sentence(tmp_path, law):
    path = tmp_path / "flash.html"
    path.write_text(UNTITLED, encoding="utf-8")
    with Archive.open(tmp_path, tagger=evidence.tagger()) as archive:
        snapshot = archive.add_file(path, at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC), category="快讯")
    with TestClient(create_app(tmp_path, statutes=law)) as client:
        listed = read(client.get("/news?lang=zh"))
        page = read(client.get(f"/news/{snapshot.id}?lang=zh"))
    first = "晨港财经快讯：波兰数据中心计划采购H200芯片。"
    assert words(listed, "//ul[@class='items']//h3") == first
    assert first not in words(listed, "//ul[@class='items']//p[1]")
    assert words(page, "//h1") == first
    assert "原页面未注明" in words(page, "//dl[@class='line']")
    assert "采集于" in words(listed, "//p[@class='meta']")


def test_an_empty_archive_says_so(tmp_path, law):
    with TestClient(create_app(tmp_path, statutes=law)) as empty:
        assert "holds nothing here yet" in empty.get("/news?lang=en").text
        assert empty.get("/ready").json()["checks"]["archive"] == "ok"
