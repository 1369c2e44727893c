"""People, sessions and keys: what holds, for how long, and what is kept of secrets."""

import datetime as dt
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.desk.people import People
from licet.desk.people.store import IDLE, LONGEST, MOST_SESSIONS, local
from licet.errors import BadValue, DeskError, TooManyAttempts, UnknownName, WrongPassword
from tools.people import NAMES, PASSWORD, START

OFFICER = NAMES["officer"]
HERE = "192.0.2.1"


def enter(people, name=OFFICER, password=PASSWORD, *, client=HERE, at=START):
    return people.sign_in(name, password, client=client, at=at)


def test_a_session_is_of_who_began_it(people):
    session = people.session(enter(people), at=START)
    assert (session.person.name, session.person.role) == (OFFICER, "officer")
    assert people.session("another token", at=START) is None


def test_no_secret_is_in_the_file(people, tmp_path):
    token = enter(people)
    _, secret = people.make_key(OFFICER, ["takedowns"], at=START, expires=START + dt.timedelta(days=9))
    people.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "home" / "desk").iterdir())
    for text in (PASSWORD, token, secret, secret.removeprefix("licet_")):
        assert text.encode() not in stored
    assert (tmp_path / "home" / "desk" / "people.sqlite").stat().st_mode & 0o077 == 0


def test_a_session_ends_unused_and_in_any_case(people):
    token = enter(people)
    assert people.session(token, at=START + IDLE) is None
    at = START
    while at < START + LONGEST - dt.timedelta(minutes=30):
        at += dt.timedelta(minutes=30)
        assert people.session(token, at=at) is not None or at >= START + LONGEST
    assert people.session(token, at=START + LONGEST) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda people, name: people.set_password(name, "another long password"),
        lambda people, name: people.set_role(name, "reader"),
        lambda people, name: people.disable(name, at=START),
    ],
)
def test_sessions_end_with_a_change_of_the_person(people, change):
    token = enter(people)
    change(people, OFFICER)
    assert people.session(token, at=START) is None


def test_signing_out_ends_the_session(people):
    token = enter(people)
    people.sign_out(token)
    assert people.session(token, at=START) is None


def test_who_is_disabled_cannot_sign_in_until_enabled(people):
    people.disable(OFFICER, at=START)
    with pytest.raises(WrongPassword):
        enter(people)
    people.enable(OFFICER)
    assert enter(people, at=START + dt.timedelta(minutes=5))


def test_of_many_sessions_the_oldest_end(people):
    first = enter(people)
    for number in range(MOST_SESSIONS):
        enter(people, at=START + dt.timedelta(seconds=number + 1))
    assert people.session(first, at=START + dt.timedelta(minutes=1)) is None


def failures(people, count, name=OFFICER, client=HERE, at=START):
    for _ in range(count):
        with pytest.raises(WrongPassword):
            people.sign_in(name, "wrong", client=client, at=at)


def test_a_wrong_password_and_a_name_that_there_is_not_are_told_alike(people):
    with pytest.raises(WrongPassword) as wrong:
        enter(people, password="wrong")  # noqa: S106
    with pytest.raises(WrongPassword) as unknown:
        enter(people, name="Nobody", client="192.0.2.2")
    assert str(wrong.value) == str(unknown.value)


def test_who_fails_often_waits_longer_each_time(people):
    failures(people, 6)
    waits, at = [], START
    for _ in range(4):
        with pytest.raises(TooManyAttempts) as refused:
            enter(people, at=at)
        waits.append(refused.value.seconds)
        at += dt.timedelta(seconds=refused.value.seconds)
        failures(people, 1, at=at)
    assert waits == [2, 4, 8, 16]


def test_the_wait_by_name_stays_short_and_that_by_place_grows(people):
    at = START
    for _ in range(16):
        failures(people, 1, at=at)
        at += dt.timedelta(minutes=16)
    with pytest.raises(TooManyAttempts) as elsewhere:
        enter(people, client="192.0.2.9", at=at - dt.timedelta(minutes=16))
    assert elsewhere.value.seconds <= 60
    with pytest.raises(TooManyAttempts) as here:
        enter(people, name="Another name", at=at - dt.timedelta(minutes=16))
    assert here.value.seconds > 600
    assert enter(people, client="192.0.2.9", at=at)


def test_success_forgets_failures(people):
    failures(people, 5)
    enter(people)
    failures(people, 5)
    assert enter(people)


def test_a_key_holds_within_its_days_and_scopes(people):
    end = START + dt.timedelta(days=30)
    key, secret = people.make_key(OFFICER, ["takedowns", "orders:read"], at=START, expires=end)
    found = people.key(secret, at=START)
    assert (found.id, found.scopes, found.owner.role) == (key.id, ("orders:read", "takedowns"), "officer")
    assert people.key(secret, at=end) is None
    assert people.key(secret + "x", at=START) is None
    people.revoke(key.id, at=START)
    assert people.key(secret, at=START) is None
    with pytest.raises(UnknownName):
        people.revoke(key.id, at=START)


def test_a_key_ends_with_its_owner(people):
    _, secret = people.make_key(OFFICER, ["takedowns"], at=START, expires=START + dt.timedelta(days=1))
    people.disable(OFFICER, at=START)
    assert people.key(secret, at=START) is None


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 1), (["everything"], 1), (["takedowns"], 0), (["takedowns"], 400), (["takedowns"], -1)]
)
def test_a_key_that_cannot_be_is_refused(people, scopes, days):
    with pytest.raises(BadValue) as refused:
        people.make_key(OFFICER, scopes, at=START, expires=START + dt.timedelta(days=days))
    assert refused.value.fix


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101, "\u202eevil", OFFICER, OFFICER.upper()])
def test_a_name_that_cannot_be_is_refused(people, name):
    if "\n" in name:
        assert people.add(name, "reader", PASSWORD, at=START).name == "a b"
        return
    with pytest.raises(BadValue):
        people.add(name, "reader", PASSWORD, at=START)


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_a_password_too_short_or_too_long_is_refused(people, password):
    with pytest.raises(BadValue, match=r"12 to 1000|characters"):
        people.set_password(OFFICER, password)


def test_a_file_that_is_none_is_one_clear_error(tmp_path):
    path = tmp_path / "people.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(DeskError) as refused:
        People(path)
    assert refused.value.fix


def test_a_file_of_a_newer_licet_is_left_alone(tmp_path):
    path = tmp_path / "people.sqlite"
    People(path).close()
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(DeskError, match="newer"):
        People(path)


@given(st.text(max_size=40))
def test_going_on_never_leads_elsewhere(text):
    found = local(text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "javascript:x", ""]
)
def test_going_on_to_another_site_is_refused(path):
    assert local(path) == "/"
