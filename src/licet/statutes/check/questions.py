"""Questions to a law: can these clauses be true, false or unknown together, and for which transaction?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from licet.catalog.places import places
from licet.clauses import expression as e
from licet.clauses import witness
from licet.clauses.classes import Classes
from licet.clauses.search import Search, leaves_of
from licet.clauses.vocabulary import LATEST

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterator, Sequence

    from licet.clauses.search import Goal
    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Clause, Law

MOST_SHOWN = 6
FEW = 2
"""Goals that are asked by themselves first: where they cannot be met together, nothing else need be asked."""


class Answer(NamedTuple):
    """``refuted``: for no facts; ``facts``: for these, which the oracle has confirmed; neither: it was not settled."""

    refuted: bool
    facts: dict[str, FactValue] | None


@dataclass
class Memory:
    """Answers by what they rest on: the same clauses over the same sets are asked about once, in whatever law."""

    answers: dict[Hashable, Answer] = field(default_factory=dict)


@dataclass(eq=False)
class Questions:
    """Asks one law."""

    law: Law
    memory: Memory

    def ask(self, *goals: Goal, days: tuple[dt.date, dt.date] | None = None) -> Answer:
        """Return whether every goal can be met at once, within ``days`` (both included) or the days of the law."""
        if len(goals) > FEW and self.ask(*goals[:FEW], days=days).refuted:
            return Answer(refuted=True, facts=None)
        key = (tuple((self.print_of(condition), want) for condition, want in goals), days)
        if key not in self.memory.answers:
            self.memory.answers[key] = self._answer(goals, days)
        return self.memory.answers[key]

    def _answer(self, goals: Sequence[Goal], days: tuple[dt.date, dt.date] | None) -> Answer:
        found = (self._search_of(days) if days else self._search).satisfy(goals)
        if not isinstance(found, dict):
            return Answer(found == "refuted", None)
        if "date" in self.law.vocabulary:
            found = {("fact", "date"): (days or self.days)[0], **found}
        facts = witness.transaction(goals, self.law.program, found)
        return Answer(refuted=False, facts=facts if facts and self._likely(facts) else None)

    @cached_property
    def _search(self) -> Search:
        return self._search_of(self.days)

    def _search_of(self, days: tuple[dt.date, dt.date]) -> Search:
        law = self.law
        masked = [
            part for clause in law.clauses.values() for part in (clause.printed, *(m.where for m in clause.masks))
        ]
        leaves = leaves_of([*law.conditions.values(), *masked], law.conditions)
        classes = Classes(law.vocabulary, law.sets, leaves, _in_preference(), frozenset(law.derived), {"date": days})
        return Search(law.conditions, classes)

    def _likely(self, facts: dict[str, FactValue]) -> bool:
        """Whether every place of a transaction stands for itself; one that counts under another may never get here."""
        known = places()
        codes = [str(value) for name, value in facts.items() if self.law.vocabulary[name].type == "place"]
        return all(known[code].row == code for code in codes)

    @cached_property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day on which the law holds."""
        return self.law.first, self.law.last or LATEST

    @cached_property
    def _prints(self) -> dict[str, Hashable]:
        return {}

    def print_of(self, condition: e.Condition) -> Hashable:
        """Return all that the truth of a condition rests on, in a form that can be compared between laws."""
        if isinstance(condition, e.Refer):
            return self._print_of_clause(self.law.clauses[condition.clause])
        if isinstance(condition, e.Or | e.And):
            return (type(condition).__name__, tuple(self.print_of(part) for part in condition.parts))
        return self._resting(condition, condition)

    def _print_of_clause(self, clause: Clause) -> Hashable:
        if clause.id not in self._prints:
            own = (clause.form.when, clause.form.binds, clause.form.status, tuple(mask.text for mask in clause.masks))
            self._prints[clause.id] = hash(self._resting(clause.condition, own))
        return self._prints[clause.id]

    @cached_property
    def _parting(self) -> Hashable:
        """How the sets of the law part the places: laws whose sets differ only in who is a member are alike."""
        law = self.law
        names = sorted(law.sets)
        kinds = {code: tuple(code in law.sets[name] for name in names) for code in law.vocabulary.places}
        texts = [(name, law.sets[name]) for name in names if law.set_states[name].form.of == "text"]
        named = [(code, kinds[code]) for code in sorted(law.places_named)]
        return hash((tuple(names), frozenset(kinds.values()), tuple(texts), tuple(named)))

    @staticmethod
    def _named(nodes: Sequence[e.Node]) -> bool:
        return any(
            isinstance(node, e.Member) or (isinstance(node, e.Constant) and node.type == "place") for node in nodes
        )

    def _resting(self, condition: e.Condition, own: Hashable) -> Hashable:
        law, nodes = self.law, list(e.walk(condition))
        sets = {node.set for node in nodes if isinstance(node, e.Member) and node.set}
        tables = {node.table for node in nodes if isinstance(node, e.Lookup)}
        return (
            own,
            tuple(self._print_of_clause(law.clauses[name]) for name in e.clauses_in(condition)),
            (sorted_sets, self._parting) if (sorted_sets := tuple(sorted(sets))) or self._named(nodes) else None,
            tuple((name, law.tables[name]) for name in sorted(tables)),
            self.days if "date" in e.facts_in(condition) else None,
        )

    def shown(self, goals: Sequence[Goal], facts: dict[str, FactValue]) -> str:
        """Return a transaction in words of the clause language, without the facts that it does not need."""
        needed = dict(facts)
        for name in facts:
            fewer = {key: value for key, value in needed.items() if key != name}
            if witness.met(goals, self.law.program, fewer):
                needed = fewer
        told = [f"{name} = {_value(value)}" for name, value in needed.items()]
        more = len(told) - MOST_SHOWN
        return ", ".join(told[:MOST_SHOWN]) + (f" and {more} more facts" if more > 0 else "")


def alternatives(clauses: Sequence[Clause], want: int) -> Iterator[Goal]:
    """Yield the goal that every one of some clauses has a truth."""
    for clause in clauses:
        yield e.Refer(clause.id), want


def any_of(clauses: Sequence[Clause]) -> e.Condition:
    """Return the condition that one of some clauses is true."""
    return e.Or(tuple(e.Refer(clause.id) for clause in clauses))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "+".join(value) if isinstance(value, tuple) else str(value)


@cache
def _in_preference() -> tuple[str, ...]:
    known = places()
    return tuple(sorted(known, key=lambda code: (known[code].row != code, code)))
