"""Importing, exporting, the history of an article, a rebuild, from the command line."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from licet.archive import Archive
from licet.cli import app
from tools.captures import URL, stock


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    with Archive.open(tmp_path / "home") as archive:
        stock(archive)
    return tmp_path / "home"


def run(*words, status=0):
    done = CliRunner().invoke(app, ["archive", *map(str, words)])
    assert done.exit_code == status, done.output
    return done.output


def answer(*words, status=0):
    return json.loads(run(*words, "--json", status=status).splitlines()[-1])


def test_out_and_in_again(home, tmp_path, monkeypatch):
    out = tmp_path / "all.wacz"
    done = answer("export", "--wacz", out)
    assert (done["pages"], done["size"]) == (6, out.stat().st_size)
    assert "已写出 6 个页面" in run("export", "--wacz", out, "--lang", "zh")
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "other"))
    assert answer("import", out, "--via", "td.example")["taken"]["new"] == 5
    assert "次内容未变" in run("import", out, "--lang", "zh")
    assert answer("add", out)["damage"] == 0


@pytest.mark.usefixtures("home")
def test_what_to_write_must_be_said_once(tmp_path):
    for words in ((), ("--wacz", tmp_path / "a", "--cdxj", tmp_path / "b")):
        done = CliRunner().invoke(app, ["archive", "export", *map(str, words)])
        assert done.exit_code == 1
        assert not list(tmp_path.glob("[ab]"))


def test_damage_is_named_and_ends_with_status_1(home, tmp_path):
    out = tmp_path / "all.warc.gz"
    run("export", "--warc", out)
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 0xFF
    out.write_bytes(bytes(data))
    assert answer("import", out, status=1)["damage"] == 1
    assert f"{out.name}@" in run("import", out, status=1)
    (tmp_path / "no.warc.gz").write_bytes(b"nothing")
    assert answer("import", tmp_path / "no.warc.gz", status=1)["error"]["fix"]


def test_the_history_of_an_article(home):
    with Archive.open(home) as archive:
        latest = archive.by_address(URL)
    told = answer("history", latest.id)
    assert [one["version"] for one in told["versions"]] == [1, 2]
    assert [one["visit"] for one in told["visits"]] == ["capture", "capture", "capture", "same bytes", "not modified"]
    assert "not modified" in run("history", latest.id)
    assert "访问记录" in run("history", latest.id, "--lang", "zh")


def test_a_rebuild(home):
    for path in (home / "archive").glob("catalogue.sqlite*"):
        path.unlink()
    shutil.rmtree(home / "archive" / "index")
    assert answer("rebuild")["lost"] == []
    assert "已恢复 7 个快照" in run("rebuild", "--lang", "zh")
