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
from licet.catalog.reading import converted, read_yaml
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("chips.yaml")
_THOUSANDTH = Decimal("0.001")
T = TypeVar("T")

#: A text in both languages, as the data hold it.
Words = dict[str, str]
Format = Literal["int8", "fp8", "fp16", "fp4", "fp6", "mx6", "mx9", "tf32"]
#: Bit length of each format: that of the largest input of the multiplication. ``fp16`` stands for BF16 too; TF32 has
#: 19 bits in the multiplier whatever it is stored in. Of formats that give the same TPP, the first here is named.
BIT_LENGTHS: Mapping[Format, int] = MappingProxyType(
    {"fp4": 4, "int8": 8, "fp8": 8, "fp16": 16, "fp6": 6, "mx6": 6, "mx9": 9, "tf32": 19}
)


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody else computed: a TPP, a performance ``density``, or both; and its source.

    ``differs`` says why it is not ours, if the TPP is off by over 0.3 % or the density by over 1 %.
    """

    source: str
    tpp: Decimal | None = None
    density: Decimal | None = None
    differs: Words | None = None


class Designer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A designer of chips: the place code of its ``headquarters``, and its names as they precede a chip's."""

    headquarters: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    names: tuple[str, ...]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Items that share a name ("H100"): its ``default``, if one can be taken for it, ``why`` that one, all ``members``.

    ``why`` by language (``en``, ``zh``); ``mentions``, ``with_designer`` and ``lookup`` as in :class:`Chip`.
    """

    why: Words
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
    do only after the designer's name, ``lookup`` those that only :func:`licet.catalog.items.look_up` knows. ``sources``
    are addresses.
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
    notes: Words = {}

    @property
    def aliases(self) -> tuple[str, ...]:
        """All names but ``id`` and ``name``."""
        return (*self.mentions, *self.with_designer, *self.lookup)

    @property
    def products(self) -> dict[Format, Decimal]:
        """The TPP that each known format would give, in the order of :data:`BIT_LENGTHS`."""
        return {name: self.rates[name] * bits for name, bits in BIT_LENGTHS.items() if name in self.rates}

    @cached_property
    def tpp_format(self) -> Format | None:
        """The format that sets the TPP; None if no rate is known."""
        products = self.products
        return max(products, key=products.__getitem__, default=None)

    @cached_property
    def tpp(self) -> Decimal | None:
        """Total processing performance, exact; None if no rate is known."""
        name = self.tpp_format
        return None if name is None else self.products[name]

    @property
    def unit_tpp(self) -> Decimal | None:
        """The TPP of one unit: the chip's own. A system's is that of all its circuits."""
        return self.tpp

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
    data = read_yaml(_FILE)
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
    return converted(f"{_FILE.name}, {where}", row, kind)


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
