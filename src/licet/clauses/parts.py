"""What a pattern is made of: the parts of a transaction that a law can tell apart, for the back ends to write out.

See :mod:`licet.clauses.pattern` for why two transactions that agree in every part have one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.program import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.clauses.program import Program
    from licet.clauses.vocabulary import FactValue


@dataclass(frozen=True, slots=True)
class Alone:
    """A fact by itself: whether it is known, and in which class its value lies.

    ``bounds``: of a number or a date, the sorted constants that it is held against: it lies below, on or above each;
    ``classes``: of a text or a place, the class of each value that a condition tells from others, all others being of
    class 0 (several values of one class are told apart by nothing); ``derived``: it follows from other facts where it
    is not given, and whether it was given counts as well.
    """

    fact: str
    bounds: tuple[FactValue, ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """On which side of each sorted bound a ratio lies: by product where ``over`` is known, else as stated."""

    stated: str
    of: str
    over: str
    bounds: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The truth of a condition that holds facts against one another."""

    leaf: e.Condition


@dataclass(frozen=True, slots=True)
class Limited:
    """Whether the limit of an account is known."""

    term: e.Term


Part = Alone | Sides | Held | Limited


def parts(program: Program) -> tuple[Part, ...]:
    """Return the parts: each fact by itself, then ratios, conditions over several facts, and limits."""
    leaves = tuple(dict.fromkeys(program.leaves()))
    found: list[Part] = [_alone(program, leaves, name) for name in program.facts()]
    ratios = [(leaf.stated.name, leaf.of.name, leaf.over.name) for leaf in leaves if isinstance(leaf, e.CompareRatio)]
    for stated, of, over in dict.fromkeys(ratios):
        bounds = {bound for leaf in leaves if (bound := _ratio_bound(leaf, stated, of, over)) is not None}
        found.append(Sides(stated, of, over, tuple(sorted(bounds))))
    found += [Held(leaf) for leaf in leaves if _compares_facts(leaf)]
    found += [Limited(term) for term in dict.fromkeys(program.limits.values())]
    return tuple(found)


def completed(program: Program, found: tuple[Part, ...], amount: str = "") -> tuple[Step, ...]:
    """Return the steps that the parts need beside the facts as given, in order: what is derived or may be assumed.

    ``amount``: a fact that is wanted as well.
    """
    reached: set[Step] = set()
    queue = [Step("fact", name) for part in found for name in _read(part)]
    queue += [Step("fact", amount)] if amount in program.facts() else []
    while queue:
        step = queue.pop()
        if step not in reached:
            reached.add(step)
            queue += program.needs(step)
    return tuple(step for step in program.steps() if step in reached)


def _read(part: Part) -> tuple[str, ...]:
    """Return the facts that a part reads as they count, not as they were given."""
    match part:
        case Alone(fact, derived=derived):
            return (fact,) if derived else ()
        case Sides(stated, of, over):
            return (stated, of, over)
        case Held(leaf):
            return e.facts_in(leaf)
        case Limited(term):
            return e.facts_in(term)


def _alone(program: Program, leaves: tuple[e.Condition, ...], name: str) -> Alone:
    fact, derived = program.vocabulary[name], name in program.derived
    if fact.type in ("number", "date"):
        bounds = {bound for leaf in leaves if (bound := _bound(leaf, name)) is not None}
        return Alone(name, tuple(sorted(bounds)), derived=derived)
    if fact.type == "boolean":
        return Alone(name, derived=derived)
    return Alone(name, classes=tuple(_classes(program, leaves, name)), derived=derived)


def _classes(program: Program, leaves: tuple[e.Condition, ...], name: str) -> Iterator[tuple[str, int]]:
    """Yield the class of each text or place that a condition, or the answer itself, tells from others."""
    tests = [among for leaf in leaves if (among := _among(program, leaf, name)) is not None]
    tests += [frozenset({value}) for value in sorted(program.told.get(name, ()))]
    values: frozenset[str] = frozenset().union(*tests)
    kinds: dict[tuple[bool, ...], int] = {(False,) * len(tests): 0}
    for value in sorted(values):
        yield value, kinds.setdefault(tuple(value in test for test in tests), len(kinds))


def _among(program: Program, leaf: e.Condition, name: str) -> frozenset[str] | None:
    match leaf:
        case e.Member(e.FactTerm(fact), values, among) if fact == name:
            return program.sets[among] if among else frozenset(values)
    value = _bound(leaf, name)
    return frozenset({value}) if isinstance(value, str) else None


def _bound(leaf: e.Condition, name: str) -> FactValue | None:
    """Return the constant against which a condition holds a fact by itself."""
    match leaf:
        case e.Compare(_, e.FactTerm(fact), e.Constant(value)) if fact == name:
            return value
        case e.Compare(_, e.Constant(value), e.FactTerm(fact)) if fact == name:
            return value
    return None


def _ratio_bound(leaf: e.Condition, stated: str, of: str, over: str) -> FactValue | None:
    match leaf:
        case e.CompareRatio(_, e.FactTerm(first), e.FactTerm(second), e.FactTerm(third), e.Constant(value)) if (
            first,
            second,
            third,
        ) == (stated, of, over):
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
