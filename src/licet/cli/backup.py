"""``licet backup`` and ``licet restore``: the whole data folder as one file, and back."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress

from licet import backup as copies
from licet.cli.options import AsJson, Language, language_of
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command()(backup)
    app.command()(restore)


def backup(file: File, *, as_json: AsJson = False, language: Language = "en") -> None:
    """Copy the whole data folder as of now into one file; others may write meanwhile.

    A ledger in PostgreSQL is not in it: the answer names it.
    """
    language = language_of(language)
    with _shown() as progress:
        done = copies.back_up(home(), file, at=dt.datetime.now(dt.UTC), progress=progress)
    manifest = done.manifest
    if as_json:
        facts = {name: value for name, value in msgspec.to_builtins(manifest).items() if name != "files"}
        told = {"file": str(file), "size": done.size, "digest": done.digest, "files": len(manifest.files), **facts}
        typer.echo(msgspec.json.encode(told).decode())
        return
    words = {"count": len(manifest.files), "size": f"{done.size:,}", "file": file, "digest": done.digest}
    typer.echo(gettext(language, N_("{count} files, {size} bytes in {file}")).format(**words))
    typer.echo(gettext(language, N_("keep this elsewhere to know the backup again: {digest}")).format(**words))
    for name in manifest.missing:
        typer.echo(gettext(language, N_("not whole in the data folder: {name}; run licet verify")).format(name=name))
    for name in manifest.elsewhere:
        typer.echo(
            gettext(language, N_("not in the backup: the ledger at {name}; copy it with its own means")).format(
                name=name
            )
        )


def restore(file: File, *, as_json: AsJson = False, language: Language = "en") -> None:
    """Write a backup into the data folder, which must be empty; every byte is checked before anything has its place."""
    language = language_of(language)
    with _shown() as progress:
        manifest = copies.restore(file, home(), progress=progress)
    if as_json:
        told = {"home": str(home()), "files": len(manifest.files), "at": manifest.at, "journal": manifest.journal}
        told |= {"missing": manifest.missing, "elsewhere": manifest.elsewhere}
        typer.echo(msgspec.json.encode(told).decode())
        return
    words = {"count": len(manifest.files), "folder": home(), "at": manifest.at}
    typer.echo(gettext(language, N_("{count} files as of {at} in {folder}; run licet verify next")).format(**words))
    for name in manifest.elsewhere:
        typer.echo(gettext(language, N_("the ledger at {name} was not in the backup")).format(name=name))


@contextmanager
def _shown() -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar to a person, nothing to a program."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(BarColumn(), DownloadColumn(), console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)
