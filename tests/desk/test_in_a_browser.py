import pytest

from tools.axe import serious

QUESTION = "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written"


def paths(newsroom):
    return [
        "/",
        QUESTION,
        "/?to=Atlantis&quantity=x",
        "/world?chip=h100-sxm",
        "/law",
        "/news",
        "/news?q=H100",
        f"/news/{newsroom.zh}",
        "/sign-in",
    ]


ASKED = {
    "en": ("H100", "Switzerland", "Answer", "A license is required."),
    "zh": ("英伟达H100", "瑞士", "查询", "需要许可证。"),
}


@pytest.mark.parametrize("language", ASKED)
def test_a_question_is_asked_without_a_script(page, address, language):
    chip, place, button, outcome = ASKED[language]
    view = page(language=language, script=False)
    view.goto(address)
    view.fill("#f-chip", chip)
    view.fill("#f-quantity", "2000")
    view.fill("#f-to", place)
    view.fill("#f-on", "2025-06-02")
    view.check("input[value=written]")
    view.get_by_role("button", name=button, exact=True).click()
    assert view.locator("p.verdict").inner_text().startswith(outcome)
    assert "to=CH" in view.url
    assert "on=2025-06-02" in view.url


def test_an_undecided_question_is_answered_step_by_step(page, address):
    view = page(script=False)
    view.goto(f"{address}/?to=CH&quantity=4&on=2025-06-02&basis=written")
    view.get_by_label("What is the total processing performance of the integrated circuit").fill("15832")
    view.get_by_label("What is the performance density").fill("19.45")
    view.locator("#missing-datacenter").select_option("true")
    view.locator("section.box.open button").click()
    assert "License Exception LPP is used" in view.locator("p.verdict").inner_text()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [320, 390])
def test_no_page_is_wider_than_a_phone(page, address, newsroom, language, width):
    view = page(width=width, height=800, language=language)
    for path in paths(newsroom):
        view.goto(address + path)
        over = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, over) == (path, 0)


def test_the_keyboard_reaches_everything_in_reading_order(page, address):
    view = page()
    view.goto(address)
    reached = []
    for _ in range(16):
        view.keyboard.press("Tab")
        reached.append(view.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert reached[0] == "Skip to the content"
    assert reached[1].startswith("Licet")
    assert reached[2:9] == ["Ask", "World", "Law", "News", "Sign in", "English", "中文"]
    assert reached[9:12] == ["f-chip", "f-quantity", "f-to"]


def test_the_skip_link_leads_to_the_content(page, address):
    view = page()
    view.goto(address)
    view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.id") == "f-chip"


def test_a_link_to_a_clause_opens_it(page, address):
    view = page()
    view.goto(address + QUESTION)
    view.locator("ol.clauses a[href='#c-tier_2']").click()
    assert view.locator("#c-tier_2 > pre").is_visible()


def test_printing_shows_what_is_folded(page, address):
    view = page()
    view.goto(address + QUESTION)
    folded = "document.querySelectorAll('details:not([open])').length"
    before = view.evaluate(folded)
    view.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert view.evaluate(folded) == 0
    view.evaluate("dispatchEvent(new Event('afterprint'))")
    assert view.evaluate(folded) == before > 0


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_serious(page, address, newsroom, language, scheme):
    view = page(language=language, color_scheme=scheme)
    for path in paths(newsroom):
        view.goto(address + path)
        assert (path, serious(view)) == (path, [])


def test_a_snapshot_page_asks_nobody_else_and_runs_nothing_of_the_page(page, address, newsroom):
    view = page()
    asked, complaints = [], []
    view.on("requestfinished", lambda request: asked.append(request.url))
    view.on("console", lambda message: complaints.append(message.text))
    view.goto(f"{address}/news/{newsroom.zh}")
    assert view.title().startswith("瑞士想买两千块H100")
    view.locator("a.mark", has_text="瑞士").first.click()
    assert "to=CH" in view.url
    view.goto(f"{address}/news/{newsroom.zh}/raw")
    assert view.title() == "瑞士想买两千块H100，额度怎么算"
    assert [url for url in asked if not url.startswith(address)] == []
    assert any("sandboxed" in text for text in complaints), "the browser says that it ran no script"
