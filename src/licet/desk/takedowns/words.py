"""The words for grounds, scopes and courses, and what a page shows of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licet.archive.takedowns.plans import HELD
from licet.i18n import N_

if TYPE_CHECKING:
    from licet.archive.takedowns import Case
    from licet.desk.tongue import Tongue

GROUNDS = {
    "rights": N_("I hold rights in the text or a picture"),
    "privacy": N_("It says private things about a person"),
    "correction": N_("The publisher has corrected or withdrawn it"),
    "other": N_("Another ground, explained below"),
}
SCOPES = {
    "snapshot": N_("this version"),
    "item": N_("every version of this article, and later ones"),
}
STATUSES = {
    "open": N_("It waits for a decision."),
    "refused": N_("It was refused."),
    "granted": N_("It was granted: the page is shown nowhere on this site."),
    "undone": N_("It was granted, and the grant was undone: the page is shown again."),
    "erased": N_("It was granted, and the record has been erased."),
}


def told(case: Case, tongue: Tongue) -> dict[str, Any]:
    """Return what anybody may know of a case: nothing of who asked."""
    return {
        "reference": case.reference,
        "status": tongue.text(STATUSES[case.status]),
        "ground": tongue.text(GROUNDS[case.ground]),
        "scope": tongue.text(SCOPES[case.scope]),
        "reason": case.reason if case.status == "refused" else "",
        "filed": case.filed_at,
        "decided": case.decided_at,
        "until": case.retain_until if case.status == "granted" else None,
        "ended": case.ended_at,
    }


def waits(case: Case, tongue: Tongue) -> str:
    """Return why a case that is due is not erased."""
    return tongue.text(N_("A legal hold keeps it from being erased.")) if case.waiting == HELD else case.waiting


def choices(words: dict[str, str], tongue: Tongue) -> list[tuple[str, str]]:
    """Return the choices of a field."""
    return [(name, tongue.text(text)) for name, text in words.items()]
