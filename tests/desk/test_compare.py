import datetime as dt

import msgspec
import pytest
from lxml import html

from licet.decisions.difference import difference
from licet.desk import chain
from licet.statutes import Query

PROPOSED = "/law/compare?from=2025-06-02&to=2025-06-02&basis=written&with=microsoft-2025-02-27"


def read(response):
    return html.fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


@pytest.mark.parametrize(
    ("language", "title", "whom"),
    [("en", "Microsoft: lift the quantity limits for Tier 2", "Tier 2 (157)"), ("zh", "微软提议", "第2层级（157）")],
)
def test_a_proposal_is_laid_over_the_law(client, language, title, whom):
    tree = read(client.get(f"{PROPOSED}&lang={language}"))
    assert words(tree, "//h1").startswith(title)
    assert whom in words(tree, "//section[@aria-labelledby='verdicts-title']/dl")
    assert tree.xpath("//article[@id='uveu']//table//tbody/tr")
    assert tree.xpath("//input[@name='with'][@value='microsoft-2025-02-27'][@checked]")


def test_as_enforced_the_proposal_changes_no_verdict(client):
    tree = read(client.get(PROPOSED.replace("written", "enforced") + "&lang=en"))
    assert "No verdict that was asked changes." in words(tree, "//section[@aria-labelledby='verdicts-title']")


def test_the_figures_are_those_of_the_difference(client, law):
    found = difference(
        law,
        Query(dt.date(2025, 5, 14), basis="written"),
        Query(dt.date(2025, 5, 15), basis="written"),
        chips=["h100-sxm"],
        quantities=[2000],
    )
    tree = read(
        client.get("/law/compare?from=2025-05-14&to=2025-05-15&basis=written&chip=h100-sxm&quantity=2000&lang=en")
    )
    said = words(tree, "//section[@aria-labelledby='verdicts-title']/p[1]")
    assert said.startswith(f"{found.gains.changed} of {found.gains.questions} verdicts change.")
    assert found.gains.changed > 100


def test_places_that_change_tier_lead_to_their_pages(client):
    tree = read(client.get("/law/compare?from=2025-01-12&to=2025-01-13&lang=en"))
    moves = tree.xpath("//section[@aria-labelledby='tiers-title']")[0]
    assert "no tier → Tier 1" in moves.text_content()
    link = moves.xpath(".//a[.='Switzerland']/@href") or moves.xpath(".//a[.='Germany']/@href")
    assert client.get(link[0]).status_code == 200


def test_what_was_suspended_on_a_day_says_so(client):
    tree = read(client.get("/law/compare?from=2025-05-12&to=2025-05-13&lang=en"))
    assert "Printed, and not enforced." in words(tree, "//article[@id='lpp']")
    assert "AI Diffusion rule not enforced" in words(tree, "//section[@aria-labelledby='acts-title']")


def test_an_answer_of_the_second_law_is_one_link_away(client):
    tree = read(client.get(PROPOSED + "&chip=h100-sxm&quantity=2000&lang=en"))
    link = tree.xpath("//section[@aria-labelledby='verdicts-title']//div[@class='told']/p/a/@href")[0]
    assert "with=microsoft-2025-02-27" in link
    assert client.get(link + "&format=json").json()["allocation_tpp"] == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "This is not a day from 2000 to 2100"),
        ("to=2025-06-31", "This is not a day from 2000 to 2100"),
        ("from=2025-01-01&with=none", "There is no such proposal"),
        ("from=2025-01-01&chip=zzz", "The catalog has no single chip"),
        ("from=2025-01-01&place=Atlantis", "There is no single place"),
        ("from=2025-01-01&quantity=-1", "This must be a number"),
        ("from=2023-01-01&to=2023-01-02&with=microsoft-2025-02-27", "cannot be laid over"),
    ],
)
def test_what_cannot_be_compared_is_named(client, query, said):
    response = client.get(f"/law/compare?{query}&lang=en")
    assert response.status_code == 400
    assert said in words(read(response), "//div[@role='alert']")


def test_one_law_is_not_compared_with_itself(client):
    response = client.get("/law/compare?lang=en")
    assert response.status_code == 200
    assert "Both laws are the same" in response.text


def test_the_series_of_changes_is_worked_out_once_and_kept(law):
    first = chain.turns(law, "enforced")
    assert chain.turns(law, "enforced") is first
    chain._turns.cache_clear()
    again = chain.turns(law, "enforced")
    assert again is not first
    assert msgspec.json.encode(again) == msgspec.json.encode(first)
    assert [turn.day for turn in again] == list(law.days_of_change()[1:])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("basis", ["written", "enforced"])
def test_the_plot_of_verdicts_turned_and_its_table_say_the_same(client, law, basis, language):
    tree = read(client.get(f"/law?basis={basis}&lang={language}"))
    rows = tree.xpath("//section[@aria-labelledby='turned-title']//tbody/tr")
    counts = [[int(cell.text.replace(",", "")) for cell in row.xpath("td[@class='n']")] for row in rows]
    assert [sum(row) for row in counts] == [turn.difference.gains.changed for turn in chain.turns(law, basis)]
    for column, name in enumerate(("gain", "loss", "sideways")):
        drawn = tree.xpath(f"//*[local-name()='rect'][@class='{name}']")
        assert len(drawn) == sum(row[column] > 0 for row in counts)


def test_the_thresholds_of_a_day_are_those_of_its_law(client):
    tree = read(client.get("/law/chips?on=2025-06-02&basis=written&lang=en"))
    cells = tree.xpath("//*[local-name()='rect']")
    assert {cell.get("class") for cell in cells} == {"cell none", "cell ask", "cell stop"}
    rows = {row.xpath("string(th)"): words(row, "td[last()]") for row in tree.xpath("//tbody/tr")}
    assert rows["NVIDIA H100 SXM5 80GB"] == "3A090.a"
    assert rows["NVIDIA H20 SXM 96GB"] == "below the thresholds"
    assert rows["NVIDIA A30"] == "below the thresholds" or rows["NVIDIA A30"] == "3A090.b"
    earlier = read(client.get("/law/chips?on=2022-11-01&basis=written&lang=en"))
    assert "3A090" in words(earlier, "//ul[@class='legend-line']")
    assert "3A090.b" not in words(earlier, "//ul[@class='legend-line']")
    before = read(client.get("/law/chips?on=2022-08-10&lang=en"))
    assert words(before, "//ul[@class='legend-line']") == "below the thresholds"


def test_every_chip_on_the_plane_lies_in_a_part_of_its_own_classification(client):
    tree = read(client.get("/law/chips?on=2025-06-02&basis=written&lang=en"))
    cells = [
        [float(cell.get(key)) for key in ("x", "y", "width", "height")] + [cell.get("class").split()[1]]
        for cell in tree.xpath("//*[local-name()='rect']")
    ]
    dots = tree.xpath("//*[local-name()='circle']")
    assert len(dots) > 40
    for dot in dots:
        x, y, tone = float(dot.get("cx")), float(dot.get("cy")), dot.get("class").split()[1]
        around = {c[4] for c in cells if c[0] - 0.2 <= x <= c[0] + c[2] + 0.2 and c[1] - 0.2 <= y <= c[1] + c[3] + 0.2}
        assert tone in around, dot.text_content()
