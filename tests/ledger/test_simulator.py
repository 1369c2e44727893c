"""Ten thousand histories with a clock of their own, the ledger against a model that adds everything up each time."""

from __future__ import annotations

import datetime as dt
import os
import random
from decimal import Decimal

import pytest

from ledger.model import DAYS, Model
from licet.errors import LicetError
from licet.ledger import (
    Add,
    Correct,
    Ledger,
    Limit,
    Post,
    Remove,
    Reserve,
    SetLimit,
    Transfer,
    Void,
)

HISTORIES = int(os.environ.get("LICET_HISTORIES", "10000"))
PARTS = 20
FIRST = dt.date(2025, 1, 1)
STEPS = 9


def day(number):
    return FIRST + dt.timedelta(days=number)


class History:
    """One history: two accounts, a few requests, each asked of the ledger and of the model."""

    def __init__(self, ledger, dice, name, clock):
        self.ledger, self.dice, self.clock = ledger, dice, clock
        self.model = Model()
        self.names = [f"{name}a", f"{name}b"]
        self.keys = []
        self.past = []
        for account in self.names:
            steps = {0: dice.randint(0, 40)} | (
                {dice.randint(1, DAYS - 1): dice.randint(0, 60)} if dice.random() < 0.4 else {}
            )
            stock = dice.random() < 0.5
            limits = [Limit(day(start), Decimal(amount)) for start, amount in steps.items()]
            kind = "stock" if stock else "flow"
            ledger.open_account(account, limits, kind=kind, first=day(0), last=day(DAYS - 1))
            self.model.limits[account], self.model.stock[account] = steps, stock

    def request(self):  # noqa: PLR0911 - one arm for each kind of request
        """Draw a request: the ledger's, and what the model says of it."""
        dice, model = self.dice, self.model
        account, other = dice.sample(self.names, 2)
        amount, on, key = dice.randint(1, 25), dice.randrange(DAYS), f"{self.names[0]}{len(self.keys)}"
        known = dice.choice(self.keys) if self.keys else "none"
        self.keys.append(key)
        match dice.choices(range(8), (8, 3, 5, 3, 3, 2, 2, 1))[0]:
            case 0:
                expires = on + dice.randint(0, 4) if dice.random() < 0.4 else None
                asked = Reserve(
                    account=account,
                    amount=amount,
                    key=key,
                    on=day(on),
                    expires=day(expires) if expires is not None else None,
                )
                return asked, lambda: model.reserve(account, amount, key, on, expires)
            case 1:
                return Add(account=account, amount=amount, key=key, on=day(on)), lambda: model.add(
                    account, amount, key, on
                )
            case 2:
                part = dice.randint(1, 12) if dice.random() < 0.3 else None
                return Post(key=known, amount=part), lambda: self.end(known, "posted", part)
            case 3:
                return Void(key=known), lambda: self.end(known, "voided", 0)
            case 4:
                return Remove(account=account, amount=amount, key=key, on=day(on)), lambda: model.remove(
                    account, amount, on
                )
            case 5:
                small = dice.randint(1, 8)
                asked = Correct(of=known, amount=small, key=key, reason="a trial")
                return asked, lambda: model.correct(known, small)
            case 6:
                asked = Transfer(source=account, target=other, amount=amount, key=key, on=day(on))
                return asked, lambda: model.transfer(account, other, amount, on)
            case _:
                limit = dice.randint(0, 60)
                asked = SetLimit(account=account, limit=limit, start=day(on), key=key)
                return asked, lambda: model.set_limit(account, limit, on)

    def end(self, key, state, part):
        """A second end of the same kind is answered as the first was."""
        held = self.model.held.get(key)
        posted = part if part is not None else held.amount if held and state == "posted" else 0
        first = self.ends.get(key)
        if held and held.state == state and first == posted:
            return None
        found = self.model.end(key, state, posted)
        if found is None:
            self.ends[key] = posted
        return found

    def run(self):
        self.ends = {}
        for _ in range(self.dice.randint(2, STEPS)):
            drawn = [self.request() for _ in range(self.dice.choice((1, 1, 1, 4)))]
            outcomes = self.ledger.batch([asked for asked, _ in drawn])
            for (asked, expected), outcome in zip(drawn, outcomes, strict=True):
                found = type(outcome).__name__ if isinstance(outcome, LicetError) else None
                assert found == expected(), (asked, outcome)
            if self.dice.random() < 0.1:
                when = self.dice.randrange(DAYS)
                ended = {receipt.key for receipt in self.ledger.expire(day(when))}
                assert ended & set(self.keys) == set(self.model.expire(when))  # the rest is of earlier histories
            self.clock.pass_(seconds=self.dice.choice((0, 1, 3600)))
            if self.dice.random() < 0.2:
                self.past.append((self.clock.now, self.figures()))
                self.clock.pass_(seconds=1)
        self.check()

    def figures(self):
        """What is held of each account through one day of it, drawn for the purpose."""
        days = [(account, self.dice.randrange(DAYS)) for account in self.names]
        return [(account, when, self.model.at(account, when)) for account, when in days]

    def check(self):
        for account in self.names:
            for when in self.dice.sample(range(DAYS), 3):
                found = self.ledger.balance(account, on=day(when))
                assert found.limit == self.model.limit(account, when)
                assert found.available == max(self.model.free(account, when), 0)
        for moment, figures in [*self.past[:1], (None, self.figures())]:
            for account, when, held in figures:
                seen = self.ledger.statement(account, moment, on=day(when))
                assert (seen.reserved, seen.posted) == held


@pytest.mark.parametrize("part", range(PARTS))
def test_the_ledger_agrees_with_the_model_in_every_history(part, clock):
    with Ledger.open(":memory:", clock=clock) as ledger:
        for number in range(HISTORIES // PARTS):
            seed = part * 1_000_000 + number
            History(ledger, random.Random(seed), f"{seed}", clock).run()  # noqa: S311 - a trial, no secret
        assert ledger.verify() == []
