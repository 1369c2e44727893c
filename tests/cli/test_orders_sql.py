"""``licet orders sql`` prints what runs."""

import datetime as dt

import duckdb
import pytest
import sqlglot
from typer.testing import CliRunner

from licet import cli
from licet.errors import BadInput, BadValue, UnknownName

JUNE = ("--on", "2025-06-02", "--basis", "written")


def run(*arguments):
    return CliRunner().invoke(cli.app, ["orders", "sql", *arguments], catch_exceptions=False)


def text(*arguments):
    found = run(*arguments)
    assert found.exit_code == 0
    return found.output


def test_a_table_its_rows_and_the_query_run_one_after_another():
    columns = "date,destination,headquarters,parent_headquarters,quantity,tpp,datacenter,applicable_die_area_mm2"
    options = ("--dialect", "duckdb", *JUNE, "--columns", columns, "--table", "book", "--keep", "order_no")
    with duckdb.connect() as base:
        base.execute(text(*options, "--ddl"))
        base.execute("INSERT INTO book VALUES ('a-1', '2025-06-02', 'CH', 'CH', 'CH', 2000, 15832, TRUE, 814)")
        base.execute("INSERT INTO book VALUES ('a-2', '2025-06-02', 'SW', 'CH', 'CH', 2000, 15832, TRUE, 814)")
        found = base.execute(text(*options))
        assert found.description[0][0] == "order_no"
        assert [row[:2] for row in found.fetchall()] == [("a-1", "license_required")]
        assert base.execute(text(*options, "--rejects")).fetchall() == [("a-2", ["destination"])]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--with", "microsoft-2025-02-27"), "Proposals laid over it: microsoft-2025-02-27."),
        (("--known", "2025-05-10"), "Only acts released through 2025-05-10 count."),
        (("--reading", "headquarters-rule=dropped"), "headquarters-rule=dropped"),
        (("--law", "us-tariff-232"), "The law: us-tariff-232"),
    ],
)
def test_proposals_readings_and_what_was_known_choose_the_law(options, told):
    with_it, without = text("--dialect", "spark", *JUNE, *options), text("--dialect", "spark", *JUNE)
    assert told in with_it
    assert told not in without


def test_the_catalog_is_sql_of_the_dialect():
    statements = sqlglot.parse(text("--dialect", "bigquery", *JUNE, "--catalog"), read="bigquery")
    assert [type(statement).__name__ for statement in statements if statement] == ["Create", "Insert"]


def test_the_periods_follow_one_another_and_each_query_says_its_own():
    periods = [line.split() for line in text("--dialect", "duckdb", "--law", "jp", "--periods").splitlines()]
    assert len(periods[-1]) == 1
    days = [dt.date.fromisoformat(first) for first, *_ in periods]
    assert [dt.date.fromisoformat(period[1]) for period in periods[:-1]] == [
        day - dt.timedelta(days=1) for day in days[1:]
    ]
    for first, *last in periods:
        told = f"It holds from {first} through {last[0]}." if last else f"It holds from {first}."
        assert told in text("--dialect", "duckdb", "--law", "jp", "--on", first)


def test_the_comments_are_in_the_language_asked_for():
    assert "本查询不构成法律意见" in text("--dialect", "snowflake", *JUNE, "--lang", "zh")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--dialect", "oracle"), BadValue),
        (("--dialect", "duckdb", "--columns", "tpp,nonsense"), UnknownName),
        (("--dialect", "duckdb", "--table", "a b"), UnknownName),
        (("--dialect", "duckdb", "--keep", "outcome"), BadValue),
        (("--dialect", "duckdb", "--ddl", "--rejects"), BadInput),
        (("--dialect", "duckdb", "--law", "us-itar"), UnknownName),
    ],
)
def test_what_cannot_be_written_is_one_clear_error(arguments, error):
    with pytest.raises(error) as found:
        run(*arguments, *JUNE)
    assert found.value.fix or getattr(found.value, "near", None)


def test_the_dialect_must_be_named():
    assert run().exit_code == 2
