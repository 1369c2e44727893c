"""One act: clause by clause before and after, whom it meets, who said what, the reports that name it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.desk import labels
from licet.desk.amendments import change, head
from licet.desk.chain import days_of, turns
from licet.desk.clause_page import touched_by
from licet.desk.compare_form import proposal_address
from licet.desk.law_words import LawWords
from licet.desk.news.items import item as report
from licet.desk.place_page import REPORTS, reports
from licet.desk.render import address, page
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import BadInput, LawError
from licet.statutes import forms
from licet.statutes.difference import differ
from licet.statutes.law import Query

if TYPE_CHECKING:
    from licet.desk.tongue import Tongue
    from licet.statutes import Act, Law, Statutes
    from licet.statutes.difference import ClauseChange

AROUND_DAYS = 30
"""How long after an act a report of what it changes is taken to be about the act too."""
_ONE_DAY = dt.timedelta(days=1)


@get("/law/{name:str}", include_in_schema=False)
@threaded
def act_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], name: FromPath[str]) -> Response[str]:
    """Show one act with all it changes."""
    tongue = tongue_of(request)
    act = desk.statutes.act(name, SYSTEM)
    words = LawWords(desk.statutes, law_of(desk.statutes, act), tongue)
    changed = changes_of(desk.statutes, act.id)
    consultation = act.head.consultation
    return page(
        request,
        desk,
        "act.html",
        act=head(act, tongue),
        changes=[_change(each, changed, words, tongue) for each in act.amendments],
        readings=_readings(act, tongue),
        consultation_state=tongue.text(labels.CONSULTATIONS[consultation.on(desk.today())]) if consultation else "",
        said=_said(act, tongue),
        effects=effects(desk.statutes, act),
        laid=proposal_address(act.id) if act.head.kind == "proposal" and act.amendments else "",
        around=around(desk, act, tongue),
        **reports(desk, f"act:{act.id}", tongue),
    )


def law_of(statutes: Statutes, act: Act) -> Law:
    """Return a law that has all that an act names: that of its last day of change, or with the proposal laid over."""
    days = days_of(statutes, act)
    if days or act.head.kind != "proposal":
        return statutes.law(Query(days[-1] if days else act.head.dates.released, SYSTEM, "written"))
    return statutes.law(_proposed(statutes, act)[1])


def _proposed(statutes: Statutes, act: Act) -> tuple[Query, Query]:
    """Return the queries without and with a proposal, on the latest day on which it can be laid over the law."""
    for day, _ in reversed(statutes.periods(SYSTEM)):
        without, laid = Query(day, SYSTEM, "written"), Query(day, SYSTEM, "written", proposals=(act.id,))
        try:
            statutes.law(laid)
        except (BadInput, LawError):
            continue
        return without, laid
    return without, without


@lru_cache(maxsize=256)
def changes_of(statutes: Statutes, name: str) -> dict[str, ClauseChange]:
    """Return how each clause that an act touches differs from the law of the day before, or without the proposal."""
    act = statutes.act(name, SYSTEM)
    found: dict[str, ClauseChange] = {}
    if act.head.kind == "proposal":
        without, laid = _proposed(statutes, act)
        return {item.clause: item for item in differ(statutes, without, laid).clauses} if without != laid else {}
    for day in days_of(statutes, act):
        for basis in ("written", "enforced"):
            before, after = Query(day - _ONE_DAY, SYSTEM, basis), Query(day, SYSTEM, basis)
            for item in differ(statutes, before, after).clauses:
                found.setdefault(item.clause, item)
    return found


def _change(
    item: forms.AnyAmendment, changed: dict[str, ClauseChange], words: LawWords, tongue: Tongue
) -> dict[str, Any]:
    """Return an amendment with the clause that it touches: its condition in words, and what differs."""
    made = change(item, tongue)
    clause = _clause_id(item)
    turned = changed.get(clause)
    name = words.wording.clause(clause).strip("“”") if clause else ""
    title = tongue.pick(turned.title) if turned and made.title == clause else made.title
    return {
        "made": made,
        "clause": clause,
        "title": name if clause and title == clause and name else title,
        "words": words.condition(made.condition) if made.condition else "",
        "fields": words.fields(turned.fields) if turned and isinstance(item, forms.ClauseForm) else [],
    }


def _clause_id(item: forms.AnyAmendment) -> str:
    match item:
        case forms.ClauseForm():
            return item.id
        case forms.RepealForm():
            return item.repeal
        case forms.MaskForm():
            return item.mask
    return ""


def _readings(act: Act, tongue: Tongue) -> list[dict[str, Any]]:
    return [
        {
            "id": key,
            "question": tongue.pick(reading.question),
            "choices": [(choice == reading.default, tongue.pick(words)) for choice, words in reading.choices.items()],
        }
        for key, reading in act.head.readings.items()
    ]


def _said(act: Act, tongue: Tongue) -> list[dict[str, Any]]:
    return [
        {
            "who": voice.who,
            "role": tongue.pick(voice.role),
            "date": voice.date,
            "position": tongue.text(labels.POSITIONS[voice.position]),
            "words": tongue.pick(voice.words),
            "source": voice.source,
        }
        for voice in act.head.said
    ]


def effects(statutes: Statutes, act: Act) -> list[dict[str, Any]]:
    """Return what the days of an act changed, as written and as enforced, with the way to all of it."""
    days, found = days_of(statutes, act), []
    for basis in ("enforced", "written"):
        for turn in turns(statutes, basis):
            if turn.day in days:
                gains, tiers = turn.difference.gains, turn.difference.tiers
                found.append(
                    {
                        "day": turn.day,
                        "basis": basis,
                        "moved": sum(len(move.places) for move in tiers.moved) if tiers else 0,
                        "changed": gains.changed,
                        "questions": gains.questions,
                        "href": address("/law/compare", {"from": turn.day - _ONE_DAY, "to": turn.day, "basis": basis}),
                    }
                )
    return sorted(found, key=lambda row: (row["day"], row["basis"]))


def around(desk: Desk, act: Act, tongue: Tongue) -> dict[str, Any] | None:
    """Return the reports of the weeks after an act that name the act which it changes most; None where there is none.

    Reports call a press release by what it suspends, not by a name of its own.
    """
    changed = Counter(
        first.id
        for amendment in act.amendments
        if (clause := _clause_id(amendment)) and (first := touched_by(desk.statutes, clause)[0][0]).id != act.id
    )
    if not changed:
        return None
    ((name, _),) = changed.most_common(1)
    since = dt.datetime.combine(act.head.dates.released - _ONE_DAY, dt.time(), dt.UTC)
    until = since + dt.timedelta(days=AROUND_DAYS)
    found = desk.archive.search(f"tag:act:{name}", since=since, until=until, sort="oldest", limit=REPORTS)
    return {
        "title": tongue.pick(desk.statutes.act(name, SYSTEM).head.titles),
        "id": name,
        "reports": [report(hit.snapshot, tongue) for hit in found.hits],
    }


HANDLERS = (act_page,)
