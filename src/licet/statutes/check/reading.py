"""Reads law files as far as they can be read: one that is wrong does not hide what is wrong with the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from licet.catalog.places import places
from licet.clauses import source as sources
from licet.clauses.vocabulary import Fact, Vocabulary
from licet.errors import LawError
from licet.statutes.check.finding import Finding, of_error
from licet.statutes.drafts import FOLDER
from licet.statutes.library import Act, Library, read_act

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

VOCABULARY = "vocabulary.yaml"
PROPOSALS = "proposals"
CASES = "cases"
PRIVATE = "private/"
EVERYTHING = "*"
_ID = re.compile(r"""(?:clause|replace|set|table|act):\s*['"]?([A-Za-z0-9_.-]+)""")


@dataclass
class Draft:
    """The law data as far as it can be read.

    ``sources``: the file of each act, by its id; ``torn``: systems of which a part could not be read, with the ids that
    stand in that part; what refers to them is not looked at.
    """

    vocabulary: Vocabulary
    systems: dict[str, tuple[Act, ...]] = field(default_factory=dict)
    sources: dict[str, sources.Source] = field(default_factory=dict)
    torn: dict[str, set[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def library(self) -> Library:
        """Return what was read as a library."""
        return Library(self.vocabulary, self.systems)


def texts(folder: Path, overlay: Path | None = None) -> tuple[dict[str, str], dict[str, Finding]]:
    """Return the text of each law file by its path in the folder, and what is wrong with those that are no text."""
    found: dict[str, str] = {}
    unread: dict[str, Finding] = {}
    for root in (folder, overlay):
        for path in _files(root):
            name = path.relative_to(root or path).as_posix()
            name = name if root == folder else f"{PRIVATE}{name}"
            try:
                found[name] = _text(path)
            except LawError as error:
                unread[name] = of_error(error)
    return found, unread


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(sources.LARGEST_FILE + 1)
        if len(data) > sources.LARGEST_FILE:
            raise LawError("the file is larger than 1 MB", where=path.name, fix="split the act")
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LawError(f"not UTF-8 text: {error.reason}", where=path.name, fix="save the file as UTF-8") from error
    except OSError as error:
        fix = "make it a file that you may read"
        raise LawError(f"cannot be read: {error.strerror}", where=path.name, fix=fix) from error


def _files(root: Path | None) -> Iterator[Path]:
    if root and root.is_dir():
        yield from sorted(
            path for pattern in (VOCABULARY, "*/*.yaml", f"*/{FOLDER}/*.yaml") for path in root.glob(pattern)
        )


def read(files: Mapping[str, str], unread: Mapping[str, Finding], only: Collection[str] = ()) -> Draft:
    """Read law files; ``only``: the systems to read, all where none is named. Raises nothing: see the findings."""
    draft = Draft(Vocabulary({}, places(), sources.Source(VOCABULARY, {}, {})))
    for path, finding in unread.items():
        draft.findings.append(finding)
        folder = path.removeprefix(PRIVATE).rpartition("/")[0]
        if folder and folder != CASES and "/" not in folder:
            _tear(draft, folder, {EVERYTHING})
    _read_vocabulary(files.get(VOCABULARY), draft)
    found: dict[str, list[Act]] = {}
    for path, text in files.items():
        folder, _, name = path.removeprefix(PRIVATE).rpartition("/")
        if folder and folder != CASES and "/" not in folder and (not only or folder in {*only, PROPOSALS}):
            act = _read_act(name, text, folder, draft)
            if act and (not only or act.system in only):
                found.setdefault(act.system, []).append(act)
    for system, acts in found.items():
        draft.systems[system] = tuple(sorted(acts, key=lambda act: (act.head.dates.released, act.id)))
    if only:
        draft.torn = {system: ids for system, ids in draft.torn.items() if system in only}
    return draft


@lru_cache(maxsize=256)
def _source(text: str, name: str) -> sources.Source:
    return sources.parse(text, name)


def _read_vocabulary(text: str | None, draft: Draft) -> None:
    if text is None:
        draft.findings.append(Finding(VOCABULARY, "there is no vocabulary", f"a law folder holds {VOCABULARY}"))
        return
    try:
        source = _source(text, VOCABULARY)
    except LawError as error:
        draft.findings.append(of_error(error))
        return
    entries = source.value.get("facts")
    if not isinstance(entries, dict):
        draft.findings.append(Finding(source.at(""), "no facts", "write a mapping 'facts:'"))
        return
    draft.vocabulary = Vocabulary(dict(_facts(entries, source, draft)), places(), source)


def _facts(entries: Mapping[str, sources.Value], source: sources.Source, draft: Draft) -> Iterator[tuple[str, Fact]]:
    for name, value in entries.items():
        where = f"facts.{name}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            draft.findings.append(Finding(source.at(where), f"'{name[:60]}' is no fact name", "use a-z, 0-9 and _"))
            continue
        try:
            yield name, sources.shape(source, value, Fact, where)
        except LawError as error:
            draft.findings.append(of_error(error))


def _read_act(name: str, text: str, folder: str, draft: Draft) -> Act | None:
    """Read one act; an amendment that cannot be read is left out and told, as often as there is one."""
    try:
        source = _source(text, name)
    except LawError as error:
        draft.findings.append(of_error(error))
        _tear(draft, folder, set(_ID.findall(text)) or {EVERYTHING})
        return None
    system = str(source.value.get("amends") or folder) if folder == PROPOSALS else folder
    while True:
        try:
            act = read_act(source, folder)
        except LawError as error:
            draft.findings.append(of_error(error))
            index = _amendment_at(source, error.where)
            if index is None:
                _tear(draft, system, set(_ID.findall(text)))
                return None
            _tear(draft, system, _ids(source, index))
            source = _without(source, index)
        else:
            return _placed(act, source, draft)


def _placed(act: Act, source: sources.Source, draft: Draft) -> Act | None:
    if act.id in draft.sources:
        what, fix = f"two acts are called {act.id}", "an act's id is unique: name one of them otherwise"
        draft.findings.append(Finding(source.at("act"), what, fix))
        return None
    draft.sources[act.id] = source
    return act


def _tear(draft: Draft, system: str, ids: set[str]) -> None:
    draft.torn.setdefault(system, set()).update(ids)


def _amendment_at(source: sources.Source, where: str) -> int | None:
    """Return the number of the amendment that stands at ``file:line``; None for a place outside of them."""
    listed = source.value.get("amendments")
    line = int(where.rpartition(":")[2]) if where.rpartition(":")[2].isdigit() else 0
    starts = [source.lines.get(f"amendments[{index}]", 0) for index in range(len(listed or ()))]
    inside = [index for index, start in enumerate(starts) if start <= line]
    return inside[-1] if isinstance(listed, list) and inside and _is_within(source, line) else None


def _is_within(source: sources.Source, line: int) -> bool:
    """Whether a line that comes after the start of an amendment is not one of a key that stands after them all."""
    later = [at for path, at in source.lines.items() if "." not in path and "[" not in path and path != "amendments"]
    first = source.lines.get("amendments", 0)
    return not any(first < at <= line for at in later)


def _ids(source: sources.Source, index: int) -> set[str]:
    value = source.value["amendments"][index]  # type: ignore[index]  # a list, as its caller knows
    found = [value.get(key) for key in ("clause", "replace", "set", "table")] if isinstance(value, dict) else []
    return {str(name) for name in found if name}


def _without(source: sources.Source, index: int) -> sources.Source:
    """Return the source without one amendment; the others keep their lines."""
    listed = source.value["amendments"]
    assert isinstance(listed, list)  # noqa: S101 - as its caller knows
    lines = {}
    for path, line in source.lines.items():
        match = re.match(r"amendments\[(\d+)\]", path)
        number = int(match[1]) if match else -1
        if number != index:
            moved = f"amendments[{number - 1}]{path[match.end() :]}" if match and number > index else path
            lines[moved] = line
    return sources.Source(source.name, {**source.value, "amendments": listed[:index] + listed[index + 1 :]}, lines)
