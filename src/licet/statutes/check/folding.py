"""Folds a system on every day of change; what does not fold is told, mended for the while, and the rest folded too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from licet.clauses.vocabulary import Vocabulary
from licet.errors import BadInput, LawError
from licet.statutes import forms
from licet.statutes.check.finding import Finding, of_error
from licet.statutes.check.queries import also_known, queries
from licet.statutes.fold import Statutes
from licet.statutes.library import Library

if TYPE_CHECKING:
    from licet.statutes.check.reading import Draft
    from licet.statutes.law import Law, Query
    from licet.statutes.library import Act

MOST_ROUNDS = 12


@dataclass
class Folded:
    """The laws of one system that fold as they stand, in the order of their days, and what kept others from it."""

    system: str
    laws: list[tuple[Query, Law]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def fold(draft: Draft, system: str) -> Folded:
    """Fold a system. Each round mends what the last one found, so that what it hid is found too."""
    statutes = Statutes(Library(draft.vocabulary, {system: draft.systems[system]}))
    found = Folded(system)
    lost = set(draft.torn.get(system, ()))
    for number in range(MOST_ROUNDS):
        laws, errors = _round(statutes, system)
        found.laws = found.laws or laws if number == 0 else found.laws
        if not errors:
            break
        told = {finding.where for finding in found.findings}
        found.findings += [f for f in errors if f.where not in told and not _names(f.what, lost)]
        mended = _mend(statutes, system, errors, lost)
        if mended is None:
            break
        statutes = mended
    return found


def _round(statutes: Statutes, system: str) -> tuple[list[tuple[Query, Law]], list[Finding]]:
    laws: list[tuple[Query, Law]] = []
    errors: dict[Finding, None] = {}
    for query in (*queries(statutes, system), *also_known(statutes, system)):
        try:
            law = statutes.law(query)
            if not query.readings:
                law.program.steps()  # what is assumed or derived does not hang on a reading
        except LawError as error:
            errors[of_error(error)] = None
        except BadInput as error:
            fault = error.__cause__ if isinstance(error.__cause__, LawError) else error
            errors[of_error(fault, statutes.vocabulary.source.at("facts"))] = None
        else:
            if query.known is None:
                laws.append((query, law))
    return laws, list(errors)


def _names(text: str, names: set[str]) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in names)


def _mend(statutes: Statutes, system: str, errors: list[Finding], lost: set[str]) -> Statutes | None:
    """Return the acts without what the errors are about, or None where nothing can be done about any of them."""
    by_place = {finding.where: finding.what for finding in errors}
    acts = tuple(_mended(act, by_place, lost) for act in statutes.acts(system))
    vocabulary = _without_rules(statutes.vocabulary, set(by_place))
    if acts == statutes.acts(system) and vocabulary is statutes.vocabulary:
        return None
    return Statutes(Library(vocabulary, {system: acts}))


def _mended(act: Act, by_place: dict[str, str], lost: set[str]) -> Act:
    if not by_place.keys() & set(act.places):
        return act
    kept: list[tuple[forms.AnyAmendment, str]] = []
    for amendment, where in zip(act.amendments, act.places, strict=True):
        other = amendment if where not in by_place else _neutral(amendment, by_place[where])
        if other is None:
            lost |= {name for key in ("id", "set", "table") if (name := getattr(amendment, key, ""))}
        else:
            kept.append((other, where))
    amendments, places = tuple(item for item, _ in kept), tuple(where for _, where in kept)
    return replace(act, amendments=amendments, places=places)


def _neutral(amendment: forms.AnyAmendment, what: str) -> forms.AnyAmendment | None:
    """Return the amendment so that it folds: a clause of which nothing is said; None where it is to be left out."""
    if not isinstance(amendment, forms.ClauseForm) or amendment.when == _NOTHING_SAID:
        return None
    if what.startswith(f"{amendment.id} is ") and "in force on" in what:
        return msgspec.structs.replace(amendment, replacing=not amendment.replacing)
    if "is not in force on" in what:
        return msgspec.structs.replace(amendment, replaces=())
    return msgspec.structs.replace(
        amendment, when=_NOTHING_SAID, status="unknown", draws=None, binds="", by="", names={}
    )


_NOTHING_SAID = "TRUE  -- could not be read"


def _without_rules(vocabulary: Vocabulary, places: set[str]) -> Vocabulary:
    """Leave out what is assumed or derived at one of ``places``."""
    facts = dict(vocabulary.facts)
    for name, fact in vocabulary.facts.items():
        lines = {vocabulary.source.at(f"facts.{name}{key}") for key in ("", ".assume", ".derive", ".assume.when")}
        if lines & places:
            facts[name] = msgspec.structs.replace(fact, assume=None, derive="")
    changed = facts != vocabulary.facts
    return Vocabulary(facts, vocabulary.places, vocabulary.source) if changed else vocabulary
