import json
import os
import signal
import subprocess
import sys
import time

import pytest
import typer
from typer.testing import CliRunner

from licet.archive.collecting.alone import alone
from licet.cli import archive_crawl
from licet.errors import LicetError
from tools.hostile_server import PAGE, Hostile, answer

GROUP = typer.Typer()
archive_crawl.register(GROUP)
XML = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


class Site(Hostile):
    def request(self, connection):
        found = super().request(connection)
        return found and ("site.example", found[1])

    def site(self, connection, path):
        if path == "/feed":
            items = "".join(f"<item><link>/{n}</link></item>" for n in range(5))
            connection.sendall(answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), XML))
        elif path == "/4":
            connection.sendall(answer(b"", b"HTTP/1.1 404 Not Found\r\n"))
        else:
            connection.sendall(answer(PAGE.replace("东港".encode(), f"第{path[1:]}号".encode())))


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture
def sources_file(tmp_path, site):
    path = tmp_path / "sources.yaml"
    lines = [
        "sources:",
        "  - name: dongang",
        "    kind: feed",
        f"    address: http://127.0.0.1:{site.port}/feed",
        "    allow_private: true",
        "    delay: 0.01s",
        "readers: {display: link}",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LICET_LANG", "en")
    monkeypatch.setenv("LICET_CONTACT", "newsroom@dongang.example")

    def _run(*arguments):
        result = CliRunner().invoke(GROUP, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, (SystemExit, LicetError)):
            raise result.exception
        return result

    return _run


def test_a_crawl_its_summary_and_its_log(run, sources_file, tmp_path, site):
    log = tmp_path / "crawl.jsonl"
    result = run("crawl", sources_file, "--json", "--log", log, "--at", "2025-03-03T08:00:00+08:00")
    assert result.exit_code == 0
    told = json.loads(result.stdout)["sources"]["dongang"]
    assert told == {"outcomes": {"new": 4, "read": 1, "gone": 1}, "reasons": {"gone": 1}, "links": 5}
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [lines[0]["event"], lines[-1]["event"]] == ["started", "ended"]
    visited = [line for line in lines if line["event"] == "visited"]
    assert len(visited) == 6
    assert all(line["at"].startswith("2025-03-03T00:00") and line["source"] == "dongang" for line in visited)
    again = run("crawl", sources_file, "--json", "--at", "2025-03-03T08:01:00+08:00")
    assert json.loads(again.stdout)["visits"] == 0


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["source", "gone 1", "6 visits"]), ("zh", ["来源", "新收录", "访问 6 次"])]
)
def test_people_read_a_table(run, sources_file, language, words):
    shown = run("crawl", sources_file, "--lang", language).stdout
    for word in ("dongang", *words):
        assert word in shown


def test_the_user_agent_names_the_operator_and_without_one_nothing_is_asked(run, sources_file, site, monkeypatch):
    monkeypatch.delenv("LICET_CONTACT")
    result = run("crawl", sources_file)
    assert isinstance(result.exception, LicetError)
    assert "LICET_CONTACT" in result.exception.fix
    assert site.asked == []


def test_the_state_of_the_sources(run, sources_file):
    before = [json.loads(line) for line in run("sources", sources_file, "--json").stdout.splitlines()]
    assert [(one["name"], one["entries"]) for one in before] == [("dongang", []), ("readers", [])]
    run("crawl", sources_file, "--at", "2025-03-03T08:00:00+08:00")
    after = json.loads(run("sources", sources_file, "--json").stdout.splitlines()[0])
    assert {entry["outcome"]: entry["count"] for entry in after["entries"]} == {"new": 4, "read": 1, "gone": 1}
    assert "新收录 4" in run("sources", sources_file, "--lang", "zh").stdout


def test_what_is_submitted_waits_and_is_refused_by_name(run, sources_file):
    assert "waits for the next crawl" in run("submit", "https://news.example/1").stdout
    assert json.loads(run("submit", "https://news.example/1", "--json").stdout)["state"] == "known"
    assert isinstance(run("submit", "http://169.254.169.254/").exception, LicetError)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--once", "--keep-on"),
        ("--at", "soon"),
        ("--at", "2025-03-03T08:00:00"),
        ("--source", "none"),
        ("--log", "/no/such/x"),
    ],
)
def test_what_cannot_be_asked(run, sources_file, arguments):
    error = run("crawl", sources_file, *arguments).exception
    assert isinstance(error, LicetError)
    assert error.fix


def test_one_crawl_of_an_archive_at_a_time(run, sources_file, tmp_path, site):
    with alone(tmp_path / "home" / "archive"):
        error = run("crawl", sources_file).exception
    assert isinstance(error, LicetError)
    assert "another crawl" in error.message
    assert site.asked == []
    assert run("crawl", sources_file).exit_code == 0


def test_a_service_is_stopped_by_its_manager(sources_file, tmp_path, site):
    environment = {**os.environ, "LICET_HOME": str(tmp_path / "home"), "LICET_CONTACT": "https://dongang.example/about"}
    command = [sys.executable, "-m", "licet", "archive", "crawl", str(sources_file), "--keep-on", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    end = time.monotonic() + 30
    while len(site.asked) < 7 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert json.loads(told)["sources"]["dongang"]["outcomes"]["new"] == 4
