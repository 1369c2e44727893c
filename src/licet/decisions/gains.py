"""Who gains and who loses between two laws: which answers change, over items, quantities and places.

The question is asked of every chip of the catalog to every place, the headquarters and the ultimate parent there too,
and nothing else stated. Places that neither law tells apart are asked once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from licet.catalog.places import places
from licet.decisions import verdict as v  # noqa: TC001 - msgspec reads the annotations
from licet.decisions.compiled import Decider
from licet.decisions.facts import CHARTED, Facts, read_transaction
from licet.decisions.places import told_apart
from licet.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from licet.clauses.vocabulary import Vocabulary
    from licet.decisions.decide import Case
    from licet.decisions.facts import Transaction
    from licet.statutes.law import Law, Query

Direction = Literal["gain", "loss", "sideways"]
_VARIED = {
    "destination": "name the places to be asked instead (--to)",
    "quantity": "name the quantities to be asked instead (--quantity)",
    "date": "the days are those of the two laws",
}
STATED_ITEM = "item"
"""Stands for a chip's id where the item is described by facts alone."""

# How free an outcome is, as an interval where the answer leaves it open; the review policies lie between 1 and 4.
_POLICIES = {"policy_of_denial": 1, "presumption_of_denial": 2, "case_by_case": 3, "presumption_of_approval": 4}
_FREEDOM: dict[v.Outcome, tuple[int, int]] = {
    "not_subject": (6, 6),
    "not_an_export": (6, 6),
    "no_license_required": (6, 6),
    "license_exception": (5, 5),
    "license_required": (1, 4),
    "prohibited": (0, 0),
    "undecided": (0, 6),
}


class Answer(msgspec.Struct, frozen=True):
    """What counts of a verdict: the fields of :class:`v.Verdict`, ``obligations`` by the ids of their clauses.

    ``allocates``: whether a granted license would draw on an allocation (None: it cannot be said).
    """

    outcome: v.Outcome
    exceptions: tuple[str, ...]
    review_policy: v.ReviewPolicy | None
    allocates: bool | None
    duty_pct: Decimal | None
    band: int | None
    obligations: tuple[str, ...]


class Change(msgspec.Struct, frozen=True):
    """The same change of the answer at some places, by code."""

    direction: Direction
    before: Answer
    after: Answer
    places: tuple[str, ...]


class Quantity(msgspec.Struct, frozen=True):
    """A quantity that is asked: ``units`` of every item, or for each the first number above ``limit`` (TPP).

    ``accounts``: the accounts that have this limit; ``by_item``: the units of each item that the quantity is asked of.
    """

    id: str
    units: int | None
    limit: Decimal | None
    accounts: tuple[str, ...]
    by_item: dict[str, int]


class Effect(msgspec.Struct, frozen=True):
    """Items and quantities (by id) whose answers change in the same way everywhere.

    ``classified``: the classifications that the second law gives these items.
    """

    items: tuple[str, ...]
    classified: tuple[str, ...]
    quantities: tuple[str, ...]
    changes: tuple[Change, ...]


class Reclassified(msgspec.Struct, frozen=True):
    """Items whose classification differs; None: none, or it cannot be said."""

    before: str | None
    after: str | None
    items: tuple[str, ...]


