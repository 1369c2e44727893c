"""Templates to responses."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import jinja2
from litestar import Response
from litestar.datastructures import Cookie

from licet import __version__
from licet.decisions import Query
from licet.desk.people.guards import session_of
from licet.desk.state import SYSTEM
from licet.desk.tongue import COOKIE, COOKIE_SECONDS, Tongue, asked_language, tongue, tongue_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar import Request

    from licet.desk.state import Desk

STATIC = Path(__file__).with_name("static")
HTML = "text/html"
_NAMES = {"en": "English", "zh": "中文"}


@cache
def environment(code: str) -> jinja2.Environment:
    """Return the templates for one language."""
    own = tongue(code)
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("licet.desk", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(own.text, own.ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    made.filters |= {"number": own.number, "date": own.date, "day": own.day, "joined": own.joined}
    made.filters |= {"moment": own.moment, "instant": own.instant}
    made.globals |= {"tongue": own, "pick": own.pick, "asset": asset, "version": __version__, "address": address}
    return made


@cache
def asset(name: str) -> str:
    """Return the address of a static file, with its digest so that it may be kept for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def address(path: str, parameters: Iterable[tuple[str, Any]] | dict[str, Any] = ()) -> str:
    """Return a path with a query; parameters without a value are left out."""
    items = parameters.items() if isinstance(parameters, dict) else parameters
    query = urlencode([(name, str(value)) for name, value in items if value not in (None, "")])
    return f"{path}?{query}" if query else path


def page(
    request: Request[Any, Any, Any], desk: Desk, template: str, *, status: int = 200, **context: Any
) -> Response[str]:
    """Render a page in the reader's language."""
    own = tongue_of(request)
    text = (
        environment(own.code)
        .get_template(template)
        .render(
            **context,
            settings=desk.settings,
            session=session_of(request),
            checked_through=desk.statutes.law(Query(desk.today(), SYSTEM)).checked_through,
            path=request.url.path,
            others=other_languages(request, own),
            asked_language=asked_language(request),
        )
    )
    headers = {"content-language": own.html, "vary": "Accept-Language, Cookie"}
    return Response(text, status_code=status, media_type=HTML, headers=headers, cookies=_cookies(request))


def other_languages(request: Request[Any, Any, Any], own: Tongue) -> list[dict[str, str]]:
    """Return the links of the page itself in the languages, the present one marked."""
    if request.url.path.startswith("/news/replay/"):
        return _on_replay(request, own)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return [
        {
            "name": name,
            "lang": tongue(code).html,
            "current": "true" if code == own.code else "",
            "href": address(request.url.path, [*kept, ("lang", code)]),
        }
        for code, name in _NAMES.items()
    ]


def _on_replay(request: Request[Any, Any, Any], own: Tongue) -> list[dict[str, str]]:
    """Return the links of a replayed page in the languages: its query is its own, so the path names the language."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope["query_string"]
    rest = (path.split(b"?")[0] + (b"?" + query if query else b"")).decode("ascii", "replace")
    return [
        {
            "name": name,
            "lang": tongue(code).html,
            "current": "true" if code == own.code else "",
            "href": f"/news/in/{code}/{rest.removeprefix('/news/replay/')}",
        }
        for code, name in _NAMES.items()
    ]


def _cookies(request: Request[Any, Any, Any]) -> list[Cookie]:
    asked = asked_language(request)
    if not asked:
        return []
    return [Cookie(key=COOKIE, value=asked, max_age=COOKIE_SECONDS, path="/", samesite="lax", httponly=True)]
