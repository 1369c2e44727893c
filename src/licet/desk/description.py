"""The OpenAPI document made complete: who may do what, and every form of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Litestar, Request, Response, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Reference,
    Schema,
    SecurityScheme,
)

from licet import __version__
from licet.desk.people.guards import COOKIE, FIELD, key_of, needed, session_of, who
from licet.desk.problems import PROBLEM, RESPONSES

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler
    from litestar.openapi.spec import Operation

_METHODS = ("get", "post", "put", "patch", "delete")
_PROBLEM = Reference(ref="#/components/schemas/Problem")
_GUARDED = {401: "nobody is signed in, or the key does not hold", 403: "this person or key may not do that"}
_MEDIA = {
    "/api/v1/news/feed": ("application/feed+json", "application/atom+xml", "application/rss+xml"),
    "/api/v1/check/batch": ("application/jsonl",),
    "/api/v1/orders/{identity}/files/{name}": ("application/vnd.apache.parquet", "text/csv", "application/jsonl"),
}
"""What is answered where it is not JSON."""
_ALL = {429: "too many requests; Retry-After says how long to wait"}


def config() -> OpenAPIConfig:
    """Return what the document begins with."""
    key = SecurityScheme(type="http", scheme="bearer", description="a key of licet people key, with a scope")
    session = SecurityScheme(
        type="apiKey",
        name=COOKIE,
        security_scheme_in="cookie",
        description="a session; a write sends the header X-CSRF-Token as well, which GET /api/v1/me tells",
    )
    return OpenAPIConfig(
        title="Licet",
        version=__version__,
        description="May this AI chip go there? Decisions under dated law, and the news archive behind them.",
        path="/api/v1/openapi.json",
        render_plugins=[JsonRenderPlugin(path="/")],
        use_handler_docstrings=True,
        components=Components(security_schemes={"key": key, "session": session}),
    )


def complete(app: Litestar) -> None:
    """Add to the document who may call what, what an answer may be beside the hoped-for one, and tags of reads."""
    for route in app.routes:
        path: Any = (app.openapi_schema.paths or {}).get(route.path_format)
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            operation = getattr(path, method.lower(), None) if path is not None else None
            if operation is not None:
                _described(operation, handler, method)
                _streamed(operation, _MEDIA.get(route.path_format, ()))


def _described(operation: Operation, handler: HTTPRouteHandler, method: str) -> None:
    found: dict[str, Any] = dict(operation.responses or {})
    guards = [guard for guard in map(needed, handler.resolve_guards()) if guard is not None]
    if guards:
        role, scope = guards[0]
        operation.security = [{"key": []}, {"session": []}]
        told = f"For {role} or more; a key needs the scope `{scope}`."
        operation.description = f"{operation.description or ''}\n\n{told}".strip()
    for status, what in {**(_GUARDED if guards else {}), **_ALL}.items():
        found.setdefault(str(status), _problem(what))
    found["default"] = _problem("any other error")
    if method == "GET":
        found["304"] = OpenAPIResponse(description="If-None-Match names what would be sent")
        if (good := found.get("200")) is not None:
            tag = OpenAPIHeader(schema=Schema(type=OpenAPIType.STRING), description="digest of the answer")
            good.headers = {**(good.headers or {}), "ETag": tag}
    operation.responses = found


def _streamed(operation: Operation, types: tuple[str, ...]) -> None:
    good: Any = (operation.responses or {}).get("200")
    if types and good is not None:
        good.content = {one: OpenAPIMediaType(schema=Schema(type=_type(one))) for one in types}


def _type(media: str) -> OpenAPIType:
    return OpenAPIType.OBJECT if media.endswith("+json") else OpenAPIType.STRING


def _problem(what: str) -> OpenAPIResponse:
    return OpenAPIResponse(description=what, content={PROBLEM: OpenAPIMediaType(schema=_PROBLEM)})


@get("/api/v1/me", tags=["people"], sync_to_thread=False, responses=RESPONSES)
def who_asks(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Tell who asks: name, role, the scopes of the key, and what a session's writes send as ``X-CSRF-Token``."""
    person, key, session = who(request), key_of(request), session_of(request)
    told = {"name": person.name, "role": person.role, "scopes": list(key.scopes) if key else None}
    if key is None and session is not None:
        told[FIELD] = session.csrf
    return Response(told, headers={"cache-control": "no-store"})


HANDLERS = (who_asks,)
