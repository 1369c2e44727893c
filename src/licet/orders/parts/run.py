"""``licet orders screen --engine ray``: files in, parts on many machines, one result."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb

from licet import cluster as machines
from licet import statutes, storage
from licet.errors import BadFile
from licet.orders import results
from licet.orders.book import connect
from licet.orders.parts import plan as plans
from licet.orders.parts import sums
from licet.orders.parts.survey import survey
from licet.orders.parts.work import Job, answered_by, joined, refused_by, worked
from licet.orders.screening import failed
from licet.orders.summary import MOST_GROUPS, Totals, grouping, summary
from licet.orders.together import judged, most, passing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.cluster import Cluster, Told
    from licet.orders.parts.work import Done
    from licet.orders.patterns import Patterns
    from licet.orders.screening import Asked
    from licet.orders.together import Warned
    from licet.statutes import LawFile

MANIFEST = "manifest.json"
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class Places:
    """Where results go: ``output`` is a file, or a folder of numbered parts; ``work`` is gone in the end."""

    output: str
    refused: str
    folder: bool
    work: str


def screen_on_ray(  # noqa: PLR0913 - where from, where to, and how it is asked
    inputs: Sequence[str],
    output: str,
    refused: str,
    law: tuple[LawFile, ...],
    asked: Asked,
    *,
    address: str = "",
    memory: str = "",
    told: Told = None,
    rows: int = plans.ROWS,
) -> dict[str, Any]:
    """Screen files as one book on a Ray cluster; return the summary, which is that of :func:`screen_files`.

    ``inputs``, ``output`` and ``refused`` are paths that all machines see, or addresses of object storage. ``output``
    is a file, or a folder (it ends in ``/``) that gets parts of at most ``rows`` lines of the book, numbered in its
    order, and last of all ``manifest.json``. ``law``: :func:`licet.statutes.files`; ``memory``: of each worker.
    The same book gives the same bytes, however many workers there are. Raises :class:`BadInput` with the fix.
    """
    places = _places(inputs, output, refused)
    with machines.joined(address) as cluster, _cleared(places):
        _tell(told, "reading")
        made = plans.plan(cluster, inputs, places.work, told, rows)
        _tell(told, "surveying")
        known, patterns = survey(cluster, made, statutes.of(law), asked, told)
        job = _job(places, made, known, asked, law, patterns, memory)
        _tell(told, "deciding")
        done = cluster.each(worked, made.parts, job, told=told)
        _tell(told, "summing up")
        found = summary(patterns, _totals(cluster, job, patterns, done, told))
        found |= {"output": output, "rejects": refused}
        _tell(told, "writing")
        _finish(places, job, done, found)
    return found


def _tell(told: Told, what: str) -> None:
    if told is not None:
        told(what, -1)


def _places(inputs: Sequence[str], output: str, refused: str) -> Places:
    path = storage.local(output)
    folder = output.endswith("/") or (path is not None and path.is_dir())
    for name in (refused,) if folder else (output, refused):
        there = storage.local(name)
        if there is not None and not (folder and there.parent == path):
            results.checked(there, inputs)
        results.format_of(Path(name))
        storage.filesystem(name)
    if output == refused:
        raise BadFile("answers and rejects are written to one file", fix="name another file with --rejects")
    if folder and not storage.empty(output):
        raise BadFile(f"there is something in {output}", fix="name a new folder")
    if folder:
        return Places(output, refused, folder, storage.joined(output, "_work"))
    if path is not None:
        return Places(output, refused, folder, str(path.resolve().with_name(f".{path.name}.{uuid4().hex}.parts")))
    return Places(output, refused, folder, f"{output}.{uuid4().hex}.parts")


@contextmanager
def _cleared(places: Places) -> Iterator[None]:
    """Remove what was written on the way; of what failed nothing stays."""
    try:
        yield
    except BaseException:
        if places.folder:
            storage.removed(places.output)
        raise
    finally:
        storage.removed(places.work)


def _job(  # noqa: PLR0913, PLR0917 - all that a worker has to know
    places: Places,
    made: plans.Plan,
    known: dict[Any, Any],
    asked: Asked,
    law: tuple[LawFile, ...],
    patterns: Patterns,
    memory: str,
) -> Job:
    return Job(
        name=uuid4().hex,
        plan=made,
        known=known,
        asked=asked,
        law=law,
        digests=tuple(found.digest for found in patterns.laws),
        work=places.work,
        folder=places.output if places.folder else places.work,
        answers=".parquet" if places.folder else results.ending_of(Path(places.output)),
        rejects=results.ending_of(Path(places.refused)),
        memory=memory,
        buckets=sums.buckets(len(made.parts)),
    )


def _totals(cluster: Cluster, job: Job, made: Patterns, done: list[Done], told: Told) -> Totals:
    laws: dict[str, int] = {}
    for item in done:
        for clause, number in item.drawing:
            laws[clause] = max(number, laws.get(clause, number))
    which = {
        clause: passing(made, made.laws[number], made.laws[number].clauses[clause]) for clause, number in laws.items()
    }
    every = range(len(done))
    numbers = {
        "patterns": every,
        "accounts": every if "account" in grouping(made) else (),
        "draws": [number for number in every if done[number].drawing],
    }
    found = cluster.each(sums.summed, range(job.buckets), job.work, numbers, which, told=told)
    warned: list[Warned] = []
    for clause, number in sorted(laws.items()):
        law = made.laws[number]
        warned += judged(law, law.clauses[clause], sums.draws(found, clause))
    groups = {name: _united([item.groups[name] for item in done]) for name in done[0].groups}
    groups["account"] = sums.accounts(found)[:MOST_GROUPS]
    return Totals(
        sum(item.lines for item in done),
        sum(item.rejected for item in done),
        sum(item.patterns for item in found),
        groups,
        most(warned),
    )


def _united(found: list[list[Any]]) -> list[Any]:
    """Return the sums of few groups over all parts."""
    united: dict[Any, list[Any]] = {}
    for rows in found:
        for of, *amounts in rows:
            own = united.setdefault(of, [0, 0, 0])
            own[:] = [before + (more or 0) for before, more in zip(own, amounts, strict=True)]
    return [(of, *amounts) for of, amounts in united.items()]


def _finish(places: Places, job: Job, done: list[Done], found: dict[str, Any]) -> None:
    """Give the results their names: rejects, answers, and of a folder the manifest last of all."""
    parts = job.plan.parts
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled), job.memory) as base:
        try:
            _one_file(base, [refused_by(job, part) for part in parts], places.refused)
            if not places.folder:
                _one_file(base, [answered_by(job, part) for part in parts], places.output)
        except duckdb.Error as error:
            raise failed(error) from error
    if places.folder:
        listed = [
            {"name": answered_by(job, part).rpartition("/")[2], "lines": item.lines, "rejected": item.rejected}
            for part, item in zip(parts, done, strict=True)
        ]
        with storage.written(storage.joined(places.output, MANIFEST)) as draft:
            text = json.dumps({"parts": listed, "summary": found}, ensure_ascii=False, indent=1)
            draft.write_text(text + "\n", encoding="utf-8")


def _one_file(base: duckdb.DuckDBPyConnection, names: list[str], target: str) -> None:
    """Join the files of all parts; text files stand one after the other, and so do compressed ones."""
    with storage.written(target) as draft:
        if results.format_of(Path(target)) == results.format_of(Path("x.parquet")):
            joined(base, names, draft)
            return
        with draft.open("wb") as whole:
            for name in names:
                with storage.opened(name) as stream:
                    shutil.copyfileobj(stream, whole, _BLOCK)
