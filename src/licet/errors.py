"""Every error that Licet raises on purpose.

::

    LicetError                  a message, and the fix
    ├── BadInput                what the caller gave cannot be used
    │   ├── UnknownName         no such chip, place, fact, act, clause (with near names)
    │   ├── BadValue            a fact or option of the wrong type, unit or range
    │   ├── BadFile             a file that cannot be read as what it should be
    │   ├── TooMany             more than one client may do in a day
    │   ├── Conflict            it does not fit what was asked before, or what is being done
    │   └── NotAcceptable       asked for in a form that it does not come in
    ├── LawError                the law data is wrong: names file and line
    ├── ArchiveError            the news archive
    │   ├── FetchRefused        we may not or will not fetch (robots, private address, scheme, size)
    │   ├── FetchFailed         we tried, the other side did not answer as hoped
    │   ├── LimitReached        readers have submitted all that fits for now
    │   ├── NotExtractable      bytes that hold no article
    │   ├── NoSuchSnapshot      no snapshot of that id
    │   ├── TakedownError       a request to take something down, or a hold
    │   │   ├── NoSuchCase      no request of that reference, no hold of that number
    │   │   ├── NotInThatState  a step that does not follow from where the case stands
    │   │   └── TooManyRequests more requests than are taken from one client, or at once
    │   ├── TakenDown           a snapshot that was there and may not be shown
    │   ├── NoSuchSubscription  no subscription behind that private link
    │   ├── NotShown            it is stored, but may not be shown, or not so
    │   └── Damaged             stored bytes do not match their digest
    ├── LedgerError             the ledger of allocations
    │   ├── LimitExceeded       more than is available; says how much is
    │   ├── KeyReused           a key, or the name of an account, used before with other facts
    │   ├── NoSuchAccount       no account of that name
    │   ├── NoSuchReservation   nothing was reserved or posted under that key
    │   ├── Settled             a reservation that was posted, voided or expired before
    │   └── NotWritten          the database did not take it: full, busy, gone; nothing was changed
    ├── DeskError               who may do what at the desk
    │   ├── NotSignedIn         somebody must sign in first
    │   ├── NotAllowed          this person, key or form may not do that
    │   ├── WrongPassword       no such name, or another password
    │   └── TooManyAttempts     wait; says how long
    ├── JournalError            the hash-chained record does not hold
    ├── BackupFailed            the data folder could not be copied, or written again
    └── ClusterFailed           work on many machines could not be finished

A command shows the message and the fix and ends with status 1; the HTTP API answers with a problem document (RFC 9457).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from decimal import Decimal


class LicetError(Exception):
    """A message for a person, and what they can do about it.

    ``title`` is the short name of the kind of error, the same for every instance (RFC 9457 ``title``);
    ``status`` the HTTP status that the API answers with.
    """

    title = "Licet could not do that"
    status = 500

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} ({self.fix})" if self.fix else self.message


class BadInput(LicetError):
    """What the caller gave cannot be used."""

    title = "Bad input"
    status = 400


class UnknownName(BadInput):
    """No such chip, place, fact, act or clause; ``near`` holds the names that were probably meant."""

    title = "Unknown name"
    status = 404

    def __init__(self, message: str, *, fix: str = "", near: Sequence[str] = ()) -> None:
        self.near = tuple(near)
        hint = f"did you mean {', '.join(self.near)}?" if self.near else ""
        super().__init__(message, fix=fix or hint)


class BadValue(BadInput):
    """A fact or option of the wrong type, unit or range."""

    title = "Bad value"


class BadFile(BadInput):
    """A file that cannot be read as what it should be."""

    title = "Bad file"


class TooMany(BadInput):
    """More than one client may do in a day."""

    title = "Too many"
    status = 429


class Conflict(BadInput):
    """It does not fit what was asked before, or what is being done right now."""

    title = "Conflict"
    status = 409


class NotAcceptable(BadInput):
    """Asked for in a form that it does not come in (RFC 9110, 15.5.7)."""

    title = "Not acceptable"
    status = 406


class LawError(LicetError):
    """The law data is wrong. ``where`` is ``file:line``."""

    title = "The law data is wrong"

    def __init__(self, message: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, fix=fix)
        self.where = where


class ArchiveError(LicetError):
    """The news archive could not do it."""

    title = "Archive error"


class FetchRefused(ArchiveError):
    """We may not, or will not, fetch this address. ``reason`` is one word: robots, private, scheme, size, type …"""

    title = "Fetch refused"
    status = 403

    def __init__(self, message: str, *, fix: str = "", reason: str = "refused") -> None:
        super().__init__(message, fix=fix)
        self.reason = reason


class FetchFailed(ArchiveError):
    """The other side did not answer as hoped. ``reason`` is one word: dns, connect, tls, timeout, gone, status …

    ``retry_after`` is how many seconds the other side asks to wait, None if it does not say.
    """

    title = "Fetch failed"
    status = 502

    def __init__(
        self, message: str, *, fix: str = "", reason: str = "failed", retry_after: float | None = None
    ) -> None:
        super().__init__(message, fix=fix)
        self.reason = reason
        self.retry_after = retry_after


class LimitReached(ArchiveError):
    """Readers have submitted as much as fits for now."""

    title = "Too many submissions"
    status = 429


class NotExtractable(ArchiveError):
    """The bytes hold no article."""

    title = "No article found"
    status = 422


class NoSuchSnapshot(ArchiveError):
    """No snapshot of that id."""

    title = "No such snapshot"
    status = 404


class TakedownError(ArchiveError):
    """A request to take something down, or a legal hold, that cannot be followed."""

    title = "Takedown error"
    status = 409


class NoSuchCase(TakedownError):
    """No request of that reference, or no hold of that number."""

    title = "No such request"
    status = 404


class NotInThatState(TakedownError):
    """A step that does not follow from where the case stands: to grant what was refused, to undo what was erased."""

    title = "Not possible in this state"


class TooManyRequests(TakedownError):
    """More requests than are taken from one client in a day, or than may wait at once."""

    title = "Too many requests"
    status = 429


class TakenDown(ArchiveError):
    """A snapshot that was taken down: ``ground`` says why, ``at`` when (RFC 3339), ``digest`` of which bytes."""

    title = "Taken down"
    status = 451

    def __init__(  # noqa: PLR0913 - what is told of it, each by name
        self,
        message: str,
        *,
        ground: str | None,
        at: str | None,
        digest: str,
        snapshot: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(message, fix=fix)
        self.ground = ground
        self.at = at
        self.digest = digest
        self.snapshot = snapshot


class NoSuchSubscription(ArchiveError):
    """No subscription behind that private link, or no more."""

    title = "No such subscription"
    status = 404


class NotShown(ArchiveError):
    """It is stored, but may not be shown, or not so."""

    title = "Not shown"
    status = 403


class Damaged(ArchiveError):
    """Stored bytes do not match their digest."""

    title = "Damaged record"


class LedgerError(LicetError):
    """The ledger of allocations could not do it."""

    title = "Ledger error"
    status = 409


class LimitExceeded(LedgerError):
    """More was asked for than is available. Amounts are in the unit of the account (TPP, or units of a license)."""

    title = "Limit exceeded"

    def __init__(self, message: str, *, account: str, requested: Decimal, available: Decimal, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.account = account
        self.requested = requested
        self.available = available


class KeyReused(LedgerError):
    """An idempotency key, or the name of an account, that was used before with other facts."""

    title = "Key used before"


class NoSuchAccount(LedgerError):
    """No account of that name."""

    title = "No such account"
    status = 404


class NoSuchReservation(LedgerError):
    """Nothing was reserved or posted under that key."""

    title = "No such reservation"
    status = 404


class Settled(LedgerError):
    """A reservation that was posted, voided or expired before."""

    title = "Settled before"


class NotWritten(LedgerError):
    """The database did not take it: full, busy, gone. Nothing that was asked for was changed."""

    title = "Ledger not written"
    status = 503


class DeskError(LicetError):
    """Who may do what at the desk could not be settled."""

    title = "Desk error"


class NotSignedIn(DeskError):
    """Somebody must sign in first, or a program send its key."""

    title = "Not signed in"
    status = 401


class NotAllowed(DeskError):
    """This person or key may not do that, or the form did not come from this desk."""

    title = "Not allowed"
    status = 403


class WrongPassword(DeskError):
    """There is no such name, or it has another password."""

    title = "Wrong name or password"
    status = 401


class TooManyAttempts(DeskError):
    """Too many attempts failed; ``wait`` says how long the next one has to wait."""

    title = "Too many attempts"
    status = 429

    def __init__(self, message: str, *, wait: timedelta) -> None:
        self.seconds = max(math.ceil(wait.total_seconds()), 1)
        super().__init__(message, fix=f"try again in {self.seconds} seconds")


class JournalError(LicetError):
    """The hash-chained record does not hold."""

    title = "Journal error"


class BackupFailed(LicetError):
    """The data folder could not be copied, or a copy not be written into one. Nothing of it has got its name."""

    title = "The backup failed"


class ClusterFailed(LicetError):
    """Work on many machines could not be finished. Nothing of it has got its name."""

    title = "The cluster failed"
    status = 503
