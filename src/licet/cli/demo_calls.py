"""What the demonstration asks of the other rooms, and nothing else; they are loaded when they are used."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the tour: what it is about, a message with ``{value}``; what is seen there; how long it took."""

    message: str
    value: str
    lines: tuple[str, ...]
    seconds: float


def answer(question: Question, languages: Sequence[str], console: Console, *, whole: bool) -> None:
    """Decide one question and print the verdict in each language: ``whole``, or its sentences alone."""
    from licet.cli.answer import brief, render  # noqa: PLC0415
    from licet.cli.question import Question as Flags  # noqa: PLC0415

    verdict = Flags(**question.flags()).ask()
    for language in languages:
        (render if whole else brief)(verdict, language, console)


def capture(home: Path, site: Site) -> Iterator[Captured]:
    """Crawl the newsroom into the archive of ``home``, as of a day ago, and yield what was read from each page."""
    from licet.cli import demo_tour  # noqa: PLC0415

    demo_tour.crawl(home, site, demo_tour.yesterday())
    with demo_tour.opened(home) as archive:
        for page in site.pages:
            snapshot = archive.by_address(site.url(page))
            if snapshot is not None:
                yield Captured(
                    path=page.path,
                    identity=snapshot.id,
                    title=snapshot.title,
                    time=snapshot.time,
                    source=snapshot.article.source or "",
                    mentions=tuple((tag.kind, tag.key) for tag in snapshot.tags),
                )


def tour(home: Path, site: Site, captured: Sequence[Captured]) -> Iterator[Stop]:
    """Show what the archive does with the pages: crawled again, found, compared, taken down, verified, exported."""
    from licet.cli import demo_tour  # noqa: PLC0415

    return demo_tour.stops(home, site, {one.path: one.identity for one in captured})


def serve(home: Path, host: str, port: int) -> None:
    """Run the desk on the data folder until it is stopped."""
    from licet.desk.operating.serving import serve as serve_desk  # noqa: PLC0415

    serve_desk(home, host, port)
