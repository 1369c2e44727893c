from __future__ import annotations

import datetime as dt

import pytest

from licet.ledger import Ledger
from licet.orders import Asked
from licet.orders.allocation import allocate_files, read_plan
from tools import books

BUYER = {
    "date": "2025-06-02",
    "basis": "written",
    "chip": "h100-sxm",
    "quantity": "1",
    "destination": "PL",
    "headquarters": "PL",
    "parent_headquarters": "PL",
    "ultimate_parent": "Nordhafen Gruppe",
    "ultimate_consignee": "Nordhafen Rechenzentrum",
}


@pytest.fixture
def buyer():
    """The facts of one line, with what a test states otherwise."""
    return lambda **facts: BUYER | {name: str(value) for name, value in facts.items()}


@pytest.fixture
def ledger(tmp_path):
    def clock():
        return dt.datetime(2025, 6, 1, tzinfo=dt.UTC)

    with Ledger.open(tmp_path / "ledger.sqlite", clock=clock) as opened:
        yield opened


@pytest.fixture
def plan_of(tmp_path, loaded):
    """Make a plan for rows; return it with its lines."""

    def planned(rows, *, ledger=None, name="plan.jsonl", order="date", expires=None, **asked):
        book = books.write_csv(tmp_path / "book.csv", rows)
        terms = {"order": order, "ledger": ledger, "expires": expires}
        allocate_files([str(book)], tmp_path / name, tmp_path / "no.csv", loaded, Asked(**asked), **terms)
        plan = read_plan(tmp_path / name)
        return plan, list(plan.lines())

    return planned
