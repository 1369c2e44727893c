"""Every route as everybody: what may be done by whom is stated here, and a route that is not stated fails."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from litestar.testing import TestClient

from licet.desk.app import create_app
from licet.desk.people import ROLES, SCOPES, people_file
from licet.desk.people.guards import COOKIE
from tools.people import NAMES, PASSWORD, START

ANYBODY, SIGNED_IN = "anybody", "signed in"
READS, WRITES = ("reader", "orders:read"), ("analyst", "orders:write")
LEDGER, POSTS = ("reader", "ledger:read"), ("officer", "ledger:write")
REVIEWS = ("officer", "takedowns")
DECIDED, DECIDES = ("reader", "determinations"), ("officer", "determinations")
MEASURES = "this machine, or a key for measures"

OPEN = """
/ /otherwise /record /world /world/{name} /law /law/{name} /law/clause/{name} /law/compare /law/chips
/health /ready /static/{name} /sign-in
/news /news/lookup /news/feed.json /news/feed.rss /news/feed.atom /news/feeds.opml /news/subscriptions
/news/{identity} /news/{identity}/raw /news/{identity}/verify /news/{identity}/takedown
/news/{identity}/versions /news/{identity}/versions/{span} /news/in/{code}/{rest}
/news/replay/{rest} /news/timegate/{rest} /news/timemap/{rest}
/news/subscriptions/{token} /news/subscriptions/{token}/{name} /takedowns/{reference}
/api/v1/check /api/v1/places /api/v1/chips /api/v1/news /api/v1/news/captures /api/v1/news/feed /api/v1/news/{identity}
/api/v1/news/{identity}/versions /api/v1/news/{identity}/versions/{span} /api/v1/news/{identity}/proof
/api/v1/law/acts /api/v1/law/acts/{name} /api/v1/law/clauses/{name} /api/v1/law/compare /api/v1/places/{name}
/api/v1/takedowns/{reference} /api/v1/openapi.json /api/v1/openapi.json/{path} /api/v1/openapi.json/openapi.json
"""
OPEN_WRITES = """
/sign-in /sign-out /news/submit /news/subscriptions /news/subscriptions/{token} /news/{identity}/takedown
/api/v1/check /api/v1/check/batch /api/v1/takedowns
"""
TABLE: dict[tuple[str, str], object] = {
    **{("GET", path): ANYBODY for path in OPEN.split()},
    **{("HEAD", f"/news/{kind}/{{rest}}"): ANYBODY for kind in ("replay", "timegate", "timemap")},
    **{("POST", path): ANYBODY for path in OPEN_WRITES.split()},
    ("GET", "/metrics"): MEASURES,
    ("GET", "/account"): READS,
    ("POST", "/account/keys"): SIGNED_IN,
    ("POST", "/account/keys/{identity}/revoke"): SIGNED_IN,
    ("GET", "/api/v1/me"): SIGNED_IN,
    ("GET", "/orders"): READS,
    ("POST", "/orders"): WRITES,
    ("GET", "/orders/{identity}"): READS,
    ("GET", "/orders/{identity}/files/{name}"): READS,
    ("POST", "/orders/{identity}/screen"): WRITES,
    ("POST", "/orders/{identity}/delete"): WRITES,
    ("POST", "/orders/{identity}/plan"): WRITES,
    ("POST", "/orders/{identity}/plan/post"): POSTS,
    ("POST", "/orders/{identity}/plan/discard"): POSTS,
    ("GET", "/api/v1/orders"): READS,
    ("POST", "/api/v1/orders"): WRITES,
    ("GET", "/api/v1/orders/{identity}"): READS,
    ("DELETE", "/api/v1/orders/{identity}"): WRITES,
    ("GET", "/api/v1/orders/{identity}/lines"): READS,
    ("GET", "/api/v1/orders/{identity}/files/{name}"): READS,
    ("POST", "/api/v1/orders/{identity}/screen"): WRITES,
    ("GET", "/api/v1/orders/{identity}/plan"): READS,
    ("POST", "/api/v1/orders/{identity}/plan"): WRITES,
    ("POST", "/api/v1/orders/{identity}/plan/post"): POSTS,
    ("POST", "/api/v1/orders/{identity}/plan/discard"): POSTS,
    ("GET", "/ledger"): LEDGER,
    ("GET", "/ledger/account"): LEDGER,
    ("GET", "/api/v1/ledger/accounts"): LEDGER,
    ("POST", "/api/v1/ledger/accounts"): POSTS,
    ("GET", "/api/v1/ledger/account"): LEDGER,
    ("GET", "/api/v1/ledger/entries"): LEDGER,
    ("GET", "/api/v1/ledger/reservation"): LEDGER,
    ("POST", "/api/v1/ledger/reserve"): POSTS,
    ("POST", "/api/v1/ledger/add"): POSTS,
    ("POST", "/api/v1/ledger/post"): POSTS,
    ("POST", "/api/v1/ledger/void"): POSTS,
    ("GET", "/determinations"): DECIDED,
    ("POST", "/determinations"): DECIDES,
    ("GET", "/records"): DECIDED,
    ("POST", "/records"): DECIDES,
    ("GET", "/records/{name}"): DECIDED,
    ("GET", "/takedowns"): REVIEWS,
    ("GET", "/takedowns/{reference}/review"): REVIEWS,
    ("POST", "/takedowns/{reference}/review"): REVIEWS,
    ("GET", "/api/v1/takedowns"): REVIEWS,
    ("POST", "/api/v1/takedowns/{reference}/{step}"): REVIEWS,
    ("GET", "/api/v1/holds"): REVIEWS,
    ("POST", "/api/v1/holds"): REVIEWS,
    ("POST", "/api/v1/holds/{number}/release"): REVIEWS,
}
NOT_YOURS = "this is not a key of yours"


def may(asked: object, role: str | None, scopes: tuple[str, ...] | None) -> bool:
    """Whether somebody may: ``role`` of a session or of a key's owner, ``scopes`` of a key."""
    if asked == MEASURES:
        return scopes is not None and "metrics" in scopes
    if asked in (ANYBODY, SIGNED_IN):
        return asked == ANYBODY or role is not None
    least, scope = asked
    high_enough = role is not None and ROLES.index(role) >= ROLES.index(least)
    return high_enough and (scopes is None or scope in scopes)


