"""One transaction on the ledger: the end of the chain, the keys that were used, and the entries that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from licet.errors import KeyReused, NoSuchReservation, Settled
from licet.ledger import accounts, chain
from licet.ledger.chain import COLUMNS, Row
from licet.ledger.model import Account, Expire, Post, Receipt, Reserve, Void
from licet.ledger.values import a_key, is_key, shown, the_day, units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.ledger.database import Database
    from licet.ledger.model import Request
    from licet.ledger.together import Asked

_LOOKED_UP = 500
_WARY = 32
_BY_KEY = f"SELECT {COLUMNS} FROM ledger_entries WHERE key IN"  # noqa: S608 - our names
_SETTLING = f"SELECT {COLUMNS} FROM ledger_entries WHERE settles IN"  # noqa: S608
_CORRECTED = "SELECT COALESCE(SUM(amount), 0) FROM ledger_entries WHERE kind = 'correct' AND refers = ?"
_DONE = {"post": "posted", "void": "voided", "expire": "expired"}


class Memory:
    """What a ledger remembers between its transactions.

    Accounts never change. The end of the chain is remembered as this ledger last wrote it: whoever goes on from there
    when another process has written since asks for an entry that is there already, and the database refuses it.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.end: tuple[int, str, str] | None = None
        self._wary = 0

    def may_trust(self) -> bool:
        """Whether the next transaction may trust; after a clash, some do not: others are writing too."""
        self._wary = max(self._wary - 1, 0)
        return self.end is not None and self._wary == 0

    def forget(self) -> None:
        """Trust nothing for a while."""
        self.end, self._wary = None, _WARY


