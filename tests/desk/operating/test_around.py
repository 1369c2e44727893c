"""What surrounds every request: proxies, limits, tags, measures, logs, readiness."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import shutil

import pytest
from litestar.testing import TestClient

from licet.desk.app import create_app
from licet.desk.operating.forwarded import heed, is_local, networks
from licet.desk.operating.logs import Lines
from licet.desk.operating.measures import Measures, exposition
from licet.desk.operating.rates import MOST, Rates
from licet.desk.people import People, people_file
from licet.errors import BadFile
from tools.people import NAMES, START

CHECK = "/api/v1/check?chip=h100-sxm&quantity=2000&to=CH&hq=CH&parent=CH&on=2025-06-02&basis=written"


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def opened(prepared, tmp_path, law):
    """A desk with settings of its own, and a clock of seconds."""
    made = []

    def desk(settings="", seconds=None):
        home = tmp_path / f"home{len(made)}"
        (home / "desk").mkdir(parents=True)
        shutil.copy(prepared, people_file(home))
        (home / "desk.toml").write_text(settings, encoding="utf-8")
        app = create_app(home, statutes=law, today=START.date, now=lambda: START, clock=seconds or Seconds())
        client = TestClient(app, raise_server_exceptions=False)
        made.append(client)
        return client.__enter__()

    yield desk
    for client in made:
        client.__exit__(None, None, None)


def scope(client: str, **headers: str) -> dict[str, object]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (client, 1), "scheme": "http", "headers": raw}


@pytest.mark.parametrize(
    ("client", "told", "found"),
    [
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),  # nobody we trust says so
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),  # the first may be anybody's word
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", "not an address", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_word_of_a_proxy_counts_only_if_it_is_ours(client, told, found):
    asked = scope(client, x_forwarded_for=told, x_forwarded_proto="https")
    heed(asked, networks(["10.0.0.0/8"]))
    assert asked["client"][0] == found
    assert asked["scheme"] == ("http" if client == "192.0.2.1" else "https")


def test_a_network_that_is_none_is_an_error_of_the_settings(opened):
    with pytest.raises(BadFile, match="trusted_proxies"):
        opened('trusted_proxies = ["the proxy"]')


def test_local_is_this_machine_and_no_proxy_on_it():
    assert is_local(scope("127.0.0.1"))
    assert is_local(scope("::1"))
    assert not is_local(scope("127.0.0.1", x_forwarded_for="198.51.100.9"))
    assert not is_local(scope("192.0.2.1"))


def test_a_bucket_fills_within_a_minute_and_buckets_are_bounded():
    seconds = Seconds()
    rates = Rates(seconds)
    assert [rates.take("a", 3) for _ in range(4)] == [0, 0, 0, 20]
    assert rates.take("b", 3) == 0
    seconds.now += 20
    assert [rates.take("a", 3) for _ in range(2)] == [0, 20]
    for number in range(MOST + 10):
        rates.take(f"client {number}", 3)
    assert len(rates) == MOST


def test_the_api_has_a_limit_by_client_and_another_by_key(opened):
    seconds = Seconds()
    desk = opened("api_per_minute = 2\napi_per_minute_with_key = 4", seconds)
    people: People = desk.app.state.desk.people
    _, secret = people.make_key(NAMES["reader"], ["orders:read"], at=START, expires=START + dt.timedelta(days=1))
    assert [desk.get("/api/v1/chips").status_code for _ in range(2)] == [200, 200]
    refused = desk.get("/api/v1/chips")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:licet:problem:too-soon"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert desk.get("/world").status_code == 200, "pages are for people"
    wrong = {"authorization": "Bearer licet_wrong"}
    assert desk.get("/api/v1/chips", headers=wrong).status_code == 429, "a wrong key is no way around"
    good = {"authorization": f"Bearer {secret}"}
    assert [desk.get("/api/v1/chips", headers=good).status_code for _ in range(5)] == [200] * 4 + [429]
    seconds.now += 30
    assert desk.get("/api/v1/chips").status_code == 200


def test_an_answer_has_a_tag_and_who_has_it_gets_304(opened):
    desk = opened()
    whole = desk.get(CHECK)
    tag = whole.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert "Accept-Language" in whole.headers["vary"]
    for sent in (tag, f'"other", W/{tag}', "*"):
        again = desk.get(CHECK, headers={"if-none-match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert desk.get(CHECK, headers={"if-none-match": '"other"'}).status_code == 200
    chinese = desk.get(f"{CHECK}&lang=zh")
    assert chinese.headers["etag"] != tag
    assert "etag" not in desk.get("/api/v1/check").headers, "an error has none"


def test_alive_and_ready(opened):
    desk = opened()
    assert desk.get("/health").json()["status"] == "ok"
    ready = desk.get("/ready")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert set(ready.json()["checks"]) == {"law", "archive", "ledger", "people", "journal", "disk"}
    full = opened("ready_free_mb = 1000000")
    free = shutil.disk_usage(full.app.state.desk.home).free
    assert full.get("/ready").status_code == (503 if free < 1_000_000 << 20 else 200)
    broken = opened()
    broken.app.state.desk.people.close()
    answer = broken.get("/ready")
    assert (answer.status_code, answer.json()["checks"]["people"]) == (503, "failing: ProgrammingError")
    assert broken.get("/health").status_code == 200


def test_measures_are_for_a_key_and_name_routes_only(opened):
    desk = opened()
    people: People = desk.app.state.desk.people
    end = START + dt.timedelta(days=1)
    _, secret = people.make_key(NAMES["reader"], ["metrics"], at=START, expires=end)
    _, other = people.make_key(NAMES["officer"], ["ledger:read"], at=START, expires=end)
    desk.get(CHECK)
    desk.get("/news/secret-name")
    desk.get("/nothing/secret-name")
    assert desk.get("/metrics", headers={"x-forwarded-for": "198.51.100.9"}).status_code == 401, "through a proxy"
    assert desk.get("/metrics", headers={"authorization": f"Bearer {other}"}).status_code == 403
    found = desk.get("/metrics", headers={"authorization": f"Bearer {secret}"})
    assert found.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'licet_requests_total{method="GET",route="/api/v1/check",status="200"} 1' in found.text
    assert 'licet_requests_total{method="GET",route="(none)",status="404"} 1' in found.text
    assert 'licet_request_seconds_count{route="/api/v1/check"} 1' in found.text
    assert "licet_captures 0" in found.text
    assert "secret-name" not in found.text
    for line in found.text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [-+0-9.einf]+', line), line
    assert opened('metrics = "off"').get("/metrics").status_code == 404


def test_the_counts_of_workers_are_added_up(tmp_path, monkeypatch):
    one, other = Measures(Seconds(), tmp_path), Measures(Seconds(), tmp_path)
    one.answered("GET", "/world", 200, 0.02)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    other.answered("GET", "/world", 200, 3.0)
    other.limited()
    other.leave()
    text = exposition(other.every(), [("licet_captures", "Snapshots.", 12_345_678)])
    assert 'licet_requests_total{method="GET",route="/world",status="200"} 2' in text
    assert 'licet_request_seconds_bucket{route="/world",le="0.025"} 1' in text
    assert 'licet_request_seconds_bucket{route="/world",le="+Inf"} 2' in text
    assert "licet_requests_limited_total 1" in text
    assert "licet_captures 12345678" in text


def test_a_log_has_the_route_and_nothing_of_who_asked_what(opened, caplog):
    desk = opened('trusted_proxies = ["127.0.0.1"]')
    with caplog.at_level(logging.INFO, "licet"):
        desk.get("/news?q=Nordhafen", headers={"x-forwarded-for": "198.51.100.9", "user-agent": "Nordhafen"})
        desk.get("/news/subscriptions/Nordhafen-private")
        desk.post("/api/v1/check", json={"ultimate_parent": "Nordhafen"})
        desk.get("/nothing/Nordhafen")
    lines = [Lines().format(record) for record in caplog.records if record.name.startswith("licet")]
    found = [json.loads(line) for line in lines]
    routes = [line["route"] for line in found if line["event"] == "request"]
    assert routes == ["/news", "/news/subscriptions/{token}", "/api/v1/check", "(none)"]
    assert set(found[0]) == {"time", "level", "logger", "event", "worker", "method", "route", "status", "ms", "bytes"}
    assert not [line for line in lines if "Nordhafen" in line or "198.51" in line]


def test_the_operator_is_named_on_every_page(opened):
    desk = opened('operator = "Harbor Trade Desk"\ncontact = "desk@licet.example"\nnotice_zh = "仅供内部使用"')
    english, chinese = (desk.get(f"/world?lang={code}").text for code in ("en", "zh"))
    assert "This desk is run by Harbor Trade Desk." in english
    assert "由Harbor Trade Desk运营" in chinese
    assert "仅供内部使用" in english
    assert 'href="mailto:desk@licet.example"' in english
