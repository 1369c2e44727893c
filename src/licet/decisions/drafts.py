"""Drafts of the papers that an obligation asks for: a template of the law data, filled with a transaction's facts.

A value that nobody stated is a blank with a question, never a guess: what an answer assumed does not stand on a paper
that somebody signs.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

import msgspec

from licet.clauses.vocabulary import LONGEST_TEXT, FactValue
from licet.decisions.facts import PLACE_FACTS, Facts, company
from licet.decisions.verdict import Basics  # noqa: TC001 - msgspec reads the annotations
from licet.errors import BadInput, BadValue
from licet.statutes import drafts as templates_of
from licet.statutes.drafts import PaperKind, ParagraphForm  # noqa: TC001 - msgspec reads the annotations
from licet.statutes.forms import Seen, Words  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.decisions.verdict import Obligation, Verdict
    from licet.statutes.drafts import Template
    from licet.statutes.law import Law


class Blank(msgspec.Struct, frozen=True):
    """What is still to be filled in, and the question that asks for it; ``by_hand``: on the paper only."""

    name: str
    title: Words
    question: Words
    by_hand: bool = False


class Draft(msgspec.Struct, frozen=True):
    """One paper, filled as far as the facts go.

    ``obligation``: the clause that asks for it; ``due``, ``side``: when, as in the obligation; ``paragraphs``: the text
    with its placeholders, each with the paragraph of the law; ``values``: what fills them, places as stated;
    ``blanks``: the rest; ``warnings``: codes of what a reader must know (:data:`WARNINGS`); ``assumed``: facts that the
    answer took without being told; ``digest``: SHA-256 of the template.
    """

    obligation: str
    template: str
    title: Words
    form: PaperKind
    addressee: Words
    signer: Words
    subject: str
    cite: str
    seen: Seen
    side: str
    due: dt.date | None
    paragraphs: tuple[ParagraphForm, ...]
    values: dict[str, FactValue]
    blanks: tuple[Blank, ...]
    warnings: tuple[str, ...]
    assumed: tuple[str, ...]
    law: Basics
    digest: str


WARNINGS = (
    "draft",
    "unsettled",
    "as_written",
    "proposal",
    "assumed",
    "unscreened",
    "not_primary",
    "earlier_text",
    "private",
)
"""Codes: never filed; whether it is asked for hangs on a fact not given; drawn under the printed law, or a proposal;
rests on assumptions; parties not screened; made from a text that was not read itself, or from a later one than the
day's; the user's own template."""


def drafts(law: Law, verdict: Verdict, more_facts: Mapping[str, Any] | None = None) -> tuple[Draft, ...]:
    """Return a draft for every obligation of a verdict that asks for a paper. Errors as :func:`draft`."""
    asking = [item for item in verdict.obligations if item.id in law.clauses and law.clauses[item.id].form.draft]
    return tuple(draft(law, verdict, item, more_facts) for item in asking)


def draft(
    law: Law,
    verdict: Verdict,
    obligation: Obligation,
    more_facts: Mapping[str, Any] | None = None,
    *,
    templates: Mapping[str, Template] | None = None,
) -> Draft:
    """Fill the paper that ``obligation`` asks for.

    ``more_facts``: values by name, of fields of the template (text) or of facts of the vocabulary as a caller gives
    them; names that this paper does not want are left aside. ``templates``: by default those of the law's system.
    Raises :class:`BadInput` where the obligation asks for no paper or a value contradicts the verdict,
    :class:`BadValue` for a value that cannot be used, :class:`LawError` where the law data has no such template.
    """
    clause = law.clauses.get(obligation.id)
    if clause is None or not clause.form.draft:
        raise BadInput(f"{obligation.id[:60]} asks for no paper", fix="draft an obligation whose clause names one")
    known = templates if templates is not None else templates_of.load(law.system, law.vocabulary)
    found = templates_of.template(known, clause.form.draft, clause.place)
    values = _values(law, verdict, found, more_facts or {})
    return Draft(
        obligation=obligation.id,
        template=found.id,
        title=found.form.title,
        form=found.form.form,
        addressee=found.form.addressee,
        signer=found.form.signer,
        subject=found.form.subject,
        cite=found.form.cite,
        seen=found.form.seen,
        side=obligation.side,
        due=obligation.due,
        paragraphs=found.form.paragraphs,
        values=values,
        blanks=tuple(_blank(law, found, name) for name in found.names if name not in values),
        warnings=_warnings(verdict, obligation, found),
        assumed=tuple(verdict.assumed),
        law=verdict.law,
        digest=found.digest,
    )


def _values(law: Law, verdict: Verdict, template: Template, more: Mapping[str, Any]) -> dict[str, FactValue]:
    values: dict[str, FactValue] = {}
    stated = _stated(law, verdict, template)
    for name in template.names:
        field = template.form.fields.get(name)
        if field is not None:
            value: FactValue | None = _text(name, more.get(name), by_hand=field.by_hand)
        else:
            value = _agreed(law, verdict, name, stated.get(name), more.get(name))
        if value is not None and not _unseen(value):
            values[name] = value
    return values


def _unseen(value: FactValue) -> bool:
    """Whether a text shows nothing: written down it would hide the blank that it leaves."""
    return isinstance(value, str) and not any(mark.isprintable() and not mark.isspace() for mark in value)


def _stated(law: Law, verdict: Verdict, template: Template) -> dict[str, FactValue]:
    """Return the facts of a paper that were stated, or follow from what was: nothing that was assumed or taken."""
    given = {name: value for name, value in verdict.facts.items() if name not in verdict.assumed}
    found = {name: given[name] for name in template.form.facts if name in given}
    for name in template.form.facts:
        if name not in given and name in law.derived and (value := _derived(law, given, name)) is not None:
            found[name] = value
    if "eccn" in template.form.facts and "eccn" not in found and verdict.classification:
        found["eccn"] = verdict.classification
    return found | {name: code for name, code in verdict.stated_places.items() if name in found}


def _derived(law: Law, given: Mapping[str, FactValue], name: str) -> FactValue | None:
    """Return what follows for a fact from what was stated.

    That a chip is one circuit may be taken on the way, since it is taken where a chip was stated; a fact that is taken
    whatever was stated may not.
    """
    facts = Facts(law, given)
    value = facts.value(name)
    return None if any(law.assumed[taken].when is None for taken in facts.assumed) else value


def _agreed(law: Law, verdict: Verdict, name: str, stated: FactValue | None, raw: Any) -> FactValue | None:
    """Return the value of a fact, which a further statement may add and not change."""
    value = law.vocabulary.read(name, raw)
    if value is None:
        return stated
    decided = verdict.assumed.get(name) if stated is None else stated
    if name in PLACE_FACTS and stated is None:
        decided = verdict.stated_places.get(name, decided)
    if name == "exporter" and decided in (None, "unnamed", company(str(value))):
        return value  # the name as it is written, not the one that letters are looked up by
    if decided not in (None, value):
        raise BadInput(f"{name} is stated otherwise than it was decided", fix=f"ask again with {name} as it is")
    return value


def _text(name: str, raw: Any, *, by_hand: bool) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise BadValue(f"{name} is text", fix=f"give {name} as text")
    if by_hand and raw.strip():
        raise BadValue(f"{name} is filled in by hand, on the paper", fix=f"leave {name} out")
    if len(raw.strip()) > LONGEST_TEXT:
        raise BadValue(f"{name} is longer than {LONGEST_TEXT} characters", fix="shorten it")
    return raw.strip() or None


def _blank(law: Law, template: Template, name: str) -> Blank:
    entry = template.form.fields.get(name)
    if entry is not None:
        return Blank(name, entry.title, entry.question, entry.by_hand)
    fact = law.vocabulary[name]
    return Blank(name, fact.title, fact.question)


def _warnings(verdict: Verdict, obligation: Obligation, template: Template) -> tuple[str, ...]:
    since = template.form.since
    holds = {
        "draft": True,
        "unsettled": verdict.trace.get(obligation.id) is None,
        "as_written": verdict.law.basis == "written",
        "proposal": bool(verdict.law.proposals),
        "assumed": bool(verdict.assumed),
        "unscreened": "parties" in verdict.not_examined,
        "not_primary": template.form.seen != "primary",
        "earlier_text": since is not None and verdict.law.on < since,
        "private": template.private,
    }
    return tuple(code for code in WARNINGS if holds[code])
