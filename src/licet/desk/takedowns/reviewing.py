"""The reviewer's pages: the queue, a request beside its snapshots, decisions and holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.archive.takedowns import STATUSES
from licet.desk.people.guards import checked_form, needs, session_of, who
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.takedowns.asking import private
from licet.desk.takedowns.words import GROUNDS, SCOPES, choices, told, waits
from licet.desk.tongue import asked_language, tongue_of
from licet.errors import BadValue, LicetError
from licet.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licet.archive.takedowns import Case, Hold, Status
    from licet.desk.tongue import Tongue

PAGE = 50
STEPS = ("grant", "refuse", "undo")
REVIEWER = needs("officer", "takedowns")


@get("/takedowns", include_in_schema=False, sync_to_thread=False, guards=[REVIEWER])
def queue_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the requests that wait, or those of another status."""
    tongue = tongue_of(request)
    asked = request.query_params.get("status", "open")
    status: Status = next((known for known in STATUSES if known == asked), "open")
    offset = _number(request.query_params.get("offset", "0"), most=1_000_000)
    cases = desk.archive.takedowns.cases(status, limit=PAGE + 1, offset=offset)
    older = address("/takedowns", {"status": status, "offset": offset + PAGE}) if len(cases) > PAGE else ""
    return private(
        page(
            request,
            desk,
            "takedown_queue.html",
            cases=[{**told(case, tongue), "title": _title(desk, case)} for case in cases[:PAGE]],
            shown=status,
            statuses=[{"name": name, "text": tongue.text(_NAMES[name])} for name in STATUSES],
            holds=desk.archive.takedowns.holds(),
            older=older,
            language=asked_language(request),
        )
    )


@get("/takedowns/{reference:str}/review", include_in_schema=False, sync_to_thread=False, guards=[REVIEWER])
def case_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], reference: FromPath[str]) -> Response[str]:
    """Show a request with who asked, beside what it names."""
    return _case(request, desk, desk.archive.takedowns.case(reference), "")


@post("/takedowns/{reference:str}/review", include_in_schema=False, status_code=303, guards=[REVIEWER])
async def decide(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], reference: FromPath[str]
) -> Response[Any]:
    """Grant, refuse or undo; hold what a request names, or release a hold."""
    form = await request.form()
    given = {name: str(value) for name, value in form.multi_items()}
    checked_form(request, given)
    case = desk.archive.takedowns.case(reference)
    try:
        _do(desk, case, given, who(request).name)
    except LicetError as error:
        return _case(request, desk, case, f"{error.message}. {error.fix}", status=error.status)
    return _to(address(f"/takedowns/{case.reference}/review", {"lang": asked_language(request)}))


def decided(desk: Desk, reference: str, step: str, given: Mapping[str, Any], by: str) -> Case:
    """Take one of :data:`STEPS` in a case, as the form or the API gives it; ``by`` is who has signed in."""
    book, at, reason = desk.archive.takedowns, desk.now(), str(given.get("reason", ""))
    if step == "grant":
        return book.grant(
            reference,
            by=by,
            reason=reason,
            ground=str(given["ground"]) if given.get("ground") else None,
            blocker=str(given.get("blocker", "")),
            retention=timedelta(days=_days(given.get("undo_days"), desk.settings.takedown_undo_days)),
            at=at,
        )
    if step == "refuse":
        return book.refuse(reference, by=by, reason=reason, at=at)
    if step == "undo":
        return book.undo(reference, by=by, reason=reason, at=at)
    raise BadValue(f"{step[:20]!r} is no step", fix="one of: " + ", ".join(STEPS))


def _do(desk: Desk, case: Case, given: Mapping[str, str], by: str) -> None:
    book, step, reason = desk.archive.takedowns, given.get("do", ""), given.get("reason", "")
    if step == "hold":
        book.hold(case.snapshots[0], by=by, reason=reason, scope=case.scope, at=desk.now())
    elif step == "release":
        book.release(_number(given.get("hold", ""), most=2**31), by=by, reason=reason, at=desk.now())
    else:
        decided(desk, case.reference, step, given, by)


def _case(request: Request[Any, Any, Any], desk: Desk, case: Case, trouble: str, *, status: int = 200) -> Response[str]:
    tongue = tongue_of(request)
    book = desk.archive.takedowns
    holds = {hold.number: hold for one in case.snapshots for hold in book.holding(one)}
    return private(
        page(
            request,
            desk,
            "takedown_case.html",
            status=status,
            case={**told(case, tongue), "reason": case.reason, "by": case.by, "blocker": case.blocker},
            state=case.status,
            waits=waits(case, tongue),
            reporters=[{"of": one, "ground": tongue.text(GROUNDS[one.ground])} for one in case.reporters],
            snapshots=[found for one in case.snapshots if (found := book.seen_by_reviewer(one))],
            stones=[stone for one in case.snapshots for stone in book.tombstones(one)],
            holds=[_held(hold, tongue) for hold in holds.values()],
            trouble=trouble,
            grounds=choices(GROUNDS, tongue),
            chosen=case.ground,
            csrf=_csrf(request),
            undo_days=desk.settings.takedown_undo_days,
            language=asked_language(request),
        )
    )


def _csrf(request: Request[Any, Any, Any]) -> str:
    session = session_of(request)
    return session.csrf if session else ""


def _held(hold: Hold, tongue: Tongue) -> dict[str, Any]:
    return {
        "number": hold.number,
        "by": hold.by,
        "at": hold.at,
        "reason": hold.reason,
        "scope": tongue.text(SCOPES[hold.scope]),
    }


def _title(desk: Desk, case: Case) -> str:
    found = desk.archive.takedowns.seen_by_reviewer(case.snapshots[0]) if case.snapshots else None
    return found.title if found else ""


def _days(given: Any, otherwise: int) -> int:
    if given in (None, ""):
        return otherwise
    text = str(given)
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= 3650):
        raise BadValue("the period is a number of days from 0 to 3650", fix="write 30")
    return int(text)


def _number(text: str, *, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _to(path: str) -> Response[Any]:
    return Response(None, status_code=303, headers={"location": path, "cache-control": "no-store"})


_NAMES = {
    "open": N_("waiting for a decision"),
    "refused": N_("turned down"),
    "granted": N_("granted"),
    "undone": N_("undone"),
    "erased": N_("erased"),
}

HANDLERS = (queue_page, case_page, decide)
