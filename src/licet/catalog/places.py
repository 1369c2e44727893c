"""Places: every ISO 3166-1 code and Kosovo, by any name, with its row of the Commerce Country Chart.

Display names are CLDR's (through Babel), in English and simplified Chinese, except where ``places.csv`` beside this
module gives a shorter one. The file also holds what CLDR has not: other names, names that identify a place when asked
for but not in running text (``lookup``: "Jordan" is more often a person), demonyms, and the row.

``row`` is the place whose row the Export Administration Regulations apply: a place's own, for most. Hong Kong counts
under China (85 FR 83788); Liechtenstein under Switzerland (footnote 5 of the chart); under 15 CFR 738.3(b) a territory,
possession, dependency or department has the row of the country that it belongs to, unless the chart lists it (Aruba,
Curaçao, Sint Maarten, Macau). ``row_seen`` says how that is known:

``secondary``
    read in a copy of the chart, issue of 2026-07-23, or named as an example by the section itself;
``derived``
    the rule of 738.3(b) applied to a territory that the section does not name; for the United States, which the chart
    of foreign destinations does not list, that it is its own;
``unknown``
    neither on the chart nor plainly covered by the rule (Antarctica, Palestine; the Cook Islands and Niue, whose free
    association with New Zealand it does not name): ``row`` is None, and a decision that needs it is undecided.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import babel
import msgspec

from licet import cache as kept
from licet.catalog.names import Index
from licet.errors import BadFile
from licet.i18n import locale_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.catalog.own_names import OwnNames

_FILE = Path(__file__).with_name("places.csv")
RowSeen = Literal["secondary", "derived", "unknown"]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country or territory.

    ``code`` and ``alpha3`` are ISO 3166-1 (XK and XKX for Kosovo, which ISO leaves to users); ``names`` the display
    names by language; ``aliases`` other names; ``lookup`` further names, and display names, that in running text are
    more often something else; ``row`` a place code or None, ``row_seen`` and ``row_source`` as the module says;
    ``territory_of`` the code of the country that a territory belongs to.
    """

    code: str
    alpha3: str
    names: dict[Literal["en", "zh"], str]
    aliases: tuple[str, ...]
    lookup: tuple[str, ...]
    demonyms: tuple[str, ...]
    row: str | None
    row_seen: RowSeen
    row_source: str
    territory_of: str | None

    def every_name(self) -> tuple[str, ...]:
        """Return all names that :func:`place` knows it by, codes and demonyms included."""
        return (self.code, self.alpha3, *self.names.values(), *self.aliases, *self.lookup, *self.demonyms)


@cache
def places() -> Mapping[str, Place]:
    """Return all places by code, in the order of the codes. Raises :class:`BadFile` if the data cannot be read."""
    found = kept.remembered("places", tuple[Place, ...], _read_places, _FILE, _FILE.parent, babel.__version__)
    return MappingProxyType({item.code: item for item in found})


def _read_places() -> tuple[Place, ...]:
    import csv  # noqa: PLC0415 - where the places are kept in the cache, no file is parsed

    found: dict[str, Place] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            read = _read(row)
            if read.code in found:
                raise BadFile(f"{_FILE.name}: {read.code} stands there twice")
            found[read.code] = read
    for item in found.values():
        for other in (item.row, item.territory_of):
            if other is not None and other not in found:
                raise BadFile(f"{_FILE.name}, row {item.code}: there is no place {other!r}")
    return tuple(found.values())


@cache
def _cldr(language: str) -> Mapping[str, str]:
    return babel.Locale.parse(locale_name(language)).territories


def _read(row: dict[str, str]) -> Place:
    """Return the place of one row of the file, its display names filled in from CLDR."""
    code = row.get("code", "")
    fields: dict[str, object] = {name: row.get(name) or None for name in ("row", "territory_of")}
    fields |= {name: row.get(name) for name in ("code", "alpha3", "row_seen", "row_source")}
    fields |= {name: _split(row.get(name)) for name in ("aliases", "lookup", "demonyms")}
    fields["names"] = {language: row.get(language) or _cldr(language).get(code) for language in ("en", "zh")}
    try:
        return msgspec.convert(fields, Place)
    except msgspec.ValidationError as error:
        raise BadFile(f"{_FILE.name}, row {code!r}: {error}") from error


def _split(cell: str | None) -> list[str]:
    return [name for name in (cell or "").split(";") if name]


@cache
def _index() -> Index:
    index = Index("place", "licet places")
    for item in places().values():
        index.add(item.code, item.names["en"], item.every_name())
        # CLDR's own display names stay known where ours are shorter ("Congo - Kinshasa").
        index.add(item.code, item.names["en"], (_cldr("en")[item.code], _cldr("zh")[item.code]))
    return index


def places_called(name: str) -> tuple[str, ...]:
    """Return the codes of every place that ``name`` can stand for, as :func:`place` looks it up; none if unknown."""
    code = name.strip().upper()
    return (code,) if code in places() else _index().ids(name)


def place(name: str, own: OwnNames | None = None) -> Place:
    """Return the place that ``name`` stands for: a code of two or three letters, a name, an alias or a demonym.

    English or Chinese; case, accents, punctuation and traditional characters do not matter. A code of two letters
    always wins. ``own`` are the names of an operator, known beside the built-in ones. Raises
    :class:`~licet.errors.UnknownName` with up to five near names for an unknown name and for one that fits several
    places ("Korea").
    """
    code = name.strip().upper()
    if code not in places():
        code = (own.code(name) if own else None) or _index().find(name)
    return places()[code]


def find(name: str) -> Place | None:
    """Return :func:`place`'s place, None where it would raise: without the near names, which take long to find."""
    code = name.strip().upper()
    if code in places():
        return places()[code]
    ids = _index().ids(name)
    return places()[ids[0]] if len(ids) == 1 else None


def display_name(place: Place | str, language: str, overrides: Mapping[str, str] | None = None) -> str:
    """Return the name to show in ``language`` (``en`` or ``zh``).

    ``overrides`` maps codes to the names that the operator of a site wants instead.
    """
    item = places()[place] if isinstance(place, str) else place
    return (overrides or {}).get(item.code) or item.names["zh" if language == "zh" else "en"]


@cache
def mention_names() -> Mapping[str, str]:
    """Return the names that identify a place in running text, as written there, with its code.

    Without codes, without what is ambiguous between places, and without the words of ``lookup``: "Chad", "Jordan",
    "Georgia" and "Jersey" are more often something else, and ``海地`` stands inside ``上海地区``. Upper and lower case
    matter ("turkey" is a bird).
    """
    return MappingProxyType(dict(_mentions()))


def _mentions() -> Iterator[tuple[str, str]]:
    for item in places().values():
        for name in (*item.names.values(), *item.aliases, *item.demonyms):
            if name not in item.lookup and len(_index().ids(name)) == 1:
                yield name, item.code
                if "（" in name:
                    yield name.replace("（", "(").replace("）", ")"), item.code
