"""The desk as one application over one data folder."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from litestar.di import Provide
from litestar.exceptions import HTTPException

from licet import statutes as law
from licet.catalog.own_names import read_own_names
from licet.desk import (
    accounts,
    api,
    ask,
    batch,
    description,
    lawpages,
    ledger_api,
    news,
    otherwise,
    problems,
    static,
    takedowns,
    world,
)
from licet.desk.archives import open_archive
from licet.desk.books import api as orders_api
from licet.desk.books import pages as books
from licet.desk.decided import determinations, records
from licet.desk.operating import states
from licet.desk.operating.around import Application
from licet.desk.operating.operation import Operation
from licet.desk.people import People, people_file
from licet.desk.people import pages as sign_in
from licet.desk.security import secure
from licet.desk.settings import read_settings
from licet.desk.state import Desk
from licet.errors import LicetError, TakenDown
from licet.home import law_folder
from licet.journal import Journal
from licet.statutes.editions import Editions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from litestar import Litestar

    from licet.statutes import Statutes

LARGEST_BODY = 1_000_000
_HANDLERS = [
    ask.ask_page,
    *otherwise.HANDLERS,
    *records.HANDLERS,
    *determinations.HANDLERS,
    *world.HANDLERS,
    *news.HANDLERS,
    *takedowns.HANDLERS,
    *lawpages.HANDLERS,
    *api.HANDLERS,
    *batch.HANDLERS,
    *accounts.HANDLERS,
    *ledger_api.HANDLERS,
    *books.HANDLERS,
    *orders_api.HANDLERS,
    *description.HANDLERS,
    *sign_in.HANDLERS,
    static.static_file,
    *states.HANDLERS,
]


def utc_now() -> dt.datetime:
    """Return the time of this machine."""
    return dt.datetime.now(dt.UTC)


def _law_of(home: Path) -> tuple[Statutes, str]:
    """Return the law with the private acts of a data folder, and the digest of its files, which are kept there."""
    files = law.law_files(law_folder(), home / "law")
    try:
        edition = Editions(home / "editions").keep(files)
    except OSError:
        edition = ""  # a folder that cannot be written: addresses name no edition then
    return law.of(files), edition


def create_app(
    home: Path,
    *,
    statutes: Statutes | None = None,
    today: Callable[[], dt.date] = dt.date.today,
    now: Callable[[], dt.datetime] = utc_now,
    clock: Callable[[], float] = time.monotonic,
) -> Litestar:
    """Make the application over the data folder ``home``; ``today`` and ``now`` are the only clocks of what it answers.

    ``clock`` gives seconds that only grow, for the limits of a minute.
    """
    loaded, edition = (statutes, "") if statutes is not None else _law_of(home)
    people = People(people_file(home))
    desk = Desk(
        loaded,
        open_archive(home),
        read_settings(home),
        today,
        read_own_names(home),
        people=people,
        journal=Journal.open(home),
        now=now,
        home=home,
        edition=edition,
    )

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:  # noqa: ARG001 - the form of a lifespan
        yield
        desk.close()

    app = Application(
        route_handlers=_HANDLERS,
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        exception_handlers={
            TakenDown: takedowns.unavailable,
            LicetError: problems.licet_error,
            HTTPException: problems.http_error,
            RecursionError: problems.too_deep,
            Exception: problems.unexpected,
        },
        before_send=[secure],
        lifespan=[lifespan],
        openapi_config=description.config(),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    app.state.desk = desk
    app.state.operation = Operation(desk.settings, clock)
    description.complete(app)
    return app
