import json
import sqlite3

import pytest
from typer.testing import CliRunner

from licet import cli
from licet.errors import LicetError
from licet.ledger.home import ledger_file

CH = "national allocation/CH/2025 to 2027"


@pytest.fixture
def run(licet_home, monkeypatch):
    monkeypatch.setenv("LICET_LANG", "en")
    monkeypatch.delenv("LICET_LEDGER", raising=False)

    def _run(*arguments):
        result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, (SystemExit, LicetError)):
            raise result.exception
        return result

    return _run


@pytest.fixture
def swiss(run):
    period = ("--from", "2025-01-01", "--to", "2027-12-31")
    assert run("ledger", "open", CH, "--limit", "790,000,000", *period).exit_code == 0
    return run


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_from_opening_to_posting(swiss):
    order = ("ledger", "reserve", CH, "31664000.5", "--key", "order-17", "--on", "2025-06-02", "--json")
    first = told(swiss(*order))
    assert first["kind"] == "reserve"
    assert (first["account"], first["amount"], first["on"]) == (CH, 31664000.5, "2025-06-02")
    assert told(swiss(*order)) == first
    found = told(swiss("ledger", "balance", CH, "--json"))
    assert (found["limit"], found["reserved"], found["available"]) == (790000000, 31664000.5, 758335999.5)
    assert told(swiss("ledger", "post", "order-17", "--amount", "31664000", "--json"))["amount"] == 31664000
    assert told(swiss("ledger", "balance", "--json"))[0]["posted"] == 31664000
    lines = told(swiss("ledger", "statement", CH, "--json"))["lines"]
    assert [line["kind"] for line in lines] == ["open", "reserve", "post"]
    assert told(swiss("ledger", "verify", "--json")) == []


def test_more_than_there_is_ends_with_status_1_and_says_what_there_is(swiss):
    refused = swiss("ledger", "reserve", CH, "790000001", "--key", "k", "--on", "2025-06-02")
    assert refused.exit_code == 1
    assert "790,000,000 TPP left" in refused.exception.message
    assert refused.exception.fix


@pytest.mark.parametrize(
    "arguments",
    [
        ("reserve", CH, "1.0001", "--key", "k"),
        ("reserve", CH, "much", "--key", "k"),
        ("reserve", CH, "1", "--key", "k", "--on", "soon"),
        ("post", "nothing"),
        ("void", "nothing"),
        ("balance", "nowhere"),
        ("statement", CH, "--at", "yesterday"),
        ("open", "x", "--limit", "2025-02-01=5", "--from", "2025-01-01"),
    ],
)
def test_bad_input_ends_with_status_1_and_a_fix(swiss, arguments):
    refused = swiss("ledger", *arguments)
    assert refused.exit_code == 1
    assert refused.exception.fix


def test_a_wrong_use_ends_with_status_2(swiss):
    assert swiss("ledger", "reserve", CH, "1").exit_code == 2
    assert swiss("ledger", "burn").exit_code == 2


def test_what_expired_is_free(swiss):
    for key, expires in (("a", "2025-06-30"), ("b", "2025-07-31")):
        swiss("ledger", "reserve", CH, "5", "--key", key, "--on", "2025-06-02", "--expires", expires)
    assert [one["key"] for one in told(swiss("ledger", "expire", "--on", "2025-07-01", "--json"))] == ["a"]
    assert "0 expired" in swiss("ledger", "expire", "--on", "2025-07-01").stdout
    assert told(swiss("ledger", "void", "b", "--json"))["kind"] == "void"


def test_a_person_reads_it_in_both_languages(swiss):
    swiss("ledger", "reserve", CH, "31664000", "--key", "order-17", "--on", "2025-06-02")
    for command in (("balance",), ("balance", CH), ("statement", CH)):
        english, chinese = (swiss("ledger", *command, "--lang", language).stdout for language in ("en", "zh"))
        assert "31,664,000" in english
        assert "31,664,000" in chinese
        assert "available" in english
        assert "可用" in chinese
    assert "已预留" in swiss("ledger", "statement", CH, "--lang", "zh").stdout


def test_limits_by_day(run):
    steps = ("--limit", "2025-01-01=633", "--limit", "2025-04-01=949.5")
    run("ledger", "open", "nveu/A/IN", *steps, "--stock", "--from", "2025-01-01", "--to", "2025-06-30")
    for day, limit in (("2025-03-31", 633), ("2025-04-01", 949.5)):
        assert told(run("ledger", "balance", "nveu/A/IN", "--on", day, "--json"))["limit"] == limit
    assert run("ledger", "balance", "nveu/A/IN").exit_code == 1
    assert "nveu/A/IN" in run("ledger", "balance").stdout


def test_another_store(run, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/other.sqlite")
    assert run("ledger", "open", "x", "--limit", "5", *store).exit_code == 0
    assert (tmp_path / "other.sqlite").exists()
    assert [one["account"] for one in told(run("ledger", "balance", "--json", *store))] == ["x"]
    assert told(run("verify", "--json")) == []


def test_verify_reads_the_ledger_too(swiss, licet_home):
    assert told(swiss("verify", "--json")) == []
    database = sqlite3.connect(ledger_file(licet_home))
    database.execute("UPDATE ledger_ceilings SET posted = 7")
    database.commit()
    database.close()
    for command in (("verify", "--json"), ("ledger", "verify", "--json")):
        found = swiss(*command)
        assert found.exit_code == 1
        assert [one["message"] for one in json.loads(found.stdout)] == ["the guarded row is not the sum of the entries"]
    assert "guarded row" in swiss("ledger", "verify").stdout


def test_verify_misses_a_ledger_that_was_taken_away(swiss, licet_home):
    for path in ledger_file(licet_home).parent.iterdir():
        path.unlink()
    assert [one["where"] for one in json.loads(swiss("verify", "--json").stdout)] == ["ledger"]


def test_no_account_is_said(run):
    assert "no account" in run("ledger", "balance").stdout
    assert told(run("ledger", "balance", "--json")) == []
