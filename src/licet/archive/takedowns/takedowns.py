"""Requests to take something down: filed, decided, undone, erased; and legal holds (:attr:`Archive.takedowns`)."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

import msgspec

from licet.archive.takedowns import checks, machine, subjects
from licet.archive.takedowns.model import Case, Hold, Policy, Reporter
from licet.archive.takedowns.register import Register
from licet.archive.takedowns.settling import settle
from licet.archive.takedowns.tombstone import stamp
from licet.errors import NotInThatState, TooManyRequests

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from licet.archive.catalogue import Catalogue
    from licet.archive.keeping.captures import Captures
    from licet.archive.keeping.outbox import Outbox
    from licet.archive.model import Snapshot
    from licet.archive.searching import Search
    from licet.archive.takedowns.erasing import Eraser
    from licet.archive.takedowns.model import Erasure, Scope, Status, Tombstone

MOST = 1000
"""The most cases of one list."""


class Takedowns:
    """The requests, decisions and holds of one archive.

    Every time is a parameter. Each change is one write to the catalogue and an entry in the journal; names, contacts
    and texts of requests are in the catalogue alone.
    """

    def __init__(
        self, catalogue: Catalogue, captures: Captures, outbox: Outbox, search: Search, eraser: Eraser
    ) -> None:
        self._catalogue = catalogue
        self._captures = captures
        self._outbox = outbox
        self._search = search
        self._eraser = eraser
        self._register = Register(catalogue)

    # Requests

    def request(  # noqa: PLR0913 - what a request says, each by name
        self,
        target: str,
        *,
        ground: str,
        text: str,
        name: str,
        contact: str,
        at: datetime,
        scope: str = "snapshot",
        client: str = "",
        policy: Policy | None = None,
    ) -> Case:
        """File a request to take down ``target``, a snapshot's id or an original address, and return its case.

        ``scope`` "snapshot" means that version, "item" every version of the article. A request for what is already
        asked for joins that case; the same request of the same person again changes nothing. ``client`` is whatever
        tells callers apart (an address); requests of one client a day are limited, without a client they are not.

        :class:`~licet.errors.NoSuchSnapshot`, :class:`~licet.errors.BadValue`,
        :class:`~licet.errors.TooManyRequests`.
        """
        rules = policy or Policy()
        moment, wide = checks.time(at), checks.scope(scope)
        reporter = Reporter(
            name=checks.line("the name", name, checks.NAME),
            contact=checks.line("the contact", contact, checks.CONTACT),
            text=checks.lines("the text", text, checks.TEXT),
            ground=checks.ground(ground),
            at=moment,
            forget_at=moment + rules.personal,
        )
        with self._catalogue.writing():
            found = subjects.subject(self._catalogue, self._captures, target, wide)
            case = self._joined(found.snapshot, wide)
            if case and _told_before(case, reporter):
                return case
            self._count(client, moment, rules)
            case = self._join(case, reporter, rules) if case else self._open(found, wide, reporter, rules)
        self._outbox.post()
        return self.case(case.reference)

    def case(self, reference: str) -> Case:
        """Return a case; :class:`~licet.errors.NoSuchCase` if there is none of that reference."""
        return self._register.case(reference.strip().upper())

    def cases(self, status: Status | None = None, *, limit: int = 100, offset: int = 0) -> list[Case]:
        """Return cases, the oldest first; of one status, or of any."""
        return self._register.cases(status, limit=min(limit, MOST), offset=offset)

    def covering(self, snapshot: str) -> list[Case]:
        """Return the cases that name a snapshot, without who asked."""
        return self._register.covering(snapshot)

    def tombstones(self, snapshot: str) -> list[Tombstone]:
        """Return what stays of the captures of an erased snapshot."""
        return self._register.tombstones(snapshot)

    def blocker(self, snapshot: str) -> str:
        """Return the address of who demanded that a snapshot be blocked (RFC 7725), where a grant states one."""
        stated = (case.blocker for case in self.covering(snapshot) if case.status in ("granted", "erased"))
        return next(filter(None, stated), "")

    def seen_by_reviewer(self, snapshot: str) -> Snapshot | None:
        """Return a snapshot that a case names whatever its state: for who decides, never for a reader."""
        return self._catalogue.any_snapshot(snapshot) if self.covering(snapshot) else None

    # Decisions

    def grant(  # noqa: PLR0913 - what a decision says, each by name
        self,
        reference: str,
        *,
        by: str,
        at: datetime,
        reason: str = "",
        ground: str | None = None,
        retention: timedelta | None = None,
        blocker: str = "",
    ) -> Case:
        """Hide what a case names, at once and everywhere; it can be undone for ``retention`` (default: 30 days).

        ``by`` is a role, not a person; ``blocker`` the address of who demanded it by law. A case that is granted
        already is returned as it is. :class:`~licet.errors.NotInThatState` for one that has ended.
        """
        moment = checks.time(at)
        period = Policy().retention if retention is None else retention
        with self._catalogue.writing():
            case = self.case(reference)
            if case.status == "granted":
                return case
            granted = msgspec.structs.replace(
                self._decided(case, "grant", by, reason, moment),
                ground=case.ground if ground is None else checks.ground(ground),
                retain_until=moment + period,
                blocker=checks.blocker(blocker),
                snapshots=self._named(case),
            )
            marks = subjects.marks(self._catalogue, granted.snapshots, granted.scope)
            self._apply_grant(granted, marks)
            until = stamp(moment + period)
            self._note("granted", moment, granted, blocker=granted.blocker, retain_until=until, marks=marks)
        return self._told(reference)

    def refuse(self, reference: str, *, by: str, at: datetime, reason: str) -> Case:
        """Refuse a request, with a reason that its status page shows."""
        checks.lines("the reason", reason, checks.REASON)
        return self._end(reference, "refuse", by, at, reason)

    def undo(self, reference: str, *, by: str, at: datetime, reason: str) -> Case:
        """Show again what a grant hid, while its period runs and nothing of it was erased."""
        checks.lines("the reason", reason, checks.REASON)
        return self._end(reference, "undo", by, at, reason)

    # Holds

    def hold(self, target: str, *, by: str, at: datetime, reason: str, scope: str = "snapshot") -> Hold:
        """Put a legal hold on a snapshot or an item: it may be hidden, not erased, until every hold is released."""
        moment, wide = checks.time(at), checks.scope(scope)
        why, role = checks.lines("the reason", reason, checks.REASON), checks.line("the role", by, checks.ROLE)
        with self._catalogue.writing():
            found = subjects.subject(self._catalogue, self._captures, target, wide)
            made = Hold(number=0, scope=wide, snapshot=found.snapshot, reason=why, by=role, at=moment)
            for there in self._register.holds(active=True):
                if msgspec.structs.replace(there, number=0, at=moment) == made:
                    return there
            number = self._register.add_hold(made, found.item)
            told = {"hold": number, "scope": wide, "snapshot": found.snapshot, "reason": why, "by": role}
            self._catalogue.note("held", stamp(moment), told)
        self._outbox.post()
        return self._register.hold(number)

    def release(self, number: int, *, by: str, at: datetime, reason: str) -> Hold:
        """End a hold; one that has ended is returned as it is."""
        moment, why = checks.time(at), checks.lines("the reason", reason, checks.REASON)
        role = checks.line("the role", by, checks.ROLE)
        with self._catalogue.writing():
            found = self._register.hold(number)
            if found.released_at is not None:
                return found
            self._register.release(number, moment, why)
            told = {"hold": number, "reason": why, "by": role}
            self._catalogue.note("released", stamp(moment), told)
        self._outbox.post()
        return self._register.hold(number)

    def holds(self, *, active: bool = True) -> list[Hold]:
        """Return the holds, by number; all of them, or those that are not released."""
        return self._register.holds(active=active)

    def holding(self, snapshot: str) -> list[Hold]:
        """Return the active holds that cover a snapshot."""
        return self._register.holding(snapshot, subjects.item_of(self._catalogue, snapshot))

    # Upkeep

    def erase(self, at: datetime) -> Erasure:
        """Erase what is due at ``at``: granted, its period over, no hold on it; and delete personal data that is due.

        Safe to repeat, and to break off at any moment: a record is there in full or erased in full.
        """
        moment = checks.time(at)
        with self._catalogue.writing():
            self._register.forget(moment)
        return self._eraser.run(moment)

    def forget(self, at: datetime) -> int:
        """Delete the personal data of requests whose time has passed; return how many people's that was."""
        with self._catalogue.writing():
            return self._register.forget(checks.time(at))

    # Within a write

    def _joined(self, snapshot: str, scope: Scope) -> Case | None:
        """Return the case that a request for this joins: one as wide that waits or is granted."""
        wide: tuple[Scope, ...] = ("item",) if scope == "item" else ("snapshot", "item")
        for case in self._register.covering(snapshot):
            if case.scope in wide and (machine.joins(case.status) or case.status == "erased"):
                return self._register.case(case.reference)
        return None

    def _join(self, case: Case, reporter: Reporter, rules: Policy) -> Case:
        if case.status == "erased":
            return case
        if len(case.reporters) >= rules.reporters:
            fix = f"follow the request under its reference, {case.reference}"
            raise TooManyRequests("this was asked for by more people than a request takes", fix=fix)
        self._register.add_reporter(case.reference, reporter)
        return case

    def _open(self, found: subjects.Subject, scope: Scope, reporter: Reporter, rules: Policy) -> Case:
        if self._register.count("open") >= rules.open_cases:
            raise TooManyRequests("too many requests wait for a decision", fix="try again in a few days")
        case = Case(
            reference=_reference(),
            scope=scope,
            snapshots=found.snapshots,
            ground=reporter.ground,
            status="open",
            filed_at=reporter.at,
        )
        self._register.add_case(case)
        self._register.add_reporter(case.reference, reporter)
        self._note("requested", reporter.at, case)
        return case

    def _count(self, client: str, at: datetime, rules: Policy) -> None:
        if client and self._register.counted(client, at) > rules.per_client:
            fix = "file the next one tomorrow, or name the whole article instead of each version"
            raise TooManyRequests(f"more than {rules.per_client} requests from here today", fix=fix)

    def _decided(self, case: Case, step: machine.Step, by: str, reason: str, at: datetime) -> Case:
        if at < case.filed_at:
            raise NotInThatState("the decision is older than the request", fix="give a later time")
        return msgspec.structs.replace(
            case,
            status=machine.after(case.status, step),
            by=checks.line("the role", by, checks.ROLE),
            reason=checks.lines("the reason", reason, checks.REASON, needed=False),
            decided_at=at,
        )

    def _named(self, case: Case) -> tuple[str, ...]:
        """Return what a case names now: with scope "item" also versions that came after it was filed."""
        if case.scope == "snapshot" or not case.snapshots:
            return case.snapshots
        item = subjects.item_of(self._catalogue, case.snapshots[0])
        return tuple(sorted({*case.snapshots, *subjects.versions(self._catalogue, item)}))

    def _apply_grant(self, case: Case, marks: list[str]) -> None:
        self._register.change(case)
        self._register.name(case.reference, case.snapshots)
        self._register.block(case.reference, marks)
        settle(self._catalogue, self._register, case.snapshots)

    def _end(self, reference: str, step: machine.Step, by: str, at: datetime, reason: str) -> Case:
        moment = checks.time(at)
        with self._catalogue.writing():
            case = self.case(reference)
            if case.status == {"refuse": "refused", "undo": "undone"}[step]:
                return case
            ended = msgspec.structs.replace(self._decided(case, step, by, reason, moment), ended_at=moment, waiting="")
            if step == "undo" and case.retain_until is not None:
                machine.check_undo(case.retain_until, moment)
                self._refuse_erased(case)
            self._apply_end(ended)
            self._note(ended.status, moment, ended)
        return self._told(reference)

    def _apply_end(self, case: Case) -> None:
        self._register.change(case)
        self._register.unblock(case.reference)
        settle(self._catalogue, self._register, case.snapshots)

    def _refuse_erased(self, case: Case) -> None:
        if any(self._register.tombstones(snapshot) for snapshot in case.snapshots):
            raise NotInThatState("a record of this case is erased already", fix="capture the page again")

    def _note(self, kind: str, at: datetime, case: Case, **more: Any) -> None:
        told = {"case": case.reference, "snapshots": list(case.snapshots), "ground": case.ground}
        told |= {"scope": case.scope} if kind == "requested" else {"by": case.by, "reason": case.reason}
        self._catalogue.note(kind, stamp(at), {**told, **more})

    def _told(self, reference: str) -> Case:
        """Tell the journal and the index, and return the case as it stands."""
        self._outbox.post()
        self._search.refresh()
        return self.case(reference)


def _reference() -> str:
    """Return a reference that nobody can guess: 10 letters and digits that are not mistaken for one another."""
    text = base64.b32encode(secrets.token_bytes(7)).decode("ascii")[:10]
    return f"TD-{text[:5]}-{text[5:]}"


def _told_before(case: Case, reporter: Reporter) -> bool:
    same = (reporter.name, reporter.contact, reporter.text, reporter.ground)
    return any((one.name, one.contact, one.text, one.ground) == same for one in case.reporters)
