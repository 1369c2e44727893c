"""The documents say what the program does."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "docs" / "tools" / "cli_reference.py"


@pytest.fixture(scope="module")
def tool():
    return runpy.run_path(str(TOOL))


def test_the_command_reference_is_current(tool):
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["reference"](), "run: make manual"


def test_the_command_reference_names_every_option(tool):
    page = tool["reference"]()
    assert "## licet demo\n" in page
    for option in ("--no-serve", "--host", "--port", "--home"):
        assert option in page


def test_the_page_of_how_the_law_was_seen_is_current():
    status = runpy.run_path(str(ROOT / "docs" / "tools" / "law_status.py"))
    assert status["PAGE"].read_text(encoding="utf-8") == status["page"](), "run: make manual"


def test_the_table_of_the_columns_of_a_book_is_current():
    columns = runpy.run_path(str(ROOT / "docs" / "tools" / "order_columns.py"))
    assert columns["PAGE"].read_text(encoding="utf-8") == columns["page"](), "run: make manual"


def test_the_shown_commands_of_the_readme_are_ones_that_there_are():
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        targets = set(re.findall(r"^make (\w+)", text, re.MULTILINE))
        assert targets == {"demo", "test"}
        assert targets <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    assert "]\uff08" not in text, "a link's brackets are ASCII"
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_dated_and_say_what_follows():
    pages = sorted(ROOT.glob("docs/decisions/*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]}: ")
        assert re.search(r"^20\d\d-\d\d-\d\d$", text, re.MULTILINE)
        assert [heading for heading in ("Context", "Decision", "Consequences") if f"\n## {heading}\n" not in text] == []


def test_the_changelog_can_be_drafted():
    drafted = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0", "--date", "2026-11-22"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    ).stdout
    told = [path.read_text(encoding="utf-8").split()[0] for path in ROOT.glob("changelog.d/*.md")]
    assert "## 0 (2026-11-22)" in drafted
    assert [start for start in told if start not in drafted] == []
