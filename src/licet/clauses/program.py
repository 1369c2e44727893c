"""What a law computes, in an order in which every step needs only steps before it: the common plan of the back ends.

The oracle finds its way as it goes; generated Python and SQL are written out from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from licet.clauses import expression as e
from licet.errors import LawError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licet.clauses.evaluate import Table
    from licet.clauses.vocabulary import FactValue, Vocabulary


class Assumption(Protocol):
    """What a fact is taken to be where it is not given, and when it may be (None: always)."""

    @property
    def value(self) -> FactValue:
        """The value that is taken."""

    @property
    def when(self) -> e.Condition | None:
        """The condition under which it may be taken."""


class Step(NamedTuple):
    """One thing to compute: the ``fact`` or the ``clause`` of that name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Program:
    """The conditions of one law, and all they need: sets, tables, and how facts follow or may be assumed.

    ``limits``: terms that are computed beside the clauses (limits of accounts), by the id of their clause; ``amounts``:
    facts that are wanted whether a clause reads them or not; ``told``: values of text facts that an answer tells apart,
    whether a condition does or not.
    """

    vocabulary: Vocabulary
    conditions: Mapping[str, e.Condition]
    sets: Mapping[str, frozenset[str]]
    tables: Mapping[str, Table]
    derived: Mapping[str, e.Term]
    assumed: Mapping[str, Assumption]
    limits: Mapping[str, e.Term] = field(default_factory=dict)
    amounts: tuple[str, ...] = ()
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def needs(self, step: Step) -> tuple[Step, ...]:
        """Return the steps that ``step`` needs done before it."""
        if step not in self._needs:
            self._needs[step] = self._needed(step)
        return self._needs[step]

    @cached_property
    def _needs(self) -> dict[Step, tuple[Step, ...]]:
        return {}

    def _needed(self, step: Step) -> tuple[Step, ...]:
        nodes = tuple(self._nodes(step))
        facts = tuple(dict.fromkeys(name for node in nodes for name in e.facts_in(node)))
        clauses = tuple(dict.fromkeys(name for node in nodes for name in e.clauses_in(node)))
        return (*(Step("fact", name) for name in facts), *(Step("clause", name) for name in clauses))

    def _nodes(self, step: Step) -> Iterator[e.Node]:
        if step.kind == "clause":
            yield self.conditions[step.name]
            return
        # What is derived is never assumed as well: the oracle reads a fact in this order too.
        if step.name in self.derived:
            yield self.derived[step.name]
        elif step.name in self.assumed and (when := self.assumed[step.name].when) is not None:
            yield when

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        done: dict[Step, None] = {}
        for name in self.conditions:
            self._visit(Step("clause", name), done, [])
        for name in (*self.amounts, *self.told, *(name for term in self.limits.values() for name in e.facts_in(term))):
            self._visit(Step("fact", name), done, [])
        return tuple(done)

    def reached(self, node: e.Node) -> frozenset[Step]:
        """Return every step on which a condition or a term rests."""
        found: set[Step] = set()
        queue = [Step("fact", name) for name in e.facts_in(node)] + [
            Step("clause", name) for name in e.clauses_in(node)
        ]
        while queue:
            step = queue.pop()
            if step not in found:
                found.add(step)
                queue += self.needs(step)
        return frozenset(found)

    def steps(self) -> tuple[Step, ...]:
        """Return every clause, and every fact that one reaches, each after all that it needs.

        Raises :class:`LawError` where something needs itself: such a law has no meaning.
        """
        return self._steps

    def _visit(self, step: Step, done: dict[Step, None], path: list[Step]) -> None:
        if step in done:
            return
        if step in path:
            circle = " -> ".join(name for _, name in [*path[path.index(step) :], step])
            raise LawError(
                f"it needs itself: {circle}",
                where=self.vocabulary.source.at(f"facts.{step.name}"),
                fix="let what is assumed or derived stand without itself",
            )
        for other in self.needs(step):
            self._visit(other, done, [*path, step])
        done[step] = None

    def levels(self) -> tuple[tuple[Step, ...], ...]:
        """Return the steps in layers: each needs only steps of layers before its own."""
        depth: dict[Step, int] = {}
        for step in self.steps():
            depth[step] = 1 + max((depth[other] for other in self.needs(step)), default=-1)
        layers = range(max(depth.values(), default=-1) + 1)
        return tuple(tuple(step for step in depth if depth[step] == layer) for layer in layers)

    def facts(self) -> tuple[str, ...]:
        """Return the facts that the law reads, directly or on the way to another."""
        return tuple(step.name for step in self.steps() if step.kind == "fact")

    def leaves(self) -> Iterator[e.Condition]:
        """Yield every elementary condition, also those under which something may be assumed."""
        whens = [self.assumed[name].when for name in self.facts() if name in self.assumed]
        for condition in (*self.conditions.values(), *(when for when in whens if when is not None)):
            for node in e.walk(condition):
                if isinstance(node, e.Compare | e.CompareRatio | e.Member | e.Truth | e.Known):
                    yield node
