"""``licet orders allocate``: a book, the law and the ledger in; a plan out. The ledger is only read."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec

from licet.decisions.line import plain
from licet.errors import BadInput
from licet.ledger.values import thousandths
from licet.orders import reading, rejects, results
from licet.orders.allocation.plan import FORMAT, Account, Head, LimitFrom, Line, Writing, drafted
from licet.orders.allocation.rooms import Portions, Room, Rooms, shown
from licet.orders.allocation.taking import Asked as Question
from licet.orders.allocation.taking import Taking, Way
from licet.orders.allocation.turns import ordering
from licet.orders.allocation.ways import Ways
from licet.orders.book import ANSWER, FILE, LINE, connect
from licet.orders.screening import Asked, Screened, failed, screened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from licet.ledger import Ledger
    from licet.statutes import Statutes

_FETCHED = 5_000
_ASKING = ("license_required", "license_exception")
_FREE = ("no_license_required", "not_subject", "not_an_export")
LICENSE, LICENSE_ITEM = "license", "license_item"
MOST_WAITING = 1_000


@dataclass(frozen=True)
class Planned:
    """A plan that was made: its head, and how many lines could not be read."""

    head: Head
    rejected: int


def allocate_files(  # noqa: PLR0913 - where from, where to, and how it is asked
    inputs: Sequence[str],
    plan: Path,
    refused: Path,
    statutes: Statutes,
    asked: Asked,
    *,
    order: str = "date",
    ledger: Ledger | None = None,
    expires: dt.date | None = None,
    memory: str = "",
    told: Callable[[str, float], None] | None = None,
) -> Planned:
    """Make a plan for a book and write it to ``plan``; ``refused`` gets the lines that cannot be read.

    ``order``: see :func:`ordering`. ``ledger``: what has been used; None: nothing. ``expires``: the last day of the
    reservations that the plan may be given. Raises :class:`BadInput` with the fix.
    """
    _checked(plan, refused, inputs)
    with tempfile.TemporaryDirectory(prefix="licet-orders-") as spilled, connect(Path(spilled), memory) as base:
        _tell(told, "reading")
        try:
            book = reading.read(base, inputs)
            _tell(told, "deciding")
            found = screened(book, statutes, asked, told)
            _no_stated_use(found)
            _tell(told, "allocating")
            making = _Making(found, Rooms(ledger))
            with drafted(plan) as (lines, target), results.whole(refused) as (draft,):
                writing = Writing(lines)
                for line in making.lines(order):
                    writing.write(line)
                rejects.collect(found)
                rejected = results.copy(base, f"SELECT * FROM {rejects.TABLE}", draft, refused)
                head = writing.finish(making.head(order, asked, inputs, ledger, expires), target)
        except duckdb.Error as error:
            raise failed(error) from error
    return Planned(head, rejected)


@dataclass
class _Making:
    """The lines of one book in their turns."""

    found: Screened
    rooms: Rooms
    counts: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    waiting: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._given = list(self.found.answers.numbers)
        made = self.found.made
        pairs = zip(made.laws, made.queries, strict=True)
        self._ways = [Ways(law, query) for law, query in pairs]
        self._taking = Taking(self.rooms)

    def lines(self, order: str) -> Iterator[Line]:
        """Yield what becomes of each line that can be read, in the declared order."""
        made, answers = self.found.made, self.found.answers
        day = "x." + made.dimensions[made.dated].column(("stated", "date"), list)
        asking = f"a.outcome IN ({', '.join(repr(name) for name in _ASKING)})"
        columns = {column.name.casefold(): f"CAST(x.{column.sql} AS VARCHAR)" for column in self.found.book.columns}
        name = self.found.sorted.id
        picked = [
            f"x.{FILE}",
            f"x.{LINE}",
            f"CAST(x.{name.sql} AS VARCHAR)" if name else "NULL",
            columns.get(LICENSE, "NULL"),
            columns.get(LICENSE_ITEM, "NULL"),
            day,
            "x.total",
            f"x.{ANSWER}",
            f"CASE WHEN {asking} THEN {answers.asked()} END",
        ]
        query = (
            f"SELECT {', '.join(picked)} FROM ({made.rows(self.found.beside())}) AS x "
            f"JOIN answers AS a ON a.answer = x.{ANSWER} ORDER BY {ordering(self.found, order, day)}"
        )
        cursor = self.found.book.base.cursor().execute(query)
        turn = 0
        while rows := cursor.fetchmany(_FETCHED):
            for row in rows:
                turn += 1
                yield self._line(turn, row)

    def _line(self, turn: int, row: tuple[Any, ...]) -> Line:
        file, line, name, license_number, item, day, total, answer, asked = row
        _, outcome, *_, missing, _ = self._given[answer]
        fields: dict[str, Any] = {"turn": turn, "line": line, "id": name, "date": str(day), "outcome": outcome}
        fields["file"] = self.found.book.files[file] if len(self.found.book.files) > 1 else ""
        if asked is None:
            status = "free" if outcome in _FREE else outcome
            waits = ({"what": "facts", "facts": tuple(missing)},) if outcome == "undecided" else ()
            return self._counted(msgspec.convert({**fields, "status": status, "waits_for": waits}, Line))
        facts, law = self.found.answers.transaction(asked)
        amount = None if total is None else thousandths(total, zero=True) or None
        item = item or self.found.made.values.chip_id(asked.get("chip"))
        number = (license_number or "").strip() or None
        question = Question(facts, day, amount, number, item)
        way = self._taking.take(self._ways[law], question)
        return self._counted(_with(fields, way))

    def _counted(self, line: Line) -> Line:
        self.counts[line.status] += 1
        if line.account and line.status == "planned":
            self.drawn[line.account] += 1
        for wait in line.waits_for:
            self.waiting[wait.what, wait.account, wait.facts, wait.review_policy, wait.clause] += 1
        return line

    def head(
        self, order: str, asked: Asked, inputs: Sequence[str], ledger: Ledger | None, expires: dt.date | None
    ) -> Head:
        """Return the head of the plan once all lines have had their turn."""
        return Head(
            plan=FORMAT,
            order=order,
            expires=expires.isoformat() if expires else None,
            asked=_terms(asked),
            laws=tuple(law.digest for law in self.found.made.laws),
            files=tuple({"name": path.name, "sha256": _sha256(path)} for path in reading.expand(inputs)),
            ledger=_end(ledger),
            counts={"lines": self.counts.total(), **dict(sorted(self.counts.items()))},
            accounts=tuple(self._account(room) for room in self.rooms.used()),
            waiting=tuple(_wait(key, count) for key, count in _most(self.waiting)),
        )

    def _account(self, room: Room | Portions) -> Account:
        opened = room.opened if isinstance(room, Room) else None
        raised = room.raised if isinstance(room, Room) else []
        return Account(
            name=room.name,
            unit="unit" if room.name.startswith("license/") else "TPP",
            before=_text(room.before),
            planned=_text(room.planned),
            lines=self.drawn[room.name],
            open=msgspec.to_builtins(opened) if opened else None,
            raised=tuple(LimitFrom(start.isoformat(), _text(amount)) for start, amount in raised),
        )


def _with(fields: dict[str, Any], way: Way) -> Line:
    line = Line(
        **{**fields, "outcome": way.outcome},
        status=way.status,
        way=way.way,
        clause=way.clause,
        review_policy=way.review_policy,
        waits_for=way.waits_for,
    )
    if way.account is None:
        return line
    drawn = {"account": way.account, "amount": _text(way.amount), "unit": way.unit, "place": way.place}
    return msgspec.structs.replace(line, **drawn)


def _no_stated_use(found: Screened) -> None:
    """Refuse a book that says itself what has been used: the ledger does."""
    facts = {clause.form.draws.used for law in found.made.laws for clause in law.clauses.values() if clause.form.draws}
    stated = sorted(facts & set(found.sorted.facts))
    if stated:
        raise BadInput(
            f"the book states {', '.join(stated)}, and what has been used stands in the ledger",
            fix="drop the column; enter what was used before with licet ledger open, reserve and post",
        )


def _checked(plan: Path, refused: Path, inputs: Sequence[str]) -> None:
    if plan.suffix != ".jsonl":
        raise BadInput(f"{plan.name} is no name of a plan", fix="end it in .jsonl")
    results.checked(plan, inputs)
    results.checked(refused, inputs)
    if plan.resolve() == refused.resolve():
        raise BadInput("plan and rejects are written to one file", fix="name another file with --rejects")


def _terms(asked: Asked) -> dict[str, Any]:
    return {
        "day": asked.day.isoformat() if asked.day else None,
        "basis": asked.basis,
        "system": asked.system,
        "known": asked.known.isoformat() if asked.known else None,
        "readings": dict(sorted((asked.readings or {}).items())),
        "proposals": list(asked.proposals),
        "headquarters_taken": asked.headquarters_taken,
    }


def _end(ledger: Ledger | None) -> dict[str, Any] | None:
    if ledger is None:
        return None
    sequence, digest = ledger.head()
    return {"identity": ledger.identity, "sequence": sequence, "digest": digest}


def _most(waiting: Counter[tuple[Any, ...]]) -> list[tuple[tuple[Any, ...], int]]:
    return sorted(waiting.items(), key=lambda item: (-item[1], str(item[0])))[:MOST_WAITING]


def _wait(key: tuple[Any, ...], count: int) -> dict[str, Any]:
    what, account, facts, policy, clause = key
    told = {"what": what, "account": account, "facts": list(facts), "review_policy": policy, "clause": clause}
    return {"lines": count} | {name: value for name, value in told.items() if value}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text(amount: int) -> str:
    return str(plain(shown(amount)))


def _tell(told: Callable[[str, float], None] | None, what: str) -> None:
    if told is not None:
        told(what, -1)
