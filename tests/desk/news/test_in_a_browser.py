import json

import pytest

from licet.archive.replaying import neutralised
from tools.axe import serious
from tools.hostile_pages import CLICKS, SCRIPTS

from .conftest import ARTICLE, HOSTILE, SITE

STAMP = "20250301093005"


def paths(harbor):
    return [
        "/news",
        "/news?q=%E5%B2%B8%E6%A1%A5",
        f"/news/{harbor.second}",
        f"/news/{harbor.second}/versions",
        f"/news/{harbor.second}/versions/1..2",
        f"/news/{harbor.second}/verify",
        f"/news/{harbor.hidden}",
        f"/news/lookup?url={ARTICLE}",
        f"/news/replay/{STAMP}/{ARTICLE}",
        f"/news/replay/{STAMP}/{SITE}/none.html",
        "/news/subscriptions",
    ]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_every_page_fits_a_phone_and_axe_finds_nothing_serious(page, harbor_address, harbor, language, scheme):
    view = page(width=360, height=760, language=language, color_scheme=scheme)
    for path in paths(harbor):
        view.goto(harbor_address + path)
        over = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, over, serious(view)) == (path, 0, [])


def test_a_replayed_page_is_shown_in_its_frame_with_its_picture_and_style(page, harbor_address):
    view = page()
    asked, failed = [], []
    view.on("requestfinished", lambda request: asked.append(request.url))
    view.on("requestfailed", lambda request: failed.append(request.url))
    view.goto(f"{harbor_address}/news/replay/{STAMP}/{ARTICLE}")
    frame = view.frames[1]
    assert frame.locator("h1").inner_text() == "港口周二关闭"
    assert frame.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(18, 52, 86)"
    assert frame.evaluate("document.querySelector('img').naturalWidth") == 1
    assert [url for url in asked if not url.startswith(harbor_address)] == []
    assert failed == []
    frame.get_by_text("另一篇").click()
    view.wait_for_url(f"**/news/replay/{STAMP}/{SITE}/zh/2.html")
    assert "Not captured" in view.locator("h1").inner_text()


def test_a_captured_script_reaches_neither_our_page_nor_its_cookie(page, harbor_address, harbor):
    view = page()
    view.goto(f"{harbor_address}/news?lang=en")
    for modifier in ("id_", "mp_"):
        view.goto(f"{harbor_address}/news/replay/{STAMP}{modifier}/{HOSTILE}")
        assert view.evaluate("self.origin") == "null", "the page has no origin of ours"
        assert view.evaluate("typeof window.hit") == "undefined"
        reached = view.evaluate("() => { try { return document.cookie } catch (error) { return error.name } }")
        assert reached == "SecurityError"
    view.goto(f"{harbor_address}/news/replay/{STAMP}/{HOSTILE}")
    assert "A captured copy" in view.locator("h1").inner_text()
    assert view.frames[1].evaluate("self.origin") == "null"
    reached = view.frames[1].evaluate(
        "() => { try { return parent.document.title } catch (error) { return error.name } }"
    )
    assert reached == "SecurityError"


def test_the_neutralised_pages_run_nothing_even_where_nothing_else_protects(page):
    view = page()
    view.set_default_timeout(5000)
    hits, asked = [], []
    view.expose_function("hit", lambda: hits.append(1))
    view.on("request", lambda request: asked.append(request.url))
    view.set_content("<script>hit()</script>")
    view.wait_for_function("true")
    assert hits, "a script that is not taken away runs here"
    hits.clear()
    for vector in (*SCRIPTS, *CLICKS):
        text = neutralised(f"<!doctype html><body>{vector}", base="https://a.example/", place=lambda _use, _url: None)
        view.set_content(text, wait_until="domcontentloaded")
        for target in view.query_selector_all("#go"):
            view.evaluate("target => target.click()", target)
        assert (vector, len(hits)) == (vector, 0)
    view.wait_for_timeout(200)
    assert hits == []
    assert [url for url in asked if not url.startswith("data:")] == []


@pytest.mark.parametrize(("language", "follow"), [("en", "Follow"), ("zh", "关注")])
def test_a_reader_follows_a_category_without_script(page, harbor_address, language, follow):
    view = page(width=360, height=760, language=language, script=False)
    view.goto(f"{harbor_address}/news/subscriptions")
    view.locator("input[name=category][value=财经]").check()
    view.fill("#f-q", "岸桥")
    view.get_by_role("button", name=follow, exact=True).click()
    assert view.url.startswith(f"{harbor_address}/news/subscriptions/")
    assert view.locator("input[name=drop]").count() == 2
    link = view.get_by_role("link", name="JSON Feed").get_attribute("href")
    told = view.request.get(harbor_address + link)
    assert "港口周三关闭" in [item["title"] for item in json.loads(told.text())["items"]]
    view.locator("input[name=drop]").first.check()
    view.locator("section[aria-labelledby=followed-title] button").click()
    assert view.locator("input[name=drop]").count() == 1
    assert view.context.cookies() == []
