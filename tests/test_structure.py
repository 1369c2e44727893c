"""The shape of the house: which room may import which, sizes, errors, and what a tracked file may say."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "licet"

COMMON = {"errors", "home", "i18n", "cache", "storage", "cluster"}
LAW = {"catalog", "clauses", "statutes"}
DECIDED = LAW | {"journal", "decisions"}
HALVES = DECIDED | {"parties", "ledger", "orders", "archive"}
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "home": set(),
    "cache": set(),
    "i18n": set(),
    "storage": set(),
    "cluster": set(),
    "journal": set(),
    "catalog": set(),
    "clauses": set(),
    "demo": set(),
    "statutes": {"catalog", "clauses"},
    "decisions": LAW | {"journal"},
    "parties": DECIDED,
    "ledger": DECIDED,
    "orders": DECIDED | {"parties", "ledger"},
    "archive": {"journal"},
    "evidence": HALVES,
    "backup": HALVES,
    "desk": HALVES | {"evidence"},
    "cli": HALVES | {"evidence", "desk", "demo", "backup"},
    "__main__": {"cli"},
}
LONGEST_MODULE = 500
LONGEST_FUNCTION = 70
LONG_WITH_REASON: dict[str, str] = {}  # "src/licet/room/module.py" or "…/module.py:function" -> the reason

# Errors of Python's own protocols, and of the frameworks at the top, that a module may raise.
FOREIGN_ERRORS = {
    "TypeError": "a caller in our own code passed the wrong type: a mistake in the program",
    "AssertionError": "a branch that cannot be reached: a mistake in the program",
    "AttributeError": "the protocol of __getattr__ and of frozen objects",
    "KeyError": "the protocol of __getitem__ in a mapping",
    "IndexError": "the protocol of __getitem__ in a sequence",
    "StopIteration": "the protocol of an iterator",
    "SystemExit": "the end of a command",
    "Exit": "Typer's end of a command",
    "BadParameter": "Typer's usage error, exit status 2",
    "UsageError": "Typer's usage error, exit status 2",
}


@cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path, tree: ast.Module) -> set[str]:
    """The rooms that a module imports, wherever the import stands: at the top, in a function, for the type checker."""
    package = ("licet", *path.relative_to(PACKAGE).parts[:-1])
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "licet" and len(part) > 1 and part[1] != "__version__"}


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_room_has_its_arrows():
    rooms = {room_of(path) for path in modules()} - {"__init__"}
    assert rooms <= set(ARROWS), "say in ARROWS what the new room may import"


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_imports_run_one_way(room):
    allowed = ARROWS[room] | COMMON | {room}
    wrong = {
        name_of(path): sorted(found - allowed)
        for path, tree in modules().items()
        if room_of(path) == room and (found := imported_rooms(path, tree)) - allowed
    }
    assert wrong == {}


def test_the_arrows_themselves_have_no_circle():
    below = {room: set(allowed) for room, allowed in ARROWS.items()}
    while below:
        bottom = {room for room, allowed in below.items() if not allowed & set(below)}
        assert bottom, f"a circle among {sorted(below)}"
        below = {room: allowed for room, allowed in below.items() if room not in bottom}


def test_the_drawing_of_the_rooms_shows_these_arrows():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawing = text[text.index("flowchart BT") : text.index("```", text.index("flowchart BT"))]
    drawn = {
        room: set(targets.split(" & ")) if targets else set()
        for room, targets in re.findall(r"^  (\w+)\[.*?\](?: --> (.+))?$", drawing, re.MULTILINE)
    }

    def reach(room: str) -> set[str]:
        return drawn[room] | {further for target in drawn[room] for further in reach(target)}

    assert {room: reach(room) for room in drawn} == {room: ARROWS[room] for room in ARROWS if room in drawn}
    assert set(ARROWS) - set(drawn) == COMMON | {"__main__"}


def test_no_module_and_no_function_is_too_long():
    found = {}
    for path, tree in modules().items():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_MODULE:
            found[name_of(path)] = lines
        for node in functions(tree):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                found[f"{name_of(path)}:{node.name}"] = length
    assert {name: length for name, length in found.items() if name not in LONG_WITH_REASON} == {}
    assert set(LONG_WITH_REASON) <= set(found), "a reason that is no longer needed"


def our_errors() -> set[str]:
    """LicetError and every class in the sources that comes from it, however far."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    ours = {"LicetError"}
    while more := {name for name, parents in bases.items() if parents & ours} - ours:
        ours |= more
    return ours


def raised(tree: ast.Module) -> list[tuple[int, str]]:
    """The class names that a module raises. A variable and a helper function have small letters: they pass through."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(called).rpartition(".")[2]
            if name[:1].isupper():
                found.append((node.lineno, name))
    return found


def test_what_is_raised_is_ours_or_has_a_reason():
    allowed = our_errors() | set(FOREIGN_ERRORS)
    assert "BadFile" in allowed
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path, tree in modules().items()
        for line, name in raised(tree)
        if name not in allowed and not name.startswith("_")
    ]
    assert wrong == []


@cache
def tracked() -> tuple[Path, ...]:
    git = shutil.which("git")
    assert git, "git lists the files that this test reads"
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def lines_with(pattern: str, *folders: str) -> list[str]:
    """Lines of tracked text files that match; ``folders`` are the first parts of the paths to look in, none for all."""
    expression = re.compile(pattern)
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" in data or (folders and path.relative_to(ROOT).parts[0] not in folders):
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if expression.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    return found


# The character classes keep these patterns from finding themselves.
FOLDER = r"(^|[^A-Za-z0-9._-])/(w[o]rk|f[a]rm|r[o]ot|t[m]p|h[o]me/[a-z]+)/"
MACHINE = rf"{FOLDER}|py[p]i[.]org|pythonh[o]sted|registry[.]n[p]mjs|d[e]b[.]debian"
LEFTOVER = (
    r"TO[D]O|FIX[M]E|XX[X]|NotImplemented[E]rror|pytest[.]skip[(]|@pytest[.]mark[.](skip|xfail)|pragma: no [c]over"
)


def test_no_tracked_file_names_this_machine_or_a_registry():
    assert lines_with(MACHINE) == []


def test_nothing_is_left_as_a_stub_or_a_note_to_self():
    assert lines_with(LEFTOVER, "src", "tests", "bench", "docs", "law") == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE, "see /" + "tmp/x"),
        (MACHINE, "https://py" + "pi.org/simple"),
        (LEFTOVER, "# TO" + "DO later"),
        (LEFTOVER, "raise NotImplemented" + "Error"),
        (LEFTOVER, "pytest." + "skip('x')"),
        (LEFTOVER, "@pytest." + "mark.skipif(True)"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, line):
    assert re.search(pattern, line)


def test_the_lock_names_no_address():
    assert [line for line in (ROOT / "requirements.lock").read_text().splitlines() if "://" in line] == []
