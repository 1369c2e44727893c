import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from licet import statutes
from licet.catalog import chips
from licet.catalog.places import places
from licet.desk import labels
from licet.desk.tongue import tongue

QUESTION = "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written"
LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def read(response):
    return html.fromstring(response.text)


def text_of(tree, path):
    return " ".join(" ".join(node.text_content().split()) for node in tree.xpath(path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_stands_in_the_reader_s_language(client, language):
    response = client.get("/", headers={"accept-language": f"{language}-XX,fr;q=0.4"})
    tree = read(response)
    assert response.status_code == 200
    assert tree.get("lang") == LANGUAGES[language]
    assert response.headers["content-language"] == LANGUAGES[language]
    assert tree.xpath("//title/text()")
    assert {node.get("name") for node in tree.xpath("//form[@class='question']//input")} >= {
        "chip",
        "quantity",
        "to",
        "on",
    }
    assert all(tree.xpath(f"//label[@for='{node.get('id')}']") for node in tree.xpath("//input[@id] | //select[@id]"))


def test_the_language_link_sets_a_cookie_that_is_then_kept(client):
    assert '<html lang="zh-Hans">' in client.get("/?lang=zh").text
    assert '<html lang="zh-Hans">' in client.get("/law", headers={"accept-language": "en"}).text
    assert '<html lang="en">' in client.get("/law?lang=en").text
    assert '<html lang="en">' in client.get("/law", headers={"accept-language": "zh"}).text


def test_the_answer_is_a_plain_sentence_with_its_figures(client):
    tree = read(client.get(QUESTION + "&lang=en"))
    assert text_of(tree, "//p[contains(@class, 'verdict')]") == (
        "A license is required. An application would be reviewed under a presumption of approval; it would draw"
        " 31,664,000 of the 790,000,000 TPP allotted to Switzerland."
        " License Exception LPP would still allow 1,699 units."
    )
    assert text_of(tree, "//p[@class='badges']") == "License required Tier 2 3A090.a"
    assert "No license required" in text_of(tree, "//p[@class='other']")


def test_the_answer_in_chinese(client):
    tree = read(client.get(QUESTION + "&lang=zh"))
    assert text_of(tree, "//p[contains(@class, 'verdict')]") == (
        "需要许可证。申请将按推定批准审查；获批后将占用瑞士790,000,000 TPP国家算力配额中的"
        "31,664,000 TPP。许可例外LPP尚可容纳1,699件。"
    )
    assert "瑞士" in text_of(tree, "//h1")
    assert text_of(tree, "//p[@class='asked']") == "2025年6月2日，按条文的法律"


def test_an_exception_with_its_code_what_to_file_and_what_is_left(client):
    tree = read(client.get("/?chip=h100-sxm&quantity=1699&to=CH&on=2025-06-02&basis=written&lang=en"))
    verdict = text_of(tree, "//p[contains(@class, 'verdict')]")
    assert verdict.startswith("No license is needed if License Exception LPP is used. It draws 26,898,568 TPP")
    assert "AES code C75" in text_of(tree, "//p[@class='badges']")
    filed = text_of(tree, "//section[@aria-labelledby='todo-title']")
    assert "by July 2, 2025 at the latest" in filed
    assert "30 days after the shipment" in filed
    assert "1,699" in text_of(tree, "//section[@aria-labelledby='accounts-title']")


def test_every_deciding_clause_leads_to_its_place_in_the_trace(client):
    tree = read(client.get(QUESTION))
    links = tree.xpath("//ol[@class='clauses']//a[starts-with(@href, '#')]/@href")
    assert len(links) >= 4
    assert all(tree.xpath(f"//details[@id='{link[1:]}'][contains(@class, 'decides')]") for link in links)
    assert text_of(tree, "//details[@id='c-lpp']//pre").startswith("movement IN ('export', 'reexport')")
    assert text_of(tree, "//details[@id='c-lpp']/summary").startswith("false")


def test_without_a_day_the_address_is_completed_with_today(client):
    response = client.get(
        "/?chip=H100&quantity=2,000&to=%E7%91%9E%E5%A3%AB&hq=&parent=&lang=zh", follow_redirects=False
    )
    assert response.status_code == 302
    assert re.fullmatch(
        r"/\?chip=H100&quantity=2000&to=CH&on=2026-11-22&seal=\w{16}\.\w{16}\.&lang=zh", response.headers["location"]
    )
    assert client.get(response.headers["location"], follow_redirects=False).status_code == 200


def test_the_same_address_in_another_order_is_not_redirected(client):
    sealed = client.get("/?on=2025-06-02&to=CH&chip=h100-sxm").url
    assert sealed.params["seal"]
    other = f"/?seal={sealed.params['seal']}&on=2025-06-02&to=CH&chip=h100-sxm"
    assert client.get(other, follow_redirects=False).status_code == 200


def test_a_family_s_name_says_which_chip_was_taken(client):
    tree = read(client.get("/?chip=H100&quantity=1&to=CH&on=2025-06-02&lang=en"))
    assert "H100 SXM" in text_of(tree, "//p[@class='note']")
    assert any("chip=h100-pcie" in link for link in tree.xpath("//p[@class='note']//a/@href"))


def test_a_system_counts_what_is_inside(client):
    tree = read(client.get("/?chip=DGX+A100&quantity=10&to=CH&on=2025-06-02&lang=en"))
    assert "NVIDIA DGX A100 640GB" in text_of(tree, "//h1")
    assert "dgx-a100-320gb" in text_of(tree, "//p[@class='note']")
    line = client.get("/?chip=DGX+A100&quantity=10&to=CH&on=2025-06-02&format=json").json()
    assert line["total_tpp"] == 399360
    assert any(value == "dgx-h100" for value in tree.xpath("//datalist[@id='chips']/option/@value"))


def test_a_computer_with_a_chip_inside_is_not_called_the_chip(client):
    tree = read(client.get("/?chip=h100-sxm&kind=computer&circuits=8&quantity=10&to=CH&on=2025-06-02&lang=en"))
    assert "a computer with 8 circuits of 15,832 TPP" in text_of(tree, "//h1")


def test_bad_fields_are_named_and_the_rest_is_kept(client):
    response = client.get("/?chip=h1000&to=Atlantis&quantity=-3&on=2025-13-02&hq=CH&tpp=1e&lang=en")
    tree = read(response)
    assert response.status_code == 400
    for name, words in {
        "chip": "no single chip",
        "to": "no single place",
        "quantity": "from 1 to 1,000,000,000",
        "on": "2025-06-02",
        "tpp": "must be a number",
    }.items():
        field = tree.xpath(f"//input[@name='{name}']")[0]
        assert field.get("aria-invalid") == "true"
        assert words in text_of(tree, f"//p[@id='{field.get('aria-describedby')}']")
    assert tree.xpath("//input[@name='to']")[0].get("value") == "Atlantis"
    assert tree.xpath("//input[@name='hq']")[0].get("value") == "Switzerland"


def test_bad_fields_are_named_in_chinese(client):
    tree = read(client.get("/?to=%E7%91%9E%E5%A3%AB%E5%9B%BD%E5%AE%B6&quantity=x&lang=zh"))
    assert "应为1至1,000,000,000之间的数" in text_of(tree, "//p[@id='quantity-trouble']")
    assert "没有与此名称唯一对应的国家或地区" in text_of(tree, "//p[@id='to-trouble']")


@pytest.mark.parametrize(
    "query",
    [
        "chip=" + "x" * 500,
        "quantity=" + "9" * 200 + "&to=CH",
        "tpp=NaN&to=CH",
        "to=%00%ff",
        "reading.nothing=x&to=CH",
        "with=no-such-act&to=CH",
        "basis=both&to=CH",
        "nonsense=1&to=CH",
        "known=9999-12-31&to=CH",
        "to=CH&to=DE",
        "&".join(f"f{number}=1" for number in range(200)),
        "quantity=1e400&to=CH",
        "chip=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_whatever_is_sent_gets_a_page_with_a_message(client, query):
    response = client.get(f"/?{query}&on=2025-06-02")
    tree = read(response)
    assert response.status_code == 400
    assert tree.xpath("//div[@role='alert']//li")
    assert "<script>alert" not in response.text


def test_an_undecided_question_asks_and_the_reply_decides(client):
    tree = read(client.get("/?to=CH&quantity=4&on=2025-06-02&basis=written&lang=en"))
    form = tree.xpath("//section[@aria-labelledby='missing-title']//form")[0]
    asked = form.xpath(".//input[not(@type='hidden')]/@name | .//select/@name")
    assert asked == ["tpp", "performance_density", "datacenter"]
    sent = {node.get("name"): node.get("value") for node in form.xpath(".//input[@type='hidden']")}
    answer = client.get(
        "/", params={**sent, "tpp": "15832", "performance_density": "19.45", "datacenter": "true", "lang": "en"}
    )
    assert text_of(read(answer), "//p[contains(@class, 'verdict')]").startswith(
        "No license is needed if License Exception LPP"
    )


def test_what_might_be_open_asks_for_what_it_wants(client):
    holder = "to=PL&hq=DE&parent=DE&uveu=true"
    tree = read(client.get(f"/?chip=h100-sxm&quantity=3000&{holder}&on=2025-06-02&basis=written&lang=en"))
    form = tree.xpath("//form[@class='inline']")[0]
    assert form.xpath(".//input[not(@type='hidden')]/@name") == ["uveu_country_share", "uveu_outside_tier_1_share"]
    assert "uveu" in form.xpath(".//input[@type='hidden']/@name")


def test_facts_without_a_field_of_their_own_go_along(client):
    tree = read(client.get("/?chip=h100-sxm&to=PL&on=2025-06-02&uveu=true"))
    question = tree.xpath("//form[@class='question']")[0]
    assert [node.get("value") for node in question.xpath(".//input[@name='uveu']")] == ["true"]


def test_a_reading_changes_the_answer(client):
    usual = client.get("/?chip=h100-sxm&quantity=100&to=VN&on=2025-06-02&basis=written&lang=en")
    other = client.get(usual.url.copy_add_param("reading.lpp-restricted-groups", "permissive"))
    assert text_of(read(usual), "//p[contains(@class, 'verdict')]").startswith("A license is required.")
    assert "License Exception LPP is used" in text_of(read(other), "//p[contains(@class, 'verdict')]")


def test_the_answer_as_json_is_the_answer_of_the_page(client):
    line = client.get(QUESTION + "&format=json").json()
    assert line["outcome"] == "license_required"
    assert line["allocation_tpp"] == 31664000
    assert line["assumed"][:2] == ["headquarters", "parent_headquarters"]
    assert json.dumps(line)


def test_what_was_not_examined_and_the_law_stand_there(client):
    tree = read(client.get(QUESTION + "&lang=en"))
    rests = text_of(tree, "//section[@aria-labelledby='rests-title']")
    assert "nobody has been screened" in rests
    assert "not stated, taken to be the same" in rests
    digest = client.get(QUESTION + "&format=json").json()["law"]["digest"]
    assert digest in text_of(tree, "//section[@aria-labelledby='keep-title']")


def test_a_printed_requirement_that_is_not_enforced_is_named(client):
    tree = read(client.get("/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&lang=en"))
    assert "says that it does not enforce it" in text_of(tree, "//p[contains(@class, 'verdict')]")
    assert "printed, but not enforced here" in text_of(tree, "//ol[@class='clauses']")


def test_an_unknown_class_is_not_called_none(client):
    tree = read(client.get("/?to=CH&quantity=4&on=2025-06-02&lang=en"))
    assert "Whatever its classification, which is not known" in text_of(tree, "//p[contains(@class, 'verdict')]")


PLACES = st.sampled_from([*places(), "", "XX", "瑞士"])
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["true", "no", "0", "-1", "1e5", "１２", "9" * 40, "2025-06-02", "0001-01-01", "9999-12-31", "%(x)s", "{{7*7}}"]
    ),
    PLACES,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), language=st.sampled_from(["en", "zh"]))
def test_no_question_breaks_the_page(client, law, data, language):
    names = data.draw(st.lists(st.sampled_from(sorted(law.vocabulary.facts)), max_size=4, unique=True))
    facts = {
        name: data.draw(st.one_of(VALUES, st.sampled_from(law.vocabulary[name].values or ("1",)))) for name in names
    }
    chip, to = data.draw(st.sampled_from([*chips.chips(), ""])), data.draw(PLACES)
    on = data.draw(
        st.sampled_from(["2000-01-01", "2022-10-10", "2024-06-01", "2025-02-01", "2026-11-22", "2100-12-31"])
    )
    basis = data.draw(st.sampled_from(["written", "enforced"]))
    response = client.get("/", params={**facts, "chip": chip, "to": to, "on": on, "basis": basis, "lang": language})
    assert response.status_code in (200, 400)
    tree = read(response)
    assert len(tree.xpath("//h1")) == 1
    identities = tree.xpath("//@id")
    assert len(identities) == len(set(identities))


def test_without_a_quantity_the_quantity_is_asked_for(client):
    tree = read(client.get("/?chip=h100-sxm&to=CH&on=2025-06-02&basis=written&lang=en"))
    assert "depends on facts that are not known" in text_of(tree, "//p[contains(@class, 'verdict')]")
    asked = tree.xpath("//section[@aria-labelledby='missing-title']//input[not(@type='hidden')]/@name")
    assert asked == ["quantity"]


def test_a_place_off_the_country_chart_is_said_to_be(client):
    tree = read(client.get("/?chip=h100-sxm&quantity=1&to=AQ&on=2025-06-02&basis=written&lang=en"))
    assert "Antarctica is not on the country chart" in text_of(tree, "//p[@class='note']")


def test_a_day_before_the_first_act_is_said_to_be(client):
    tree = read(client.get("/?chip=h100-sxm&quantity=1&to=CN&on=2001-01-01&lang=en"))
    assert "No act of this law was in force on this day" in text_of(tree, "//p[contains(@class, 'verdict')]")


def test_a_proposal_is_laid_over_the_law(client, law):
    proposal = next(act.id for act in law.acts() if act.head.kind == "proposal")
    tree = read(client.get(f"/?chip=h100-sxm&quantity=60000&to=PL&on=2025-06-02&basis=written&with={proposal}&lang=en"))
    assert tree.xpath(f"//input[@type='checkbox'][@value='{proposal}'][@checked]")
    line = client.get(
        f"/?chip=h100-sxm&quantity=60000&to=PL&on=2025-06-02&basis=written&with={proposal}&format=json"
    ).json()
    assert line["law"]["proposals"] == [proposal]


def test_every_value_of_a_closed_list_has_words_unless_it_is_a_code():
    values = {value for fact in statutes.load().vocabulary.facts.values() for value in fact.values}
    words = {value for value in values if value[0].islower()}
    assert words
    for value in words:
        assert any(mark > "一" for mark in labels.choice_words(tongue("zh"), value)), value
