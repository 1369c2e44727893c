"""Fixtures of the whole suite: the browser, the shared measuring data, a data folder of one's own.

Nothing is skipped silently: what a test needs and this machine lacks skips it with the reason, and fails it in CI.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from tools.chromium import ABSENT, ARGUMENTS, chromium_path
from tools.needs import IN_CI, unavailable
from tools.postgres import ABSENT as NO_POSTGRES
from tools.postgres import Server, programs
from tools.ray_cluster import TwoNodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
LOCALES = {"en": "en-US", "zh": "zh-CN"}

settings.register_profile("default", deadline=None, derandomize=IN_CI)
settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what is cached in a folder of this run's own; set before any test module loads the law."""
    folder = tempfile.mkdtemp(prefix="licet-cache-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["LICET_CACHE"] = folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser, and run them last.

    Playwright's synchronous interface keeps an event loop running in this thread from its first use on, and a test
    that calls ``asyncio.run`` after that would fail.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium, one for the whole run."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        if path is None:
            unavailable(ABSENT)
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A factory of pages: ``page(width=390, height=844, language="zh", script=False)``, each in a context of its own.

    Other keywords go to Playwright's ``new_context`` as they are.
    """
    contexts: list[BrowserContext] = []

    def fresh(
        *, width: int = 1280, height: int = 800, language: str = "en", script: bool = True, **options: object
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            java_script_enabled=script,
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measuring data, no part of the project: the folder LICET_SHARED, else ``shared`` beside the checkout."""
    folder = Path(os.environ.get("LICET_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        unavailable(f"no measuring data at {folder}: name its folder in LICET_SHARED")
    return folder


@pytest.fixture
def licet_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of the test's own, set as LICET_HOME."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("LICET_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, one for the whole run."""
    found = programs()
    if found is None:
        unavailable(NO_POSTGRES)
    running = Server(found)
    yield running
    running.stop()


@pytest.fixture
def postgres_base(postgres: Server) -> Iterator[psycopg.Connection]:
    """A connection to it; nothing of it stays."""
    with psycopg.connect(postgres.url()) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def ray_nodes() -> Iterator[TwoNodes]:
    """A Ray cluster of two nodes, one for the whole run."""
    running = TwoNodes()
    yield running
    running.stop()


@pytest.fixture
def ray_cluster(ray_nodes: TwoNodes) -> TwoNodes:
    """The cluster with both of its nodes, whatever a test does to them."""
    ray_nodes.mend()
    return ray_nodes
