"""``licet orders screen`` as a command: exit status, summary in words and JSON, errors that name the fix."""

import json
import os
import subprocess
import sys

import pytest

from tools import books

ROW = {
    "id": "L1",
    "date": "2025-06-02",
    "basis": "written",
    "chip": "h100-sxm",
    "quantity": "2000",
    "destination": "CH",
}


def licet(*arguments, home):
    environment = {**os.environ, "LICET_HOME": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-m", "licet", "orders", "screen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    return books.write_csv(
        tmp_path / "book.csv", [ROW, ROW | {"id": "L2", "quantity": "many"}, ROW | {"destinaton": "CH"}]
    )


def test_a_book_with_a_reject_ends_with_status_1_and_tells_all(book, tmp_path):
    ran = licet(book, "-o", tmp_path / "out.jsonl", "--take-headquarters", "--json", home=tmp_path)
    assert ran.returncode == 1, ran.stderr
    summary = json.loads(ran.stdout)
    assert (summary["lines"], summary["answered"], summary["rejected"]) == (3, 2, 1)
    assert summary["by_place"] == [{"place": "CH", "lines": 2, "drawn_tpp": 63_328_000, "allocation_tpp": 63_328_000}]
    assert summary["columns"]["not_read"] == [{"name": "destinaton", "near": "destination"}]
    assert "quantity is a number" in (tmp_path / "out.rejects.csv").read_text(encoding="utf-8")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [answer["review_policy"] for answer in answers] == ["presumption_of_approval"] * 2


def test_the_summary_in_words_in_both_languages(book, tmp_path):
    for language, words in (("en", "3 lines: 2 answered, 1 rejected"), ("zh", "共3行：已判定2行，退回1行")):
        ran = licet(book, "-o", tmp_path / "out.csv", "--lang", language, home=tmp_path)
        assert words in ran.stdout
        assert ran.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("-o", "out.xlsx"), 1, "of no kind that is written"),
        (("-o", "out.csv", "--engine", "spark"), 1, "no engine is called 'spark'"),
        (("-o", "out.csv", "--basis", "hoped"), 1, "no basis is called"),
        (("-o", "out.csv", "--law", "mars"), 1, "no law is called 'mars'"),
        (("-o", "out.csv", "--memory", "much"), 1, "is no amount of memory"),
        (("-o", "nowhere/out.csv"), 1, "name a file in a folder that exists"),
        ((), 2, "Missing option"),
    ],
)
def test_errors_name_the_fix(  # noqa: PLR0913, PLR0917 - what each case says
    book, tmp_path, monkeypatch, arguments, status, words
):
    monkeypatch.chdir(tmp_path)
    ran = licet(book, *arguments, home=tmp_path)
    assert ran.returncode == status
    assert words in ran.stderr
    assert [path.name for path in tmp_path.glob("*out*")] == []
