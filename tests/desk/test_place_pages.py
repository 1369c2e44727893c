import pytest
from lxml import html

from licet.ledger import Ledger
from licet.ledger.home import ledger_file

ALLOCATION = "national allocation/CH/2025 to 2027"


def read(response):
    return html.fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


@pytest.mark.parametrize(("chip", "tone"), [("", "tier2"), ("&chip=h100-sxm&quantity=2000&basis=written", "ask")])
def test_every_place_is_a_tile_that_leads_to_its_page(client, chip, tone):
    tree = read(client.get(f"/world?on=2025-06-02{chip}&lang=en"))
    tiles = tree.xpath("//div[@class='map']//a")
    assert len(tiles) == len({tile.get("href") for tile in tiles}) == 250
    switzerland = next(tile for tile in tiles if tile.get("href").startswith("/world/CH?"))
    assert tone in switzerland.get("class")
    assert "Switzerland" in switzerland.text_content()
    counts = tree.xpath("//ul[@class='legend-line']//span[@class='count-inline']/text()")
    assert sum(int(count.strip("()")) for count in counts) == 250


def test_a_license_that_is_denied_does_not_look_like_one_that_is_granted(client):
    tree = read(client.get("/world?on=2025-06-02&chip=h100-sxm&quantity=2000&basis=written&lang=en"))
    china = tree.xpath("//div[@class='map']//a[starts-with(@href, '/world/CN?')]")[0]
    assert "stop" in china.get("class")
    assert "presumption of denial" in china.get("title")


def test_the_tiles_can_be_colored_by_tier_though_a_chip_is_chosen(client):
    tree = read(client.get("/world?on=2025-06-02&chip=h100-sxm&lang=en"))
    other = tree.xpath("//a[.='Color it by tier instead']/@href")[0]
    by_tier = read(client.get(other + "&lang=en"))
    assert by_tier.xpath("//div[@class='map']//a[starts-with(@href, '/world/DE?')]/@class") == ["tile tier1"]


def test_a_day_of_change_names_its_acts(client):
    tree = read(client.get("/world?on=2025-05-13&lang=en"))
    assert "AI Diffusion rule not enforced" in words(tree, "//p[@class='turned']")


def test_the_tier_and_the_groups_of_a_place_over_time(client):
    tree = read(client.get("/world/CH?on=2025-02-15&lang=en"))
    now = tree.xpath("//tr[@aria-current='date']")
    assert len(now) == 1
    assert "January 13, 2025" in now[0].text_content()
    assert "Tier 2" in now[0].text_content()
    assert "A:1, A:5" in now[0].text_content()
    assert words(tree, "//h1").startswith("Switzerland")


def test_cambodia_changes_its_groups(client):
    tree = read(client.get("/world/KH?lang=en"))
    assert len(tree.xpath("//section[@aria-labelledby='periods-title']//tbody/tr")) > 2
    assert "November 7, 2025" in words(tree, "//section[@aria-labelledby='turns-title']")


def test_what_a_place_may_draw_on(client):
    tree = read(client.get("/world/CH?on=2025-06-02&lang=en"))
    table = words(tree, "//section[@aria-labelledby='volumes-title']//table")
    assert "790,000,000 49,898" in table
    assert "26,900,000 1,699" in table
    none = read(client.get("/world/CH?on=2024-06-02&lang=en"))
    assert not none.xpath("//section[@aria-labelledby='volumes-title']//table")


def test_what_changed_for_a_place_as_written(client):
    tree = read(client.get("/world/CH?basis=written&lang=en"))
    turned = tree.xpath("//section[@aria-labelledby='turns-title']//article")
    days = [article.xpath("string(.//time/@datetime)") for article in turned]
    assert days == sorted(days, reverse=True)
    assert {"2025-01-13", "2025-05-15"} <= set(days)
    first = next(article for article in turned if article.xpath(".//time[@datetime='2025-05-15']"))
    assert "License required" in first.text_content()


def test_the_reports_that_name_a_place(client, newsroom):
    tree = read(client.get("/world/CH?lang=en"))
    links = tree.xpath("//section[@aria-labelledby='reports-title']//a/@href")
    assert f"/news/{newsroom.zh}" in links
    nobody = read(client.get("/world/TV?lang=en"))
    assert "No report in the archive names it" in words(nobody, "//section[@aria-labelledby='reports-title']")


@pytest.mark.parametrize(("code", "follows"), [("HK", "/world/CN?"), ("GL", "/world/DK?")])
def test_a_territory_says_under_whom_it_counts(client, code, follows):
    tree = read(client.get(f"/world/{code}?on=2025-06-02&lang=en"))
    assert tree.xpath(f"//div[@class='lead']//a[starts-with(@href, '{follows}')]")


@pytest.mark.parametrize("name", ["switzerland", "ch", "瑞士"])
def test_a_name_leads_to_the_page_of_the_code(client, name):
    response = client.get(f"/world/{name}?on=2025-02-15", follow_redirects=False)
    assert response.status_code == 302
    assert response.headers["location"] == "/world/CH?on=2025-02-15"


@pytest.mark.parametrize(
    ("path", "status"), [("/world/XYZZY", 404), ("/world/CH?on=x", 400), ("/world/CH?basis=no", 400)]
)
def test_what_cannot_be_shown(client, path, status):
    assert client.get(path).status_code == status


def test_every_place_has_a_page_in_both_languages(client):
    for code in ("CH", "CN", "AQ", "PS", "XK", "US", "MO", "AE"):
        for language in ("en", "zh"):
            assert client.get(f"/world/{code}?lang={language}").status_code == 200


def test_what_is_left_is_told_to_people_who_are_signed_in(desk, signed_in, tmp_path):
    with Ledger.open(ledger_file(tmp_path / "home")) as ledger:
        ledger.open_account(ALLOCATION, 790_000_000, first="2025-01-13", last="2027-12-31")
        ledger.reserve(ALLOCATION, 31_664_000, key="order-17", on="2025-06-02")
    path = "/world/CH?on=2025-06-02&lang=en"
    assert "758,336,000" not in desk.get(path).text
    signed_in("reader")
    tree = read(desk.get(path))
    link = tree.xpath("//section[@aria-labelledby='volumes-title']//a[.='758,336,000']/@href")
    assert desk.get(link[0]).status_code == 200
    assert "758,336,000" not in desk.get("/world/CH?on=2024-06-02&lang=en").text
