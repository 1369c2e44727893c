"""An address keeps its answer."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from lxml import html

from licet.desk.app import create_app
from licet.desk.seals import Seal, read_seal
from tools.corrected_law import corrected
from tools.desk_pages import TODAY

QUESTION = "/?chip=h100-sxm&quantity=2000&to=CH&on=2025-06-02&basis=written&lang=en"


def told(response):
    tree = html.fromstring(response.text)
    return " ".join(tree.xpath("//p[contains(@class, 'verdict')]")[0].text_content().split())


def box(response):
    found = html.fromstring(response.text).xpath("//section[@aria-labelledby='then-title']")
    return " ".join(found[0].text_content().split()) if found else ""


@pytest.fixture
def desks(tmp_path, monkeypatch):
    """Open a desk over one data folder by the law data of a folder, or by that which comes with Licet."""

    def opened(folder=None):
        with monkeypatch.context() as patched:
            if folder is not None:
                patched.setattr("licet.desk.app.law_folder", lambda: folder)
            return create_app(tmp_path / "home", today=lambda: TODAY)

    return opened


def test_an_address_is_answered_by_the_law_data_of_then_beside_that_of_now(desks, tmp_path):
    with TestClient(desks()) as client:
        first = client.get(QUESTION)
        sealed = str(first.url)
        whole = client.get(sealed + "&format=whole").json()
    with TestClient(desks(corrected(tmp_path / "law", "50000000"))) as client:
        again = client.get(sealed)
        assert told(again) == told(first)
        assert "has been changed since this address was made" in box(again)
        assert "License Exception LPP is used" in box(again)
        assert "License Exception LPP is used" in told(client.get(QUESTION))
        assert client.get(sealed + "&format=whole").json() == whole | {"state": "corrected"}
        other = str(client.get(QUESTION).url)
        assert other != sealed
    with TestClient(desks()) as client:
        assert box(client.get(sealed)) == ""
        assert "License Exception LPP is used" in told(client.get(other))


def test_an_edition_that_is_not_kept_is_said_not_to_be(desks, tmp_path):
    with TestClient(desks(corrected(tmp_path / "law", "50000000"))) as client:
        sealed = str(client.get(QUESTION).url)
    for edition in (tmp_path / "home" / "editions").iterdir():
        edition.unlink()
    with TestClient(desks()) as client:
        assert "is not kept here" in box(client.get(sealed))
        assert told(client.get(sealed)).startswith("A license is required.")


def test_the_same_law_with_another_answer_is_told(client):
    sealed = client.get(QUESTION).url.params["seal"]
    other = re.sub(r"\.\w{16}\.", ".0123456789abcdef.", sealed)
    assert "made for another answer" in box(client.get(f"{QUESTION}&seal={other}"))


@pytest.mark.parametrize("seal", ["x", "0" * 16, "0" * 50, "../../etc", "%00", "0" * 16 + "." + "0" * 16 + ".zz"])
def test_a_damaged_seal_is_an_error_that_says_so(client, seal):
    response = client.get(f"{QUESTION}&seal={seal}")
    assert response.status_code == 400
    assert "seal of this address is damaged" in response.text


@given(st.from_regex(r"[0-9a-f]{16}", fullmatch=True), st.from_regex(r"([0-9a-f]{16})?", fullmatch=True))
def test_a_seal_is_read_as_it_was_written(law, edition):
    seal = Seal(law, law[::-1], edition)
    assert read_seal(str(seal)) == seal


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    quantity=st.integers(1, 10**6),
    to=st.sampled_from(["CH", "CN", "PL", "VN", "AQ", "HK"]),
    on=st.sampled_from(["2022-10-10", "2024-06-01", "2025-02-01", "2025-06-02", "2026-02-01"]),
    basis=st.sampled_from(["written", "enforced"]),
    chip=st.sampled_from(["h100-sxm", "H100", "rtx-4090", ""]),
)
def test_an_address_always_gives_the_same_answer(client, quantity, to, on, basis, chip):  # noqa: PLR0913, PLR0917
    asked = {"chip": chip, "quantity": quantity, "to": to, "on": on, "basis": basis, "lang": "en"}
    first = client.get("/", params=asked)
    again = client.get(str(first.url), follow_redirects=False)
    assert (again.status_code, told(again)) == (200, told(first))
    record = client.get(str(first.url).replace("/?", "/record?", 1) + "&format=json")
    assert record.content == client.get(str(first.url).replace("/?", "/record?", 1) + "&format=json").content
    assert record.headers["content-disposition"].startswith("attachment")
