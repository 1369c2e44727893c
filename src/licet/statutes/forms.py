"""The form of an act as a law file writes it: what each key means, and which keys a kind of clause has."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import Annotated, Literal

import msgspec

Basis = Literal["written", "enforced"]
ConsultationState = Literal["not_yet_open", "open", "closed"]
Seen = Literal["primary", "secondary", "reconstructed"]
ActKind = Literal["rule", "guidance", "letter", "announcement", "list", "decision", "proposal", "policy"]
ClauseKind = Literal[
    "definition",
    "tier",
    "jurisdiction",
    "classification",
    "requirement",
    "prohibition",
    "bar",
    "exception",
    "authorization",
    "review",
    "allocation",
    "obligation",
    "permission",
    "duty",
    "warning",
]
SEEN_ORDER: tuple[Seen, ...] = ("primary", "secondary", "reconstructed")
Words = dict[str, str]
# A day of every year, as in 07-15. The last days of a month are left out: not every month has them.
YearDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$")]
NOT_SAID = "unknown"
"""What holds outside the rows of a table of whose other days its text says nothing."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """A form that refuses keys it does not know; ``from`` and ``to`` are ``start`` and ``end`` in Python."""


class Dates(Strict, frozen=True, forbid_unknown_fields=True):
    """The four dates of an act. ``effective`` and ``compliance`` are ISO dates; a proposal has ``released`` only."""

    released: dt.date
    published: dt.date | None = None
    effective: dt.date | None = None
    compliance: dt.date | None = None


class Consultation(Strict, frozen=True, forbid_unknown_fields=True):
    """The period in which comments are taken, both days included."""

    opens: dt.date
    closes: dt.date

    def on(self, day: dt.date) -> ConsultationState:
        """Return whether comments are taken on ``day``."""
        if day < self.opens:
            return "not_yet_open"
        return "closed" if day > self.closes else "open"


class SourceRef(Strict, frozen=True, forbid_unknown_fields=True):
    """Where the text of an act stands, and how it was seen."""

    url: str
    seen: Seen
    note: str = ""


class Voice(Strict, frozen=True, forbid_unknown_fields=True):
    """What somebody said of an act, in our own words: ``position`` is towards the act; ``source`` is an address."""

    who: str
    role: Words
    date: dt.date
    position: Literal["for", "against", "concern"]
    words: Words
    source: str


class Reading(Strict, frozen=True, forbid_unknown_fields=True):
    """An unclear text: the question, the choices, and the one taken unless the asker says otherwise."""

    question: Words
    default: str
    choices: dict[str, Words]


class Draw(Strict, frozen=True, forbid_unknown_fields=True):
    """What an authorization or a granted license takes from an account.

    ``limit``: a term (a number, or a table at a key), ``used``: the fact that says what has been used; both in TPP.
    """

    account: str
    holder: str
    period: str
    limit: str
    used: str


class Due(Strict, frozen=True, forbid_unknown_fields=True):
    """When something must be done: ``days`` ``before`` or ``after`` the shipment; no days: at any time on that side.

    ``each``: days of every year, as in ``07-15``; it is due on the first of them that is at least ``lag`` days after
    the shipment: a report due on July 15 for the period through June 30 has a lag of 15.
    """

    side: Literal["before", "after", "with"]
    days: int = 0
    each: tuple[YearDay, ...] = ()
    lag: int = 0


class Amendment(Strict, frozen=True, forbid_unknown_fields=True):
    """What every amendment may say of when and where it holds."""

    start: dt.date | None = None
    end: dt.date | None = None
    basis: Basis | None = None
    reading: dict[str, str] = {}


class ClauseForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause: added (``clause:``) or put in the place of one of the same id (``replace:``).

    ``when``: the condition; ``yields``: what it gives (an ECCN, a tier, a review policy, an outcome); ``by``: of a
    classification, the text fact that says which ECCN: the one that ``names`` has for its value, without ``names`` the
    value itself, and ``yields`` where neither is there; ``replaces``: ids
    of other clauses that end when this begins; ``overrides``: ids that it stands before where the first match counts;
    ``behind``: ids that it lets go first there;
    ``review``: of a requirement, that where no review clause is true its policy is stated nowhere;
    ``binds``: the only exporter that it binds; ``draws``: the account it draws on; ``attends``: the exceptions that an
    obligation goes with; ``allows``: the exceptions that a bar leaves; ``band``: the band of goods of a duty, which
    ``yields`` percent; ``aes``: the filing code; ``text``: words for people; ``draft``: the template of the paper that
    an obligation asks for (:mod:`licet.statutes.drafts`).
    """

    id: str
    kind: ClauseKind
    cite: str
    seen: Seen
    title: Words
    when: str
    replacing: bool = False
    yields: str = ""
    by: str = ""
    names: dict[str, str] = {}
    replaces: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    review: Literal["", "not_stated"] = ""
    binds: str = ""
    draws: Draw | None = None
    attends: tuple[str, ...] = ()
    allows: tuple[str, ...] | None = None
    band: int | None = None
    due: Due | None = None
    draft: str = ""
    aes: str = ""
    text: Words = {}
    status: Literal["in_force", "unknown"] = "in_force"
    note: str = ""


class RepealForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The end of a clause."""

    repeal: str


class SetForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A set of places or texts: its ``members``, or a change (``add``, ``remove``), or made of other sets."""

    set: str
    cite: str
    seen: Seen
    title: Words = {}
    members: tuple[str, ...] | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    union: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    of: Literal["place", "text"] = "place"
    note: str = ""


class RowForm(Strict, frozen=True, forbid_unknown_fields=True):
    """One interval of a table; both ends belong to it."""

    value: str
    start: dt.date | None = None
    end: dt.date | None = None


class TableForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Values by interval of dates; ``outside`` holds elsewhere: a number, or that nothing is said."""

    table: str
    cite: str
    seen: Seen
    unit: str
    rows: tuple[RowForm, ...]
    title: Words = {}
    outside: str | None = None


class MaskForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause printed but not enforced, for the transactions that ``where`` names. Holds on the basis ``enforced``."""

    mask: str
    where: str
    cite: str
    seen: Seen
    note: str = ""


class SettleForm(Amendment, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A later act decides between readings."""

    settles: str
    choice: str
    cite: str
    seen: Seen


AnyAmendment = ClauseForm | RepealForm | SetForm | TableForm | MaskForm | SettleForm


class ActHead(Strict, frozen=True, forbid_unknown_fields=True):
    """An act without its amendments.

    ``mentions``: what a report calls it, as written there; ``said``: who said what of it, by date.
    """

    act: str
    citation: str
    issuer: str
    kind: ActKind
    titles: Words
    dates: Dates
    sources: tuple[SourceRef, ...]
    checked_through: dt.date
    summary: Words = {}
    mentions: tuple[str, ...] = ()
    consultation: Consultation | None = None
    readings: dict[str, Reading] = {}
    said: tuple[Voice, ...] = ()


# Which keys a kind must have beside those that every clause has; a key named for no kind may stand with any.
NEEDS: dict[ClauseKind, tuple[str, ...]] = {
    "tier": ("yields",),
    "jurisdiction": ("yields",),
    "classification": ("yields",),
    "bar": ("allows",),
    "review": ("yields",),
    "allocation": ("draws",),
    "obligation": ("attends", "text", "due"),
    "warning": ("text",),
    "exception": ("yields",),
    "authorization": ("yields",),
    "duty": ("yields",),
}
YIELDS: dict[ClauseKind, frozenset[str]] = {
    "tier": frozenset({"1", "2", "3"}),
    "jurisdiction": frozenset({"not_subject", "not_an_export"}),
    "review": frozenset(
        {"presumption_of_approval", "case_by_case", "presumption_of_denial", "policy_of_denial", "not_stated"}
    ),
}
