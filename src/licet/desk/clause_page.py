"""One clause: its words and its condition, its history through the acts, the cases that test it, what is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.clauses.words import sql
from licet.decisions import ask
from licet.decisions.cases import WorkedCase, read_cases
from licet.desk import labels
from licet.desk.chain import turns
from licet.desk.law_words import LawWords
from licet.desk.place_page import asked
from licet.desk.render import address, page
from licet.desk.state import SYSTEM, Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import UnknownName
from licet.home import law_folder
from licet.statutes import forms
from licet.statutes.difference import FieldChange
from licet.statutes.law import Query

if TYPE_CHECKING:
    from licet.desk.settings import Settings
    from licet.desk.tongue import Tongue
    from licet.statutes import Act, Clause, Law, Statutes
    from licet.statutes.forms import Basis

_ONE_DAY = dt.timedelta(days=1)
MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause as one law has it: ``first`` and ``last`` are the days of that law (``last`` None: still).

    ``proposal``: the proposal, ``readings``: the choices, without which the law has no such clause.
    """

    clause: Clause
    law: Law
    first: dt.date
    last: dt.date | None
    proposal: str = ""
    readings: dict[str, str] = field(default_factory=dict)


@get("/law/clause/{name:str}", include_in_schema=False)
@threaded
def clause_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], name: FromPath[str]) -> Response[str]:
    """Show one clause as it stands on a day, else as it last stood."""
    tongue = tongue_of(request)
    day, basis = asked(request, desk)
    standing = standing_on(desk.statutes, name, day, basis)
    words = LawWords(desk.statutes, standing.law, tongue)
    clause = standing.clause
    form = clause.form
    return page(
        request,
        desk,
        "clause.html",
        id=form.id,
        title=tongue.pick(form.title),
        kind=tongue.text(labels.KINDS[form.kind]),
        act={"id": clause.act.id, "title": tongue.pick(clause.act.head.titles)},
        cite=form.cite,
        seen=tongue.text(labels.SEEN[form.seen]),
        text=tongue.pick(form.text),
        yields=words.yields(form.yields) if form.yields else "",
        facts=[(item["name"], item["after"]["words"]) for item in _more(words, form)],
        note=form.note,
        words=words.wording.words(clause.printed),
        printed=sql(clause.printed),
        masks=[
            {
                "act": mask.act,
                "title": tongue.pick(desk.statutes.act(mask.act, SYSTEM).head.titles),
                "cite": mask.cite,
                "words": words.wording.words(mask.where),
                "sql": mask.text,
            }
            for mask in clause.masks
        ],
        in_force=not standing.proposal and standing.first <= day and (standing.last is None or day <= standing.last),
        standing=standing,
        day=day,
        basis=basis,
        history=history(desk.statutes, name, tongue),
        readings=readings(desk.statutes, name, standing.law, tongue),
        **_cases(desk.statutes, name, tongue),
        used_by=[
            (other.id, tongue.pick(other.form.title))
            for other in standing.law.clauses.values()
            if name in desk.statutes.parsed(SYSTEM).references(other.form.when, "").clauses
        ],
        contest=contest(desk.settings, name),
    )


def _more(words: LawWords, form: forms.ClauseForm) -> list[dict[str, Any]]:
    """Return what a clause says beside title, condition and result."""
    wanted = ("draws", "attends", "allows", "due", "aes", "binds", "overrides", "behind", "band")
    written = msgspec.to_builtins(form)
    shown = [(key, written[key]) for key in wanted if written.get(key) not in ("", [], (), {}, None)]
    return words.fields([FieldChange(key, None, value) for key, value in shown])


def standing_on(statutes: Statutes, name: str, day: dt.date, basis: Basis) -> Standing:
    """Return a clause under the law of a day; else under the last law before, the next one, or a proposal that has it.

    Raises :class:`UnknownName` where no law here has it.
    """
    periods = statutes.periods(SYSTEM)
    before = [period for period in reversed(periods) if period[0] <= day]
    after = [period for period in periods if period[0] > day]
    for readings in _readings_for(statutes, name):
        for first, last in (*before, *after):
            law = statutes.law(Query(first, SYSTEM, basis, None, readings))
            if name in law.clauses:
                return Standing(law.clauses[name], law, first, last, readings=dict(readings))
    for act in statutes.acts(SYSTEM):
        if act.head.kind == "proposal" and any(_touches(item, name) for item in act.amendments):
            law = statutes.law(Query(periods[-1][0], SYSTEM, "written", proposals=(act.id,)))
            if name in law.clauses:
                return Standing(law.clauses[name], law, periods[-1][0], None, act.id)
    near = _near(statutes, name)
    raise UnknownName(f"no clause is called '{name[:80]}'", near=near, fix="" if near else "see the acts at /law")


