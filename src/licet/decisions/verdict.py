"""What a decision answers: a closed type, never a bare yes or no."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import Literal

import msgspec

from licet.clauses.vocabulary import FactValue  # noqa: TC001 - msgspec reads the annotations
from licet.statutes.forms import Basis, Seen, Words  # noqa: TC001 - msgspec reads the annotations
from licet.statutes.law import Query

Outcome = Literal[
    "not_subject",
    "not_an_export",
    "no_license_required",
    "license_exception",
    "license_required",
    "prohibited",
    "undecided",
]
ReviewPolicy = Literal[
    "presumption_of_approval", "case_by_case", "presumption_of_denial", "policy_of_denial", "not_stated"
]


class Citation(msgspec.Struct, frozen=True):
    """A clause that decided: its id, where it stands, how it was seen, its act, and ``masked`` by what, if so."""

    clause: str
    cite: str
    seen: Seen
    act: str
    title: Words
    masked: str = ""


class Missing(msgspec.Struct, frozen=True):
    """A fact that is wanted, and the question that asks for it."""

    fact: str
    question: Words


class Usable(msgspec.Struct, frozen=True):
    """An exception or authorization that could be available if the facts it wants came out right."""

    id: str
    clause: str
    missing: tuple[str, ...]


class Failure(msgspec.Struct, frozen=True):
    """An exception or authorization that is not available: the parts of its condition that are false, or the bar."""

    id: str
    clause: str
    title: Words
    failed: tuple[str, ...]
    facts: tuple[str, ...]
    barred_by: str = ""


class Obligation(msgspec.Struct, frozen=True):
    """Something to do: its text, the side and days of its due date, and that date."""

    id: str
    text: Words
    side: Literal["before", "after", "with"]
    days: int
    due: dt.date | None
    cite: str


class Volume(msgspec.Struct, frozen=True):
    """An account that this transaction draws on, or could: amounts in TPP.

    ``amount``: what this transaction draws; ``units``: the largest quantity of this item that still fits (None where
    that cannot be said).
    """

    clause: str
    account: str
    holder: str
    period: str
    limit: Decimal
    used: Decimal
    available: Decimal
    amount: Decimal | None
    units: int | None


class Warning(msgspec.Struct, frozen=True):  # noqa: A001 - the law data's name for it
    """Words of caution that a clause gives."""

    id: str
    text: Words


class Otherwise(msgspec.Struct, frozen=True):
    """What the answer would be under another choice of a reading."""

    choice: str
    words: Words
    outcome: Outcome
    tier: int | None
    exception: str | None
    review_policy: ReviewPolicy | None


class Resting(msgspec.Struct, frozen=True):
    """A reading of an unclear text on which the answer rests: another choice would change it."""

    reading: str
    choice: str
    question: Words
    taken: Words
    otherwise: tuple[Otherwise, ...]


class Basics(msgspec.Struct, frozen=True):
    """Which law was asked: everything that is needed to ask again and get the same answer."""

    system: str
    on: dt.date
    basis: Basis
    known: dt.date | None
    readings: dict[str, str]
    proposals: tuple[str, ...]
    digest: str
    checked_through: dt.date
    acts: tuple[str, ...]

    def query(self) -> Query:
        """Return the query that asks for this law again."""
        readings = tuple(sorted(self.readings.items()))
        return Query(self.on, self.system, self.basis, self.known, readings, self.proposals)


class Verdict(msgspec.Struct, frozen=True):
    """The answer to one transaction under one law.

    ``controlled``: a license requirement applies before exceptions (None: it cannot be said); ``exception``: the one
    to use, ``exceptions`` all that are available, in order of use; ``tier`` 1 to 3, None where the framework does not
    sort; ``allocation_tpp``: what a granted license would draw from a national allocation; ``duty_pct`` and ``band``:
    the duty of a tariff and the band of goods it falls in (``dutiable``: the law has duties at all); ``not_examined``:
    what this answer did not look at; ``stated_places``: places as stated, where ``facts`` has the row that counts;
    ``rests_on``: readings whose other choices would change the answer, where they were weighed; ``confidence``: the
    weakest way in which a deciding clause was seen; ``trace``: the truth of every clause.
    """

    outcome: Outcome
    classification: str | None
    tier: int | None
    controlled: bool | None
    exception: str | None
    exceptions: tuple[str, ...]
    could_use: tuple[Usable, ...]
    review_policy: ReviewPolicy | None
    allocation_tpp: Decimal | None
    total_tpp: Decimal | None
    duty_pct: Decimal | None
    band: int | None
    volumes: tuple[Volume, ...]
    obligations: tuple[Obligation, ...]
    aes: str
    missing: tuple[Missing, ...]
    assumed: dict[str, FactValue]
    citations: tuple[Citation, ...]
    near_misses: tuple[Failure, ...]
    warnings: tuple[Warning, ...]
    not_examined: tuple[str, ...]
    confidence: Seen | None
    facts: dict[str, FactValue]
    stated_places: dict[str, str]
    dutiable: bool
    trace: dict[str, bool | None]
    law: Basics
    id: str | None = None
    chip: str | None = None
    rests_on: tuple[Resting, ...] = ()
