"""Asking for removal and deciding about it at the desk; and every way out of the desk, before and after."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from litestar.testing import TestClient

from licet.archive import Archive
from licet.desk.app import create_app
from licet.journal import Journal
from tools.desk_pages import CAPTURED, EN, TODAY, ZH, ZH_RELATED, html_of

PASSWORD = "a password of the reviewers' own"  # noqa: S105 - of the people in this test
NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
WORD = ZH["title"]
ASKED = {
    "ground": "privacy",
    "scope": "snapshot",
    "text": "It names me.",
    "name": "Reader",
    "contact": "r@mail.example",
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / "desk.toml").write_text("takedown_per_client = 3\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def stored(home):
    found = []
    with Archive.open(home) as archive:
        for number, article in enumerate((ZH, ZH_RELATED, EN)):
            path = home / f"{number}.html"
            path.write_bytes(html_of(article))
            url = f"https://news.example/{number}"
            found.append(archive.add_file(path, at=CAPTURED, url=url, category="财经").id)
    return found


@pytest.fixture
def app(home, stored, law):
    return create_app(home, statutes=law, today=lambda: TODAY, now=lambda: NOW)


@pytest.fixture
def reader(app):
    with TestClient(app, raise_server_exceptions=False) as client:
        client.headers["accept-language"] = "en"
        yield client


@pytest.fixture
def reviewer(app, reader):
    """Somebody who has signed in as an officer."""
    app.state.desk.people.add("Corrections desk", "officer", PASSWORD, at=NOW)
    reader.post("/sign-in", data={"name": "Corrections desk", "password": PASSWORD})
    return reader


@pytest.fixture
def bearer(app):
    """The header of a program with an officer's key."""
    people = app.state.desk.people
    people.add("Automation", "officer", PASSWORD, at=NOW)
    _, secret = people.make_key("Automation", ["takedowns"], at=NOW, expires=NOW + dt.timedelta(days=9))
    return {"authorization": f"Bearer {secret}"}


def decide(client, reference, do, reason="", **more):
    """Send the form of a decision with what the page of the request has for it."""
    review = f"/takedowns/{reference}/review"
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(review).text)[1]
    return client.post(review, data={"do": do, "reason": reason, "csrf": csrf, **more})


def filed(client, identity, **changes):
    """File a request by the form and return its reference."""
    answer = client.post(f"/news/{identity}/takedown", data=ASKED | changes, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return re.search(r"TD-\w{5}-\w{5}", answer.headers["location"])[0]


@pytest.mark.parametrize(("language", "words"), [("en", "Your request"), ("zh", "您的请求")])
def test_the_form_says_what_happens(reader, stored, language, words):
    shown = reader.get(f"/news/{stored[0]}/takedown?lang={language}")
    assert shown.status_code == 200
    assert words in shown.text
    assert "30" in shown.text
    assert "180" in shown.text
    assert 'method="post"' in shown.text


def test_a_request_is_confirmed_and_followed_by_its_reference(reader, stored):
    answer = reader.post(f"/news/{stored[0]}/takedown", data=ASKED)
    assert answer.status_code == 200
    assert 'role="status"' in answer.text
    reference = re.search(r"TD-\w{5}-\w{5}", answer.text)[0]
    followed = reader.get(f"/takedowns/{reference}")
    assert "waits for a decision" in followed.text
    for private in ("Reader", "r@mail.example", "It names me"):
        assert private not in followed.text
    assert followed.headers["x-robots-tag"] == "noindex"


def test_what_was_written_is_kept_when_something_lacks(reader, stored):
    answer = reader.post(f"/news/{stored[0]}/takedown", data={**ASKED, "ground": "", "text": "still here"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "still here" in answer.text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}])
def test_another_site_can_neither_file_nor_decide_in_a_readers_name(reviewer, stored, headers):
    assert reviewer.post(f"/news/{stored[0]}/takedown", data=ASKED, headers=headers).status_code == 403
    reference = filed(reviewer, stored[0])
    review = f"/takedowns/{reference}/review"
    assert reviewer.post(review, data={"do": "grant"}, headers=headers).status_code == 403
    assert reviewer.post(review, data={"do": "grant"}).status_code == 403  # without what its form has
    api = f"/api/v1/takedowns/{reference}/grant"
    assert reviewer.post(api, json={}, headers=headers).status_code == 403
    assert reviewer.get(f"/news/{stored[0]}").status_code == 200


