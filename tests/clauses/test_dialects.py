"""Conditions as each engine is given them: run on PostgreSQL, read by sqlglot for the others, against the oracle."""

import dataclasses
import datetime as dt
from decimal import Decimal

import duckdb
import msgspec
import psycopg
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from clauses.laws import QUANTITY, TPP, WORDS, by_oracle, laws, program
from licet.clauses import expression as e
from licet.clauses.dialects import DIALECTS, Width, dialect, width_of
from licet.clauses.evaluate import Interval, Table
from licet.clauses.sql import Columns, nested
from licet.clauses.vocabulary import Vocabulary
from licet.errors import BadValue
from orders.warehouse import read_back
from tools.strategies import facts

# As wide as the facts of the law are, so that a product fits the narrowest engine.
NARROW = Vocabulary(
    {
        name: msgspec.structs.replace(fact, most=Decimal(10) ** 12) if fact.type == "number" else fact
        for name, fact in WORDS.facts.items()
    },
    WORDS.places,
    WORDS.source,
)
FIXTURE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def text_of(law, rows, engine, *, named_sets):
    """A query of one row of truths for each row of facts, in an engine's dialect."""
    writes, names = DIALECTS[engine], law.facts()
    columns = Columns(law, names, writes, named_sets=named_sets)

    def cast(name, values):
        value = values.get(name)
        if engine == "bigquery" and isinstance(value, tuple):
            value = ",".join(value) or "none"
        return f"CAST({'NULL' if value is None else writes.literal(value)} AS {writes.column(NARROW[name])})"

    selects = [
        f"SELECT {', '.join([f'{n} AS line', *(f'{cast(name, v)} AS {writes.quoted(name)}' for name in names)])}"
        for n, v in enumerate(rows)
    ]
    layers = columns.layers()
    shown = ", ".join(columns.clause(name) for name in law.conditions)
    given_rows = f"given AS ({' UNION ALL '.join(selects)})"
    return f"WITH {given_rows}, {nested(layers, 'given')} SELECT {shown} FROM l{len(layers) - 1} ORDER BY line"  # noqa: S608 - made above


@FIXTURE
@given(laws, st.lists(facts, min_size=1, max_size=4), st.booleans())
def test_postgres_gives_the_truths_of_the_oracle(postgres, law, rows, named_sets):
    law = dataclasses.replace(law, vocabulary=NARROW)
    with psycopg.connect(postgres.url()) as base:
        found = base.execute(text_of(law, rows, "postgres", named_sets=named_sets).encode()).fetchall()
    assert found == [by_oracle(law, values) for values in rows]


@pytest.mark.parametrize("engine", ["duckdb", "spark", "bigquery", "snowflake"])
@settings(max_examples=12)
@given(law=laws, rows=st.lists(facts, min_size=1, max_size=3))
def test_what_other_engines_are_given_means_what_the_oracle_says(engine, law, rows):
    law = dataclasses.replace(law, vocabulary=NARROW)
    text = text_of(law, rows, engine, named_sets=True)
    found = duckdb.sql(read_back(text, engine)).fetchall()
    assert found == [by_oracle(law, values) for values in rows]


HOSTILE = st.text(st.sampled_from("a'\\\"`%_;-\n中"), max_size=12)


@pytest.mark.parametrize("engine", DIALECTS)
@given(text=HOSTILE)
def test_a_text_constant_is_read_as_the_text(engine, text):
    read = sqlglot.parse_one(f"SELECT {DIALECTS[engine].string(text)}", read=engine).expressions[0]
    assert isinstance(read, exp.Literal)
    assert read.this == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE)
def test_postgres_reads_a_text_constant_as_the_text(postgres_base, text):
    assert postgres_base.execute(f"SELECT {DIALECTS['postgres'].string(text)}".encode()).fetchone() == (text,)


@pytest.mark.parametrize("engine", DIALECTS)
def test_names_are_quoted_and_folded_as_a_plain_name_is(engine):
    wanted = {"snowflake": '"DATE"', "spark": "`date`", "bigquery": "`date`"}.get(engine, '"date"')
    assert DIALECTS[engine].quoted("date") == wanted
    read = sqlglot.parse_one(f"SELECT {DIALECTS[engine].quoted('order')}", read=engine).expressions[0]
    assert read.name.lower() == "order"


