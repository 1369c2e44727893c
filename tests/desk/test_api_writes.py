"""The API for programs: batches, books, plans, the ledger, and writes that are done once."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from licet.desk.people import SCOPES
from tools.people import NAMES, PASSWORD, START

CASE = {
    "id": "a",
    "basis": "written",
    "transaction": {
        "date": "2025-06-02",
        "destination": "CH",
        "headquarters": "CH",
        "parent_headquarters": "CH",
        "quantity": 1699,
        "item": {"kind": "chip", "tpp": 15831.2, "applicable_die_area_mm2": 814, "datacenter": True},
    },
}
BOOK = """id,date,basis,chip,quantity,destination,headquarters,parent_headquarters,ultimate_parent
L1,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L2,2025-06-02,written,h100-sxm,1000,PL,PL,PL,Nordhafen Gruppe
L3,2025-06-02,written,h100-sxm,4,CN,CN,CN,Other
"""


@pytest.fixture
def program(desk):
    """Calls with an officer's key for everything."""
    people = desk.app.state.desk.people
    _, secret = people.make_key(NAMES["officer"], SCOPES, at=START, expires=START + dt.timedelta(days=1))
    desk.headers["authorization"] = f"Bearer {secret}"
    return desk


def until(program, path, task):
    """Wait for a task of a book."""
    end = time.monotonic() + 60
    while (found := program.get(path).json())[task]["state"] in ("waiting", "working") and time.monotonic() < end:
        time.sleep(0.05)
    assert found[task]["state"] == "done", found
    return found


def bring(program, key=None, content=BOOK):
    headers = {"idempotency-key": key} if key else {}
    return program.post("/api/v1/orders", files={"book": ("b.csv", content.encode(), "text/csv")}, headers=headers)


def test_a_batch_is_answered_a_line_each_and_in_order(program):
    lines = [json.dumps({**CASE, "id": f"n{number}"}) for number in range(150)]
    lines[3] = "{not json"
    lines[5] = ""
    lines[7] = json.dumps({"id": "odd", "basis": "dreamt"})
    lines[9] = json.dumps({"id": "long", "x": "y" * 200_000})
    answer = program.post("/api/v1/check/batch", content="\n".join(lines).encode())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in found[:8]] == ["n0", "n1", "n2", None, "n4", "n6", "odd", "n8"]
    assert found[3]["line"] == 4
    assert set(found[3]["error"]) == {"message", "fix"}
    assert found[6]["error"]["fix"] == "written or enforced"
    assert "longer than" in found[8]["error"]["message"]
    assert (len(found), found[-1]["id"], found[-1]["exception"]) == (149, "n149", "LPP")


def test_a_batch_that_is_too_large_is_refused_whole(program):
    assert program.post("/api/v1/check/batch", content=b"\n" * 20_002).status_code == 400
    assert program.post("/api/v1/check/batch", content=b" " * (33 << 20)).status_code == 413
    assert program.post("/api/v1/check/batch", content=b"").text == ""
    assert "error" in program.post("/api/v1/check/batch", content=b"\xff\xfe{}").json()


def test_a_book_is_brought_once_screened_read_planned_and_posted(program):
    brought = bring(program, "first")
    assert brought.status_code == 202, brought.text
    path = brought.headers["location"]
    again = bring(program, "first")
    assert (again.status_code, again.headers["location"]) == (202, path)
    assert again.headers["idempotency-replayed"] == "true"
    other = bring(program, "first", BOOK + "\n")
    assert (other.status_code, other.json()["title"]) == (409, "Conflict")
    assert program.get("/api/v1/orders").json()["total"] == 1
    assert until(program, path, "screening")["summary"]["lines"] == 3
    found = program.get(f"{path}/lines?outcome=prohibited&limit=1").json()
    everything = program.get(f"{path}/lines").json()
    assert everything["total"] == 3
    assert found["total"] + program.get(f"{path}/lines?tier=2").json()["total"] >= 2
    assert program.get(f"{path}/files/answers.parquet").content[:4] == b"PAR1"
    assert program.get(f"{path}/plan").status_code == 404
    assert program.post(f"{path}/plan", json={"order": "largest", "odd": 1}).status_code == 400
    assert program.post(f"{path}/plan", json={"order": "largest"}).status_code == 202
    until(program, path, "planning")
    head = program.get(f"{path}/plan").json()
    assert head["order"] == "largest"
    posted = program.post(f"{path}/plan/post", headers={"idempotency-key": "post"})
    assert posted.status_code == 200, posted.text
    assert program.post(f"{path}/plan/post", headers={"idempotency-key": "post"}).json() == posted.json()
    assert program.post(f"{path}/plan/post").json()["plan"] == head["digest"]
    assert program.post(f"{path}/plan", json={}).status_code == 409
    (account,) = program.get("/api/v1/ledger/accounts?q=nordhafen").json()["items"]
    shown = program.get("/api/v1/ledger/account", params={"name": account["name"], "on": "2025-06-02"}).json()
    assert shown["balance"]["posted"] == 15_832_000
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404


