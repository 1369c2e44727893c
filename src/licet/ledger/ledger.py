"""The ledger as a caller sees it."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from licet.errors import BadValue, JournalError, LicetError, NotWritten
from licet.ledger import accounts, audit, chain, deciding, views
from licet.ledger.database import ConnectionLost, connect, kept_at
from licet.ledger.grouping import MOST_TOGETHER, Grouping
from licet.ledger.model import (
    Account,
    Add,
    Balance,
    Correct,
    Expire,
    Finding,
    Held,
    Limit,
    Line,
    Open,
    Part,
    Post,
    Receipt,
    Remove,
    Reservation,
    Reserve,
    SetLimit,
    Share,
    Statement,
    Stretch,
    Transfer,
    Unit,
    Void,
)
from licet.ledger.values import a_day, moment
from licet.ledger.writing import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal
    from pathlib import Path
    from types import TracebackType

    from licet.journal import Journal
    from licet.ledger.database import Database
    from licet.ledger.model import Kind, Request

    Day = dt.date | str
    Amount = Decimal | int

_MARK_EVERY = 10_000
_EXPIRED = """
SELECT key FROM ledger_entries AS e WHERE kind = 'reserve' AND expires IS NOT NULL AND expires < ? AND NOT EXISTS (
    SELECT 1 FROM ledger_entries AS s WHERE s.settles = e.sequence)
