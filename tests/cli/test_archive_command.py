import gzip
import json

import pytest
from typer.testing import CliRunner

from licet.cli.archive import archive as group
from licet.errors import LicetError

PAGE = (
    "<html><head><meta charset='utf-8'><title>东港仓库完成盘点</title></head><body><h1>东港仓库完成盘点</h1>"
    "<div>类别:财经 发布时间:2025-02-28 14:28:00 来源:东港日报</div>"
    "<p>东港仓库本周完成了年度盘点,账面与实物相符,没有发现差错。</p>"
    "<p>盘点小组采用了新的清点方法,每个库区的用时缩短了一半。</p></body></html>"
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LICET_LANG", "en")

    def _run(*arguments):
        result = CliRunner().invoke(group, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, (SystemExit, LicetError)):
            raise result.exception
        return result

    return _run


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


def added(run, page, *more):
    result = run("add", page, "--at", "2025-02-28T17:45:05+08:00", "--json", *more)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_add_then_show_search_related(run, page):
    snapshot = added(run, page, "--url", "https://news.example/1", "--via", "td.example")
    assert snapshot["captured_at"] == "2025-02-28T09:45:05Z"
    shown = run("show", snapshot["id"])
    for text in (
        "东港仓库完成盘点",
        "category: 财经",
        "source: 东港日报",
        "https://news.example/1",
        "by way of: td.example",
    ):
        assert text in shown.stdout
    assert json.loads(run("show", snapshot["id"], "--json").stdout) == snapshot
    found = json.loads(run("search", "倉庫 盤點", "--json").stdout)
    assert (found["total"], found["hits"][0]["id"]) == (1, snapshot["id"])
    assert {"text": "仓库", "term": True} in found["hits"][0]["excerpt"]
    assert "1 found" in run("search", "仓库").stdout
    assert "nothing related" in run("related", snapshot["id"]).stdout
    assert json.loads(run("related", snapshot["id"], "--json").stdout) == {"id": snapshot["id"], "related": []}
    assert json.loads(run("process", "--json").stdout) == {"processed": 1}


def test_search_filters_by_day(run, page):
    added(run, page)
    for options, total in (
        (("--from", "2025-02-28", "--to", "2025-02-28"), 1),
        (("--from", "2025-03-01"), 0),
        (("--to", "2025-02-27"), 0),
        (("--category", "财经", "--in", "zh"), 1),
        (("--in", "en"), 0),
        (("--category", "体育"), 0),
    ):
        assert json.loads(run("search", "盘点", "--json", *options).stdout)["total"] == total


def test_one_bad_input_does_not_stop_the_others(run, page, tmp_path):
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    result = run("add", empty, page, tmp_path / "missing.html", "--json")
    assert result.exit_code == 1
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert first == {"input": str(empty), "error": {"message": "empty.html is empty", "fix": "save the page again"}}
    assert second["article"]["title"] == "东港仓库完成盘点"
    assert third["error"]["fix"]


def test_extract_prints_the_contract(run, page, tmp_path):
    packed = tmp_path / "packed.html.gz"
    packed.write_bytes(gzip.compress(page.read_bytes()))
    bad = tmp_path / "bad.html"
    bad.write_bytes(b"\x00\x00")
    result = run("extract", page, bad, packed, "--jsonl")
    assert result.exit_code == 1
    one, two, three = map(json.loads, result.stdout.splitlines())
    contract = {
        "id",
        "url",
        "lang",
        "title",
        "body",
        "published",
        "published_at",
        "author",
        "source",
        "category",
        "images",
    }
    assert contract <= set(one)
    assert (one["id"], three["id"]) == ("page", "packed")
    assert two == {
        "id": "bad",
        "error": {"message": "bad.html is not a page but a binary file", "fix": "give the HTML of the page"},
    }
    assert {**one, "id": ""} == {**three, "id": ""}
    assert one["published_at"] == "2025-02-28T14:28:00+08:00"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "aaaaaaaaaaaa"),
        ("search", "x", "--from", "yesterday"),
        ("add", "a.html", "b.html", "--url", "https://x/"),
    ],
)
def test_bad_input_is_one_error_with_its_fix(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.exception.fix


def test_usage_is_status_2(run):
    assert run("add").exit_code == 2
    assert run("search", "x", "--limit", "0").exit_code == 2


def test_a_private_address_is_refused_without_the_option(run):
    result = run("add", "http://127.0.0.1:9/", "--json")
    assert result.exit_code == 1
    assert "--allow-private" in json.loads(result.stdout)["error"]["fix"]


def test_chinese_terminals_read_chinese(run, page, monkeypatch):
    snapshot = added(run, page)
    monkeypatch.setenv("LICET_LANG", "zh")
    assert "来源: 东港日报" in run("show", snapshot["id"]).stdout
    assert "找到 1 条" in run("search", "仓库").stdout
    assert "1 found" in run("search", "仓库", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "{}"), "作者: 港口组"),
        (("show", "{}"), "原文地址: 不详"),
        (("extract", "{page}"), "类别: 财经"),
        (("search", "仓库"), "找到 1 条"),
        (("related", "{}"), "没有收录相关资讯"),
        (("process",), "已重新读取 1 个快照"),
    ],
)
def test_the_option_chooses_the_language(run, page, arguments, said):
    page.write_text(PAGE.replace("东港日报</div>", "东港日报 作者:港口组</div>"), "utf-8")
    identity = added(run, page)["id"]
    given = [argument.format(identity, page=page) for argument in arguments]
    assert said in run(*given, "--lang", "zh").stdout
    refused = run(*given, "--lang", "fr")
    assert refused.exit_code == 1
    assert refused.exception.fix == "en or zh"
