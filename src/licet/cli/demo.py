"""``licet demo``: the questions, the newsroom, the archive and the desk, on one machine and without a network."""

from __future__ import annotations

import os
import socket
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from licet.cli import demo_calls
from licet.demo import newsroom
from licet.demo.questions import QUESTIONS
from licet.errors import BadValue
from licet.i18n import LANGUAGES, N_, gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.cli.demo_calls import Captured, Stop
    from licet.demo import Site

SHOWN_MENTIONS = ("/news/20250303_0912.htm", "/en/2025/03/swiss-research-cluster")
LAST_PORT = 65535
PORTS_TRIED = 100


def demo(
    *,
    serve: Annotated[bool, typer.Option(help="Open the desk at the end, until stopped.")] = True,
    host: Annotated[str, typer.Option(help="The address that the desk listens on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The desk's port, or the next free one.", min=1, max=LAST_PORT)] = 8000,
    home: Annotated[
        Path | None,
        typer.Option(help="The data folder (default: LICET_HOME, else a new temporary folder, which is kept)."),
    ] = None,
) -> None:
    """Ask the demo questions, capture a small news site into the archive, and open the desk on both.

    Everything is made on this machine: the news site is part of the program, and no network is needed.
    """
    console = Console()
    folder = _folder(home)
    _say(console, N_("Data folder: {value}"), folder)
    _ask_all(console)
    with newsroom() as site:
        _say(console, N_("A newsroom of {value} pages, captured page by page"), len(site.pages))
        captured = _capture_all(folder, site, console)
        _show_captures(captured, console)
        for one in captured:
            if one.path in SHOWN_MENTIONS:
                _show_mentions(one, console)
        for stop in demo_calls.tour(folder, site, captured):
            _show_stop(stop, console)
    if serve:
        _serve(folder, host, port, console)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(demo)


def _folder(given: Path | None) -> Path:
    """Return the data folder of the demonstration, made if it is not there."""
    named = given or os.environ.get("LICET_HOME") or tempfile.mkdtemp(prefix="licet-demo-")
    folder = Path(named).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _say(console: Console, message: str, value: object = "") -> None:
    """Print a message in both languages, a line each, set off from what came before."""
    console.print()
    for language in LANGUAGES:
        text = gettext(language, message).format(value=value)
        console.print(text, style="bold", markup=False, highlight=False, soft_wrap=True)


def _ask_all(console: Console) -> None:
    """Ask every question; the first is answered in full, with its facts and clauses."""
    first = QUESTIONS[0][1][0]
    for heading, questions in QUESTIONS:
        _say(console, heading)
        for question in questions:
            console.print(f"\n$ {question.command()}", style="cyan", markup=False, highlight=False, soft_wrap=True)
            demo_calls.answer(question, LANGUAGES, console, whole=question is first)


def _capture_all(folder: Path, site: Site, console: Console) -> list[Captured]:
    captures = demo_calls.capture(folder, site)
    return list(track(captures, total=len(site.pages), console=console, transient=True, description=""))


def _show_captures(captured: Sequence[Captured], console: Console) -> None:
    for one in captured:
        line = f"  {one.identity}  {one.time:<19}  {one.title} ({one.source})"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_mentions(captured: Captured, console: Console) -> None:
    _say(console, N_("Mentions found in: {value}"), captured.title)
    counted = Counter(captured.mentions)
    for (kind, key), count in sorted(counted.items()):
        console.print(f"  {kind:<10} {key} × {count}", markup=False, highlight=False)


def _show_stop(stop: Stop, console: Console) -> None:
    _say(console, stop.message, stop.value)
    for line in stop.lines:
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"  ({stop.seconds:.2f} s)", style="dim", markup=False, highlight=False)


def free_port(host: str, first: int) -> int:
    """Return the first port from ``first`` on that ``host`` can listen on.

    :class:`~licet.errors.BadValue` if the host is not this machine's, or if 100 ports in a row are taken.
    """
    try:
        family = socket.getaddrinfo(host, first, type=socket.SOCK_STREAM)[0][0]
    except socket.gaierror as error:
        raise BadValue(f"no such host: {host}", fix="name an address of this machine, such as 127.0.0.1") from error
    for port in range(first, min(first + PORTS_TRIED, LAST_PORT + 1)):
        try:
            socket.create_server((host, port), family=family).close()
        except OSError:
            continue
        return port
    raise BadValue(
        f"no free port on {host} from {first} on",
        fix="give another --port, or a --host that is an address of this machine",
    )


def _serve(folder: Path, host: str, port: int, console: Console) -> None:
    chosen = free_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    _say(console, N_("The desk: {value} (stop it with Ctrl+C)"), f"http://{shown}:{chosen}/")
    demo_calls.serve(folder, host, chosen)
