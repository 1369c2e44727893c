"""What is wrong with one act by itself: its dates, words, sources and readings, and each amendment's own keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from licet.statutes import forms
from licet.statutes.check.finding import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from licet.clauses.source import Source
    from licet.statutes.check.reading import Draft
    from licet.statutes.library import Act

_NUMBER = re.compile(r"\d{1,30}(\.\d{1,12})?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def of_act(act: Act, draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with an act that could be read."""
    source = draft.sources[act.id]
    yield from _dates(act, source)
    yield from _words(act, source)
    for index, amendment in enumerate(act.amendments):
        yield from _amendment(act, amendment, act.places[index], draft)


def _dates(act: Act, source: Source) -> Iterator[Finding]:
    dates, head = act.head.dates, act.head

    def wrong(path: str, what: str, fix: str) -> Finding:
        return Finding(source.at(path), f"{act.id} {what}", fix)

    if dates.effective and dates.effective < dates.released and head.kind != "letter":
        what = f"takes effect on {dates.effective}, before its release on {dates.released}"
        yield wrong("dates", what, "mend the dates; only a letter may take effect before it is known")
    if dates.published and dates.published < dates.released:
        what = f"is published on {dates.published}, before its release on {dates.released}"
        yield wrong("dates", what, "put the first day on which it could be read under 'released'")
    if dates.compliance and dates.compliance < (dates.effective or dates.released):
        what = f"is to be complied with on {dates.compliance}, before it takes effect"
        yield wrong("dates", what, "mend the dates")
    if head.kind == "proposal" and (dates.effective or dates.compliance):
        yield wrong("dates", "is a proposal with a day of effect", "give the day of release only, or make it a rule")
    if head.checked_through < dates.released:
        what = f"was checked through {head.checked_through}, before its release on {dates.released}"
        yield wrong("checked_through", what, "give the last day for which its status was looked up")
    if head.consultation and head.consultation.closes < head.consultation.opens:
        what = f"has a consultation that closes on {head.consultation.closes}, before it opens"
        yield wrong("consultation", what, "give the day of opening, then that of closing")


def _words(act: Act, source: Source) -> Iterator[Finding]:
    head = act.head
    given = {"act": head.act, "citation": head.citation, "issuer": head.issuer}
    given |= {f"titles.{language}": text for language, text in head.titles.items()}
    given |= {f"summary.{language}": text for language, text in head.summary.items()}
    for path, text in given.items():
        if not text.strip():
            yield Finding(source.at(path), f"{act.id} has an empty '{path}'", f"write the {path.partition('.')[0]}")
    if not head.titles:
        yield Finding(source.at("titles"), f"{act.id} has no title", "give en and zh")
    for index, reference in enumerate(head.sources):
        if not re.match(r"https?://[^/\s]+", reference.url):
            what = f"'{reference.url[:60]}' is no address"
            yield Finding(source.at(f"sources[{index}].url"), what, "give the address of the text, https://…")
    for name, reading in head.readings.items():
        if len(reading.choices) < 2:
            what = f"the reading '{name}' has one choice only"
            yield Finding(source.at(f"readings.{name}"), what, "give the other choice, or drop the reading")


def _amendment(act: Act, amendment: forms.AnyAmendment, where: str, draft: Draft) -> Iterator[Finding]:
    start = act.start(amendment) or amendment.start
    if amendment.end and start and amendment.end < start:
        what = f"it ends on {amendment.end}, before it begins on {start}"
        yield Finding(where, what, "mend 'from' and 'to': both days belong to it")
    if start and start < act.head.dates.released and act.head.kind != "letter":
        what = f"it holds from {start}, before the release of {act.id} on {act.head.dates.released}"
        yield Finding(where, what, "mend 'from'; only a letter may reach back")
    cite = getattr(amendment, "cite", "-")
    if not cite.strip():
        yield Finding(where, "it has no citation", "name section and paragraph under 'cite'")
    match amendment:
        case forms.ClauseForm():
            yield from _clause(amendment, where, draft)
        case forms.TableForm():
            yield from _table(amendment, where)
            yield from _name("table", amendment.table, where)
        case forms.SetForm():
            yield from _name("set", amendment.set, where)


