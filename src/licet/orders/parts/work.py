"""A part of a book on a worker: decided, and written with what it adds to the sums of the whole."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb

from licet import statutes, storage
from licet.errors import ClusterFailed
from licet.orders import rejects, results
from licet.orders.book import BROKEN, connect, one, quoted_text
from licet.orders.deciding import Answers
from licet.orders.parts import sums
from licet.orders.parts.plan import load
from licet.orders.parts.survey import surveyed
from licet.orders.screening import decided, failed, prepared
from licet.orders.summary import grouped, grouping, ordered
from licet.orders.together import drawing

if TYPE_CHECKING:
    from licet.orders.parts.plan import Part, Plan
    from licet.orders.parts.survey import Question
    from licet.orders.patterns import Patterns
    from licet.orders.screening import Asked, Screened
    from licet.statutes import LawFile

_TABLES = ("book", "found", "map", "byrow", "answers", "refused", rejects.TABLE)


@dataclass(frozen=True)
class Job:
    """What every worker gets once: the book in parts, what is known of it, the law, and where results go.

    ``name``: tells this run from others; ``digests``: of the laws, as the caller has them; ``answers`` and ``rejects``:
    the ending of a part's file; ``buckets``: in so many shares
    the sums are made.
    """

    name: str
    plan: Plan
    known: dict[Question, Any]
    asked: Asked
    law: tuple[LawFile, ...]
    digests: tuple[str, ...]
    work: str
    folder: str
    answers: str
    rejects: str
    memory: str
    buckets: int


@dataclass(frozen=True, slots=True)
class Done:
    """A part that is written: how many lines it had and how many are rejects, its sums of few groups.

    ``drawing``: the clauses on whose accounts its lines draw, each with the last law that has it.
    """

    lines: int
    rejected: int
    groups: dict[str, list[Any]]
    drawing: list[tuple[str, int]]


def answered_by(job: Job, part: Part) -> str:
    """Return where the answers of a part are written."""
    return storage.joined(job.folder, f"part-{part.number:06}{job.answers}")


def refused_by(job: Job, part: Part) -> str:
    """Return where the rejects of a part are written."""
    return storage.joined(job.work, f"rejects-{part.number:06}{job.rejects}")


_ready: dict[str, tuple[duckdb.DuckDBPyConnection, Patterns, Answers]] = {}
"""The engine of the run that this process works for, with the book prepared in it: kept from part to part,
with what was decided."""


def worked(part: Part, job: Job) -> Done:
    """Decide a part of a book and write it. Raises :class:`ClusterFailed` on a machine that reads another law."""
    base, made, answers = _ready.pop(job.name) if job.name in _ready else _prepare(job)
    _ready.clear()
    try:
        made.book = load(base, job.plan, part)
        found = decided(made.book, made, answers=answers)
        written = _copy(part, found, found.answered(), answered_by(job, part), job.answers)
        rejects.collect(found)
        refused = _copy(part, found, f"SELECT * FROM {rejects.TABLE}", refused_by(job, part), job.rejects)
        assert (written, refused) == (found.lines - found.rejected, found.rejected)  # noqa: S101 - none is lost
        groups = {
            name: base.execute(grouped(found, name) + ordered(name)).fetchall()
            for name in grouping(made)
            if name != "account"
        }
        sums.write(found, job.buckets, job.work, part.number)
        done = Done(found.lines, found.rejected, groups, drawing(found))
        for table in _TABLES:
            base.execute(f"DROP TABLE {table}")
        base.execute(f"DELETE FROM {BROKEN}")
    except duckdb.Error as error:
        raise failed(error) from error
    _ready[job.name] = (base, made, answers)
    return done


def _prepare(job: Job) -> tuple[duckdb.DuckDBPyConnection, Patterns, Answers]:
    """Return an engine with the columns of the book read by the law that was sent."""
    # The engine makes the folder when it spills, and removes it.
    base = connect(Path(tempfile.gettempdir()) / f"licet-orders-{uuid4().hex}", job.memory)
    base.execute("SET threads = 1")
    made = prepared(surveyed(base, job.plan, job.known), statutes.of(job.law), job.asked)
    if tuple(law.digest for law in made.laws) != job.digests:
        raise ClusterFailed(
            "a worker reads another law out of the same files", fix="install the same Licet on every machine"
        )
    return base, made, Answers(made, seen={})


def _copy(part: Part, found: Screened, query: str, name: str, ending: str) -> int:
    with storage.written(name) as draft:
        # The parts of a text file are joined into one, which has one header.
        return results.copy(found.book.base, query, draft, Path(f"part{ending}"), headed=part.number == 0)


def joined(base: duckdb.DuckDBPyConnection, names: list[str], draft: Path) -> None:
    """Write Parquet files as one, in their order."""
    for name in names:
        if storage.local(name) is None:
            base.register_filesystem(storage.filesystem(name)[0])
    listed = ", ".join(quoted_text(name) for name in names)
    one(
        base,
        f"COPY (SELECT * FROM read_parquet([{listed}], hive_partitioning = false)) TO {quoted_text(str(draft))} "
        "(FORMAT parquet)",
    )
