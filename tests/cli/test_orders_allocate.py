"""``licet orders allocate``, ``plan``, ``post``, ``discard`` as commands."""

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
    "quantity": "1000",
    "destination": "PL",
    "ultimate_parent": "Nordhafen Gruppe",
}


@pytest.fixture
def licet(tmp_path):
    def run(*arguments):
        environment = {**os.environ, "LICET_HOME": str(tmp_path / "home"), "COLUMNS": "200"}
        command = [sys.executable, "-m", "licet", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8")

    return run


@pytest.fixture
def book(tmp_path):
    rows = [ROW, ROW | {"id": "L2"}, ROW | {"id": "L3", "quantity": "many"}, ROW | {"id": "L4", "quantity": "49000"}]
    return books.write_csv(tmp_path / "book.csv", rows)


def test_a_plan_is_made_looked_at_posted_and_posted_again(licet, book, tmp_path):
    plan = tmp_path / "plan.jsonl"
    made = licet("orders", "allocate", book, "-o", plan, "--take-headquarters")
    assert made.returncode == 1, made.stderr
    assert "3 lines, in the order date" in made.stdout
    assert "1 lines could not be read" in made.stdout
    assert not (tmp_path / "home" / "ledger").exists()
    shown = licet("orders", "plan", plan, "--lang", "zh")
    assert "共3行，顺序为date" in shown.stdout
    assert "national allocation/PL/2025 to 2027腾出余量" in shown.stdout
    for _ in range(2):
        posted = licet("orders", "post", plan)
        assert (posted.returncode, posted.stdout) == (0, "2 draws posted\n")
    balance = json.loads(licet("ledger", "balance", "lpp/Nordhafen Gruppe/2025", "--on", "2025-06-02", "--json").stdout)
    assert balance["posted"] == 15_832_000


def test_a_plan_that_reserves_is_discarded(licet, book, tmp_path):
    plan = tmp_path / "plan.jsonl"
    made = licet(
        "orders", "allocate", book, "-o", plan, "--take-headquarters", "--reserve", "--expires", "2025-07-01", "--json"
    )
    assert json.loads(made.stdout)["counts"] == {"lines": 3, "planned": 2, "waits": 1}
    assert "2 reservations given up" in licet("orders", "discard", plan).stdout
    after = licet("orders", "post", plan)
    assert (after.returncode, "discarded" in after.stderr) == (1, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "plan.csv"), "end it in .jsonl"),
        (("-o", "plan.jsonl", "--order", "size"), "no order is called 'size'"),
        (("-o", "plan.jsonl", "--expires", "2025-07-01"), "--reserve"),
    ],
)
def test_a_mistake_names_its_fix(licet, book, tmp_path, options, said):
    ran = licet("orders", "allocate", book, "-o", tmp_path / options[1], *options[2:])
    assert (ran.returncode, said in ran.stderr) == (1, True)
    assert not (tmp_path / options[1]).exists()
