"""All that can be said beside a verdict: why other ways are closed, and what would be decided otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from licet.clauses.words import sql
from licet.decisions import counterfactuals as c
from licet.decisions.facts import Facts
from licet.decisions.line import plain
from licet.decisions.reasons import shortfalls

if TYPE_CHECKING:
    from licet.decisions.alternatives import Branch, Values
    from licet.decisions.reasons import Lack, Shortfall
    from licet.decisions.trials import Result
    from licet.decisions.verdict import Failure, Verdict
    from licet.statutes.law import Law


@dataclass(frozen=True)
class Explanation:
    """A verdict explained: near misses with what they lack, what holds along the quantity, changes, answers."""

    verdict: Verdict
    near_misses: tuple[tuple[Failure, tuple[Shortfall, ...]], ...]
    quantities: c.Quantities
    changes: c.Changes
    answers: tuple[c.Answers, ...]


def explain(law: Law, verdict: Verdict) -> Explanation:
    """Explain a verdict under the law that it was made with; it may take a second."""
    transaction, query = c.asked(verdict)
    facts = Facts(law, transaction.under(law.system).facts)
    return Explanation(
        verdict=verdict,
        near_misses=tuple((miss, shortfalls(law, facts, miss)) for miss in verdict.near_misses),
        quantities=c.largest_quantity(law, transaction, query),
        changes=c.smallest_changes(law, transaction, query),
        answers=c.answers(law, transaction, query),
    )


def explained_line(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON values, to be laid over the line of its verdict."""
    changes = explanation.changes
    return {
        "near_misses": [_missed(*item) for item in explanation.near_misses],
        "quantities": _quantities(explanation.quantities),
        "changes": {
            "better": [_change(change) for change in changes.better],
            "worse": [_change(change) for change in changes.worse],
            "tried": changes.tried,
            "most": changes.most,
            "complete": changes.complete,
        },
        "answers": [
            {"fact": item.fact, "branches": [_branch(branch) for branch in item.branches], "complete": item.complete}
            for item in explanation.answers
        ],
    }


def _missed(miss: Failure, parts: tuple[Shortfall, ...]) -> dict[str, Any]:
    return {
        "id": miss.id,
        "clause": miss.clause,
        "failed": list(miss.failed),
        "facts": list(miss.facts),
        "barred_by": miss.barred_by or None,
        "lacks": [_lack(lack, barred=part.barred) for part in parts for lack in part.lacks],
    }


def _lack(lack: Lack, *, barred: bool) -> dict[str, Any]:
    return {
        "needed": sql(lack.needed),
        "facts": {name: plain(value) for name, value in lack.facts},
        "has": plain(lack.has),
        "bound": plain(lack.bound),
        "by": plain(lack.by),
        "barred": barred,
    }


def _quantities(found: c.Quantities) -> dict[str, Any]:
    return {
        "stretches": [_stretch(stretch) for stretch in found.stretches],
        "no_license_required": found.free,
        "license_exception": found.excepted,
        "without_license": found.without_license,
        "within_allocation": found.allocated,
        "most": found.most,
        "fixed_by": list(found.fixed_by),
        "complete": found.complete,
    }


def _stretch(stretch: c.Stretch) -> dict[str, Any]:
    obliged = [{"id": item.clause, "first": item.first, "last": item.last} for item in stretch.obliged]
    return {"first": stretch.first, "last": stretch.last, **_result(stretch.result), "obligations": obliged}


def _change(change: c.Change) -> dict[str, Any]:
    return {"facts": [_changed(changed) for changed in change.facts], **_result(change.result)}


def _changed(changed: c.Changed) -> dict[str, Any]:
    return {
        "fact": changed.fact,
        "group": changed.group,
        "how": changed.how,
        "before": plain(changed.before),
        "after": plain(changed.after),
        "values": _values(changed.values),
        "following": list(changed.following),
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {"values": _values(branch.values), **_result(branch.result), "missing": list(branch.wants)}


def _values(values: Values) -> dict[str, Any]:
    if values.first is not None:
        return {"first": plain(values.first), "last": plain(values.last)}
    listed: dict[str, Any] = {"values": list(values.values)}
    listed |= {"others": True} if values.others else {}
    if values.named:
        listed |= {"inside": [n.set for n in values.named if n.inside]}
        listed |= {"outside": [n.set for n in values.named if not n.inside], "but": list(values.but)}
    return listed


def _result(result: Result) -> dict[str, Any]:
    duty = {"duty_pct": plain(result.duty_pct)} if result.duty_pct is not None else {}
    return {
        "outcome": result.outcome,
        "exception": result.exception,
        "review_policy": result.review_policy,
        **duty,
    }
