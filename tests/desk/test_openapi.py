"""The API description holds: whatever it allows to send is no error of ours, and answers are as it says."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time

import httpx
import jsonschema_rs
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from licet.desk.app import create_app
from licet.desk.people import SCOPES, people_file
from tools.people import NAMES, START

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 50


@schemathesis.serializer("application/jsonl")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def served(prepared, newsroom, tmp_path_factory, law):
    """A desk with a few pages, and a client with an officer's key for everything."""
    home = tmp_path_factory.mktemp("openapi") / "home"
    shutil.copytree(newsroom.home, home)
    shutil.copy(prepared, people_file(home))
    (home / "desk.toml").write_text("api_per_minute_with_key = 1000000\ntakedown_per_client = 1000\n", encoding="utf-8")
    app = create_app(home, statutes=law, today=START.date, now=lambda: START)
    people = app.state.desk.people
    _, secret = people.make_key(NAMES["officer"], SCOPES, at=START, expires=START + dt.timedelta(days=1))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield address, {"authorization": f"Bearer {secret}"}, httpx.get(f"{address}/api/v1/openapi.json").json()
    server.should_exit = True
    thread.join(timeout=30)


def operations(document):
    methods = ("get", "post", "put", "patch", "delete")
    return [(path, method) for path, item in document["paths"].items() for method in item if method in methods]


def test_the_document_is_openapi_3_1_and_says_who_may_do_what(served):
    _, _, document = served
    assert document["openapi"].startswith("3.1")
    assert set(document["components"]["securitySchemes"]) == {"key", "session"}
    names = [document["paths"][path][method]["operationId"] for path, method in operations(document)]
    assert len(names) == len(set(names))
    for path, method in operations(document):
        operation = document["paths"][path][method]
        answers = operation["responses"]
        assert {"429", "default"} <= set(answers), path
        assert operation.get("summary"), path
        assert operation.get("description"), path
        if "security" in operation:
            assert {"401", "403"} <= set(answers), path
        if method == "get":
            assert "ETag" in answers["200"]["headers"], path
    guarded = document["paths"]["/api/v1/ledger/reserve"]["post"]
    assert guarded["security"] == [{"key": []}, {"session": []}]
    assert "For officer or more; a key needs the scope `ledger:write`." in guarded["description"]
    jsonschema_rs.validator_for(document["components"]["schemas"]["Problem"])


def test_nothing_that_the_document_allows_is_an_error_of_ours(served):
    address, headers, document = served
    schema = schemathesis.openapi.from_dict(document)
    phases = (Phase.explicit, Phase.generate)
    quick = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @quick
        @given(case=operation.as_strategy())
        def follow(case):
            answer = case.call(base_url=address, headers=headers)
            case.validate_response(answer, checks=CHECKS)
            tried.add((case.operation.path, case.operation.method.lower()))

        follow()
    assert tried == set(operations(document))
