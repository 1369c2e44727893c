"""Every link of the pages of places and of the law leads somewhere, and three steps are enough for a stranger."""

import pytest
from lxml import html

PAGES = (
    "/world?on=2025-05-13",
    "/world?on=2025-06-02&chip=h100-sxm&quantity=2000&basis=written",
    "/world/CH?on=2025-02-15",
    "/world/HK?basis=written",
    "/law",
    "/law/us-ear-2025-01-13-ai-diffusion",
    "/law/us-ear-2025-05-13-not-enforced",
    "/law/microsoft-2025-02-27",
    "/law/clause/lpp?on=2025-06-02",
    "/law/clause/bar_advanced_computing",
    "/law/compare?from=2025-05-12&to=2025-05-13",
    "/law/chips?on=2025-06-02",
)


def tree_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(client, path):
    tree = tree_of(client, path)
    links = dict.fromkeys(link for link in tree.xpath("//a/@href") if link.startswith(("/", "#")))
    assert len(links) > 10
    # Of many alike one in ten: of places, days and answers.
    several = [link for link in links if link.startswith(("/world/", "/?", "/world?"))][::10]
    for link in [*several, *(link for link in links if not link.startswith(("/world/", "/?", "/world?")))]:
        if link.startswith("#"):
            assert tree.get_element_by_id(link[1:]) is not None
            continue
        page, _, anchor = link.partition("#")
        response = client.get(page)
        assert (link, response.status_code) == (link, 200)
        if anchor:
            assert html.fromstring(response.text).get_element_by_id(anchor) is not None


def follow(client, tree, words):
    """Follow the first link of the page with these words."""
    link = next(a.get("href") for a in tree.iter("a") if " ".join(a.text_content().split()).startswith(words))
    return tree_of(client, link.partition("#")[0])


@pytest.mark.parametrize(
    ("language", "world", "country", "chain", "act", "tier", "suspended"),
    [
        (
            "en",
            "Every place by tier",
            "Switzerland",
            "The law, act by act",
            "AI Diffusion rule not enforced",
            "January 13, 2025 today and on Tier 2",
            "prints but does not enforce",
        ),
        (
            "zh",
            "各国家和地区在任一天的层级",
            "瑞士",
            "法律沿革",
            "不执行",
            "2025年1月13日 至今 第2层级",
            "条文保留但不执行",
        ),
    ],
)
def test_a_stranger_finds_it_in_three_steps(  # noqa: PLR0913, PLR0917
    client, newsroom, language, world, country, chain, act, tier, suspended
):
    front = tree_of(client, f"/?lang={language}")
    place = follow(client, follow(client, front, world), country)
    rows = [" ".join(" ".join(row.itertext()).split()) for row in place.xpath("//tbody/tr[@aria-current='date']")]
    assert any(row.startswith(tier) for row in rows)
    report = place.xpath("//section[@aria-labelledby='reports-title']//h3/a/@href")[0]
    assert client.get(report).status_code == 200
    acts = follow(client, front, chain)
    found = next(a.get("href") for a in acts.xpath("//ol[@class='chain']//a") if act in a.text_content())
    turned = tree_of(client, found)
    assert turned.xpath("//section[@aria-labelledby='effects-title']//time[@datetime='2025-05-13']")
    assert suspended in turned.text_content()


def test_the_proposal_is_one_step_from_the_front_page(client):
    tree = follow(client, tree_of(client, "/?lang=en"), "Microsoft: lift the quantity limits")
    assert "Verdicts that change" in tree.text_content()
