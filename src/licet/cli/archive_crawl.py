"""``licet archive crawl``, ``sources``, ``submit``: collect news from the sources of a file."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from licet.cli.options import AsJson, Language, language_of
from licet.errors import BadFile, BadValue
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.archive.collecting.events import Event, Summary
    from licet.archive.collecting.sources import Sources

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False)
_OUTCOMES = {
    "new": N_("new"),
    "version": N_("new version"),
    "same text": N_("same text"),
    "same bytes": N_("unchanged"),
    "not modified": N_("not modified"),
    "read": N_("read"),
    "stored": N_("stored"),
    "no article": N_("no article"),
    "resumed": N_("resumed"),
    "refused": N_("refused"),
    "failed": N_("failed"),
    "gone": N_("gone"),
    "waiting": N_("waiting"),
}

SourcesFile = Annotated[Path, typer.Argument(metavar="SOURCES.yaml", help="The sources file.")]


def crawl(  # noqa: PLR0913 - each is an option
    path: SourcesFile,
    *,
    once: Annotated[bool, typer.Option("--once", help="Visit what is due, each address once (the default).")] = False,
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Also wait for what failed and is retried.")] = False,
    keep_on: Annotated[bool, typer.Option("--keep-on", help="Go on until stopped.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many visits.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", metavar="NAME", help="Only this source.")] = None,
    at: Annotated[str | None, typer.Option(help="The time it is, RFC 3339 (default: now).")] = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="How many visits may run at once.")] = 16,
    log: Annotated[
        str | None, typer.Option("--log", metavar="FILE", help="Write a line of JSON for each event; - for stderr.")
    ] = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Collect from the sources of a file: politely, resumably, each as often as it changes."""
    from licet.archive.collecting.crawler import Options  # noqa: PLC0415 - other commands need not wait for it

    language = language_of(language)
    if once + until_idle + keep_on > 1:
        raise BadValue("--once, --until-idle and --keep-on exclude one another", fix="give one of them")
    mode: Literal["once", "idle", "on"] = "on" if keep_on else "idle" if until_idle else "once"
    options = Options(mode=mode, limit=limit, only=tuple(source or ()), workers=workers)
    sources = _with_contact(_read(path))
    with ExitStack() as stack:
        tell = _listener(stack, log, language)
        summary = _crawled(sources, path.parent, options, _clock(at), tell)
    if as_json:
        _line({"visits": summary.visits, "sources": summary.plain()})
    else:
        _print_summary(summary, language)


def sources(path: SourcesFile, *, language: Language = "en", as_json: AsJson = False) -> None:
    """Check a sources file, and show what was collected from each source."""
    from licet.archive.collecting.queue import FILE, Queue  # noqa: PLC0415 - as above

    language = language_of(language)
    found = _read(path)
    rows: dict[str, list[Any]] = {one.name: [] for one in found.all()}
    folder = home() / "archive"
    if (folder / FILE).exists():
        with Queue(folder) as queue:
            for name, outcome, count, checked, due in queue.overview():
                if name in rows:
                    rows[name].append((outcome, count, checked, due))
    if as_json:
        for one in found.all():
            entries = [
                {"outcome": outcome, "count": count, "checked": _time(checked), "due": _time(due)}
                for outcome, count, checked, due in rows[one.name]
            ]
            _line({**msgspec.to_builtins(one, enc_hook=float), "entries": entries})
        return
    _print_sources(found, rows, language)


def submit(
    url: Annotated[str, typer.Argument(help="The address of one page.")],
    *,
    at: Annotated[str | None, typer.Option(help="When it was submitted, RFC 3339 (default: now).")] = None,
    sender: Annotated[str, typer.Option(help="Who submits it; only a digest is kept.")] = "command line",
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Submit the address of a page, as a reader may: the next crawl takes it."""
    from licet.archive.collecting import submissions  # noqa: PLC0415 - as above

    language = language_of(language)
    done = submissions.submit(home() / "archive", url, at=_clock(at)(), sender=sender)
    if as_json:
        _line({"url": done.url, "state": done.state})
    elif done.state == "waiting":
        _OUT.print(Text(gettext(language, "{url} waits for the next crawl").format(url=done.url)))
    else:
        _OUT.print(Text(gettext(language, "{url} is known already").format(url=done.url)))


def _read(path: Path) -> Sources:
    from licet.archive.collecting.sources_file import read_sources  # noqa: PLC0415 - as above

    return read_sources(path)


def _with_contact(found: Sources) -> Sources:
    """Return the sources with the operator's contact: nobody crawls without saying who it is."""
    from licet.archive.collecting.agent import operator  # noqa: PLC0415 - as above

    contact = operator() or found.contact
    if not contact:
        fix = (
            "write contact: with an e-mail address or a web page about you into the sources file, or set LICET_CONTACT"
        )
        raise BadValue("a crawl names its operator to the sites it asks", fix=fix)
    return msgspec.structs.replace(found, contact=contact)


def _crawled(
    found: Sources, folder: Path, options: Any, now: Callable[[], datetime], tell: Callable[[Event], None]
) -> Summary:
    from licet.archive.collecting.alone import alone  # noqa: PLC0415 - as above
    from licet.archive.collecting.crawler import Crawler  # noqa: PLC0415
    from licet.archive.collecting.queue import Queue  # noqa: PLC0415
    from licet.desk.archives import open_archive  # noqa: PLC0415

    place = home() / "archive"
    with alone(place), open_archive(home()) as archive, Queue(place) as queue:
        crawler = Crawler(archive, queue, found, now=now, folder=folder, options=options, tell=tell)
        # A service manager stops a crawl with SIGTERM: it gives back what it has leased, as after Ctrl+C.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            asyncio.run(crawler.crawl())
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)
    return crawler.summary


