"""A draft as a paper: Markdown in one language, or plain values for a program."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from licet.decisions.line import plain
from licet.desk import labels
from licet.desk.tongue import tongue
from licet.i18n import N_
from licet.statutes.drafts import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from licet.clauses.vocabulary import FactValue
    from licet.decisions.drafts import Blank, Draft
    from licet.desk.tongue import Tongue
    from licet.statutes.law import Law

KINDS = {
    "certification": N_("certification, to be signed"),
    "email": N_("e-mail"),
    "notice": N_("written notice"),
    "snap_r": N_("notification in SNAP-R"),
    "record": N_("record to be kept"),
    "application": N_("license application"),
    "report": N_("report"),
}
WARNINGS = {
    "draft": N_(
        "Draft: not reviewed, not filed by Licet, and no legal advice. Have it checked before it is signed or sent."
    ),
    "unsettled": N_("Whether this paper is asked for at all depends on a fact that was not given."),
    "as_written": N_("Drawn up under the law as printed, which the agency may say that it does not enforce."),
    "proposal": N_("Drawn up under a proposal that is not law."),
    "assumed": N_("The answer behind it rests on what was assumed: {facts}. None of it stands on the paper as a fact."),
    "unscreened": N_("The parties were not screened against any list."),
    "not_primary": N_("The paragraph that asks for it was not read itself for this draft."),
    "earlier_text": N_(
        "The paragraph was read as it stands after a later amendment; on this day it may have read otherwise."
    ),
    "private": N_("Made from a template of your own, not from the one that comes with Licet."),
}
ENGLISH = N_("The English text is the one to be signed or filed; the Chinese text is a reading aid.")
_SIDES = {
    "before": N_("before the shipment"),
    "after": N_("after the shipment"),
    "with": N_("with each shipment"),
}
# What CommonMark or its common extensions would read as markup inside a line; no value begins one.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~${}]|&(?=#?\w+;)")
# Marks that turn the direction of what follows, and so what a reader sees.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return text on one line: no control character, none that turns the direction, no half of a surrogate pair."""
    kept = "".join(" " if _unseen(mark) else mark for mark in text if mark not in _TURNING)
    return " ".join(kept.encode("utf-8", "replace").decode().split())


def escaped(text: str) -> str:
    """Return clean text with what Markdown would read as markup taken as itself."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", clean(text))


def _unseen(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Zl", "Zp")


def blank(item: Blank, speech: Tongue) -> str:
    """Return a blank as it stands on the paper."""
    return f"[____ {speech.pick(item.title)}]"


def paper(draft: Draft, law: Law, language: str) -> str:
    """Return a draft as Markdown, a document of its own."""
    speech = tongue(language)
    lines = [f"# {speech.pick(draft.title)}", ""]
    lines += [f"> {text}" + "  " for text in notices(draft, speech)]
    lines += ["", *_head(draft, speech), "", "---", ""]
    for cite, text in paragraphs(draft, law, language, escaped):
        lines += [f"**{cite}** {text}", ""]
    lines += ["---", "", *_open(draft, speech), *_foot(draft, speech)]
    return "\n".join(lines) + "\n"


def notices(draft: Draft, speech: Tongue) -> list[str]:
    """Return what a reader must know, in sentences."""
    facts = speech.joined(list(draft.assumed))
    told = [speech.text(WARNINGS[code]).replace("{facts}", facts) for code in draft.warnings]
    return [*told, speech.text(ENGLISH)]


def paragraphs(draft: Draft, law: Law, language: str, write: Callable[[str], str] = clean) -> Iterator[tuple[str, str]]:
    """Yield each statement: the paragraph of the law, and the text with its blanks; ``write`` makes a value inert."""
    speech = tongue(language)
    blanks = {item.name: blank(item, speech) for item in draft.blanks}
    for paragraph in draft.paragraphs:
        parts = []
        for words, name in pieces(speech.pick(paragraph.text)):
            parts.append(words)
            if name in blanks:
                parts.append(blanks[name])
            elif name:
                parts.append(write(_said(law, speech, name, draft.values[name])))
        yield paragraph.cite, "".join(parts)


def _said(law: Law, speech: Tongue, name: str, value: FactValue) -> str:
    """Return a value in words, without its unit: the text of the paper names it."""
    fact = law.vocabulary.facts.get(name)
    if isinstance(value, Decimal):
        return speech.number(value)
    if fact is None or (fact.type == "text" and not fact.values):
        return str(value)
    return labels.value_words(speech, fact, value)


def due_words(draft: Draft, speech: Tongue) -> str:
    """Return when the paper is due."""
    if draft.due is None:
        return speech.text(_SIDES[draft.side])
    return speech.text(N_("by {date}")).format(date=speech.date(draft.due))


def _head(draft: Draft, speech: Tongue) -> list[str]:
    rows = [
        (N_("Kind of paper"), speech.text(KINDS[draft.form])),
        (N_("To"), speech.pick(draft.addressee)),
        (N_("Made out by"), speech.pick(draft.signer)),
        (N_("Subject line"), draft.subject),
        (N_("Due"), due_words(draft, speech)),
        (N_("Asked for by"), f"{draft.cite}, `{draft.obligation}`"),
    ]
    colon = "：" if speech.code == "zh" else ": "
    return [f"- **{speech.text(name)}**{colon}{value}" for name, value in rows if value]


def _open(draft: Draft, speech: Tongue) -> list[str]:
    if not draft.blanks:
        return []
    heading = speech.text(N_("Still to be filled in"))
    lines = [f"## {heading}", ""]
    by_hand = speech.text(N_("by hand, on the paper"))
    bracketed = "（{}）" if speech.code == "zh" else " ({})"
    for item in draft.blanks:
        hint = by_hand if item.by_hand else f"`{item.name}`"
        lines.append(f"- {speech.pick(item.question)}{bracketed.format(hint)}")
    return [*lines, ""]


def _foot(draft: Draft, speech: Tongue) -> list[str]:
    asked = draft.law
    told = speech.text(
        N_("Law: {system} on {day}, {basis}, checked through {through}; law {law}, template {template}.")
    )
    return [
        told.format(
            system=asked.system,
            day=asked.on,
            basis=speech.text(labels.BASES[asked.basis]),
            through=asked.checked_through,
            law=f"sha256:{asked.digest[:16]}",
            template=f"sha256:{draft.digest[:16]}",
        )
    ]


def as_data(draft: Draft, law: Law, language: str) -> dict[str, Any]:
    """Return a draft as plain JSON values, texts in one language."""
    speech = tongue(language)
    return {
        "obligation": draft.obligation,
        "template": draft.template,
        "title": speech.pick(draft.title),
        "form": draft.form,
        "to": speech.pick(draft.addressee),
        "made_out_by": speech.pick(draft.signer),
        "subject": draft.subject or None,
        "side": draft.side,
        "due": draft.due.isoformat() if draft.due else None,
        "cite": draft.cite,
        "seen": draft.seen,
        "paragraphs": [{"cite": cite, "text": text} for cite, text in paragraphs(draft, law, language)],
        "values": {name: plain(value) for name, value in draft.values.items()},
        "blanks": [
            {"name": item.name, "question": speech.pick(item.question), "by_hand": item.by_hand}
            for item in draft.blanks
        ],
        "warnings": list(draft.warnings),
        "assumed": list(draft.assumed),
        "digest": draft.digest,
    }
