"""Eight processes at once, some of them killed: never over a limit, nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from ledger.hammering import ACCOUNTS, LIMIT, LONGEST, judge
from licet.ledger import Ledger

WORKER = Path(__file__).with_name("hammering.py")
PROCESSES = 8
KILLS = int(os.environ.get("LICET_HAMMER_KILLS", "5"))
REFUSALS = 5 * KILLS


def start(url, folder, seed, *options):
    arguments = [sys.executable, WORKER, url, folder / f"{seed}.acks", seed, *options]
    with (folder / f"{seed}.log").open("wb") as log:
        return subprocess.Popen(arguments, stdout=log, stderr=log)


def prepare(url):
    with Ledger.open(url) as ledger:
        for name in ACCOUNTS:
            ledger.open_account(name, LIMIT)


def drop_connections(url, dice):
    """End the connection of one of the workers, wherever it is."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
        if rows:
            connection.execute("SELECT pg_terminate_backend(%s)", dice.choice(rows))


def hammer(url, folder, *options):
    """Run eight processes until limits were hit; kill some and start others in their place. Return their notes."""
    dice = random.Random(20250602)
    prepare(url)
    workers = [start(url, folder, f"w{number}", *options) for number in range(PROCESSES)]
    acks = [folder / f"w{number}.acks" for number in range(PROCESSES)]
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and (lines(acks).count("refused") < REFUSALS or len(acks) < PROCESSES + KILLS):
        time.sleep(dice.uniform(0.1, 0.5))
        if url.startswith("postgresql"):
            drop_connections(url, dice)
        if len(acks) < PROCESSES + KILLS and lines(acks).count("reserved") > 10 * (len(acks) - PROCESSES):
            victim = dice.randrange(PROCESSES)
            workers[victim].kill()
            workers[victim].wait()
            workers[victim] = start(url, folder, f"w{len(acks)}", *options)
            acks.append(folder / f"w{len(acks)}.acks")
    (folder / "stop").touch()
    for worker in workers:
        worker.wait(60)
    return acks


def lines(acks):
    found = [path.read_text(encoding="utf-8") for path in acks if path.exists()]
    return [line.split("\t")[0] for text in found for line in text.splitlines()]


@pytest.mark.slow
def test_never_over_a_limit_and_nothing_acknowledged_is_lost(url, tmp_path):
    acks = hammer(url, tmp_path)
    assert judge(url, acks) == []
    done = lines(acks)
    assert done.count("reserved") > len(ACCOUNTS), "they hardly got to work"
    assert done.count("refused") >= REFUSALS, "no limit was hit"
    assert len(acks) == PROCESSES + KILLS, "none was killed"


@pytest.mark.slow
def test_a_naive_twin_fails_the_same(url, tmp_path):
    wrong = judge(url, hammer(url, tmp_path, "naive"))
    assert any("holds" in one and f"of {LIMIT}" in one for one in wrong)
    assert any("goes over the limit" in one for one in wrong), "verify sees it too"


def test_a_disk_that_is_full_loses_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    prepare(url)
    worker = start(url, tmp_path, "full", "size=150000")
    assert worker.wait(60) == 0, (tmp_path / "full.log").read_text(encoding="utf-8")
    done = lines([tmp_path / "full.acks"])
    assert "not written" in done
    assert done.count("reserved") > 1
    assert judge(url, [tmp_path / "full.acks"]) == []
