import hashlib

import pytest
from lxml import html

from .conftest import ARTICLE, PICTURE, SITE


def read(response):
    return html.document_fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


def test_the_snapshot_page_shows_stored_pictures_and_links_the_others(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.first}?lang=zh"))
    assert tree.xpath("//figure/img/@src") == [f"/news/replay/20250301093005im_/{PICTURE}"]
    assert tree.xpath("//figure/img/@alt") == ["三号码头"]
    assert tree.xpath("//section[@class='pictures']//li/a/@href") == [f"{SITE}/img/none.png"]
    assert desk.get(tree.xpath("//figure/img/@src")[0]).status_code == 200


def test_the_snapshot_page_says_which_version_it_is(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.first}?lang=zh"))
    assert "这是第1版，共2版。" in words(tree, "//p[@class='versions-line']")
    assert f"/news/{harbor.second}" in tree.xpath("//p[@class='versions-line']/a/@href")
    assert tree.xpath("//nav[@class='categories']//a")[0].text == "我的订阅"
    origin = words(tree, "//dl[@class='origin']")
    for said in ("港口文摘", "快照生成时间", "sha256:", "licet-20250301", "字节处"):
        assert said in origin
    link = desk.get(f"/news/{harbor.first}").headers["link"]
    assert link == (f'<{ARTICLE}>; rel="original", <http://desk.example/news/timegate/{ARTICLE}>; rel="timegate"')


def test_lists_have_the_latest_version_only(desk, harbor):
    listed = read(desk.get("/news?lang=en")).xpath("//ul[@class='items']//h3/a/@href")
    assert f"/news/{harbor.second}" in listed
    assert f"/news/{harbor.first}" not in listed
    assert f"/news/{harbor.hidden}" not in listed


def test_the_display_of_a_source_is_honored(desk, harbor):
    part = read(desk.get(f"/news/{harbor.excerpt}?lang=en"))
    assert "allows the beginning" in words(part, "//p[@class='note']")
    shown = words(part, "//div[@class='body']")
    assert 100 < len(shown) < 400
    assert shown.endswith("…")
    bare = read(desk.get(f"/news/{harbor.link}?lang=en"))
    assert words(bare, "//div[@class='body']") == ""
    assert "allows the title" in words(bare, "//p[@class='note']")
    assert bare.xpath("//p[@class='note']/a/@href") == [f"{SITE}/link.html"]
    assert desk.get(f"/api/v1/news/{harbor.link}").json()["body"] == ""
    listed = read(desk.get("/news?category=%E8%88%AA%E8%BF%90"))
    assert "第1号" not in words(listed, "//ul[@class='items']")


def test_the_versions_are_listed_with_what_changed(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.second}/versions?lang=en"))
    assert words(tree, "//h1") == "2 versions"
    latest = words(tree, "//ol[@class='chain']/li[1]")
    assert "Version 2" in latest
    assert "Title, Published" in latest
    assert "1 paragraph changed, 1 removed, 1 added" in latest
    assert f"/news/{harbor.second}/versions/1..2" in tree.xpath("//ol[@class='chain']//a/@href")


def test_the_difference_is_shown_character_by_character(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.first}/versions/1..2?lang=zh"))
    for said in tree.xpath("//span[@class='said']"):
        assert said.text_content().strip()
        said.drop_tree()
    title = tree.xpath("//dl//dd")[0]
    assert title.xpath("del/text()") == ["二"]
    assert title.xpath("ins/text()") == ["三"]
    body = tree.xpath("//article")[0]
    assert body.xpath("p[@class='changed']/del/text()") == ["二", "两", "六"]
    assert body.xpath("p[@class='changed']/ins/text()") == ["三", "五", "九"]
    assert body.xpath("p[@class='removed']/del/text()")[0].startswith("这一段后来删去了")
    assert body.xpath("p[@class='added']/ins/text()")[0].startswith("更正：")


def test_the_difference_is_said_to_who_cannot_see_it(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.first}/versions/1..2?lang=zh"))
    assert tree.xpath("//dl//del/span[@class='said']/text()")[:2] == ["删去： ", " 删去文字结束"]


