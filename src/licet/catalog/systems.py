"""What ships with AI chips inside: servers, boards, racks; the facts that the law asks of them follow from the chips.

The data are in ``systems.yaml`` beside this module: which chips, and how many of each. The law asks two things of such
an item. One is whether it contains an integrated circuit that meets a paragraph of ECCN 3A090 (4A090 and the .z
paragraphs are written so); for that the figures of the *most capable* circuit count. The other is the TPP of the whole,
which is summed over all circuits.

Where chips of different kinds are inside, the most capable is the one that meets the stricter paragraph of 3A090 as it
reads since 2023-11-17 (88 FR 73458): TPP alone does not order chips, since a small dense one may meet .a.2 where a
larger one meets .b.1. A chip of which too little is known to tell stands between one that meets .a and one that does
not, so that a figure that could decide stays missing in the whole and is not covered by a lesser chip's. Of two that
meet the same paragraph the one with more TPP counts, then the denser.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from licet import cache as kept
from licet.catalog.chips import Chip, Family, Words, chips, designers
from licet.catalog.reading import converted, read_yaml
from licet.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("systems.yaml")
#: 15 CFR part 774 Supp. 1, ECCN 3A090.a and .b, since 2023-11-17.
_A_TPP, _DENSE_TPP, _B_TPP = Decimal(4800), Decimal(1600), Decimal(2400)
_A_DENSITY, _B_DENSITY, _SPARSE = Fraction("5.92"), Fraction("3.2"), Fraction("1.6")

Form = Literal["server", "board", "rack", "module"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chip of an id, ``count`` times."""

    chip: str
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class System(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A server, board, rack or module with AI chips inside.

    ``chips`` are the parts that compute; ``maker`` is a key of :func:`licet.catalog.chips.designers`; ``datacenter`` is
    None where it is not known. ``mentions``, ``with_designer`` (here: the maker) and ``lookup`` as in :class:`Chip`.
    """

    id: str
    name: str
    maker: str
    form: Form
    chips: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]
    confidence: Literal["high", "medium", "low"]
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    mentions: tuple[str, ...] = ()
    with_designer: tuple[str, ...] = ()
    lookup: tuple[str, ...] = ()
    datacenter: bool | None = None
    notes: Words = {}

    @property
    def designer(self) -> str:
        """The maker, whose names may stand before the system's as a designer's before a chip's."""
        return self.maker

    @property
    def aliases(self) -> tuple[str, ...]:
        """All names but ``id`` and ``name``."""
        return (*self.mentions, *self.with_designer, *self.lookup)

    @property
    def circuits(self) -> int:
        """How many integrated circuits one unit contains, of all kinds."""
        return sum(part.count for part in self.chips)

    @property
    def most_capable(self) -> Chip:
        """The chip whose figures are the item's; see the module."""
        return max((chips()[part.chip] for part in self.chips), key=strictness)

    @property
    def unit_tpp(self) -> Decimal | None:
        """The TPP of one unit, over all its circuits; None where that of any kind is not known."""
        total = Decimal(0)
        for part in self.chips:
            tpp = chips()[part.chip].tpp
            if tpp is None:
                return None
            total += tpp * part.count
        return total

    def facts(self) -> dict[str, object]:
        """Return the item facts of a decision; what is unknown is left out. See :meth:`Chip.facts`."""
        return dict(self._facts)

    @cached_property
    def _facts(self) -> dict[str, object]:
        own: dict[str, object] = {
            "kind": "computer",
            "circuits": Decimal(self.circuits),
            "name": self.name,
            "unit_tpp": self.unit_tpp,
            "datacenter": self.datacenter,
            "circuit_datacenter": self.most_capable.datacenter,
        }
        inside = self.most_capable.facts()
        inside.pop("datacenter", None)
        return {name: value for name, value in {**inside, **own}.items() if value is not None}


class _Stored(msgspec.Struct, frozen=True):
    """All of ``systems.yaml``, checked, as it is kept."""

    families: dict[str, Family]
    systems: dict[str, System]


def strictness(chip: Chip) -> tuple[int, Decimal, Fraction]:
    """Return what orders chips by the paragraph of 3A090 that they meet; see the module."""
    tpp, density = chip.tpp, chip.performance_density
    paragraph = {True: 3, None: 2, False: int(_meets_b(tpp, density))}[_meets_a(tpp, density)]
    return paragraph, Decimal("Infinity") if tpp is None else tpp, Fraction(0) if density is None else density


def _meets_a(tpp: Decimal | None, density: Fraction | None) -> bool | None:
    if tpp is None or (density is None and _DENSE_TPP <= tpp < _A_TPP):
        return None
    return tpp >= _A_TPP or (tpp >= _DENSE_TPP and density is not None and density >= _A_DENSITY)


def _meets_b(tpp: Decimal | None, density: Fraction | None) -> bool:
    if tpp is None or density is None or density >= _A_DENSITY:
        return False
    return (_B_TPP <= tpp < _A_TPP and density >= _SPARSE) or (tpp >= _DENSE_TPP and density >= _B_DENSITY)


def systems() -> Mapping[str, System]:
    """Return all systems by id. Raises :class:`BadFile`, naming the system, if the data are wrong."""
    return MappingProxyType(_catalog().systems)


def families() -> Mapping[str, Family]:
    """Return the names that several systems share, with the one that such a name is taken for."""
    return MappingProxyType(_catalog().families)


@cache
def _catalog() -> _Stored:
    """Return all of ``systems.yaml``, from the cache where it has been read before beside the same chips."""
    chips_file = _FILE.with_name("chips.yaml")
    return kept.remembered("systems", _Stored, _read_catalog, _FILE, chips_file, _FILE.parent, "yaml")


def _read_catalog() -> _Stored:
    data = read_yaml(_FILE)
    read = {name: _read(name, row) for name, row in data["systems"].items()}
    shared = {name: converted(f"{_FILE.name}, family {name}", row, Family) for name, row in data["families"].items()}
    for name, family in shared.items():
        for member in (*family.members, *([family.default] if family.default else [])):
            if member not in read:
                raise BadFile(f"{_FILE.name}, family {name}: there is no system {member!r}")
    return _Stored(shared, read)


def _read(name: str, row: dict[str, Any]) -> System:
    where = f"{_FILE.name}, system {name}"
    read = converted(where, row | {"id": name}, System)
    if read.maker not in designers():
        raise BadFile(f"{where}: there is no designer {read.maker!r}")
    for part in read.chips:
        if part.chip not in chips():
            raise BadFile(f"{where}: there is no chip {part.chip!r}")
    if len({part.chip for part in read.chips}) != len(read.chips):
        raise BadFile(f"{where}: a chip stands there twice", fix="give its count once")
    return read