def test_a_client_files_only_so_many_a_day(reader, stored):
    for number in range(3):
        filed(reader, stored[number])
    assert reader.post(f"/news/{stored[0]}/takedown", data={**ASKED, "name": "Other"}).status_code == 429


def test_the_queue_is_for_officers(app, reader, stored):
    reference = filed(reader, stored[0])
    paths = ("/takedowns", f"/takedowns/{reference}/review", "/api/v1/takedowns", "/api/v1/holds")

    def refused():
        answers = [reader.get(path, follow_redirects=False) for path in paths]
        assert [answer for answer in answers if "r@mail.example" in answer.text] == []
        return [answer.status_code for answer in answers]

    assert {*refused()} <= {303, 401}
    assert reader.get("/api/v1/takedowns", headers={"authorization": "Bearer wrong"}).status_code == 401
    app.state.desk.people.add("Newsroom", "analyst", PASSWORD, at=NOW)
    reader.post("/sign-in", data={"name": "Newsroom", "password": PASSWORD})
    assert {*refused()} == {403}


def test_an_officer_sees_the_queue(reviewer, stored):
    reference = filed(reviewer, stored[0])
    assert reference in reviewer.get("/takedowns").text
    assert reference not in reviewer.get("/takedowns?status=granted").text


def test_a_reviewer_sees_it_beside_the_page_grants_and_undoes(reviewer, stored, home):
    reference = filed(reviewer, stored[0])
    shown = reviewer.get(f"/takedowns/{reference}/review").text
    for part in (WORD, "It names me.", "r@mail.example", ZH["paragraphs"][1]):
        assert part in shown
    answer = decide(reviewer, reference, "grant", "a private address")
    assert "shown nowhere" in answer.text
    gone = reviewer.get(f"/news/{stored[0]}")
    assert gone.status_code == 451
    assert WORD not in gone.text
    assert "Corrections desk" in answer.text
    answer = decide(reviewer, reference, "undo", "wrong page")
    assert "shown again" in answer.text
    assert WORD in reviewer.get(f"/news/{stored[0]}").text
    assert [entry.kind for entry in Journal.open(home).entries()][-3:] == ["requested", "granted", "undone"]


def test_a_refusal_wants_a_reason_and_shows_it_to_who_asked(reviewer, stored):
    reference = filed(reviewer, stored[0])
    assert decide(reviewer, reference, "refuse").status_code == 400
    assert decide(reviewer, reference, "burn", "x").status_code == 400
    assert decide(reviewer, reference, "refuse", "the figure is right").status_code == 200
    assert "the figure is right" in reviewer.get(f"/takedowns/{reference}").text


def test_holds_are_put_and_released_beside_the_request(reviewer, stored):
    reference = filed(reviewer, stored[0])
    held = decide(reviewer, reference, "hold", "proceedings").text
    assert "proceedings" in held
    assert "proceedings" in reviewer.get("/takedowns").text
    freed = decide(reviewer, reference, "release", "settled", hold="1").text
    assert "proceedings" not in freed


