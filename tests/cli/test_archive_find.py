import json

import pytest
from typer.testing import CliRunner

from licet.cli.archive import archive as group
from licet.errors import BadValue, NoSuchSnapshot

PAGE = (
    "<html><head><meta charset='utf-8'><title>东港仓库完成{what}</title></head><body><h1>东港仓库完成{what}</h1>"
    "<div>类别:财经 发布时间:{day} 14:28:00 来源:东港日报</div>"
    "<p>东港仓库本周完成了年度{what},账面与实物相符,没有发现差错。</p>"
    "<p>小组采用了新的方法,每个库区的用时缩短了一半。</p></body></html>"
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LICET_LANG", "en")

    def _run(*arguments):
        return CliRunner().invoke(group, [str(argument) for argument in arguments])

    path = tmp_path / "page.html"
    for what, day, url in (
        ("盘点", "2025-02-27", "https://n.example/1"),
        ("检修", "2024-02-28", "https://m.example/2"),
    ):
        path.write_text(PAGE.format(what=what, day=day), "utf-8")
        assert _run("add", path, "--at", "2025-02-28T17:45:05+08:00", "--url", url).exit_code == 0
    return _run


def asked(run, *arguments):
    done = run("search", *arguments, "--json")
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def titles(run, *arguments):
    return [hit["title"][-2:] for hit in asked(run, *arguments)["hits"]]


def test_the_query_and_the_options_limit_alike(run):
    assert titles(run, "仓库 before:2025") == titles(run, "仓库", "--to", "2024-12-31") == ["检修"]
    assert titles(run, "仓库 site:n.example") == titles(run, "仓库", "--site", "n.example") == ["盘点"]
    assert titles(run, "(盘点 OR 检修) 来源:东港日报", "--sort", "oldest") == ["检修", "盘点"]
    assert titles(run, "仓库", "--sort", "newest") == ["盘点", "检修"]
    assert set(titles(run, "仓库", "--sort", "fading")) == {"盘点", "检修"}
    assert titles(run, "仓库", "--source", "别家日报") == []


def test_counts_notes_and_what_was_meant(run):
    found = asked(run, "仓库 AND", "--facets")
    assert found["facets"]["year"] == [{"value": "2024", "count": 1}, {"value": "2025", "count": 1}]
    assert found["notes"] == ["AND joins nothing and was left out"]
    assert asked(run, "仓厍")["meant"] == "仓库"
    shown = run("search", "仓厍", "--lang", "zh").stdout
    assert "您要找的是不是：仓库" in shown
    assert "来源: 东港日报 (2)" in run("search", "仓库", "--facets", "--lang", "zh").stdout


def test_what_cannot_be_is_an_error(run):
    for arguments in (("仓库 before:2025-13-40",), ("仓库", "--sort", "best"), ("仓库", "--tag", "chip")):
        assert isinstance(run("search", *arguments).exception, BadValue)


def test_suggestions(run):
    assert json.loads(run("suggest", "仓", "--json").stdout)["suggestions"][0] == "仓库"
    assert "source:东港日报" in run("suggest", "source:东").stdout


def test_an_address_in_any_spelling_is_looked_up(run):
    found = json.loads(run("lookup", "HTTPS://N.example/1?utm_source=x#top", "--json").stdout)
    assert [one["version"] for one in found["versions"]] == [1]
    assert len(found["visits"]) == 1
    assert "version 1" in run("lookup", "https://n.example/1").stdout
    assert isinstance(run("lookup", "https://n.example/none").exception, NoSuchSnapshot)