class Writing:
    """It is made when the write lock is held, and ends with :meth:`flush`.

    ``trusting``: the chain ends where this ledger left it, and the keys of plain reservations are new. Where that is
    not so, the database refuses the entries, the transaction is undone, and all of it is done again without trust.
    """

    def __init__(self, database: Database, memory: Memory, now: str, *, trusting: bool = False) -> None:
        self.database = database
        self.opened: dict[str, Account] = {}
        self.trusting = trusting and memory.end is not None
        self._known = memory.accounts
        self._sequence, time, self._digest = (memory.end if self.trusting else None) or chain.last(database)
        self._time = max(now, time)  # a clock that was set back does not unsettle the order
        self._mine: set[str] = set()
        self._waiting: list[tuple[Any, ...]] = []
        self._keys: dict[str, Row | None] = {}
        self._settled: dict[int, Row | None] = {}

    def look_up(self, requests: Sequence[Request]) -> None:
        """Read at once what many requests would each look for: whether their keys were used, how reservations ended."""
        if len(requests) == 1:  # it is looked for when it is asked
            return
        asked = [request for request in requests if not (self.trusting and type(request) is Reserve)]
        keys = {key for request in asked if is_key(key := getattr(request, "key", None))}
        for some in _some(sorted(keys)):
            self._keys.update(dict.fromkeys(some))
            self._keys.update({row.key: row for row in self._rows(_BY_KEY, some) if row.key})
        ending = {request.key for request in requests if isinstance(request, Post | Void | Expire)}
        for some in _some(sorted(row.sequence for key in ending if (row := self._keys.get(key)))):
            self._settled.update(dict.fromkeys(some))
            self._settled.update({row.settles: row for row in self._rows(_SETTLING, some) if row.settles})

    @property
    def end(self) -> tuple[int, str, str]:
        """Sequence, time and digest of the last entry."""
        return self._sequence, self._time, self._digest

    def is_new(self, key: str) -> bool:
        """Say whether a key was never used; with trust, whether this transaction has not used it."""
        if self.trusting and key not in self._keys:
            return a_key(key) not in self._mine
        return self.found(key) is None

    def flush(self) -> None:
        """Write the entries that wait: before they are read by a query, and at the end."""
        if self._waiting:
            self.database.insert(chain.INSERT, self._waiting)
            self._waiting = []

    def enter(  # noqa: PLR0913 - the columns of an entry
        self,
        account: Account,
        kind: str,
        key: str | None = None,
        amount: int = 0,
        *,
        reserved: int = 0,
        posted: int = 0,
        on_day: str | None = None,
        expires: str | None = None,
        place: str | None = None,
        other: int | None = None,
        settles: int | None = None,
        refers: int | None = None,
        note: str | None = None,
        answers: str | None = None,
    ) -> Receipt:
        """Add an entry to the chain. ``answers``: the key of the request, where the entry has none of its own."""
        self._sequence += 1
        facts = (kind, key, amount, reserved, posted, on_day, expires, place, other, settles, refers, note)
        content = (self._sequence, self._time, account.id, *facts)
        self._digest = chain.digest(self._digest, content)
        row = Row(*content, self._digest)
        self._waiting.append(row)
        if key is not None:
            self._keys[key] = row
            self._mine.add(key)
        elif settles is not None:
            self._settled[settles] = row
        return receipt(row, account.name, answers)

    def reserved(self, asked: Asked) -> Receipt:
        """Add the entry of a plain reservation: :meth:`enter` for the commonest entry, without its detours."""
        self._sequence += 1
        key, account, amount, day, expires, request = asked
        head = (self._sequence, self._time, account.id, "reserve", key, amount, amount, 0, day, expires)
        content = (*head, None, None, None, None, None)
        self._digest = last = chain.digest(self._digest, content)
        self._waiting.append((*content, last))
        self._keys.pop(key, None)  # it is looked for anew if it is asked again
        self._mine.add(key)
        return Receipt(
            sequence=self._sequence,
            time=self._time,
            kind="reserve",
            account=account.name,
            key=key,
            amount=units(amount),
            on=request.on,
            expires=request.expires,
            place=None,
            digest=last,
        )

    def account(self, name: str) -> Account:
        """Return an account by name; :class:`~licet.errors.NoSuchAccount` if there is none."""
        found = self._known.get(name) or self.opened.get(name)
        if found is None:
            found = self._known[name] = accounts.read(self.database, name)
        return found

    def account_of(self, row: Row) -> Account:
        """Return the account of an entry."""
        for account in (*self.opened.values(), *self._known.values()):
            if account.id == row.account:
                return account
        query = "SELECT name FROM ledger_accounts WHERE id = ?"
        return self.account(str(self.database.rows(query, (row.account,))[0][0]))

    def opening(self, number: int) -> Row:
        """Return the entry that opened an account."""
        self.flush()
        query = f"SELECT {COLUMNS} FROM ledger_entries WHERE kind = 'open' AND account IN"  # noqa: S608 - our names
        return self._rows(query, [number])[0]

    def found(self, key: str) -> Row | None:
        """Return the entry of a key."""
        if isinstance(key, str) and key in self._keys:  # only keys that are keys are looked up
            return self._keys[key]
        self.flush()
        found = self._keys[key] = next(iter(self._rows(_BY_KEY, [a_key(key)])), None)
        return found

    def reservation(self, key: str) -> Row:
        """Return the entry that reserved under a key; :class:`~licet.errors.NoSuchReservation` if none did."""
        found = self.found(key)
        if found is None or found.kind != "reserve":
            raise NoSuchReservation(f"nothing is reserved under {key!r}", fix="give the key of the reservation")
        return found

    def settling(self, sequence: int) -> Row | None:
        """Return the entry that ended a reservation."""
        if sequence not in self._settled:
            self.flush()
            self._settled[sequence] = next(iter(self._rows(_SETTLING, [sequence])), None)
        return self._settled[sequence]

    def ended(self, reservation: Row, kind: str, amount: int) -> Receipt | None:
        """Return what was answered when the reservation ended in the same way; an error if it ended in another."""
        row = self.settling(reservation.sequence)
        if row is None:
            return None
        if row.kind == kind and row.amount == amount:
            return receipt(row, self.account_of(reservation).name, reservation.key)
        what = f"{reservation.key!r} was {_DONE[row.kind]} ({shown(units(row.amount))}) at {row.time}"
        fix = "correct it by a counter-entry" if row.kind == "post" else "reserve anew under another key"
        raise Settled(what, fix=fix)

    def posted_of(self, row: Row) -> int:
        """Return what was posted by an entry, or of a reservation, less what was corrected since."""
        ended = self.settling(row.sequence) if row.kind == "reserve" else row
        self.flush()
        return (ended.posted if ended else 0) - int(self.database.rows(_CORRECTED, (row.sequence,))[0][0])

    def before(self, key: str, account: Account, **facts: Any) -> Receipt | None:
        """Return the answer to the first request with a key; :class:`~licet.errors.KeyReused` if its facts differ."""
        row = self.found(key)
        if row is None:
            return None
        if row.account != account.id or any(getattr(row, name) != value for name, value in facts.items()):
            fix = "a key of its own for every request; the same key only to ask the same again"
            raise KeyReused(f"the key {key!r} was used at {row.time} for another request", fix=fix)
        return receipt(row, account.name)

    def _rows(self, query: str, values: Sequence[Any]) -> list[Row]:
        marks = "(?)" if len(values) == 1 else f"({', '.join('?' * len(values))})"
        return [Row(*row) for row in self.database.rows(f"{query} {marks}", values)]


def receipt(row: Row, account: str, key: str | None = None) -> Receipt:
    """Return what is answered for an entry."""
    return Receipt(
        sequence=row.sequence,
        time=row.time,
        kind=cast("Any", row.kind),
        account=account,
        key=key or row.key or account,
        amount=units(row.amount),
        on=the_day(row.on_day),
        expires=the_day(row.expires),
        place=row.place,
        digest=row.digest,
    )


def _some(items: list[Any]) -> Iterator[list[Any]]:
    return (items[start : start + _LOOKED_UP] for start in range(0, len(items), _LOOKED_UP))
