"""The accessibility check: axe-core, as the wheel axe-playwright-python carries it (MPL-2.0, used in tests only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def serious(page: Page) -> list[str]:
    """What axe finds of the impact serious or critical, an entry each: ``rule: help (where it stands; …)``."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']} ({_places(one)})" for one in found if one["impact"] in GRAVE]


def _places(finding: dict[str, Any]) -> str:
    return "; ".join(" ".join(map(str, node["target"])) for node in finding["nodes"])
