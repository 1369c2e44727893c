"""Eight processes at once, some of them killed: never over a limit, nothing acknowledged is lost."""

from __future__ import annotations

import os

from tools.hammering import ACCOUNTS, LIMIT, PROCESSES, hammer, judge, lines, prepare, start

KILLS = int(os.environ.get("LICET_HAMMER_KILLS", "5"))
REFUSALS = 5 * KILLS


def test_never_over_a_limit_and_nothing_acknowledged_is_lost(url, tmp_path):
    acks = hammer(url, tmp_path, kills=KILLS, refusals=REFUSALS)
    assert judge(url, acks) == []
    done = lines(acks)
    assert done.count("reserved") > len(ACCOUNTS), "they hardly got to work"
    assert done.count("refused") >= REFUSALS, "no limit was hit"
    assert len(acks) == PROCESSES + KILLS, "none was killed"


def test_a_naive_twin_fails_the_same(url, tmp_path):
    wrong = judge(url, hammer(url, tmp_path, "naive", kills=KILLS, refusals=REFUSALS))
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
