"""Determinations: what an officer determines where the law leaves a question undecided, with the reason, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from licet.desk import labels
from licet.desk.decided.index import DETERMINED
from licet.desk.decided.questions import key_of
from licet.desk.decided.records import READS, WRITES, posted
from licet.desk.people.guards import checked_form, session_of, who
from licet.desk.render import address, page
from licet.desk.seals import PARAMETER
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.desk.words import Telling
from licet.errors import BadInput, BadValue, JournalError

if TYPE_CHECKING:
    from licet.decisions import Verdict
    from licet.desk.decided.index import Determination
    from licet.desk.tongue import Tongue

Sent = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
OUTCOMES = tuple(name for name in labels.OUTCOMES if name != "undecided")
LONGEST_REASON = 4000
SHORTEST_REASON = 10


@post("/determinations", include_in_schema=False, guards=[WRITES], status_code=200)
@threaded
def determine(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent) -> Response[Any]:
    """Record a determination of an undecided question; an earlier one stays, superseded."""
    checked_form(request, data)
    tongue = tongue_of(request)
    form, found = posted(desk, data, tongue)
    outcome, reason = data.get("outcome", ""), " ".join(data.get("reason", "").split())
    if found.verdict.outcome != "undecided":
        raise BadInput("the law decides this question itself", fix="a determination is for what is undecided")
    if outcome not in OUTCOMES:
        raise BadValue("a determination has an outcome", fix=f"one of: {', '.join(OUTCOMES)}")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadValue(
            f"a reason has {SHORTEST_REASON} to {LONGEST_REASON} characters", fix="say what the determination rests on"
        )
    law = found.statutes.law(found.verdict.law.query())
    where = address("/", [*form.parameters(), (PARAMETER, str(found.seal))])
    desk.noted(
        DETERMINED,
        question=key_of(found.verdict),
        title=Telling(found.verdict, law, tongue, form.values.get("to", "")).question(),
        address=where,
        outcome=outcome,
        reason=reason,
        person=who(request).name,
        law=law.digest,
    )
    return Redirect(where, status_code=303)


@get("/determinations", include_in_schema=False, guards=[READS])
@threaded
def determinations_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """List every determination, the newest first, with what supersedes it."""
    found = desk.decided.determinations()
    return page(request, desk, "determinations.html", rows=rows_of(found, tongue_of(request)))


def rows_of(found: list[Determination], tongue: Tongue) -> list[dict[str, Any]]:
    """Return determinations, the newest first, each with the number of that which supersedes it, 0 for none."""
    later: dict[str, int] = {}
    rows = []
    for item in found:
        words = tongue.text(labels.OUTCOMES[item.outcome]) if item.outcome in labels.OUTCOMES else item.outcome
        tone = labels.OUTCOME_TONES.get(item.outcome, "open")
        rows.append({"item": item, "words": words, "tone": tone, "superseded": later.get(item.question, 0)})
        later[item.question] = item.number
    return rows


def shown_with(request: Request[Any, Any, Any], desk: Desk, verdict: Verdict, tongue: Tongue) -> dict[str, Any] | None:
    """Return what an answer shows of determinations to people who have signed in; None for others.

    ``rows`` as :func:`rows_of`, ``may``: whether the reader may add one, ``trouble``: the journal cannot be read.
    """
    session = session_of(request)
    if session is None:
        return None
    may = session.person.is_at_least("officer")
    try:
        found = desk.decided.determinations(key_of(verdict))
    except JournalError:
        return {"rows": [], "may": False, "trouble": True, "outcomes": []}
    outcomes = [(name, tongue.text(labels.OUTCOMES[name])) for name in OUTCOMES]
    return {"rows": rows_of(found, tongue), "may": may, "trouble": False, "outcomes": outcomes}


HANDLERS = (determine, determinations_page)
