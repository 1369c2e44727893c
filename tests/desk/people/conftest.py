from __future__ import annotations

import datetime as dt
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from litestar.testing import TestClient

from licet.desk.app import create_app
from licet.desk.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PASSWORD = "a long enough password"  # noqa: S105 - of people who exist in tests only
NAMES = {"reader": "Reading desk", "analyst": "Screening desk", "officer": "Export control desk"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """A file with people of every role, with one password: passwords take long to stretch."""
    path = tmp_path_factory.mktemp("people") / "people.sqlite"
    store = People(path)
    for role, name in NAMES.items():
        store.add(name, role, PASSWORD, at=START)
    store.close()
    return path


@pytest.fixture
def people(prepared, tmp_path) -> Iterator[People]:
    """People of every role, with one password."""
    folder = tmp_path / "home" / "desk"
    folder.mkdir(parents=True)
    shutil.copy(prepared, folder / "people.sqlite")
    store = People(folder / "people.sqlite")
    yield store
    store.close()


@pytest.fixture
def desk(people, tmp_path, law, clock) -> Iterator[TestClient]:
    """A reader in front of a desk that knows these people."""
    made = create_app(tmp_path / "home", statutes=law, today=lambda: clock().date(), now=clock)
    with TestClient(made, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def signed_in(desk):
    """Sign in as a role; return what forms must send back."""

    def sign_in(role):
        sent = desk.post("/sign-in", data={"name": NAMES[role], "password": PASSWORD, "next": "/account"})
        assert sent.status_code == 303, sent.text
        return re.search(r'name="csrf" value="(\w+)"', desk.get("/account").text)[1]

    return sign_in
