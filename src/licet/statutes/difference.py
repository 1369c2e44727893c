"""What differs between two laws of one system: acts, readings, clauses, sets, tables. Plain data, no words for it."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from licet.clauses import expression as e
from licet.errors import BadInput
from licet.statutes import forms
from licet.statutes.fold import choices
from licet.statutes.forms import Basis, ClauseKind, Words  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from licet.statutes.fold import Statutes
    from licet.statutes.law import Clause, Law, Query, SetState
    from licet.statutes.library import Act

Kind = Literal["added", "changed", "gone"]
Enforced = Literal["wholly", "partly", "not"]

# Keys of a clause that steer how acts are folded, or stand beside the law.
_NOT_CONTENT = frozenset({"id", "replacing", "replaces", "from", "to", "basis", "reading", "note"})


class Side(msgspec.Struct, frozen=True):
    """One of the two laws: how it was asked for, and its digest."""

    system: str
    on: dt.date
    basis: Basis
    known: dt.date | None
    readings: dict[str, str]
    proposals: tuple[str, ...]
    digest: str
    checked_through: dt.date


class ActChange(msgspec.Struct, frozen=True):
    """An act that has come by the day of one law only: ``added`` by the second's day, ``gone`` by the first's."""

    act: str
    change: Kind
    titles: Words
    citation: str
    kind: forms.ActKind
    released: dt.date


class ReadingChange(msgspec.Struct, frozen=True):
    """A reading of an unclear text: the choice on each side (None: no act in force asks), and the act that settled."""

    reading: str
    question: Words
    before: str | None
    after: str | None
    words_before: Words
    words_after: Words
    settled_before: str
    settled_after: str


class FieldChange(msgspec.Struct, frozen=True):
    """One key of a clause as its law file writes it, on each side; None where it is left out."""

    name: str
    before: Any
    after: Any


class MaskText(msgspec.Struct, frozen=True):
    """Where a clause is printed and not enforced, by which act."""

    act: str
    cite: str
    where: str


class ClauseChange(msgspec.Struct, frozen=True):
    """A clause that differs.

    ``fields``: what changed in its text; ``masked`` and ``unmasked``: masks that the second law has and the first has
    not, and the reverse; ``enforced_before`` and ``enforced_after``: as far as masks leave it (None: not in force).
    ``title``, ``cite`` and ``act`` are those of the later text.
    """

    clause: str
    change: Kind
    kind: ClauseKind
    title: Words
    cite: str
    act: str
    fields: tuple[FieldChange, ...]
    masked: tuple[MaskText, ...]
    unmasked: tuple[MaskText, ...]
    enforced_before: Enforced | None
    enforced_after: Enforced | None


class SetChange(msgspec.Struct, frozen=True):
    """A set whose members differ."""

    set: str
    change: Kind
    title: Words
    cite: str
    act: str
    of: Literal["place", "text"]
    added: tuple[str, ...]
    removed: tuple[str, ...]


class RowChange(msgspec.Struct, frozen=True):
    """One interval of a table, and its value on each side; without both days: the value outside the intervals."""

    start: dt.date | None
    end: dt.date | None
    before: str | None
    after: str | None


class TableChange(msgspec.Struct, frozen=True):
    """A table whose values differ."""

    table: str
    change: Kind
    title: Words
    cite: str
    unit: str
    rows: tuple[RowChange, ...]


class LawDifference(msgspec.Struct, frozen=True):
    """All that differs between two laws, each kind in the order of the later law."""

    before: Side
    after: Side
    acts: tuple[ActChange, ...]
    readings: tuple[ReadingChange, ...]
    clauses: tuple[ClauseChange, ...]
    sets: tuple[SetChange, ...]
    tables: tuple[TableChange, ...]

    @property
    def empty(self) -> bool:
        """Whether the laws have the same clauses, sets, tables, acts and readings."""
        return not (self.acts or self.readings or self.clauses or self.sets or self.tables)


def differ(statutes: Statutes, before: Query, after: Query) -> LawDifference:
    """Return what the law of ``after`` has otherwise than that of ``before``.

    Raises :class:`BadInput` for laws of two systems, and what :meth:`Statutes.law` raises.
    """
    if before.system != after.system:
        message = f"{before.system} and {after.system} are two systems of law: they share no clauses"
        raise BadInput(message, fix="compare two laws of one system")
    old, new = statutes.law(before), statutes.law(after)
    come_before, come_after = acts_of(statutes, before), acts_of(statutes, after)
    return LawDifference(
        before=_side(old, before),
        after=_side(new, after),
        acts=_acts(come_before, come_after),
        readings=_readings(
            statutes, _asked(come_before, before, statutes), _asked(come_after, after, statutes), before.system
        ),
        clauses=_clauses(old, new),
        sets=_sets(statutes, old, new),
        tables=_tables(old, new),
    )


def acts_of(statutes: Statutes, query: Query) -> dict[str, Act]:
    """Return the acts that have come by the day of a query, by id, and the proposals laid over the law.

    An act that amends nothing, such as a decision about another act, comes on its own day. Whether anything of an act
    holds on the basis asked for is another question: the clauses tell.
    """
    known = [
        act for act in statutes.acts(query.system) if query.known is None or act.head.dates.released <= query.known
    ]
    come = {act.id for act in known if act.head.kind != "proposal" and _comes(act) <= query.on} | set(query.proposals)
    return {act.id: act for act in statutes.acts(query.system) if act.id in come}


def _comes(act: Act) -> dt.date:
    """Return the first day on which an act changes something, or its own day."""
    starts = [start for amendment in act.amendments if (start := act.start(amendment)) is not None]
    return min(starts, default=act.head.dates.effective or act.head.dates.released)


def _side(law: Law, query: Query) -> Side:
    return Side(
        system=query.system,
        on=query.on,
        basis=query.basis,
        known=query.known,
        readings=dict(query.readings),
        proposals=law.proposals,
        digest=law.digest,
        checked_through=law.checked_through,
    )


def _kind(before: object, after: object) -> Kind:
    return "added" if before is None else "gone" if after is None else "changed"


def _joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    """Return the names of both, in the order of ``after``, then those that are gone."""
    return dict.fromkeys((*after, *before))


def _acts(before: Mapping[str, Act], after: Mapping[str, Act]) -> tuple[ActChange, ...]:
    changed = [name for name in _joined(before, after) if (name in before) != (name in after)]
    return tuple(
        ActChange(name, _kind(before.get(name), after.get(name)), head.titles, head.citation, head.kind, day)
        for name in changed
        for head in [(after.get(name) or before[name]).head]
        for day in [head.dates.released]
    )


def _settled(acts: Mapping[str, Act], query: Query) -> dict[str, str]:
    """Return the act that has settled a reading by the day of the query, by reading."""
    return {
        amendment.settles: act.id
        for act in acts.values()
        for amendment in act.amendments
        if isinstance(amendment, forms.SettleForm) and (start := act.start(amendment)) and start <= query.on
    }


def _asked(acts: Mapping[str, Act], query: Query, statutes: Statutes) -> dict[str, tuple[str, str]]:
    """Return the choice and the settling act (or nothing) of each reading that the acts of a law ask for."""
    known = [
        act
        for act in statutes.acts(query.system)
        if act.id in query.proposals or query.known is None or act.head.dates.released <= query.known
    ]
    taken, settled = choices(known, dict(query.readings)), _settled(acts, query)
    return {name: (taken[name], settled.get(name, "")) for act in acts.values() for name in act.head.readings}


def _readings(
    statutes: Statutes, before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], system: str
) -> tuple[ReadingChange, ...]:
    readings = {name: r for act in statutes.acts(system) for name, r in act.head.readings.items()}
    found = []
    for name in sorted({*before, *after}):
        (old, settled_before), (new, settled_after) = before.get(name, (None, "")), after.get(name, (None, ""))
        if (old, settled_before) != (new, settled_after):
            reading = readings[name]
            before_words, after_words = (reading.choices[choice] if choice else {} for choice in (old, new))
            found.append(
                ReadingChange(
                    name, reading.question, old, new, before_words, after_words, settled_before, settled_after
                )
            )
    return tuple(found)


def _clauses(before: Law, after: Law) -> tuple[ClauseChange, ...]:
    changes = (
        _clause(before.clauses.get(name), after.clauses.get(name)) for name in _joined(before.clauses, after.clauses)
    )
    return tuple(change for change in changes if change is not None)


def _clause(before: Clause | None, after: Clause | None) -> ClauseChange | None:
    shown = after or before
    assert shown is not None  # noqa: S101 - the name is of one of the two laws
    masks_before, masks_after = _masks(before), _masks(after)
    fields = _fields(before, after) if before and after else ()
    if before and after and not fields and masks_before == masks_after:
        return None
    return ClauseChange(
        clause=shown.id,
        change=_kind(before, after),
        kind=shown.kind,
        title=shown.form.title,
        cite=shown.form.cite,
        act=shown.act.id,
        fields=fields,
        masked=tuple(mask for mask in masks_after if mask not in masks_before),
        unmasked=tuple(mask for mask in masks_before if mask not in masks_after),
        enforced_before=_enforced(before),
        enforced_after=_enforced(after),
    )


def _masks(clause: Clause | None) -> tuple[MaskText, ...]:
    return tuple(MaskText(mask.act, mask.cite, _line(mask.text)) for mask in clause.masks) if clause else ()


def _enforced(clause: Clause | None) -> Enforced | None:
    if clause is None:
        return None
    if any(mask.where == e.Always(True) for mask in clause.masks):
        return "not"
    return "partly" if clause.masks else "wholly"


def _fields(before: Clause, after: Clause) -> tuple[FieldChange, ...]:
    old, new = _content(before), _content(after)
    return tuple(
        FieldChange(name, old.get(name), new.get(name)) for name in _joined(old, new) if old.get(name) != new.get(name)
    )


def _content(clause: Clause) -> dict[str, Any]:
    """Return what a clause says, key by key, as its law file writes it."""
    written = msgspec.to_builtins(clause.form)
    kept = {name: value for name, value in written.items() if name not in _NOT_CONTENT and value not in ("", [], {})}
    kept["when"] = _line(clause.form.when)
    return {**kept, "act": clause.act.id}


def _line(text: str) -> str:
    """Return the text of a condition in one line: how a law file breaks it says nothing."""
    return " ".join(text.split())


def _sets(statutes: Statutes, before: Law, after: Law) -> tuple[SetChange, ...]:
    titles = _titles(statutes, before.system)
    found = []
    for name in _joined(before.set_states, after.set_states):
        old, new = before.set_states.get(name), after.set_states.get(name)
        shown = new or old
        added, removed = _members(new) - _members(old), _members(old) - _members(new)
        if shown and (added or removed or (old is None) != (new is None)):
            form = shown.form
            title = form.title or titles.get(name, {})
            members = tuple(sorted(added)), tuple(sorted(removed))
            found.append(SetChange(name, _kind(old, new), title, form.cite, shown.act, form.of, *members))
    return tuple(found)


def _members(state: SetState | None) -> frozenset[str]:
    return state.members if state else frozenset()


def _titles(statutes: Statutes, system: str) -> dict[str, Words]:
    """Return the title of each set, as the act that made it gives it: one that only changes it need not repeat it."""
    return {
        amendment.set: amendment.title
        for act in reversed(statutes.acts(system))
        for amendment in act.amendments
        if isinstance(amendment, forms.SetForm) and amendment.title
    }


def _tables(before: Law, after: Law) -> tuple[TableChange, ...]:
    found = []
    for name in _joined(before.table_forms, after.table_forms):
        old, new = before.table_forms.get(name), after.table_forms.get(name)
        shown, rows = new or old, _rows(old, new)
        if shown and (rows or (old is None) != (new is None)):
            found.append(TableChange(name, _kind(old, new), shown.title, shown.cite, shown.unit, rows))
    return tuple(found)


def _rows(before: forms.TableForm | None, after: forms.TableForm | None) -> tuple[RowChange, ...]:
    old, new = _values(before), _values(after)
    intervals = sorted({*old, *new}, key=lambda days: tuple(str(day or "") for day in days))
    return tuple(RowChange(*days, old.get(days), new.get(days)) for days in intervals if old.get(days) != new.get(days))


def _values(form: forms.TableForm | None) -> dict[tuple[dt.date | None, dt.date | None], str | None]:
    if form is None:
        return {}
    outside = None if form.outside == forms.NOT_SAID else form.outside
    return {(None, None): outside} | {(row.start, row.end): row.value for row in form.rows}