@pytest.fixture(scope="module")
def house(prepared, tmp_path_factory, law):
    home = tmp_path_factory.mktemp("roles")
    (home / "desk").mkdir()
    shutil.copy(prepared, people_file(home))
    (home / "desk.toml").write_text("api_per_minute = 1000000\napi_per_minute_with_key = 1000000\n", encoding="utf-8")
    app = create_app(home, statutes=law, today=START.date, now=lambda: START)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield app, client


def routes(app):
    ways = ((route.path_format, getattr(route, "methods", ())) for route in app.routes)
    found = [(method, path) for path, methods in ways for method in methods if method != "OPTIONS"]
    return sorted(found, key=lambda one: (one[1] == "/sign-out", one[1], one[0]))


def test_the_table_has_every_route_and_no_other(house):
    app, _ = house
    assert set(TABLE) == set(routes(app)), "say here who may use a new route"


def everybody(people):
    """Nobody, a session of each role, a key of an officer with each scope, a reader's key with all scopes."""
    end = START + dt.timedelta(days=1)
    yield "nobody", None, None, {}, ""
    for role in ROLES:
        token = people.sign_in(NAMES[role], PASSWORD, client="here", at=START)
        csrf = people.session(token, at=START).csrf
        yield role, role, None, {"cookie": f"{COOKIE}={token}", "x-csrf-token": csrf}, csrf
    for scope in SCOPES:
        _, secret = people.make_key(NAMES["officer"], [scope], at=START, expires=end)
        yield f"key for {scope}", "officer", (scope,), {"authorization": f"Bearer {secret}"}, ""
    _, secret = people.make_key(NAMES["reader"], SCOPES, at=START, expires=end)
    yield "a reader's key for all", "reader", SCOPES, {"authorization": f"Bearer {secret}"}, ""


def asked(client, method, path, headers, csrf):
    for name, value in (("identity", "abcdefghijkl"), ("number", "1"), ("code", "en"), ("rest", "x"), ("name", "x")):
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{reference}", "TD-2026-0001").replace("{step}", "grant").replace("{span}", "1..2")
    path = path.replace("{token}", "x" * 20).replace("{path}", "x")
    headers = {"accept": "application/json", "x-forwarded-for": "198.51.100.9", **headers}
    if method != "POST":
        return client.request(method, path, headers=headers)
    if path.startswith("/api/"):
        return client.post(path, json={}, headers=headers)
    if path == "/orders":
        return client.post(path, data={"csrf": csrf}, files={"other": ("x", b"x")}, headers=headers)
    return client.post(path, data={"csrf": csrf}, headers=headers)


def denied(answer):
    if answer.status_code == 401:
        return not answer.request.url.path.endswith("/sign-in")
    told = answer.json() if answer.status_code == 403 else {}
    return told.get("type") == "urn:licet:problem:not-allowed" and told["detail"] != NOT_YOURS


def test_every_route_as_everybody(house):
    app, client = house
    wrong = []
    for who, role, scopes, headers, csrf in everybody(app.state.desk.people):
        for method, path in routes(app):
            answer = asked(client, method, path, headers, csrf)
            if answer.status_code >= 500:
                wrong.append(f"{method} {path} as {who}: {answer.status_code} {answer.text[:200]}")
            elif denied(answer) is may(TABLE.get((method, path), ANYBODY), role, scopes):
                wrong.append(f"{method} {path} as {who}: {answer.status_code} {answer.text[:100]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", [path for method, path in TABLE if method == "POST" and path.startswith("/api/")])
def test_a_session_writes_to_the_api_only_with_what_its_pages_have(house, path):
    app, client = house
    if TABLE["POST", path] == ANYBODY:
        return
    people = app.state.desk.people
    token = people.sign_in(NAMES["officer"], PASSWORD, client="here", at=START)
    for sent in ({}, {"x-csrf-token": "wrong"}):
        assert asked(client, "POST", path, {"cookie": f"{COOKIE}={token}", **sent}, "").status_code == 403
    csrf = people.session(token, at=START).csrf
    foreign = {"cookie": f"{COOKIE}={token}", "x-csrf-token": csrf, "origin": "https://other.example"}
    assert asked(client, "POST", path, foreign, "").status_code == 403
