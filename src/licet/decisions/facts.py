"""A transaction's facts: read from what a caller gives, and completed by what follows and what may be assumed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.catalog import chips, items
from licet.catalog.names import key as name_key
from licet.catalog.places import places
from licet.clauses.evaluate import Oracle
from licet.errors import BadInput, BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.clauses.vocabulary import FactValue, Vocabulary
    from licet.statutes.law import Law

# Objects of facts inside a transaction; what is in them counts as if it stood beside them.
_NESTED = ("item", "certifications", "state")
_FOR_PEOPLE = frozenset({"end_use_note"})
# The system whose country chart counts a territory as another place (15 CFR 738.3(b)); to others it is itself.
CHARTED = "us-ear"
PLACE_FACTS = ("origin", "destination", "headquarters", "parent_headquarters")


@dataclass(frozen=True)
class Transaction:
    """Facts by name, exact; places stand as the rows of the country chart that the law gives them.

    ``taken``: facts that nobody stated, taken from another (an omitted headquarters from the destination); ``chip``:
    the catalog id that filled in the item.
    """

    facts: Mapping[str, FactValue]
    id: str | None = None
    stated_places: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    chip: str | None = None

    @property
    def on(self) -> dt.date:
        """The day of the transaction. Raises :class:`BadInput` where it is not given: nothing here reads the clock."""
        day = self.facts.get("date")
        if not isinstance(day, dt.date):
            raise BadInput("the transaction has no date", fix="give date, as in 2025-06-02")
        return day

    def under(self, system: str) -> Transaction:
        """Return the transaction as a system of law reads its places."""
        if system == CHARTED or not self.stated_places:
            return self
        return replace(self, facts={**self.facts, **self.stated_places})


def read_transaction(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Transaction:
    """Read a case line (``transaction``, ``item``, ``state`` nested) or flat facts, with ``chip`` for a catalog name.

    ``chip`` names a chip or a system. A chip beside ``kind: computer`` is the one inside, ``circuits`` of it.
    Raises :class:`BadInput` (unknown fact or chip, wrong type, unit or range) naming the fix.
    """
    flat = _flatten(raw)
    name = flat.pop("id", None)
    chip = flat.pop("chip", None)
    facts = {key: value for key, item in flat.items() if (value := vocabulary.read(key, item)) is not None}
    if chip is not None:
        found = items.item(str(chip))
        facts, chip = _with_item(found, facts, vocabulary), found.id
    facts |= {key: eccn(str(facts[key])) for key in ("eccn", "for_eccn") if key in facts}
    if isinstance(facts.get("exporter"), str):
        facts["exporter"] = company(str(facts["exporter"]))
    stated = {key: str(facts[key]) for key in PLACE_FACTS if key in facts}
    for key, code in stated.items():
        row = places()[code].row
        # A place that the country chart gives no row is not any of its places: what hangs on it stays unknown.
        facts.pop(key)
        facts |= {key: row} if row else {}
    if facts.get("non_planar") is False:
        # No logic die on a non-planar node: the applicable die area is nothing, and a density cannot be formed.
        facts.setdefault("applicable_die_area_mm2", Decimal(0))
    return Transaction(facts, None if name is None else str(name)[:200], stated, chip=chip)


# What a chip's figures say of the chip alone, and not of a computer with that chip inside.
_OF_THE_CHIP = ("kind", "name", "circuits", "datacenter")


def figures_of(item: items.Item, kind: FactValue | None, vocabulary: Vocabulary) -> dict[str, FactValue]:
    """Return the figures of a catalog item that what is stated must agree with; ``kind`` as it was stated."""
    given = item.facts()
    if given["kind"] == "chip" and kind == "computer":
        given = {"circuit_datacenter": given.get("datacenter")} | given
        given = {key: value for key, value in given.items() if key not in _OF_THE_CHIP}
    elif item.unit_tpp is not None:
        given["unit_tpp"] = item.unit_tpp
    return {key: value for key, one in given.items() if (value := vocabulary.read(key, one)) is not None}


def _with_item(item: items.Item, facts: dict[str, FactValue], vocabulary: Vocabulary) -> dict[str, FactValue]:
    """Join the figures of a catalog item and what was stated; a figure stated otherwise is an error, not an answer."""
    figures = figures_of(item, facts.get("kind"), vocabulary)
    is_chip = item.facts()["kind"] == "chip"
    for key, value in figures.items():
        if facts.get(key, value) != value:
            message = f"{key} of {item.id} is {value} in the catalog, and {facts[key]} is stated"
            raise BadValue(message, fix=f"leave {key} out, or leave the chip out and state all its figures")
    if is_chip:
        # It follows from the other figures, and is no figure of the chip's own.
        figures.pop("unit_tpp", None)
    return {**figures, **facts}


_ECCN = re.compile(r"(\d[a-e]\d{3}|ear99)((?:\.[a-z0-9]+)*)", re.IGNORECASE)


def eccn(text: str) -> str:
    """Return an ECCN as the Commerce Control List writes it: the entry in capitals, its paragraphs in small letters."""
    found = _ECCN.fullmatch(text.replace(" ", ""))
    return found[1].upper() + found[2].lower() if found else text


_FORMS = re.compile(
    r"[\s,.]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|plc|gmbh|ag|sa|holdings?)\.?$"
    r"|(?:股份)?(?:有限)?公司$",
    re.IGNORECASE,
)


def company(name: str) -> str:
    """Return a company by the name that the catalog has for a designer of chips, else as it was written.

    Case, forms of companies and Chinese names do not matter: a letter to NVIDIA binds "Nvidia Corp." too.
    """
    bare = name.strip()
    while (shorter := _FORMS.sub("", bare).strip(" ,.")) not in (bare, ""):
        bare = shorter
    wanted = name_key(bare)
    for designer, known in chips.designers().items():
        if wanted in {name_key(designer), *(name_key(other) for other in known.names)}:
            return designer
    return name


def on_day(transaction: Transaction, day: dt.date) -> Transaction:
    """Give a transaction its day. Raises :class:`BadValue` where its own facts state another one."""
    stated = transaction.facts.get("date")
    if stated not in (None, day):
        raise BadValue(f"the date is {stated} among the facts, and the law is asked on {day}", fix="give one of them")
    return replace(transaction, facts={**transaction.facts, "date": day})


def take_headquarters(transaction: Transaction) -> Transaction:
    """Take an omitted headquarters, and an omitted ultimate parent's, to be the destination.

    For the command line and the form only; the verdict names what was taken.
    """
    facts, stated = dict(transaction.facts), dict(transaction.stated_places)
    taken = set(transaction.taken)
    for name in ("headquarters", "parent_headquarters"):
        # One that was stated and that the country chart gives no row is unknown, and not omitted.
        if name not in facts and name not in stated and "destination" in facts:
            facts[name], stated[name] = facts["destination"], stated["destination"]
            taken.add(name)
    return replace(transaction, facts=facts, stated_places=stated, taken=frozenset(taken))


def _flatten(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Lay all facts side by side.

    Of a case line, only the transaction, its state and id, and the date where the transaction has none.
    """
    if not isinstance(raw, dict):
        raise BadInput("a transaction is an object of facts", fix='write it as {"destination": "CH", …}')
    if "transaction" in raw:
        nested = _object(raw, "transaction")
        date = raw.get("date") if nested.get("date") is None else nested["date"]
        raw = {**nested, "date": date, "state": raw.get("state"), "id": raw.get("id")}
    flat = {key: value for key, value in raw.items() if key not in _NESTED and key not in _FOR_PEOPLE}
    for key in _NESTED:
        _join(flat, _object(raw, key))
    return flat


