"""The smallest changes of fact that flip an outcome or a review policy."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import msgspec

from licet.catalog import items
from licet.clauses.vocabulary import FactValue  # noqa: TC001 - msgspec reads the annotations
from licet.decisions.alternatives import Alternatives, Branch, Values
from licet.decisions.facts import PLACE_FACTS, Facts
from licet.decisions.restated import linked, set_free
from licet.decisions.trials import Result, Trials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from licet.decisions.facts import Transaction
    from licet.statutes.law import Law, Query

MOST_TRIES = 50_000
"""How many decisions the search for the smallest changes may try; at some 15 microseconds each."""
GROUPS = ("transaction", "parties", "state", "certification", "item")
"""The groups of the vocabulary, those first that who ships can most readily choose."""

WHICH_LAW = ("date", "movement")
"""Facts that say which question is asked: the day is not changed, nor a movement that was stated."""
OUT_OF_REACH = frozenset({"not_subject", "not_an_export"})

How = Literal["assumed", "given", "unknown"]


class Changed(msgspec.Struct, frozen=True):
    """One fact changed: ``before`` and how it was known, ``after``, and all ``values`` that would do as well.

    ``following``: facts that nobody stated, taken from this one, which take its new value too.
    """

    fact: str
    before: FactValue | None
    how: How
    after: FactValue
    values: Values
    group: str
    following: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """Facts that, changed together and all others as they are, give another result."""

    facts: tuple[Changed, ...]
    result: Result

    @property
    def given(self) -> dict[str, FactValue]:
        """The facts to give in place of those of the transaction."""
        found: dict[str, FactValue] = {}
        for changed in self.facts:
            found |= dict.fromkeys((changed.fact, *changed.following), changed.after)
        return found

    @property
    def assumed(self) -> bool:
        """Whether all that would change was assumed: these are the changes that may already be true."""
        return all(changed.how == "assumed" for changed in self.facts)


class Changes(msgspec.Struct, frozen=True):
    """The smallest changes of fact that make a result better, and worse, each kind by one fact, else by two.

    ``complete``: every candidate of that number of facts was tried; else the search ended at ``most`` decisions.
    """

    now: Result
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    tried: int
    most: int
    complete: bool


def smallest_changes(law: Law, transaction: Transaction, query: Query, most: int = MOST_TRIES) -> Changes:
    """Return the smallest changes of fact that flip the outcome or the review policy, for the better or the worse.

    The date is not changed: another day has another law. The figures of a catalog chip stand, and so does what is not
    known of the item, which is asked for instead. Two facts are changed,
    neither of which changes anything alone, where one fact does not do: where it would take the transaction out of the
    law's reach or make it another movement, or where only an assumption would make the result better.
    """
    return _Search(law, transaction, query, most).changes()


class _Search:
    """The search for the changes of one transaction."""

    def __init__(self, law: Law, transaction: Transaction, query: Query, most: int) -> None:
        self.law = law
        self.transaction = transaction
        self.facts = dict(transaction.under(law.system).facts)
        self.trials = Trials(law, query, most)
        self.alternatives = Alternatives(law, self.trials, linked(transaction))
        self.known = Facts(law, self.facts)
        self.now = self.trials.result(self.facts)
        self.names = self.may_change()

    def may_change(self) -> list[str]:
        """Return the facts that may be changed: assumed ones first, then by group, then as the law reads them."""
        names = [name for name in self.alternatives.facts_read if self.changeable(name)]
        return sorted(names, key=lambda name: (self.how(name) != "assumed", GROUPS.index(self.group(name))))

    def changeable(self, name: str) -> bool:
        if name == "date" or (name in WHICH_LAW and self.how(name) == "given"):
            return False
        if name in self.law.derived and name not in self.facts:
            return False
        if set_free(self.alternatives, self.transaction, name)[1] or self.sets_a_stated_ratio(name):
            return False
        return self.group(name) != "item" or self.of_this_item(name)

    def of_this_item(self, name: str) -> bool:
        """Whether a fact of the item is known, and neither a figure of the catalog nor a name."""
        fact, chip = self.law.vocabulary[name], self.transaction.chip
        figures = items.item(chip).facts() if chip else {}
        return self.known.value(name) is not None and name not in figures and (fact.type != "text" or bool(fact.values))

    def sets_a_stated_ratio(self, name: str) -> bool:
        """Whether a ratio was stated that would change with the fact, nobody could say by how much."""
        ratios = [ratio for other in self.facts if (ratio := self.law.vocabulary[other].ratio) is not None]
        return any(name in (ratio.of, ratio.over) and ratio.over not in self.facts for ratio in ratios)

    def group(self, name: str) -> str:
        group = self.law.vocabulary[name].group
        return group if group in GROUPS else GROUPS[-1]

    def how(self, name: str) -> How:
        if self.known.value(name) is None:
            return "unknown"
        return "given" if name in self.facts and name not in self.transaction.taken else "assumed"

    def changes(self) -> Changes:
        found = list(self.singles()) if self.open_to({True, False}) else []
        wanted = self.open_to({True, False} - {self.direction(c.result) for c in found if self.suffices(c)})
        found += self.pairs(wanted) if wanted else []
        return Changes(
            now=self.now,
            better=tuple(change for change in found if change.result.better_than(self.now)),
            worse=tuple(change for change in found if self.now.better_than(change.result)),
            tried=self.trials.tried,
            most=self.trials.most,
            complete=not self.trials.spent,
        )

    def suffices(self, change: Change) -> bool:
        """Whether a change of one fact answers what was asked, so that no two facts need be changed.

        For the better, an assumption alone does not: it is true or not, and nobody can make it so.
        """
        if self.direction(change.result) and change.assumed:
            return False
        return change.result.outcome not in OUT_OF_REACH and change.facts[0].fact not in WHICH_LAW

    def open_to(self, wanted: set[bool]) -> set[bool]:
        """Return the directions that a result can move in at all: better (True), worse (False)."""
        possible = {True: self.now.could_be_better, False: self.now.could_be_worse}
        return {direction for direction in wanted if possible[direction]}

    def base(self, *names: str) -> dict[str, FactValue]:
        """Return the facts without stated amounts that follow from the named ones."""
        rests_on = self.alternatives.thresholds.rests_on
        follow = {other for other in self.law.derived for name in names if name != other and name in rests_on(other)}
        return {key: value for key, value in self.facts.items() if key not in follow}

    def flips(self, result: Result) -> bool:
        return result.better_than(self.now) or self.now.better_than(result)

    def singles(self) -> Iterator[Change]:
        for name in self.names:
            branches = self.others(name, self.alternatives.along(name, self.base(name)))
            for branch in self.nearest(name, branches):
                if self.flips(branch.result):
                    yield Change((self.changed(name, branch.values, branch.typical),), branch.result)

    def others(self, name: str, branches: list[Branch]) -> list[Branch]:
        """Return the branches that do not hold the fact as it is."""
        now = self.known.value(name)
        held = [branch for branch in branches if branch.values.holds(now)]
        if not held and now is not None:
            held = [branch for branch in branches if branch.values.others]
        return [branch for branch in branches if branch not in held]

    def nearest(self, name: str, branches: list[Branch]) -> list[Branch]:
        """Return, of a number's branches of one result, the one nearest to what it is; of other facts, all."""
        if self.law.vocabulary[name].type != "number":
            return branches
        found: dict[Result, Branch] = {}
        for branch in sorted(branches, key=lambda branch: self.distance(name, branch.values)):
            found.setdefault(branch.result, branch)
        return list(found.values())

    def distance(self, name: str, values: Values) -> Decimal:
        now = self.known.value(name)
        near = values.nearest(now)
        return abs(near - now) if isinstance(now, Decimal) else near

    def changed(self, name: str, values: Values, typical: FactValue) -> Changed:
        now = self.known.value(name)
        linked = self.alternatives.linked.get(name, ())
        after = values.nearest(now) if values.first is not None else self.familiar(values, typical)
        return Changed(
            name, now, self.how(name), after, self.alternatives.named(name, values), self.group(name), linked
        )

    def familiar(self, values: Values, typical: FactValue) -> FactValue:
        """Return one of the values that is spoken of in the transaction already, where one is."""
        spoken = [self.facts[name] for name in PLACE_FACTS if name in self.facts]
        return next((value for value in spoken if value in values.values), typical)

    def pairs(self, wanted: set[bool]) -> list[Change]:
        """Return changes of two facts, neither of which would do alone, for the better (True) or worse (False)."""
        found: dict[tuple[str, str, Result], dict[Values, list[tuple[Branch, Branch]]]] = {}
        for one, other in self.couples():
            for first in self.moved(one):
                if self.alone(one, first) is not None:
                    continue
                facts = {**self.base(one, other), **self.alternatives.setting(one, self.changed_to(one, first))}
                for second in self.nearest(other, self.others(other, self.alternatives.along(other, facts))):
                    if self.direction(second.result) in wanted and self.alone(other, second) is None:
                        by_values = found.setdefault((one, other, second.result), {})
                        by_values.setdefault(second.values, []).append((first, second))
        return [self.coupled(key, max(by_values.values(), key=len)) for key, by_values in found.items()]

    def direction(self, result: Result) -> bool | None:
        """Return whether a result is better (True) or worse (False), None where it is neither."""
        return result.better_than(self.now) if self.flips(result) else None

    def alone(self, name: str, branch: Branch) -> bool | None:
        """Return the direction in which the change of one fact moves the result without the other."""
        setting = self.alternatives.setting(name, self.changed_to(name, branch))
        return self.direction(self.trials.result({**self.base(name), **setting}))

    def changed_to(self, name: str, branch: Branch) -> FactValue:
        return branch.values.nearest(self.known.value(name)) if branch.values.first is not None else branch.typical

    def couples(self) -> Iterator[tuple[str, str]]:
        """Yield every two facts: last a number, whose thresholds hang on the other, or what follows the other."""
        for one, other in combinations(self.names, 2):
            if self.trials.spent:
                return
            number = self.law.vocabulary[one].type == "number"
            yield (other, one) if number or one in self.alternatives.linked.get(other, ()) else (one, other)

    def moved(self, name: str) -> list[Branch]:
        """Return every part of a fact's values but the one that it lies in."""
        parts = self.alternatives.parts(name, self.base(name))
        return self.others(name, [Branch(values, typical, self.now) for values, typical in parts])

    def coupled(self, key: tuple[str, str, Result], alike: list[tuple[Branch, Branch]]) -> Change:
        """Return one change of two facts, from all the parts of the first that do the same with the second."""
        one, other, result = key
        first, second = alike[0]
        if first.values.first is not None:
            values = min((branch.values for branch, _ in alike), key=lambda values: self.distance(one, values))
        else:
            listed = dict.fromkeys(value for branch, _ in alike for value in branch.values.values)
            values = Values(values=tuple(listed), others=any(branch.values.others for branch, _ in alike))
        return Change(
            (self.changed(one, values, first.typical), self.changed(other, second.values, second.typical)), result
        )
