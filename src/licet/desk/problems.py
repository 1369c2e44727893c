"""Errors as answers: problem documents (RFC 9457) for the API, pages for readers."""

from __future__ import annotations

import datetime as dt
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response
from litestar.openapi import ResponseSpec
from litestar.response import Redirect

from licet.desk.people.store import local
from licet.desk.render import address, page
from licet.desk.tongue import tongue_of
from licet.errors import BadInput, LicetError, NotSignedIn, TakenDown, TooManyAttempts, UnknownName
from licet.i18n import N_

if TYPE_CHECKING:
    from litestar.exceptions import HTTPException

    from licet.desk.state import Desk
    from licet.desk.tongue import Tongue

PROBLEM = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """A problem document as the API description shows it; an unknown name adds ``near``."""

    type: str
    title: str
    status: int
    detail: str
    fix: str


_GROUNDS = {
    "rights": N_("rights of others in the text"),
    "privacy": N_("privacy of a person"),
    "correction": N_("the publisher corrected or withdrew it"),
    "other": N_("another ground"),
}
RESPONSES = {
    400: ResponseSpec(Problem, description="what was sent cannot be used", generate_examples=False, media_type=PROBLEM),
    404: ResponseSpec(
        Problem, description="no such name, day or snapshot", generate_examples=False, media_type=PROBLEM
    ),
}
_log = logging.getLogger("licet.desk")


def for_api(request: Request[Any, Any, Any]) -> bool:
    """Say whether the caller wants a problem document rather than a page."""
    accepts = request.headers.get("accept", "")
    return request.url.path.startswith(("/api/", "/metrics")) or ("json" in accepts and "text/html" not in accepts)


def problem(error: LicetError) -> dict[str, Any]:
    """Return a problem document: type, title, status, detail, fix."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    found: dict[str, Any] = {
        "type": f"urn:licet:problem:{kind}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "fix": error.fix,
    }
    if isinstance(error, TakenDown):
        return {**found, "ground": error.ground, "at": error.at, "digest": error.digest}
    return {**found, "near": list(error.near)} if isinstance(error, UnknownName) else found


def licet_error(request: Request[Any, Any, Any], error: LicetError) -> Response[Any]:
    """Answer an error that Licet raises on purpose."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s: %s", type(error).__name__, error)
    headers = _headers(error)
    if for_api(request):
        return Response(problem(error), status_code=error.status, media_type=PROBLEM, headers=headers)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect(address("/sign-in", {"next": local(request.url.path + query)}), status_code=303)
    if isinstance(error, TakenDown):
        return _tombstone(request, error)
    response = _page(request, error.status, error.message, error.fix)
    response.headers.update(headers)
    return response


def _headers(error: LicetError) -> dict[str, str]:
    """Return what a status asks for beside it (RFC 9110, sections 10.2.3 and 11.6.1)."""
    if isinstance(error, TooManyAttempts):
        return {"retry-after": str(error.seconds)}
    return {"www-authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


def _tombstone(request: Request[Any, Any, Any], error: TakenDown) -> Response[str]:
    """Say that something was here and may not be shown: why, since when, and of which bytes (RFC 7725)."""
    desk: Desk = request.app.state.desk
    at = dt.datetime.fromisoformat(error.at) if error.at else None
    ground = tongue_of(request).text(_GROUNDS.get(error.ground or "", N_("not stated")))
    found = page(request, desk, "tombstone.html", status=error.status, ground=ground, at=at, digest=error.digest)
    found.headers["cache-control"] = "no-store"
    return found


def too_deep(request: Request[Any, Any, Any], _: RecursionError) -> Response[Any]:
    """Answer a body whose objects are nested deeper than the decoder goes."""
    return licet_error(request, BadInput("what was sent is nested too deep", fix="send a flat object of facts"))


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer an error of the protocol: no such address, wrong method, unreadable request."""
    status = HTTPStatus(error.status_code)
    fix = {404: "check the address", 405: "use another method", 413: "send less"}.get(status, "")
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    if for_api(request):
        detail = error.detail if status < HTTPStatus.INTERNAL_SERVER_ERROR else status.phrase
        body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, "fix": fix}
        return Response(body, status_code=status, media_type=PROBLEM, headers=headers)
    response = _page(request, status, "", "")
    response.headers.update(headers)
    return response


def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a mistake of our own: the log has it all, the caller only that it happened."""
    route = request.scope.get("path_template") or "(none)"  # an address may hold a name, or a private link
    _log.error("unexpected error at %s", route, exc_info=error)
    if for_api(request):
        body = {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "something went wrong inside Licet",
            "fix": "try again; if it stays, tell the operator the time and the address",
        }
        return Response(body, status_code=500, media_type=PROBLEM)
    return _page(request, 500, "", "")


def _page(request: Request[Any, Any, Any], status: int, message: str, fix: str) -> Response[str]:
    desk: Desk = request.app.state.desk
    title = _title(tongue_of(request), status)
    return page(request, desk, "error.html", status=status, title=title, code=int(status), message=message, fix=fix)


def _title(tongue: Tongue, status: int) -> str:
    _ = tongue.text
    titles = {
        400: _("This request cannot be used"),
        401: _("Please sign in"),
        403: _("This may not be done"),
        404: _("There is nothing at this address"),
        405: _("This cannot be done at this address"),
        406: _("It does not come in this form"),
    }
    fallback = (
        _("This request cannot be used")
        if status < HTTPStatus.INTERNAL_SERVER_ERROR
        else _("Something went wrong here")
    )
    return titles.get(status, fallback)