def _readings_for(statutes: Statutes, name: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the choices under which a clause may be found: the usual ones, then those that it hangs on."""
    own = [
        tuple(sorted(item.reading.items()))
        for act in statutes.acts(SYSTEM)
        for item in act.amendments
        if isinstance(item, forms.ClauseForm) and item.id == name and item.reading
    ]
    return [(), *dict.fromkeys(own)]


def _near(statutes: Statutes, name: str) -> list[str]:
    known = {item.id for act in statutes.acts(SYSTEM) for item in act.amendments if isinstance(item, forms.ClauseForm)}
    return sorted(known_id for known_id in known if name.lower() in known_id.lower())[:MOST_NEAR]


def _touches(item: forms.AnyAmendment, name: str) -> bool:
    match item:
        case forms.ClauseForm():
            return item.id == name or name in item.replaces
        case forms.RepealForm():
            return item.repeal == name
        case forms.MaskForm():
            return item.mask == name
    return False


def touched_by(statutes: Statutes, name: str) -> list[tuple[Act, dt.date | None, forms.AnyAmendment]]:
    """Return the amendments that touch a clause with their acts, in the order of their days; proposals (None) last."""
    found = [
        (act, act.start(item), item) for act in statutes.acts(SYSTEM) for item in act.amendments if _touches(item, name)
    ]
    return sorted(found, key=lambda row: (row[1] is None, row[1] or row[0].head.dates.released))


def history(statutes: Statutes, name: str, tongue: Tongue) -> list[dict[str, Any]]:
    """Return what each act did to a clause, in order; proposals last."""
    changed = {turn.day: turn for turn in turns(statutes, "written")}
    rows = []
    for act, day, item in touched_by(statutes, name):
        turn = changed.get(day) if day else None
        fields = [c.fields for c in turn.difference.law.clauses if c.clause == name] if turn else []
        law = statutes.law(Query(day or statutes.periods(SYSTEM)[-1][0], SYSTEM, "written"))
        words = LawWords(statutes, law, tongue)
        masks = isinstance(item, forms.MaskForm)
        rows.append(
            {
                "day": day,
                "act": {"id": act.id, "title": tongue.pick(act.head.titles), "citation": act.head.citation},
                "verb": verb(item, name, tongue),
                "mask": words.condition(item.where) if isinstance(item, forms.MaskForm) else "",
                "reading": dict(item.reading),
                "fields": words.fields(fields[0]) if fields and not masks else [],
                "compare": _compare(day, act),
            }
        )
    return rows


def _compare(day: dt.date | None, act: Act) -> str:
    if day is None:
        return ""
    basis = "enforced" if act.head.kind in ("announcement", "guidance") else "written"
    return address("/law/compare", {"from": day - _ONE_DAY, "to": day, "basis": basis})


def verb(item: forms.AnyAmendment, name: str, tongue: Tongue) -> str:
    """Return what an amendment does to a clause."""
    _ = tongue.text
    match item:
        case forms.RepealForm():
            return _("repeals")
        case forms.MaskForm():
            return _("prints but does not enforce")
        case forms.ClauseForm() if item.id == name:
            return _("replaces") if item.replacing else _("adds")
    return _("replaces it by another clause")


def readings_behind(statutes: Statutes, name: str) -> set[str]:
    """Return the ids of the unclear texts on whose reading a clause hangs."""
    return {reading for _, _, item in touched_by(statutes, name) for reading in item.reading}


def readings(statutes: Statutes, name: str, law: Law, tongue: Tongue) -> list[dict[str, Any]]:
    """Return the unclear texts on whose reading a clause hangs, and whether an act has decided between them."""
    asked_of = {key: reading for act in statutes.acts(SYSTEM) for key, reading in act.head.readings.items()}
    return [
        {
            "id": key,
            "question": tongue.pick(asked_of[key].question),
            "choices": [
                (tongue.pick(words), choice == law.readings.get(key, asked_of[key].default))
                for choice, words in asked_of[key].choices.items()
            ],
            "settled": key in law.settled,
        }
        for key in sorted(readings_behind(statutes, name))
        if key in asked_of
    ]


@lru_cache(maxsize=4)
def cases_of(statutes: Statutes) -> dict[str, tuple[tuple[WorkedCase, str], ...]]:
    """Return the worked cases by the clauses that they test: whose answer rests on them, or finds them closed."""
    found: dict[str, list[tuple[WorkedCase, str]]] = {}
    for case in read_cases(law_folder() / "cases"):
        if case.system != SYSTEM:
            continue
        verdict = ask(
            statutes, case.facts, on=case.on, basis=case.basis, readings=case.readings, headquarters_taken=True
        )
        deciding = dict.fromkeys(citation.clause for citation in verdict.citations)
        for clause in deciding:
            found.setdefault(clause, []).append((case, "decides"))
        for miss in dict.fromkeys(miss.clause for miss in verdict.near_misses):
            if miss not in deciding:
                found.setdefault(miss, []).append((case, "closed"))
    return {clause: tuple(cases) for clause, cases in found.items()}


def _cases(statutes: Statutes, name: str, tongue: Tongue) -> dict[str, Any]:
    found = cases_of(statutes).get(name, ())
    return {
        "cases": [_case(case, tongue) for case, how in found if how == "decides"],
        "closed": [_case(case, tongue) for case, how in found if how != "decides"],
    }


def _case(case: WorkedCase, tongue: Tongue) -> dict[str, Any]:
    short = {"destination": "to", "headquarters": "hq", "parent_headquarters": "parent", "origin": "from"}
    facts = {short.get(name, name): value for name, value in case.facts.items()}
    given = {f"reading.{name}": choice for name, choice in case.readings.items()}
    return {
        "id": case.id,
        "title": tongue.pick(case.title),
        "cite": case.cite,
        "href": address("/", {**facts, "on": case.on, "basis": case.basis, **given}),
    }


def contest(settings: Settings, name: str) -> str:
    """Return where somebody may say that a clause is wrong: the operator's contact, with the clause's id."""
    link = settings.contact_link
    if link.startswith("mailto:"):
        return f"{link}?{urlencode({'subject': f'Licet: clause {name}'}, quote_via=quote)}"
    if not link:
        return ""
    return f"{link}{'&' if '?' in link else '?'}{urlencode({'clause': name})}"


HANDLERS = (clause_page,)