def _name(kind: str, name: str, where: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        yield Finding(where, f"'{name[:60]}' is no name of a {kind}", "use a-z, 0-9 and _, a letter first")


def _clause(form: forms.ClauseForm, where: str, draft: Draft) -> Iterator[Finding]:
    yield from _name("clause", form.id, where)
    for key, words in (("title", form.title), ("text", form.text)):
        if any(not text.strip() for text in words.values()) or (key == "title" and not words):
            yield Finding(where, f"{form.id} has an empty {key}", "write it in en and zh")
    if form.due and form.due.days < 0:
        yield Finding(where, f"{form.id} is due in {form.due.days} days", "give days from 0, and the side they lie on")
    if form.due and form.due.days > 3660:
        yield Finding(where, f"{form.id} is due in {form.due.days} days", "give at most ten years")
    if form.review and form.kind != "requirement":
        yield Finding(where, f"{form.id} is no requirement, and has 'review'", "say it of a requirement only")
    if (form.overrides or form.behind) and form.kind not in ORDERED:
        what = f"{form.id} is a {form.kind}, of which there is no order"
        yield Finding(where, what, "leave out 'overrides' and 'behind'")
    for key in ("attends", "draws", "allows", "due", "binds"):
        if getattr(form, key) and form.kind not in _KINDS_OF[key]:
            what = f"{form.id} is a {form.kind}, and says '{key}'"
            yield Finding(where, what, f"leave it out: it is said of {', '.join(sorted(_KINDS_OF[key]))}")
    if form.draws:
        yield from _draws(form, form.draws, where, draft)


ORDERED: frozenset[forms.ClauseKind] = frozenset(
    {"jurisdiction", "classification", "tier", "review", "allocation", "duty", "exception", "authorization"}
)
_KINDS_OF: dict[str, frozenset[forms.ClauseKind]] = {
    "attends": frozenset({"obligation"}),
    "due": frozenset({"obligation"}),
    "draws": frozenset({"exception", "authorization", "allocation"}),
    "allows": frozenset({"bar"}),
    "binds": frozenset(
        {"requirement", "prohibition", "review", "warning", "authorization", "exception", "obligation", "bar"}
    ),
}


def _draws(form: forms.ClauseForm, draws: forms.Draw, where: str, draft: Draft) -> Iterator[Finding]:
    fact = draft.vocabulary.facts.get(draws.used)
    if fact is None:
        yield Finding(
            where,
            f"{form.id} draws by '{draws.used[:60]}', which is no fact",
            "name the fact that counts what was used",
        )
    elif fact.type != "number":
        yield Finding(where, f"{form.id} draws by {draws.used}, which is a {fact.type}", "name a number")


def _table(form: forms.TableForm, where: str) -> Iterator[Finding]:
    if not form.rows:
        yield Finding(where, f"the table {form.table} has no rows", "give 'rows' of from, to and value")
    for row in form.rows:
        if row.start and row.end and row.end < row.start:
            yield Finding(where, f"a row of {form.table} ends on {row.end}, before {row.start}", "mend its days")
        if not _NUMBER.fullmatch(row.value):
            what = f"a value of the table {form.table} is no number: '{row.value[:40]}'"
            yield Finding(where, what, "write it out in digits, without an exponent")
    if form.outside not in (None, forms.NOT_SAID) and not _NUMBER.fullmatch(form.outside):
        what = f"'{form.outside[:40]}' cannot hold outside the rows of {form.table}"
        yield Finding(where, what, f"write a number, or '{forms.NOT_SAID}'")
    if form.outside in (None, forms.NOT_SAID):
        yield from _between_rows(form, where)


def _between_rows(form: forms.TableForm, where: str) -> Iterator[Finding]:
    for before, after in zip(form.rows, form.rows[1:], strict=False):
        if before.end and after.start and _days(before.end, after.start) > 1:
            what = f"the table {form.table} has no value between {before.end} and {after.start}"
            yield Finding(where, what, "add a row for these days")


def _days(first: dt.date, last: dt.date) -> int:
    return (last - first).days
