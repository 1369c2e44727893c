import re

import pytest
from lxml import html

from licet.archive.replaying.moments import header_date, read_date
from tools.memento import LINK, walk

from .conftest import ARTICLE, HOSTILE, HOUR, PICTURE, PIXEL, SHEET, SITE, START

ROOT = "http://desk.example"
STAMP = "20250301093005"


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


@pytest.mark.parametrize(
    ("wanted", "stamp"),
    [
        (None, "20250302093005"),
        (header_date(START), STAMP),
        (header_date(START - 9000 * HOUR), STAMP),
        (header_date(START + 9000 * HOUR), "20250302093005"),
        (header_date(START + HOUR * 0.9), "20250301103005"),
        ("2025-03-01T09:31:00Z", STAMP),
    ],
)
def test_the_timegate_leads_to_the_nearest_capture(desk, wanted, stamp):
    headers = {"accept-datetime": wanted} if wanted else {}
    found = desk.get(f"/news/timegate/{ARTICLE}", headers=headers)
    assert found.status_code == 302
    assert found.headers["location"] == f"{ROOT}/news/replay/{stamp}/{ARTICLE}"
    assert found.headers["vary"] == "accept-datetime"
    assert 'rel="original"' in found.headers["link"]
    assert 'rel="timemap"' in found.headers["link"]
    assert "memento-datetime" not in found.headers


def test_the_timegate_says_what_is_wrong(desk):
    bad = desk.get(f"/news/timegate/{ARTICLE}", headers={"accept-datetime": "some day", "accept": "application/json"})
    assert (bad.status_code, bad.headers["vary"]) == (400, "accept-datetime")
    none = desk.get(f"/news/timegate/{SITE}/none.html", headers={"accept-datetime": header_date(START)})
    assert (none.status_code, none.headers["vary"]) == (404, "accept-datetime")
    assert desk.get("/news/timegate/" + "x" * 5000).status_code == 400
    gone = desk.get(f"/news/timegate/{SITE}/full.html", headers={"accept": "application/json"})
    assert gone.status_code == 451
    assert gone.json()["ground"] == "privacy"
    assert desk.post(f"/news/timegate/{ARTICLE}").status_code == 405


def test_every_form_of_an_address_finds_its_captures(desk):
    for form in ("https:/harbor.example/zh/1.html?id=7", f"{ARTICLE}&utm_source=x"):
        assert desk.get(f"/news/timegate/{form}").status_code == 302, form


def test_a_memento_says_when_it_was_and_what_is_beside_it(desk):
    found = desk.get(f"/news/replay/20250301103005/{ARTICLE}")
    assert found.status_code == 200
    assert found.headers["memento-datetime"] == header_date(START + HOUR)
    links = {
        rel: target
        for target, rest in LINK.findall(found.headers["link"])
        for rel in re.findall(r'rel="([^"]*)"', rest)
    }
    assert links["original"] == ARTICLE
    assert links["first prev memento"] == f"{ROOT}/news/replay/{STAMP}/{ARTICLE}"
    assert links["last next memento"] == f"{ROOT}/news/replay/20250302093005/{ARTICLE}"


def test_another_time_leads_to_the_capture_that_is_there(desk):
    found = desk.get(f"/news/replay/2025id_/{ARTICLE}")
    assert (found.status_code, found.headers["location"]) == (302, f"/news/replay/{STAMP}id_/{ARTICLE}")
    assert desk.get(f"/news/replay/20259999/{ARTICLE}").status_code == 400
    assert desk.get(f"/news/replay/2025/{SITE}/none.html").status_code == 404
    assert desk.get(f"/news/replay/2025/{SITE}/full.html").status_code == 451


def test_a_memento_client_walks_from_the_original_to_the_timemap(harbor_address):
    found = walk(harbor_address + "/news/timegate/", ARTICLE, header_date(START + HOUR))
    assert read_date(found.moment) == START + HOUR
    assert found.original == ARTICLE
    assert [read_date(moment) for moment in found.moments] == [START, START + HOUR, START + 24 * HOUR]
    assert found.uri in found.mementos
    assert all(target.startswith(harbor_address) for target in found.mementos)


def test_the_timemap_comes_as_it_is_asked_for(desk):
    as_links = desk.get(f"/news/timemap/link/{ARTICLE}")
    assert as_links.headers["content-type"] == "application/link-format"
    assert as_links.text.count("memento") == 3
    as_json = desk.get(f"/news/timemap/{ARTICLE}", headers={"accept": "application/json"})
    assert len(as_json.json()["mementos"]["list"]) == 3
    assert desk.get(f"/news/timemap/{ARTICLE}", headers={"accept": "*/*"}).text == as_links.text
    assert desk.get(f"/news/timemap/{ARTICLE}", headers={"accept": "image/png"}).status_code == 406
    assert desk.get(f"/news/timemap/link/2/{ARTICLE}").status_code == 404
    assert desk.get(f"/news/timemap/link/{SITE}/none.html").status_code == 404
    assert desk.head(f"/news/timemap/link/{ARTICLE}").status_code == 200


def test_the_bytes_come_as_they_were_captured(desk, harbor):
    found = desk.get(f"/news/replay/{STAMP}id_/{ARTICLE}")
    assert "港口周二关闭".encode("gb18030") in found.content
    assert found.headers["content-type"] == "text/html; charset=gb2312"
    assert found.headers["content-security-policy"].startswith("sandbox;")
    assert found.headers["x-archive-orig-server"] == "quay"
    assert "set-cookie" not in found.headers
    assert desk.get(f"/news/replay/{STAMP}id_/{PICTURE}").content == PIXEL


