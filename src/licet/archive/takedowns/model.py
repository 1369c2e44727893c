"""Requests to take something down, what was decided, and what remains."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

Ground = Literal["rights", "privacy", "correction", "other"]
Scope = Literal["snapshot", "item"]
Status = Literal["open", "refused", "granted", "undone", "erased"]

GROUNDS: tuple[Ground, ...] = ("rights", "privacy", "correction", "other")
SCOPES: tuple[Scope, ...] = ("snapshot", "item")
STATUSES: tuple[Status, ...] = ("open", "refused", "granted", "undone", "erased")


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The periods and limits that an operator chooses; each has a default.

    ``retention``: how long a grant can be undone before the record is erased. ``personal``: how long names, contacts
    and texts of requests are kept, counted from the day of the request. ``per_client``: requests of one client a day.
    ``open_cases``: how many may wait for a decision. ``reporters``: how many people a case takes.
    """

    retention: timedelta = timedelta(days=30)
    personal: timedelta = timedelta(days=180)
    per_client: int = 10
    open_cases: int = 10_000
    reporters: int = 50


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks and how to reach them, and their words: personal data, deleted on ``forget_at``, never journaled."""

    name: str
    contact: str
    text: str
    ground: Ground
    at: datetime
    forget_at: datetime


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One request, with whoever joined it, and its course.

    ``snapshots`` are the ids it names: one (``scope`` "snapshot"), or every version of the item that was there when it
    was filed or granted ("item"). ``retain_until`` ends the time in which a grant can be undone. ``waiting`` says why
    a record that is due has not been erased. ``by`` is the role of who decided, as given.
    """

    reference: str
    scope: Scope
    snapshots: tuple[str, ...]
    ground: Ground
    status: Status
    filed_at: datetime
    decided_at: datetime | None = None
    by: str = ""
    reason: str = ""
    retain_until: datetime | None = None
    ended_at: datetime | None = None
    blocker: str = ""
    waiting: str = ""
    reporters: tuple[Reporter, ...] = ()


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """What stays of a record that was erased: when it was captured and erased, the ground, the digest of its payload.

    No address, no title, no word of the text: those may be what had to go.
    """

    digest: str
    captured_at: datetime
    erased_at: datetime
    ground: Ground
    reference: str
    snapshot: str = ""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold: until it is released, what it covers can be hidden, not erased."""

    number: int
    scope: Scope
    snapshot: str
    reason: str
    by: str
    at: datetime
    released_at: datetime | None = None
    release_reason: str = ""


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of erasing did: ids erased, and ids that wait, each with the reason."""

    erased: tuple[str, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
