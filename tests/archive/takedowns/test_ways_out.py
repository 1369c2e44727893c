"""Every public way out of the archive, before and after a takedown. A new one is tried without being named here."""

from __future__ import annotations

import gzip
import inspect
import zipfile
from collections.abc import Iterable

import msgspec
import pytest

from licet.archive import Archive
from licet.errors import LicetError, TakenDown
from tools.takedowns import DUE, LATER, NAMED, REVISED, ask

WORDS = (NAMED, REVISED, "portrait of one", "portrait.png")
ADDRESS = "https://news.example/a"

IN = {"add_file", "add_address", "take", "take_many", "not_modified", "submit"}
"""Ways in: what was taken down does not come back through them (test_takedowns)."""
UPKEEP = {"open", "close", "takedowns", "subscriptions"}
"""What opens and closes, and rooms of their own: who decides; what readers follow, which is searched and listed."""
SHOWING = {"snapshot", "raw", "search", "recent", "by_address", "captures_of", "capture", "payload", "versions"}
"""Ways that show the page before it is taken down: the test would be empty if they did not."""


def public():
    return sorted(name for name in vars(Archive) if not name.startswith("_"))


def values(opened, folder):
    """An argument for every name that a parameter of a way out has; some are tried with several."""
    numbers = range(1, 12)
    return {
        "identity": [opened.first.id, opened.second.id, opened.other.id],
        "snapshot": [opened.first.id, opened.second.id],
        "url": [ADDRESS, "https://news.example/portrait.png"],
        "query": [NAMED, REVISED, "盘点"],
        "prefix": [NAMED[:2], REVISED[:2]],
        "text": [NAMED[:2], REVISED[:2]],
        "number": list(numbers),
        "category": ["港口"],
        "excluding": [None],
        "limit": [50],
        "at": [DUE],
        "path": [folder / "out"],
        "target": [folder / "out"],
        "folder": [folder / "out"],
        "out": [folder / "wacz", folder / "warc", folder / "cdxj"],
        "form": ["wacz", "warc", "cdxj"],
    }


def calls(way, known):
    """Every set of arguments to call a way with: what has no default, and what it is asked about."""
    given = {}
    for name, parameter in inspect.signature(way).parameters.items():
        if name in known and name != "category":
            given[name] = known[name]
        elif parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            assert name in known, f"say in values() what the parameter {name!r} of {way.__name__} may be"
            given[name] = known[name]
    longest = max(map(len, given.values()), default=1)
    for turn in range(longest):
        yield {name: choices[turn % len(choices)] for name, choices in given.items()}


def shown(value):
    """All the text in what a way gives back."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str) or value is None or isinstance(value, int | float):
        return str(value)
    if isinstance(value, msgspec.Struct):
        return shown(msgspec.structs.asdict(value))
    if isinstance(value, dict):
        return " ".join(map(shown, [*value, *value.values()]))
    if isinstance(value, Iterable):
        return " ".join(map(shown, value))
    return repr(value)


def in_files(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield name + shown(unpacked(packed.read(name)))
        elif path.is_file():
            yield shown(unpacked(path.read_bytes()))


def unpacked(data):
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def tried(archive, name, opened, folder):
    """What a way shows, with the errors that are raised on purpose."""
    folder.mkdir(exist_ok=True)
    found = []
    way = getattr(archive, name)
    for arguments in calls(way, values(opened, folder)):
        try:
            found.append(shown(way(**arguments)))
        except LicetError as error:
            found.append(str(error))
    return " ".join([*found, *in_files(folder)])


@pytest.fixture
def steps(opened):
    """Take the item down in two steps: hidden, then erased."""

    def hide():
        case = ask(opened.takedowns, ADDRESS, scope="item")
        opened.takedowns.grant(case.reference, by="editor", at=LATER)

    def erase():
        assert set(opened.takedowns.erase(DUE).erased) == {opened.first.id, opened.second.id}

    return hide, erase


@pytest.mark.parametrize("name", [name for name in public() if name not in IN | UPKEEP])
def test_a_way_out_shows_nothing_of_what_was_taken_down(opened, steps, tmp_path, name):
    before = tried(opened.archive, name, opened, tmp_path / "before")
    assert name not in SHOWING or any(word in before for word in WORDS)
    for step in steps:
        step()
        told = tried(opened.archive, name, opened, tmp_path / step.__name__)
        assert [word for word in WORDS if word in told] == []


def test_who_asks_by_its_id_is_told_that_it_was_taken_down(opened, steps):
    for step in steps:
        step()
        for name in ("snapshot", "raw", "versions", "related", "readings"):
            with pytest.raises(TakenDown):
                getattr(opened.archive, name)(opened.first.id)


def test_the_names_here_are_ways_that_there_are():
    assert set(public()) >= IN | UPKEEP | SHOWING
