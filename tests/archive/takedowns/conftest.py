"""An archive of three outlets' pages, and what a takedown needs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest

from licet.archive import Archive
from tools.takedowns import AT, LATER, NAMED, REVISED, ask, capture


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def filled(home, pages):
    """An archive with an item of two versions, one of which is to go; a neighbor; pictures, one of them shared."""

    def fill(archive):
        named = (f"{NAMED}仓库主管的住址被写进了报道,东港日报后来删去了这一段,并向当事人致歉。", *pages.paragraphs[1:])
        shared = capture("https://news.example/logo.png", b"\x89PNG logo", "image/png")
        own = capture("https://news.example/portrait.png", b"\x89PNG portrait of one", "image/png")

        def take(url, body, at, needs=()):
            return archive.take(capture(url, body), at=at, category="港口", requisites=needs)

        first = take("https://news.example/a", pages.chinese(f"{NAMED}谈港口盘点", named), AT, (shared, own))
        take("https://news.example/a", pages.chinese(f"{NAMED}谈港口盘点", named), AT + timedelta(hours=1))
        other = take("https://news.example/b", pages.chinese("乙仓库完成盘点", pages.paragraphs), AT, (shared,))
        second = take("https://news.example/a", pages.chinese(REVISED, pages.paragraphs[1:]), AT + timedelta(hours=2))
        return SimpleNamespace(first=first.snapshot, second=second.snapshot, other=other.snapshot)

    with Archive.open(home) as archive:
        return fill(archive)


@pytest.fixture
def opened(home, filled):
    archive = Archive.open(home)
    yield SimpleNamespace(archive=archive, takedowns=archive.takedowns, **vars(filled))
    with suppress(sqlite3.ProgrammingError):  # where the test has closed it
        archive.close()


@pytest.fixture
def granted(opened):
    """Ask for a snapshot and grant it."""

    def _granted(target, **changes):
        scope = changes.pop("scope", "snapshot")
        case = ask(opened.takedowns, target, scope=scope)
        return opened.takedowns.grant(
            case.reference, by="editor", at=LATER, reason="it names a private address", **changes
        )

    return _granted
