"""Why a way is not open, by how much it was missed, and how much of it is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import TYPE_CHECKING

from licet.clauses import expression as e
from licet.clauses.evaluate import EXACT
from licet.clauses.words import sql
from licet.decisions import verdict as v
from licet.decisions.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.clauses.evaluate import Oracle
    from licet.clauses.vocabulary import FactValue
    from licet.statutes.law import Clause, Law


def failure(law: Law, oracle: Oracle, clause: Clause, bar: Clause | None) -> v.Failure:
    """Return why an exception or authorization is closed: the parts of its condition that are false, or its bar."""
    false = [part for part in _parts(law.conditions[clause.id]) if oracle.truth(part) is False]
    barred = bar.id if bar is not None and oracle.clause(bar.id) else ""
    facts = dict.fromkeys(name for part in false for name in _facts(law, part))
    texts = tuple(sql(part) for part in false)
    return v.Failure(clause.form.yields, clause.id, clause.form.title, texts, tuple(facts), barred)


def _parts(node: e.Condition) -> list[e.Condition]:
    """Return all that must hold together, also within what a mask was added to."""
    return [inner for part in node.parts for inner in _parts(part)] if isinstance(node, e.And) else [node]


@dataclass(frozen=True)
class Lack:
    """An elementary condition that would have to be as ``needed``, and the facts that it reads as they are.

    ``has`` and ``bound``: the two sides of a comparison of numbers; ``by``: how far they lie apart, None for others.
    """

    needed: e.Condition
    facts: tuple[tuple[str, FactValue | None], ...]
    has: Decimal | None = None
    bound: Decimal | None = None

    @property
    def by(self) -> Decimal | None:
        """How far a number is from its bound."""
        if self.has is None or self.bound is None:
            return None
        with localcontext(EXACT):
            return abs(self.has - self.bound)


@dataclass(frozen=True)
class Shortfall:
    """A part of a condition that is false and must be true, or a bar's that is true and must not be (``barred``).

    ``lacks``: the elementary conditions behind it, through the clauses that it names; of alternatives, all of them.
    """

    needed: e.Condition
    lacks: tuple[Lack, ...]
    barred: bool = False


def shortfalls(law: Law, facts: Facts, miss: v.Failure) -> tuple[Shortfall, ...]:
    """Return why an exception or authorization is closed, each part with the facts that it failed on."""
    reason = _Reason(law, facts)
    parts = [part for part in _parts(law.conditions[miss.clause]) if facts.oracle.truth(part) is False]
    found = [Shortfall(part, tuple(dict.fromkeys(reason.lacking(part, wanted=True)))) for part in parts]
    if miss.barred_by:
        bar = law.conditions[miss.barred_by]
        found.append(Shortfall(e.Not(bar), tuple(dict.fromkeys(reason.lacking(bar, wanted=False))), barred=True))
    return tuple(found)


_OPPOSITE: dict[e.Operator, e.Operator] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class _Reason:
    """Finds the elementary conditions on which the truth of a condition rests."""

    def __init__(self, law: Law, facts: Facts) -> None:
        self.law = law
        self.facts = facts
        self.oracle = facts.oracle

    def lacking(self, node: e.Condition, *, wanted: bool) -> Iterator[Lack]:
        """Yield what keeps ``node``, which is not as ``wanted``, from being so."""
        if self.oracle.truth(node) is not (not wanted):
            return
        match node:
            case e.And(parts) | e.Or(parts):
                for part in parts:
                    yield from self.lacking(part, wanted=wanted)
            case e.Not(part):
                yield from self.lacking(part, wanted=not wanted)
            case e.Refer(clause):
                yield from self.lacking(self.law.conditions[clause], wanted=wanted)
            case _:
                yield self.lack(node, wanted=wanted)

    def lack(self, node: e.Condition, *, wanted: bool) -> Lack:
        read = tuple((name, self.facts.value(name)) for name in e.facts_in(node))
        lack = Lack(node if wanted else _turned(node), read)
        if isinstance(node, e.Compare) and node.left.type == "number":
            return replace(lack, has=self.oracle.value(node.left), bound=self.oracle.value(node.right))
        return lack


def _turned(node: e.Condition) -> e.Condition:
    """Return the opposite of an elementary condition, a NOT where it is no plain comparison."""
    return e.Compare(_OPPOSITE[node.operator], node.left, node.right) if isinstance(node, e.Compare) else e.Not(node)


def _facts(law: Law, node: e.Condition) -> list[str]:
    """Return the facts that a condition reads, through the clauses that it names."""
    names = list(e.facts_in(node))
    for other in e.clauses_in(node):
        names += _facts(law, law.conditions[other])
    return list(dict.fromkeys(names))


def volume(law: Law, facts: Facts, clause: Clause) -> v.Volume | None:
    """Return the account of a clause that draws on one, where its limit is known.

    None where the clause would not be open to any quantity: then there is no volume to speak of.
    """
    draws = clause.form.draws
    assert draws is not None  # noqa: S101 - callers ask for clauses that draw
    limit = facts.oracle.value(law.limits[clause.id])
    used = facts.value(draws.used)
    if not isinstance(limit, Decimal) or not isinstance(used, Decimal):
        return None
    available = max(limit - used, Decimal(0))
    each = facts.value("unit_tpp")
    units = None
    if isinstance(each, Decimal) and each > 0:
        units = int((available / each).to_integral_value(ROUND_FLOOR))
        if not _open_to(law, facts, clause, max(units, 1)) and available:
            return None
    elif facts.oracle.clause(clause.id) is False:
        return None
    draws_now = facts.oracle.clause(clause.id) is True
    total = facts.value("total_tpp")
    amount = total if draws_now and isinstance(total, Decimal) else None
    return v.Volume(clause.id, draws.account, draws.holder, draws.period, limit, used, available, amount, units)


def _open_to(law: Law, facts: Facts, clause: Clause, quantity: int) -> bool:
    """Whether ``clause`` would be true for another quantity of the same item."""
    if facts.oracle.clause(clause.id) is True:
        return True
    other = Facts(law, {**facts.given, "quantity": Decimal(quantity)})
    return other.oracle.clause(clause.id) is True
