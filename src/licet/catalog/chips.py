"""AI chips: their figures with sources, their names in two languages, and the facts that the law asks of a chip.

The data are in ``chips.yaml`` beside this module, which also says what each figure counts. What is not known is absent
there, None here, and left out of :meth:`Chip.facts`: unknown is not zero.

Total processing performance (TPP) is not stored. It is computed as 15 CFR part 774 Supp. 1, ECCN 3A090, has it: the
rate in tera-operations a second times the bit length of the operation, for the format where this is most. Published
calculations of others stand under ``stated``, with the reason where they differ.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from licet import cache as kept
from licet.catalog.chip_names import forms, prefixed
from licet.catalog.names import Index, key
from licet.errors import BadFile, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE = Path(__file__).with_name("chips.yaml")
_THOUSANDTH = Decimal("0.001")
T = TypeVar("T")

Format = Literal["int8", "fp8", "fp16", "fp4", "fp6", "mx6", "mx9", "tf32"]
#: Bit length of each format: that of the largest input of the multiplication. ``fp16`` stands for BF16 too; TF32 has
#: 19 bits in the multiplier whatever it is stored in. Of formats that give the same TPP, the first here is named.
BIT_LENGTHS: Mapping[Format, int] = MappingProxyType(
    {"fp4": 4, "int8": 8, "fp8": 8, "fp16": 16, "fp6": 6, "mx6": 6, "mx9": 9, "tf32": 19}
)


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A TPP that somebody else computed: its source, and why it ``differs`` from ours if it does by over 0.3%."""

    tpp: Decimal
    source: str
    differs: str | None = None


class Designer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A designer of chips: the place code of its ``headquarters``, and its names as they precede a chip's."""

    headquarters: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    names: tuple[str, ...]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chips that share a name ("H100"): its ``default``, if one can be taken for it, ``why`` that one, all ``members``.

    ``mentions``, ``with_designer`` and ``lookup`` as in :class:`Chip`.
    """

    why: str
    members: tuple[str, ...]
    default: str | None = None
    mentions: tuple[str, ...] = ()
    with_designer: tuple[str, ...] = ()
    lookup: tuple[str, ...] = ()


class Chip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A chip.

    ``rates`` are dense tera-operations a second by format; ``die_area_mm2`` the applicable area (all logic dies made
    with non-planar transistors); memory in GB and GB/s; ``interconnect_gbs`` both directions together; ``tdp_w`` watts.
    ``released`` is as exact as it is known: ``2026``, ``2026-Q4``, ``2026-03``, ``2026-03-01``. ``designer`` is a key
    of :func:`designers`. ``mentions`` are names that stand for the chip in running text, ``with_designer`` those that
    do only after the designer's name, ``lookup`` those that only :func:`chip` knows. ``sources`` are addresses.
    """

    id: str
    name: str
    designer: str
    designer_headquarters: str
    confidence: Literal["high", "medium", "low"]
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    mentions: tuple[str, ...] = ()
    with_designer: tuple[str, ...] = ()
    lookup: tuple[str, ...] = ()
    released: Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-Q[1-4]|-\d\d|-\d\d-\d\d)?$")] | None = None
    process_node: str | None = None
    non_planar: bool | None = None
    die_area_mm2: Decimal | None = None
    rates: dict[Format, Decimal] = {}
    memory_type: str | None = None
    memory_gb: Decimal | None = None
    memory_bandwidth_gbs: Decimal | None = None
    interconnect_gbs: Decimal | None = None
    datacenter: bool | None = None
    tdp_w: Decimal | None = None
    stated: tuple[Stated, ...] = ()
    notes: str = ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """All names but ``id`` and ``name``."""
        return (*self.mentions, *self.with_designer, *self.lookup)

    @cached_property
    def tpp_format(self) -> Format | None:
        """The format that sets the TPP; None if no rate is known."""
        return max(
            (name for name in BIT_LENGTHS if name in self.rates),
            key=lambda name: self.rates[name] * BIT_LENGTHS[name],
            default=None,
        )

    @cached_property
    def tpp(self) -> Decimal | None:
        """Total processing performance, exact; None if no rate is known."""
        name = self.tpp_format
        return None if name is None else self.rates[name] * BIT_LENGTHS[name]

    @cached_property
    def performance_density(self) -> Fraction | None:
        """TPP over applicable die area, exact; None if either is unknown."""
        if self.tpp is None or self.die_area_mm2 is None:
            return None
        return Fraction(self.tpp) / Fraction(self.die_area_mm2)

    @property
    def dram_bandwidth_gbs(self) -> Decimal | None:
        """The memory bandwidth if the memory is known to be DRAM. SRAM on the die is not what the law counts."""
        return None if self.memory_type in {None, "SRAM"} else self.memory_bandwidth_gbs

    def facts(self) -> dict[str, object]:
        """Return the item facts of a decision; what is unknown is left out.

        Numbers are :class:`~decimal.Decimal`. ``performance_density`` has three decimals; where the area is given too,
        compare the TPP with area times threshold instead.
        """
        return dict(self._facts)

    @cached_property
    def _facts(self) -> dict[str, object]:
        density = self.performance_density
        known: dict[str, object] = {
            "kind": "chip",
            "circuits": Decimal(1),
            "name": self.name,
            "tpp": self.tpp,
            "performance_density": None if density is None else thousandths(density),
            "applicable_die_area_mm2": self.die_area_mm2,
            "datacenter": self.datacenter,
            "memory_bandwidth_gbs": self.dram_bandwidth_gbs,
            "interconnect_gbs": self.interconnect_gbs,
            "non_planar": self.non_planar,
            "designer": self.designer,
            "designer_headquarters": self.designer_headquarters,
        }
        return {name: value for name, value in known.items() if value is not None}


