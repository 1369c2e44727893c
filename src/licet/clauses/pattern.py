"""The pattern of a transaction: which elementary conditions of a law its facts meet, and which facts are known.

A law sees a transaction only through its elementary conditions: on which side of each threshold a number lies, in which
of the named sets a place is. Two transactions with one pattern have the same truth for every clause, so that a decision
is worked out once for a pattern and looked up for the rest. The pattern is exact: classes are told apart at every
threshold, on it and on each side of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from licet.clauses import parts as p
from licet.clauses.python import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from licet.clauses.program import Program
    from licet.clauses.vocabulary import FactValue

UNKNOWN = -1
UNDEFINED = 0


def pattern(program: Program, amount: str = "") -> Callable[[Callable[[str], FactValue | None]], tuple[Hashable, Any]]:
    """Return a function from the facts as given to their pattern, and the value of the fact ``amount`` (None: unknown).

    ``get`` as for :func:`licet.clauses.python.truths`.
    """
    writing = _Patterns(program)
    written = writing.written(amount)
    found = writing.fact_names[amount] if amount in writing.given_names else "None"
    return writing.compile("pattern", f"({', '.join(written)}{',' if written else ''}), {found}")


class _Patterns(Writer):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.given_names = {name: f"g{number}" for number, name in enumerate(program.facts())}
        self.constants |= {"bisect_left": bisect_left, "bisect_right": bisect_right}

    def written(self, amount: str) -> list[str]:
        """Write what the pattern is made of."""
        for name, local in self.given_names.items():
            self.put(1, f"{local} = get({name!r})")
        found = p.parts(self.program)
        for kind, name in p.completed(self.program, found, amount):
            if kind == "fact":
                self.fact(name, 1, self.given_names[name])
            else:
                self.condition(self.program.conditions[name], self.clause_names[name], 1)
        return [self._part(part) for part in found]

    def _part(self, part: p.Part) -> str:
        match part:
            case p.Alone():
                return self._alone(part)
            case p.Sides():
                return self._sides(part)
            case p.Held(leaf):
                truth = self.fresh()
                self.condition(leaf, truth, 1)
                return truth
            case p.Limited(term):
                return f"{self.term(term, 1)} is None"

    def _alone(self, part: p.Alone) -> str:
        """Return the class of a fact by itself; of one that is derived, by its value and by whether it was given."""
        given = self.given_names[part.fact]
        if not part.derived:
            return self._class(part, given)
        return f"{given} is None, {self._class(part, self.fact_names[part.fact])}"

    def _class(self, part: p.Alone, local: str) -> str:
        fact = self.program.vocabulary[part.fact]
        if fact.type == "boolean":
            return local
        if fact.type in ("number", "date"):
            if not part.bounds:
                return f"{local} is None"
            among = self.constant(part.bounds)
            return f"{UNKNOWN} if {local} is None else bisect_left({among}, {local}) + bisect_right({among}, {local})"
        classes = dict(part.classes)
        if fact.many:
            self.constants[f"class_{local}"] = classes.get
            return f"{local} and frozenset([class_{local}(item, 0) for item in {local}])"
        or_unknown: dict[str | None, int] = {None: UNKNOWN}
        or_unknown.update(classes)
        self.constants[f"class_{local}"] = or_unknown.get
        return f"class_{local}({local}, 0)"

    def _sides(self, part: p.Sides) -> str:
        """Return on which side of each fixed bound a ratio lies: below, on or above; by product, or as stated."""
        stated, of, over = (self.fact_names[name] for name in (part.stated, part.of, part.over))
        names = [self.constant(bound) for bound in part.bounds]
        products = [self.fresh() for _ in part.bounds]
        found = self.fresh()
        self.put(1, f"if {over} is None: {found} = None if {stated} is None else ({_signs(stated, names)})")
        self.put(1, f"elif {over} == 0: {found} = {UNDEFINED}")
        self.put(1, f"elif {of} is None: {found} = None")
        self.put(1, "else:")
        for product, name in zip(products, names, strict=True):
            self.put(2, f"{product} = multiply_({name}, {over})")
        self.put(2, f"{found} = {_signs(of, products)}")
        return found


def _signs(value: str, bounds: list[str]) -> str:
    return "".join(f"({value} > {bound}) - ({value} < {bound}), " for bound in bounds)
