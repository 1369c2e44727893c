import datetime as dt
import sqlite3
from contextlib import contextmanager
from importlib import resources

import pytest

from licet.archive.subscribing import Subscriptions, Wanted
from licet.archive.subscribing.store import MOST_WISHES
from licet.archive.subscribing.wanted import checked, together
from licet.errors import BadValue, NoSuchSubscription

DAY = dt.date(2026, 11, 22)
WISHES = (Wanted(category="财经"), Wanted(query='"出口管制"', lang="zh"))


class Tables:
    """The migration of subscriptions alone, in memory."""

    def __init__(self):
        self.base = sqlite3.connect(":memory:", isolation_level=None)
        script = resources.files("licet.archive") / "migrations" / "0005_subscriptions.sql"
        self.base.executescript(script.read_text(encoding="utf-8"))

    def rows(self, query, values=()):
        return self.base.execute(query, values).fetchall()

    def execute(self, statement, values=()):
        return int(self.base.execute(statement, values).lastrowid or 0)

    @contextmanager
    def writing(self):
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.base.execute("ROLLBACK")
            raise
        self.base.execute("COMMIT")


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def subscriptions(tables):
    return Subscriptions(tables)


def test_a_subscription_is_made_read_changed_and_forgotten(subscriptions):
    token = subscriptions.make(WISHES, on=DAY)
    assert subscriptions.get(token).wishes == WISHES
    later = DAY + dt.timedelta(days=3)
    subscriptions.change(token, [WISHES[0], WISHES[0]], on=later)
    assert subscriptions.get(token).wishes == (WISHES[0],)
    assert (subscriptions.get(token).made, subscriptions.get(token).used) == (DAY, later)
    subscriptions.delete(token)
    for read in (subscriptions.get, lambda one: subscriptions.change(one, WISHES, on=DAY)):
        with pytest.raises(NoSuchSubscription):
            read(token)


def test_the_link_cannot_be_guessed_nor_read_from_the_database(subscriptions, tables):
    tokens = {subscriptions.make(WISHES, on=DAY) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) == 32 for token in tokens), "24 random bytes in base64: 192 bits"
    kept = "\n".join(tables.base.iterdump())
    assert [token for token in tokens if token in kept] == []


@pytest.mark.parametrize("token", ["", "x", "x" * 32, "' OR 1=1 --" + "x" * 21, "é" * 32, "x" * 5000])
def test_another_token_opens_nothing(subscriptions, token):
    subscriptions.make(WISHES, on=DAY)
    with pytest.raises(NoSuchSubscription):
        subscriptions.use(token, on=DAY)


def test_what_is_not_used_is_forgotten_after_the_stated_time(subscriptions):
    kept, unused = subscriptions.make(WISHES, on=DAY), subscriptions.make(WISHES, on=DAY)
    subscriptions.use(kept, on=DAY + dt.timedelta(days=90))
    assert subscriptions.expire(on=DAY + dt.timedelta(days=100), unused_after=dt.timedelta(days=100)) == 0
    assert subscriptions.expire(on=DAY + dt.timedelta(days=101), unused_after=dt.timedelta(days=100)) == 1
    assert subscriptions.get(kept).wishes == WISHES
    with pytest.raises(NoSuchSubscription):
        subscriptions.get(unused)


def test_there_is_a_limit_to_what_one_follows(subscriptions):
    many = [Wanted(query=str(number)) for number in range(MOST_WISHES + 1)]
    with pytest.raises(BadValue, match="at most"):
        subscriptions.make(many, on=DAY)
    assert subscriptions.make(many[1:], on=DAY)


def test_there_is_a_limit_to_how_many_there_are(subscriptions, monkeypatch):
    monkeypatch.setattr("licet.archive.subscribing.store.MOST_SUBSCRIPTIONS", 1)
    subscriptions.make(WISHES, on=DAY)
    with pytest.raises(BadValue, match="as many"):
        subscriptions.make(WISHES, on=DAY)
    assert subscriptions.count() == 1


def test_a_wish_is_one_line_of_bounded_length_in_a_known_language():
    assert checked(" a\n\tb\x00 ", "财经\u2028") == Wanted(query="a b", category="财经")
    for wrong in ({"query": "x" * 201}, {"category": "x" * 201}, {"lang": "fr"}):
        with pytest.raises(BadValue):
            checked(**wrong)


def test_the_newest_of_several_wishes_come_once_and_in_order():
    class Item:
        def __init__(self, name, moment):
            self.id, self.moment = name, moment

    shelf = {"a": [Item("1", 30), Item("2", 20)], "b": [Item("3", 25), Item("1", 30)]}
    wishes = [Wanted(query="a"), Wanted(query="b")]
    found = together(wishes, lambda wanted, limit: shelf[wanted.query][:limit], 2, lambda item: item.moment)
    assert [item.id for item in found] == ["1", "3"]
