import pytest
from lxml import html


def read(response):
    return html.fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


def test_three_lists_with_their_counts(client):
    tree = read(client.get("/world?on=2025-06-02&lang=en"))
    assert words(tree, "//h2[@id='tier-1']") == "Tier 1 18 places and the US"
    assert words(tree, "//h2[@id='tier-3']") == "Tier 3 24 places"
    assert "Switzerland" in tree.xpath("//section[@aria-labelledby='tier-2']//li//text()")


def test_the_lists_in_chinese(client):
    tree = read(client.get("/world?on=2025-06-02&lang=zh"))
    assert words(tree, "//h2[@id='tier-1']") == "第1层级 18个国家和地区及美国"
    assert "瑞士" in tree.xpath("//section[@aria-labelledby='tier-2']//li//text()")


def test_before_the_framework_there_are_no_tiers(client):
    tree = read(client.get("/world?on=2024-06-01&lang=en"))
    assert not tree.xpath("//h2[@id='tier-1']")
    assert "does not sort places into tiers" in words(tree, "//p[@class='box']")


def test_a_chip_s_outcome_at_every_place_is_that_of_its_own_question(client):
    tree = read(client.get("/world?on=2025-06-02&basis=written&chip=h100-sxm&quantity=2000&lang=en"))
    rows = {row.xpath("string(td[1])"): row for row in tree.xpath("//table[@class='world']/tbody/tr")}
    assert len(rows) > 240
    for code in ("CH", "GB", "CN", "HK", "AE", "SA", "MO", "VN", "US", "AQ"):
        link = rows[code].xpath(".//td[last()]/a")[0]
        line = client.get(link.get("href") + "&format=json").json()
        page = read(client.get(link.get("href") + "&lang=en"))
        assert words(page, "//p[@class='badges']/span[1]") == " ".join(link.text_content().split())
        assert (line["exception"] or "") in rows[code].text_content()


@pytest.mark.parametrize("sort", ["name", "code", "tier", "outcome"])
def test_the_table_is_sorted_on_the_server(client, sort):
    tree = read(client.get(f"/world?on=2025-06-02&chip=h100-sxm&sort={sort}&lang=en"))
    assert len(tree.xpath("//th[@aria-sort='ascending']")) == 1
    codes = tree.xpath("//table[@class='world']/tbody/tr/td[1]//text()")
    assert (codes == sorted(codes)) == (sort == "code")


def test_days_of_change_can_be_stepped(client):
    tree = read(client.get("/world?on=2025-05-20"))
    assert "on=2025-05-15" in tree.xpath("//a[@rel='prev']/@href")[0]
    assert "on=2025-09-29" in tree.xpath("//a[@rel='next']/@href")[0]


def test_a_bad_day_is_named(client):
    response = client.get("/world?on=tomorrow&lang=en")
    assert response.status_code == 400
    assert "This is not a day from 2000 to 2100" in words(read(response), "//p[@id='on-trouble']")


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Framework for Artificial Intelligence Diffusion"), ("zh", "人工智能扩散框架")]
)
def test_the_chain_of_acts_and_one_act(client, language, title):
    chain = read(client.get(f"/law?lang={language}"))
    link = chain.xpath(f"//a[normalize-space()='{title}']/@href")[0]
    days = chain.xpath("(//ol[@class='chain'])[1]//p[@class='when']/time/@datetime")
    assert days == sorted(days)
    act = read(client.get(f"{link}?lang={language}"))
    assert words(act, "//h1") == title
    assert "lpp_used_tpp + total_tpp <= 26900000" in words(act, "//article[@id='lpp']//pre")
    assert act.xpath("//dl//a[starts-with(@href, 'https://')]")


def test_every_act_has_a_page_in_both_languages(client, law):
    for act in law.acts():
        for language in ("en", "zh"):
            assert client.get(f"/law/{act.id}?lang={language}").status_code == 200


@pytest.mark.parametrize(("language", "title", "side"), [("en", "Who said what", "for it"), ("zh", "各方意见", "支持")])
def test_a_proposal_says_who_said_what(client, language, title, side):
    act = read(client.get(f"/law/microsoft-2025-02-27?lang={language}"))
    said = act.xpath("//section[@aria-labelledby='said-title']")[0]
    assert words(said, ".//h2") == title
    assert words(said, ".//article[contains(., 'Brad Smith')]/h3/span") == side
    assert said.xpath(".//article//a[starts-with(@href, 'https://')]")


def test_an_act_says_whether_its_consultation_is_open(client):
    act = read(client.get("/law/us-ear-2025-01-13-ai-diffusion?lang=en"))
    assert words(act, "//dt[.='Comments taken']/following-sibling::dd//span[@class='badge plain']") == "closed"


def test_an_act_that_is_not_there(client):
    response = client.get("/law/no-such-act?lang=en")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


def test_an_act_names_the_reports_of_what_it_changes(client, newsroom):
    act = read(client.get("/law/microsoft-2025-02-27?lang=en"))
    around = act.xpath("//section[@aria-labelledby='around-title']")[0]
    assert around.xpath(".//h3/a/@href") == [f"/news/{newsroom.zh}"] or len(around.xpath(".//h3/a")) == 2
    assert "Framework for Artificial Intelligence Diffusion" in words(act, "//h2[@id='around-title']")
    first = read(client.get("/law/us-ear-2022-08-01-baseline?lang=en"))
    assert not first.xpath("//section[@aria-labelledby='around-title']")


def test_an_act_shows_each_clause_before_and_after(client):
    act = read(client.get("/law/us-ear-2025-01-16-foundry?lang=en"))
    aia = act.xpath("//article[@id='aia']")[0]
    assert [cell.text for cell in aia.xpath(".//thead/tr/th")[1:]] == ["Before", "After"]
    assert aia.xpath("./h3/a/@href") == ["/law/clause/aia"]
    assert aia.xpath(".//tbody/tr[th='Condition']/td//pre")
