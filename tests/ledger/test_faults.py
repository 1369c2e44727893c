"""What a ledger does when the disk, the connection or the program is taken away from it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal

import psycopg
import pytest

from licet.errors import BadValue, JournalError, NotWritten
from licet.journal import Journal
from licet.ledger import Ledger, audit_file
from licet.ledger.database import ConnectionLost
from licet.ledger.home import ledger_file

JUNE = "2025-06-02"


@pytest.fixture
def swiss(tmp_path, clock):
    with Ledger.open(tmp_path / "ledger.sqlite", clock=clock) as ledger:
        ledger.open_account("ch", 1_000)
        yield ledger


def end_connections(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def test_a_dropped_connection_is_made_again(schema):
    with Ledger.open(schema) as ledger:
        ledger.open_account("ch", 1_000)
        for number in range(3):
            end_connections(schema)
            ledger.reserve("ch", 10, key=f"k{number}", on=JUNE)
        end_connections(schema)
        assert ledger.balance("ch").reserved == 30
        end_connections(schema)
        assert ledger.verify() == []


def test_an_answer_that_was_lost_after_the_commit_is_given_again(swiss):
    sound = swiss._database

    class Losing:
        lost = False

        def __getattr__(self, name):
            return getattr(sound, name)

        @contextmanager
        def writing(self):
            with sound.writing():
                yield
            if not self.lost:
                Losing.lost = True
                message = "gone after the commit"
                raise ConnectionLost(message)

    swiss._database = Losing()
    receipt = swiss.reserve("ch", 10, key="k", on=JUNE)
    swiss._database = sound
    assert Losing.lost
    assert swiss.reserve("ch", 10, key="k", on=JUNE) == receipt
    assert swiss.balance("ch").reserved == 10
    assert swiss.verify() == []


def test_a_server_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotWritten, match="could not be reached") as refused:
        Ledger.open(f"postgresql://licet:secret@/none?host={tmp_path}")
    assert "secret" not in str(refused.value)


def test_a_full_database_takes_nothing_and_goes_on_when_there_is_room(swiss):
    swiss.reserve("ch", 1, key="before", on=JUNE)
    pages = swiss._database.rows("PRAGMA page_count")[0][0]
    swiss._database.rows(f"PRAGMA max_page_count = {pages + 2}")
    kept = []

    def fill():
        for number in range(1_000):
            kept.append(swiss.add("ch", 1, key=f"k{number}", on=JUNE).key)
            swiss.open_account(f"other {number} " + "x" * 250, 5)

    with pytest.raises(NotWritten, match="full") as refused:
        fill()
    assert refused.value.fix
    assert swiss.balance("ch").posted == len(kept)
    swiss._database.rows("PRAGMA max_page_count = 1000000")
    swiss.add("ch", 1, key="after", on=JUNE)
    assert swiss.balance("ch").posted == len(kept) + 1
    assert swiss.verify() == []


def test_a_program_that_fails_in_the_middle_of_a_commit_leaves_nothing(swiss, monkeypatch):
    head = swiss.head()
    monkeypatch.setattr("licet.ledger.writing.Writing.flush", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        swiss.reserve("ch", 10, key="k", on=JUNE)
    monkeypatch.undo()
    assert swiss.head() == head
    assert swiss.balance("ch").available == 1_000
    swiss.reserve("ch", 1_000, key="k", on=JUNE)
    assert swiss.verify() == []


def test_a_process_that_dies_before_its_commit_leaves_nothing(tmp_path):
    program = """
import os, sys
from licet.ledger import Ledger
ledger = Ledger.open(sys.argv[1])
ledger.open_account("ch", 100)
ledger.add("ch", 40, key="kept", on="2025-06-02")
with ledger._database.writing():
    ledger._database.change("UPDATE ledger_ceilings SET posted = posted + 1000")
    os._exit(9)
