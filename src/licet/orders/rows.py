"""Facts of rows in SQL: where each stands, and what of a law's conditions has to be worked out row by row.

A condition over the facts of one dimension is worked out once for each of its values, by the oracle; SQL sees a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.program import Step
from licet.clauses.sql import Columns
from licet.decisions.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from licet.orders.dimensions import Dimension, Entry
    from licet.statutes.law import Law

ROW = -1
"""The source of a fact that each row states for itself."""


class RowColumns(Columns):
    """Writes what one law asks of rows.

    ``sources``: for each fact that the book can state, the number of its dimension, or :data:`ROW` where it stands in
    the column ``g_name``.
    """

    def __init__(
        self, law: Law, number: int, sources: Mapping[str, int], dimensions: Mapping[int, Dimension], dated: int
    ) -> None:
        super().__init__(law.program, sources)
        self.law = law
        self.number = number
        self.sources = sources
        self.dimensions = dimensions
        self.dated = dated
        self._reached: dict[Step, frozenset[int]] = {}

    def support(self, node: e.Node) -> frozenset[int]:
        """Return the sources of all facts on which a condition or a term rests."""
        steps = [Step("fact", name) for name in e.facts_in(node)]
        steps += [Step("clause", name) for name in e.clauses_in(node)]
        return frozenset().union(*(self.reached(step) for step in steps))

    def reached(self, step: Step) -> frozenset[int]:
        """Return the sources on which a fact as it counts, or a clause, rests."""
        if step not in self._reached:
            own = {self.sources[step.name]} if step.kind == "fact" and step.name in self.sources else set()
            self._reached[step] = frozenset(own).union(*(self.reached(other) for other in self.program.needs(step)))
        return self._reached[step]

    def stated(self, name: str) -> str:
        """Return a fact as it was stated."""
        source = self.sources.get(name)
        if source is None:
            return super().stated(name)
        if source == ROW:
            return f'"g_{name}"'
        dimension = self.dimensions[source]
        return dimension.column(("stated", name), lambda: [entry.facts.get(name) for entry in dimension.entries])

    def fact(self, name: str) -> str:
        """Return a fact as it counts: derived and assumed where it stands, without a column of its own."""
        alone = self._alone(self.reached(Step("fact", name)))
        if alone is not None and (name in self.program.derived or name in self.program.assumed):
            return self._column(alone, ("fact", name), lambda facts: facts.value(name))
        return self._completed(name) or self.stated(name)

    def value(self, node: e.Term) -> str:
        """Return a term; one that rests on a single dimension is a column of it."""
        alone = self._alone(self.support(node))
        if alone is None or isinstance(node, e.Constant | e.FactTerm):
            return super().value(node)
        return self._column(alone, ("value", node), lambda facts: facts.oracle.value(node))

    def truth(self, node: e.Condition) -> str:
        """Return a condition; one that rests on a single dimension is a column of it."""
        alone = self._alone(self.support(node))
        if alone is not None:
            return self._column(alone, ("truth", node), lambda facts: facts.oracle.truth(node))
        if isinstance(node, e.Refer):
            return self.truth(self.program.conditions[node.clause])
        return super().truth(node)

    def _alone(self, support: frozenset[int]) -> Dimension | None:
        number = next(iter(support), ROW)
        return self.dimensions.get(number) if len(support) == 1 else None

    def _column(self, dimension: Dimension, key: tuple[str, Any], asked: Callable[[Facts], Any]) -> str:
        """Return the column of what is asked of each value of a dimension.

        A value of the dimension of days has one law, and each law fills in its own; of the others every value.
        """
        if dimension.number == self.dated:
            return dimension.shared(
                key, [asked(self._facts(entry)) if entry.law == self.number else None for entry in dimension.entries]
            )
        return dimension.column((self.number, *key), lambda: [asked(self._facts(entry)) for entry in dimension.entries])

    def _facts(self, entry: Entry) -> Facts:
        return Facts(self.law, entry.facts)
