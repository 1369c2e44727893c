"""What an erasure takes away: which captures and visits, which of their records, in which files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from licet.archive.takedowns import machine
from licet.archive.takedowns.subjects import item_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from licet.archive.takedowns.model import Case
    from licet.archive.takedowns.register import Register, Tables

HELD = "hold"
"""Why an erasure waits, where a legal hold is why."""


class Doomed(NamedTuple):
    """A capture to erase: its number, the snapshot it belongs to, digest, time, record; ``page`` or what one needs."""

    number: int
    snapshot: str
    digest: str
    captured_at: str
    record: str
    page: bool


class Plan(NamedTuple):
    """One erasure: these snapshots, their captures, the records to cut out, and the files that have them."""

    snapshots: tuple[str, ...]
    captures: tuple[Doomed, ...]
    records: frozenset[str]
    files: tuple[str, ...]


class Due(NamedTuple):
    """Snapshots that may be erased, and those that are due and wait, with the reason."""

    ready: tuple[str, ...]
    waiting: dict[str, str]


def due(tables: Tables, register: Register, at: datetime) -> Due:
    """Return which snapshots of granted cases are due at ``at``."""
    rows = tables.rows(
        "SELECT DISTINCT n.snapshot FROM takedown_cases AS c JOIN takedown_snapshots AS n USING (reference)"
        " JOIN snapshots AS s ON s.id = n.snapshot WHERE c.status = 'granted' AND s.state <> 'erased' ORDER BY 1"
    )
    ready, waiting = [], {}
    for (snapshot,) in rows:
        covering = register.covering(snapshot)
        if not machine.due([(case.status, case.retain_until) for case in covering], at):
            continue
        if register.holding(snapshot, item_of(tables, snapshot)):
            waiting[snapshot] = HELD
        else:
            ready.append(snapshot)
    return Due(tuple(ready), waiting)


def batches(tables: Tables, snapshots: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the snapshots together that were first captured into one file: it is then rewritten once."""
    found: dict[str, list[str]] = {}
    for snapshot in snapshots:
        rows = tables.rows(
            "SELECT c.warc FROM snapshots AS s JOIN captures AS c ON c.id = s.capture WHERE s.id = ?", (snapshot,)
        )
        found.setdefault(str(rows[0][0]) if rows else "", []).append(snapshot)
    return [tuple(found[file]) for file in sorted(found)]


def plan(tables: Tables, snapshots: tuple[str, ...]) -> Plan:
    """Return what erasing these snapshots takes away; requisites go where no other page needs them."""
    captures = [one for snapshot in snapshots for one in _pages(tables, snapshot)]
    captures += _requisites(tables, captures)
    records, files = set(), set()
    for one in captures:
        for record, file in tables.rows(
            "SELECT record, warc FROM visits WHERE capture = ?1 UNION SELECT record, warc FROM captures WHERE id = ?1",
            (one.number,),
        ):
            records.add(record)
            files.add(file)
    return Plan(snapshots, tuple(captures), frozenset(records), tuple(sorted(files)))


def _pages(tables: Tables, snapshot: str) -> list[Doomed]:
    rows = tables.rows(
        "SELECT id, digest, captured_at, record FROM captures WHERE snapshot = ? AND canonical NOT LIKE 'erased:%'"
        " ORDER BY id",
        (snapshot,),
    )
    return [Doomed(number, snapshot, digest, at, record, page=True) for number, digest, at, record in rows]


def _requisites(tables: Tables, pages: Iterable[Doomed]) -> list[Doomed]:
    """Return what these pages need and no other page does."""
    owners = {page.number: page.snapshot for page in pages}
    found: dict[int, Doomed] = {}
    for page, snapshot in owners.items():
        for number, digest, at, record in tables.rows(
            "SELECT c.id, c.digest, c.captured_at, c.record FROM requisites AS r JOIN captures AS c"
            " ON c.id = r.requisite WHERE r.page = ? AND c.kind = 'requisite'",
            (page,),
        ):
            users = {row[0] for row in tables.rows("SELECT page FROM requisites WHERE requisite = ?", (number,))}
            if users <= set(owners):
                found.setdefault(number, Doomed(number, snapshot, digest, at, record, page=False))
    return list(found.values())


def finished(tables: Tables, cases: Iterable[Case]) -> list[Case]:
    """Return the granted cases of which nothing is left to erase."""
    return [
        case
        for case in cases
        if case.status == "granted"
        and not any(
            tables.rows("SELECT 1 FROM snapshots WHERE id = ? AND state <> 'erased'", (one,)) for one in case.snapshots
        )
    ]
