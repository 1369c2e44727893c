"""What a ledger does, the same over both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import psycopg
import pytest

from licet.errors import (
    BadValue,
    KeyReused,
    LedgerError,
    LimitExceeded,
    NoSuchAccount,
    NoSuchReservation,
    NotWritten,
    Settled,
)
from licet.journal import Journal
from licet.ledger import Add, Limit, Open, Post, Receipt, Reserve, Void

JUNE = dt.date(2025, 6, 2)
CH = "national allocation/CH/2025 to 2027"


def figures(balance):
    return balance.limit, balance.reserved, balance.posted, balance.available


@pytest.fixture
def swiss(ledger):
    ledger.open_account(CH, 790_000_000, first="2025-01-01", last="2027-12-31")
    return ledger


def test_what_is_reserved_is_held_and_what_is_posted_is_used(swiss):
    swiss.reserve(CH, 31_664_000, key="a", on=JUNE)
    assert figures(swiss.balance(CH)) == (790_000_000, 31_664_000, 0, 758_336_000)
    swiss.post("a")
    assert figures(swiss.balance(CH)) == (790_000_000, 0, 31_664_000, 758_336_000)
    assert swiss.reservation("a").state == "posted"
    assert swiss.verify() == []


def test_what_is_voided_is_free_again(swiss):
    swiss.reserve(CH, 790_000_000, key="a", on=JUNE)
    swiss.void("a")
    assert swiss.balance(CH).available == 790_000_000
    assert swiss.reservation("a").state == "voided"
    swiss.reserve(CH, 790_000_000, key="b", on=JUNE)


def test_the_last_thousandth_fits_and_no_more(swiss):
    swiss.reserve(CH, Decimal("789999999.999"), key="a", on=JUNE)
    with pytest.raises(LimitExceeded) as refused:
        swiss.reserve(CH, Decimal("0.002"), key="b", on=JUNE)
    assert refused.value.available == Decimal("0.001")
    assert (refused.value.requested, refused.value.account) == (Decimal("0.002"), CH)
    assert "0.001 TPP left" in str(refused.value)
    assert refused.value.fix
    swiss.reserve(CH, Decimal("0.001"), key="c", on=JUNE)
    assert swiss.balance(CH).available == 0


def test_a_refusal_leaves_nothing_behind_and_its_key_is_free(swiss):
    head = swiss.head()
    with pytest.raises(LimitExceeded):
        swiss.reserve(CH, 790_000_001, key="a", on=JUNE)
    assert swiss.head() == head
    assert swiss.reserve(CH, 1, key="a", on=JUNE).amount == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.reserve(CH, 5, key="k", on=JUNE, expires=dt.date(2025, 7, 1)),
        lambda ledger: ledger.add(CH, Decimal("5.5"), key="k", on=JUNE),
        lambda ledger: ledger.set_limit(CH, 100, start=JUNE, key="k"),
        lambda ledger: ledger.open_account("x", 7, details={"a": "b"}),
        lambda ledger: [ledger.reserve(CH, 5, key="r", on=JUNE), ledger.post("r")][1],
        lambda ledger: [ledger.reserve(CH, 5, key="r", on=JUNE), ledger.post("r", 3)][1],
        lambda ledger: [ledger.reserve(CH, 5, key="r", on=JUNE), ledger.void("r")][1],
        lambda ledger: [ledger.add(CH, 5, key="r", on=JUNE), ledger.correct("r", 2, key="k", reason="typed")][1],
    ],
)
def test_asked_again_it_is_answered_as_the_first_time(swiss, opened, clock, ask):
    first = ask(swiss)
    clock.pass_(hours=1)
    head = swiss.head()
    assert ask(swiss) == first
    assert ask(opened()) == first
    assert swiss.head() == head


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.reserve(CH, 6, key="k", on=JUNE),
        lambda ledger: ledger.reserve(CH, 5, key="k", on="2025-06-03"),
        lambda ledger: ledger.reserve(CH, 5, key="k", on=JUNE, expires="2025-07-01"),
        lambda ledger: ledger.reserve("other", 5, key="k", on=JUNE),
        lambda ledger: ledger.add(CH, 5, key="k", on=JUNE),
        lambda ledger: ledger.set_limit(CH, 5, start=JUNE, key="k"),
        lambda ledger: ledger.transfer(CH, "other", 5, key="k", on=JUNE),
        lambda ledger: ledger.open_account(CH, 790_000_001),
    ],
)
def test_a_key_with_other_facts_is_refused(swiss, ask):
    swiss.open_account("other", 100)
    swiss.reserve(CH, 5, key="k", on=JUNE)
    with pytest.raises(KeyReused) as refused:
        ask(swiss)
    assert refused.value.fix
    assert swiss.verify() == []


def test_the_same_key_twice_in_one_batch_counts_once(swiss):
    one = Reserve(account=CH, amount=5, key="k", on=JUNE)
    other = Reserve(account=CH, amount=6, key="k", on=JUNE)
    first, second, third = swiss.batch([one, one, other])
    assert first == second
    assert isinstance(third, KeyReused)
    assert swiss.balance(CH).reserved == 5


def test_a_reservation_ends_once(swiss):
    swiss.reserve(CH, 5, key="a", on=JUNE)
    swiss.reserve(CH, 5, key="b", on=JUNE)
    swiss.post("a")
    swiss.void("b")
    for again in (lambda: swiss.void("a"), lambda: swiss.post("b"), lambda: swiss.post("a", 4)):
        with pytest.raises(Settled) as refused:
            again()
        assert refused.value.fix


@pytest.mark.parametrize("end", ["post", "void", "reservation"])
def test_what_was_never_reserved_cannot_end(swiss, end):
    swiss.add(CH, 5, key="added", on=JUNE)
    for key in ("nothing", "added"):
        with pytest.raises(NoSuchReservation):
            getattr(swiss, end)(key)


def test_an_unknown_account_is_named(ledger):
    for ask in (
        lambda: ledger.reserve("nowhere", 1, key="k", on=JUNE),
        lambda: ledger.balance("nowhere"),
        lambda: ledger.statement("nowhere"),
    ):
        with pytest.raises(NoSuchAccount, match="nowhere"):
            ask()


def test_less_can_be_posted_than_was_reserved(swiss):
    swiss.reserve(CH, 10, key="a", on=JUNE)
    with pytest.raises(LimitExceeded, match="only 10"):
        swiss.post("a", 11)
    swiss.post("a", 4)
    assert figures(swiss.balance(CH)) == (790_000_000, 0, 4, 789_999_996)
    assert swiss.reservation("a").posted == 4


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        (Decimal("1.0001"), "three decimals"),
        (0, "0"),
        (-1, "-1"),
        (1.5, "exact"),
        (True, "exact"),
        (Decimal("NaN"), "no number"),
        (Decimal("Infinity"), "no number"),
        (Decimal("1e999999"), "no number"),
        (10**16, "more than"),
        ("5", "exact"),
        (None, "exact"),
    ],
)
def test_amounts_that_are_none_are_refused(swiss, amount, says):
    head = swiss.head()
    with pytest.raises(BadValue, match=says) as refused:
        swiss.reserve(CH, amount, key="k", on=JUNE)
    assert refused.value.fix
    assert swiss.head() == head


@pytest.mark.parametrize("key", ["", " k", "k\n", "k" * 201, "a\x00b", None])
def test_keys_that_are_none_are_refused(swiss, key):
    for ask in (lambda: swiss.reserve(CH, 1, key=key, on=JUNE), lambda: swiss.post(key)):
        with pytest.raises(BadValue):
            ask()


@pytest.mark.parametrize("day", ["2025-13-01", "soon", "2024-12-31", "2028-01-01", 20250602])
def test_days_that_are_none_or_outside_the_period_are_refused(swiss, day):
    with pytest.raises(BadValue):
        swiss.reserve(CH, 1, key="k", on=day)


def test_a_day_of_entry_is_no_moment(swiss):
    with pytest.raises(BadValue):
        swiss.reserve(CH, 1, key="k", on=dt.datetime(2025, 6, 2, tzinfo=dt.UTC))


def test_text_of_any_kind_in_a_name_is_only_a_name(ledger):
    name = "O'Neill; DROP TABLE ledger_entries --%s ? 芯片"
    ledger.open_account(name, 5)
    ledger.reserve(name, 5, key="'); --", on=JUNE)
    assert ledger.balance(name).available == 0


# Time


def test_what_has_expired_is_free_again(swiss):
    for key, expires in (("a", "2025-06-30"), ("b", "2025-07-01"), ("c", None), ("d", "2025-06-30")):
        swiss.reserve(CH, 10, key=key, on=JUNE, expires=expires)
    swiss.post("d")
    assert [receipt.key for receipt in swiss.expire("2025-07-01")] == ["a"]
    assert swiss.expire("2025-07-01") == []
    assert swiss.reservation("a").state == "expired"
    assert swiss.reservation("b").state == "reserved"
    assert figures(swiss.balance(CH)) == (790_000_000, 20, 10, 789_999_970)
    with pytest.raises(Settled, match="expired"):
        swiss.post("a")
    assert swiss.verify() == []


def test_a_statement_is_of_the_moment_and_of_the_day(swiss, clock):
    swiss.reserve(CH, 10, key="a", on="2025-06-10")
    clock.pass_(days=1)
    moment = clock.now
    swiss.reserve(CH, 20, key="b", on="2025-05-01")
    clock.pass_(days=1)
    swiss.post("a")
    swiss.correct("a", 4, key="c", reason="typed twice")
    now = swiss.statement(CH)
    assert (now.reserved, now.posted, now.available) == (20, 6, 789_999_974)
    assert [line.kind for line in now.lines] == ["open", "reserve", "reserve", "post", "correct"]
    then = swiss.statement(CH, moment)
    assert (then.reserved, then.posted) == (30, 0)
    before = swiss.statement(CH, at=moment - dt.timedelta(seconds=1))
    assert (before.reserved, len(before.lines)) == (10, 2)
    may = swiss.statement(CH, on="2025-05-31")
    assert (may.reserved, may.posted) == (20, 0)
    assert swiss.statement(CH, "2025-06-02T09:00:00+00:00", on="2025-05-31").reserved == 0
    with pytest.raises(BadValue):
        swiss.statement(CH, dt.datetime(2025, 6, 2))  # noqa: DTZ001 - a time without a zone is what is refused


def test_a_clock_that_is_set_back_does_not_unsettle_the_order(swiss, clock):
    swiss.reserve(CH, 10, key="a", on=JUNE)
    clock.pass_(days=-30)
    assert swiss.reserve(CH, 10, key="b", on=JUNE).time == "2025-06-02T09:00:00.000000Z"
    assert swiss.verify() == []


# Limits by day


@pytest.fixture
def growing(ledger):
    limits = [Limit(dt.date(2025, 1, 1), Decimal(633)), Limit(dt.date(2025, 4, 1), Decimal(950))]
    ledger.open_account("nveu/A/IN", limits, kind="stock", first="2025-01-01", last="2025-06-30")
    return ledger


def test_the_limit_is_that_of_the_day(growing):
    growing.add("nveu/A/IN", 633, key="a", on="2025-03-31")
    with pytest.raises(LimitExceeded):
        growing.add("nveu/A/IN", 1, key="b", on="2025-03-31")
    growing.add("nveu/A/IN", 317, key="c", on="2025-04-01")
    assert figures(growing.balance("nveu/A/IN", on="2025-04-01")) == (950, 0, 950, 0)
    with pytest.raises(BadValue, match="depends on the day"):
        growing.balance("nveu/A/IN")


def test_an_entry_of_an_earlier_day_leaves_the_later_days_within_their_limits(growing):
    growing.add("nveu/A/IN", 900, key="a", on="2025-04-01")
    with pytest.raises(LimitExceeded) as refused:
        growing.add("nveu/A/IN", 100, key="b", on="2025-01-01")
    assert refused.value.available == 50
    growing.add("nveu/A/IN", 50, key="c", on="2025-01-01")
    assert growing.verify() == []


def test_a_removal_frees_the_days_after_it_and_not_those_before(growing):
    growing.add("nveu/A/IN", 600, key="a", on="2025-01-10")
    growing.remove("nveu/A/IN", 500, key="b", on="2025-02-01")
    assert [growing.balance("nveu/A/IN", on=day).available for day in ("2025-01-31", "2025-02-01")] == [33, 533]
    with pytest.raises(LimitExceeded):
        growing.add("nveu/A/IN", 100, key="c", on="2025-01-20")
    growing.add("nveu/A/IN", 533, key="d", on="2025-02-01")
    assert growing.verify() == []


def test_no_day_is_left_with_less_than_nothing(growing):
    growing.add("nveu/A/IN", 100, key="a", on="2025-01-05")
    growing.add("nveu/A/IN", 100, key="b", on="2025-01-20")
    with pytest.raises(LimitExceeded) as refused:
        growing.remove("nveu/A/IN", 150, key="c", on="2025-01-10")
    assert refused.value.available == 100
    growing.remove("nveu/A/IN", 150, key="d", on="2025-01-20")
    with pytest.raises(LimitExceeded):
        growing.correct("a", 51, key="e", reason="typed")
    growing.correct("a", 50, key="f", reason="typed")
    assert growing.verify() == []


def test_what_is_used_up_is_not_removed(swiss):
    swiss.add(CH, 5, key="a", on=JUNE)
    with pytest.raises(BadValue, match="does not come back"):
        swiss.remove(CH, 5, key="b", on=JUNE)


def test_a_limit_can_change_from_a_day_on(swiss):
    swiss.add(CH, 790_000_000, key="a", on="2025-03-01")
    swiss.set_limit(CH, 1_580_000_000, start="2026-01-01", key="doubled")
    with pytest.raises(LimitExceeded):
        swiss.add(CH, 1, key="b", on="2025-12-31")
    swiss.add(CH, 790_000_000, key="c", on="2026-01-01")
    swiss.set_limit(CH, 100, start="2025-07-01", key="cut")
    assert [swiss.balance(CH, on=day).limit for day in ("2025-06-30", "2025-12-31", "2026-01-01")] == [
        790_000_000,
        100,
        1_580_000_000,
    ]
    assert swiss.balance(CH, on="2025-08-01").available == 0
    assert swiss.statement(CH, on="2025-08-01").limit == 100
    assert swiss.verify() == []


def test_under_a_lowered_limit_what_is_held_can_end_and_nothing_be_added(swiss):
    swiss.reserve(CH, 100, key="a", on=JUNE)
    swiss.reserve(CH, 100, key="b", on=JUNE)
    swiss.set_limit(CH, 50, start="2025-01-01", key="l")
    swiss.post("a")
    swiss.void("b")
    with pytest.raises(LimitExceeded) as refused:
        swiss.reserve(CH, 1, key="c", on=JUNE)
    assert refused.value.available == 0
    assert swiss.verify() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"limits": ()},
        {"limits": (5,)},
        {"limits": (Limit("soon", 5),)},
        {"limits": (Limit(dt.date.min, "5"),)},
        {"limits": (Limit(dt.date(2025, 2, 1), 5),), "first": dt.date(2025, 1, 1)},
        {"limits": (Limit(dt.date(2025, 1, 1), 5), Limit(dt.date(2025, 1, 1), 6))},
        {"limits": (Limit(dt.date(2025, 1, 1), -5),), "first": dt.date(2025, 1, 1)},
        {"limits": (Limit(dt.date.min, 5),), "first": dt.date(2025, 2, 1), "last": dt.date(2025, 1, 1)},
        {"limits": (Limit(dt.date.min, 5),), "kind": "pot"},
        {"limits": (Limit(dt.date.min, Decimal("1.5")),), "unit": "unit"},
        {"limits": (Limit(dt.date.min, 5),), "name": "two\nlines"},
    ],
)
def test_accounts_that_make_no_sense_are_refused(ledger, facts):
    (outcome,) = ledger.batch([Open(**{"name": "x", **facts})])
    assert isinstance(outcome, BadValue)
    assert outcome.fix
    assert ledger.accounts() == []


def test_units_of_a_license_are_whole(ledger):
    ledger.open_account("license/D1/H100", 10, unit="unit")
    with pytest.raises(BadValue, match="whole"):
        ledger.reserve("license/D1/H100", Decimal("0.5"), key="k", on=JUNE)
    with pytest.raises(LimitExceeded, match="10 unit left"):
        ledger.reserve("license/D1/H100", 11, key="k", on=JUNE)


# Transfers and corrections


def test_a_transfer_moves_what_is_posted(ledger):
    ledger.open_account("a", 100)
    ledger.open_account("b", 30)
    ledger.add("a", 50, key="1", on=JUNE)
    first = ledger.transfer("a", "b", 20, key="2", on="2025-06-10")
    assert ledger.transfer("a", "b", 20, key="2", on="2025-06-10") == first
    assert (ledger.balance("a").posted, ledger.balance("b").posted) == (30, 20)
    assert ledger.balance("a").available == 50  # it was there until the day of the transfer
    with pytest.raises(LimitExceeded, match="b has 10"):
        ledger.transfer("a", "b", 11, key="3", on="2025-06-10")
    ledger.open_account("c", 99)
    with pytest.raises(LimitExceeded, match="a has 30"):
        ledger.transfer("a", "c", 31, key="3", on="2025-06-10")
    assert ledger.balance("c").posted == 0
    assert ledger.verify() == []


def test_a_correction_is_a_counter_entry_of_the_same_day(swiss):
    swiss.reserve(CH, 10, key="a", on="2025-03-01")
    with pytest.raises(LimitExceeded):
        swiss.correct("a", 1, key="early", reason="not posted yet")
    swiss.post("a", 8)
    receipt = swiss.correct("a", 5, key="b", reason="typed twice")
    assert (receipt.kind, receipt.on) == ("correct", dt.date(2025, 3, 1))
    with pytest.raises(LimitExceeded, match="3 is left"):
        swiss.correct("a", 4, key="c", reason="typed twice")
    assert swiss.reservation("a").posted == 3
    with pytest.raises(NoSuchReservation):
        swiss.correct("b", 1, key="d", reason="of a correction")
    assert swiss.verify() == []


# Batches


def test_each_request_of_a_batch_has_its_own_outcome(swiss):
    outcomes = swiss.batch(
        [
            Reserve(account=CH, amount=789_999_990, key="a", on=JUNE),
            Reserve(account=CH, amount=11, key="b", on=JUNE),
            Reserve(account=CH, amount=10, key="c", on=JUNE),
            Reserve(account="nowhere", amount=10, key="d", on=JUNE),
            Post(key="a"),
            Void(key="c"),
            Void(key="zzz"),
            Add(account=CH, amount=10, key="e", on=JUNE),
            Reserve(account=CH, amount=1.5, key="f", on=JUNE),
        ]
    )
    kinds = [type(one) if not isinstance(one, Receipt) else one.kind for one in outcomes]
    assert kinds == [
        "reserve",
        LimitExceeded,
        "reserve",
        NoSuchAccount,
        "post",
        "void",
        NoSuchReservation,
        "add",
        BadValue,
    ]
    assert figures(swiss.balance(CH)) == (790_000_000, 0, 790_000_000, 0)
    assert swiss.verify() == []


def test_a_long_batch_fills_an_account_to_the_brim(ledger):
    for name in ("a", "b"):
        ledger.open_account(name, 1_000)
    asked = [Reserve(account="ab"[n % 2], amount=1 + n % 3, key=f"k{n}", on=JUNE) for n in range(3_000)]
    outcomes = ledger.batch(asked)
    granted = [one for one, outcome in zip(asked, outcomes, strict=True) if isinstance(outcome, Receipt)]
    for name in ("a", "b"):
        assert sum(one.amount for one in granted if one.account == name) == 1_000
    again = ledger.batch(asked)
    assert [one for one in again if isinstance(one, Receipt)] == [one for one in outcomes if isinstance(one, Receipt)]
    assert ledger.verify() == []


# What is stored


def tamper(url, statement, *, free=""):
    """Change the database behind the ledger's back, its own refusal taken away first."""
    import sqlite3  # noqa: PLC0415

    if url.startswith("sqlite"):
        database = sqlite3.connect(url.removeprefix("sqlite:///"))
        for name in ("ledger_entries_stay", "ledger_entries_remain", "ledger_accounts_stay", "ledger_accounts_remain"):
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)
        database.commit()
        database.close()
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = 1",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_accounts SET last_day = '9999-12-31'",
        "DELETE FROM ledger_accounts",
    ],
)
def test_the_database_refuses_to_change_what_was_entered(url, swiss, statement):
    swiss.reserve(CH, 10, key="a", on=JUNE)
    with pytest.raises(NotWritten), swiss._database.writing():
        swiss._database.change(statement)
    assert swiss.verify() == []