def _object(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    if value is not None and not isinstance(value, dict):
        raise BadValue(f"'{key}' is an object of facts", fix=f'write "{key}": {{…}}')
    return value or {}


def _join(flat: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if key in flat and flat[key] != value:
            raise BadValue(f"'{key}' is given twice with different values", fix="give it once")
        flat[key] = value


class Facts:
    """Where the oracle reads facts: as given, else derived, else assumed. Remembers which assumptions were used."""

    def __init__(self, law: Law, given: Mapping[str, FactValue]) -> None:
        self.law = law
        self.given = given
        self.assumed: dict[str, FactValue] = {}
        self._found: dict[str, FactValue | None] = {}
        self.oracle = Oracle(self, law.conditions, law.sets, law.tables)

    def value(self, name: str) -> FactValue | None:
        """Return the value of a fact, None where it is unknown."""
        given = self.given.get(name)
        if given is not None:
            return given
        if name not in self._found:
            self._found[name] = None  # an assumption that needs itself is none
            self._found[name] = self._completed(name)
        return self._found[name]

    def _completed(self, name: str) -> FactValue | None:
        derived = self.law.derived.get(name)
        if derived is not None:
            value: FactValue | None = self.oracle.value(derived)
            return value
        may = self.law.assumed.get(name)
        if may is None or (may.when is not None and self.oracle.truth(may.when) is not True):
            return None
        self.assumed[name] = may.value
        return may.value
