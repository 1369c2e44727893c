"""Who asks, and whether they may: by the cookie of a session or the key of a program.

Forms are safe against requests that another site makes in a reader's name in three ways: the cookie is not sent along
with them (``SameSite=Lax``), the browser's word on where a request comes from is heard (``Sec-Fetch-Site``, ``Origin``)
and the form sends back what only this session's pages have (OWASP CSRF Prevention Cheat Sheet).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from licet.desk.people import secrets
from licet.desk.people.model import ROLES
from licet.errors import NotAllowed, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from licet.desk.people.model import Key, Person, Role, Scope, Session
    from licet.desk.state import Desk

    Asking = ASGIConnection[Any, Any, Any, Any]
    Guard = Callable[[Asking, BaseRouteHandler], Coroutine[None, None, None]]

COOKIE = "session"
FIELD = "csrf"
HEADER = "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_STATE = "licet_session"
_NEEDED: dict[Any, tuple[Role, Scope]] = {}


def session_of(connection: Asking) -> Session | None:
    """Return the session of whoever asks, None where nobody is signed in."""
    if _STATE not in connection.state:
        desk: Desk = connection.app.state.desk
        token = connection.cookies.get(COOKIE, "")
        connection.state[_STATE] = desk.people.session(token, at=desk.now()) if token else None
    found: Session | None = connection.state[_STATE]
    return found


def key_of(connection: Asking) -> Key | None:
    """Return the key that a program sends. Raises :class:`NotSignedIn` for one that does not hold."""
    form, _, secret = connection.headers.get("authorization", "").partition(" ")
    if form.lower() != "bearer":
        return None
    desk: Desk = connection.app.state.desk
    key = desk.people.key(secret.strip(), at=desk.now())
    if key is None:
        raise NotSignedIn("this key does not hold", fix="make another with licet people key")
    return key


def needs(role: Role, scope: Scope) -> Guard:
    """Return a guard: for who has ``role`` or more, and for a program with such a person's key and ``scope``."""

    # A coroutine, for what it asks takes no time: Litestar would run another function in a thread.
    async def guard(connection: Asking, _: BaseRouteHandler) -> None:
        key = key_of(connection)
        if key is not None:
            if scope not in key.scopes or not key.owner.is_at_least(role):
                raise NotAllowed(f"this key has no scope {scope}", fix=f"make a key with --scope {scope}")
            return
        session = session_of(connection)
        if session is None:
            raise NotSignedIn("this is for people who have signed in", fix="sign in, or send a key")
        if not session.person.is_at_least(role):
            raise NotAllowed(f"this is for {_at_least(role)}", fix="ask an officer for the role")
        if _scope_of(connection)["method"] not in _SAFE:
            same_site(connection)
            _from_a_page(connection, session)

    _NEEDED[guard] = (role, scope)
    return guard


def needed(guard: Any) -> tuple[Role, Scope] | None:
    """Return what a guard asks for; None for one that is not made here."""
    return _NEEDED.get(guard)


def _from_a_page(connection: Asking, session: Session) -> None:
    """Refuse a write to the API in a session without what only the session's own pages have."""
    path = str(_scope_of(connection)["path"])
    if path.startswith("/api/") and not secrets.same(connection.headers.get(HEADER, ""), session.csrf):
        raise NotAllowed(
            "the header X-CSRF-Token is missing or out of date", fix="send what GET /api/v1/me tells, or a key"
        )


def who(connection: Asking) -> Person:
    """Return who asks. Raises :class:`NotSignedIn`."""
    key = key_of(connection)
    session = session_of(connection)
    if key is None and session is None:
        raise NotSignedIn("this is for people who have signed in", fix="sign in, or send a key")
    return key.owner if key is not None else session.person  # type: ignore[union-attr]  # one of the two is there


def same_site(connection: Asking) -> None:
    """Refuse what the browser says another site has asked for. Raises :class:`NotAllowed`."""
    site = connection.headers.get("sec-fetch-site", "")
    origin = connection.headers.get("origin", "")
    # What is sent without a referrer has the origin "null" too: where the browser says more, that counts.
    own = site in ("same-origin", "none") if site else origin in ("", _own_origin(connection, origin))
    if not own:
        raise NotAllowed("this form was sent from another site", fix="open the page here and send it again")


def _own_origin(connection: Asking, origin: str) -> str:
    host = connection.headers.get("host", "")
    return origin if host and urlsplit(origin).netloc == host else ""


def checked_form(request: Request[Any, Any, Any], form: Mapping[str, Any]) -> None:
    """Refuse a form that does not come from a page of this session. A program's key needs none. Raises NotAllowed."""
    same_site(request)
    if key_of(request) is not None:
        return
    session = session_of(request)
    if session is None or not secrets.same(str(form.get(FIELD, "")), session.csrf):
        raise NotAllowed("this form is out of date", fix="open the page again and send it once more")


def _at_least(role: Role) -> str:
    return " or ".join(ROLES[ROLES.index(role) :])


def _scope_of(connection: Asking) -> Mapping[str, Any]:
    return connection.scope
