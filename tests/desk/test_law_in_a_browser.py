import pytest

from tools.axe import serious

PATHS = (
    "/world?on=2025-06-02&chip=h100-sxm&quantity=2000&basis=written",
    "/world/CH?on=2025-02-15",
    "/law?basis=written",
    "/law/us-ear-2025-05-13-not-enforced",
    "/law/clause/lpp?on=2025-06-02",
    "/law/compare?from=2025-05-14&to=2025-05-15&basis=written",
    "/law/chips?on=2025-06-02",
)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh", "light")])
def test_axe_finds_nothing_serious_and_a_phone_is_wide_enough(page, address, language, scheme):
    view = page(width=320, height=800, language=language, color_scheme=scheme)
    for path in PATHS:
        view.goto(address + path)
        over = view.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, over, serious(view)) == (path, 0, [])


@pytest.mark.parametrize(("language", "place"), [("en", "Switzerland"), ("zh", "瑞士")])
def test_a_tile_is_reached_by_keyboard_and_the_map_can_be_skipped_without_a_script(page, address, language, place):
    view = page(language=language, script=False)
    view.goto(f"{address}/world?on=2025-02-15")
    view.locator("a.past").focus()
    assert view.locator("a.past").is_visible()
    view.locator(".map a[href^='/world/CH?']").focus()
    view.keyboard.press("Enter")
    view.wait_for_url("**/world/CH?**")
    assert view.locator("h1").inner_text().startswith(place)


def test_every_tile_can_be_seen_and_clicked_on_a_phone(page, address):
    view = page(width=360, height=800)
    view.goto(f"{address}/world")
    boxes = view.eval_on_selector_all(
        ".map a.tile", "tiles => tiles.map(t => t.getBoundingClientRect()).map(b => [b.x, b.y, b.width, b.height])"
    )
    assert len(boxes) == len({(x, y) for x, y, _, _ in boxes}) == 250
    assert min(min(width, height) for _, _, width, height in boxes) >= 24
    assert max(x + width for x, _, width, _ in boxes) <= 360
