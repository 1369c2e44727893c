"""A small law of a test's own: a vocabulary of five facts, and acts as text in one folder."""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from licet.statutes import Query, Statutes
from licet.statutes.library import read_library

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = """
facts:
  tpp: {type: number, scale: 3, unit: TPP, title: {en: TPP, zh: TPP}, question: {en: TPP, zh: TPP}}
  quantity: {type: number, least: 1, title: {en: number, zh: 数量}, question: {en: How many, zh: 多少}}
  destination: {type: place, title: {en: to, zh: 目的地}, question: {en: Where to, zh: 何地}}
  exporter: {type: text, title: {en: exporter, zh: 出口商}, question: {en: Who, zh: 谁}}
  date: {type: date, title: {en: on, zh: 日期}, question: {en: When, zh: 何时}}
"""
SYSTEM = "test-law"
KEYS = "cite: section 1, seen: primary"
TITLE = "title: {en: A title, zh: 标题}"


class Folder:
    """A law folder that grows act by act."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / SYSTEM).mkdir(parents=True)
        (path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")

    def act(self, name: str, effective: str, *amendments: str, head: str = "", **dates: str) -> Folder:
        """Add an act; ``dates`` are the others than the effective one, ``head`` more lines of YAML."""
        given = {"released": effective, "effective": effective, **dates}
        shown = ", ".join(f"{key}: {value}" for key, value in given.items() if value)
        text = (
            f"act: {name}\ncitation: {name}\nissuer: a test\nkind: rule\ntitles: {{en: {name}, zh: {name}}}\n"
            f"dates: {{{shown}}}\nchecked_through: 2026-01-01\n"
            "sources: [{url: 'https://example.org', seen: primary}]\n"
        )
        return self.text(f"{name}.yaml", text + textwrap.dedent(head) + self._listed(amendments))

    def proposal(self, name: str, released: str, *amendments: str, amends: str = f"amends: {SYSTEM}\n") -> Folder:
        """Add a proposal."""
        text = (
            f"act: {name}\n{amends}citation: {name}\nissuer: a test\nkind: proposal\n"
            f"titles: {{en: {name}, zh: {name}}}\ndates: {{released: {released}}}\nchecked_through: 2026-01-01\n"
            "sources: [{url: 'https://example.org', seen: primary}]\n"
        )
        return self.text(f"{name}.yaml", text + self._listed(amendments))

    def text(self, name: str, text: str) -> Folder:
        """Add a file as it is."""
        (self.path / SYSTEM / name).write_text(text, encoding="utf-8")
        return self

    def _listed(self, amendments: tuple[str, ...]) -> str:
        return "amendments:\n" + "".join(f"  - {{{text}}}\n" for text in amendments) if amendments else ""

    def statutes(self) -> Statutes:
        """Read the folder."""
        return Statutes(read_library(self.path))

    def law(self, on: str, **query: Any) -> Any:
        """Fold the law of a day."""
        return self.statutes().law(Query(on=dt.date.fromisoformat(on), system=SYSTEM, **query))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty law."""
    return Folder(tmp_path / "law")


@pytest.fixture
def clause():
    """Text of a clause amendment: ``clause("a", "tpp > 1")``; a kind, a verb and more keys as needed."""

    def text(name: str, when: str, *more: str, kind: str = "requirement", verb: str = "clause") -> str:
        parts = [f"{verb}: {name}", f"kind: {kind}", KEYS, TITLE, f'when: "{when}"', *more]
        return ", ".join(parts)

    return text


@pytest.fixture
def members():
    """Text of a set amendment: ``members("s", "members: [CH]")``."""

    def text(name: str, *more: str) -> str:
        return ", ".join([f"set: {name}", KEYS, *more])

    return text