class Gains(msgspec.Struct, frozen=True):
    """What was asked of both laws, and where the answers differ.

    ``facts``: what was stated beside item, quantity and place; ``questions``: how many pairs of verdicts were compared,
    ``changed`` how many differ, ``undecided`` how many are undecided under both laws; ``gaining``, ``losing``,
    ``both``: places with gains only, losses only, gains and losses; ``otherwise``: places where answers change and none
    is freer or less free.
    """

    items: tuple[str, ...]
    places: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    facts: dict[str, str]
    questions: int
    changed: int
    undecided: int
    reclassified: tuple[Reclassified, ...]
    effects: tuple[Effect, ...]
    gaining: tuple[str, ...]
    losing: tuple[str, ...]
    both: tuple[str, ...]
    otherwise: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether every answer is the same under both laws."""
        return not (self.effects or self.reclassified)


class Asked(NamedTuple):
    """What the questions are about; see :func:`gains`."""

    items: Mapping[str, Mapping[str, Any]]
    quantities: tuple[int, ...] = ()
    places: tuple[str, ...] = ()


def direction(before: Answer, after: Answer) -> Direction:
    """Say whether the answer ``after`` is freer than ``before``.

    By outcome, then review policy; among equals a license that draws on no allocation is freer, and a lower duty is.
    What is undecided, or a policy that is not stated, is neither freer nor less free than what it might be.
    """
    old, new = freedom(before), freedom(after)
    if old == new and old[0] == old[1]:
        less, more = _lesser(before, after)
        return "gain" if more > less else "loss" if more < less else "sideways"
    return "gain" if new[0] > old[1] else "loss" if new[1] < old[0] else "sideways"


def freedom(answer: Answer) -> tuple[int, int]:
    """Return how free an answer is, 0 (prohibited) to 6 (free): the least and the most that it may be."""
    policy = _POLICIES.get(answer.review_policy or "")
    return (policy, policy) if policy and answer.outcome == "license_required" else _FREEDOM[answer.outcome]


def _lesser(before: Answer, after: Answer) -> tuple[Decimal, Decimal]:
    """Return numbers, more for freer, of equally free answers: by what a license draws, else by the duty."""
    drawn, duties = (before.allocates, after.allocates), (before.duty_pct, after.duty_pct)
    if None not in drawn and drawn[0] != drawn[1]:
        return Decimal(not drawn[0]), Decimal(not drawn[1])
    if duties[0] is not None and duties[1] is not None:
        return -duties[0], -duties[1]
    return Decimal(0), Decimal(0)


def gains(before: tuple[Law, Query], after: tuple[Law, Query], asked: Asked) -> Gains:
    """Return which answers differ between two laws of one system.

    ``asked.items``: the facts of each item by its id, as :func:`read_transaction` takes them, with whatever else holds
    of every question (``{"h100-sxm": {"chip": "h100-sxm"}}``); ``asked.quantities``: units, by default one, and for
    each limit of an account of either law the first number above it; ``asked.places``: codes, by default all.
    Raises :class:`BadInput` as :func:`read_transaction` does, and for facts that the questions themselves vary.
    """
    sides = _Side(*before), _Side(*after)
    vocabulary = before[0].vocabulary
    items = {name: _read(facts, vocabulary) for name, facts in asked.items.items()}
    quantities = _quantities(sides, items, asked.quantities)
    codes = asked.places or tuple(places())
    matrix = _Matrix(sides, _alike(sides, items.values(), codes))
    classified = {name: matrix.classification(item) for name, item in items.items()}
    found: dict[str, list[tuple[str, _Key]]] = {name: [] for name in items}
    for quantity in quantities:
        for name, units in quantity.by_item.items():
            found[name].append((quantity.id, matrix.ask(items[name], units)))
    return Gains(
        items=tuple(items),
        places=codes,
        quantities=quantities,
        facts=_stated(asked),
        questions=sum(len(quantity.by_item) for quantity in quantities) * len(codes),
        changed=sum(matrix.size(key) for keys in found.values() for _, key in keys),
        undecided=matrix.undecided,
        reclassified=_reclassified(classified),
        effects=_effects(matrix, found, {name: after for name, (_, after) in classified.items()}),
        **_sorted_places(matrix, {key for keys in found.values() for _, key in keys}),
    )


# For each class of places the change of the answer, as a number of the matrix; 0: none.
_Key = tuple[int, ...]


class _Side:
    """One law, and the answers it has given, each pattern of facts worked out once (see :mod:`licet.clauses.pattern`).

    Of a case it works out what an :class:`Answer` wants, less than half of what a decision tells.
    """

    def __init__(self, law: Law, query: Query) -> None:
        self.law = law
        self.query = query
        self._decider = Decider(law, query)
        self.case = self._decider.case
        self._known: dict[Hashable, Answer] = {}

    def answer(self, transaction: Transaction) -> Answer:
        key = self._decider.key(transaction)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _answer(self.case(transaction))
        return found


def _answer(case: Case) -> Answer:
    licensed = case.outcome == "license_required"
    exceptions = case.available if case.outcome == "license_exception" else []
    return Answer(
        outcome=case.outcome,
        exceptions=tuple(dict.fromkeys(clause.form.yields for clause in exceptions)),
        review_policy=case.review_policy if licensed else None,
        allocates=case.allocates if licensed else False,
        duty_pct=case.duty_pct,
        band=case.duty.form.band if case.duty else None,
        obligations=tuple(item.id for item in case.obligations),
    )


class _Matrix:
    """Asks both laws at each class of places, and numbers the changes."""

    def __init__(self, sides: tuple[_Side, _Side], classes: list[tuple[str, ...]]) -> None:
        self.sides = sides
        self.classes = classes
        self.changes: dict[tuple[Answer, Answer], int] = {}
        self.pairs: list[tuple[Answer, Answer] | None] = [None]
        self.undecided = 0

    def ask(self, item: Transaction, units: int) -> _Key:
        return tuple(self._change(item, units, codes) for codes in self.classes)

    def _change(self, item: Transaction, units: int, codes: tuple[str, ...]) -> int:
        before, after = (side.answer(_there(item, units, codes[0], side.query)) for side in self.sides)
        if before.outcome == after.outcome == "undecided":
            self.undecided += len(codes)
        if before == after:
            return 0
        if (before, after) not in self.changes:
            self.changes[before, after] = len(self.pairs)
            self.pairs.append((before, after))
        return self.changes[before, after]

    def classification(self, item: Transaction) -> tuple[str | None, str | None]:
        """Return the classification of an item under each law; it is the same wherever the item goes."""
        code = self.classes[0][0]
        before, after = (side.case(_there(item, 1, code, side.query)).eccn for side in self.sides)
        return before, after

    def size(self, key: _Key) -> int:
        return sum(len(codes) for number, codes in zip(key, self.classes, strict=True) if number)

    def told(self, key: _Key) -> tuple[Change, ...]:
        """Return the changes of a key: gains, losses, then the others, and those of more places first."""
        codes: dict[int, list[str]] = defaultdict(list)
        for number, members in zip(key, self.classes, strict=True):
            codes[number] += members
        found = [
            Change(direction(*pair), *pair, tuple(sorted(codes[number])))
            for number in codes
            if (pair := self.pairs[number]) is not None
        ]
        order = ("gain", "loss", "sideways")
        return tuple(sorted(found, key=lambda c: (order.index(c.direction), -len(c.places), c.places)))


def _read(facts: Mapping[str, Any], vocabulary: Vocabulary) -> Transaction:
    """Read an item. Raises :class:`BadValue` for a fact that the questions vary."""
    for name, fix in _VARIED.items():
        if name in facts:
            raise BadValue(f"{name} is not the same in all that is asked, and cannot be stated", fix=fix)
    return read_transaction(facts, vocabulary)


def _stated(asked: Asked) -> dict[str, str]:
    """Return the facts stated of every question, beside the item's id."""
    common = next(iter(asked.items.values()), {})
    shown = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in common.items()}
    return {name: value for name, value in shown.items() if name != "chip"}


