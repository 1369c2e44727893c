"""Two laws of one system beside each other: what changed in the law, who is in which tier, who gains and who loses."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from licet.catalog.chips import chips as catalog_chips
from licet.catalog.items import item as catalog_item
from licet.catalog.places import place
from licet.catalog.places import places as all_places
from licet.decisions.gains import STATED_ITEM, Asked, Gains, gains
from licet.decisions.places import tiers
from licet.errors import BadInput, BadValue
from licet.statutes.difference import LawDifference, differ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from licet.statutes import Statutes
    from licet.statutes.law import Law, Query

MOST_QUANTITIES = 12


class Tier(msgspec.Struct, frozen=True):
    """One tier: the places with a row of their own, by code, counted without the United States (``with_us``)."""

    tier: int
    places: tuple[str, ...]
    count: int
    with_us: bool


class TierMove(msgspec.Struct, frozen=True):
    """Places with a row of their own that went from one tier to another; None: the law has no tiers."""

    before: int | None
    after: int | None
    places: tuple[str, ...]


class Tiers(msgspec.Struct, frozen=True):
    """The tiers under each law, and who moved.

    ``territories``: the territories that follow a place, by that place; ``no_row``: places that the country chart gives
    no row, and so no tier.
    """

    before: tuple[Tier, ...]
    after: tuple[Tier, ...]
    moved: tuple[TierMove, ...]
    territories: dict[str, tuple[str, ...]]
    no_row: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """All that differs between two laws: ``law`` the texts, ``tiers`` (None: neither has tiers), ``gains`` answers."""

    law: LawDifference
    tiers: Tiers | None
    gains: Gains

    @property
    def effective(self) -> bool:
        """Whether any verdict that was asked for differs."""
        return not self.gains.empty


def difference(  # noqa: PLR0913 - the laws, and what is asked of both, each by name
    statutes: Statutes,
    before: Query,
    after: Query,
    *,
    chips: Sequence[str] = (),
    quantities: Sequence[int | str] = (),
    places: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> Difference:
    """Return what differs between the laws of two queries.

    The verdicts compared are those on each of ``chips`` (of the catalog, by name; default: all), in each of
    ``quantities`` (see :func:`licet.decisions.gains.gains`), to each of ``places`` (by code or name; default: all),
    with ``facts`` stated of all of them, by the names of the vocabulary. Where ``facts`` describe an item and no chip
    is named, that item takes the place of the catalog.
    Raises :class:`licet.errors.BadInput` for two systems of law, an unknown name or a value that cannot be.
    """
    changed = differ(statutes, before, after)
    old, new = statutes.law(before), statutes.law(after)
    if len(quantities) > MOST_QUANTITIES:
        raise BadValue(f"{len(quantities)} quantities", fix=f"ask for at most {MOST_QUANTITIES}")
    units = tuple(_units(statutes, quantity) for quantity in quantities)
    codes = tuple(dict.fromkeys(place(name).code for name in places))
    asked = Asked(_items(statutes, chips, facts or {}), units, codes)
    return Difference(changed, _tiers(old, new), gains((old, before), (new, after), asked))


def refuse_same(before: Query, after: Query) -> None:
    """Raise :class:`BadInput` where both queries ask for one law in one way, so that there is nothing to compare."""
    if before == after:
        fix = "give a second date, or another basis, day of knowledge, reading or proposal for the second law"
        raise BadInput(f"both laws are that of {before.on}, {before.basis}: nothing to compare", fix=fix)


def _units(statutes: Statutes, quantity: int | str) -> int:
    read = statutes.vocabulary.read("quantity", quantity)
    if not isinstance(read, Decimal):
        raise BadValue("a quantity is empty", fix="give a whole number of units")
    return int(read)


def _items(statutes: Statutes, chips: Sequence[str], facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    if "chip" in facts:
        raise BadValue("a chip is not stated as a fact here", fix="name the chips to be asked (--chip)")
    described = any(statutes.vocabulary[name].group == "item" for name in facts if name in statutes.vocabulary)
    if described and not chips:
        return {STATED_ITEM: dict(facts)}
    names = dict.fromkeys(catalog_item(name).id for name in chips) or catalog_chips()
    return {name: {**facts, "chip": name} for name in names}


def _tiers(before: Law, after: Law) -> Tiers | None:
    if not (before.of_kind("tier") or after.of_kind("tier")):
        return None
    old, new = tiers(before), tiers(after)
    own = [code for code, item in all_places().items() if item.row == code]
    moves: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    for code in own:
        if old[code] != new[code]:
            moves[old[code], new[code]].append(code)
    territories: dict[str, list[str]] = defaultdict(list)
    for code, item in all_places().items():
        if item.row and item.row != code:
            territories[item.row].append(code)
    return Tiers(
        before=_listed(old, own),
        after=_listed(new, own),
        moved=tuple(TierMove(*pair, tuple(codes)) for pair, codes in sorted(moves.items(), key=str)),
        territories={row: tuple(codes) for row, codes in sorted(territories.items())},
        no_row=tuple(code for code, item in all_places().items() if item.row is None),
    )


def _listed(found: Mapping[str, int | None], own: Sequence[str]) -> tuple[Tier, ...]:
    listed = []
    for number in (1, 2, 3) if any(found.values()) else ():
        members = tuple(code for code in own if found[code] == number)
        others = len([code for code in members if code != "US"])
        listed.append(Tier(number, members, others, others != len(members)))
    return tuple(listed)
