"""Looks for what is wrong with the law data as a whole; what is wrong with one file is found when it is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.errors import BadInput, LawError
from licet.statutes import forms
from licet.statutes.law import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.statutes.fold import Statutes
    from licet.statutes.law import Clause, Law


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (``file:line``), what, and the fix."""

    where: str
    what: str
    fix: str


def check(statutes: Statutes) -> list[Finding]:
    """Fold every system on every day of change, on both bases; return what is wrong with any law, once each."""
    found: dict[Finding, None] = {}
    for system in sorted(statutes.library.systems):
        laws = []
        for query in queries(statutes, system):
            try:
                laws.append(statutes.law(query))
            except (LawError, BadInput) as error:
                found[_finding(error)] = None
        for law in laws:
            found |= dict.fromkeys(_of_law(law))
        found |= dict.fromkeys(_loose_ends(statutes, system, laws))
    return list(found)


def _finding(error: LawError | BadInput) -> Finding:
    """Return what an error says of the data; that a proposal does not fit is told by its cause."""
    fault = error if isinstance(error, LawError) else error.__cause__
    assert isinstance(fault, LawError)  # noqa: S101 - every name of a query comes from the data itself
    return Finding(fault.where, fault.message.removeprefix(f"{fault.where}: "), fault.fix)


def queries(statutes: Statutes, system: str) -> Iterator[Query]:
    """Yield a system's laws: each day of change, each basis, each other choice of a reading, each proposal."""
    acts = statutes.acts(system)
    settled = {a.settles: a.choice for act in acts for a in act.amendments if isinstance(a, forms.SettleForm)}
    readings = [(name, reading) for act in acts for name, reading in act.head.readings.items()]
    others = [(name, set(reading.choices) - {settled.get(name, reading.default)}) for name, reading in readings]
    choices = [(name, choice) for name, left in others for choice in sorted(left)]
    proposals = [act.id for act in acts if act.head.kind == "proposal"]
    for day in statutes.days_of_change(system):
        for basis in ("written", "enforced"):
            yield Query(on=day, system=system, basis=basis)
            for choice in choices:
                yield Query(on=day, system=system, basis=basis, readings=(choice,))
    last = max(statutes.days_of_change(system), default=dt.date.min)
    for name in proposals:
        yield Query(on=last, system=system, basis="written", proposals=(name,))


def _of_law(law: Law) -> Iterator[Finding]:
    ways = {clause.id for clause in law.of_kind("exception", "authorization")}
    for clause in law.clauses.values():
        missing = [name for name in clause.form.attends if name not in ways | {"license"}]
        missing += [name for name in clause.form.allows or () if name not in ways | {"none"}]
        for name in missing:
            yield Finding(
                clause.place, f"{clause.id} names '{name}', no exception or authorization in force", "mend the name"
            )
        if _never(clause.condition):
            yield Finding(clause.place, f"{clause.id} can never be true", "mend its condition, or repeal it")


def _gaps(form: forms.TableForm, where: str) -> Iterator[Finding]:
    """Yield the days between the rows of a table that have no value."""
    for before, after in pairwise(form.rows):
        if before.end is None or after.start is None or form.outside is not None:
            continue
        if after.start - before.end != dt.timedelta(days=1):
            what = f"the table {form.table} has no value between {before.end} and {after.start}"
            yield Finding(where, what, "add a row")


def _never(node: e.Condition) -> bool:
    """Whether a condition is false whatever the facts, as far as its own shape tells."""
    match node:
        case e.Always(value):
            return value is False
        case e.And(parts):
            opposites = {part.part for part in parts if isinstance(part, e.Not)}
            return any(_never(part) or part in opposites for part in parts)
        case e.Or(parts):
            return all(_never(part) for part in parts)
        case e.Member(_, values, name):
            return not values and not name
        case _:
            return False


def _loose_ends(statutes: Statutes, system: str, laws: list[Law]) -> Iterator[Finding]:
    """Yield masks of what never was, choices that no reading has, tables with gaps, and definitions without use."""
    acts = statutes.acts(system)
    clauses = {name for law in laws for name in law.clauses}
    readings = {name: r for act in acts for name, r in act.head.readings.items()}
    for act in acts:
        for amendment, where in zip(act.amendments, act.places, strict=True):
            yield from _dangling(amendment, where, clauses, readings)
            if isinstance(amendment, forms.TableForm):
                yield from _gaps(amendment, where)
    used = {name for law in laws for clause in law.clauses.values() for name in _named(clause)}
    for law in laws[-1:]:
        for clause in law.of_kind("definition"):
            if clause.id not in used:
                yield Finding(clause.place, f"the definition {clause.id} is used by no clause", "use it, or repeal it")


def _dangling(
    amendment: forms.AnyAmendment, where: str, clauses: set[str], readings: dict[str, forms.Reading]
) -> Iterator[Finding]:
    if isinstance(amendment, forms.MaskForm) and amendment.mask not in clauses:
        yield Finding(where, f"the mask is of '{amendment.mask}', which no act made", "mask a clause")
    named = dict(amendment.reading)
    if isinstance(amendment, forms.SettleForm):
        named[amendment.settles] = amendment.choice
    for name, choice in named.items():
        if name not in readings or choice not in readings[name].choices:
            yield Finding(
                where, f"no reading '{name}' has the choice '{choice}'", "define it under 'readings:' of an act"
            )


def _named(clause: Clause) -> tuple[str, ...]:
    masked = tuple(name for mask in clause.masks for name in e.clauses_in(mask.where))
    return (*e.clauses_in(clause.condition), *masked)
