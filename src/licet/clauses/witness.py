"""A transaction for an assignment of classes: facts under which conditions have the truths that a search found.

The search takes a condition on several facts as if it hung on nothing else; here facts are tried for it, and the oracle
says whether they fit. So what comes out of here is certain, and nothing may come out where something exists.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.classes import UNDEFINED
from licet.clauses.evaluate import Oracle
from licet.clauses.search import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from licet.clauses.program import Program
    from licet.clauses.search import Goal, Model
    from licet.clauses.vocabulary import FactValue

MOST_TRIES = 80
_KEPT = 0.7
_BIT = {True: TRUE, False: FALSE, None: UNKNOWN}


@dataclass
class Completed:
    """Facts as given, else derived, else assumed."""

    program: Program
    given: dict[str, FactValue]
    found: dict[str, FactValue | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.oracle = Oracle(self, self.program.conditions, self.program.sets, self.program.tables)

    def value(self, name: str) -> FactValue | None:
        """Return the value of a fact, None where it is unknown."""
        if name in self.given:
            return self.given[name]
        if name not in self.found:
            self.found[name] = None  # an assumption that needs itself is none
            self.found[name] = self._completed(name)
        return self.found[name]

    def _completed(self, name: str) -> FactValue | None:
        derived, assumed = self.program.derived.get(name), self.program.assumed.get(name)
        if derived is not None:
            value: FactValue | None = self.oracle.value(derived)
            return value
        if assumed is None or (assumed.when is not None and self.oracle.truth(assumed.when) is not True):
            return None
        return assumed.value


def met(goals: Sequence[Goal], program: Program, facts: dict[str, FactValue]) -> bool:
    """Whether every goal has a truth that it may have, where the facts are these."""
    oracle = Completed(program, facts).oracle
    return all(_BIT[oracle.truth(condition)] & want for condition, want in goals)


def transaction(goals: Sequence[Goal], program: Program, model: Model) -> dict[str, FactValue] | None:
    """Return facts of the classes of ``model`` under which every goal is met; None where none were found."""
    facts = _stated(model)
    if met(goals, program, facts):
        return facts
    mixed = [leaf for kind, leaf in model if kind == "leaf"]
    names = list(dict.fromkeys(name for leaf in mixed for name in e.facts_in(leaf)))
    dice = random.Random(len(names))  # noqa: S311 - to try facts, not to keep secrets
    for _ in range(MOST_TRIES if names else 0):
        tried = {**facts, **{name: _candidate(name, mixed, program, facts, dice) for name in names}}
        if met(goals, program, tried):
            return tried
    return None


def _stated(model: Model) -> dict[str, FactValue]:
    """Return the facts that stand for classes; a ratio is stated itself, and what it is over left unknown."""
    facts = {name: value for (kind, name), value in model.items() if kind == "fact" and value is not None}
    for (kind, name), value in model.items():
        if kind == "ratio" and value is not None:
            stated, _, over = name
            facts.pop(over if value != UNDEFINED else stated, None)
            facts |= {over: Decimal(0)} if value == UNDEFINED else {stated: value}
    return facts


def _candidate(
    name: str, leaves: list[e.Condition], program: Program, facts: dict[str, FactValue], dice: random.Random
) -> FactValue:
    fact = program.vocabulary[name]
    if name in facts and (fact.type == "date" or dice.random() < _KEPT):
        return facts[name]
    if fact.type == "number":
        bounds = {node.value for leaf in leaves for node in e.walk(leaf) if isinstance(node, e.Constant)}
        bounds |= {row.value for table in program.tables.values() for row in table.rows}
        numbers = [fact.least, Decimal(1), *(b for b in bounds if isinstance(b, Decimal))]
        tried: Decimal = dice.choice(sorted(numbers)) + dice.choice((-1, 0, 1))
        return min(max(tried, fact.least), fact.most)
    if fact.type == "place":
        here = sorted({str(value) for key, value in facts.items() if program.vocabulary[key].type == "place"})
        return dice.choice([*here, *sorted(program.vocabulary.places)[:5]])
    words = [*fact.values, "another"]
    return facts.get(name) or dice.choice(words)