def test_the_api_files_follows_and_decides(reader, stored, bearer):
    made = reader.post("/api/v1/takedowns", json={"target": "https://news.example/0", **ASKED})
    assert made.status_code == 201
    reference = made.json()["reference"]
    assert made.headers["location"] == f"/api/v1/takedowns/{reference}"
    assert "reporters" not in made.json()
    (listed,) = reader.get("/api/v1/takedowns?status=open", headers=bearer).json()["items"]
    assert listed["reporters"][0]["contact"] == "r@mail.example"
    granted = reader.post(
        f"/api/v1/takedowns/{reference}/grant", json={"reason": "it names a person", "undo_days": 5}, headers=bearer
    ).json()
    assert granted["retain_until"] == "2026-11-27T08:00:00Z"
    assert reader.get(f"/api/v1/takedowns/{reference}").json()["status"] == "granted"
    hold = reader.post("/api/v1/holds", json={"target": stored[0], "reason": "proceedings"}, headers=bearer).json()
    assert reader.get("/api/v1/holds", headers=bearer).json()["items"] == [hold]
    ended = {"reason": "settled"}
    assert reader.post(f"/api/v1/holds/{hold['number']}/release", json=ended, headers=bearer).json()["released_at"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"target": "nothing", **ASKED}, 404),
        ({**ASKED}, 404),
        ({"target": "https://news.example/0", **ASKED, "ground": "whim"}, 400),
        ({"target": "https://news.example/0", **ASKED, "name": 7}, 400),
        ({"target": "https://news.example/0", **ASKED, "more": "x"}, 400),
        ({"target": "https://news.example/0", **ASKED, "text": "x" * 5000}, 400),
    ],
)
def test_errors_of_the_api_are_problem_documents(reader, body, status):
    answer = reader.post("/api/v1/takedowns", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["fix"]


# Ways out: every address that the desk answers, filled in with what names the page.

QUERIES = ("", f"q={WORD[:8]}", "category=财经", "url=https://news.example/0", "address=https://news.example/0")


def routes(app):
    return sorted({route.path for route in app.routes if "GET" in getattr(route, "methods", ())})


def addresses(path, identity):
    """The addresses of a route that could show the page: its id, its address or its number in every parameter."""
    fillings = {
        "int": ["1", "2"],
        "str": [identity, "财经", "20250301093005", "feed.atom"],
        "path": ["https://news.example/0"],
    }
    names = re.findall(r"{(\w+):(\w+)}", path)
    tried = [path]
    for name, kind in names:
        choices = [identity] if name == "identity" else fillings.get(kind, [identity])
        tried = [one.replace(f"{{{name}:{kind}}}", choice) for one in tried for choice in choices]
    return [f"{one}?{query}" for one in tried for query in QUERIES]


OF_THE_LAW = ("/", "/law", "/world", "/static", "/schema", "/api/v1/check", "/api/v1/chips", "/api/v1/places")


def shown(client, path, identity):
    answers = [client.get(address, headers={"accept": "*/*"}) for address in addresses(path, identity)]
    return "\n".join(answer.text for answer in answers)


def test_no_address_of_the_desk_shows_what_was_taken_down(reader, app, stored):
    paths = [path for path in routes(app) if path not in OF_THE_LAW and not path.startswith(("/static", "/law/"))]
    assert {"/news", "/news/{identity:str}", "/news/{identity:str}/raw", "/api/v1/news"} <= set(paths)
    line = ZH["paragraphs"][2]
    before = {path for path in paths if WORD in shown(reader, path, stored[0])}
    assert {"/news", "/news/{identity:str}", "/api/v1/news"} <= before
    reference = filed(reader, stored[0])
    app.state.desk.archive.takedowns.grant(reference, by="editor", at=NOW)
    after = {path: shown(reader, path, stored[0]) for path in paths}
    assert [path for path, text in after.items() if line in text or WORD in text] == []


def test_the_tombstone_says_when_why_and_of_which_bytes(reader, app, stored):
    digest = app.state.desk.archive.snapshot(stored[0]).digest
    reference = filed(reader, stored[0])
    app.state.desk.archive.takedowns.grant(reference, by="editor", at=NOW, blocker="https://court.example/7")
    for path in (f"/news/{stored[0]}", f"/news/{stored[0]}/raw", f"/news/{stored[0]}/takedown"):
        answer = reader.get(path)
        assert answer.status_code == 451
        assert digest in answer.text
        assert answer.headers["link"] == '<https://court.example/7>; rel="blocked-by"'
    problem = reader.get(f"/api/v1/news/{stored[0]}")
    assert problem.status_code == 451
    assert (problem.json()["ground"], problem.json()["digest"]) == ("privacy", digest)
    assert problem.headers["link"] == '<https://court.example/7>; rel="blocked-by"'
