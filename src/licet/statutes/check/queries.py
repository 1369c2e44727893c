"""Every law that a system has had: each day of change, each basis, each other choice of a reading, each proposal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from licet.statutes import forms
from licet.statutes.law import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.statutes.fold import Statutes

_BASES: tuple[forms.Basis, ...] = ("written", "enforced")


def queries(statutes: Statutes, system: str) -> Iterator[Query]:
    """Yield a query for each law of a system that can differ from the others."""
    choices = _choices(statutes, system)
    days = statutes.days_of_change(system)
    for day in days:
        for basis in _BASES:
            yield Query(on=day, system=system, basis=basis)
            for name, choice, first in choices:
                if first <= day:
                    yield Query(on=day, system=system, basis=basis, readings=((name, choice),))
    for act in statutes.acts(system):
        if act.head.kind == "proposal":
            yield Query(on=max(days, default=dt.date.min), system=system, basis="written", proposals=(act.id,))


def also_known(statutes: Statutes, system: str) -> Iterator[Query]:
    """Yield queries for the law as known on each day of release: for that day, and for the last day of change."""
    days = statutes.days_of_change(system)
    released = sorted({act.head.dates.released for act in statutes.acts(system) if act.head.kind != "proposal"})
    for known in released if days else ():
        for day in dict.fromkeys((max(known, days[0]), days[-1])):
            for basis in _BASES:
                yield Query(on=day, system=system, basis=basis, known=known)


def _choices(statutes: Statutes, system: str) -> list[tuple[str, str, dt.date]]:
    """Return each choice that is not taken of itself, and the first day on which it could make a difference."""
    acts = statutes.acts(system)
    settled = {a.settles: a.choice for act in acts for a in act.amendments if isinstance(a, forms.SettleForm)}
    first: dict[str, dt.date] = {}
    for act in acts:
        for amendment in act.amendments:
            start = act.start(amendment) or dt.date.min
            for name in amendment.reading:
                first[name] = min(first.get(name, start), start)
    return [
        (name, choice, first[name])
        for act in acts
        for name, reading in act.head.readings.items()
        if name in first
        for choice in sorted(set(reading.choices) - {settled.get(name, reading.default)})
    ]