ORDER BY sequence
"""


def system_clock() -> dt.datetime:
    """Return the time of this machine: when an entry is made, where the caller passes no other clock."""
    return dt.datetime.now(dt.UTC)


class Ledger:
    """A ledger of allocations. Open it with :meth:`open`; it is a context manager, and threads may share it.

    Amounts are TPP (or units of a license) as ``Decimal`` or ``int``, kept to the thousandth. Days are dates or ISO
    text, and never taken from the clock; the clock says only when an entry was made. Every request has a key: asked
    again with the same facts, it is answered as the first time. What is refused leaves nothing behind, its key neither.

    Raises :class:`~licet.errors.LimitExceeded`, the other errors of :class:`~licet.errors.LedgerError`, and
    :class:`~licet.errors.BadInput`.
    """

    def __init__(
        self, database: Database, journal: Journal | None, clock: Callable[[], dt.datetime], store: str
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._store = store
        self._memory = Memory()
        self._turn = Lock()
        self._grouping = Grouping(self._run, self._turn)
        self._marked = 0
        self._closed = False
        self.identity = self._begin()
        with suppress(JournalError):  # verify says what is wrong with the journal
            self._mark()

    @classmethod
    def open(
        cls, url: str | Path, *, journal: Journal | None = None, clock: Callable[[], dt.datetime] = system_clock
    ) -> Self:
        """Open the ledger at ``sqlite:///path``, a path, or ``postgresql://…``; it is begun if it is not there.

        ``journal``: where the end of the chain is marked from time to time, so that a ledger that was cut off shows.
        """
        database = connect(url)
        try:
            return cls(database, journal, clock, kept_at(url, journal))
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Mark the end of the chain in the journal and close; once is enough."""
        with self._turn:
            if not self._closed:
                self._closed = True
                try:
                    self._mark()
                finally:
                    self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What changes something.

    def open_account(  # noqa: PLR0913 - what an account has, each by name
        self,
        name: str,
        limit: Amount | Sequence[Limit] = (),
        *,
        kind: Kind = "flow",
        shares: Sequence[Share] = (),
        unit: Unit = "TPP",
        first: Day | None = None,
        last: Day | None = None,
        details: dict[str, str] | None = None,
    ) -> Receipt:
        """Open an account: ``limit`` is one for all days of ``first`` to ``last``, or limits by the day they begin.

        ``kind``: ``flow``, used up for good; ``stock``, with removals; ``shares`` of its own whole, with ``shares`` and
        no limit. Opening it again with the same facts changes nothing.
        """
        begins = _day(first) if first is not None else dt.date.min
        limits = tuple(limit) if isinstance(limit, list | tuple) else (Limit(begins, limit),)  # type: ignore[arg-type]
        request = Open(
            name=name,
            limits=limits,
            shares=tuple(shares),
            kind=kind,
            unit=unit,
            first=_day(first) if first is not None else None,
            last=_day(last) if last is not None else None,
            details=details or {},
        )
        return self._one(request)

    def set_limit(self, account: str, limit: Amount, *, start: Day, key: str) -> Receipt:
        """Give an account another limit from the day ``start`` until the next day that has its own.

        Lowered under what is held, it takes nothing away: there is nothing to be had until it fits again.
        """
        return self._one(SetLimit(account=account, limit=limit, start=_day(start), key=key))

    def reserve(  # noqa: PLR0913 - the facts of a reservation, each by name
        self, account: str, amount: Amount, *, key: str, on: Day, expires: Day | None = None, place: str | None = None
    ) -> Receipt:
        """Hold an amount for the day ``on``; ``expires``: the last day on which it holds, see :meth:`expire`."""
        until = _day(expires) if expires is not None else None
        return self._one(Reserve(account=account, amount=amount, key=key, on=_day(on), expires=until, place=place))

    def post(self, key: str, amount: Amount | None = None) -> Receipt:
        """Make the reservation of ``key`` final; with a smaller ``amount`` the rest becomes free."""
        return self._one(Post(key=key, amount=amount))

    def void(self, key: str) -> Receipt:
        """Give the reservation of ``key`` up."""
        return self._one(Void(key=key))

    def expire(self, day: Day) -> list[Receipt]:
        """End every open reservation whose last day is before ``day``; return what was ended."""
        limit = _day(day)
        with self._reading():
            keys = [str(row[0]) for row in self._database.rows(_EXPIRED, (limit.isoformat(),))]
        outcomes = self.batch([Expire(key=key, day=limit) for key in keys])
        return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]  # the rest ended in the meantime

    def add(self, account: str, amount: Amount, *, key: str, on: Day, place: str | None = None) -> Receipt:
        """Post an amount at once."""
        return self._one(Add(account=account, amount=amount, key=key, on=_day(on), place=place))

    def remove(  # noqa: PLR0913 - the facts of a removal, each by name
        self, account: str, amount: Amount, *, key: str, on: Day, place: str | None = None, lost: bool = False
    ) -> Receipt:
        """Take out of a stock what is no longer there from the day ``on``.

        ``lost``: it is gone in fact, so that it is entered even where shares of what stays then pass their limits.
        """
        return self._one(Remove(account=account, amount=amount, key=key, on=_day(on), place=place, lost=lost))

    def correct(self, of: str, amount: Amount, *, key: str, reason: str) -> Receipt:
        """Take back what was posted in error under the key ``of``, by a counter-entry that counts from the same day."""
        return self._one(Correct(of=of, amount=amount, key=key, reason=reason))

    def transfer(  # noqa: PLR0913 - the ends of a transfer, each by name
        self,
        source: str,
        target: str,
        amount: Amount,
        *,
        key: str,
        on: Day,
        source_place: str | None = None,
        target_place: str | None = None,
    ) -> Receipt:
        """Move what is posted to another account, or to another place of an account of shares, from the day ``on``."""
        places = {"source_place": source_place, "target_place": target_place}
        return self._one(Transfer(source=source, target=target, amount=amount, key=key, on=_day(on), **places))

    def batch(self, requests: Sequence[Request]) -> list[Receipt | LicetError]:
        """Carry out many requests in few commits; return, in order, the receipt or the error of each.

        Each request is whole or not at all; one that is refused does not touch the others. A commit that the database
        does not take is an error of all of them: what was committed before it stays, and can be asked again.
        """
        outcomes: list[Receipt | LicetError] = []
        for start in range(0, len(requests), MOST_TOGETHER):
            outcomes += self._grouping.submit(requests[start : start + MOST_TOGETHER])
        return outcomes

    # What only reads.

    def accounts(self) -> list[Account]:
        """Return every account, in the order in which they were opened."""
        with self._reading():
            return accounts.read_all(self._database)

    def account(self, name: str) -> Account:
        """Return an account as it was opened."""
        with self._reading():
            return accounts.read(self._database, name)

    def balance(self, account: str, *, on: Day | None = None, place: str | None = None) -> Balance:
        """Return how an account stands for the day ``on``, which may be left out where all days have one limit."""
        with self._reading():
            return views.balance(self._database, account, _day(on) if on is not None else None, place)

    def stretches(self, account: str) -> list[Stretch]:
        """Return the days of an account with limits in stretches of one limit, each with what is held at most."""
        with self._reading():
            return views.stretches(self._database, account)

    def days(self, account: str) -> list[Held]:
        """Return what is held from each day on which that changes, in order of days."""
        with self._reading():
            return views.days(self._database, account)

    def entries(self, account: str, *, before: int | None = None, count: int = 100) -> list[Line]:
        """Return the last ``count`` entries of an account before the sequence ``before``, the last one first."""
        with self._reading():
            return views.entries(self._database, account, before, count)

    def parts(self, account: str) -> list[Part]:
        """Return the parts of an account of shares as they stand, the whole first."""
        with self._reading():
            return views.parts(self._database, account)

    def reservation(self, key: str) -> Reservation:
        """Return a reservation and what became of it."""
        with self._reading():
            return views.reservation(self._database, key)

    def statement(self, account: str, at: dt.datetime | str | None = None, *, on: Day | None = None) -> Statement:
        """Return the account as the ledger knew it ``at`` a moment, of what counts through the day ``on``.

        Both left out: everything. ``available`` is the limit of the day less what is held then.
        """
        until = _moment(at)
        with self._reading():
            return views.statement(self._database, account, until, _day(on) if on is not None else None)

    def verify(self) -> list[Finding]:
        """Read everything again; return what does not hold: nothing for a sound ledger."""
        with self._turn:
            try:
                return audit.audit(self._database, self._journal)
            except ConnectionLost:
                return audit.audit(self._database, self._journal)

    def head(self) -> tuple[int, str]:
        """Return the sequence and digest of the last entry."""
        with self._reading():
            sequence, _, digest = chain.last(self._database)
            return sequence, digest

    # How.

    def _one(self, request: Request) -> Receipt:
        outcome = self._grouping.submit((request,))[0]
        if isinstance(outcome, LicetError):
            raise outcome
        return outcome

    def _run(self, requests: Sequence[Request]) -> list[Receipt | LicetError]:
        """Carry out one commit; the turn is held. A lost connection is made again once: keys make that safe."""
        try:
            outcomes = deciding.run(self._database, self._memory, requests, self._now)
        except ConnectionLost:
            self._memory.forget()
            outcomes = deciding.run(self._database, self._memory, requests, self._now)
        last = max((one.sequence for one in outcomes if isinstance(one, Receipt)), default=0)
        if last >= self._marked + _MARK_EVERY:
            with suppress(LicetError):  # what was committed is; the next mark tells of it
                self._mark()
        return outcomes

    def _now(self) -> str:
        return moment(self._clock())

    def _reading(self) -> _Turn:
        return _Turn(self._turn, self._database)

    def _last(self) -> tuple[int, str, str]:
        with self._database.reading():
            return chain.last(self._database)

    def _begin(self) -> str:
        """Give a new ledger its name, in its first entry; return the name."""
        if self._last()[0] == 0:
            with self._database.writing():
                if chain.last(self._database)[0] == 0:  # no other process was first
                    chain.begin(self._database, self._now(), uuid.uuid4().hex)
        with self._database.reading():
            return chain.identity(self._database)

    def _mark(self) -> None:
        """Write the end of the chain into the journal, if it has moved since the last mark."""
        if self._journal is None:
            return
        sequence, time, digest = self._last()
        if sequence <= self._marked:
            return
        mark = {"ledger": self.identity, "store": self._store, "sequence": sequence, "digest": digest}
        try:
            if not any(entry.payload == mark for entry in self._journal.tail(1)):
                self._journal.append(audit.MARK, mark, time=time)
        except OSError as error:
            raise NotWritten(f"the journal could not be written: {error}", fix="free some space") from error
        self._marked = sequence


class _Turn:
    """One view of one moment, when no other thread uses the connection. A lost connection is made again once."""

    def __init__(self, turn: Lock, database: Database) -> None:
        self._turn = turn
        self._database = database
        self._view: Any = None

    def __enter__(self) -> None:
        self._turn.acquire()
        try:
            self._view = self._database.reading()
            try:
                self._view.__enter__()
            except ConnectionLost:
                self._view = self._database.reading()
                self._view.__enter__()
        except BaseException:
            self._turn.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._view.__exit__(kind, error, trace)
        finally:
            self._turn.release()


def _day(day: Day) -> dt.date:
    """Return a day that is given as a date or as ISO text."""
    if isinstance(day, str):
        try:
            return dt.date.fromisoformat(day)
        except ValueError as error:
            raise BadValue(f"{day[:40]!r} is no day", fix="write it as 2025-06-02") from error
    a_day(day, "the day")
    return day


def _moment(at: dt.datetime | str | None) -> str | None:
    if not isinstance(at, str):
        return None if at is None else moment(at)
    try:
        return moment(dt.datetime.fromisoformat(at))
    except ValueError as error:
        raise BadValue(f"{at[:40]!r} is no time", fix="write it as 2025-06-02T09:00:00+00:00") from error
