"""A desk over a small archive of pages of our own, on a fixed day."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvicorn
from litestar.testing import TestClient

from licet import evidence, statutes
from licet.archive import Archive
from licet.desk.app import create_app
from licet.desk.people import People
from tools.desk_pages import CAPTURED, EN, TODAY, ZH, ZH_RELATED, html_of
from tools.people import NAMES, PASSWORD, START, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from litestar import Litestar

SOURCES = (
    (ZH, "财经", "https://news.example/zh/1"),
    (ZH_RELATED, "财经", None),
    (EN, "Business", "https://news.example/en/1"),
)


@dataclass(frozen=True)
class Newsroom:
    home: Path
    zh: str
    related: str
    en: str


@pytest.fixture(scope="session")
def law():
    return statutes.load()


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Newsroom:
    home = tmp_path_factory.mktemp("desk")
    (home / "desk").mkdir()
    shutil.copy(prepared, home / "desk" / "people.sqlite")
    (home / "desk.toml").write_text('contact = "desk@licet.example"\nsite = "Test desk"\n', encoding="utf-8")
    found = []
    with Archive.open(home, tagger=evidence.tagger(), entity_names=evidence.entity_names()) as archive:
        for number, (article, category, url) in enumerate(SOURCES):
            path = home / f"page{number}.html"
            path.write_bytes(html_of(article))
            at = CAPTURED + dt.timedelta(minutes=number)
            found.append(archive.add_file(path, at=at, url=url, category=category, via="Digest of the harbor").id)
    return Newsroom(home, *found)


@pytest.fixture(scope="session")
def app(newsroom, law) -> Litestar:
    return create_app(newsroom.home, statutes=law, today=lambda: TODAY)


@pytest.fixture(scope="session")
def running(app) -> Iterator[TestClient[Litestar]]:
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def client(running) -> TestClient[Litestar]:
    """A reader who has not chosen a language yet."""
    running.cookies.clear()
    return running


@pytest.fixture(scope="session")
def address(newsroom, law) -> Iterator[str]:
    """The desk on a port of its own, for a browser."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = create_app(newsroom.home, statutes=law, today=lambda: TODAY)
    server = uvicorn.Server(uvicorn.Config(made, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=30)


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