class Match(msgspec.Struct, frozen=True):
    """What a name led to.

    ``family`` is None if the name is the chip's own. Else the name was a family's, ``chip`` is its default, taken for
    the reason ``why``, and ``others`` are the ids that it could have been: an answer that rests on it says so.
    """

    chip: Chip
    family: str | None = None
    why: str = ""
    others: tuple[str, ...] = ()


class _Stored(msgspec.Struct, frozen=True):
    """All of ``chips.yaml``, as it is kept."""

    designers: dict[str, Designer]
    families: dict[str, Family]
    chips: dict[str, Chip]


class _Catalog(msgspec.Struct, frozen=True):
    """All of ``chips.yaml``, checked."""

    designers: Mapping[str, Designer]
    families: Mapping[str, Family]
    chips: Mapping[str, Chip]


def thousandths(value: Fraction) -> Decimal:
    """Return ``value`` rounded to three decimals, half to even."""
    return Decimal(round(value * 1000)) * _THOUSANDTH


def chips() -> Mapping[str, Chip]:
    """Return all chips by id. Raises :class:`~licet.errors.BadFile`, naming the chip, if the data are wrong."""
    return _catalog().chips


def designers() -> Mapping[str, Designer]:
    """Return the designers by the name that :attr:`Chip.designer` holds."""
    return _catalog().designers


def families() -> Mapping[str, Family]:
    """Return the names that several chips share, with the chip that such a name is taken for."""
    return _catalog().families


@cache
def _catalog() -> _Catalog:
    """Return all of ``chips.yaml``, from the cache where it has been read before."""
    found = kept.remembered("chips", _Stored, _read_catalog, _FILE, _FILE.parent, "yaml")
    return _Catalog(MappingProxyType(found.designers), MappingProxyType(found.families), MappingProxyType(found.chips))


def _read_catalog() -> _Stored:
    import yaml  # noqa: PLC0415 - where the catalog is kept in the cache, no file is parsed

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    with _FILE.open(encoding="utf-8") as stream:
        # A base loader: every scalar stays text, so that NO is not false and 665.61 is not a float.
        data = yaml.load(stream, Loader=loader)  # noqa: S506
    sources = {name: source["url"] for name, source in data["sources"].items()}
    known_designers = {name: _convert(f"designer {name}", row, Designer) for name, row in data["designers"].items()}
    read = {name: _read_chip(name, row, sources, known_designers) for name, row in data["chips"].items()}
    known_families = {name: _convert(f"family {name}", row, Family) for name, row in data["families"].items()}
    for name, family in known_families.items():
        for member in (*family.members, *([family.default] if family.default else [])):
            if member not in read:
                raise BadFile(f"{_FILE.name}, family {name}: there is no chip {member!r}")
    return _Stored(known_designers, known_families, read)


