from __future__ import annotations

import re
import socket
from datetime import date

import pytest
from typer.testing import CliRunner

from licet import cli, statutes
from licet.archive import Archive
from licet.catalog import items, places
from licet.cli import demo_calls
from licet.cli.demo import free_port
from licet.demo import pages
from licet.demo.questions import CERTIFIED, QUESTIONS
from licet.errors import BadValue

ALL = [question for _, questions in QUESTIONS for question in questions]


class Rooms:
    """Stands for the other rooms, and remembers what was asked of them."""

    def __init__(self):
        self.asked, self.captured, self.toured, self.served = [], [], [], []

    def answer(self, question, languages, console, *, whole):
        self.asked.append((question, tuple(languages), whole))
        console.print(f"verdict on {question.to}")

    def capture(self, home, site):
        for page in site.pages:
            self.captured.append(page.path)
            yield demo_calls.Captured(
                page.path, f"s{len(self.captured)}", page.title, "2025-03-03", page.source, (("place", "CH"),) * 2
            )

    def tour(self, home, site, captured):
        self.toured.append((home, site.address, len(captured)))
        yield demo_calls.Stop("Searched: {value}", "a word", ("what was found",), 0.25)

    def serve(self, home, host, port):
        self.served.append((home, host, port))


@pytest.fixture
def rooms(monkeypatch):
    found = Rooms()
    for name in ("answer", "capture", "tour", "serve"):
        monkeypatch.setattr(demo_calls, name, getattr(found, name))
    return found


def run(*arguments):
    result = CliRunner().invoke(cli.app, ["demo", *arguments], catch_exceptions=False)
    return result.exit_code, result.output


def test_it_asks_every_question_in_both_languages_and_stops_before_the_desk(rooms, licet_home):
    status, output = run("--no-serve")
    assert status == 0
    assert rooms.asked == [(question, ("en", "zh"), question is ALL[0]) for question in ALL]
    assert rooms.served == []
    assert str(licet_home) in output
    for question in ALL:
        assert question.command() in output
    assert "按条文的答案" in output


def test_it_captures_the_whole_newsroom_and_shows_the_mentions(rooms, licet_home):
    _, output = run("--no-serve")
    assert len(rooms.captured) == len(set(rooms.captured)) >= 8
    assert "CH × 2" in output
    assert "Swiss research cluster" in output


def test_it_shows_what_is_seen_at_each_stop_and_how_long_it_took(rooms, licet_home):
    _, output = run("--no-serve")
    ((home, _, count),) = rooms.toured
    assert (home, count) == (licet_home, len(pages()))
    for words in ("Searched: a word", "搜索：a word", "what was found", "(0.25 s)"):
        assert words in output


def test_it_opens_the_desk_on_the_named_folder(rooms, tmp_path):
    free = free_port("127.0.0.1", 20000)
    status, output = run("--home", str(tmp_path / "new"), "--port", str(free))
    assert status == 0
    assert rooms.served == [(tmp_path / "new", "127.0.0.1", free)]
    assert (tmp_path / "new").is_dir()
    assert f"http://127.0.0.1:{free}/" in output


def test_without_a_folder_it_makes_one_and_says_where(rooms, tmp_path, monkeypatch):
    monkeypatch.delenv("LICET_HOME", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _, output = run("--no-serve")
    made = next(tmp_path.glob("licet-demo-*"))
    assert made.is_dir()
    assert made.name in output


def test_a_taken_port_gives_the_next_free_one():
    first = free_port("127.0.0.1", 21000)
    with socket.create_server(("127.0.0.1", first)):
        assert first < free_port("127.0.0.1", first) <= first + 100


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_refused_with_a_fix(host):
    with pytest.raises(BadValue) as caught:
        free_port(host, 8000)
    assert "127.0.0.1" in str(caught.value) or "--host" in str(caught.value)


def test_the_questions_are_the_ones_that_the_demonstration_is_for():
    framework = [question for question in ALL if question.chip == "h100-sxm"]
    assert {(question.to, question.hq, question.basis) for question in framework} == {
        (to, seat, basis)
        for to, seat in [("CH", ""), ("DE", ""), ("AE", ""), ("CN", ""), ("SG", "CN")]
        for basis in ("written", "enforced")
    }
    assert {question.chip for question in ALL} == {"h100-sxm", "h20", "h200-sxm", "rtx-4090"}
    for question in ALL:
        assert date.fromisoformat(question.on)


def test_a_question_knows_its_command():
    plain, certified = ALL[-2:]
    assert plain.flags() == {"chip": "h200-sxm", "quantity": 100, "to": "CN", "on": "2026-01-15", "basis": "enforced"}
    assert plain.command() == "licet check --chip h200-sxm --quantity 100 --to CN --on 2026-01-15 --basis enforced"
    assert certified.flags() == plain.flags() | {"fact": list(CERTIFIED)}
    assert certified.command().startswith(plain.command() + " --fact commercially_available_in_us=true --fact ")


def test_the_chips_and_places_of_the_questions_are_in_the_catalog():
    for question in ALL:
        assert items.look_up(question.chip).item.id == question.chip
        for code in filter(None, (question.to, question.hq, question.parent)):
            assert places.place(code).code == code


def test_the_conditions_that_are_certified_are_facts_of_the_vocabulary():
    known = statutes.load().vocabulary.facts
    assert [fact for fact in CERTIFIED if fact.partition("=")[0] not in known] == []


def test_the_whole_demonstration_runs_without_a_network(licet_home):
    status, output = run("--no-serve")
    assert status == 0
    told = " ".join(output.split())
    for words in ("presumption of approval", "presumption of denial", "case by case", "Exception NAC", "瑞士"):
        assert words in told
    for page in pages():
        assert page.title in output
    mentioned = output[output.index("Mentions found in: ") :]
    for kind, key in (("place", "CH"), ("place", "DE"), ("chip", "h100"), ("chip", "h200")):
        assert re.search(rf"{kind} +{key}", mentioned)
    for words in ("version 2", "failed 2", "{+inside the yearly exception+}", "451  privacy", "search: 0", "demo.wacz"):
        assert words in output
    gone = next(page for page in pages() if page.removal)
    with Archive.open(licet_home) as archive:
        stored = {snapshot.title for snapshot in archive.recent(100)}
        assert {(page.corrected or page).title for page in pages() if page is not gone} <= stored
        assert gone.title not in stored
        assert archive.takedowns.cases("granted")
        assert archive.verify() == []
        assert archive.search("瑞士").total >= 2
