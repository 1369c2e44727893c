"""The pattern of a transaction: which elementary conditions of a law its facts meet, and which facts are known.

A law sees a transaction only through its elementary conditions: on which side of each threshold a number lies, in which
of the named sets a place is. Two transactions with one pattern have the same truth for every clause, so that a decision
is worked out once for a pattern and looked up for the rest. The pattern is exact: classes are told apart at every
threshold, on it and on each side of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from licet.clauses import expression as e
from licet.clauses.program import Step
from licet.clauses.python import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from licet.clauses.program import Program
    from licet.clauses.vocabulary import FactValue

UNKNOWN = -1
UNDEFINED = 0
_Ratio = tuple[e.FactTerm, e.FactTerm, e.FactTerm]


def pattern(program: Program, amount: str = "") -> Callable[[Callable[[str], FactValue | None]], tuple[Hashable, Any]]:
    """Return a function from the facts as given to their pattern, and the value of the fact ``amount`` (None: unknown).

    ``get`` as for :func:`licet.clauses.python.truths`.
    """
    writing = _Patterns(program)
    parts = writing.parts(amount)
    found = writing.fact_names[amount] if amount in writing.facts else "None"
    return writing.compile("pattern", f"({', '.join(parts)}{',' if parts else ''}), {found}")


class _Patterns(Writer):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.facts = program.facts()
        self.given_names = {name: f"g{number}" for number, name in enumerate(self.facts)}
        self.leaves = tuple(dict.fromkeys(program.leaves()))
        self.constants |= {"bisect_left": bisect_left, "bisect_right": bisect_right}

    def parts(self, amount: str) -> list[str]:
        """Write what the pattern is made of: each fact by itself, then facts compared with one another."""
        for name, local in self.given_names.items():
            self.put(1, f"{local} = get({name!r})")
        self._complete(amount)
        found = [self._alone(name) for name in self.facts]
        ratios = [(leaf.stated, leaf.of, leaf.over) for leaf in self.leaves if isinstance(leaf, e.CompareRatio)]
        found += [self._sides(ratio) for ratio in dict.fromkeys(ratios)]
        found += [self._truth(leaf) for leaf in self.leaves if _compares_facts(leaf)]
        found += [f"{self.term(limit, 1)} is None" for limit in self.program.limits.values()]
        return [part for part in found if part]

    def _complete(self, amount: str) -> None:
        """Write the values, derived or assumed where not given, of the facts that are not looked at by themselves."""
        terms: list[e.Node] = [leaf for leaf in self.leaves if _compares_facts(leaf)]
        terms += [leaf for leaf in self.leaves if isinstance(leaf, e.CompareRatio)]
        wanted = [name for node in (*terms, *self.program.limits.values()) for name in e.facts_in(node)]
        wanted += [name for name in self.facts if name in self.program.derived or name == amount]
        reached: set[Step] = set()
        queue = [Step("fact", name) for name in wanted]
        while queue:
            step = queue.pop()
            if step not in reached:
                reached.add(step)
                queue += self.program.needs(step)
        for step in self.program.steps():
            if step in reached and step.kind == "fact":
                self.fact(step.name, 1, self.given_names[step.name])
            elif step in reached:
                self.condition(self.program.conditions[step.name], self.clause_names[step.name], 1)

    def _alone(self, name: str) -> str:
        """Return the class of a fact by itself; of one that is derived, by its value and by whether it was given."""
        given = self.given_names[name]
        if name not in self.program.derived:
            return self._class(name, given)
        return f"{given} is None, {self._class(name, self.fact_names[name])}"

    def _class(self, name: str, local: str) -> str:
        fact = self.program.vocabulary[name]
        if fact.type == "boolean":
            return local
        if fact.type in ("number", "date"):
            bounds = sorted({b for leaf in self.leaves if (b := _bound(leaf, name)) is not None})
            if not bounds:
                return f"{local} is None"
            among = self.constant(tuple(bounds))
            return f"{UNKNOWN} if {local} is None else bisect_left({among}, {local}) + bisect_right({among}, {local})"
        classes = self._classes(name)
        if fact.many:
            self.constants[f"class_{local}"] = classes.get
            return f"{local} and frozenset([class_{local}(item, 0) for item in {local}])"
        or_unknown: dict[str | None, int] = {None: UNKNOWN}
        or_unknown.update(classes)
        self.constants[f"class_{local}"] = or_unknown.get
        return f"class_{local}({local}, 0)"

    def _classes(self, name: str) -> dict[str, int]:
        """Return the class of each text or place that a condition tells from others; all others are of class 0."""
        tests = [among for leaf in self.leaves if (among := self._among(leaf, name)) is not None]
        tests += [frozenset({value}) for value in sorted(self.program.told.get(name, ()))]
        values: frozenset[str] = frozenset().union(*tests)
        none: tuple[bool, ...] = (False,) * len(tests)
        kinds = {none: 0}
        return {value: kinds.setdefault(tuple(value in test for test in tests), len(kinds)) for value in sorted(values)}

    def _among(self, leaf: e.Condition, name: str) -> frozenset[str] | None:
        match leaf:
            case e.Member(e.FactTerm(fact), values, among) if fact == name:
                return self.program.sets[among] if among else frozenset(values)
        value = _bound(leaf, name)
        return None if value is None else frozenset({value})

    def _sides(self, ratio: _Ratio) -> str:
        """Return on which side of each fixed bound a ratio lies: below, on or above; by product, or as stated."""
        stated, of, over = (self.fact_names[fact.name] for fact in ratio)
        bounds = sorted({bound for leaf in self.leaves if (bound := _ratio_bound(leaf, ratio)) is not None})
        names = [self.constant(bound) for bound in bounds]
        products = [self.fresh() for _ in bounds]
        found = self.fresh()
        self.put(1, f"if {over} is None: {found} = None if {stated} is None else ({_signs(stated, names)})")
        self.put(1, f"elif {over} == 0: {found} = {UNDEFINED}")
        self.put(1, f"elif {of} is None: {found} = None")
        self.put(1, "else:")
        for product, name in zip(products, names, strict=True):
            self.put(2, f"{product} = multiply_({name}, {over})")
        self.put(2, f"{found} = {_signs(of, products)}")
        return found

    def _truth(self, leaf: e.Condition) -> str:
        truth = self.fresh()
        self.condition(leaf, truth, 1)
        return truth


def _signs(value: str, bounds: list[str]) -> str:
    return "".join(f"({value} > {bound}) - ({value} < {bound}), " for bound in bounds)


def _ratio_bound(leaf: e.Condition, ratio: _Ratio) -> Any:
    match leaf:
        case e.CompareRatio(_, stated, of, over, e.Constant(value)) if (stated, of, over) == ratio:
            return value
    return None


def _compares_facts(leaf: e.Condition) -> bool:
    """Whether a condition is about more than one fact and a constant."""
    match leaf:
        case e.Compare(_, e.FactTerm(), e.Constant()) | e.Compare(_, e.Constant(), e.FactTerm()):
            return False
        case e.Member(e.FactTerm()) | e.CompareRatio(bound=e.Constant()):
            return False
        case e.Compare() | e.Member() | e.CompareRatio():
            return True
    return False


def _bound(leaf: e.Condition, name: str) -> Any:
    """Return the constant against which a condition holds a fact by itself."""
    match leaf:
        case e.Compare(_, e.FactTerm(fact), e.Constant(value)) if fact == name:
            return value
        case e.Compare(_, e.Constant(value), e.FactTerm(fact)) if fact == name:
            return value
    return None