def test_the_difference_as_json(desk, harbor):
    found = desk.get(f"/api/v1/news/{harbor.first}/versions/1..2").json()
    assert [part["field"] for part in found["fields"]] == ["title", "published"]
    assert found["counts"] == {"changed": 1, "removed": 1, "added": 1}
    assert found["before"]["version"] == 1
    listed = desk.get(f"/api/v1/news/{harbor.first}/versions").json()
    assert [version["id"] for version in listed["versions"]] == [harbor.first, harbor.second]


@pytest.mark.parametrize(("span", "status"), [("1..3", 404), ("x", 400), ("1..", 400), ("2..1", 200), ("1..1", 200)])
def test_versions_that_are_not_there(desk, harbor, span, status):
    assert desk.get(f"/news/{harbor.first}/versions/{span}").status_code == status
    assert desk.get(f"/api/v1/news/{harbor.first}/versions/{span}").status_code == status


def test_a_difference_does_not_show_what_a_source_does_not_allow(desk, harbor):
    assert desk.get(f"/news/{harbor.excerpt}/versions/1..1").status_code == 403
    assert desk.get(f"/news/{harbor.hidden}/versions").status_code == 451


def test_the_record_is_read_again(desk, harbor):
    tree = read(desk.get(f"/news/{harbor.first}/verify?lang=zh"))
    assert "链条完整" in words(tree, "//p[@role='status']")
    proof = desk.get(f"/api/v1/news/{harbor.first}/proof").json()
    raw = desk.get(f"/news/{harbor.first}/raw").content
    assert proof["whole"] is True
    assert proof["digest"] == "sha256:" + hashlib.sha256(raw).hexdigest()
    assert proof["size"] == len(raw)
    assert proof["sequence"] >= 1
    assert proof["entry"].startswith("sha256:")


def test_an_address_is_looked_up(desk, harbor):
    tree = read(desk.get("/news/lookup", params={"url": ARTICLE, "lang": "en"}))
    assert words(tree, "//h2[@id='visits-title']") == "3 visits"
    assert "the same as before" in words(tree, "//ul[@class='short']/li[2]")
    assert f"/news/{harbor.second}" in tree.xpath("//ul[@class='items']//a/@href")
    assert desk.get("/news/lookup", params={"url": f"{SITE}/none"}).status_code == 404
    assert desk.get("/news/lookup", params={"url": "a b"}).status_code == 400
    assert desk.get("/news/lookup", params={"url": f"{SITE}/full.html"}).status_code == 451
    assert desk.get("/news/lookup").status_code == 200
    found = desk.get("/api/v1/news/captures", params={"url": ARTICLE}).json()
    assert (found["total"], found["latest"]) == (3, harbor.second)
    assert [capture["visit"] for capture in found["captures"]] == ["capture", "same bytes", "capture"]
    assert desk.get("/api/v1/news/captures", params={"url": f"{SITE}/none"}).status_code == 404


def test_the_front_page_has_a_shelf_for_each_category(desk):
    tree = read(desk.get("/news?lang=zh"))
    assert tree.xpath("//section[starts-with(@aria-labelledby, 'section-')]/h2/a/text()") == ["航运", "财经"]


def test_a_search_is_narrowed_by_what_it_found(desk):
    tree = read(desk.get("/news?q=%E5%B2%B8%E6%A1%A5&lang=zh"))
    links = tree.xpath("//details[@class='facets']//a/@href")
    assert links
    for link in links:
        assert read(desk.get(link)).xpath("//ul[@class='items']/li")
    found = desk.get("/api/v1/news", params={"q": "岸桥", "sort": "oldest", "source": "晨港财经"}).json()
    assert {item["source"] for item in found["items"]} == {"晨港财经"}
    assert {facet["value"] for facet in found["facets"]["category"]} == {"航运", "财经"}


def test_a_reader_submits_an_address(desk):
    done = desk.post("/news/submit", data={"url": "https://news.example/new.html"})
    assert done.status_code in (200, 201)
    assert "waiting for the next crawl" in done.text
    assert "known already" in desk.post("/news/submit", data={"url": "https://news.example/new.html"}).text
    for wrong in ("", "x", "http://127.0.0.1/", "ftp://a.example/", "http://localhost/x"):
        assert desk.post("/news/submit", data={"url": wrong}).status_code in (400, 403), wrong
    assert (
        desk.post(
            "/news/submit", data={"url": "https://a.example/"}, headers={"sec-fetch-site": "cross-site"}
        ).status_code
        == 403
    )
