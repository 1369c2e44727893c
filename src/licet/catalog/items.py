"""What a transaction's item may be called: one look-up for chips and for the systems that hold them.

``H100`` is a chip, ``DGX H100`` and ``HGX H100`` are systems. A name that several items share is a family's: it leads
to the family's default, and says so, or asks which. Nothing is ever guessed: a name that fits none is an error with
what was probably meant.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from licet.catalog import chips, systems
from licet.catalog.chip_names import forms, prefixed
from licet.catalog.names import Index, key
from licet.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.catalog.chips import Family, Words

Item = chips.Chip | systems.System


class Match(msgspec.Struct, frozen=True):
    """What a name led to.

    ``family`` is None if the name is the item's own. Else the name was a family's, ``item`` is its default, taken for
    the reason ``why`` (by language), and ``others`` are the ids that it could have been: an answer that rests on it
    says so.
    """

    item: Item
    family: str | None = None
    why: Words = {}
    others: tuple[str, ...] = ()


def every() -> Mapping[str, Item]:
    """Return all chips, then all systems, by id. No id is both a chip's and a system's."""
    return _every()


@cache
def _every() -> Mapping[str, Item]:
    return MappingProxyType({**chips.chips(), **systems.systems()})


@cache
def _families() -> Mapping[str, Family]:
    return MappingProxyType({**chips.families(), **systems.families()})


def own_names(item: Item) -> Iterator[str]:
    """Yield every name that is the item's own, and no family's."""
    yield item.id
    yield item.name
    yield item.name.removeprefix(item.designer).strip()
    yield from item.aliases


def _family_names(name: str, family: Family) -> tuple[str, ...]:
    return (name, *family.mentions, *family.with_designer, *family.lookup)


@cache
def _index() -> Index:
    """Index the names of items, and those of families: by the default, or as ambiguous where there is none."""
    index = Index("chip or system", "licet chips")
    for item in every().values():
        index.add(item.id, item.id, own_names(item))
    for name, family in _families().items():
        for member in [family.default] if family.default else family.members:
            index.add(member, member, _family_names(name, family))
    return index


@cache
def _family_keys() -> Mapping[str, str]:
    return {key(form): name for name, family in _families().items() for form in _family_names(name, family)}


@cache
def _designer_keys() -> Mapping[str, str]:
    return {key(form): name for name, designer in chips.designers().items() for form in (name, *designer.names)}


def look_up(name: str) -> Match:
    """Return the chip or system that ``name`` stands for, and whether it was a family's name.

    ``name`` is an id, a name or an alias in English or Chinese, with or without the designer before it
    (``英伟达H100``); case, width, spaces, punctuation and traditional characters do not matter. Raises
    :class:`~licet.errors.UnknownName` with up to five near ids for an unknown name, a name that fits several items, and
    a designer's name alone.
    """
    if name in chips.chips():
        # Before anything else is read: an id of a chip is what most callers give.
        return Match(chips.chips()[name])
    wanted = key(name)
    if not _index().ids(wanted):
        wanted = _without_designer(wanted)
    found = every()[_index().find(wanted, given=name)]
    family_name = _family_keys().get(wanted)
    if family_name is None:
        return Match(found)
    family = _families()[family_name]
    return Match(found, family_name, family.why, tuple(member for member in family.members if member != found.id))


def _without_designer(wanted: str) -> str:
    """Return the rest of a folded name after a designer, if that designer has an item of the rest's name."""
    for prefix, designer in _designer_keys().items():
        if wanted == prefix:
            theirs = [item.id for item in chips.chips().values() if item.designer == designer]
            raise UnknownName(f"{designer} designs chips; which one?", near=theirs[:5])
        rest = wanted.removeprefix(prefix)
        if rest != wanted and any(every()[found].designer == designer for found in _index().ids(rest)):
            return rest
    return wanted


def item(name: str) -> Item:
    """Return :func:`look_up`'s item, for callers that do not tell a family's default from an item's own name."""
    return look_up(name).item


def find(name: str) -> Item | None:
    """Return :func:`item`'s item, None where it would raise: without the near names, which take long to find."""
    if name in chips.chips():
        return chips.chips()[name]
    wanted = key(name)
    if not _index().ids(wanted):
        try:
            wanted = _without_designer(wanted)
        except UnknownName:
            return None
    ids = _index().ids(wanted)
    return every()[ids[0]] if len(ids) == 1 else None


@cache
def mention_names() -> Mapping[str, str]:
    """Return the names that stand for an item in running text, as written there, with its id.

    With and without the designer, with and without a space between a word and a number. A family's name stands for its
    default; a family without one, and short names without their designer ("L4", "A10", "Dojo"), are left out.
    """
    found: dict[str, str] = {}
    for named in every().values():
        _mentions(found, named, named)
        found.setdefault(named.name, named.id)
    for family in _families().values():
        if family.default:
            _mentions(found, family, every()[family.default])
    return MappingProxyType(found)


def _mentions(found: dict[str, str], named: Item | Family, stands_for: Item) -> None:
    """Add the forms of one item's or family's names, for the item ``stands_for``."""
    before = chips.designers()[stands_for.designer].names
    for name in named.mentions:
        for form in forms(name):
            found.setdefault(form, stands_for.id)
    for name in (*named.mentions, *named.with_designer):
        for form in prefixed(before, name):
            found.setdefault(form, stands_for.id)
