"""The desk as one application over one data folder."""

from __future__ import annotations

import datetime as dt
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from litestar import Litestar, Response, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from licet import __version__
from licet import statutes as law
from licet.catalog.own_names import read_own_names
from licet.desk import api, ask, lawpages, news, problems, static, world
from licet.desk.archives import open_archive
from licet.desk.security import secure
from licet.desk.settings import read_settings
from licet.desk.state import Desk
from licet.errors import LicetError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from licet.statutes import Statutes

LARGEST_BODY = 1_000_000


@get("/health", include_in_schema=False, sync_to_thread=False)
def health(desk: NamedDependency[Desk]) -> Response[dict[str, str]]:
    """Say that the law is loaded and the archive answers."""
    body = {
        "status": "ok",
        "version": __version__,
        "acts": str(len(desk.statutes.acts())),
        "snapshots": str(desk.archive.count()),
    }
    return Response(body, headers={"cache-control": "no-store"})


def create_app(
    home: Path, *, statutes: Statutes | None = None, today: Callable[[], dt.date] = dt.date.today
) -> Litestar:
    """Make the application over the data folder ``home``; ``today`` is the only clock that it reads."""
    loaded = statutes or law.load(overlay=home / "law")
    desk = Desk(loaded, open_archive(home), read_settings(home), today, read_own_names(home))

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:  # noqa: ARG001 - the form of a lifespan
        yield
        desk.archive.close()

    app = Litestar(
        route_handlers=[
            ask.ask_page,
            *world.HANDLERS,
            *news.HANDLERS,
            *lawpages.HANDLERS,
            *api.HANDLERS,
            static.static_file,
            health,
        ],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        exception_handlers={
            LicetError: problems.licet_error,
            HTTPException: problems.http_error,
            RecursionError: problems.too_deep,
            Exception: problems.unexpected,
        },
        before_send=[secure],
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Licet",
            version=__version__,
            description="May this AI chip go there? Decisions under dated law, and the news archive behind them.",
            path="/api/v1/openapi.json",
            render_plugins=[JsonRenderPlugin(path="/")],
            use_handler_docstrings=True,
        ),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    app.state.desk = desk
    return app


def serve(home: Path, host: str, port: int) -> None:
    """Serve the desk until it is stopped."""
    home.mkdir(parents=True, exist_ok=True)
    uvicorn.run(create_app(home), host=host, port=port, log_level="info", server_header=False)
