"""The operator's names of places on the pages of a desk."""

import datetime as dt

import pytest
from litestar.testing import TestClient

from licet import evidence
from licet.archive import Archive
from licet.desk.app import create_app
from licet.errors import BadFile

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A hall in Taiwan</title></head><body>
<article><h1>A hall in Taiwan</h1><p>A company in Taiwan weighs how many accelerators its new data center may buy, and
whether the shipment would count against a ceiling; it has asked its counsel about the paperwork as well.</p>
<p>The company would buy them through a distributor, and says that the first racks are to run before the summer.</p>
</article></body></html>"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "names.yaml").write_text("places:\n  TW: {en: Taiwan (display), zh: 中国台湾}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(home, law):
    path = home / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    with Archive.open(home, tagger=evidence.tagger()) as archive:
        archive.add_file(path, at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC))
    with TestClient(create_app(home, statutes=law, today=lambda: dt.date(2026, 11, 22))) as made:
        yield made


def test_every_page_shows_the_name_and_keeps_the_code(client):
    asked = "chip=h100-sxm&quantity=1&to=TW&on=2025-06-02"
    for path in (f"/?{asked}", "/world?on=2025-06-02"):
        assert "Taiwan (display)" in client.get(f"{path}&lang=en").text
        assert "中国台湾" in client.get(f"{path}&lang=zh").text
    found = {item["code"]: item["names"] for item in client.get("/api/v1/places").json()}
    assert found["TW"] == {"en": "Taiwan (display)", "zh": "中国台湾"}
    assert found["CH"] == {"en": "Switzerland", "zh": "瑞士"}
    assert client.get(f"/api/v1/check?{asked}&hq=TW&parent=TW&lang=en").json()["tier"] == 1


def test_a_mark_in_the_news_bears_the_name(client, home):
    with Archive.open(home) as archive:
        (snapshot,) = archive.recent(1)
    assert "Taiwan (display)" in client.get(f"/news/{snapshot.id}?lang=en").text


@pytest.mark.parametrize("name", ["Taiwan+(display)", "中国台湾", "Taiwan", "台湾", "TW"])
def test_look_up_knows_the_name_and_the_built_in_ones(client, name):
    response = client.get(f"/?chip=h100-sxm&quantity=1&to={name}&on=2025-06-02&lang=en")
    assert response.status_code == 200
    assert "to=TW" in str(response.url)


def test_a_name_is_text_and_never_markup(home, law):
    (home / "names.yaml").write_text("places:\n  TW: {en: <script>alert(1)</script>}\n", encoding="utf-8")
    with TestClient(create_app(home, statutes=law)) as client:
        assert "<script>alert(1)" not in client.get("/world?lang=en").text


def test_a_wrong_file_keeps_the_desk_from_starting(home, law):
    (home / "names.yaml").write_text("places:\n  XX: {en: Nowhere}\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"names\.yaml:2"):
        create_app(home, statutes=law)
