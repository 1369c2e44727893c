"""The desk as a process: it says it is ready, is told to stop, and ends in order; several workers share one folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from licet.desk.books import holding
from licet.desk.people import people_file
from tools.people import NAMES, PASSWORD

BOOK = "id,date,basis,chip,quantity,destination,headquarters,parent_headquarters,ultimate_parent\n" + "".join(
    f"L{number},2025-06-02,written,h100-sxm,{number + 1},PL,PL,PL,Nordhafen Gruppe\n" for number in range(2000)
)


@pytest.fixture
def served(prepared, tmp_path):
    """Start a desk of so many workers; return its process, client and folder."""
    home = tmp_path / "home"
    (home / "desk").mkdir(parents=True)
    shutil.copy(prepared, people_file(home))
    started = []

    def serve(*options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "licet", "serve", "--port", str(port), *options]
        log = (tmp_path / "log").open("wb")
        process = subprocess.Popen(command, env={**os.environ, "LICET_HOME": str(home)}, stderr=log, stdout=log)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        started.append((process, client, log))
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert process.poll() is None, (tmp_path / "log").read_text()
            try:
                if client.get("/ready").status_code == 200:
                    return process, client, home
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((tmp_path / "log").read_text())

    yield serve
    for process, client, log in started:
        client.close()
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)
        log.close()


def sign_in(client):
    sent = client.post("/sign-in", data={"name": NAMES["analyst"], "password": PASSWORD, "next": "/account"})
    assert sent.status_code == 303, sent.text
    return re.search(r'name="csrf" value="(\w+)"', client.get("/account").text)[1]


def test_a_stop_lets_the_running_task_end_and_leaves_no_log_of_writes(served, tmp_path):
    process, client, home = served()
    csrf = sign_in(client)
    sent = client.post("/orders", data={"csrf": csrf}, files={"book": ("book.csv", BOOK.encode(), "text/csv")})
    assert sent.status_code == 303, sent.text
    state = home / "desk" / "orders" / sent.headers["location"].rpartition("/")[2] / "state.json"
    until = time.monotonic() + 60
    while json.loads(state.read_bytes())["screening"]["state"] == "waiting" and time.monotonic() < until:
        time.sleep(0.01)
    assert "licet_requests_total" in client.get("/metrics").text, "this machine may read them"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) in (0, -signal.SIGTERM)
    assert json.loads(state.read_bytes())["screening"]["state"] == "done"
    assert [path.name for path in home.rglob("*-wal")] == []
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert {"/ready", "/orders", "/sign-in"} <= {line.get("route") for line in lines}
    assert not [line for line in lines if "127.0.0.1" in json.dumps(line) and line["event"] == "request"]


def test_workers_share_sessions_books_and_measures(served):
    process, client, _ = served("--workers", "2")
    csrf = sign_in(client)
    books = set()
    for _number in range(6):
        with httpx.Client(base_url=client.base_url, cookies=client.cookies, timeout=30) as other:
            sent = other.post("/orders", data={"csrf": csrf}, files={"book": ("book.csv", BOOK.encode(), "text/csv")})
            assert sent.status_code == 303, sent.text
            books.add(sent.headers["location"])
    until = time.monotonic() + 60
    while books and time.monotonic() < until:
        books = {book for book in books if "2,000 lines" not in client.get(book).text}
        time.sleep(0.1)
    assert books == set()
    time.sleep(1.1)
    totals = []
    for _number in range(8):
        with httpx.Client(base_url=client.base_url, timeout=30) as other:
            other.get("/world")
            text = other.get("/metrics").text
        totals.append(int(re.search(r'method="POST",route="/orders",status="303"} (\d+)', text)[1]))
    assert totals[-1] == 6
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) in (0, -signal.SIGTERM)


def test_what_another_worker_holds_is_not_taken(tmp_path):
    held = holding.take(tmp_path / "busy.lock")
    assert held is not None
    assert holding.take(tmp_path / "busy.lock") is None
    holding.release(held)
    again = holding.take(tmp_path / "busy.lock")
    assert again is not None
    holding.release(again)
    assert holding.take(tmp_path / "gone" / "busy.lock") is None
