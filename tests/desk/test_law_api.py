import pytest


def test_the_acts(client, law):
    acts = client.get("/api/v1/law/acts").json()
    assert [act["id"] for act in acts] == [act.id for act in law.acts()]
    framework = next(act for act in acts if act["id"] == "us-ear-2025-01-13-ai-diffusion")
    assert framework["consultation_state"] == "closed"
    assert framework["days"] == ["2025-01-13", "2025-05-15"]


def test_one_act_with_its_changes(client):
    act = client.get("/api/v1/law/acts/microsoft-2025-02-27").json()
    assert act["amendments"] == len(act["law"]) == 5
    assert {change["clause"] for change in act["changes"]} >= {"allocation", "uveu"}


def test_one_clause(client):
    clause = client.get("/api/v1/law/clauses/lpp?on=2025-06-02").json()
    assert clause["condition"].endswith("lpp_used_tpp + total_tpp <= 26900000")
    assert clause["history"][0]["act"] == "us-ear-2025-01-13-ai-diffusion"
    assert clause["masks"][0]["act"] == "us-ear-2025-05-13-not-enforced"
    assert "exceptions-not-enforced" in clause["readings"]
    assert {case["how"] for case in clause["cases"]} == {"decides", "closed"}


def test_two_laws(client):
    path = "/api/v1/law/compare?from=2025-06-02&to=2025-06-02&basis=written&with=microsoft-2025-02-27"
    found = client.get(f"{path}&chip=h100-sxm&quantity=2000").json()
    assert found["law"]["after"]["proposals"] == ["microsoft-2025-02-27"]
    assert "CH" in found["gains"]["gaining"]
    assert found["gains"]["losing"] == []
    assert [quantity["units"] for quantity in found["gains"]["quantities"]] == [2000]


def test_one_place(client):
    place = client.get("/api/v1/places/CH?on=2025-06-02&basis=written").json()
    assert (place["tier"], place["groups"]) == (2, ["A:1", "A:5"])
    assert place["periods"][0]["from"] == "2022-08-01"
    assert place["periods"][-1] == {"from": "2025-01-13", "through": None, "tier": 2, "groups": ["A:1", "A:5"]}
    limits = {volume["clause"]: (volume["limit_tpp"], volume["account"]) for volume in place["volumes"]}
    assert limits["allocation"] == (790_000_000, "national allocation/CH/2025 to 2027")
    assert client.get("/api/v1/places/瑞士").json()["code"] == "CH"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/law/acts/none", 404),
        ("/api/v1/law/clauses/none", 404),
        ("/api/v1/law/clauses/lpp?on=none", 400),
        ("/api/v1/law/clauses/lpp?basis=none", 400),
        ("/api/v1/places/none", 404),
        ("/api/v1/places/CH?on=none", 400),
        ("/api/v1/law/compare", 400),
        ("/api/v1/law/compare?from=none", 400),
        ("/api/v1/law/compare?from=2025-01-01&chip=none", 400),
        ("/api/v1/law/compare?from=2023-01-01&to=2023-01-02&with=microsoft-2025-02-27", 400),
    ],
)
def test_errors_are_problem_documents(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) >= {"type", "title", "status", "detail", "fix"}


def test_the_description_names_the_parameters(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    compare = {item["name"] for item in paths["/api/v1/law/compare"]["get"]["parameters"]}
    assert compare == {"from", "to", "basis", "with", "chip", "quantity", "place"}
    for path in ("/api/v1/law/acts", "/api/v1/law/acts/{name}", "/api/v1/law/clauses/{name}", "/api/v1/places/{name}"):
        assert path in paths