def test_the_page_is_shown_in_its_own_letters_without_its_scripts(desk):
    found = desk.get(f"/news/replay/{STAMP}mp_/{ARTICLE}")
    tree = html.document_fromstring(found.text)
    assert words(tree, "//h1") == "港口周二关闭"
    assert tree.xpath("//script") == []
    assert "taken over" not in found.text
    policy = found.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation; default-src 'none'")
    assert "script" not in policy
    assert f"img-src data: {ROOT}/news/replay/" in policy
    assert tree.xpath("//img/@src") == [f"/news/replay/{STAMP}im_/{PICTURE}"], "what was not captured is not asked for"
    assert tree.xpath("//link/@href") == [f"/news/replay/{STAMP}cs_/{SHEET}"]
    assert tree.xpath("//a/@href") == [f"/news/replay/{STAMP}/{SITE}/zh/2.html", "#top"]


def test_pictures_and_styles_come_from_the_archive(desk):
    picture = desk.get(f"/news/replay/{STAMP}im_/{PICTURE}")
    assert (picture.content, picture.headers["content-type"]) == (PIXEL, "image/png")
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    sheet = desk.get(f"/news/replay/{STAMP}cs_/{SHEET}")
    assert sheet.headers["content-type"].startswith("text/css")
    assert f'url("/news/replay/{STAMP}im_/{PICTURE}")' in sheet.text
    assert "@import" not in sheet.text
    for path in (f"im_/{ARTICLE}", f"cs_/{PICTURE}", f"cs_/{ARTICLE}"):
        assert desk.get(f"/news/replay/{STAMP}{path}").status_code == 404


def test_the_banner_says_what_it_is_in_both_languages(desk):
    for language, said in (("en", "A captured copy, not ours"), ("zh", "采集副本，非本站内容")):
        tree = html.document_fromstring(
            desk.get(f"/news/replay/{STAMP}/{ARTICLE}", headers={"accept-language": language}).text
        )
        banner = words(tree, "//section[@class='banner']")
        assert said in banner
        assert ARTICLE in banner
        assert "2025" in banner
        frame = tree.xpath("//iframe")[0]
        assert frame.get("sandbox") == "allow-top-navigation-by-user-activation"
        assert frame.get("src") == f"/news/replay/{STAMP}mp_/{ARTICLE}"
        assert frame.get("title")


def test_the_language_of_the_banner_is_chosen_without_touching_the_query_of_the_page(desk):
    tree = html.document_fromstring(desk.get(f"/news/replay/{STAMP}/{ARTICLE}&lang=zh").text)
    assert tree.get("lang") == "en"
    links = tree.xpath("//nav[@class='languages']//a/@href")
    assert links == [f"/news/in/{code}/{STAMP}/{ARTICLE}&lang=zh" for code in ("en", "zh")]
    found = desk.get(f"/news/in/zh/{STAMP}/{ARTICLE}")
    assert (found.status_code, found.headers["location"]) == (302, f"/news/replay/{STAMP}/{ARTICLE}")
    assert "lang=zh" in found.headers["set-cookie"]
    assert desk.get(f"/news/in/xx/{STAMP}/{ARTICLE}").status_code == 404
    assert desk.get("/news/in/zh//out.example/").headers["location"].startswith("/news/replay/")


def test_a_page_that_may_not_be_shown_in_full_is_not_replayed(desk, harbor):
    for name in ("excerpt", "link"):
        for path in (f"replay/{STAMP}", f"replay/{STAMP}id_", f"replay/{STAMP}mp_", "timegate", "timemap/link"):
            assert desk.get(f"/news/{path}/{SITE}/{name}.html").status_code == 404, (name, path)
    assert desk.get(f"/news/{harbor.excerpt}/raw").status_code == 403


def test_what_was_taken_down_is_replayed_nowhere(desk, harbor):
    address = f"{SITE}/full.html"
    for path in (
        f"replay/{STAMP}",
        f"replay/{STAMP}id_",
        f"replay/{STAMP}mp_",
        "timegate",
        "timemap/link",
        "timemap/json",
    ):
        found = desk.get(f"/news/{path}/{address}")
        assert found.status_code == 451, path
        assert "第2号" not in found.text
    page = desk.get(f"/news/{harbor.hidden}?lang=zh")
    assert page.status_code == 451
    tree = html.document_fromstring(page.text)
    shown = words(tree, "//dl")
    assert "个人隐私" in shown
    assert "2025年4月1日" in shown
    assert "sha256:" in shown
    told = desk.get(f"/api/v1/news/{harbor.hidden}")
    assert (told.status_code, told.json()["at"]) == (451, "2025-04-01T00:00:00Z")


def test_the_hostile_page_is_harmless(desk):
    text = desk.get(f"/news/replay/{STAMP}mp_/{HOSTILE}").text
    tree = html.document_fromstring(text)
    assert "港口管理处" in tree.text_content()
    assert tree.xpath("//script | //iframe | //object | //embed | //svg | //math | //form | //base") == []
    assert [
        name for node in tree.iter() if isinstance(node.tag, str) for name in node.attrib if name.startswith("on")
    ] == []
