"""What holds along the quantity, and the largest quantity that needs no license."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from licet.decisions.alternatives import MOST_ALONG, Alternatives, Branch, Values
from licet.decisions.decide import Case
from licet.decisions.facts import Transaction
from licet.decisions.reasons import volume
from licet.decisions.restated import set_free
from licet.decisions.trials import Result, Trials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Law, Query


class Obliged(msgspec.Struct, frozen=True):
    """Quantities for which an obligation comes with a result; ``clause`` is its id."""

    clause: str
    first: int
    last: int


class Stretch(msgspec.Struct, frozen=True):
    """Quantities of one result, ``first`` and ``last`` among them.

    ``obliged``: obligations that come with some of these quantities only, such as a notice from an amount on.
    """

    first: int
    last: int
    result: Result
    obliged: tuple[Obliged, ...] = ()


class Quantities(msgspec.Struct, frozen=True):
    """What the law answers along the quantity, all other facts as they are.

    ``stretches`` lie side by side from the least to ``most``, the greatest quantity that the vocabulary takes. The
    largest quantity, None where there is none: ``free`` without any license requirement, ``excepted`` under an
    exception or authorization, ``allocated`` for which a license would still draw no more than the allocation has left.
    ``fixed_by``: stated amounts that would have to change with the quantity; there are then no stretches.
    """

    stretches: tuple[Stretch, ...]
    free: int | None
    excepted: int | None
    allocated: int | None
    most: int
    tried: int
    complete: bool
    fixed_by: tuple[str, ...] = ()

    @property
    def without_license(self) -> int | None:
        """The largest quantity that needs no license."""
        return max((found for found in (self.free, self.excepted) if found is not None), default=None)


def largest_quantity(law: Law, transaction: Transaction, query: Query, most: int = MOST_ALONG) -> Quantities:
    """Return what holds along the quantity, and the largest that needs no license."""
    alternatives = Alternatives(law, Trials(law, query, most))
    facts, fixed = set_free(alternatives, transaction, "quantity")
    branches = [] if fixed else alternatives.along("quantity", facts)
    duties = [] if fixed else _obligations(alternatives, facts)
    stretches = tuple(_stretch(branch, duties) for branch in branches)
    allocated = [_allocated(law, query, facts, stretch) for stretch in stretches]
    return Quantities(
        stretches=stretches,
        free=max((s.last for s in stretches if s.result.free), default=None),
        excepted=max((s.last for s in stretches if s.result.outcome == "license_exception"), default=None),
        allocated=max((found for found in allocated if found is not None), default=None),
        most=int(law.vocabulary["quantity"].most),
        tried=alternatives.trials.tried,
        complete=bool(stretches) and stretches[-1].last == law.vocabulary["quantity"].most,
        fixed_by=fixed,
    )


def _obligations(alternatives: Alternatives, facts: Mapping[str, FactValue]) -> list[tuple[int, int, frozenset[str]]]:
    """Return the obligations of each part of the quantities, as ``(first, last, ids)``."""
    found = []
    for values, typical in alternatives.parts("quantity", facts):
        case = alternatives.trials.case({**facts, "quantity": typical})
        attended = case.outcome in ("license_exception", "license_required")
        found.append((*_ends(values), frozenset(o.id for o in case.obligations if attended)))
    return found


def _stretch(branch: Branch, duties: list[tuple[int, int, frozenset[str]]]) -> Stretch:
    """Return a stretch with the obligations that not all of its quantities have."""
    first, last = _ends(branch.values)
    within = [duty for duty in duties if first <= duty[0] and duty[1] <= last]
    sometimes = frozenset().union(*(ids for _, _, ids in within)) - frozenset.intersection(
        *(ids for _, _, ids in within)
    )
    runs = [Obliged(name, *run) for name in sorted(sometimes) for run in _runs(within, name)]
    return Stretch(first, last, branch.result, tuple(sorted(runs, key=lambda run: (run.first, run.clause))))


def _runs(within: list[tuple[int, int, frozenset[str]]], name: str) -> list[tuple[int, int]]:
    """Return the quantities of adjoining parts that have an obligation."""
    found: list[tuple[int, int]] = []
    for first, last, ids in within:
        if name in ids:
            begun = found.pop()[0] if found and found[-1][1] == first - 1 else first
            found.append((begun, last))
    return found


def _ends(values: Values) -> tuple[int, int]:
    assert values.first is not None  # noqa: S101 - values of a number
    assert values.last is not None  # noqa: S101
    return int(values.first), int(values.last)


def _allocated(law: Law, query: Query, facts: Mapping[str, FactValue], stretch: Stretch) -> int | None:
    """Return the largest quantity of a stretch for which a license would draw no more than is left, None for none."""
    case = Case(law, Transaction({**facts, "quantity": Decimal(stretch.first)}), query)
    account = volume(law, case.facts, case.allocation) if case.allocation and case.allocates else None
    if account is None or account.units is None or account.units < stretch.first:
        return None
    return min(account.units, stretch.last)