def test_lists_lead_to_their_next_page(program):
    for number in range(3):
        sent = {"name": f"cap {number}", "limit": "26900000.5"}
        assert program.post("/api/v1/ledger/accounts", json=sent).status_code == 201
    first = program.get("/api/v1/ledger/accounts?limit=2&q=cap")
    assert first.headers["link"] == '</api/v1/ledger/accounts?q=cap&limit=2&offset=2>; rel="next"'
    second = program.get(first.headers["link"].partition(">")[0][1:])
    assert [one["name"] for one in second.json()["items"]] == ["cap 2"]
    assert second.json()["items"][0]["limits"][0]["amount"] == 26900000.5
    assert second.headers["link"].endswith('rel="prev"')
    assert second.headers["etag"]
    assert program.get("/api/v1/ledger/accounts?q=cap&limit=3").headers.get("link") is None


def test_the_ledger_by_its_own_keys(program):
    assert program.get("/api/v1/ledger/accounts").json() == {"total": 0, "items": []}
    assert program.get("/api/v1/ledger/reservation?key=r").status_code == 404
    assert program.post("/api/v1/ledger/void", json={"key": "r"}).status_code == 404
    program.post("/api/v1/ledger/accounts", json={"name": "cap", "limit": 100})
    draw = {"account": "cap", "amount": 60, "on": "2026-11-22"}
    assert program.post("/api/v1/ledger/reserve", json=draw).status_code == 400, "without a key"
    one, same, other = (
        program.post("/api/v1/ledger/reserve", json={**draw, **more}, headers={"idempotency-key": "r"})
        for more in ({}, {}, {"amount": 61})
    )
    assert (one.status_code, same.json(), other.status_code) == (201, one.json(), 409)
    over = program.post("/api/v1/ledger/reserve", json=draw, headers={"idempotency-key": "s"})
    assert (over.status_code, over.json()["type"]) == (409, "urn:licet:problem:limit-exceeded")
    posted = program.post("/api/v1/ledger/post", json={"key": "r", "amount": "50.125"})
    assert posted.json() == program.post("/api/v1/ledger/post", json={"key": "r", "amount": "50.125"}).json()
    assert program.get("/api/v1/ledger/reservation?key=r").json()["state"] == "posted"
    added = program.post("/api/v1/ledger/add", json={**draw, "amount": 10}, headers={"idempotency-key": "a"})
    assert added.status_code == 201
    assert program.get("/api/v1/ledger/account?name=cap").json()["balance"]["available"] == 39.875
    entries = program.get("/api/v1/ledger/entries?name=cap&limit=2")
    assert [one["kind"] for one in entries.json()["items"]] == ["add", "post"]
    older = program.get(entries.headers["link"].partition(">")[0][1:]).json()["items"]
    assert [one["kind"] for one in older] == ["reserve", "open"]
    for wrong in ("1e5", -1, 0, 1.5, "1.2345", None, True, "٣"):
        sent = program.post("/api/v1/ledger/add", json={**draw, "amount": wrong}, headers={"idempotency-key": "w"})
        assert sent.status_code == 400, wrong


def test_a_write_that_failed_may_be_tried_again(program):
    assert bring(program, "k", "").status_code == 400
    assert bring(program, "k", "").status_code == 400
    assert program.post("/api/v1/orders", headers={"idempotency-key": "\x7f"}).status_code == 400
    assert bring(program, "x" * 201).status_code == 400


def test_a_session_is_told_what_its_writes_send(desk):
    assert desk.get("/api/v1/me").status_code == 401
    desk.post("/sign-in", data={"name": NAMES["officer"], "password": PASSWORD, "next": "/account"})
    me = desk.get("/api/v1/me").json()
    assert (me["name"], me["role"], me["scopes"]) == (NAMES["officer"], "officer", None)
    sent = {"name": "cap", "limit": 5}
    assert desk.post("/api/v1/ledger/accounts", json=sent).status_code == 403
    assert desk.post("/api/v1/ledger/accounts", json=sent, headers={"x-csrf-token": me["csrf"]}).status_code == 201
