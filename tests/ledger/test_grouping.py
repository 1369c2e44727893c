"""Callers that come while a commit is on its way share the next one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from contextlib import contextmanager

import pytest

from licet.errors import LimitExceeded, NotWritten
from licet.ledger import Ledger, Receipt, Reserve
from licet.ledger.grouping import MOST_TOGETHER

JUNE = "2025-06-02"


class Counting:
    """A database whose commits are counted, and slow."""

    def __init__(self, database, seconds=0.0):
        self._database = database
        self._seconds = seconds
        self.commits = 0

    def __getattr__(self, name):
        return getattr(self._database, name)

    @contextmanager
    def writing(self):
        with self._database.writing():
            yield
            time.sleep(self._seconds)
        self.commits += 1


def at_once(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_threads_share_commits_and_each_has_its_own_answer(ledger):
    ledger.open_account("a", 100)
    ledger._database = counting = Counting(ledger._database, 0.02)
    outcomes = {}

    def work(number):
        try:
            outcomes[number] = ledger.reserve("a", 4, key=f"k{number}", on=JUNE)
        except LimitExceeded as error:
            outcomes[number] = error

    at_once(40, work)
    granted = {number: one for number, one in outcomes.items() if isinstance(one, Receipt)}
    assert len(outcomes) == 40
    assert len(granted) == 25
    assert all(receipt.key == f"k{number}" for number, receipt in granted.items())
    assert counting.commits < 20
    assert ledger.verify() == []


def test_what_keeps_a_commit_from_the_disk_is_told_to_everyone_in_it(tmp_path):
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.open_account("a", 100)
        sound = ledger._database

        class Full(Counting):
            @contextmanager
            def writing(self):
                time.sleep(0.05)
                message = "the disk is full"
                raise NotWritten(message)
                yield

        ledger._database = Full(sound)
        told = []

        def work(number):
            with pytest.raises(NotWritten):
                ledger.reserve("a", 4, key=f"k{number}", on=JUNE)
            told.append(number)

        at_once(6, work)
        assert len(told) == 6
        ledger._database = sound
        assert ledger.balance("a").available == 100
        assert ledger.reserve("a", 4, key="k0", on=JUNE).amount == 4


def test_a_mistake_in_the_program_does_not_leave_others_waiting(tmp_path):
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.open_account("a", 100)
        with pytest.raises(KeyError):
            ledger.batch([object()])
        assert ledger.reserve("a", 4, key="k", on=JUNE).amount == 4


def test_a_batch_longer_than_one_commit_goes_into_several(ledger):
    ledger.open_account("a", 10_000)
    ledger._database = counting = Counting(ledger._database)
    asked = [Reserve(account="a", amount=1, key=f"k{n}", on=dt.date(2025, 6, 2)) for n in range(MOST_TOGETHER + 1)]
    assert all(isinstance(one, Receipt) for one in ledger.batch(asked))
    assert counting.commits == 2
