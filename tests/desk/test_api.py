import pytest
from litestar.testing import TestClient

from licet.desk.app import create_app

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


def test_check_by_address(client):
    line = client.get(
        "/api/v1/check?chip=h100-sxm&quantity=2000&to=Switzerland&hq=CH&parent=CH&on=2025-06-02&basis=written"
    ).json()
    assert (line["outcome"], line["tier"], line["allocation_tpp"]) == ("license_required", 2, 31664000)


def test_check_takes_no_headquarters_for_granted(client):
    line = client.get("/api/v1/check?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02").json()
    assert line["outcome"] == "undecided"
    assert {item["fact"] for item in line["missing"]} == {"headquarters", "parent_headquarters"}


def test_check_of_a_case_line(client):
    response = client.post("/api/v1/check", json=CASE)
    assert response.status_code == 200
    assert (response.json()["exception"], response.json()["id"]) == ("LPP", "a")


def test_check_of_a_case_line_on_another_day_known_then(client):
    line = client.post(
        "/api/v1/check", json={**CASE, "basis": "enforced", "known": "2025-05-01", "readings": {}, "proposals": []}
    ).json()
    assert (line["law"]["known"], line["exception"]) == ("2025-05-01", "LPP")


def test_texts_follow_the_language(client):
    address = "/api/v1/check?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02"
    english, chinese = (client.get(f"{address}&lang={code}").json()["missing"][0]["question"] for code in ("en", "zh"))
    assert english.isascii()
    assert not chinese.isascii()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/check?chip=h100-sxm&to=CH", 400),
        ("/api/v1/check?chip=h1000&to=CH&on=2025-06-02", 400),
        ("/api/v1/check?chip=h100-sxm&to=CH&on=2025-06-02&colour=red", 400),
        ("/api/v1/news/nothing", 404),
        ("/api/v1/news?limit=1000", 400),
        ("/api/v1/news?since=yesterday", 400),
        ("/api/v1/places?on=soon", 400),
        ("/api/v1/nothing", 404),
    ],
)
def test_every_error_is_a_problem_document(client, path, status):
    response = client.get(path)
    problem = response.json()
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "detail", "fix"} <= set(problem)
    assert problem["status"] == status
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nothing",
        b'{"destination": 5}',
        b'{"chip": "h1000", "date": "2025-06-02"}',
        b'{"date": "2025-06-02", "basis": "both"}',
        b'{"date": "2025-06-02", "known": 5}',
        b'{"date": "2025-06-02", "readings": []}',
        b'{"date": "2025-06-02", "proposals": "x"}',
        b'{"date": "2025-06-02", "proposals": ["x"]}',
        b'{"date": "2025-06-02", "quantity": 1e999}',
        b'{"destination": "CH"}',
        b'{"transaction": {"transaction": {"item": 5}}}',
        b"{" * 5000,
        b'{"name": "' + b"x" * 1_100_000 + b'"}',
    ],
)
def test_no_posted_body_breaks_the_api(client, body):
    response = client.post("/api/v1/check", content=body, headers={"content-type": "application/json"})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["status"] == response.status_code


def test_a_wrong_method(client):
    response = client.delete("/api/v1/check")
    assert response.status_code == 405
    assert response.json()["title"] == "Method Not Allowed"


def test_an_error_of_our_own_tells_nothing(newsroom, law, caplog):
    def broken():
        message = "the clock at /secret/place"
        raise RuntimeError(message)

    with TestClient(create_app(newsroom.home, statutes=law, today=broken), raise_server_exceptions=False) as client:
        response = client.get("/api/v1/check?chip=h100-sxm&to=CH")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "secret" in caplog.text


def test_places_with_their_tier(client):
    found = {item["code"]: item for item in client.get("/api/v1/places?on=2025-06-02").json()}
    assert (found["CH"]["tier"], found["GB"]["tier"], found["HK"]["tier"]) == (2, 1, 3)
    assert found["CH"]["names"] == {"en": "Switzerland", "zh": "瑞士"}
    assert "tier" not in client.get("/api/v1/places").json()[0]


def test_chips_with_their_figures(client):
    found = {item["id"]: item for item in client.get("/api/v1/chips").json()}
    assert found["h100-sxm"]["tpp"] == 15832
    assert found["h100-sxm"]["sources"]
    assert found["h100-sxm"]["chips"] == []
    system = found["dgx-h100"]
    assert [system[name] for name in ("kind", "circuits", "tpp", "unit_tpp")] == ["computer", 8, 15832, 126656]
    assert system["chips"] == [{"chip": "h100-sxm", "count": 8}]


def test_news_search_and_one_snapshot(client, newsroom):
    found = client.get("/api/v1/news?q=H100&limit=1").json()
    assert (found["total"], len(found["items"])) == (2, 1)
    assert "H100" in found["items"][0]["excerpt"]
    one = client.get(f"/api/v1/news/{newsroom.en}").json()
    assert one["published_at"] == "2025-05-20T10:00:00+00:00" or one["published"] == "2025-05-20 10:00:00"
    assert {"kind": "place", "key": "PL"} in [{"kind": tag["kind"], "key": tag["key"]} for tag in one["tags"]]
    assert client.get("/api/v1/news?limit=2").json()["total"] is None


def test_the_api_is_described(client):
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) >= {
        "/api/v1/check",
        "/api/v1/places",
        "/api/v1/chips",
        "/api/v1/news",
        "/api/v1/news/captures",
        "/api/v1/news/feed",
        "/api/v1/news/{identity}",
        "/api/v1/news/{identity}/versions",
        "/api/v1/news/{identity}/versions/{span}",
        "/api/v1/news/{identity}/proof",
        "/api/v1/takedowns",
        "/api/v1/takedowns/{reference}",
        "/api/v1/takedowns/{reference}/{step}",
        "/api/v1/holds",
        "/api/v1/holds/{number}/release",
    }
    names = {parameter["name"] for parameter in described["paths"]["/api/v1/check"]["get"]["parameters"]}
    assert {"chip", "to", "on", "basis"} <= names
    assert "desk" not in names


@pytest.mark.parametrize(
    "path", ["/", "/news", "/nothing", "/api/v1/nothing", "/static/desk.css", "/api/v1/chips", "/health"]
)
def test_every_response_has_the_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_static_files_are_ours_and_may_be_kept(client):
    assert "immutable" in client.get("/static/desk.css").headers["cache-control"]
    assert client.get("/static/..%2fapp.py").status_code == 404
    assert client.get("/static/app.py").status_code == 404
