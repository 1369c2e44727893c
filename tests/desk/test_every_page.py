"""What every page has: a title, landmarks, a skip link, one heading, no legal advice, and how current its law is."""

import itertools

import pytest
from lxml import html

PAGES = (
    "/",
    "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written",
    "/?to=CH&quantity=4&on=2025-06-02&basis=written",
    "/?to=Atlantis",
    "/record?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02",
    "/otherwise?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02",
    "/otherwise",
    "/world",
    "/law",
    "/law/us-ear-2025-01-13-ai-diffusion",
    "/law/no-such-act",
    "/law/clause/lpp?on=2025-06-02&basis=written",
    "/law/compare?from=2025-05-12&to=2025-05-13",
    "/world/CH?on=2025-06-02",
    "/news",
    "/news?q=H100",
    "/news/lookup",
    "/news/subscriptions",
    "/news/no-such-snapshot",
    "/news/{zh}",
    "/news/{zh}/versions",
    "/news/{zh}/verify",
    "/news/{zh}/takedown",
    "/sign-in",
    "/orders",
    "/no-such-page",
)
NOTICES = {
    "en": ("not legal advice", "The law was checked through "),
    "zh": ("不构成法律意见", "法律核查截至"),
}


@pytest.mark.parametrize("language", NOTICES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole(client, newsroom, path, language):
    response = client.get(path.format(zh=newsroom.zh), headers={"accept": "text/html", "accept-language": language})
    tree = html.fromstring(response.text)
    assert tree.get("lang") == {"en": "en", "zh": "zh-Hans"}[language]
    assert tree.xpath("string(//title)").removesuffix(" · Licet").strip()
    assert [len(tree.xpath(f"//{name}")) for name in ("main", "h1", "body/header", "body/footer")] == [1, 1, 1, 1]
    assert tree.xpath("//body/*[1][self::a[@class='skip']]/@href") == ["#main"]
    assert all(nav.get("aria-label") for nav in tree.xpath("//nav"))
    assert all(not node.get("style") for node in tree.iter() if isinstance(node.tag, str))
    assert not tree.xpath("//script[not(@src)]")
    footer = tree.xpath("//body/footer")[0].text_content()
    assert [notice in footer for notice in NOTICES[language]] == [True, True]
    headings = [int(node.tag[1]) for node in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(headings))


def test_plural_forms_and_dates_of_both_languages(client):
    one = "/?chip=h100-sxm&quantity=1&to=Atlantis&on=2025-06-02&lang="
    two = "/?chip=h100-sxm&quantity=x&to=Atlantis&on=2025-06-02&lang="
    assert "1 field cannot be used" in client.get(one + "en").text
    assert "2 fields cannot be used" in client.get(two + "en").text
    assert "June 2, 2025" in client.get("/?chip=h100-sxm&quantity=1&to=CH&on=2025-06-02&lang=en").text
    assert "2025年6月2日" in client.get("/?chip=h100-sxm&quantity=1&to=CH&on=2025-06-02&lang=zh").text


def test_the_form_asks_only_what_the_law_of_the_day_reads(client):
    def asked(query):
        tree = html.fromstring(client.get(f"/?lang=en{query}").text)
        return set(tree.xpath("//form[@class='question']//*[self::input or self::select]/@name"))

    before = asked("&chip=h100-sxm&quantity=1&to=VN&on=2024-06-01")
    after = asked("&chip=h100-sxm&quantity=1&to=VN&on=2025-06-02&basis=written")
    assert {"lpp_used_tpp", "allocation_used_tpp"} <= after - before
    assert {"reading.lpp-restricted-groups"} <= after - before
    assert "tpp" not in after, "the catalog has the figures of the chip"
    assert "tpp" in asked("&quantity=1&to=VN&on=2025-06-02")
