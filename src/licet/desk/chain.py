"""The chain of laws at the desk: what differs from each day of change to the day before, worked out once.

The verdicts compared are those on a few chips, in one unit and in two thousand, to every place: enough to see whom a
change meets. The whole catalog is asked on the page that compares two laws.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from licet import cache
from licet.catalog import items
from licet.decisions.difference import Difference, difference
from licet.desk.state import SYSTEM
from licet.statutes.law import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from licet.decisions.gains import Change, Effect
    from licet.desk.tongue import Tongue
    from licet.statutes import Act, Statutes
    from licet.statutes.forms import Basis

USUAL_CHIPS = ("a100-80gb-sxm", "h100-sxm", "h200-sxm", "h20", "rtx-4090", "b200")
"""What is asked where nobody names a chip: of each generation one, above and below the thresholds."""
USUAL_QUANTITIES = (1, 2000)
_SOURCE = Path(__file__).resolve().parent.parent
_FOLLOWS = (
    *(_SOURCE / name for name in ("decisions", "clauses", "statutes", "catalog")),
    *(_SOURCE / "catalog" / name for name in ("chips.yaml", "systems.yaml", "places.csv")),
    Path(__file__),
)
_ONE_DAY = dt.timedelta(days=1)
_turn = Lock()


class Turn(msgspec.Struct, frozen=True):
    """A day of change: ``difference`` is that from the law of the day before, on one basis."""

    day: dt.date
    difference: Difference


def usual_chips() -> tuple[str, ...]:
    """Return the ids of the usual chips, those that the catalog has."""
    return tuple(name for name in USUAL_CHIPS if name in items.every())


def turns(statutes: Statutes, basis: Basis) -> tuple[Turn, ...]:
    """Return every day of change but the first, on which there was no law before."""
    with _turn:  # two readers who come first need not both work it out
        return _turns(statutes, basis)


@lru_cache(maxsize=8)
def _turns(statutes: Statutes, basis: Basis) -> tuple[Turn, ...]:
    days = statutes.days_of_change(SYSTEM)[1:]
    laws = [statutes.law(Query(day, SYSTEM, basis)).digest for day in (days[0] - _ONE_DAY, *days)] if days else []
    # A source that begins with a digit stands for itself.
    said = [f"0 {basis} {USUAL_QUANTITIES} {usual_chips()}", *(f"0 {digest}" for digest in laws)]
    make = lambda: [Turn(day, _from_the_day_before(statutes, day, basis)) for day in days]  # noqa: E731
    return tuple(cache.remembered(f"turns-{basis}", list[Turn], make, *_FOLLOWS, *said))


def _from_the_day_before(statutes: Statutes, day: dt.date, basis: Basis) -> Difference:
    before, after = Query(day - _ONE_DAY, SYSTEM, basis), Query(day, SYSTEM, basis)
    return difference(statutes, before, after, chips=usual_chips(), quantities=USUAL_QUANTITIES)


@lru_cache(maxsize=64)
def compared(  # noqa: PLR0913, PLR0917 - the key of what is kept
    statutes: Statutes,
    before: Query,
    after: Query,
    chips: tuple[str, ...],
    quantities: tuple[str, ...],
    places: tuple[str, ...],
) -> Difference:
    """Return the difference of two laws, kept for the next reader. Errors as :func:`difference`."""
    return difference(statutes, before, after, chips=chips, quantities=quantities, places=places)


@lru_cache(maxsize=8)
def acts_by_day(statutes: Statutes) -> dict[dt.date, tuple[Act, ...]]:
    """Return the acts of which something begins on a day, by day; proposals have none."""
    found: dict[dt.date, dict[str, Act]] = {}
    for act in statutes.acts(SYSTEM):
        for amendment in act.amendments:
            start = act.start(amendment)
            if start:
                found.setdefault(start, {})[act.id] = act
            if start and amendment.end:
                found.setdefault(amendment.end + _ONE_DAY, {})[act.id] = act
    return {day: tuple(acts.values()) for day, acts in found.items()}


def titled(statutes: Statutes, day: dt.date, tongue: Tongue) -> list[dict[str, str]]:
    """Return id and title of the acts of a day."""
    return [{"id": act.id, "title": tongue.pick(act.head.titles)} for act in acts_by_day(statutes).get(day, ())]


def days_of(statutes: Statutes, act: Act) -> tuple[dt.date, ...]:
    """Return the days on which something of an act begins or ends."""
    return tuple(day for day, acts in sorted(acts_by_day(statutes).items()) if act in acts)


def at_place(effects: Sequence[Effect], code: str) -> Iterator[tuple[Effect, Change]]:
    """Yield the changes of verdicts at one place."""
    for effect in effects:
        for change in effect.changes:
            if code in change.places:
                yield effect, change
