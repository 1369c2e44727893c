"""What a command loads: only what it needs to answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command, get_group
from typer.testing import CliRunner

from licet import cli, statutes
from licet.cli.groups import MODULES, Commands

QUESTION = ("check", "--chip", "h100-sxm", "--quantity", "2000", "--to", "CH", "--on", "2025-06-02")
# What the archive, the desk, the order books and the demonstration need, and a question about a chip does not.
ELSEWHERE = {
    "duckdb",
    "httpx",
    "jinja2",
    "litestar",
    "lxml",
    "opencc",
    "pydantic",
    "readability",
    "rjieba",
    "tantivy",
    "trafilatura",
    "uvicorn",
    "w3lib",
    "warcio",
    "licet.archive",
    "licet.demo",
    "licet.evidence",
    "licet.desk.app",
}
# What reads the data files: with the cache, not even these.
READERS = {"sqlglot", "yaml", "babel.messages", "babel.dates", "licet.clauses.parse"}
PROGRAM = """
import sys
from licet.cli import main
sys.argv = ["licet", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*sys.modules, file=sys.stderr)
"""


def modules(*arguments: str, **environment: str) -> set[str]:
    """The modules that a command has loaded when it ends well."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("more", [(), ("--lang", "zh"), ("--json",)])
def test_a_question_loads_neither_the_archive_nor_the_desk_and_in_the_end_no_parser(tmp_path, more):
    kept = {"LICET_CACHE": str(tmp_path / "cache")}
    first, second = modules(*QUESTION, *more, **kept), modules(*QUESTION, *more, **kept)
    assert "licet.decisions.decide" in second
    assert first & ELSEWHERE == set()
    assert second & (ELSEWHERE | READERS) == set()


@pytest.mark.parametrize("command", [("chips", "h100"), ("places", "CH"), ("law", "show", "--on", "2025-06-02")])
def test_neither_do_the_other_commands_of_the_law(command):
    assert modules(*command) & ELSEWHERE - {"opencc"} == set()


def test_nothing_but_the_names_of_the_commands_is_known_before_one_is_asked_for():
    commands = Commands()
    assert list(commands) == list(MODULES)
    assert (len(commands), commands._made) == (len(MODULES), {})
    assert commands["explain"].name == "explain"
    assert set(commands._made) == {"check", "explain"}


def test_every_command_that_a_module_registers_has_its_name_in_the_table():
    folder = Path(cli.__file__).parent
    listed = {}
    for path in folder.glob("*.py"):
        module = import_module(f"licet.cli.{path.stem}") if path.stem != "__init__" else cli
        # Those whose name begins with that of a group add to the group, when it is asked for.
        if hasattr(module, "register") and path.stem.partition("_")[0] not in set(MODULES.values()) - {path.stem}:
            app = typer.Typer()
            module.register(app)
            listed |= dict.fromkeys(get_group(app).commands, path.stem)
    assert listed == MODULES


def test_the_group_is_still_one_to_which_a_command_can_be_added_and_taken_away():
    group = get_command(cli.app)
    group.commands["more"] = group.commands["check"]
    assert list(group.commands)[-1] == "more"
    del group.commands["more"]
    assert "more" not in group.commands


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_is_the_same_with_and_without_the_cache(tmp_path, language):
    def told(folder):
        command = [sys.executable, "-m", "licet", *QUESTION, "--lang", language]
        settings = {"LICET_CACHE": str(folder), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, capture_output=True, check=True, env={**os.environ, **settings}).stdout

    nowhere = tmp_path / "a file"
    nowhere.write_text("in the way")
    first = told(tmp_path / "cache")
    assert {told(tmp_path / "cache"), told("off"), told(nowhere / "below")} == {first}
    kinds = {path.name.rpartition("-")[0] for path in (tmp_path / "cache").iterdir()}
    assert kinds == {"law", "chips", "places"} | ({"texts-zh"} if language == "zh" else set())


def test_a_cache_that_cannot_be_written_still_answers(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-m", "licet", *QUESTION, "--json"],
        capture_output=True,
        check=True,
        env={**os.environ, "LICET_CACHE": str(folder)},
    )
    assert (json.loads(done.stdout)["outcome"], done.stderr) == ("no_license_required", b"")


def test_law_check_reads_anew(monkeypatch):
    def from_the_cache(files):
        raise AssertionError(len(files))

    statutes._load.cache_clear()
    monkeypatch.setattr(statutes, "read", from_the_cache)
    result = CliRunner().invoke(cli.app, ["law", "check", "--law", "nl"], catch_exceptions=False)
    assert (result.exit_code, "0 findings" in result.stdout) == (0, True)
