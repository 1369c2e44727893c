"""Asking, determining and recording in a real browser: without script, by keyboard, on a phone, on paper."""

import json
import re

import pytest

from licet import statutes
from licet.evidence.checking import Held, check_record
from tools.axe import serious
from tools.people import NAMES, PASSWORD

OPEN = "/?to=CH&quantity=4&on=2025-06-02&basis=written"
SWISS = "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written"
WORDS = {
    "en": ("Record the determination", "Decision record, to print and to keep", "Enter into the journal"),
    "zh": ("记录认定", "决定记录，供打印和存档", "载入日志"),
}


def sign_in(view, address):
    view.goto(f"{address}/sign-in?next=/account")
    view.fill("#f-name", NAMES["officer"])
    view.fill("#f-password", PASSWORD)
    view.locator("main button").click()
    view.wait_for_url(f"{address}/account")


def narrow(view):
    view.wait_for_load_state()
    over = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (view.url, over) == (view.url, 0)


@pytest.mark.parametrize("language", WORDS)
def test_an_officer_determines_and_records_without_a_script_on_a_phone(page, address, language):
    determine, to_record, enter = WORDS[language]
    view = page(width=360, height=760, language=language, script=False)
    sign_in(view, address)
    view.goto(address + OPEN)
    view.select_option("#f-outcome", "license_required")
    reason = f"The maker states 15,832 TPP; asked on a phone in {language}."
    view.fill("#f-reason", reason)
    view.get_by_role("button", name=determine).click()
    view.get_by_text(reason).wait_for()
    narrow(view)
    view.goto(f"{address}/determinations")
    assert view.get_by_text(reason).is_visible()
    narrow(view)
    view.goto(address + SWISS.replace("2000", "1500" if language == "en" else "1501"))
    view.get_by_role("link", name=to_record).click()
    view.get_by_role("button", name=enter).click()
    view.wait_for_url(re.compile("/records/"))
    narrow(view)
    with view.expect_download() as download:
        view.locator(".noprint a[href$='.json']").click()
    file = download.value.path().read_bytes()
    assert json.loads(file)["journal"]["payload"]["person"] == NAMES["officer"]
    report = check_record(file, Held(statutes.load()))
    assert (report.findings, len(report.unchecked)) == ((), 1)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_serious_on_what_officers_see(page, address, language, scheme):
    view = page(language=language, color_scheme=scheme)
    sign_in(view, address)
    for path in (OPEN, SWISS, "/record" + SWISS[1:], "/otherwise" + SWISS[1:], "/determinations", "/records"):
        view.goto(address + path)
        assert (path, serious(view)) == (path, [])


def test_a_question_is_asked_and_a_clause_opened_by_the_keyboard_alone(page, address):
    view = page()
    view.goto(address)
    for _ in range(30):
        view.keyboard.press("Tab")
        if view.evaluate("document.activeElement.id") == "f-chip":
            break
    for text in ("H100", "2000", "Switzerland"):
        view.keyboard.type(text)
        view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    view.wait_for_url(re.compile(r"seal="))
    assert view.locator("p.verdict").is_visible()
    for _ in range(60):
        view.keyboard.press("Tab")
        if view.evaluate("document.activeElement.closest('ol.clauses') !== null"):
            break
    clause = view.evaluate("document.activeElement.hash.slice(1)")
    view.keyboard.press("Enter")
    view.locator(f"#{clause} > pre").wait_for()


def test_a_change_of_fact_asks_again(page, address):
    view = page(script=False)
    view.goto(address + SWISS)
    view.get_by_role("link", name=re.compile("^quantity: at most 1,699 units")).click()
    view.wait_for_url(re.compile("quantity=1699.*seal="))
    assert "License Exception LPP is used" in view.locator("p.verdict").inner_text()


def test_a_record_on_paper_has_no_controls_and_every_clause(page, address):
    view = page(script=False)
    view.goto(f"{address}/record{SWISS[1:]}")
    view.emulate_media(media="print")
    for gone in (".top nav", ".noprint", "form", ".skip"):
        assert [node.is_visible() for node in view.locator(gone).all() if node.is_visible()] == []
    assert view.locator("#trace-title").is_visible()
    assert view.locator(".trace li").count() > 50
    assert re.search(r"sha256:\w{64}", view.locator("#proof-title + dl").inner_text())


def test_a_table_is_sorted_by_button(page, address):
    view = page()
    sign_in(view, address)
    for quantity in ("11", "2"):
        view.goto(f"{address}/record{SWISS[1:].replace('2000', quantity)}")
        if (enter := view.get_by_role("button", name=WORDS["en"][2])).count():
            enter.click()
            view.wait_for_url(re.compile("/records/"))
    view.goto(f"{address}/records")
    for direction, order in (("ascending", 1), ("descending", -1)):
        view.get_by_role("button", name="No.").click()
        assert view.locator("th[aria-sort]").get_attribute("aria-sort") == direction
        numbers = [int(text) for text in view.locator("tbody td:first-child").all_inner_texts()]
        assert numbers == sorted(numbers, reverse=order < 0)
        assert len(numbers) > 1
