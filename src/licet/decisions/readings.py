"""Which readings of unclear texts an answer rests on: those whose other choices would change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from licet.decisions import verdict as v
from licet.decisions.decide import essence

if TYPE_CHECKING:
    from licet.decisions.facts import Transaction
    from licet.statutes import Statutes
    from licet.statutes.forms import Reading
    from licet.statutes.law import Query


def weighed(statutes: Statutes, transaction: Transaction, query: Query, verdict: v.Verdict) -> v.Verdict:
    """Return the verdict with the readings on which it rests.

    Every choice that was not taken is asked, one reading at a time; the cost is one short decision for each. What an
    act has settled is open no longer.
    """
    settled = statutes.law(query).settled
    readings = {name: r for act in statutes.acts(query.system) for name, r in act.head.readings.items()}
    found = [
        _resting(statutes, transaction, query, verdict, name, readings[name])
        for name in sorted(verdict.law.readings.keys() - settled)
    ]
    return msgspec.structs.replace(verdict, rests_on=tuple(item for item in found if item.otherwise))


def _resting(  # noqa: PLR0913, PLR0917 - one question, and the reading that is tried
    statutes: Statutes, transaction: Transaction, query: Query, verdict: v.Verdict, name: str, reading: Reading
) -> v.Resting:
    taken = verdict.law.readings[name]
    ours = (verdict.outcome, verdict.tier, verdict.exception, verdict.review_policy)
    others = []
    for choice, words in reading.choices.items():
        if choice == taken:
            continue
        chosen = {**dict(query.readings), name: choice}
        other = essence(statutes.law(replace(query, readings=tuple(sorted(chosen.items())))), transaction, query)
        if other != ours:
            others.append(v.Otherwise(choice, words, *other))
    return v.Resting(name, taken, reading.question, reading.choices[taken], tuple(others))
