"""A reader's pages: the request, its confirmation, its status by reference."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from licet.archive.takedowns import Policy
from licet.archive.takedowns.checks import CONTACT, NAME, TEXT
from licet.desk.people.guards import same_site
from licet.desk.render import address, page
from licet.desk.state import Desk
from licet.desk.takedowns.words import GROUNDS, SCOPES, choices, told
from licet.desk.tongue import asked_language, tongue_of
from licet.errors import BadValue

if TYPE_CHECKING:
    from licet.archive import Snapshot
    from licet.archive.takedowns import Case

FIELDS = ("ground", "scope", "text", "name", "contact")


@get("/news/{identity:str}/takedown", include_in_schema=False, sync_to_thread=False)
def form_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[str]:
    """Offer to ask for the removal of a snapshot; one that is taken down already says so (451)."""
    return _form(request, desk, desk.archive.snapshot(identity), {}, "")


@post("/news/{identity:str}/takedown", include_in_schema=False, status_code=303)
async def file(request: Request[Any, Any, Any], desk: NamedDependency[Desk], identity: FromPath[str]) -> Response[Any]:
    """Take a request in and lead to its page."""
    same_site(request)
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in FIELDS}
    snapshot = desk.archive.snapshot(identity)
    try:
        case = filed(request, desk, identity, given)
    except BadValue as error:
        return _form(request, desk, snapshot, given, f"{error.message}. {error.fix}")
    where = address(f"/takedowns/{case.reference}", {"filed": "1", "lang": asked_language(request)})
    return Response(None, status_code=303, headers={"location": where, "cache-control": "no-store"})


@get("/takedowns/{reference:str}", include_in_schema=False, sync_to_thread=False)
def status_page(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], reference: FromPath[str]
) -> Response[str]:
    """Show where a request stands; nothing of who asked."""
    case = desk.archive.takedowns.case(reference)
    shown = page(
        request,
        desk,
        "takedown_status.html",
        case=told(case, tongue_of(request)),
        just_filed="filed" in request.query_params and case.status == "open",
        days=desk.settings.takedown_personal_days,
    )
    return private(shown)


def filed(request: Request[Any, Any, Any], desk: Desk, target: str, given: dict[str, str]) -> Case:
    """File a request with the limits and periods of the operator."""
    settings = desk.settings
    return desk.archive.takedowns.request(
        target,
        ground=given["ground"],
        text=given["text"],
        name=given["name"],
        contact=given["contact"],
        scope=given["scope"] or "snapshot",
        at=desk.now(),
        client=request.client.host if request.client else "",
        policy=Policy(
            personal=timedelta(days=settings.takedown_personal_days), per_client=settings.takedown_per_client
        ),
    )


def private(response: Response[str]) -> Response[str]:
    """Keep a page out of caches and search engines."""
    response.headers.update({"cache-control": "private, no-store", "x-robots-tag": "noindex"})
    return response


def _form(
    request: Request[Any, Any, Any], desk: Desk, snapshot: Snapshot, given: dict[str, str], trouble: str
) -> Response[str]:
    tongue = tongue_of(request)
    return private(
        page(
            request,
            desk,
            "takedown_form.html",
            status=400 if trouble else 200,
            snapshot=snapshot,
            given={name: given.get(name, "") for name in FIELDS},
            trouble=trouble,
            grounds=choices(GROUNDS, tongue),
            scopes=choices(SCOPES, tongue),
            limits={"text": TEXT, "name": NAME, "contact": CONTACT},
            days=desk.settings.takedown_personal_days,
            undo_days=desk.settings.takedown_undo_days,
            language=asked_language(request),
        )
    )


HANDLERS = (form_page, file, status_page)
