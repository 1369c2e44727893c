"""What would be decided otherwise: along the quantity, with the fewest facts changed, with what is not known yet.

Candidate values come from the law itself (:mod:`licet.decisions.alternatives`), never from a list of accounts. Nothing
of this is worked out for a plain verdict; the cost is bounded by the number of decisions tried, and what was left
untried is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from licet.decisions.alternatives import MOST_ALONG, Alternatives, Branch, Naming, Values
from licet.decisions.changes import Change, Changed, Changes, smallest_changes
from licet.decisions.decide import Case
from licet.decisions.quantities import Obliged, Quantities, Stretch, largest_quantity
from licet.decisions.restated import asked, with_facts
from licet.decisions.trials import Result, Trials, result_of

if TYPE_CHECKING:
    from licet.decisions.facts import Transaction
    from licet.statutes.law import Law, Query

__all__ = [
    "Answers",
    "Branch",
    "Change",
    "Changed",
    "Changes",
    "Naming",
    "Obliged",
    "Quantities",
    "Result",
    "Stretch",
    "Values",
    "answers",
    "asked",
    "largest_quantity",
    "result_of",
    "smallest_changes",
    "with_facts",
]


class Answers(msgspec.Struct, frozen=True):
    """What each answer to the question after a missing fact would lead to."""

    fact: str
    branches: tuple[Branch, ...]
    complete: bool


def answers(law: Law, transaction: Transaction, query: Query, most: int = MOST_ALONG) -> tuple[Answers, ...]:
    """Return, for each fact that a verdict asks for, what each answer would lead to, the others still missing."""
    facts = dict(transaction.under(law.system).facts)
    found = []
    for name in Case(law, transaction, query).wanted_facts:
        alternatives = Alternatives(law, Trials(law, query, most))
        branches = [
            msgspec.structs.replace(branch, values=alternatives.named(name, branch.values))
            for branch in alternatives.along(name, facts, asking=True)
        ]
        found.append(Answers(name, tuple(branches), not alternatives.trials.spent))
    return tuple(found)
