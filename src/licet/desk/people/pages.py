"""Signing in and out, and one's own keys."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from licet.desk.forms import day
from licet.desk.people.guards import COOKIE, checked_form, needs, same_site, session_of, who
from licet.desk.people.model import ROLES, SCOPES
from licet.desk.people.store import LONGEST, local
from licet.desk.render import page
from licet.desk.state import Desk
from licet.desk.threads import threaded
from licet.desk.tongue import tongue_of
from licet.errors import BadInput, NotAllowed, TooManyAttempts, WrongPassword
from licet.i18n import N_

Sent = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_UNSTORED = {"cache-control": "no-store"}


@get("/sign-in", include_in_schema=False, sync_to_thread=False)
def sign_in_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Show the form; who is signed in goes on."""
    onward = local(request.query_params.get("next", "/"))
    if session_of(request) is not None:
        return Redirect(onward, status_code=303)
    return _form(request, desk, onward)


@post("/sign-in", include_in_schema=False, status_code=200)
@threaded
def sign_in(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent) -> Response[Any]:
    """Begin a session, and go on to the page that asked for it."""
    same_site(request)
    onward, name = local(data.get("next", "/")), data.get("name", "")
    try:
        token = desk.people.sign_in(name, data.get("password", ""), client=_client(request), at=desk.now())
    except WrongPassword:
        message = N_("The name or the password is wrong.")
        return _form(request, desk, onward, trouble=tongue_of(request).text(message), name=name, status=401)
    except TooManyAttempts as error:
        message = N_("Too many attempts failed. Try again in {seconds} seconds.")
        trouble = tongue_of(request).text(message).format(seconds=error.seconds)
        response = _form(request, desk, onward, trouble=trouble, name=name, status=429)
        response.headers["retry-after"] = str(error.seconds)
        return response
    desk.noted("signed in", person=name.strip())
    return Redirect(onward, status_code=303, cookies=[_cookie(request, token)])


@post("/sign-out", include_in_schema=False, sync_to_thread=False, status_code=200)
def sign_out(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent) -> Response[Any]:
    """End the session."""
    if session_of(request) is not None:
        checked_form(request, data)
        desk.people.sign_out(request.cookies.get(COOKIE, ""))
    return Redirect("/", status_code=303, cookies=[_cookie(request, "", seconds=0)])


@get("/account", include_in_schema=False, sync_to_thread=False, guards=[needs("reader", "orders:read")])
def account_page(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[str]:
    """Show who is signed in, what they may do, and their keys."""
    return _account(request, desk)


@post("/account/keys", include_in_schema=False, sync_to_thread=False, status_code=200)
def make_key(request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent) -> Response[str]:
    """Make a key; its secret is shown this once."""
    person = who(request)
    checked_form(request, data)
    scopes = [scope for scope in SCOPES if data.get(f"scope.{scope}")]
    try:
        end = _end_of(day(data.get("expires", "")))
        key, secret = desk.people.make_key(person.name, scopes, at=desk.now(), expires=end)
    except BadInput as error:
        return _account(request, desk, trouble=str(error), status=400)
    desk.noted("key made", person=person.name, key=key.id, scopes=list(key.scopes))
    return _account(request, desk, secret=secret)


@post("/account/keys/{identity:str}/revoke", include_in_schema=False, sync_to_thread=False, status_code=200)
def revoke_key(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], data: Sent, identity: FromPath[str]
) -> Response[Any]:
    """Let one of one's own keys hold no more."""
    person = who(request)
    checked_form(request, data)
    if not any(key.id == identity and key.owner.name == person.name for key in desk.people.every_key()):
        raise NotAllowed("this is not a key of yours", fix="open the page of your account again")
    desk.people.revoke(identity, at=desk.now())
    desk.noted("key revoked", person=person.name, key=identity)
    return Redirect("/account", status_code=303)


def _form(  # noqa: PLR0913 - what the form shows, each by name
    request: Request[Any, Any, Any],
    desk: Desk,
    onward: str,
    *,
    trouble: str = "",
    name: str = "",
    status: int = 200,
) -> Response[str]:
    asked = {"onward": onward, "trouble": trouble, "name": name[:100]}
    response = page(request, desk, "sign_in.html", status=status, **asked)
    response.headers.update(_UNSTORED)
    return response


def _account(
    request: Request[Any, Any, Any], desk: Desk, *, trouble: str = "", secret: str = "", status: int = 200
) -> Response[str]:
    person = who(request)
    now = desk.now()
    keys = [key for key in desk.people.every_key() if key.owner.name == person.name and key.revoked is None]
    response = page(
        request,
        desk,
        "account.html",
        status=status,
        person=person,
        keys=[(key, key.expires > now) for key in keys],
        scopes=SCOPES,
        roles=ROLES,
        secret=secret,
        trouble=trouble,
        latest=(now + dt.timedelta(days=90)).date().isoformat(),
    )
    response.headers.update(_UNSTORED)
    return response


def _end_of(last: dt.date | None) -> dt.datetime:
    if last is None:
        raise BadInput("the key has no last day", fix="give a day within a year")
    return dt.datetime.combine(last, dt.time(23, 59, 59), dt.UTC)


def _client(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _cookie(request: Request[Any, Any, Any], token: str, *, seconds: int = int(LONGEST.total_seconds())) -> Cookie:
    secure = request.url.scheme == "https"
    return Cookie(key=COOKIE, value=token, max_age=seconds, path="/", httponly=True, secure=secure, samesite="lax")


HANDLERS = (sign_in_page, sign_in, sign_out, account_page, make_key, revoke_key)
