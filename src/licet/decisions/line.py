"""A verdict as the contract's line of JSON (design section 4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.i18n import pick

if TYPE_CHECKING:
    from licet.decisions.verdict import Obligation, Resting, Verdict


def verdict_line(verdict: Verdict, language: str = "en") -> dict[str, Any]:
    """Return the verdict as plain JSON values; texts in ``language``, amounts in TPP as exact numbers.

    Only the answer of a law that has duties has ``duty_pct`` and ``band``.
    """
    line = {
        "id": verdict.id,
        "chip": verdict.chip,
        "outcome": verdict.outcome,
        "classification": verdict.classification,
        "tier": verdict.tier,
        "controlled": verdict.controlled,
        "exception": verdict.exception,
        "exceptions": list(verdict.exceptions),
        "review_policy": verdict.review_policy,
        "allocation_tpp": plain(verdict.allocation_tpp),
        "total_tpp": plain(verdict.total_tpp),
        "obligations": [_obligation(item, language) for item in verdict.obligations],
        "aes": verdict.aes or None,
        "missing": [{"fact": m.fact, "question": pick(language, m.question)} for m in verdict.missing],
        "assumed": list(verdict.assumed),
        "could_use": [{"id": usable.id, "missing": list(usable.missing)} for usable in verdict.could_use],
        "citations": [
            {
                "clause": c.clause,
                "cite": c.cite,
                "seen": c.seen,
                "act": c.act,
                **({"masked_by": c.masked} if c.masked else {}),
            }
            for c in verdict.citations
        ],
        "volumes": [
            {
                "account": item.account,
                "limit": plain(item.limit),
                "used": plain(item.used),
                "available": plain(item.available),
                "amount": plain(item.amount),
                "units": item.units,
            }
            for item in verdict.volumes
        ],
        "near_misses": [
            {"id": miss.id, "failed": list(miss.failed), "facts": list(miss.facts), "barred_by": miss.barred_by or None}
            for miss in verdict.near_misses
        ],
        "rests_on": [_resting(item) for item in verdict.rests_on],
        "warnings": [{"id": warning.id, "text": pick(language, warning.text)} for warning in verdict.warnings],
        "not_examined": list(verdict.not_examined),
        "confidence": verdict.confidence,
        "law": {
            "system": verdict.law.system,
            "on": verdict.law.on.isoformat(),
            "basis": verdict.law.basis,
            "known": verdict.law.known.isoformat() if verdict.law.known else None,
            "readings": verdict.law.readings,
            "proposals": list(verdict.law.proposals),
            "checked_through": verdict.law.checked_through.isoformat(),
            "digest": verdict.law.digest,
        },
    }
    return line | {"duty_pct": plain(verdict.duty_pct), "band": verdict.band} if verdict.dutiable else line


def _resting(item: Resting) -> dict[str, Any]:
    fields = ("choice", "outcome", "tier", "exception", "review_policy")
    otherwise = [{name: getattr(other, name) for name in fields} for other in item.otherwise]
    return {"reading": item.reading, "choice": item.choice, "otherwise": otherwise}


def _obligation(item: Obligation, language: str) -> dict[str, Any]:
    due = item.due.isoformat() if item.due else item.side
    return {"id": item.id, "text": pick(language, item.text), "due": due, "days": item.days, "side": item.side}


def plain(value: Any) -> Any:
    """Return a fact's value as JSON has it: a whole number as integer, another as its shortest float, a date as text.

    Every number of the vocabulary has few enough digits that a float's shortest text is the number itself; one that has
    not is given as text.
    """
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value
