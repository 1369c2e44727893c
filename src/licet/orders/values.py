"""Reads the values of a book exactly as one transaction's are read: each different value once, in Python.

What is read here is what :func:`licet.decisions.read_transaction` reads, with two liberties of an order book: a place
may go by its name, and a point in time at midnight is its day.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.catalog import items
from licet.catalog import places as catalog
from licet.decisions import facts as reading
from licet.errors import BadInput, BadValue, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue, Vocabulary
    from licet.statutes.forms import Basis

MOST_REMEMBERED = 200_000
_MOST_NEAR = 200
TAKEN = "\x01destination\x01"
"""Before a place that nobody stated as a headquarters, and that is taken from the destination."""
_MIDNIGHT = " 00:00:00"
_BASES: dict[str, Basis] = {"written": "written", "enforced": "enforced"}


class Values:
    """Reads values of the facts of ``vocabulary``, and remembers those that it has read.

    ``charted``: places stand as the rows that the country chart gives them; one without a row is unknown.
    """

    def __init__(self, vocabulary: Vocabulary, *, charted: bool) -> None:
        self.vocabulary = vocabulary
        self.charted = charted
        self._read: dict[tuple[str, Any], FactValue | None] = {}
        self._chips: dict[tuple[str, FactValue | None], Mapping[str, FactValue]] = {}
        self._refused: dict[tuple[str, Any], tuple[str, str]] = {}
        self._near = 0

    def read(self, name: str, raw: Any) -> FactValue | None:
        """Return the value of a fact as stated (a place by its own code). Raises :class:`BadInput` with the fix."""
        key = (name, raw)
        try:
            return self._read[key]
        except KeyError:
            pass
        if (refused := self._refused.get(key)) is not None:
            raise BadInput(refused[0], fix=refused[1])
        try:
            value = self._fresh(name, raw)
        except BadInput as error:
            if len(self._refused) < MOST_REMEMBERED:
                self._refused[key] = (error.message, error.fix)
            raise
        if len(self._read) >= MOST_REMEMBERED:
            self._read.clear()
        self._read[key] = value
        return value

    def _fresh(self, name: str, raw: Any) -> FactValue | None:
        fact = self.vocabulary[name]
        if isinstance(raw, list):
            raw = tuple(raw)
        if fact.type == "place" and isinstance(raw, str):
            return self._place(raw)
        if fact.type == "date" and isinstance(raw, str):
            raw = raw.removesuffix(_MIDNIGHT)
        value = self.vocabulary.read(name, raw)
        if name in ("eccn", "for_eccn") and isinstance(value, str):
            return reading.eccn(value)
        return reading.company(value) if name == "exporter" and isinstance(value, str) else value

    def _place(self, raw: str) -> str | None:
        if raw.startswith(TAKEN):
            # As take_headquarters has it: a destination without a row is no place to take a headquarters from.
            code = self._place(raw.removeprefix(TAKEN))
            return code if code and catalog.places()[code].row else None
        if not raw.strip():
            return None
        found = catalog.find(raw)
        if found is not None:
            return found.code
        self._near += 1
        if self._near > _MOST_NEAR:  # near names take long to find; who has so many wants none of them
            raise UnknownName(f"there is no place called {raw[:60]!r}", fix="'licet places' lists them all")
        return catalog.place(raw).code

    def chip(self, raw: str, kind: FactValue | None = None) -> Mapping[str, FactValue]:
        """Return the figures of a catalog chip or system beside the ``kind`` that is stated, none for an empty name.

        Raises :class:`UnknownName`.
        """
        key = (raw, kind)
        if key not in self._chips:
            if len(self._chips) >= MOST_REMEMBERED:
                self._chips.clear()
            self._chips[key] = self._fresh_chip(raw, kind) if raw.strip() else {}
        return self._chips[key]

    def _fresh_chip(self, raw: str, kind: FactValue | None) -> Mapping[str, FactValue]:
        if (refused := self._refused.get(("chip", raw))) is not None:
            raise BadInput(refused[0], fix=refused[1])
        try:
            return self._figures(raw, kind)
        except UnknownName as error:
            if len(self._refused) < MOST_REMEMBERED:
                self._refused["chip", raw] = (error.message, error.fix)
            raise

    def chip_id(self, raw: str | None) -> str | None:
        """Return the id of a catalog item by any of its names, None for a name that is none."""
        found = items.find(raw) if raw and raw.strip() else None
        return found.id if found else None

    def _figures(self, raw: str, kind: FactValue | None) -> Mapping[str, FactValue]:
        found = items.find(raw)
        if found is None:
            self._near += 1
            if self._near > _MOST_NEAR:
                raise UnknownName(f"there is no chip called {raw[:60]!r}", fix="'licet chips' lists them all")
            found = items.item(raw)
        return reading.figures_of(found, kind, self.vocabulary)

    def basis(self, raw: str, default: Basis) -> Basis:
        """Return the basis that a line names. Raises :class:`BadValue`."""
        word = raw.strip()
        if word and word not in _BASES:
            raise BadValue(f"no basis is called '{word[:40]}'", fix="written or enforced")
        return _BASES[word] if word else default

    def transaction(
        self, stated: Mapping[str, Any], chip: str | None, numbers: Mapping[str, FactValue]
    ) -> dict[str, FactValue]:
        """Return the facts of one line as the law reads its places: ``stated`` ones, a catalog chip, and ``numbers``.

        The numbers have been read before. Raises :class:`BadInput` as :func:`licet.decisions.read_transaction` does.
        """
        facts = {name: value for name, raw in stated.items() if (value := self.read(name, raw)) is not None}
        facts |= numbers
        if chip is not None and chip.strip():
            facts = joined(self.chip(chip, facts.get("kind")), facts, chip)
        return self.counted(facts)

    def counted(self, facts: dict[str, FactValue]) -> dict[str, FactValue]:
        """Return facts as they count: places by their rows, no die area where no die is made on a non-planar node."""
        if self.charted:
            for name in reading.PLACE_FACTS:
                if name in facts:
                    row = catalog.places()[str(facts.pop(name))].row
                    facts |= {name: row} if row else {}
        if facts.get("non_planar") is False:
            facts.setdefault("applicable_die_area_mm2", Decimal(0))
        return facts

    def day(self, raw: Any, default: dt.date | None) -> dt.date:
        """Return the day of a line. Raises :class:`BadInput` where neither it nor the book has one."""
        found = self.read("date", raw)
        day = found if isinstance(found, dt.date) else default
        if day is None:
            raise BadInput("the line has no date", fix="fill in its date, or give --on for all lines without one")
        return day


def joined(figures: Mapping[str, FactValue], facts: dict[str, FactValue], chip: str) -> dict[str, FactValue]:
    """Join the figures of a catalog chip and what is stated. Raises :class:`BadValue` where they differ."""
    for name, value in figures.items():
        if facts.get(name, value) != value:
            found = items.find(chip)
            message = f"{name} of {found.id if found else chip} is {value} in the catalog, and {facts[name]} is stated"
            raise BadValue(message, fix=f"leave {name} out, or leave the chip out and state all its figures")
    return {**figures, **facts}