def _convert(where: str, row: object, kind: type[T]) -> T:
    """Convert text scalars to what ``kind`` declares."""
    try:
        return msgspec.convert(row, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadFile(f"{_FILE.name}, {where}: {error}") from error


def _read_chip(name: str, row: dict[str, Any], sources: Mapping[str, str], known: Mapping[str, Designer]) -> Chip:
    """Return one chip of the file, with its designer's headquarters and its sources' addresses filled in."""
    where = f"chip {name}"
    designer = known.get(row.get("designer", ""))
    if designer is None:
        raise BadFile(f"{_FILE.name}, {where}: there is no designer {row.get('designer')!r}")
    filled = row | {
        "id": name,
        "designer_headquarters": designer.headquarters,
        "sources": [sources.get(source, source) for source in row.get("sources", [])],
        "stated": [
            stated | {"source": sources.get(stated["source"], stated["source"])} for stated in row.get("stated", [])
        ],
    }
    read = _convert(where, filled, Chip)
    for field, value in (*read.rates.items(), *((field, getattr(read, field)) for field in read.__struct_fields__)):
        if isinstance(value, Decimal) and value <= 0:
            raise BadFile(f"{_FILE.name}, {where}: {field} is {value}", fix="leave out what is unknown")
    return read


def _own_names(item: Chip) -> Iterator[str]:
    yield item.id
    yield item.name
    yield item.name.removeprefix(item.designer).strip()
    yield from item.aliases


@cache
def _index() -> Index:
    """Index the names of chips, and those of families: by the default, or as ambiguous where there is none."""
    index = Index("chip", "licet chips")
    for item in chips().values():
        index.add(item.id, item.id, _own_names(item))
    for name, family in families().items():
        for member in [family.default] if family.default else family.members:
            index.add(member, member, (name, *family.mentions, *family.with_designer, *family.lookup))
    return index


@cache
def _family_keys() -> Mapping[str, str]:
    return {
        key(form): name
        for name, family in families().items()
        for form in (name, *family.mentions, *family.with_designer, *family.lookup)
    }


@cache
def _designer_keys() -> Mapping[str, str]:
    return {key(form): name for name, designer in designers().items() for form in (name, *designer.names)}


def look_up(name: str) -> Match:
    """Return the chip that ``name`` stands for, and whether it was a family's name.

    ``name`` is an id, a name or an alias in English or Chinese, with or without the designer before it
    (``英伟达H100``); case, spaces and punctuation do not matter. Raises :class:`~licet.errors.UnknownName` with up to
    five near ids for an unknown name, a name that fits several chips, and a designer's name alone.
    """
    if name in chips():
        return Match(chips()[name])
    wanted = key(name)
    if not _index().ids(wanted):
        wanted = _without_designer(wanted)
    found = chips()[_index().find(wanted, given=name)]
    family_name = _family_keys().get(wanted)
    if family_name is None:
        return Match(found)
    family = families()[family_name]
    return Match(found, family_name, family.why, tuple(member for member in family.members if member != found.id))


def _without_designer(wanted: str) -> str:
    """Return the rest of a folded name after a designer, if that designer has a chip of the rest's name."""
    for prefix, designer in _designer_keys().items():
        if wanted == prefix:
            theirs = [item.id for item in chips().values() if item.designer == designer]
            raise UnknownName(f"{designer} designs chips; which one?", near=theirs[:5])
        rest = wanted.removeprefix(prefix)
        if rest != wanted and any(chips()[found].designer == designer for found in _index().ids(rest)):
            return rest
    return wanted


def chip(name: str) -> Chip:
    """Return :func:`look_up`'s chip, for callers that do not tell a family's default from a chip's own name."""
    return look_up(name).chip


@cache
def mention_names() -> Mapping[str, str]:
    """Return the names that stand for a chip in running text, as written there, with its id.

    With and without the designer, with and without a space between a word and a number. A family's name stands for its
    default; a family without one, and short names without their designer ("L4", "A10", "Dojo"), are left out.
    """
    found: dict[str, str] = {}
    for item in chips().values():
        _mentions(found, item, item)
        found.setdefault(item.name, item.id)
    for family in families().values():
        if family.default:
            _mentions(found, family, chips()[family.default])
    return MappingProxyType(found)


def _mentions(found: dict[str, str], named: Chip | Family, item: Chip) -> None:
    """Add the forms of one chip's or family's names, for the chip ``item``."""
    before = designers()[item.designer].names
    for name in named.mentions:
        for form in forms(name):
            found.setdefault(form, item.id)
    for name in (*named.mentions, *named.with_designer):
        for form in prefixed(before, name):
            found.setdefault(form, item.id)
