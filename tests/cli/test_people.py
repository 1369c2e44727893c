"""``licet people`` as commands."""

import json
import os
import subprocess
import sys

import pytest

from licet.journal import Journal

PASSWORD = "a long enough password\n"  # noqa: S105 - of people who exist in tests only


@pytest.fixture
def licet(tmp_path):
    def run(*arguments, sent=""):
        environment = {**os.environ, "LICET_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "licet", "people", *arguments]
        return subprocess.run(
            command, input=sent, capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
        )

    return run


def test_people_are_added_changed_and_given_keys(licet, tmp_path):
    added = licet("add", "Export desk", "--role", "officer", "--password-stdin", "--lang", "zh", sent=PASSWORD)
    assert added.stdout == "Export desk可以officer身份登录\n"
    assert licet("role", "Export desk", "analyst").returncode == 0
    made = json.loads(licet("key", "Export desk", "--scope", "orders:read", "--expires", days(30), "--json").stdout)
    assert made["key"].startswith("licet_")
    assert licet("revoke", made["id"]).returncode == 0
    assert licet("disable", "Export desk").returncode == 0
    (person,) = json.loads(licet("list", "--json").stdout)
    assert (person["role"], person["disabled"] is not None) == ("analyst", True)
    assert "revoked" in licet("keys").stdout
    kinds = [entry.kind for entry in Journal.open(tmp_path).entries()]
    assert kinds == ["person added", "role given", "key made", "key revoked", "person disabled"]


def days(count):
    import datetime as dt  # noqa: PLC0415 - keys hold from the clock of the command

    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=count)).date().isoformat()


@pytest.mark.parametrize(
    ("arguments", "sent", "said"),
    [
        (("add", "Desk", "--password-stdin"), "short\n", "12 to 1000"),
        (("add", "Desk", "--role", "king", "--password-stdin"), PASSWORD, "no role is called 'king'"),
        (("add", "Desk"), "", "--password-stdin"),
        (("role", "Nobody", "officer"), "", "nobody is called 'Nobody'"),
        (("revoke", "abc"), "", "no key abc"),
    ],
)
def test_a_mistake_names_its_fix(licet, arguments, sent, said):
    ran = licet(*arguments, sent=sent)
    assert (ran.returncode, said in ran.stderr) == (1, True), ran.stderr
