"""What the demonstration asks of the other rooms, and nothing else; they are loaded when they are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from licet.demo import Site
    from licet.demo.questions import Question


@dataclass(frozen=True, slots=True)
class Captured:
    """A page of the newsroom after its capture: what the archive read, and each mention as (kind, key)."""

    path: str
    identity: str
    title: str
    time: str
    source: str
    mentions: tuple[tuple[str, str], ...]


def answer(question: Question, languages: Sequence[str], console: Console, *, whole: bool) -> None:
    """Decide one question and print the verdict in each language: ``whole``, or its sentences alone."""
    from licet.cli.answer import brief, render  # noqa: PLC0415
    from licet.cli.question import Question as Flags  # noqa: PLC0415

    verdict = Flags(**question.flags()).ask()
    for language in languages:
        (render if whole else brief)(verdict, language, console)


def capture(home: Path, site: Site) -> Iterator[Captured]:
    """Capture every page of the newsroom into the archive of ``home``, as of now."""
    from licet.archive import Archive  # noqa: PLC0415
    from licet.evidence import entity_names, tagger  # noqa: PLC0415

    with Archive.open(home, tagger=tagger(), entity_names=entity_names()) as archive:
        for page in site.pages:
            snapshot = archive.add_address(
                site.url(page), at=datetime.now(UTC), allow_private=True, category=page.category
            )
            yield Captured(
                path=page.path,
                identity=snapshot.id,
                title=snapshot.title,
                time=snapshot.time,
                source=snapshot.article.source or "",
                mentions=tuple((tag.kind, tag.key) for tag in snapshot.tags),
            )


def serve(home: Path, host: str, port: int) -> None:
    """Run the desk on the data folder until it is stopped."""
    from licet.desk.app import serve as serve_desk  # noqa: PLC0415

    serve_desk(home, host, port)
