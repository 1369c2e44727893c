"""The ask form: what the reader sent, read field by field, with a message beside each field that cannot be used."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from licet.catalog import items
from licet.catalog.places import place
from licet.decisions import Query, Verdict, ask
from licet.desk import labels
from licet.desk.state import SYSTEM
from licet.errors import BadInput, UnknownName
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from licet.clauses.vocabulary import Fact, Vocabulary
    from licet.desk.tongue import Tongue
    from licet.statutes import Statutes
    from licet.statutes.forms import Basis, Reading

# The short names that an address uses, as the command line does, for facts of the vocabulary.
SHORT = {"to": "destination", "hq": "headquarters", "parent": "parent_headquarters", "from": "origin"}
LONG = {fact: short for short, fact in SHORT.items()} | {"date": "on"}
BASES: tuple[Basis, ...] = ("enforced", "written")
READING = "reading."
MOST_FIELDS = 100
MOST_PROPOSALS = 10
LONGEST_VALUE = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Parameters that are about the page, not the question.
_ABOUT_PAGE = frozenset({"lang", "format", "seal"})
_FIRST = ("chip", "tpp", "performance_density", "applicable_die_area_mm2", "datacenter", "quantity", *SHORT)
_LAST = ("on", "basis", "known")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one field, and what to do about it."""

    message: str
    fix: str = ""


