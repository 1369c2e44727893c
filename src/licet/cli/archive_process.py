"""``licet archive process``: read what is stored again, or WARC files on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from licet.archive import Archive
from licet.errors import BadValue
from licet.home import home
from licet.i18n import N_, gettext

if TYPE_CHECKING:
    from licet.archive.parts.run import Processed

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False)
_STEPS = {"reading": N_("reading"), "comparing": N_("comparing"), "indexing": N_("indexing")}
_SHOWN = 10


def run(  # noqa: PLR0913 - the options
    files: list[str], output: str, engine: str, address: str, language: str, *, as_json: bool
) -> None:
    """Do what the command says. Raises :class:`BadValue` for what does not go together."""
    if engine not in ("local", "ray"):
        raise BadValue(f"no engine is called '{engine[:40]}'", fix="local or ray")
    if address and engine != "ray":
        raise BadValue("--ray names a cluster, and the engine is local", fix="--engine ray")
    if files:
        if engine != "ray" or not output:
            fix = "--engine ray -o FOLDER; or take them in with 'licet archive add'"
            raise BadValue("files are read into a folder, on a cluster", fix=fix)
        _files(files, output, address, language, as_json=as_json)
        return
    if output:
        raise BadValue("-o is for WARC files, and none is named", fix="name them, or leave -o out")
    _stored(engine, address, language, as_json=as_json)


def _stored(engine: str, address: str, language: str, *, as_json: bool) -> None:
    with Archive.open(home()) as store, Progress(console=_ERR, transient=True) as bar:
        task = bar.add_task(gettext(language, "reading"), total=store.count())

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if engine == "ray":
            from licet.archive.parts.again import Again  # noqa: PLC0415 - only for a cluster
            from licet.cluster import joined  # noqa: PLC0415 - as above

            with joined(address) as cluster:
                count = store.process(progress=progress, reader=Again(cluster))
        else:
            count = store.process(progress=progress)
    if as_json:
        typer.echo(msgspec.json.encode({"processed": count}).decode())
    else:
        _OUT.print(gettext(language, "{count} snapshots read again").format(count=count))


def _files(files: list[str], folder: str, address: str, language: str, *, as_json: bool) -> None:
    from licet.archive.parts.run import process_on_ray  # noqa: PLC0415 - only for a cluster
    from licet.evidence import entity_names  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_ERR, transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, percent: float) -> None:
            if what:
                bar.update(task, description=gettext(language, _STEPS[what]))
            bar.update(task, total=100 if percent >= 0 else None, completed=max(percent, 0))

        made = process_on_ray(files, folder, names=entity_names(), address=address, told=told)
    if as_json:
        typer.echo(msgspec.json.encode(made).decode())
    else:
        _show(made, folder, language)
    if made.damage:
        raise typer.Exit(1)


def _show(made: Processed, folder: str, language: str) -> None:
    def _(message: str) -> str:
        return gettext(language, message)

    words = _("{captures} captures read in {files} files: {listed} items, {copies} groups of copies")
    counts = {"captures": made.captures, "files": len(made.files), "listed": made.listed, "copies": made.copies}
    _OUT.print(words.format(**counts))
    for reason, count in made.skipped.items():
        _OUT.print(_("passed over: {count} ({reason})").format(count=count, reason=reason), style="dim", markup=False)
    for finding in made.damaged[:_SHOWN]:
        _OUT.print(f"{finding.where}: {finding.message}", style="red", markup=False)
    if made.damage > _SHOWN:
        _OUT.print(_("{count} damaged records in all; the manifest names them").format(count=made.damage), style="red")
    _OUT.print(_("Folder: {folder}").format(folder=folder), markup=False)