@pytest.mark.parametrize(
    ("statement", "finds"),
    [
        ("UPDATE ledger_entries SET amount = 9000, reserved = 9000 WHERE key = 'a'", "does not match its digest"),
        ("UPDATE ledger_entries SET time = '2025-06-01T00:00:00.000000Z' WHERE key = 'b'", "time is before"),
        ("UPDATE ledger_entries SET note = 'x' WHERE kind = 'open'", "not the one that it opened"),
        ("DELETE FROM ledger_entries WHERE key = 'b'", "should"),
        ("UPDATE ledger_ceilings SET posted = posted + 1", "not the sum of the entries"),
        ("UPDATE ledger_ceilings SET reserved = 0", "not the sum of the entries"),
        ("UPDATE ledger_ceilings SET ceiling = ceiling * 2", "limit is not the one"),
        ("UPDATE ledger_ceilings SET last_day = '2026-12-31'", "cover its period"),
        ("UPDATE ledger_accounts SET last_day = '2029-12-31'", "not the one that it opened"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(url, swiss, opened, statement, finds):
    for key in "abc":
        swiss.reserve(CH, 10, key=key, on=JUNE)
    swiss.post("c")
    swiss.close()
    tamper(url, statement)
    messages = [finding.message for finding in opened().verify()]
    assert any(finds in message for message in messages), messages


def test_a_ledger_that_was_cut_off_is_found_by_the_journal(url, opened, tmp_path):
    journal = Journal.open(tmp_path / "home")
    first = opened(journal=journal)
    first.open_account("a", 100)
    first.reserve("a", 10, key="k", on=JUNE)
    first.close()
    last = [entry for entry in journal.entries() if entry.kind == "ledger"][-1]
    assert (last.payload["sequence"], last.payload["ledger"]) == (3, first.identity)
    assert opened(journal=journal).verify() == []
    tamper(url, "DELETE FROM ledger_entries WHERE key = 'k'")
    again = opened()
    with again._database.writing():
        again._database.change("UPDATE ledger_ceilings SET reserved = 0")
    assert again.verify() == []  # it holds together: only the journal knows
    again._journal = journal
    assert [finding.message for finding in again.verify()] == ["the journal has it, the ledger has not"]


def test_a_ledger_of_a_newer_program_is_left_alone(url, ledger, opened):
    ledger.close()
    if url.startswith("sqlite"):
        tamper(url, "PRAGMA user_version = 99")
    else:
        tamper(url, "INSERT INTO ledger_versions VALUES (99)")
    with pytest.raises(NotWritten, match="newer"):
        opened()


def test_two_that_write_by_turns_make_one_chain(swiss, opened):
    other = opened()
    for number in range(60):
        ledger = (swiss, other)[number % 3 == 0]
        ledger.reserve(CH, 1, key=f"k{number}", on=JUNE)
        if number % 5 == 0:
            (other, swiss)[number % 2].post(f"k{number}")
    asked = [Reserve(account=CH, amount=1, key=f"k{number}", on=JUNE) for number in range(55, 65)]
    assert all(isinstance(one, Receipt) for one in other.batch(asked))
    assert figures(swiss.balance(CH))[1:3] == (53, 12)
    assert swiss.head() == other.head() == (2 + 65 + 12, swiss.head()[1])
    assert swiss.verify() == []


def test_what_was_granted_is_answered_the_same_when_the_account_is_full(swiss):
    first = swiss.reserve(CH, 790_000_000, key="a", on=JUNE)
    assert swiss.reserve(CH, 790_000_000, key="a", on=JUNE) == first
    again = [
        Reserve(account=CH, amount=amount, key=key, on=JUNE) for amount, key in ((790_000_000, "a"), (1, "a"), (1, "b"))
    ]
    kinds = [type(one) for one in swiss.batch(again)]
    assert kinds == [Receipt, KeyReused, LimitExceeded]


def test_two_that_are_open_see_one_another(swiss, opened):
    other = opened()
    swiss.reserve(CH, 789_999_999, key="a", on=JUNE)
    with pytest.raises(LimitExceeded):
        other.reserve(CH, 2, key="b", on=JUNE)
    other.open_account("new", 5)
    assert swiss.balance("new").available == 5
    assert other.post("a") == swiss.post("a")
    assert isinstance(LimitExceeded("x", account="a", requested=Decimal(1), available=Decimal(0)), LedgerError)