@dataclass(frozen=True)
class Form:
    """The fields as sent (canonical where they could be read), and the trouble with the others.

    ``values`` by the names of the address, ``readings`` by id, ``proposals`` in order, ``sent`` as it came.
    """

    values: dict[str, str] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    proposals: tuple[str, ...] = ()
    trouble: dict[str, Trouble] = field(default_factory=dict)
    sent: tuple[tuple[str, str], ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a question was sent, and not only options."""
        return bool(set(self.values) - {"on", "basis", "known"})

    @property
    def on(self) -> dt.date | None:
        """The day that is asked about."""
        return day(self.values.get("on", ""))

    @property
    def known(self) -> dt.date | None:
        """The day up to which acts are known, None for all."""
        return day(self.values.get("known", ""))

    @property
    def basis(self) -> Basis:
        """As written or as enforced."""
        return cast("Basis", self.values.get("basis", "enforced"))

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the transaction as :func:`licet.decisions.ask` takes them."""
        return {SHORT.get(name, name): value for name, value in self.values.items() if name not in _LAST}

    def parameters(self, **changes: str) -> list[tuple[str, str]]:
        """Return the canonical query of this question, with ``changes``; an empty change leaves the field out."""
        values = {**self.values, **changes}
        names = [name for name in _FIRST if name in values]
        names += sorted(name for name in values if name not in (*_FIRST, *_LAST))
        names += [name for name in _LAST if name in values]
        items = [(name, values[name]) for name in names]
        items += [(READING + name, choice) for name, choice in sorted(self.readings.items())]
        items += [("with", name) for name in self.proposals]
        return [(name, value) for name, value in items if value]

    def query(self) -> Query:
        """Return which law is asked for; a page fills in the day before it asks."""
        readings = tuple(sorted(self.readings.items()))
        return Query(self.on or dt.date.min, SYSTEM, self.basis, self.known, readings, self.proposals)

    def verdict(self, statutes: Statutes, *, basis: Basis | None = None, headquarters_taken: bool = True) -> Verdict:
        """Ask the question; ``basis`` overrides the form's. Raises :class:`BadInput`."""
        return ask(
            statutes,
            self.facts,
            on=self.on,
            basis=basis or self.basis,
            known=self.known,
            readings=self.readings,
            proposals=self.proposals,
            headquarters_taken=headquarters_taken,
            readings_weighed=basis is None,
        )


def readings_of(statutes: Statutes) -> dict[str, Reading]:
    """Return every unclear text of the law with its choices."""
    return {name: reading for act in statutes.acts(SYSTEM) for name, reading in act.head.readings.items()}


def proposals_of(statutes: Statutes) -> dict[str, dict[str, str]]:
    """Return the proposals that can be laid over the law, with their titles."""
    return {act.id: act.head.titles for act in statutes.acts(SYSTEM) if act.head.kind == "proposal"}


def read_form(parameters: Iterable[tuple[str, str]], statutes: Statutes, tongue: Tongue) -> Form:
    """Read the parameters of an address; what cannot be used stands in ``trouble`` in the reader's language."""
    sent = tuple((name, value) for name, value in parameters if name not in _ABOUT_PAGE)
    reader = _Reader(statutes, tongue)
    for name, value in sent[:MOST_FIELDS]:
        reader.take(name, unicodedata.normalize("NFKC", value).strip())
    if len(sent) > MOST_FIELDS:
        reader.trouble["form"] = Trouble(tongue.text(N_("The address has too many fields.")))
    return Form(reader.values, reader.readings, tuple(reader.proposals), reader.trouble, sent)


class _Reader:
    def __init__(self, statutes: Statutes, tongue: Tongue) -> None:
        self.statutes = statutes
        self.vocabulary: Vocabulary = statutes.vocabulary
        self.tongue = tongue
        self.values: dict[str, str] = {}
        self.readings: dict[str, str] = {}
        self.proposals: list[str] = []
        self.trouble: dict[str, Trouble] = {}

    def take(self, name: str, value: str) -> None:
        """Take one parameter; a blank one is as none."""
        _ = self.tongue.text
        name = LONG.get(name, name)
        if not value:
            return
        if len(value) > LONGEST_VALUE:
            self.trouble[name] = Trouble(_("This is too long."), _("Give at most 300 characters."))
        elif name.startswith(READING):
            self.reading(name.removeprefix(READING), value)
        elif name == "with":
            self.proposal(value)
        elif self.values.get(name, value) != value and name not in self.trouble:
            self.trouble[name] = Trouble(_("This is given twice with different values."), _("Give it once."))
        else:
            self.values[name] = value
            self.field(name, value)

    def field(self, name: str, value: str) -> None:
        """Read one field; put the canonical value in its place."""
        _ = self.tongue.text
        fact = self.vocabulary.facts.get(SHORT.get(name, name))
        if name == "chip":
            self.chip(value)
        elif name in ("on", "known"):
            if day(value) is None:
                self.trouble[name] = Trouble(_("This is not a day from 2000 to 2100."), _("Write it as 2025-06-02."))
        elif name == "basis":
            if value not in BASES:
                self.trouble[name] = Trouble(_("There is no such basis."), _("Choose: as enforced, or as written."))
        elif fact is None:
            self.trouble[name] = Trouble(
                _("Nothing is called '%(name)s' here.") % {"name": name[:60]}, _("Leave it out.")
            )
        elif fact.type == "place":
            self.place(name, value)
        else:
            self.fact(name, fact, value)

    def chip(self, value: str) -> None:
        _ = self.tongue.text
        try:
            items.look_up(value)
        except UnknownName as error:
            self.trouble["chip"] = Trouble(
                _("The catalog has no single chip or system of this name."), self.near(error.near)
            )

    def place(self, name: str, value: str) -> None:
        _ = self.tongue.text
        try:
            self.values[name] = place(value, self.tongue.places).code
        except UnknownName as error:
            near = [labels.place_words(self.tongue, place(other).code) for other in error.near]
            self.trouble[name] = Trouble(_("There is no single place of this name."), self.near(near))

    def near(self, names: Sequence[str]) -> str:
        _ = self.tongue.text
        if not names:
            return _("Choose one from the list.")
        return _("Did you mean %(names)s?") % {"names": self.tongue.joined(list(names))}

    def fact(self, name: str, fact: Fact, value: str) -> None:
        try:
            read = self.vocabulary.read(SHORT.get(name, name), value)
        except BadInput:
            self.trouble[name] = self.wrong(fact)
            return
        plain = str(read).lower() if isinstance(read, bool) else str(read)
        self.values[name] = plain

    def wrong(self, fact: Fact) -> Trouble:
        """Say what a fact must be."""
        _ = self.tongue.text
        match fact.type:
            case "number":
                values = {
                    "least": self.tongue.number(fact.least),
                    "most": self.tongue.number(fact.most),
                    "scale": str(fact.scale),
                }
                message = _("This must be a number from %(least)s to %(most)s.") % values
                fix = (
                    _("Write digits only, with at most %(scale)s decimals.") % values
                    if fact.scale
                    else _("Write a whole number.")
                )
                return Trouble(message, fix)
            case "boolean":
                return Trouble(_("This must be yes or no."), _("Choose one, or leave it open."))
            case "date":
                return Trouble(_("This is not a date."), _("Write it as 2025-06-02."))
            case _:
                return Trouble(_("This value is not one of those that the law knows."), _("Choose one from the list."))

    def reading(self, name: str, choice: str) -> None:
        _ = self.tongue.text
        known = readings_of(self.statutes).get(name)
        if known is None or choice not in known.choices:
            self.trouble[READING + name] = Trouble(
                _("There is no such reading of the law."), _("Choose one from the list.")
            )
        elif self.readings.setdefault(name, choice) != choice:
            self.trouble[READING + name] = Trouble(_("This is given twice with different values."), _("Give it once."))

    def proposal(self, name: str) -> None:
        _ = self.tongue.text
        if name not in proposals_of(self.statutes) or len(self.proposals) >= MOST_PROPOSALS:
            self.trouble["with"] = Trouble(_("There is no such proposal."), _("Choose one from the list."))
        elif name not in self.proposals:
            self.proposals.append(name)


def day(text: str) -> dt.date | None:
    """Return the day of ``2025-06-02``; None for other text, and for a day that no law here could reach."""
    try:
        found = dt.date.fromisoformat(text) if len(text) == len("2025-06-02") else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None
