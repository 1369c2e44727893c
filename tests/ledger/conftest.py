from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import psycopg
import pytest

from licet.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.postgres import Server

_NUMBERS = itertools.count(1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 6, 2, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def schema(postgres: Server) -> str:
    """The address of an empty schema of the server."""
    name = f"ledger_{next(_NUMBERS)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{postgres.url()}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """An empty place for a ledger, in either database."""
    if request.param == "postgresql":
        return request.getfixturevalue("schema")
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture
def opened(url: str, clock: Clock) -> Iterator[Callable[[], Ledger]]:
    """A factory of open ledgers on the one place, all closed in the end."""
    ledgers: list[Ledger] = []

    def fresh(**options: object) -> Ledger:
        ledgers.append(Ledger.open(url, **{"clock": clock, **options}))
        return ledgers[-1]

    yield fresh
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(opened) -> Ledger:
    return opened()
