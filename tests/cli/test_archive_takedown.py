from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from licet.cli.archive import archive as group
from licet.errors import LicetError, NotInThatState

PAGE = (
    "<html><head><meta charset='utf-8'><title>东港仓库完成盘点</title></head><body><h1>东港仓库完成盘点</h1>"
    "<div>类别:财经 发布时间:2025-02-28 14:28:00 来源:东港日报</div>"
    "<p>东港仓库本周完成了年度盘点,账面与实物相符,没有发现差错。</p>"
    "<p>盘点小组采用了新的清点方法,每个库区的用时缩短了一半。</p></body></html>"
)
ASKED = ("--ground", "privacy", "--text", "My number is in it", "--name", "Reader", "--contact", "r@mail.example")


@pytest.fixture
def run(licet_home, monkeypatch):
    monkeypatch.setenv("LICET_LANG", "en")

    def _run(*arguments, failing=None):
        result = CliRunner().invoke(group, [str(argument) for argument in arguments])
        if failing:
            assert isinstance(result.exception, failing)
        elif result.exception is not None:
            raise result.exception
        return result.output

    return _run


@pytest.fixture
def identity(run, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return json.loads(run("add", path, "--at", "2025-02-28T17:45:05+08:00", "--json"))["id"]


@pytest.fixture
def asked(run, identity):
    """File a request and return its reference."""
    command = ("takedown", "request", identity, *ASKED, "--at", "2025-03-01", "--json")
    return json.loads(run(*command))["reference"]


def test_from_request_to_erasure(run, identity, asked):
    assert asked in run("takedown", "list", "--status", "open")
    assert "My number is in it" in run("takedown", "show", asked)
    told = run("takedown", "grant", asked, "--by", "editor", "--at", "2025-03-02", "--undo-days", "10")
    assert "can be undone until: 2025-03-12" in told
    run("show", identity, failing=LicetError)
    assert "erased: 0" in run("takedown", "erase", "--at", "2025-03-03")
    assert json.loads(run("takedown", "erase", "--at", "2025-03-13", "--json"))["erased"] == [identity]
    run("takedown", "undo", asked, "--by", "editor", "--reason", "late", failing=NotInThatState)
    assert json.loads(run("takedown", "show", asked, "--json"))["status"] == "erased"


def test_a_refusal_and_its_reason_in_chinese(run, asked):
    run("takedown", "refuse", asked, "--by", "editor", "--reason", "the figure is right", "--at", "2025-03-02")
    told = run("takedown", "show", asked, "--lang", "zh")
    assert "已驳回" in told
    assert "说明: the figure is right" in told


def test_undone_it_is_there_again(run, identity, asked):
    run("takedown", "grant", asked, "--by", "editor", "--at", "2025-03-02")
    run("takedown", "undo", asked, "--by", "editor", "--reason", "wrong page", "--at", "2025-03-03")
    assert "东港仓库完成盘点" in run("show", identity)


def test_a_hold_is_named_by_what_waits(run, identity, asked):
    run("takedown", "grant", asked, "--by", "editor", "--at", "2025-03-02", "--undo-days", "1")
    made = ("takedown", "hold", identity, "--by", "counsel", "--reason", "proceedings", "--at", "2025-03-02")
    number = json.loads(run(*made, "--json"))["number"]
    assert "proceedings" in run("takedown", "list", "--holds")
    assert "a legal hold is on it" in run("takedown", "erase", "--at", "2025-03-09")
    assert "法律保全" in run("takedown", "show", asked, "--lang", "zh")
    told = run("takedown", "release", number, "--by", "counsel", "--reason", "settled", "--at", "2025-03-10")
    assert "hold released" in told
    assert "no legal holds" in run("takedown", "list", "--holds")
    assert "erased: 1" in run("takedown", "erase", "--at", "2025-03-11")


@pytest.mark.parametrize(
    "command",
    [
        ("list", "--status", "lost"),
        ("show", "TD-2A3BC-D4EFG"),
        ("erase", "--at", "soon"),
        ("release", "9", "--by", "c", "--reason", "r"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_fix(run, command):
    result = CliRunner().invoke(group, ["takedown", *command])
    assert isinstance(result.exception, LicetError)
    assert result.exception.fix