def test_a_product_that_an_engine_would_round_is_an_error_that_names_it():
    # Spark gives a product one digit more, and past 38 it drops decimals; PostgreSQL's numbers have no such end.
    law = program({"big": e.Compare(">=", e.Arithmetic("*", TPP, QUANTITY), e.Constant(Decimal(1), "number"))})
    for engine in ("postgres", "duckdb", "snowflake", "bigquery"):
        assert Columns(law, law.facts(), DIALECTS[engine]).layers()
    with pytest.raises(BadValue, match="digits and 3 decimals are more than spark keeps exact"):
        Columns(law, law.facts(), DIALECTS["spark"]).layers()


def test_a_comparison_that_spark_would_round_is_an_error_too():
    fine = e.Constant(Decimal("0.00000001"), "number")
    law = program({"big": e.Compare(">=", TPP, fine)})
    with pytest.raises(BadValue, match="31 digits and 8 decimals"):
        Columns(law, law.facts(), DIALECTS["spark"]).layers()


def test_snowflake_keeps_twelve_decimals_of_a_product_and_no_more():
    snowflake = DIALECTS["snowflake"]
    assert snowflake.product(Width(3, 6), Width(3, 6)) == Width(6, 12)
    with pytest.raises(BadValue, match="more than snowflake keeps exact"):
        snowflake.product(Width(3, 7), Width(3, 6))


def test_postgres_keeps_numbers_of_any_width():
    assert DIALECTS["postgres"].fits(Width(300, 300))
    assert not DIALECTS["duckdb"].fits(Width(1, 40))


def test_widths_of_constants():
    assert width_of(Decimal(26900000)) == Width(8, 0)
    assert width_of(Decimal("5.92")) == Width(1, 2)


def test_an_unknown_dialect_is_an_error_that_lists_them():
    with pytest.raises(BadValue, match="no dialect is called 'oracle'") as error:
        dialect("oracle")
    assert error.value.fix == "one of: duckdb, postgres, spark, bigquery, snowflake"


def test_a_number_in_bigquery_is_never_a_float():
    bigquery = DIALECTS["bigquery"]
    assert bigquery.plain(Decimal("5.92")) == "BIGNUMERIC '5.92'"
    assert bigquery.plain(Decimal(4800)) == "4800"
    assert bigquery.plain(Decimal(10) ** 26) == "BIGNUMERIC '100000000000000000000000000'"


def test_a_table_that_holds_always_and_one_that_never_does():
    always = Table((Interval(None, None, Decimal("2.5")),))
    when = e.Compare("<", TPP, e.Lookup("cap", e.FactTerm("date", "date")))
    never = e.Compare("<", TPP, e.Lookup("none", e.FactTerm("date", "date")))
    law = program({"capped": when, "never": never}, tables={"cap": always, "none": Table(())})
    text = text_of(
        law, [{"tpp": Decimal(2), "date": dt.date(2025, 1, 1)}, {"tpp": Decimal(2)}], "duckdb", named_sets=True
    )
    assert duckdb.sql(text).fetchall() == [(True, None), (None, None)]


@pytest.mark.parametrize("engine", ["duckdb", "spark", "bigquery", "snowflake"])
def test_a_list_that_is_not_known_leaves_what_is_false_false(engine):
    listed = e.Member(e.FactTerm("lists", "text"), ("A",))
    none = e.Compare("=", TPP, e.Constant(Decimal(0), "number"))
    law = dataclasses.replace(program({"both": e.And((listed, none))}), vocabulary=NARROW)
    rows = [{"tpp": Decimal(1)}, {"tpp": Decimal(0)}, *({"tpp": Decimal(0), "lists": (x,)} for x in "AB")]
    found = duckdb.sql(read_back(text_of(law, rows, engine, named_sets=False), engine)).fetchall()
    assert found == [(False,), (None,), (True,), (False,)]