"""
    path = tmp_path / "l.sqlite"
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == 9
    with Ledger.open(path) as ledger:
        assert ledger.balance("ch").posted == 40
        assert ledger.verify() == []


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_file_that_is_no_ledger_is_said(tmp_path, content):
    path = tmp_path / "l.sqlite"
    path.write_bytes(content)
    with pytest.raises(NotWritten) as refused:
        Ledger.open(path)
    assert refused.value.fix


def test_a_damaged_file_is_a_finding(tmp_path):
    home = tmp_path / "home"
    with Ledger.open(ledger_file(home)) as ledger:
        ledger.open_account("ch", 100)
        for number in range(200):
            ledger.add("ch", Decimal("0.1"), key=f"k{number}", on=JUNE)
    whole = bytearray(ledger_file(home).read_bytes())
    for start in range(4096 * 3, len(whole), 4096):
        whole[start : start + 200] = b"\xff" * 200
    ledger_file(home).write_bytes(whole)
    assert audit_file(ledger_file(home), Journal.open(home)) != []


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://x", "sqlite:", "", "sqlite:///", "postgresql+x://y"])
def test_addresses_that_name_no_ledger_are_refused(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((BadValue, NotWritten)) as refused:
        Ledger.open(address).close()
    assert refused.value.fix


# The journal


def test_the_journal_has_the_end_of_the_chain(tmp_path, clock):
    journal = Journal.open(tmp_path)
    with Ledger.open(ledger_file(tmp_path), journal=journal, clock=clock) as ledger:
        ledger.open_account("ch", 100)
        sequence, digest = ledger.head()
        identity = ledger.identity
    last = journal.tail(1)[0]
    assert last.payload == {"ledger": identity, "store": "ledger/ledger.sqlite", "sequence": sequence, "digest": digest}
    assert last.time == "2025-06-02T09:00:00.000000Z"
    with Ledger.open(ledger_file(tmp_path), journal=journal):
        pass
    assert journal.tail(1) == [last]
    assert audit_file(ledger_file(tmp_path), journal) == []


def test_a_mark_that_was_never_written_is_made_up_for_at_the_next_start(tmp_path):
    journal = Journal.open(tmp_path)
    ledger = Ledger.open(ledger_file(tmp_path), journal=journal)
    ledger.open_account("ch", 100)
    ledger._database.close()  # as a kill would leave it
    with Ledger.open(ledger_file(tmp_path), journal=journal) as again:
        assert journal.tail(1)[0].payload["sequence"] == again.head()[0] == 2
        assert again.verify() == []


def test_a_long_day_is_marked_on_its_way(tmp_path, monkeypatch):
    monkeypatch.setattr("licet.ledger.ledger._MARK_EVERY", 10)
    journal = Journal.open(tmp_path)
    with Ledger.open(ledger_file(tmp_path), journal=journal) as ledger:
        ledger.open_account("ch", 100)
        for number in range(30):
            ledger.add("ch", 1, key=f"k{number}", on=JUNE)
        assert 3 <= len(list(journal.entries())) <= 5


def test_a_journal_that_cannot_be_written_keeps_nothing_from_the_ledger(tmp_path, monkeypatch):
    monkeypatch.setattr("licet.ledger.ledger._MARK_EVERY", 1)
    journal = Journal.open(tmp_path)
    ledger = Ledger.open(ledger_file(tmp_path), journal=journal)
    ledger.open_account("ch", 100)

    def full(*arguments, **facts):
        message = "no space"
        raise OSError(message)

    monkeypatch.setattr(journal, "append", full)
    assert ledger.add("ch", 1, key="k", on=JUNE).amount == 1
    with pytest.raises(NotWritten, match="journal"):
        ledger.close()
    monkeypatch.undo()
    assert audit_file(ledger_file(tmp_path), journal) == []


def test_a_damaged_journal_does_not_close_the_ledger(tmp_path):
    journal = Journal.open(tmp_path)
    with Ledger.open(ledger_file(tmp_path), journal=journal) as ledger:
        ledger.open_account("ch", 100)
    journal.path.write_bytes(journal.path.read_bytes()[:-30] + b"\n")
    ledger = Ledger.open(ledger_file(tmp_path), journal=journal)
    assert [finding.where for finding in ledger.verify()] == ["journal"]
    ledger.add("ch", 1, key="k", on=JUNE)
    with pytest.raises(JournalError):
        ledger.close()


def test_another_ledger_in_the_place_of_one_that_the_journal_knows_is_found(tmp_path):
    journal = Journal.open(tmp_path)
    with Ledger.open(ledger_file(tmp_path), journal=journal) as ledger:
        ledger.open_account("ch", 100)
    for path in ledger_file(tmp_path).parent.iterdir():
        path.unlink()
    assert [finding.where for finding in audit_file(ledger_file(tmp_path), journal)] == ["ledger"]
    assert not ledger_file(tmp_path).exists()
    with Ledger.open(ledger_file(tmp_path)) as other:
        other.open_account("ch", 100)
    assert [finding.where for finding in audit_file(ledger_file(tmp_path), journal)] == ["ledger"]
