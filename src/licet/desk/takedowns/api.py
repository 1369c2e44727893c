"""The HTTP API of takedowns: anybody files and follows a request, an officer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import Body, FromPath, QueryParameter

from licet.archive.takedowns import STATUSES
from licet.desk.people.guards import same_site, who
from licet.desk.problems import RESPONSES
from licet.desk.state import Desk
from licet.desk.takedowns.asking import FIELDS, filed
from licet.desk.takedowns.reviewing import REVIEWER, decided
from licet.errors import BadValue

if TYPE_CHECKING:
    from licet.archive.takedowns import Case

MOST = 500


@post("/api/v1/takedowns", tags=["takedowns"], sync_to_thread=False, status_code=201, responses=RESPONSES)
def file_takedown(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    data: Annotated[
        dict[str, Any],
        Body(description="target (id or original address), ground, text, name, contact; scope: snapshot or item"),
    ],
) -> Response[dict[str, Any]]:
    """File a request to take something down; one for what is asked for already joins that."""
    same_site(request)
    given = _texts(data, ("target", *FIELDS))
    case = filed(request, desk, given["target"], given)
    where = f"/api/v1/takedowns/{case.reference}"
    return Response(_public(case), status_code=201, headers={"location": where, "cache-control": "no-store"})


@get("/api/v1/takedowns/{reference:str}", tags=["takedowns"], sync_to_thread=False, responses=RESPONSES)
def show_takedown(desk: NamedDependency[Desk], reference: FromPath[str]) -> Response[dict[str, Any]]:
    """Show where a request stands; nothing of who asked."""
    return _fresh(_public(desk.archive.takedowns.case(reference)))


@get("/api/v1/takedowns", tags=["takedowns"], sync_to_thread=False, responses=RESPONSES, guards=[REVIEWER])
def list_takedowns(
    desk: NamedDependency[Desk],
    status: Annotated[str, QueryParameter(description="open, granted, refused, undone, erased; empty: all")] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 100,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> Response[dict[str, Any]]:
    """List requests with who asked; for officers."""
    known = next((one for one in STATUSES if one == status), None)
    if status and known is None:
        raise BadValue(f"no status is called {status[:20]!r}", fix="one of: " + ", ".join(STATUSES))
    cases = desk.archive.takedowns.cases(known, limit=limit, offset=offset)
    return _fresh({"items": [_plain(case) for case in cases]})


@post(
    "/api/v1/takedowns/{reference:str}/{step:str}",
    tags=["takedowns"],
    sync_to_thread=False,
    status_code=200,
    responses=RESPONSES,
    guards=[REVIEWER],
)
def decide_takedown(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    reference: FromPath[str],
    step: FromPath[str],
    data: Annotated[dict[str, Any], Body(description="reason; to grant: ground, undo_days, blocker")],
) -> Response[dict[str, Any]]:
    """Grant, refuse or undo (the step in the address); for officers."""
    return _fresh(_plain(decided(desk, reference, step, data, who(request).name)))


@get("/api/v1/holds", tags=["takedowns"], sync_to_thread=False, responses=RESPONSES, guards=[REVIEWER])
def list_holds(desk: NamedDependency[Desk]) -> Response[dict[str, Any]]:
    """List the legal holds that are not released; for officers."""
    return _fresh({"items": [_plain(hold) for hold in desk.archive.takedowns.holds()]})


@post(
    "/api/v1/holds", tags=["takedowns"], sync_to_thread=False, status_code=201, responses=RESPONSES, guards=[REVIEWER]
)
def make_hold(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    data: Annotated[dict[str, Any], Body(description="target (id or original address), reason; scope")],
) -> Response[dict[str, Any]]:
    """Put a legal hold on a snapshot or an article; for officers."""
    given = _texts(data, ("target", "reason", "scope"))
    hold = desk.archive.takedowns.hold(
        given["target"], by=who(request).name, reason=given["reason"], scope=given["scope"] or "snapshot", at=desk.now()
    )
    return Response(_plain(hold), status_code=201, headers={"cache-control": "no-store"})


@post(
    "/api/v1/holds/{number:int}/release",
    tags=["takedowns"],
    sync_to_thread=False,
    status_code=200,
    responses=RESPONSES,
    guards=[REVIEWER],
)
def release_hold(
    request: Request[Any, Any, Any],
    desk: NamedDependency[Desk],
    number: FromPath[int],
    data: Annotated[dict[str, Any], Body(description="reason")],
) -> Response[dict[str, Any]]:
    """Release a legal hold; for officers."""
    given = _texts(data, ("reason",))
    return _fresh(
        _plain(desk.archive.takedowns.release(number, by=who(request).name, reason=given["reason"], at=desk.now()))
    )


def _texts(data: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Return the named texts, empty where one is not given; other names and other values are refused."""
    unknown = sorted(set(data) - set(names))
    if unknown:
        raise BadValue(f"nothing is called {unknown[0][:40]!r} here", fix="give " + ", ".join(names))
    for name, value in data.items():
        if not isinstance(value, str):
            raise BadValue(f"{name} is not text", fix=f'write "{name}": "…"')
    return {name: data.get(name, "") for name in names}


def _public(case: Case) -> dict[str, Any]:
    shown = ("reference", "scope", "ground", "status", "filed_at", "decided_at", "retain_until", "ended_at")
    whole = _plain(case)
    return {**{name: whole[name] for name in shown}, "reason": case.reason if case.status == "refused" else ""}


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found


def _fresh(body: dict[str, Any]) -> Response[dict[str, Any]]:
    return Response(body, headers={"cache-control": "no-store"})


HANDLERS = (
    file_takedown,
    show_takedown,
    list_takedowns,
    decide_takedown,
    list_holds,
    make_hold,
    release_hold,
)
