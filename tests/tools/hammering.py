"""A process that hammers a ledger and writes down what was acknowledged; run as a script by the tests and the bench.

    python hammering.py URL ACKS SEED [naive] [size=BYTES]

It goes on until there is a file ``stop`` beside that of the acknowledgements, or a minute is over.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from licet.errors import LicetError, LimitExceeded, NotWritten
from licet.ledger import Ledger
from licet.ledger.writing import Memory, Writing

if TYPE_CHECKING:
    from licet.ledger import Receipt

DAY = "2025-06-02"
ACCOUNTS = tuple(f"account {number}" for number in range(20))
LIMIT = 30
LONGEST = 60.0
PROCESSES = 8


class Naive(Ledger):
    """A ledger that reads, thinks, and then writes: what the guarded statement is there to prevent."""

    def reserve(self, account: str, amount: int, *, key: str, on: str) -> Receipt:  # type: ignore[override]
        left = self.balance(account).available
        if left is None or left < amount:
            message = "it looks full"
            raise LimitExceeded(message, account=account, requested=amount, available=left)  # type: ignore[arg-type]
        time.sleep(0.02)
        with self._turn, self._database.writing():
            writing = Writing(self._database, Memory(), self._now())
            found = writing.account(account)
            statement = "UPDATE ledger_ceilings SET reserved = reserved + ? WHERE account = ?"
            self._database.change(statement, (amount * 1000, found.id))
            facts = {"reserved": amount * 1000, "on_day": on}
            receipt = writing.enter(found, "reserve", key, amount * 1000, **facts)
            writing.flush()
        return receipt


class Hammer:
    """Random requests, the same for the same seed; each acknowledgement is a line in the file before the next one."""

    def __init__(self, ledger: Ledger, acks: Path, seed: str) -> None:
        self.ledger = ledger
        self.dice = random.Random(seed)  # noqa: S311 - a trial, no secret
        self.acks = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.seed = seed
        self.open: list[str] = []
        self.count = 0

    def note(self, what: str, key: str, amount: object = "") -> None:
        os.write(self.acks, f"{what}\t{key}\t{amount}\n".encode())

    def reserve(self) -> None:
        self.count += 1
        key, amount, account = f"{self.seed}-{self.count}", self.dice.randint(1, 9), self.dice.choice(ACCOUNTS)
        try:
            self.ledger.reserve(account, amount, key=key, on=DAY)
        except LimitExceeded:
            self.note("refused", key)
            return
        self.note("reserved", key, amount)
        self.open.append(key)

    def end(self) -> None:
        key = self.open.pop(self.dice.randrange(len(self.open)))
        if self.dice.random() < 0.7:
            self.ledger.post(key)
            self.note("posted", key)
        else:
            self.ledger.void(key)
            self.note("voided", key)

    def run(self, stop: Path) -> None:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and not stop.exists():
            try:
                self.reserve() if not self.open or self.dice.random() < 0.7 else self.end()
            except NotWritten:
                self.note("not written", "")
                if self.dice.random() < 0.2:
                    return


def start(url: str, folder: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a process that hammers; it notes what was acknowledged in ``folder/name.acks``."""
    arguments = [sys.executable, __file__, url, str(folder / f"{name}.acks"), name, *options]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(arguments, stdout=log, stderr=log)


def prepare(url: str) -> None:
    """Open the accounts."""
    with Ledger.open(url) as ledger:
        for name in ACCOUNTS:
            ledger.open_account(name, LIMIT)


def drop_connection(url: str, dice: random.Random) -> None:
    """End the connection of one of the workers, wherever it is."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
        if rows:
            connection.execute("SELECT pg_terminate_backend(%s)", dice.choice(rows))


def lines(acks: list[Path]) -> list[str]:
    """Return the first words of all notes."""
    found = [path.read_text(encoding="utf-8") for path in acks if path.exists()]
    return [line.split("\t")[0] for text in found for line in text.splitlines()]


def hammer(url: str, folder: Path, *options: str, kills: int, refusals: int) -> list[Path]:
    """Run eight processes until limits were hit; kill some and start others in their place. Return their notes."""
    dice = random.Random(20250602)  # noqa: S311 - a trial, no secret
    prepare(url)
    workers = [start(url, folder, f"w{number}", *options) for number in range(PROCESSES)]
    acks = [folder / f"w{number}.acks" for number in range(PROCESSES)]
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and (lines(acks).count("refused") < refusals or len(acks) < PROCESSES + kills):
        time.sleep(dice.uniform(0.1, 0.5))
        if url.startswith("postgresql"):
            drop_connection(url, dice)
        if len(acks) < PROCESSES + kills and lines(acks).count("reserved") > 10 * (len(acks) - PROCESSES):
            victim = dice.randrange(PROCESSES)
            workers[victim].kill()
            workers[victim].wait()
            workers[victim] = start(url, folder, f"w{len(acks)}", *options)
            acks.append(folder / f"w{len(acks)}.acks")
    (folder / "stop").touch()
    for worker in workers:
        worker.wait(60)
    return acks


def judge(url: str, acks: list[Path]) -> list[str]:
    """Return everything that is wrong after the hammering: nothing, for a sound ledger."""
    with Ledger.open(url) as ledger:
        wrong = [f"{finding.where}: {finding.message}" for finding in ledger.verify()]
        for name in ACCOUNTS:
            found = ledger.statement(name)
            if found.reserved + found.posted > LIMIT:
                wrong.append(f"{name} holds {found.reserved + found.posted} of {LIMIT}")
        promised: dict[str, str] = {}
        for path in acks:
            # A line that a kill tore was not finished by the one who acknowledged; all whole lines count.
            for line in path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []:
                what, key, _ = line.split("\t")
                if what in {"reserved", "posted", "voided"}:
                    promised[key] = what
        for key, what in promised.items():
            try:
                state = ledger.reservation(key).state
            except LicetError as error:
                wrong.append(f"{key} was acknowledged and is lost: {error}")
                continue
            if what not in {"reserved", state}:
                wrong.append(f"{key} was {what} and is {state}")
    return wrong


def main() -> None:
    url, acks, seed, *options = sys.argv[1:]
    for option in options:
        if option.startswith("size="):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = int(option.removeprefix("size="))
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    with (Naive if "naive" in options else Ledger).open(url) as ledger:
        Hammer(ledger, Path(acks), seed).run(Path(acks).with_name("stop"))


if __name__ == "__main__":
    main()
