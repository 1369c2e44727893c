"""What one law can tell of a row, shared out: to each dimension what rests on it alone, to the rows the rest.

Every clause is made of conditions. The largest that rest on one dimension are worked out once for each of its values;
what rests on more than one, or on what each row states, is worked out row by row. Two rows that agree in all of these
have the same truth for every clause. Where a condition is unknown, the facts that it wants are told apart as well, so
that what is missing agrees too; and so are the values that an answer names itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.clauses import expression as e
from licet.clauses import python
from licet.clauses.keys import Digit
from licet.decisions.compiled import telling
from licet.decisions.facts import Facts
from licet.orders.rows import ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from licet.orders.dimensions import Entry
    from licet.orders.rows import RowColumns

_TERMS = (e.Constant, e.FactTerm, e.Arithmetic, e.Lookup)


class Shares:
    """The shares of one law. ``alone``: conditions and limits by the dimension on which they rest."""

    def __init__(self, columns: RowColumns) -> None:
        self.columns = columns
        self.law = columns.law
        self.alone: dict[int, dict[e.Node, None]] = {}
        self.rows: dict[e.Node, None] = {}
        for node in self._roots():
            self._share(node)

    def _roots(self) -> Iterator[e.Node]:
        """Yield all that a decision reads: clauses, what of them is printed and masked, limits, named values."""
        for name in telling(self.law):
            clause = self.law.clauses[name]
            yield clause.condition
            if clause.masks:
                yield clause.printed
                yield from (mask.where for mask in clause.masks)
        yield from self.law.limits.values()
        yield from (e.FactTerm(name, "text") for name in self.law.program.told)

    def _share(self, node: e.Node) -> None:
        support = self.columns.support(node)
        if len(support) == 1 and ROW not in support:
            self.alone.setdefault(next(iter(support)), {})[node] = None
        elif isinstance(node, e.And | e.Or | e.Not):
            for child in e.children(node):
                self._share(child)
        elif support and not isinstance(node, e.Refer):
            self.rows[node] = None
            # An unknown condition wants facts: which of them are known counts where it is worked out.
            for name in e.facts_in(node):
                for part in (name, *self.law.stated_for(name)):
                    if part != name or not isinstance(node, e.Known):
                        self._share(e.Known(part))

    def asking(self, dimension: int) -> Callable[[Entry], Hashable]:
        """Return a function from a value of a dimension to all that this law can tell of it."""
        nodes = list(self.alone.get(dimension, {}))
        if not nodes:
            return lambda _: ()
        ask = python.values(self.law.program, nodes)
        terms = [isinstance(node, _TERMS) for node in nodes]
        told = self.law.program.told

        def vector(entry: Entry) -> Hashable:
            found: list[Any] = []
            facts = Facts(self.law, entry.facts)
            for node, term, value in zip(nodes, terms, ask(entry.facts.get), strict=True):
                if term:
                    named = isinstance(node, e.FactTerm) and value in told.get(node.name, ())
                    found.append(value if named else value is None)
                else:
                    found.append(value if value is not None else self._wants(node, facts))
            return tuple(found)

        return vector

    def _wants(self, node: Any, facts: Facts) -> tuple[str, ...]:
        names = facts.oracle.wanted(node)
        return tuple(part for name in names for part in self.law.stated_for(name) if facts.value(part) is None)

    def digits(self) -> Iterator[Digit]:
        """Yield what is worked out row by row, as digits."""
        for node in self.rows:
            if isinstance(node, e.FactTerm) and node.name in self.law.program.told:
                yield self._named(node)
            elif isinstance(node, _TERMS):
                yield Digit(f"CASE WHEN {self.columns.value(node)} IS NULL THEN 0 ELSE 1 END", 2)
            elif isinstance(node, e.Known):
                yield Digit(f"CASE WHEN {self.columns.fact(node.fact)} IS NULL THEN 0 ELSE 1 END", 2)
            else:
                yield Digit(f"COALESCE(CAST({self.columns.truth(node)} AS INTEGER) + 1, 0)", 3)

    def _named(self, node: e.FactTerm) -> Digit:
        """Return which of the values that an answer names a fact has."""
        named = sorted(self.law.program.told[node.name])
        value = self.columns.value(node)
        cases = " ".join(
            f"WHEN {value} = '{name.replace(chr(39), chr(39) * 2)}' THEN {n}" for n, name in enumerate(named, start=2)
        )
        return Digit(f"CASE WHEN {value} IS NULL THEN 0 {cases} ELSE 1 END", len(named) + 2)
