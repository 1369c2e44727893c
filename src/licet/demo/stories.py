"""The pages of the demo newsroom as data: what each says, and how it is to be served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

HEADING = "# "


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet: the name it prints, its page style, and the charset it uses, declares and sends."""

    name: str
    layout: str
    language: str
    locale: str
    encoding: str
    charset: str
    header: str


@dataclass(frozen=True, slots=True)
class Page:
    """One article, as it should be read from its page.

    ``category`` is as printed; ``language`` is ``zh`` or ``en``; ``published`` carries its zone; ``source`` is the
    outlet that the page names as the origin of the text; ``author`` holds desks, never persons; ``body`` has a
    paragraph or heading an entry, the dateline at its beginning as printed, without the signature. ``corrected`` is
    the same page after its outlet has corrected it, with the time of that in ``updated``. ``removal`` is the ground on
    which it will be asked to be taken down, empty for most.
    """

    path: str
    category: str
    language: str
    outlet: Outlet
    title: str
    published: datetime
    source: str
    author: tuple[str, ...]
    body: tuple[str, ...]
    headings: frozenset[str]
    dateline: str
    signature: str
    picture: str
    caption: str
    updated: datetime | None = None
    corrected: Page | None = None
    removal: str = ""

    @property
    def changed(self) -> datetime:
        """When the page was last changed: corrected, else published."""
        return self.updated or self.published

    @property
    def encoding(self) -> str:
        """The Python codec of the bytes that are served."""
        return self.outlet.encoding


def _page(story: dict[str, Any], outlets: dict[str, Outlet]) -> Page:
    outlet = outlets[story["outlet"]]
    correction = story.get("correction")
    return Page(
        path=story["path"],
        category=story["category"],
        language=outlet.language,
        outlet=outlet,
        title=story["title"],
        published=datetime.fromisoformat(story["published"]),
        source=story.get("source", outlet.name),
        author=tuple(story["author"]),
        body=_body(story["dateline"], story["paragraphs"]),
        headings=frozenset(text.removeprefix(HEADING) for text in story["paragraphs"] if text.startswith(HEADING)),
        dateline=story["dateline"],
        signature=story["signature"],
        picture=story["picture"]["file"],
        caption=story["picture"]["caption"],
        updated=datetime.fromisoformat(story["updated"]) if "updated" in story else None,
        corrected=_page({**story, **correction, "correction": None}, outlets) if correction else None,
        removal=story.get("removal", ""),
    )


def _body(dateline: str, paragraphs: list[str]) -> tuple[str, ...]:
    first, *rest = paragraphs
    return tuple(text.removeprefix(HEADING) for text in (dateline + first, *rest))


@cache
def pages() -> tuple[Page, ...]:
    """Return every article of the newsroom, in order of publication."""
    text = files("licet.demo").joinpath("stories.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes nothing but text, lists and mappings)
    outlets = {key: Outlet(**fields) for key, fields in data["outlets"].items()}
    return tuple(sorted((_page(story, outlets) for story in data["stories"]), key=lambda page: page.published))
