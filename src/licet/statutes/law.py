"""The law on a date: the fold of the acts in force, then the masks of the basis."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from licet.clauses import expression as e
from licet.clauses.program import Program
from licet.clauses.words import sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from licet.clauses.evaluate import Table
    from licet.clauses.vocabulary import FactValue, Vocabulary
    from licet.statutes import forms
    from licet.statutes.library import Act


AMOUNTS = ("total_tpp",)
"""Facts that every answer gives."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which law is asked for. Nothing here is taken from the clock.

    ``on``: the day of the transaction; ``basis``: what the code prints or what the agency says it enforces; ``known``:
    only acts released by that day (None: all); ``readings``: choices by reading; ``proposals``: ids of acts without a
    date that are laid over the law, in order.
    """

    on: dt.date
    system: str = "us-ear"
    basis: forms.Basis = "enforced"
    known: dt.date | None = None
    readings: tuple[tuple[str, str], ...] = ()
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """A clause printed but not enforced where ``where`` is true, by ``act``."""

    act: str
    cite: str
    text: str
    where: e.Condition


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in force: its form, the act it came with, its own condition, and what masks it."""

    form: forms.ClauseForm
    act: Act
    place: str
    printed: e.Condition
    masks: tuple[Mask, ...] = ()

    @property
    def id(self) -> str:
        """The id of the clause."""
        return self.form.id

    @property
    def kind(self) -> forms.ClauseKind:
        """The kind of the clause."""
        return self.form.kind

    def eccn(self, value: object) -> str:
        """Return the ECCN that a classification yields where the fact ``by`` has ``value`` (None: unknown)."""
        form = self.form
        if not form.by or not isinstance(value, str):
            return form.yields
        return form.names.get(value, form.yields) if form.names else value

    @property
    def condition(self) -> e.Condition:
        """The condition as it holds: the printed one, less what is masked."""
        if not self.masks:
            return self.printed
        return e.And((self.printed, *(e.Not(mask.where) for mask in self.masks)))


@dataclass(frozen=True, slots=True)
class SetState:
    """A set in force, with the form that last touched it."""

    members: frozenset[str]
    form: forms.SetForm
    act: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a fact is taken to be where it is not given, and when it may be (None: always)."""

    value: FactValue
    when: e.Condition | None


@dataclass(frozen=True)
class Law:
    """The law between two changes: clauses in order, sets, tables, the acts in force, and the readings taken.

    ``settled``: the readings between which an act has decided, and nobody asked for another choice.
    """

    system: str
    basis: forms.Basis
    vocabulary: Vocabulary
    clauses: Mapping[str, Clause]
    set_states: Mapping[str, SetState]
    tables: Mapping[str, Table]
    table_forms: Mapping[str, forms.TableForm]
    acts: tuple[Act, ...]
    readings: Mapping[str, str]
    settled: AbstractSet[str]
    proposals: tuple[str, ...]
    first: dt.date
    last: dt.date | None
    derived: Mapping[str, e.Term]
    assumed: Mapping[str, Assumed]
    limits: Mapping[str, e.Term]
    conditions: Mapping[str, e.Condition] = field(init=False)
    sets: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", {name: clause.condition for name, clause in self.clauses.items()})
        object.__setattr__(self, "sets", {name: state.members for name, state in self.set_states.items()})

    def of_kind(self, *kinds: forms.ClauseKind) -> tuple[Clause, ...]:
        """Return the clauses of some kinds, in the order in which the first match counts."""
        if kinds not in self._by_kind:
            self._by_kind[kinds] = tuple(clause for clause in self.clauses.values() if clause.kind in kinds)
        return self._by_kind[kinds]

    @cached_property
    def _by_kind(self) -> dict[tuple[forms.ClauseKind, ...], tuple[Clause, ...]]:
        return {}

    @cached_property
    def program(self) -> Program:
        """What the law computes, for the back ends that write it out."""
        return Program(
            vocabulary=self.vocabulary,
            conditions=self.conditions,
            sets=self.sets,
            tables=self.tables,
            derived=self.derived,
            assumed=self.assumed,
            limits=self.limits,
            amounts=tuple(name for name in AMOUNTS if name in self.vocabulary),
            told=self._told(),
        )

    def _told(self) -> dict[str, frozenset[str]]:
        """Return the values of text facts that an answer names: those by which a classification says its ECCN."""
        found: dict[str, frozenset[str]] = {}
        for clause in self.of_kind("classification"):
            if name := clause.form.by:
                values = frozenset(clause.form.names) or self._tested(name, clause.condition)
                found[name] = found.get(name, frozenset()) | values
        return found

    def _tested(self, name: str, condition: e.Condition) -> frozenset[str]:
        """Return the values that a condition itself holds the text fact ``name`` against."""
        found: set[str] = set()
        for node in e.walk(condition):
            match node:
                case e.Member(e.FactTerm(fact), values, among) if fact == name:
                    found |= self.sets[among] if among else frozenset(values)
                case e.Compare(_, e.FactTerm(fact), e.Constant(str() as value)) if fact == name:
                    found.add(value)
        return frozenset(found)

    def stated_for(self, name: str) -> tuple[str, ...]:
        """Return the facts that a person states for the fact ``name``: itself, or those that it is derived from."""
        if name not in self.derived:
            return (name,)
        parts = (part for fact in e.facts_in(self.derived[name]) for part in self.stated_for(fact))
        return tuple(dict.fromkeys(parts))

    @cached_property
    def places_named(self) -> frozenset[str]:
        """The codes of places that a condition names itself, not through a set."""
        nodes = [node for condition in self.conditions.values() for node in e.walk(condition)]
        codes = {str(node.value) for node in nodes if isinstance(node, e.Constant) and node.type == "place"}
        listed = {value for node in nodes if isinstance(node, e.Member) for value in node.values}
        return frozenset((codes | listed) & self.vocabulary.places)

    @cached_property
    def checked_through(self) -> dt.date:
        """The day through which the status of every act of this law is known: the earliest of theirs."""
        return min((act.head.checked_through for act in self.acts), default=dt.date.min)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that decides: clauses with their masks, sets, tables, what facts are taken to be."""
        parts = {
            "system": self.system,
            "basis": self.basis,
            "readings": sorted(self.readings.items()),
            "clauses": [[c.form, c.act.id, [[mask.act, mask.text] for mask in c.masks]] for c in self.clauses.values()],
            "sets": {name: sorted(members) for name, members in sorted(self.sets.items())},
            "tables": dict(sorted(self.table_forms.items())),
            "derived": {name: sql(term) for name, term in sorted(self.derived.items())},
            "assumed": {
                name: [str(a.value), sql(a.when) if a.when else ""] for name, a in sorted(self.assumed.items())
            },
        }
        return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()