def _clock(at: str | None) -> Callable[[], datetime]:
    """Return the clock: that of the machine, or one that starts at ``at``."""
    if at is None:
        return lambda: datetime.now(UTC)
    try:
        begin = datetime.fromisoformat(at.strip())
    except ValueError as error:
        raise BadValue(f"{at[:40]!r} is not a time", fix="write 2025-02-28T17:45:05+08:00") from error
    if begin.tzinfo is None:
        raise BadValue("the time needs a zone", fix="write 2025-02-28T17:45:05+08:00")
    behind = datetime.now(UTC) - begin
    return lambda: (datetime.now(UTC) - behind).astimezone(UTC)


def _listener(stack: ExitStack, log: str | None, language: str) -> Callable[[Event], None]:
    from licet.archive.collecting.events import joined  # noqa: PLC0415 - as above

    written = stack.enter_context(_log(log)) if log else None
    shown = stack.enter_context(_shown(language)) if _ERR.is_terminal and log != "-" else None
    return joined(written, shown)


@contextmanager
def _log(name: str) -> Iterator[Callable[[Event], None]]:
    """Write each event as a line; a line is out before the next event."""
    from licet.archive.collecting.events import as_line  # noqa: PLC0415 - as above

    try:
        stream = sys.stderr.buffer if name == "-" else Path(name).open("ab")  # noqa: SIM115 - closed below
    except OSError as error:
        told = f"the log {name} cannot be written: {error.strerror}"
        raise BadFile(told, fix="name a file in a folder that you may write to") from error

    def write(event: Event) -> None:
        stream.write(as_line(event))
        stream.flush()

    try:
        yield write
    finally:
        if name != "-":
            stream.close()


@contextmanager
def _shown(language: str) -> Iterator[Callable[[Event], None]]:
    """Show on the terminal how many visits there were, and the address that is asked."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=_ERR, transient=True) as progress:
        task = progress.add_task(gettext(language, "collecting"), total=None)
        count = 0

        def show(event: Event) -> None:
            nonlocal count
            count += event.event == "visited"
            told = gettext(language, "{count} visits").format(count=count)
            progress.update(task, description=f"{told}  {event.url[:80]}".replace("[", r"\["))

        yield show


def _print_summary(summary: Summary, language: str) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(gettext(language, "source"))
    table.add_column(gettext(language, "outcome"))
    table.add_column(gettext(language, "visits"), justify="right")
    table.add_column(gettext(language, "why"), overflow="fold")
    for name in summary.plain():
        reasons = {reason: count for (source, reason), count in summary.reasons.items() if source == name}
        outcomes = summary.of(name)
        for place, (outcome, count) in enumerate(outcomes.items()):
            last = place == len(outcomes) - 1
            why = ", ".join(f"{reason} {n}" for reason, n in sorted(reasons.items())) if last else ""
            table.add_row(Text("" if place else name), gettext(language, _OUTCOMES[outcome]), str(count), Text(why))
    _OUT.print(table)
    _OUT.print(Text(gettext(language, "{count} visits").format(count=summary.visits), style="dim"))


def _print_sources(found: Sources, rows: dict[str, list[Any]], language: str) -> None:
    table = Table(box=None, pad_edge=False)
    for title in (N_("source"), N_("publisher"), N_("kind"), N_("state"), N_("last visit"), N_("next visit")):
        table.add_column(gettext(language, title), overflow="fold", no_wrap=title in ("last visit", "next visit"))
    for one in found.all():
        entries = rows[one.name]
        state = "  ".join(f"{gettext(language, _OUTCOMES[outcome])} {count}" for outcome, count, _, _ in entries)
        checked = max((time for _, _, time, _ in entries if time), default=None)
        due = min((time for _, _, _, time in entries if time), default=None)
        table.add_row(
            Text(one.name), Text(one.publisher or ""), one.kind, state, _time(checked) or "–", _time(due) or "–"
        )
    _OUT.print(table)


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _short(seconds: float | None) -> str:
    return "–" if seconds is None else datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M")


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def register(app: typer.Typer) -> None:
    """Add the commands to the group of the archive."""
    app.command()(crawl)
    app.command()(sources)
    app.command()(submit)
