"""Orders and the ledger in a real browser: without script, in both languages, at a phone's width, by axe."""

import time

import pytest

from tools.axe import serious
from tools.people import NAMES, PASSWORD

BOOK = b"""id,date,basis,chip,quantity,destination,headquarters,parent_headquarters,ultimate_parent
L1,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L2,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L3,2025-06-02,written,h100-sxm,4,CN,CN,CN,Nordhafen Gruppe
"""
WORDS = {
    "en": (
        "Sign in",
        "Screen the book",
        "3 lines: 3 answered, 0 rejected",
        "Make a plan",
        "Post the plan",
        "This plan was posted",
    ),
    "zh": ("登录", "筛查订单簿", "共3行：已判定3行，退回0行", "制定计划", "执行计划", "该计划已执行"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_book_goes_from_file_to_ledger_without_a_script(page, address, language):
    enter, screen, summary, plan, post, posted = WORDS[language]
    view = page(width=390, height=800, language=language, script=False)
    view.goto(f"{address}/orders")
    view.fill("#f-name", NAMES["officer"])
    view.fill("#f-password", PASSWORD)
    view.get_by_role("main").get_by_role("button", name=enter, exact=True).click()
    view.set_input_files("#f-book", {"name": "book.csv", "mimeType": "text/csv", "buffer": BOOK})
    view.get_by_role("button", name=screen).click()
    seen(view, view.get_by_text(summary))
    narrow(view)
    view.get_by_role("button", name=plan).click()
    seen(view, view.get_by_role("button", name=post))
    narrow(view)
    view.get_by_role("button", name=post).click()
    view.get_by_text(posted).wait_for()
    view.goto(f"{address}/ledger")
    view.get_by_role("link", name="lpp/Nordhafen Gruppe/2025").click()
    assert view.get_by_role("img").get_attribute("aria-label").startswith("lpp/Nordhafen Gruppe/2025")
    narrow(view)


def seen(view, wanted):
    """Look again until something is there: without a script nothing does it by itself."""
    until = time.monotonic() + 60
    while not wanted.is_visible() and time.monotonic() < until:
        time.sleep(0.3)
        view.goto(view.url.partition("#")[0])
    assert wanted.is_visible()


def narrow(view):
    over = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (view.url, over) == (view.url, 0)


def test_nothing_serious_on_the_pages_of_those_who_signed_in(page, address):
    view = page()
    view.goto(f"{address}/sign-in?next=/orders")
    view.fill("#f-name", NAMES["officer"])
    view.fill("#f-password", PASSWORD)
    view.get_by_role("main").get_by_role("button").click()
    view.set_input_files("#f-book", {"name": "book.csv", "mimeType": "text/csv", "buffer": BOOK})
    view.locator("form.question button").click()
    view.locator("#summary").wait_for()
    paths = [view.url, "/orders", "/ledger", "/account"]
    for path in paths:
        view.goto(path if path.startswith("http") else address + path)
        assert (path, serious(view)) == (path, [])
