"""The demonstration's tour of the archive, over the pages of the newsroom."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from licet.archive.collecting.crawler import Crawler, Options
from licet.archive.collecting.queue import Queue
from licet.archive.collecting.sources_file import read_sources
from licet.archive.versions.comparing import compare
from licet.cli.demo_calls import Stop
from licet.demo import trouble
from licet.desk.archives import open_archive as opened
from licet.errors import TakenDown
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from licet.archive import Archive
    from licet.archive.collecting.events import Summary
    from licet.archive.versions.pieces import Piece
    from licet.demo import Site

__all__ = ["crawl", "opened", "stops", "yesterday"]

REPORT = "/news/20250303_0912.htm"
ORIGINAL = "/en/2025/03/swiss-research-cluster"
EVENT = "/en/2025/05/framework-not-enforced"
CHANGED = "/en/2025/04/clinic-order"
QUERY = "瑞士 许可"
SHOWN = 5
_SOURCES = """\
contact: newsroom@demo.example
defaults: {{allow_private: true, delay: 0s, concurrency: 4, every: 1h, page_every: 1h}}
sources:
  - {{name: newsroom, kind: feed, address: {site}/atom.xml}}
  - {{name: list, kind: list, address: {site}/latest.html, select: ol.latest a}}
  - {{name: trouble, kind: page, addresses: [{trouble}]}}
"""


def yesterday() -> datetime:
    """Return the time of the first crawl, so that the second is not in the future."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def crawl(home: Path, site: Site, at: datetime) -> Summary:
    """Crawl the newsroom as of ``at``, through a sources file that is left in the data folder."""
    path = home / "demo-sources.yaml"
    bad = ", ".join(site.address + path for path in trouble.PATHS)
    path.write_text(_SOURCES.format(site=site.address, trouble=bad), encoding="utf-8")
    began = time.monotonic()
    with opened(home) as archive, Queue(home / "archive") as queue:
        crawler = Crawler(
            archive,
            queue,
            read_sources(path),
            now=lambda: at + timedelta(seconds=time.monotonic() - began),
            folder=home,
            options=Options(mode="once"),
        )
        asyncio.run(crawler.crawl())
    return crawler.summary


def stops(home: Path, site: Site, captured: dict[str, str]) -> Iterator[Stop]:
    """Yield the stops of the tour; ``captured`` are the ids of the pages by path."""
    site.correct()
    yield _timed(N_("The outlets correct two pages; crawled again a day later"), "", lambda: _again(home, site))
    with opened(home) as archive:
        yield _timed(N_("Searched: {value}"), QUERY, lambda: _searched(archive))
        report = archive.snapshot(captured[REPORT])
        yield _timed(N_("Related to: {value}"), report.title, lambda: _related(archive, report.id))
        original = archive.snapshot(captured[ORIGINAL])
        yield _timed(N_("Copies of: {value}"), original.title, lambda: _copies(archive, original.id))
        yield _timed(N_("One event as a story, day by day"), "", lambda: _story(archive, captured[EVENT]))
        yield _timed(N_("What changed between two versions"), "", lambda: _changes(archive, captured[CHANGED]))
        going = next(page for page in site.pages if page.removal)
        yield _timed(
            N_("Taken down on request: {value}"), going.title, lambda: _taken_down(archive, captured[going.path])
        )
        yield _timed(N_("Everything stored is read again and verified"), "", lambda: _verified(archive))
        out = home / "demo.wacz"
        yield _timed(N_("Exported for other tools: {value}"), str(out), lambda: _exported(archive, out))


def _timed(message: str, value: str, look: Callable[[], list[str]]) -> Stop:
    began = time.monotonic()
    lines = look()
    return Stop(message, value, tuple(lines), time.monotonic() - began)


def _again(home: Path, site: Site) -> list[str]:
    summary = crawl(home, site, datetime.now(UTC).replace(microsecond=0))
    return [
        f"{source}: {', '.join(f'{outcome} {count}' for outcome, count in summary.of(source).items())}"
        for source in ("newsroom", "list", "trouble")
        if summary.of(source)
    ]


def _searched(archive: Archive) -> list[str]:
    found = archive.search(QUERY, limit=SHOWN)
    return [f"{found.total}", *(f"{hit.snapshot.time:<19}  {hit.snapshot.title}" for hit in found.hits)]


def _related(archive: Archive, identity: str) -> list[str]:
    return [f"{hit.score:.2f}  {hit.snapshot.title}" for hit in archive.related(identity, SHOWN)]


def _copies(archive: Archive, identity: str) -> list[str]:
    found = archive.copies(identity)
    return [
        f"{copy.shared:.0%}  {copy.snapshot.title} ({copy.snapshot.article.source or copy.snapshot.url})"
        for copy in found.copies
    ]


def _story(archive: Archive, identity: str) -> list[str]:
    return [
        f"{day.day}  {report.snapshot.title} ({report.snapshot.article.source})"
        for day in archive.story(identity).timeline
        for report in day.reports
    ]


def _changes(archive: Archive, identity: str) -> list[str]:
    versions = archive.versions(identity)
    change = compare(versions[0].article, versions[-1].article)
    lines = [f"{one.field}: {_marked(one.pieces)}" for one in change.fields]
    return lines + [_marked(one.pieces) for one in change.body if one.kind != "same"][:SHOWN]


def _marked(pieces: list[Piece]) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def _taken_down(archive: Archive, identity: str) -> list[str]:
    title, at = archive.snapshot(identity).title, datetime.now(UTC)
    case = archive.takedowns.request(
        identity,
        ground="privacy",
        text="It prints private telephone numbers.",
        name="A guest of the seminar",
        contact="guest@demo.example",
        at=at,
    )
    archive.takedowns.grant(case.reference, by="demo", reason="private telephone numbers", at=at)
    try:
        archive.snapshot(identity)
    except TakenDown as gone:
        hits = [hit for hit in archive.search(title).hits if hit.snapshot.id == identity]
        return [f"{case.reference}  451  {gone.ground}  {gone.at}  {gone.digest}", f"search: {len(hits)}"]
    raise AssertionError(identity)


def _exported(archive: Archive, out: Path) -> list[str]:
    archive.export(out, form="wacz", at=datetime.now(UTC))
    return [f"{out.stat().st_size:,} B"]


def _verified(archive: Archive) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in archive.verify()] or ["0"]
