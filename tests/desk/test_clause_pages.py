import pytest
from lxml import html

from licet.desk.clause_page import cases_of, contest
from licet.desk.settings import Settings
from licet.statutes import forms


def read(response):
    return html.fromstring(response.text)


def words(tree, path):
    return " ".join(" ".join(" ".join(node.itertext()).split()) for node in tree.xpath(path))


def test_a_clause_in_words_and_in_sql(client):
    tree = read(client.get("/law/clause/lpp?on=2025-06-02&basis=written&lang=en"))
    says = words(tree, "//section[@aria-labelledby='says-title']")
    assert "LPP volume used in the calendar year + aggregate TPP is at most 26,900,000" in says
    assert "lpp_used_tpp + total_tpp <= 26900000" in words(tree, "//pre")
    assert "15 CFR 740.29(a), (c), (d)" in says
    assert "License Exception LPP, holder the ultimate parent, period a calendar year, limit 26,900,000 TPP" in says


def test_its_history_and_what_is_not_enforced(client):
    tree = read(client.get("/law/clause/lpp?on=2025-06-02&lang=en"))
    verbs = tree.xpath("//section[@aria-labelledby='history-title']//span[@class='badge plain']/text()")
    assert verbs == ["adds", "prints but does not enforce"]
    assert "Printed, and not enforced." in words(tree, "//div[@class='box warn']")
    assert "may its own License Exceptions AIA, ACM and LPP" in words(
        tree, "//section[@aria-labelledby='readings-title']"
    )


def test_what_an_act_replaced_stands_before_and_after(client):
    tree = read(client.get("/law/clause/bar_advanced_computing?lang=en"))
    history = tree.xpath("//section[@aria-labelledby='history-title']")[0]
    assert history.xpath(".//table//th[.='Before']")
    assert history.xpath(".//table//tbody/tr")


def test_the_cases_that_test_it(client, law):
    tree = read(client.get("/law/clause/lpp?lang=en"))
    titles = tree.xpath("//section[@aria-labelledby='cases-title']/ul//a/text()")
    assert "1,699 H100 to Switzerland: the last unit under LPP" in titles
    closed = tree.xpath("//section[@aria-labelledby='cases-title']/details//a/text()")
    assert closed
    assert not set(closed) & set(titles)
    assert {how for cases in cases_of(law).values() for _, how in cases} == {"decides", "closed"}


def test_a_case_leads_to_the_answer_that_it_expects(client):
    tree = read(client.get("/law/clause/lpp?lang=en"))
    link = tree.xpath("//a[.='1,699 H100 to Switzerland: the last unit under LPP']/@href")[0]
    assert client.get(link + "&format=json").json()["exception"] == "LPP"


def test_a_clause_can_be_contested_with_its_id(client):
    tree = read(client.get("/law/clause/lpp?lang=en"))
    link = tree.xpath("//section[@aria-labelledby='contest-title']//a/@href")[0]
    assert link == "mailto:desk@licet.example?subject=Licet%3A%20clause%20lpp"


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("https://desk.example/contact", "https://desk.example/contact?clause=lpp"),
        ("https://desk.example/contact?to=law", "https://desk.example/contact?to=law&clause=lpp"),
        ("", ""),
    ],
)
def test_where_it_is_contested(contact, link):
    assert contest(Settings(contact=contact), "lpp") == link


def test_a_clause_of_yesterday_and_one_of_tomorrow(client):
    gone = read(client.get("/law/clause/allocation?on=2024-01-01&lang=en"))
    assert "not in the law on the day chosen" in words(gone, "//p[@class='badges']")
    assert "Shown as it stood from" in words(gone, "//div[@class='lead']")


def test_every_clause_has_a_page_in_both_languages(client, law):
    ids = {item.id for act in law.acts() for item in act.amendments if isinstance(item, forms.ClauseForm)}
    assert len(ids) > 100
    for number, name in enumerate(sorted(ids)):
        language = ("en", "zh")[number % 2]
        assert (name, client.get(f"/law/clause/{name}?lang={language}").status_code) == (name, 200)


def test_a_clause_that_is_not_there(client):
    response = client.get("/law/clause/lppp?lang=en")
    assert response.status_code == 404
    near = client.get("/law/clause/review_a_within?lang=en")
    assert near.status_code == 404
    assert "review_a_within_allocation" in near.text
