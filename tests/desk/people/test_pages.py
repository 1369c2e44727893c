"""Signing in at the desk: cookies, forms from elsewhere, throttling, keys, audit."""

import re

import pytest

from licet.desk.people.guards import COOKIE
from licet.journal import Journal
from tools.people import NAMES, PASSWORD

KEY = {"scope.takedowns": "1", "expires": "2027-01-01"}


def test_who_asks_for_more_than_everybody_may_see_is_led_to_the_form_and_back(desk):
    asked = desk.get("/account")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Faccount")
    form = desk.get(asked.headers["location"])
    assert 'name="next" value="/account"' in form.text
    assert form.headers["cache-control"] == "no-store"
    sent = desk.post("/sign-in", data={"name": NAMES["officer"], "password": PASSWORD, "next": "/account"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/account")
    cookie = sent.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/", "max-age=43200"))
    assert "Signed in as officer." in desk.get("/account").text
    assert "合规官" in desk.get("/account?lang=zh").text


def test_over_https_the_cookie_is_secure(desk):
    desk.base_url = "https://desk.example"
    sent = desk.post("/sign-in", data={"name": NAMES["reader"], "password": PASSWORD})
    assert "secure" in sent.headers["set-cookie"].lower()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_password_is_said_without_saying_what_is_wrong(desk, language):
    said = {"en": "The name or the password is wrong.", "zh": "用户名或密码不正确。"}[language]
    for name in (NAMES["officer"], "<b>nobody</b>"):
        sent = desk.post(f"/sign-in?lang={language}", data={"name": name, "password": "wrong"})
        assert sent.status_code == 401
        assert said in sent.text
        assert "<b>nobody</b>" not in sent.text
    assert COOKIE not in desk.cookies


def test_too_many_attempts_wait(desk, clock):
    for _ in range(6):
        desk.post("/sign-in", data={"name": NAMES["officer"], "password": "wrong"})
    sent = desk.post("/sign-in", data={"name": NAMES["officer"], "password": PASSWORD})
    assert (sent.status_code, sent.headers["retry-after"]) == (429, "2")
    clock.pass_(seconds=2)
    assert desk.post("/sign-in", data={"name": NAMES["officer"], "password": PASSWORD}).status_code == 303


def test_signing_out_ends_it_and_a_session_ends_by_itself(desk, signed_in, clock):
    csrf = signed_in("reader")
    assert desk.post("/sign-out", data={"csrf": csrf}).status_code == 303
    assert desk.get("/account").status_code == 303
    signed_in("reader")
    clock.pass_(minutes=61)
    assert desk.get("/account").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(desk, signed_in, headers):
    csrf = signed_in("officer")
    sent = desk.post("/account/keys", data={"csrf": csrf, **KEY}, headers=headers)
    assert sent.status_code == 403
    other = desk.post("/sign-in", data={"name": NAMES["reader"], "password": PASSWORD}, headers=headers)
    assert other.status_code == 403


@pytest.mark.parametrize("csrf", ["", "0" * 64, None])
def test_a_form_without_the_words_of_its_page_is_refused(desk, signed_in, csrf):
    signed_in("officer")
    data = KEY | ({"csrf": csrf} if csrf is not None else {})
    assert desk.post("/account/keys", data=data).status_code == 403
    assert desk.post("/sign-out", data=data).status_code == 403


def test_the_words_of_another_session_do_not_help(desk, signed_in):
    first = signed_in("officer")
    desk.cookies.clear()
    signed_in("officer")
    assert desk.post("/account/keys", data={"csrf": first, **KEY}).status_code == 403


def test_a_key_is_shown_once_used_and_revoked(desk, signed_in):
    csrf = signed_in("analyst")
    made = desk.post("/account/keys", data={"csrf": csrf, "scope.orders:read": "1", "expires": "2027-01-01"})
    secret = re.search(r"licet_[\w-]{43}", made.text)[0]
    page = desk.get("/account").text
    assert secret not in page
    identity = re.search(r"<code>(\w{12})</code>", page)[1]
    desk.cookies.clear()
    bearer = {"authorization": f"Bearer {secret}"}
    assert NAMES["analyst"] in desk.get("/account", headers=bearer).text
    csrf = signed_in("analyst")
    assert desk.post(f"/account/keys/{identity}/revoke", data={"csrf": csrf}).status_code == 303
    desk.cookies.clear()
    refused = desk.get("/account", headers=bearer | {"accept": "application/json"})
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert refused.json()["type"] == "urn:licet:problem:not-signed-in"


def test_nobody_revokes_the_key_of_another(desk, signed_in, people, clock):
    key, _ = people.make_key(NAMES["officer"], ["takedowns"], at=clock(), expires=clock().replace(year=2027))
    csrf = signed_in("analyst")
    assert desk.post(f"/account/keys/{key.id}/revoke", data={"csrf": csrf}).status_code == 403
    assert people.every_key()[0].revoked is None


def test_a_key_that_cannot_be_made_is_told(desk, signed_in):
    csrf = signed_in("officer")
    for data in ({"expires": "2027-01-01"}, {"scope.takedowns": "1", "expires": "soon"}, {"scope.takedowns": "1"}):
        sent = desk.post("/account/keys", data={"csrf": csrf, **data})
        assert (sent.status_code, 'role="alert"' in sent.text) == (400, True)


def test_what_people_do_is_in_the_journal_without_secrets_or_addresses(desk, signed_in, tmp_path):
    csrf = signed_in("officer")
    desk.post("/account/keys", data={"csrf": csrf, **KEY})
    entries = list(Journal.open(tmp_path / "home").entries())
    assert [(entry.kind, entry.payload["person"]) for entry in entries] == [
        ("signed in", NAMES["officer"]),
        ("key made", NAMES["officer"]),
    ]
    assert set(entries[0].payload) == {"person"}
    assert Journal.open(tmp_path / "home").verify() == []