def _there(item: Transaction, units: int, code: str, query: Query) -> Transaction:
    """Return the item in some units to a place, where headquarters and parent are unless stated, on a law's day."""
    facts = {**item.facts, "date": query.on, "quantity": Decimal(units)}
    stated, row = dict(item.stated_places), places()[code].row
    for name in ("destination", "headquarters", "parent_headquarters"):
        if name not in stated:
            stated[name] = code
            facts |= {name: row} if row else {}
    return replace(item, facts=facts, stated_places=stated)


def _alike(sides: Sequence[_Side], items: Iterable[Transaction], codes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Sort places into classes that neither law tells apart, nor a place that a fact names."""
    system = sides[0].law.system
    named = {str(value) for item in items for value in item.facts.values() if value in places()}
    named |= {str(a.value) for side in sides for a in side.law.assumed.values() if a.value in places()}
    classes: dict[Any, list[str]] = defaultdict(list)
    for code in codes:
        place = places()[code].row if system == CHARTED else code
        said = tuple(told_apart(side.law, place) for side in sides)
        classes[said, place if place in named else ""].append(code)
    return [tuple(members) for members in classes.values()]


def _quantities(
    sides: Sequence[_Side], items: Mapping[str, Transaction], units: tuple[int, ...]
) -> tuple[Quantity, ...]:
    """Return the quantities asked for, else one unit and the first number above the limit of each account."""
    fixed = [Quantity(str(n), n, None, (), dict.fromkeys(items, n)) for n in sorted(set(units or (1,)))]
    if units:
        return tuple(fixed)
    accounts: dict[Decimal, list[str]] = defaultdict(list)
    for side in sides:
        facts = Facts(side.law, {"date": side.query.on})
        for name, term in side.law.limits.items():
            draws, limit = side.law.clauses[name].form.draws, facts.oracle.value(term)
            if draws and isinstance(limit, Decimal):
                accounts[limit].append(draws.account)
    most = sides[0].law.vocabulary["quantity"].most
    for limit in sorted(accounts):
        above = {name: n for name, item in items.items() if (n := _above(sides[0].law, item, limit)) is not None}
        kept = {name: n for name, n in above.items() if most is None or n <= most}
        fixed.append(Quantity(f">{limit:f}", None, limit, tuple(sorted(set(accounts[limit]))), kept))
    return tuple(fixed)


def _above(law: Law, item: Transaction, limit: Decimal) -> int | None:
    """Return the first number of units of an item whose TPP is above a limit; None where its TPP is not known."""
    each = Facts(law, item.facts).value("unit_tpp")
    if not isinstance(each, Decimal) or each <= 0:
        return None
    return int((limit / each).to_integral_value(ROUND_FLOOR)) + 1


def _reclassified(classified: Mapping[str, tuple[str | None, str | None]]) -> tuple[Reclassified, ...]:
    found: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for name, (before, after) in classified.items():
        if before != after:
            found[before, after].append(name)
    return tuple(Reclassified(*pair, tuple(names)) for pair, names in found.items())


def _effects(
    matrix: _Matrix, found: Mapping[str, Sequence[tuple[str, _Key]]], classified: Mapping[str, str | None]
) -> tuple[Effect, ...]:
    """Group the items whose answers change alike at every quantity, then the quantities at which they change alike."""
    classes: dict[tuple[tuple[str, _Key], ...], list[str]] = defaultdict(list)
    for name, keys in found.items():
        if any(any(key) for _, key in keys):
            classes[tuple(keys)].append(name)
    effects = []
    for told, names in sorted(classes.items(), key=lambda item: -len(item[1])):
        quantities: dict[_Key, list[str]] = defaultdict(list)
        for quantity, key in told:
            if any(key):
                quantities[key].append(quantity)
        ours = tuple(sorted({eccn for name in names if (eccn := classified[name])}))
        effects += [Effect(tuple(names), ours, tuple(ids), matrix.told(key)) for key, ids in quantities.items()]
    return tuple(effects)


def _sorted_places(matrix: _Matrix, keys: Iterable[_Key]) -> dict[str, tuple[str, ...]]:
    """Return the places where answers change, by whether they gain, lose, do both, or neither."""
    met: dict[tuple[str, ...], set[Direction]] = defaultdict(set)
    for key in keys:
        for number, codes in zip(key, matrix.classes, strict=True):
            if (pair := matrix.pairs[number]) is not None:
                met[codes].add(direction(*pair))
    found: dict[str, list[str]] = {"gaining": [], "losing": [], "both": [], "otherwise": []}
    for codes, ways in met.items():
        gaining, losing = "gain" in ways, "loss" in ways
        name = "both" if gaining and losing else "gaining" if gaining else "losing" if losing else "otherwise"
        found[name] += codes
    return {name: tuple(sorted(codes)) for name, codes in found.items()}
